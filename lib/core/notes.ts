import { holders, notedSince, type Situation } from './analyze.ts';
import type { Decision } from './decide.ts';
import type { Condition, Ledger } from './ledger.ts';
import { encodeKeys, encodeLedger, type LedgerKey, MAX_MEMBERS } from './ledger-codec.ts';
import type { MemberView, Observation } from './model.ts';
import { attachedDevices, currentLedger } from './transitions.ts';

/** Tags for some interfaces of a group: one CreateTags call. */
export interface TagWrite {
  readonly interfaceIds: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** What automation notes in the ledger although it moves nothing: only what changed since it looked last. */
export interface Note {
  readonly writes: readonly TagWrite[];
  /** One sentence for each thing worth announcing. */
  readonly news: readonly string[];
}

/**
 * The note a decision without a move leaves behind, or nothing when the ledger says it all already: that is what
 * keeps a long failure from being announced every minute.
 */
export function noteOf(decision: Decision, observation: Observation): Note | undefined {
  const { situation } = decision;
  const { ledgerReading, settings } = situation;
  const before = currentLedger(situation, observation.now);
  const { after, keys, news } = changes(before, decision, observation);
  if (ledgerReading.status === 'valid') {
    const writes = amendments(after, keys, observation, ledgerReading.missingOn, settings.statePrefix);
    return writes.length === 0 ? undefined : { writes, news };
  }
  // Without a ledger that can be read there is nothing to amend: a new one is begun when there is something to say.
  if (ledgerReading.status === 'damaged') {
    return firstLedger(situation, observation, after, 'The ledger could not be read and was begun anew.', [
      ...ledgerReading.faults,
      ...news,
    ]);
  }
  if (after.condition === undefined) return undefined;
  return firstLedger(situation, observation, after, after.condition.what, news);
}

/** The first ledger of a healthy group: from then on drift and new members are noticed. */
export function adoption(situation: Situation, observation: Observation): Note {
  const reason = `The group was seen for the first time on ${situation.holderId}.`;
  return firstLedger(situation, observation, currentLedger(situation, observation.now), reason, [reason]);
}

function firstLedger(
  { settings }: Situation,
  { interfaces, members }: Observation,
  base: Ledger,
  reason: string,
  news: readonly string[],
): Note {
  const ledger = { ...base, devices: attachedDevices(interfaces), members: memberIds(members), reason };
  const interfaceIds = interfaces.map((view) => view.id);
  return { writes: [{ interfaceIds, tags: encodeLedger(ledger, settings.statePrefix) }], news };
}

/** The changed keys for those that carry the ledger; all of it for those that lack it or have an older one. */
function amendments(
  after: Ledger,
  keys: readonly LedgerKey[],
  { interfaces }: Observation,
  missingOn: readonly string[],
  statePrefix: string,
): readonly TagWrite[] {
  const carriers = interfaces.map((view) => view.id).filter((id) => !missingOn.includes(id));
  const whole = encodeLedger(after, statePrefix);
  // Of two that disagree, the one that is not taken for the newest may be right already.
  const lacking = interfaces.filter(({ id, tags }) => {
    return missingOn.includes(id) && Object.entries(whole).some(([key, value]) => tags[key] !== value);
  });
  return [
    ...(keys.length > 0 ? [{ interfaceIds: carriers, tags: encodeKeys(after, keys, statePrefix) }] : []),
    ...(lacking.length > 0 ? [{ interfaceIds: lacking.map(({ id }) => id), tags: whole }] : []),
  ];
}

interface Changes {
  readonly after: Ledger;
  readonly keys: readonly LedgerKey[];
  readonly news: readonly string[];
}

function changes(before: Ledger, decision: Decision, observation: Observation): Changes {
  const parts = [
    conditionChange(before, decision, observation.now),
    holderChange(before, decision, observation),
    memberChange(before, observation),
  ].flatMap((part) => part ?? []);
  const after = parts.reduce<Ledger>((ledger, part) => part.apply(ledger), before);
  return { after, keys: parts.flatMap((part) => part.keys), news: parts.flatMap((part) => part.news) };
}

interface Part {
  readonly keys: readonly LedgerKey[];
  readonly news: readonly string[];
  readonly apply: (ledger: Ledger) => Ledger;
}

function conditionChange(before: Ledger, decision: Decision, now: number): Part | undefined {
  // Another run is at it: whatever stands in the way now is gone in a moment.
  if (decision.code === 'operation-in-progress') return undefined;
  const what = decision.decision === 'blocked' ? `${decision.analysis}/${decision.code}` : undefined;
  if (what === before.condition?.what) return undefined;
  const since = notedSince(before, decision.analysis) ?? now;
  const condition: Condition | undefined = what === undefined ? undefined : { what, since };
  const apply = ({ condition: _, ...ledger }: Ledger): Ledger => ({ ...ledger, ...(condition && { condition }) });
  return { keys: ['condition'], news: [decision.reason], apply };
}

/** The group is held, whole and at rest, but the ledger says otherwise. */
function holderChange(before: Ledger, decision: Decision, { interfaces }: Observation): Part | undefined {
  const { holderId, intent } = decision.situation;
  const whole = interfaces.every((view) => view.attachment?.status === 'attached') && holders(interfaces).length === 1;
  if (!whole || intent || holderId === undefined) return undefined;
  const told = before.holder === holderId && before.phase === 'steady';
  if (told) return undefined;
  const byHand = before.holder !== undefined && before.holder !== holderId;
  const news = byHand ? [`The group was moved by hand from ${before.holder} to ${holderId}.`] : [];
  return { keys: ['holder', 'phase'], news, apply: (ledger) => ({ ...ledger, holder: holderId, phase: 'steady' }) };
}

function memberChange(before: Ledger, { members }: Observation): Part | undefined {
  const now = memberIds(members);
  if (now.join() === before.members.join()) return undefined;
  const joined = now.filter((id) => !before.members.includes(id));
  const news = joined.map((id) => `${id} is a new member of the group and may receive its interfaces.`);
  return { keys: ['members'], news, apply: (ledger) => ({ ...ledger, members: now }) };
}

/** The members worth remembering, in a stable order. */
export function memberIds(members: readonly MemberView[]): readonly string[] {
  const present = members.filter(({ state }) => state !== 'terminated' && state !== 'shutting-down');
  return present
    .map((member) => member.id)
    .sort()
    .slice(0, MAX_MEMBERS);
}
