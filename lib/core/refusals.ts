import type { RejectionCode } from './codes.ts';
import type { Facts } from './facts.ts';
import { ofThisLaunch, type RefusedAttach } from './ledger.ts';
import type { Refusal } from './memory.ts';
import { type MemberView, speaksOfNobody, type Trigger } from './model.ts';
import { sweepAfter } from './pace.ts';
import { runningHolders, serverOf } from './parts.ts';
import type { Plan } from './plan.ts';
import { healthOfHolder } from './signals.ts';
import { isTakenFromOthers } from './situation.ts';
import { wayBackClosed } from './way-back.ts';

/**
 * Members that could take the interfaces by all that can be seen, and did not when it was tried. Nothing is taken off
 * a holder for such a member, for as long as the cooldown counts; what nobody holds is tried for ever, less and less
 * often.
 */

/** The ledger's words for what became of an attach. */
const DENIED = 'denied';
const REFUSED = 'refused';
/** It was accepted, and did not end or came undone: nothing against the member where it would be better than the holder. */
export const HUNG = 'hung';

/** It is the holder, and did not let an interface go: the detach was denied, or EC2 refused it. */
export const KEPT = 'kept';

/** What the ledger remembers of it. */
export const refusalWord = ({ denied }: Refusal): string => (denied ? DENIED : REFUSED);

/** Whoever names a member so soon after it has refused does not know of it yet, and is told; asked again, it is tried. */
const UNHEARD_MS = 60_000;

interface Reason {
  readonly code: RejectionCode;
  readonly reason: string;
}

interface Tried {
  readonly asked?: 'for-a-move' | 'for-this-member';
  readonly asOldHolder?: boolean;
}

/** Why this member is not tried now, by what is known from before this run; undefined when nothing speaks against it. */
export function refusedBefore(member: MemberView, facts: Facts, { asked, asOldHolder }: Tried): Reason | undefined {
  const { past, memory, observation, settings } = facts;
  const entry =
    past.refused.find(({ instanceId, code }) => instanceId === member.id && code !== KEPT) ?? hungBefore(member, past);
  if (!isTakenFromOthers(observation.interfaces, member.id))
    return entry && !asked ? until(nextTryAt(facts), entry, observation.now) : undefined;
  if (asOldHolder) return undefined;
  if (asked === 'for-this-member')
    return entry && entry.code !== DENIED && observation.now - entry.at < UNHEARD_MS
      ? onceAndForAll(member, entry, facts)
      : undefined;
  const denied = memory.denied?.[member.id];
  // Where nobody well has a part, nothing is lost by asking again: a dry run comes before anything is detached.
  const isUrgent = (denied || entry?.code === DENIED) && isLooseBesideNobody(facts);
  if (isUrgent && observation.now >= nextTryAt(facts)) return undefined;
  if (denied) return { code: 'attach-denied', reason: denied.reason };
  // What was given back is no move that counts: no other bound keeps it from being taken off its holder every minute.
  if (entry?.code === HUNG && !asked) {
    const closed = runningHolders(facts).length > 0 ? onceAndForAll(member, entry, facts) : undefined;
    return closed ?? until(nextTryAt(facts), entry, observation.now);
  }
  // Whether it is denied still is asked anew for a person, before anything is detached.
  if (!entry || (asked && entry.code !== REFUSED)) return undefined;
  const early = until(entry.at + settings.cooldownSeconds * 1000, entry, observation.now);
  return early ?? (entry.code === DENIED ? undefined : onceAndForAll(member, entry, facts));
}

/**
 * What hangs and still runs may serve, and on nobody nothing does: nothing is taken off it again for a member that
 * has refused once, where it could not come back. A dry run tells of a denial beforehand; of a refusal nothing does.
 */
function onceAndForAll(member: MemberView, { at, code }: RefusedAttach, facts: Facts): Reason | undefined {
  const closed = at < member.launchedAt ? undefined : wayBackClosed(member.id, facts);
  if (closed === undefined) return undefined;
  const when = new Date(at).toISOString();
  const [what, reason] =
    code === HUNG
      ? ([`an attach to it did not end or came undone at ${when}`, 'attach-stuck'] as const)
      : ([`EC2 did not let it take an interface at ${when}`, 'refused-by-ec2'] as const);
  const from = new Date(at + UNHEARD_MS).toISOString();
  return { code: reason, reason: `${what}, and ${closed}; it is tried again when a person names it, from ${from} on` };
}

