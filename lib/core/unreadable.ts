import { listOn } from './adoption.ts';
import { shortId } from './ledger-entries.ts';
import type { InterfaceView, Unreadable } from './model.ts';

type InterfaceSet = readonly InterfaceView[];

/**
 * Interfaces that cannot be understood, with the set that they belong to by their tags, which can be read
 * (docs/decisions/012-adopted-interfaces.md): each has the ledger of its own set written to it, and no other. A newcomer
 * must not speak for a group, or stop it, for as long as a reply is odd.
 * @returns one entry for each set, and those that belong to none, which are looked at on their own.
 */
export function unreadableBySet(
  sets: readonly InterfaceSet[],
  odd: readonly Unreadable[],
  statePrefix: string,
): { readonly of: readonly (readonly Unreadable[])[]; readonly apart: readonly Unreadable[] } {
  const of = sets.map((set) => odd.filter((found) => belongs(found, set, statePrefix)));
  return { of, apart: odd.filter((found) => !of.flat().includes(found)) };
}

function belongs({ id, tags }: Unreadable, set: InterfaceSet, statePrefix: string): boolean {
  const own = listOn({ tags }, statePrefix);
  const isNamedBy = (view: InterfaceView): boolean => listOn(view, statePrefix)?.includes(shortId(id)) === true;
  const isUnlisted = (view: InterfaceView): boolean => listOn(view, statePrefix) === undefined;
  if (set.length === 0) return true;
  if (own === undefined) return set.every(isUnlisted) || set.some(isNamedBy);
  return set.some((view) => own.includes(shortId(view.id)) && (isUnlisted(view) || isNamedBy(view)));
}
