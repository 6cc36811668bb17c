import type { Answer, Asked } from './answer.ts';
import { cooldownOf } from './cooldown.ts';
import type { Facts } from './facts.ts';
import type { Intent } from './ledger.ts';
import type { Observation, PersonRequest, Trigger } from './model.ts';
import type { Plan } from './plan.ts';
import { keptBefore } from './refusals.ts';
import { holdersOf, isTakenFromOthers } from './situation.ts';
import { impairedOnly, isOffItsHolders, leftHolders } from './split.ts';
import type { Succession } from './succession.ts';

type Interfaces = Observation['interfaces'];

/** Clients resend slow invocations; within this window a second nameless `failover` is taken for such an echo. */
const REPEAT_WINDOW_MS = 5 * 60_000;

/**
 * What keeps a wanted move of a group from starting, if anything does. People are asked other questions than
 * automation; whatever holds automation up says who could have taken over.
 */
export function objection({ trigger, facts, succession }: Asked): Answer | undefined {
  if (trigger.kind === 'request') {
    if (facts.intent) return leftTheMove(trigger, facts.intent, facts.observation.interfaces);
    return objectionToRequest(trigger, facts, succession);
  }
  const answer = objectionToAutomation(trigger, facts, succession);
  if (!answer) return undefined;
  const nobody = succession.successor ? '' : ' Nobody could take over, either.';
  return { ...answer, reason: `${answer.reason}${nobody}`, rejected: succession.rejected };
}

function objectionToRequest(
  { action, from, to }: PersonRequest,
  { holderId, ledger, situation, observation }: Facts,
  { rejected }: Succession,
): Answer | undefined {
  if (situation.kind === 'split') return leftThePart(from, observation.interfaces);
  if (from !== undefined && from !== holderId) {
    const reason = `The holder is ${holderId ?? 'nobody'}, no longer ${from}; nothing is moved.`;
    return { code: 'already-moved', reason };
  }
  if (to !== undefined && to === holderId && situation.kind !== 'loose') {
    return { code: 'already-there', reason: `${to} holds the group already.` };
  }
  const age = observation.now - (ledger?.movedAt ?? Number.NEGATIVE_INFINITY);
  // A question moves nothing, however often it is sent; and what is loose is not moved, but put back.
  const isRepeated = action !== 'plan' && situation.kind !== 'loose' && age < REPEAT_WINDOW_MS;
  // One that is sent again after it has ended finds everything as it was, whoever it names.
  const isNamed = to !== undefined || (from !== undefined && action !== 'drill');
  if (isNamed || !isRepeated) return undefined;
  const instead = action === 'drill' ? 'wait until that is five minutes ago' : "name 'from' or 'to'";
  const reason = `The group moved ${Math.round(age / 1000)} seconds ago; to move it again now, ${instead}.`;
  return { code: 'repeated-request', reason, rejected };
}

/** The request replaces a move that was begun: what it is to leave is where that began, or where it has got to. */
function leftTheMove({ from }: PersonRequest, intent: Intent, interfaces: Interfaces): Answer | undefined {
  return from === intent.from ? undefined : leftThePart(from, interfaces);
}

function leftThePart(from: string | undefined, interfaces: Interfaces): Answer | undefined {
  if (from === undefined || holdersOf(interfaces).includes(from)) return undefined;
  return { code: 'already-moved', reason: `${from} holds no part of the group any more; nothing is moved.` };
}

/** Something that holds automation up. */
export interface Hold extends Pick<Answer, 'code' | 'reason'> {
  /** When it ends by itself, in milliseconds since the epoch; absent where it does not. */
  readonly until?: number;
}

type Holding = (asked: Asked) => Hold | undefined;

/** Pause, mode and cooldown stop new automatic moves only: people and half-done moves are never held up. */
const HOLDINGS: readonly Holding[] = [inManualMode, paused, vouchedFor, keptByTheHolder, coolingDown];

function objectionToAutomation(trigger: Trigger, facts: Facts, succession: Succession): Answer | undefined {
  const asked = { trigger, facts, succession };
  const hold = HOLDINGS.reduce<Hold | undefined>((found, ask) => found ?? ask(asked), undefined);
  return hold && { code: hold.code, reason: hold.reason };
}

/** All that holds automation up at this moment, and not only what is said of it first. */
export function holdsOf(asked: Asked): readonly Hold[] {
  const holds = HOLDINGS.flatMap((ask) => ask(asked) ?? []);
  const { successor } = asked.succession;
  return successor ? holds : [...holds, { code: 'no-candidate', reason: 'No member can take over.' }];
}

function inManualMode({ facts: { settings, summary } }: Asked): Hold | undefined {
  if (settings.mode !== 'manual') return undefined;
  return { code: 'mode-manual', reason: `The group is in manual mode: ${summary}` };
}

