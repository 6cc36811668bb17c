import type { DecisionCode } from './codes.ts';
import { carriersOf } from './carriers.ts';
import type { Facts } from './facts.ts';
import type { Ledger } from './ledger.ts';
import { readNotices } from './ledger-codec.ts';
import {
  type MissingRead,
  type Observation,
  speaksOfNobody,
  subjectsOf,
  type Trigger,
  type VerdictTrigger,
} from './model.ts';
import type { Plan } from './plan.ts';
import { isTimely } from './probe.ts';
import { CLOCKS_DIFFER_MS, isCurrent, noticesIn } from './readers.ts';
import { portable } from './tag-text.ts';
import { isPrimary } from './tags.ts';

/** What follows once a decision was made or carried out: when to look again, how a move counts, what is repaired. */

/**
 * How far a read may lag behind what was done (EC2 API Reference, "Eventual consistency"). Within this time after a
 * change, a picture from before it proves nothing.
 */
export const STALENESS_MS = 5_000;
/** An event's time has no fraction of a second. */
const EVENT_TIME_STEP_MS = 1_000;
/** The first pause; each next one is as long as all before it. */
const FIRST_PAUSE_MS = 1_000;
/** What is decided when the holder looks as if the event had not happened: its alarm, say, is not in ALARM yet. */
const NOT_SEEN: readonly DecisionCode[] = ['holder-healthy', 'holder-unknown', 'ledger-drift', 'impaired-recently'];

/**
 * An event can be quicker than the reads: a holder that looks well a second after it stopped may well have stopped.
 * As long as the reads may lag behind the event, the group is looked at again, instead of leaving it to the sweep a
 * minute later. An old event, or one that was delivered twice, costs nothing.
 * @returns the pause before the next look, in milliseconds; undefined when there is nothing to wait for.
 */
export function secondLookMs(trigger: Trigger, facts: Facts, code: DecisionCode): number | undefined {
  const { observation } = facts;
  if (trigger.kind === 'verdict') return code === 'probe-unconfirmed' ? nextConfirmationMs(trigger, facts) : undefined;
  if (!('happenedAt' in trigger) || !isBehind(trigger, facts, code)) return undefined;
  const aheadMs = (trigger.happenedAt ?? Number.NEGATIVE_INFINITY) - observation.now;
  // Clocks differ a little; a time that lies further ahead is damage, and tells nothing.
  if (aheadMs > CLOCKS_DIFFER_MS) return undefined;
  const ageMs = Math.max(0, -aheadMs);
  const leftMs = EVENT_TIME_STEP_MS + STALENESS_MS - ageMs;
  const pauseMs = Math.min(leftMs, Math.max(FIRST_PAUSE_MS, ageMs));
  return pauseMs <= 0 ? undefined : pauseMs;
}

/** Between two attempts to confirm a verdict. */
const CONFIRM_AGAIN_MS = 2_000;
/** So long a look may take with the reads that go before it: what it sees must still count afterwards. */
const LOOK_TAKES_MS = 3_500;

/** A verdict that could not be confirmed is looked at again, for as long as it is no history: it is not sent twice. */
function nextConfirmationMs({ verdict }: VerdictTrigger, { observation: { now } }: Facts): number | undefined {
  return isTimely(verdict, now + CONFIRM_AGAIN_MS + LOOK_TAKES_MS) ? CONFIRM_AGAIN_MS : undefined;
}

/** Whether what was seen looks as if the event had not happened. */
function isBehind(trigger: Trigger, { observation, holderId, situation }: Facts, code: DecisionCode): boolean {
  const subjects = subjectsOf(trigger) ?? [];
  if (trigger.kind === 'instance-running') {
    const waits = situation.kind === 'loose' || situation.kind === 'interrupted';
    return waits && observation.members.some(({ id, state }) => subjects.includes(id) && state !== 'running');
  }
  return !speaksOfNobody(trigger) && subjects.includes(holderId ?? '') && NOT_SEEN.includes(code);
}

/** What is decided where what could not be read might have decided otherwise. */
const UNREAD: readonly DecisionCode[] = ['holder-unknown', 'candidates-unknown'];

/**
 * The read that an event still waits for: it was throttled, say, and what it would have told may be what the event is
 * about. Nobody waits for what is denied, and the next sweep is the sweep's own second attempt.
 */
export function awaitedRead(trigger: Trigger, { observation }: Facts, code: DecisionCode): MissingRead | undefined {
  const isEvent = subjectsOf(trigger) !== undefined && trigger.kind !== 'instance-running';
  return isEvent && UNREAD.includes(code) ? observation.missing?.find(({ mayPass }) => mayPass) : undefined;
}

