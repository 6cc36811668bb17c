import { cooldownOf } from './cooldown.ts';
import { type Candidate, elect, type Rejection, type Terms } from './elect.ts';
import type { Facts } from './facts.ts';
import { type Intent, ofThisLaunch } from './ledger.ts';
import { electForParts, electToJoin, joined, joining, type Succession } from './join.ts';
import type { MemberView, PersonRequest, Trigger } from './model.ts';
import { cameMeanwhile, refugeOf, serverOf } from './parts.ts';
import { KEPT } from './refusals.ts';
import { replaces } from './replacement.ts';
import { isLookedAtOnly } from './requests.ts';
import { healthOfHolder, isLost } from './signals.ts';
import { runningIn } from './situation.ts';
import { wayAnewClosed } from './way-back.ts';

export type { Succession } from './join.ts';

/** Holds the election that the group's situation calls for. */
export function holdElection(trigger: Trigger, facts: Facts): Succession {
  const { situation } = facts;
  if (replaces(trigger, facts)) return electFor(facts, requestedTarget(trigger));
  if (situation.kind === 'interrupted') return electForIntent(trigger, facts, situation.intent);
  if (situation.kind === 'loose') return electForLoose(trigger, facts);
  if (situation.kind === 'split') return electForSplit(trigger, facts);
  if (situation.kind === 'in-transit') return electForTransit(trigger, facts);
  return electFor(facts, termsFor(trigger, facts));
}

function electFor(facts: Facts, terms: Terms): Succession {
  const { eligible, rejected } = elect(facts, terms);
  return { successor: eligible[0], way: 'onward', rejected };
}

/**
 * A healthy holder has an attachment that hangs. What it serves stays, so it takes the rest anew; where it serves
 * nothing, a member that EC2 has not let down comes first. Only force ends what hangs, so the way back is asked before:
 * where the holder could not have it anew, another member takes all of the group, and where nobody does, what is
 * detaching is left to hang. It may serve yet, and on nobody nothing does.
 */
function electForTransit(trigger: Trigger, facts: Facts): Succession {
  const { holderId, holderHealth, overdue, situation } = facts;
  const terms = termsFor(trigger, facts);
  if (overdue.size === 0 || holderId === undefined || isLost(holderHealth) || terms.only) return electFor(facts, terms);
  const isLeaving = situation.kind === 'in-transit' && situation.way === 'detaching';
  const closed = isLeaving && wayAnewClosed(holderId, facts) !== undefined;
  const serves = serverOf(facts) === holderId;
  if (serves && !closed) return electToJoin(facts, holderId, terms);
  const goes = electFor(facts, terms);
  const isWorthIt = !serves || (goes.successor?.lastResort === false && !goes.successor.partial);
  if (goes.successor && isWorthIt) return goes;
  if (closed) return { ...goes, successor: undefined };
  const only = (instanceId: string): Terms => ({ only: { instanceId, because: 'not-requested' } });
  const { holder } = facts.past;
  // No intent says so where nothing can be recorded: it has come from a holder that may have it back.
  const back =
    holder === undefined || holder === holderId ? [] : elect(facts, { ...only(holder), asOldHolder: true }).eligible;
  if (back[0]) return { successor: back[0], way: 'onward', rejected: goes.rejected };
  return electFor(facts, { ...only(holderId), evenStuck: true });
}

/** What is left of a split group where it serves gets the rest, unless a person has said where all of it goes. */
function electForSplit(trigger: Trigger, facts: Facts): Succession {
  const terms = termsFor(trigger, facts);
  const server = serverOf(facts);
  const isLeft = trigger.kind === 'request' && trigger.from === server;
  return server === undefined || isLeft || terms.only ? electFor(facts, terms) : electToJoin(facts, server, terms);
}

/** The terms for this trigger: whom it is about, whom a person asked for. */
function termsFor(trigger: Trigger, { holderId, holderHealth, situation }: Facts): Terms {
  const failed = holderHealth?.verdict === 'failed' && holderHealth.code !== 'assumed';
  // Any holder of a split group may be named.
  const holder = situation.kind === 'split' ? undefined : holderId;
  return {
    ...(holder !== undefined && { holder: { id: holder, failed } }),
    ...(trigger.kind === 'request' && requestedTarget(trigger)),
  };
}

function requestedTarget({ to, ignoreHealth }: PersonRequest): Terms {
  if (to === undefined) return { asked: 'for-a-move' };
  return {
    only: { instanceId: to, because: 'not-requested' },
    asked: 'for-this-member',
    ...(ignoreHealth && { ignoreHealthOf: to }),
  };
}

