import { notedSince, type Situation } from './analyze.ts';
import { act, blocked, type Conclusion } from './conclusion.ts';
import { type Candidate, elect, type ElectionRules } from './elect.ts';
import { guard } from './guard.ts';
import type { Observation, PersonRequest, Trigger } from './model.ts';
import { planMove } from './plan.ts';
import { electionRules, nobodyCan } from './succession.ts';
import { triggerInstances } from './triggers.ts';

/** An interface of the group is attached to nothing, and no recorded operation explains it. */
export function decideUnattached(trigger: Trigger, observation: Observation, situation: Situation): Conclusion {
  if (trigger.kind !== 'request' && !isAbandoned(trigger, observation, situation)) {
    // Infrastructure tools detach and attach too; only the sweep, by looking twice, can tell that nobody is at it.
    return blocked(
      'unattached-unconfirmed',
      `${situation.summary} Nothing says that its holder is gone, so nothing is done yet.`,
    );
  }
  const held = guard(trigger, situation, observation.now);
  if (held) return { ...held, rejected: [] };
  const rules = electionRules(trigger, situation);
  const election = elect(observation, rules);
  const successor =
    whoHoldsTheRest(trigger, observation, rules, situation) ??
    election.eligible[0] ??
    refuge(observation, rules, situation);
  if (!successor) return nobodyCan(trigger, situation, election);
  const lastHolder = situation.ledger?.holder;
  const plan = planMove('new', successor, observation.interfaces, {
    action: 'attach',
    ...(lastHolder !== undefined && lastHolder !== successor.member.id && { from: lastHolder }),
    automatic: trigger.kind !== 'request',
    ignoreHealth: trigger.kind === 'request' && trigger.ignoreHealth,
  });
  return act('attach', `${situation.summary} ${successor.member.id} takes it.`, plan, election.rejected);
}

/** Seen loose by one sweep and still loose at the next: nobody is at it. */
const CONFIRMED_AFTER_MS = 30_000;

/** The holder is known to be gone or failed, the last operation to have failed, or two sweeps saw the same. */
function isAbandoned(
  trigger: Exclude<Trigger, PersonRequest>,
  { members, now }: Observation,
  { ledger, holderId, holderHealth }: Situation,
): boolean {
  if (ledger?.phase === 'failed') return true;
  const concerned = trigger.kind === 'sweep' || triggerInstances(trigger).includes(holderId ?? '');
  if (holderHealth?.verdict === 'failed' && concerned) return true;
  const gone = (id: string): boolean => {
    const state = members.find((member) => member.id === id)?.state;
    return state === undefined || state === 'terminated' || state === 'shutting-down';
  };
  if (ledger?.holder !== undefined && gone(ledger.holder)) return true;
  if (trigger.kind === 'sweep') return now - (notedSince(ledger, 'interface-unattached') ?? now) >= CONFIRMED_AFTER_MS;
  return ledger?.holder === undefined && trigger.kind === 'instance-state' && gone(trigger.instanceId);
}

/** Part of the group is still attached: its holder, unless it failed, is the one to take the rest. */
function whoHoldsTheRest(
  trigger: Trigger,
  observation: Observation,
  { holder, ...rules }: ElectionRules,
  { holderHealth }: Situation,
): Candidate | undefined {
  const unwanted = trigger.kind === 'request' && (trigger.from !== undefined || trigger.to !== undefined);
  if (!holder || holderHealth?.verdict === 'failed' || unwanted) return undefined;
  return electOnly(holder.id, observation, rules);
}

/**
 * With no healthy member left, whoever holds the rest may have it, or else the last holder: attached to something
 * beats attached to nothing, but nothing that is attached is torn away for it.
 */
function refuge(
  observation: Observation,
  { holder, ...rules }: ElectionRules,
  { ledger }: Situation,
): Candidate | undefined {
  const host = holder?.id ?? ledger?.holder;
  if (rules.only || host === undefined) return undefined;
  return electOnly(host, observation, { ...rules, asRefuge: true });
}

function electOnly(instanceId: string, observation: Observation, rules: ElectionRules): Candidate | undefined {
  return elect(observation, { ...rules, only: { instanceId, because: 'not-requested' } }).eligible[0];
}