/**
 * Whether an event brings a notice that the ledger did not hold when the group was looked at. Two runs that note two
 * notices at the same moment write the same tag, and the later one wins: so each looks again whether its own is there.
 */
export function bringsNotice(trigger: Trigger, observation: Observation, statePrefix: string): boolean {
  const { now } = observation;
  const known = readNotices(carriersOf(observation), statePrefix).filter((notice) => isCurrent(notice, now));
  return noticesIn(trigger, now).some(
    (notice) => isCurrent(notice, now) && !known.some(({ instanceId }) => instanceId === notice.instanceId),
  );
}

/** What these codes finish is an earlier move that stood in the way; the trigger itself has not been answered yet. */
const EARLIER: readonly string[] = ['complete', 'roll-back', 'close'] satisfies readonly DecisionCode[];

export const closesAnEarlierMove = (code: string): boolean => EARLIER.includes(code);

/** How an operation ended, and why. */
export interface Ending {
  readonly result: 'done' | 'failed' | 'interrupted' | 'detaching' | 'superseded';
  readonly reason: string;
  /** Where the group ended, when not where it was first meant to. */
  readonly to?: string;
}

/** A plan that was carried out to the end: what went back to where it was is a move that failed. */
export function endOf({ kind, to }: Plan, reason: string): Ending {
  return { result: kind === 'roll-back' ? 'failed' : 'done', reason, to };
}

/** In the middle of a run's own operation nothing is left to do: another run finished it, or nobody can. */
export function endWithoutPlan(
  facts: Facts,
  reason: string,
  { id, from }: { readonly id: string; readonly from: string | undefined },
): Ending {
  const { holderId, intent, situation } = facts;
  if (intent && intent.id !== id && !intent.automatic)
    return { result: 'superseded', reason: `A person has replaced this operation by ${intent.id} to ${intent.to}.` };
  const elsewhere = holderId !== undefined && holderId !== from && situation.kind !== 'split';
  if (!intent && elsewhere)
    return { result: 'done', reason: `Another run brought the group to ${holderId}.`, to: holderId };
  return { result: 'failed', reason };
}

/** The phase in which a run that ends like this leaves the ledger; undefined when the ledger is right as it stands. */
export function phaseAfter({ result }: Ending, hasPlan: boolean): 'moving' | 'failed' | undefined {
  if (result === 'interrupted' || result === 'detaching') return 'moving';
  return result === 'failed' && !hasPlan ? 'failed' : undefined;
}

/** Whether the ledger a run wrote is still its own to amend: not once another operation has been recorded since. */
export function isStillOurs(written: Ledger, seen: Ledger | undefined): boolean {
  if (written.phase === 'steady' || !written.operation) return false;
  return !seen || seen.changedAt <= written.changedAt || seen.operation?.id === written.operation.id;
}

/** A run that ends as the last one did has no news; everything else a move does is worth telling. */
export function isNews({ result, reason }: Ending, { ledger }: Facts): boolean {
  if (result === 'done' || result === 'superseded') return true;
  const same = ledger !== undefined && anonymous(portable(ledger.reason)) === anonymous(portable(reason));
  return !same && !(result === 'failed' && ledger?.phase === 'failed');
}

/** A wait that goes on is written down once; every sweep comes to the same. */
export function isWrittenAlready({ result, reason }: Ending, { ledger }: Facts): boolean {
  return result === 'detaching' && ledger?.phase === 'moving' && portable(ledger.reason) === portable(reason);
}

/** Each operation has an id of its own, which is not what is new about it. */
export const anonymous = (text: string): string => text.replace(/\bop-[a-z0-9-]+/g, 'op');

/** An attachment that would take the interface, and with it the address, along when its instance is terminated. */
export interface Repair {
  readonly interfaceId: string;
  readonly attachmentId: string;
}

/**
 * Where DeleteOnTermination has to be switched off (EC2 User Guide, "Delete a network interface"). Neither a primary
 * interface nor a stranger's is ours to change, and a group that cannot be understood is not touched.
 */
export function repairsOf({ interfaces, members, unreadable }: Observation): readonly Repair[] {
  if (unreadable.length > 0) return [];
  return interfaces.flatMap(({ id, attachment }) => {
    const ours = attachment && !isPrimary(attachment) && members.some((member) => member.id === attachment.instanceId);
    return ours && attachment.deleteOnTermination && attachment.status === 'attached'
      ? [{ interfaceId: id, attachmentId: attachment.id }]
      : [];
  });
}