/**
 * Part of the group may still be attached: a member that is well takes the others, or nobody does. With no such member
 * left, whoever holds a part may have all of it, or else the last holder: attached to something beats attached to
 * nothing.
 */
function electForLoose(trigger: Trigger, facts: Facts): Succession {
  const { holder, ...terms } = termsFor(trigger, facts);
  const server = serverOf(facts);
  if (server !== undefined && (!namesSomebody(trigger) || terms.only?.instanceId === server))
    return electToJoin(facts, server, terms);
  const { eligible, rejected } = elect(facts, { ...terms, ...(holder && { holder }) });
  const host = holder?.id ?? facts.past.holder;
  const back = (): Candidate | undefined => {
    if (host === undefined || terms.only) return undefined;
    const only = { instanceId: host, because: 'not-requested' } as const;
    return elect(facts, { ...terms, only, asOldHolder: true }).eligible[0];
  };
  // On one that is off nobody is served: there is nothing to go on from.
  const runs = runningIn(facts.observation).has(host ?? '');
  const again = runs && eligible[0] !== undefined && !terms.asked && hasFailedBefore(eligible[0].member, facts.past);
  const stays = (holder && isSpent(trigger, facts)) || again ? back() : undefined;
  if (stays) return { successor: stays, way: 'back', rejected };
  if (eligible[0] || terms.only) return { successor: eligible[0], way: 'onward', rejected };
  const last = back();
  if (last) return { successor: last, way: 'back', rejected };
  const stuck = elect(facts, { ...terms, ...(holder && { holder }), evenStuck: true }).eligible[0];
  return { successor: stuck, way: 'onward', rejected };
}

/** It did not take the interfaces when it was tried: whoever held them last comes first, and goes on from there. */
function hasFailedBefore(member: MemberView, { stuck, refused }: Facts['past']): boolean {
  const isNoted = refused.some(({ instanceId, code }) => instanceId === member.id && code !== KEPT);
  return isNoted || ofThisLaunch(member, stuck) !== undefined;
}

/** Automation has taken as much off the group's members lately as it may. */
function isSpent(trigger: Trigger, facts: Facts): boolean {
  return trigger.kind !== 'request' && trigger.kind !== 'if-holder-failed' && cooldownOf(facts).until !== undefined;
}

function namesSomebody(trigger: Trigger): boolean {
  return trigger.kind === 'request' && (trigger.from !== undefined || trigger.to !== undefined);
}

/**
 * Where the anchor went, else the recorded target, else the next best, else back to where it began. An old holder that
 * is well comes before a last resort that nobody meant.
 */
function electForIntent(trigger: Trigger, facts: Facts, intent: Intent): Succession {
  const base = baseTerms(trigger, intent);
  const abandoned = facts.memory.abandoned !== undefined && !hasNoWayBack(facts, intent, base);
  const server = serverOf(facts, intent.from);
  if (server !== undefined && !isOverruled(facts, intent, server, base)) {
    const hangs = facts.memory.stuck?.[server] !== undefined || facts.overdue.size > 0;
    // What hangs there is its own run's to end, and to take elsewhere.
    if (abandoned || (hangs && isBound(facts, intent)))
      return { successor: undefined, way: 'onward', rejected: [], server };
    const elsewhere = electInsteadOf(facts, intent, server, base);
    if (elsewhere) return elsewhere;
    const whole = electToJoin(facts, server, base);
    return { ...whole, successor: whole.successor ?? electForParts(facts, { ...base, ...joining(server) }) };
  }
  let rejected: readonly Rejection[] = [];
  let resort: Candidate | undefined;
  for (const terms of abandoned ? [] : onwardTerms(facts, intent, base)) {
    const election = elect(facts, terms);
    const [successor] = election.eligible;
    if (successor && (terms.only || !successor.lastResort))
      return { successor, way: 'onward', rejected: election.rejected };
    resort = successor;
    rejected = joined(rejected, election.rejected);
  }
  if (isBound(facts, intent)) return { successor: undefined, way: 'onward', rejected };
  const refuge = refugeOf(facts, intent);
  const anyone = anyoneBut(intent, base);
  const parts = (): Candidate | undefined => (abandoned ? undefined : electForParts(facts, anyone));
  // A part that serves is worth more than all of it on a member that is off.
  const some = runningIn(facts.observation).has(refuge) ? undefined : parts();
  if (some) return { successor: some, way: 'onward', rejected };
  const only = { instanceId: refuge, because: 'intent-pending' } as const;
  if (resort && elect(facts, { only }).eligible.length === 0) return { successor: resort, way: 'onward', rejected };
  const back = elect(facts, { ...base, only, asOldHolder: true });
  const [oldHolder] = back.eligible;
  const last = oldHolder || abandoned ? undefined : elect(facts, { ...anyone, evenStuck: true }).eligible[0];
  const rest = last ?? (oldHolder ? undefined : parts());
  if (rest) return { successor: rest, way: 'onward', rejected };
  const way = refuge === intent.from || !oldHolder ? 'back' : 'onward';
  return { successor: oldHolder, way, rejected: oldHolder ? rejected : joined(rejected, back.rejected) };
}

