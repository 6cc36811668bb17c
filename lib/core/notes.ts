import { type Carrier, carrierIds, carriersOf, hasRoom, writableOf } from './carriers.ts';
import { conditionChange, type Decided } from './condition-notes.ts';
import { dueHolder, type Facts, plannedForHolder } from './facts.ts';
import { fitChange } from './fit.ts';
import { ignoredKeys } from './warnings.ts';
import type { Condition, Ledger, Notice } from './ledger.ts';
import { encodeKeys, encodeLedger } from './ledger-codec.ts';
import { type LedgerKey, MAX_INTERFACES } from './ledger-fields.ts';
import type { Trigger } from './model.ts';
import { isCurrent, noticesIn } from './readers.ts';
import { probeChanges } from './probe-notes.ts';
import type { Readiness } from './readiness.ts';
import { readinessChange } from './readiness-notes.ts';
import { wholeOn } from './situation.ts';
import { type Part, strayChanges } from './stray-notes.ts';
import { attachedResources, currentLedger, listing, memberIds } from './transitions.ts';

/** Tags for some interfaces of a group: one CreateTags call. */
export interface TagWrite {
  readonly interfaceIds: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** What goes into the ledger although nothing moves, and what is worth announcing about it, a sentence each. */
export interface LedgerWrite {
  readonly writes: readonly TagWrite[];
  readonly news: readonly string[];
  /** The members and interfaces that join with it. */
  readonly joined?: readonly string[];
  /** Whether the group could fail over is among what has changed. */
  readonly turned?: true;
  /** What stands in the way, as the ledger would say it afterwards. */
  readonly condition?: Condition;
  /** The notices of members that EC2 takes back, where there is a new one. */
  readonly notices?: readonly Notice[];
}

/**
 * The note a decision without a move leaves behind, or nothing when the ledger says it all already: that is what
 * keeps a long failure from being announced every minute. People's questions leave no trace, and an event that
 * concerns another instance leaves only the notice it may have brought.
 * @param readiness what a sweep has found of a group that is at rest.
 */
export function noteOf(
  trigger: Trigger,
  facts: Facts,
  decided: Decided,
  readiness?: Readiness,
): LedgerWrite | undefined {
  if (trigger.kind === 'request' || trigger.kind === 'if-holder-failed') return undefined;
  const { ledgerReading } = facts;
  // A sweep adopts most groups at first sight; this one needed a full look to be known as healthy (a muted alarm, say).
  const isNew = ledgerReading.status === 'absent' && decided.code === 'holder-healthy';
  // What may yet join the others of its name must not be given a ledger of its own for nothing.
  if (isNew && trigger.kind === 'sweep') return facts.observation.apart ? undefined : adoption(facts);
  const before = currentLedger(facts);
  const turned = readiness && readinessChange(before, readiness, facts);
  const parts = [...partsOf(trigger, facts, decided, before), ...(turned ? [turned] : [])];
  if (decided.code === 'not-the-holder' && parts.length === 0) return undefined;
  const after = parts.reduce<Ledger>((ledger, part) => part.apply(ledger), before);
  const note = written(facts, decided, parts, after);
  return note && after.notices !== before.notices ? { ...note, notices: after.notices } : note;
}

function written(facts: Facts, decided: Decided, parts: readonly Part[], after: Ledger): LedgerWrite | undefined {
  const { ledgerReading } = facts;
  const keys = [...new Set(parts.flatMap((part) => part.keys))];
  const news = parts.flatMap((part) => part.news);
  if (ledgerReading.status === 'valid') {
    const joined = parts.flatMap((part) => part.joined ?? []);
    const writes = amendments(after, keys, facts, ledgerReading.missingOn, joined);
    const changing = writes.filter((each) => changesAnything(each, facts));
    // What has no room beside what is there already is told all the same.
    const isLost = writes.length > 0 && changing.length === 0 && news.length > 0;
    const ids = [...parts.flatMap((part) => part.members ?? []), ...joined.map(({ id }) => id)];
    const turned = parts.some((part) => part.turned) && ({ turned: true } as const);
    const said = { news, ...(ids.length > 0 && { joined: ids }), ...turned };
    return changing.length > 0 || isLost ? { writes: changing, ...said, ...conditionOf(after) } : undefined;
  }
  // Without a ledger that can be read there is nothing to amend: a new one is begun when there is something to say.
  if (ledgerReading.status === 'damaged') {
    const told = [...ledgerReading.faults, ...news];
    return firstLedger(facts, after, 'The ledger could not be read and was begun anew.', told);
  }
  if (after.condition) return firstLedger(facts, after, decided.reason, news);
  return keys.includes('notes')
    ? firstLedger(facts, after, after.unready ? (news[0] ?? '-') : 'A member is under notice.', news)
    : undefined;
}

/** Whether a write would leave anything other than it is: a note that is cut to what fits may be there already. */
function changesAnything({ interfaceIds, tags }: TagWrite, { observation }: Facts): boolean {
  const carriers = carriersOf(observation).filter(({ id }) => interfaceIds.includes(id));
  const hasAll = (carrier: Carrier): boolean =>
    Object.entries(tags).every(([key, value]) => carrier.tags[key] === value);
  return carriers.length < interfaceIds.length || interfaceIds.length === 0 || !carriers.every(hasAll);
}

/** The first ledger of a healthy group: from then on drift and new members are noticed. */
export function adoption(facts: Facts): LedgerWrite {
  const reason = `The group was seen for the first time on ${facts.holderId}.`;
  return firstLedger(facts, currentLedger(facts), reason, [reason]);
}

function firstLedger(
  { settings, observation, ledgerReading }: Facts,
  base: Ledger,
  reason: string,
  news: readonly string[],
): LedgerWrite {
  const places = attachedResources(observation.interfaces);
  // A list that leaves some out would decide which of them are too many.
  const ledger =
    observation.interfaces.length > MAX_INTERFACES
      ? { ...base, resources: [], others: [], reason }
      : listing({ ...base, resources: places, reason }, observation.interfaces);
  const tags = encodeLedger(ledger, settings.statePrefix);
  const told = [...news, ...ignoredKeys(ledgerReading)];
  const interfaceIds = carrierIds(observation, settings.statePrefix);
  return { writes: [{ interfaceIds, tags }], news: told, ...conditionOf(ledger) };
}

const conditionOf = ({ condition }: Ledger): Pick<LedgerWrite, 'condition'> => (condition ? { condition } : {});

/** The changed keys for those that carry the ledger; all of it for those that lack it, have an older one or join. */
function amendments(
  after: Ledger,
  keys: readonly LedgerKey[],
  { observation, settings: { statePrefix } }: Facts,
  missingOn: readonly string[],
  joined: readonly Carrier[],
): LedgerWrite['writes'] {
  const all = writableOf(observation, statePrefix);
  const carriers = all.map(({ id }) => id).filter((id) => !missingOn.includes(id));
  const whole = encodeLedger(after, statePrefix);
  // Of two that disagree, the one that is not taken for the newest may be right already.
  const lacking = all.filter(({ id, tags }) => {
    return missingOn.includes(id) && Object.entries(whole).some(([key, value]) => tags[key] !== value);
  });
  const changed = encodeKeys(after, keys, statePrefix);
  const given = [...lacking, ...joined.filter((each) => hasRoom(each, statePrefix))];
  return [
    ...(keys.length > 0 ? [{ interfaceIds: carriers, tags: changed }] : []),
    ...(given.length > 0 ? [{ interfaceIds: given.map(({ id }) => id), tags: whole }] : []),
  ];
}

function partsOf(trigger: Trigger, facts: Facts, decided: Decided, before: Ledger): readonly Part[] {
  const notice = noticeChange(trigger, facts, before);
  // Of a group that cannot be understood nothing is noted but that: what was read of the others is half the truth.
  if (decided.analysis === 'group-unreadable')
    return [conditionChange(trigger, before, decided, facts), notice].flatMap((part) => part ?? []);
  const parts =
    decided.code === 'not-the-holder'
      ? [notice]
      : [
          conditionChange(trigger, before, decided, facts),
          holderChange(before, facts),
          memberChange(before, facts),
          dueChange(before, facts),
          trigger.kind === 'sweep' ? fitChange(before, facts) : undefined,
          unvouchedChange(facts),
          notice,
          ...probeChanges(trigger, facts, before, decided.reason),
        ];
  const swept = trigger.kind === 'sweep' && facts.ledger ? strayChanges(facts, before) : [];
  return [...parts, ...swept].flatMap((part) => part ?? []);
}

/** The group is held, whole and at peace, but the ledger says otherwise. */
function holderChange(before: Ledger, facts: Facts): Part | undefined {
  const { holderId, intent, observation } = facts;
  const settled = observation.interfaces.every((view) => view.attachment?.status === 'attached');
  if (!settled || wholeOn(observation.interfaces) === undefined || intent || holderId === undefined) return undefined;
  if (before.holder === holderId && before.phase === 'steady') return undefined;
  const byHand = before.holder !== undefined && before.holder !== holderId;
  const news = byHand ? [`The group was moved by hand from ${before.holder} to ${holderId}.`] : [];
  return { keys: ['state'], news, apply: (ledger) => ({ ...ledger, holder: holderId, phase: 'steady' }) };
}

function memberChange(before: Ledger, { observation }: Facts): Part | undefined {
  const now = memberIds(observation.members);
  if (now.join() === before.members.join()) return undefined;
  const joined = now.filter((id) => !before.members.includes(id));
  const news = joined.map((id) => `${id} is a new member of the group and may receive its interfaces.`);
  return { keys: ['members'], news, members: joined, apply: (ledger) => ({ ...ledger, members: now }) };
}

/** What EC2 has planned for the holder is told once, and again for the next holder. */
function dueChange(before: Ledger, facts: Facts): Part | undefined {
  const due = dueHolder(facts);
  if (facts.ledgerReading.status !== 'valid' || due === before.due) return undefined;
  const apply = ({ due: _, ...ledger }: Ledger): Ledger => ({ ...ledger, ...(due !== undefined && { due }) });
  return { keys: ['notes'], news: plannedForHolder(facts), apply };
}

/** An operation that nobody vouches for is dropped, before it is copied to those that do not carry it. */
function unvouchedChange({ unvouched }: Facts): Part | undefined {
  if (!unvouched) return undefined;
  const why = 'it would take an interface from a holder that is well, and is not recorded on that interface';
  const apply = ({ operation: _, ...ledger }: Ledger): Ledger => ({ ...ledger, phase: 'steady' });
  return { keys: ['state', 'operation'], news: [`The ${unvouched.action} ${unvouched.id} is dropped: ${why}.`], apply };
}

/** EC2's notice about a member counts for three minutes, so every run until then has to know of it. */
function noticeChange(trigger: Trigger, { observation }: Facts, before: Ledger): Part | undefined {
  const { now, members, unreadable } = observation;
  const dated = 'happenedAt' in trigger;
  const brought = noticesIn(trigger, now).filter(
    (notice) =>
      isCurrent(notice, now) &&
      [...members, ...unreadable].some(({ id }) => id === notice.instanceId) &&
      // One that does not say when it was given is the one that is known already.
      !before.notices.some(
        (known) => known.instanceId === notice.instanceId && (dated ? known.at === notice.at : isCurrent(known, now)),
      ),
  );
  if (brought.length === 0) return undefined;
  const news = brought.map(({ instanceId }) => `EC2 takes ${instanceId} back within two minutes.`);
  const isNew = ({ instanceId }: Notice): boolean => !brought.some((notice) => notice.instanceId === instanceId);
  const kept = before.notices.filter((known) => isCurrent(known, now) && isNew(known));
  return { keys: ['notes'], news, apply: (ledger) => ({ ...ledger, notices: [...kept, ...brought] }) };
}
