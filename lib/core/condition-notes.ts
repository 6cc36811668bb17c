import type { Analysis, DecisionCode, DecisionKind } from './codes.ts';
import type { Facts } from './facts.ts';
import { hesitation } from './hesitation.ts';
import { type Condition, type Ledger, notedSince } from './ledger.ts';
import type { Trigger } from './model.ts';
import { aboutOf, isAbout, isOfNow, isOfTheProbe } from './probe-held-up.ts';
import type { Part } from './stray-notes.ts';

/** What was decided, as far as a note depends on it. */
export interface Decided {
  readonly analysis: Analysis;
  readonly code: DecisionCode;
  readonly kind: DecisionKind;
  readonly reason: string;
}

/** What a look changes in what is noted to stand in the way. */
export function conditionChange(
  trigger: Trigger,
  before: Ledger,
  { code, kind, analysis, reason }: Decided,
  facts: Facts,
): Part | undefined {
  // Another run is at it: whatever stands in the way now is gone in a moment.
  if (code === 'operation-in-progress') return undefined;
  const hint = code === 'holder-unknown' ? (hesitation(facts) ?? deniedRead(facts, reason)) : undefined;
  const what = kind === 'blocked' || hint !== undefined ? `${analysis}/${code}` : undefined;
  if (what === undefined && !unsays(trigger, code, before, facts)) return undefined;
  const isOlder = knowsLess(analysis, code, before);
  const outdated = facts.ledgerReading.status === 'valid' && facts.ledgerReading.outdated;
  if (isOlder || (what === before.condition?.what && !isPast(before.condition, facts)))
    return outdated ? { keys: ['notes'], news: [], apply: (ledger) => ledger } : undefined;
  const about = aboutOf(trigger, analysis);
  const since = sinceWhen(about, analysis, before, facts);
  const condition = what === undefined ? undefined : { what, since, ...(about !== undefined && { about }) };
  const apply = ({ condition: _, ...ledger }: Ledger): Ledger => ({ ...ledger, ...(condition && { condition }) });
  return { keys: ['notes'], news: [hint ?? reason], apply };
}

/** What cannot be told now does not unsay what an earlier look of the same trouble has found out. */
function knowsLess(analysis: Analysis, code: DecisionCode, { condition }: Ledger): boolean {
  // An event cannot tell whether an interface is loose on purpose; sweeps have found out since.
  if (code === 'unattached-unconfirmed') return notedSince(condition, analysis) !== undefined;
  // Reads that fail now and then would tell by turns that nobody can take over, and that it is not known.
  return code === 'candidates-unknown' && condition?.what === `${analysis}/no-candidate`;
}

/** Where the tags cannot say since when, the process may. What was found out of another interface has its own time. */
function sinceWhen(about: string | undefined, analysis: Analysis, { condition }: Ledger, facts: Facts): number {
  const known = facts.memory.noted ?? condition;
  const isSame = known?.about === about && !isPast(known, facts);
  return (isSame ? notedSince(known, analysis) : undefined) ?? facts.observation.now;
}

/** Each other read is made for all groups, and told by the sweep; mutes are asked for where one group is in question. */
function deniedRead({ observation: { missing = [] } }: Facts, reason: string): string | undefined {
  const denied = missing.find(({ source, mayPass }) => source === 'mutes' && !mayPass);
  return denied && `${reason} (${denied.reason})`;
}

/**
 * Whether a look at which nothing stands in the way unsays what is noted. What the probe found out is not seen by a
 * sweep, for which EC2's checks are all there is; and a verdict knows nothing of what sweeps have found, nor of another
 * interface than its own.
 */
function unsays(trigger: Trigger, code: DecisionCode, { condition }: Ledger, facts: Facts): boolean {
  if (trigger.kind !== 'verdict')
    return isPast(condition, facts) || !(isOfTheProbe(condition) || isLeaving(condition, facts));
  if (!condition || !isOfTheProbe(condition) || !isAbout(condition, trigger.verdict.interfaceId)) return false;
  return code === 'probe-serving' || code === 'probe-answers';
}

/** Whether EC2 is about to take the holder back: only the event with its notice says so, and a sweep after it knows no better. */
function isLeaving(condition: Condition | undefined, { signals, holderId }: Facts): boolean {
  const isNoted = signals.some(({ source, instanceId }) => source === 'notice' && instanceId === holderId);
  return isNoted && notedSince(condition, 'holder-leaving') !== undefined;
}

/** Whether the probe has found it out of an attachment that there is not any more, or that it does not look at now. */
function isPast(condition: Condition | undefined, { probe, observation }: Facts): boolean {
  if (!condition || !isOfTheProbe(condition)) return false;
  return !isOfNow(
    condition,
    observation.interfaces.filter(({ id }) => probe.targets.has(id)),
  );
}