/**
 * The holder keeps a part of the group, and something else of it is on nobody, which that holder cannot have back: it has
 * refused it in this run, or it has failed and EC2 may withhold the index there. What is loose goes on without the rest.
 */
function hasNoWayBack(facts: Facts, intent: Intent, base: Terms): boolean {
  if (facts.observation.interfaces.every(({ attachment }) => attachment)) return false;
  const instanceId = refugeOf(facts, intent);
  const only = { instanceId, because: 'intent-pending' } as const;
  const [oldHolder] = elect(facts, { ...base, only, asOldHolder: true }).eligible;
  return !oldHolder || (oldHolder.withheld && isLost(healthOfHolder(instanceId, facts.signals)));
}

/**
 * A run has brought part of the group to a member, or has come upon the move that did, and has waited for another part
 * that hangs there: all of it goes on to one that takes it whole, or back to a holder that is well. For a run that has not
 * waited, what that member serves stays with it.
 */
function electInsteadOf(facts: Facts, intent: Intent, server: string, base: Terms): Succession | undefined {
  if (facts.memory.stuck?.[server] === undefined) return undefined;
  const { from } = intent;
  const anyone = elect(facts, anyoneBut(intent, base));
  const next = anyone.eligible.find(({ lastResort }) => !lastResort);
  if (next) return { successor: next, way: 'onward', rejected: anyone.rejected };
  if (from === undefined) return undefined;
  const [old] = elect(facts, { ...base, only: { instanceId: from, because: 'intent-pending' } }).eligible;
  return old && !old.lastResort ? { successor: old, way: 'back', rejected: anyone.rejected } : undefined;
}

/** All members are asked but the one that the move leads away from. */
const anyoneBut = ({ from }: Intent, base: Terms): Terms => ({
  ...base,
  ...(from !== undefined && { holder: { id: from, failed: true } }),
});

function baseTerms(trigger: Trigger, { ignoreHealth, to }: Intent): Terms {
  const asks = trigger.kind === 'request' && !isLookedAtOnly(trigger);
  return { ...(asks && { asked: 'for-a-move' as const }), ...(ignoreHealth && { ignoreHealthOf: to }) };
}

/**
 * A target that a person named is not up for a race: whoever had attached a part of the group before was replaced by
 * it. One that was elected for them is: the anchor settles it. What was attached later is what the run of that very
 * operation has found instead, or somebody's hand: only that run knows better.
 */
function isOverruled(facts: Facts, intent: Intent, server: string, base: Terms): boolean {
  const { named, to } = intent;
  if (!named || server === to || cameMeanwhile(facts, intent, server)) return false;
  return elect(facts, { ...base, only: { instanceId: to, because: 'intent-pending' } }).eligible.length > 0;
}

function onwardTerms(facts: Facts, intent: Intent, base: Terms): readonly Terms[] {
  const only = (instanceId: string): Terms => ({ ...base, only: { instanceId, because: 'intent-pending' } });
  // What was loose goes back to whoever held it last, whatever its health, as long as it runs: so it was meant.
  const isRunning = runningIn(facts.observation).has(intent.to);
  const isReturn = isRunning && intent.from === undefined && intent.to === facts.past.holder;
  const meant = { ...only(intent.to), ...(isReturn && { asOldHolder: true }) };
  const planned = isBound(facts, intent) ? [meant] : [meant, anyoneBut(intent, base)];
  const winner = facts.anchor?.attachment?.instanceId;
  // The anchor settles a race, even where its holder is not known to be well.
  return winner === undefined || winner === intent.from || winner === intent.to || intent.named
    ? planned
    : [only(winner), ...planned];
}

/** No run lasts longer (Lambda quotas): a deadline further off than this was not written by one. */
const LONGEST_RUN_MS = 15 * 60_000;

/** Another run's intent, before its deadline: only that same move may be completed. */
export function isBound({ memory, observation }: Facts, intent: Intent): boolean {
  const leftMs = intent.deadlineAt - observation.now;
  return memory.runId !== intent.runId && leftMs > 0 && leftMs <= LONGEST_RUN_MS;
}
