import { type Candidate, elect, type Rejection, type Terms } from './elect.ts';
import type { Facts } from './facts.ts';
import type { Intent } from './ledger.ts';
import type { PersonRequest, Trigger } from './model.ts';
import { replaces } from './replacement.ts';
import { isLost } from './signals.ts';

/** Who would get the interfaces. It is worked out before anybody asks whether they may move at all. */
export interface Succession {
  readonly successor: Candidate | undefined;
  /** `back`: nobody can take over, and the old holder takes back what was its own. */
  readonly way: 'onward' | 'back';
  readonly rejected: readonly Rejection[];
}

/** Holds the election that the group's situation calls for. */
export function holdElection(trigger: Trigger, facts: Facts): Succession {
  const { situation } = facts;
  if (replaces(trigger, facts)) return electFor(facts, requestedTarget(trigger));
  if (situation.kind === 'interrupted') return electForIntent(facts, situation.intent);
  if (situation.kind === 'loose') return electForLoose(trigger, facts);
  if (situation.kind === 'in-transit') return electForTransit(trigger, facts);
  return electFor(facts, termsFor(trigger, facts));
}

function electFor(facts: Facts, terms: Terms): Succession {
  const { eligible, rejected } = elect(facts, terms);
  return { successor: eligible[0], way: 'onward', rejected };
}

/**
 * A healthy holder has an attachment that hangs. What it serves stays, so it takes the rest anew; where it serves
 * nothing, a member that EC2 has not let down comes first.
 */
function electForTransit(trigger: Trigger, facts: Facts): Succession {
  const { holderId, holderHealth, observation, overdue } = facts;
  const terms = termsFor(trigger, facts);
  if (overdue.size === 0 || holderId === undefined || isLost(holderHealth) || terms.only) return electFor(facts, terms);
  const serves = observation.interfaces.some(({ attachment }) => attachment && !overdue.has(attachment.id));
  const stays = electFor(facts, { only: { instanceId: holderId, because: 'not-requested' } });
  const goes = electFor(facts, terms);
  const preferred = serves ? stays : goes;
  return preferred.successor ? preferred : serves ? goes : stays;
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
  if (to === undefined) return {};
  return { only: { instanceId: to, because: 'not-requested' }, ...(ignoreHealth && { ignoreHealthOf: to }) };
}

/**
 * Part of the group may still be attached: its holder, unless it failed, is the one to take the others. With no
 * healthy member left, whoever holds a part may have all of it, or else the last holder: attached to something beats
 * attached to nothing, but nothing that is attached is torn away for it.
 */
function electForLoose(trigger: Trigger, facts: Facts): Succession {
  const { holder, ...terms } = termsFor(trigger, facts);
  const { eligible, rejected } = elect(facts, { ...terms, ...(holder && { holder }) });
  const alone = (instanceId: string, more: Terms = {}): Candidate | undefined =>
    elect(facts, { ...terms, ...more, only: { instanceId, because: 'not-requested' } }).eligible[0];
  const host = holder?.id ?? facts.ledger?.holder;
  const keeps = holder && facts.holderHealth?.verdict !== 'failed' && !namesSomebody(trigger);
  const onward = (keeps ? alone(holder.id) : undefined) ?? eligible[0];
  if (onward || terms.only || host === undefined) return { successor: onward, way: 'onward', rejected };
  const back = alone(host, { asOldHolder: true });
  if (back) return { successor: back, way: 'back', rejected };
  return {
    successor: elect(facts, { ...terms, ...(holder && { holder }), evenStuck: true }).eligible[0],
    way: 'onward',
    rejected,
  };
}

function namesSomebody(trigger: Trigger): boolean {
  return trigger.kind === 'request' && (trigger.from !== undefined || trigger.to !== undefined);
}

/**
 * Where the anchor went, else the recorded target, else the next best, else back to where it began. An old holder that
 * is well comes before a last resort that nobody meant.
 */
function electForIntent(facts: Facts, intent: Intent): Succession {
  let rejected: readonly Rejection[] = [];
  let resort: Candidate | undefined;
  const abandoned = facts.memory.abandoned !== undefined;
  for (const terms of abandoned ? [] : onwardTerms(facts, intent)) {
    const election = elect(facts, terms);
    const [successor] = election.eligible;
    if (successor && (terms.only || !successor.lastResort))
      return { successor, way: 'onward', rejected: election.rejected };
    resort = successor;
    rejected = joined(rejected, election.rejected);
  }
  if (isBound(facts, intent)) return { successor: undefined, way: 'onward', rejected };
  const only = { instanceId: intent.from ?? 'nobody', because: 'intent-pending' } as const;
  if (resort && elect(facts, { only }).eligible.length === 0) return { successor: resort, way: 'onward', rejected };
  const back = elect(facts, { only, asOldHolder: true });
  const [oldHolder] = back.eligible;
  const last =
    oldHolder || abandoned
      ? undefined
      : elect(facts, { ...onwardTerms(facts, intent).at(-1), evenStuck: true }).eligible[0];
  if (last) return { successor: last, way: 'onward', rejected };
  return { successor: oldHolder, way: 'back', rejected: oldHolder ? rejected : joined(rejected, back.rejected) };
}

function onwardTerms(facts: Facts, intent: Intent): readonly Terms[] {
  const { anchor, holderHealth } = facts;
  const base: Terms = intent.ignoreHealth ? { ignoreHealthOf: intent.to } : {};
  const only = (instanceId: string): Terms => ({ ...base, only: { instanceId, because: 'intent-pending' } });
  const anyone = { ...base, ...(intent.from !== undefined && { holder: { id: intent.from, failed: true } }) };
  const planned = isBound(facts, intent) ? [only(intent.to)] : [only(intent.to), anyone];
  const winner = anchor?.attachment?.instanceId;
  if (winner === undefined || winner === intent.from) return planned;
  // A person's target is not up for a race: whoever else attached the anchor was replaced by it.
  if (!intent.automatic && elect(facts, only(intent.to)).eligible.length > 0) return planned;
  // The anchor settles a race: whoever holds it holds the group, whatever the intent said, unless it has failed.
  return [{ ...only(winner), ...(!isLost(holderHealth) && { asOldHolder: true }) }, ...planned];
}

/** No run lasts longer (Lambda quotas): a deadline further off than this was not written by one. */
const LONGEST_RUN_MS = 15 * 60_000;

/** Another run's intent, before its deadline: only that same move may be completed. */
export function isBound({ memory, observation }: Facts, intent: Intent): boolean {
  const leftMs = intent.deadlineAt - observation.now;
  return memory.runId !== intent.runId && leftMs > 0 && leftMs <= LONGEST_RUN_MS;
}

/** The first reason given for each member. */
function joined(first: readonly Rejection[], more: readonly Rejection[]): readonly Rejection[] {
  return [...first, ...more.filter(({ instanceId }) => !first.some((known) => known.instanceId === instanceId))];
}
