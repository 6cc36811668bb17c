import { CONFIRMED_AFTER_MS } from './confirmed.ts';
import type { Facts } from './facts.ts';
import type { Ledger, StrayNote } from './ledger.ts';
import { shortId, shortOf } from './ledger-entries.ts';
import { type LedgerKey, MAX_INTERFACES } from './ledger-fields.ts';
import type { InterfaceView } from './model.ts';
import type { Stray } from './strays.ts';
import { isPrimary } from './tags.ts';
import { attachedResources, listing } from './transitions.ts';

/** One thing that changed: the keys that say so, what is announced about it, and the ledger with it. */
export interface Part {
  readonly keys: readonly LedgerKey[];
  readonly news: readonly string[];
  readonly apply: (ledger: Ledger) => Ledger;
  /** Interfaces that belong to the group from now on: each is given all of the ledger. */
  readonly joined?: readonly InterfaceView[];
  /** Instances that are members from now on, each of which is in the news. */
  readonly members?: readonly string[];
  /** Whether a failover would succeed has changed. */
  readonly turned?: true;
}

/**
 * What a sweep makes of them: each is told once, and one that two sweeps have seen attached to the holder with the
 * others belongs to the group from then on. An interface of the group that the ledger does not name is entered.
 */
export function strayChanges({ observation, intent, strays }: Facts, before: Ledger): readonly Part[] {
  const { interfaces, now } = observation;
  const known = before.strays ?? [];
  const noteOf = ({ view, code }: Stray): StrayNote | undefined =>
    known.find((note) => note.short === shortId(view.id) && note.code === code);
  const due = strays.filter((stray) => {
    const at = noteOf(stray)?.at ?? now;
    return (
      stray.code === 'joining' &&
      !intent &&
      stray.view.attachment?.status === 'attached' &&
      now - at >= CONFIRMED_AFTER_MS
    );
  });
  const left = strays.filter((stray) => !due.includes(stray));
  const notes = left.map((stray) => noteOf(stray) ?? { short: shortId(stray.view.id), at: now, code: stray.code });
  const isNew = left.filter((stray) => !noteOf(stray));
  const changed = notes.length !== known.length || isNew.length > 0;
  // A list that leaves some out would decide which of them are too many.
  const isUnlisted = interfaces.length <= MAX_INTERFACES && !namesAll(before, interfaces);
  return [
    ...(changed
      ? [{ keys: ['notes'], news: isNew.map(({ sentence }) => sentence), apply: withStrays(notes) } as const]
      : []),
    ...(due.length > 0 || (!intent && isUnlisted) ? [entered(interfaces, due)] : []),
  ];
}

function entered(interfaces: readonly InterfaceView[], due: readonly Stray[]): Part {
  const joined = due.map(({ view }) => view);
  return {
    keys: ['devices'],
    news: joined.map(({ id }) => `${id} belongs to the group from now on.`),
    apply: (ledger) => {
      const fresh = attachedResources(joined).filter(({ id }) => !ledger.resources.some((place) => place.id === id));
      return listing({ ...ledger, resources: [...ledger.resources, ...fresh] }, [...interfaces, ...joined]);
    },
    joined,
  };
}

function withStrays(strays: readonly StrayNote[]) {
  return ({ strays: _, ...ledger }: Ledger): Ledger => ({ ...ledger, ...(strays.length > 0 && { strays }) });
}

function namesAll({ resources, others = [] }: Ledger, interfaces: readonly InterfaceView[]): boolean {
  const named = new Set([...resources.map(({ id }) => shortId(id)), ...others.map(shortOf)]);
  return interfaces.every(({ id, attachment }) => named.has(shortId(id)) || (attachment && isPrimary(attachment)));
}
