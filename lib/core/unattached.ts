import { notedSince, type Situation } from './analyze.ts';
import { act, blocked, type Conclusion } from './conclusion.ts';
import { elect, type ElectionRules } from './elect.ts';
import { guard } from './guard.ts';
import type { Observation, PersonRequest, Trigger } from './model.ts';
import { planMove } from './plan.ts';
import { electionRules, nobodyCan } from './succession.ts';

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
  const election = elect(observation, firstHolder(rules, situation, trigger));
  const successor =
    election.eligible[0] ?? elect(observation, rules).eligible[0] ?? refuge(observation, rules, situation);
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

/** The last holder is known to be gone, the last operation to have failed, or two sweeps saw the same. */
function isAbandoned(
  trigger: Exclude<Trigger, PersonRequest>,
  observation: Observation,
  { ledger }: Situation,
): boolean {
  if (ledger?.phase === 'failed') return true;
  const gone = (id: string): boolean => {
    const state = observation.members.find((member) => member.id === id)?.state;
    return state === undefined || state === 'terminated' || state === 'shutting-down';
  };
  if (ledger?.holder !== undefined && gone(ledger.holder)) return true;
  const age = observation.now - (notedSince(ledger, 'unattached-unconfirmed') ?? observation.now);
  if (trigger.kind === 'sweep') return age >= CONFIRMED_AFTER_MS;
  return ledger?.holder === undefined && trigger.kind === 'instance-state' && gone(trigger.instanceId);
}

/** Part of the group is still attached: its holder, unless it failed, is the one to take the rest. */
function firstHolder(rules: ElectionRules, { holderId, holderHealth }: Situation, trigger: Trigger): ElectionRules {
  const { holder: _, ...rest } = rules;
  if (holderId === undefined || holderHealth?.verdict === 'failed' || rules.only) return rules;
  if (trigger.kind === 'request' && trigger.from !== undefined) return rules;
  return { ...rest, only: { instanceId: holderId, because: 'not-requested' } };
}

/** With no healthy member left, the last holder may have it back: attached to something beats attached to nothing. */
function refuge(observation: Observation, rules: ElectionRules, { ledger }: Situation) {
  if (rules.only || ledger?.holder === undefined) return undefined;
  const { holder: _, ...rest } = rules;
  const only = { instanceId: ledger.holder, because: 'not-requested' } as const;
  return elect(observation, { ...rest, only, asRefuge: true }).eligible[0];
}