/** The tag has room for few refusals. That an attach hung on a member of this launch stands there twice; once is enough. */
function hungBefore(member: MemberView, { stuck, loose }: Facts['past']): RefusedAttach | undefined {
  if (!loose || !ofThisLaunch(member, stuck)) return undefined;
  return { instanceId: member.id, at: loose.lastAt, code: HUNG };
}

/** An interface is attached to nothing, and no member that is well has another one. */
function isLooseBesideNobody(facts: Facts): boolean {
  const isLoose = facts.observation.interfaces.some(({ attachment }) => !attachment);
  return isLoose && serverOf(facts) === undefined;
}

function until(triedAgainAt: number, { instanceId, at, code }: RefusedAttach, now: number): Reason | undefined {
  if (now >= triedAgainAt) return undefined;
  const [when, again] = [at, triedAgainAt].map((time) => new Date(time).toISOString());
  if (code === DENIED) {
    const what = `ec2:AttachNetworkInterface to ${instanceId} was denied at ${when}`;
    return {
      code: 'attach-denied',
      reason: `${what}; it is asked for again from ${again} on, or when a person requests a failover`,
    };
  }
  if (code === HUNG)
    return {
      code: 'attach-stuck',
      reason: `an attach to it did not end or came undone at ${when}; it is tried again from ${again} on`,
    };
  const what = `EC2 did not let it take an interface at ${when}`;
  return { code: 'refused-by-ec2', reason: `${what}; it is tried again from ${again} on, or when a person names it` };
}

const LONGEST_PAUSE_MINUTES = 8;

/**
 * Why an instance is not asked for its interfaces now: it did not let them go before. An event is tried at once,
 * whatever came of the last try: it may be what puts things right, and does not come for ever. Readiness does not
 * change with the clock.
 * @param from the instances that something would have to leave.
 */
export function keptBefore(trigger: Trigger, facts: Facts, from: readonly string[]): string | undefined {
  const { past, summary, observation } = facts;
  const isAssumed = trigger.kind === 'if-holder-failed';
  if (!isAssumed && !speaksOfNobody(trigger)) return undefined;
  const triesAt = nextTryAt(facts);
  const entry = past.refused.find(({ instanceId, code }) => from.includes(instanceId) && code === KEPT);
  if (!entry || (observation.now >= triesAt && !(isAssumed && past.loose))) return undefined;
  const [when, again] = [entry.at, triesAt].map((time) => new Date(time).toISOString());
  const held = observation.interfaces.filter(({ attachment }) => attachment?.instanceId === entry.instanceId);
  const what = `the detach of ${held.map(({ id }) => id).join(' and ')} from ${entry.instanceId}`;
  return `${summary} ec2:DetachNetworkInterface, ${what}, was denied or refused at ${when}; it is tried again from ${again} on, or when a person requests a failover.`;
}

/** The same for a plan, with the attachments that it would end there; what is gone lets go by itself, whatever is denied. */
export function keptInPlan(
  trigger: Trigger,
  facts: Facts,
  { resources }: Plan,
): { readonly reason: string; readonly attachmentIds: readonly string[] } | undefined {
  const leaves = resources.flatMap(({ leave }) => leave ?? []);
  const asked = leaves.filter(({ instanceId }) => healthOfHolder(instanceId, facts.signals).code !== 'gone');
  const from = asked.map(({ instanceId }) => instanceId);
  const reason = keptBefore(trigger, facts, from);
  return reason === undefined ? undefined : { reason, attachmentIds: asked.map(({ attachmentId }) => attachmentId) };
}

/** When what came to nothing is tried again: 1, 2, 4 and then every 8 minutes after the last try. */
function nextTryAt({ past }: Facts): number {
  const { count, lastAt } = past.loose ?? { count: 0, lastAt: Number.NEGATIVE_INFINITY };
  return sweepAfter(lastAt, Math.min(2 ** (count - 1), LONGEST_PAUSE_MINUTES));
}

/** The denial among the reasons why nobody can take over: it is what a person has to put right. */
export function denialIn(rejected: readonly Reason[]): Reason | undefined {
  return rejected.find(({ code }) => code === 'attach-denied');
}