function paused({ facts: { pausedUntil, summary, observation, ledger } }: Asked): Hold | undefined {
  if (pausedUntil === undefined || pausedUntil <= observation.now) return undefined;
  const words = ledger?.pauseReason ? ` (${ledger.pauseReason})` : '';
  const reason = `Automation is paused until ${new Date(pausedUntil).toISOString()}${words}: ${summary}`;
  return { code: 'paused', reason, until: pausedUntil };
}

function vouchedFor({ trigger, facts }: Asked): Hold | undefined {
  const until = vouchedUntil(trigger, facts);
  if (until === undefined) return undefined;
  const when = new Date(until).toISOString();
  const reason = `${facts.summary} A person has vouched for it; automation leaves it there until ${when}.`;
  return { code: 'vouched-for', reason, until };
}

function keptByTheHolder({ trigger, facts }: Asked): Hold | undefined {
  const reason = facts.analysis === 'holder-gone' ? undefined : keptBefore(trigger, facts, leftHolders(facts));
  return reason === undefined ? undefined : { code: 'detach-refused', reason };
}

/**
 * What nobody holds, or serves, is attached at any time; what a failed member has of the group is taken off it within
 * bounds. A move that is under way was counted when it began, by a run that could not write down that it did: a detach
 * is finished, and attaches none of which ends are given up.
 */
function isUnbounded(facts: Facts, to: string): boolean {
  const { analysis, situation, untaggable, overdue } = facts;
  const { interfaces } = facts.observation;
  const attaches = analysis === 'interface-unattached' && !isTakenFromOthers(interfaces, to);
  const allHang = interfaces.every(({ attachment }) => attachment && overdue.has(attachment.id));
  const goesOn = untaggable && situation.kind === 'in-transit' && (situation.way === 'detaching' || allHang);
  const isOff = analysis === 'holder-stopped' || analysis === 'holder-gone' || isOffItsHolders(facts);
  return isOff || attaches || goesOn;
}

/**
 * Whether a move that was allowed while its intent was taken for recorded is too many without: that the tags are
 * refused may be found out only when it is written, before anything is detached.
 */
export function isHeldWithoutTags(facts: Facts, { kind, automatic, to }: Plan): boolean {
  if (kind !== 'new' || !automatic || facts.untaggable) return false;
  const unrecorded = { ...facts, untaggable: true };
  return !isUnbounded(unrecorded, to) && cooldownOf(unrecorded).until !== undefined;
}

/**
 * A person who moved the group here in spite of an alarm or a check is not to be contradicted by that very alarm. What
 * has failed since is another matter.
 */
function vouchedUntil(
  trigger: Trigger,
  { ledger, holderId, holderHealth, settings, observation }: Facts,
): number | undefined {
  const { operation, phase, movedAt } = ledger ?? {};
  const vouched = phase === 'steady' && operation?.ignoreHealth && !operation.automatic && operation.to === holderId;
  const overruled = holderHealth?.code === 'own-alarm' || holderHealth?.code === 'impaired';
  if (!vouched || !overruled || movedAt === undefined) return undefined;
  const happenedAt = 'happenedAt' in trigger ? trigger.happenedAt : undefined;
  if ((happenedAt ?? 0) > movedAt || (holderHealth.since ?? 0) > movedAt) return undefined;
  const until = movedAt + settings.cooldownSeconds * 1000;
  return until > observation.now ? until : undefined;
}

function coolingDown({ facts, succession: { successor } }: Asked): Hold | undefined {
  if (isUnbounded(facts, successor?.member.id ?? '')) return undefined;
  const { moves, until } = cooldownOf(facts);
  if (until === undefined) return undefined;
  const times = moves === 1 ? 'once' : `${moves} times`;
  const again = new Date(until).toISOString();
  const held = `Automation has moved the group ${times} lately and moves it again from ${again} on.`;
  const why = facts.untaggable
    ? ' Its tags are refused, so that one move in the cooldown is all that is counted on.'
    : '';
  const reason = `${facts.summary} ${held}${why}`;
  return { code: 'cooldown', reason, until };
}

/**
 * Impaired checks alone, with no alarm in ALARM and no notice, have to last, whoever made automation look: they fail for
 * a while at a reboot, too, and an event says nothing that the reads do not confirm.
 */
export function tooEarly({ trigger, facts, succession: { rejected } }: Asked): Answer | undefined {
  const { settings, summary, observation } = facts;
  const impaired = impairedOnly(facts);
  if (trigger.kind === 'request' || !impaired) return undefined;
  const dueAt = (impaired.since ?? observation.now) + settings.impairedAfterSeconds * 1000;
  if (observation.now >= dueAt) return undefined;
  const reason = `${summary} The sweep moves the group when that still holds at ${new Date(dueAt).toISOString()}.`;
  return { code: 'impaired-recently', reason, rejected };
}
