import type { Situation } from './analyze.ts';
import { act, type Conclusion } from './conclusion.ts';
import { elect, type Election, type ElectionRules, type Rejection } from './elect.ts';
import type { Observation, PersonRequest, Trigger } from './model.ts';
import { planMove } from './plan.ts';

/**
 * Elects a successor for a group nobody is moving yet, and plans the move to it.
 * @param from where the move begins, when that is not with the holder.
 */
export function electAndMove(
  trigger: Trigger,
  observation: Observation,
  situation: Situation,
  from = situation.holderId,
): Conclusion {
  const election = elect(observation, electionRules(trigger, situation));
  const successor = election.eligible[0];
  if (!successor) return nobodyCan(trigger, situation, election);
  const plan = planMove('new', successor, observation.interfaces, {
    action: 'failover',
    ...(from !== undefined && { from }),
    automatic: trigger.kind !== 'request',
    ignoreHealth: trigger.kind === 'request' && trigger.ignoreHealth,
  });
  return act('failover', `${situation.summary} ${successor.member.id} takes over.`, plan, election.rejected);
}

/** The rules of an election for this trigger: whom it is about, whom a person asked for. */
export function electionRules(trigger: Trigger, situation: Situation): ElectionRules {
  const { settings, ledger, holderId, holderHealth } = situation;
  const failed = holderHealth?.verdict === 'failed';
  return {
    settings,
    ...(ledger && { ledger }),
    ...(holderId !== undefined && { holder: { id: holderId, failed } }),
    ...(trigger.kind === 'spot-interruption' && { leaving: trigger.instanceId }),
    ...(trigger.kind === 'request' && requestedTarget(trigger)),
  };
}

function requestedTarget(request: PersonRequest): Partial<ElectionRules> {
  if (request.to === undefined) return {};
  return {
    only: { instanceId: request.to, because: 'not-requested' },
    ...(request.ignoreHealth && { ignoreHealthOf: request.to }),
  };
}

/** Nobody may take the group: say it once as a sentence, and for each member why. */
export function nobodyCan(trigger: Trigger, situation: Situation, election: Election): Conclusion {
  const to = trigger.kind === 'request' ? trigger.to : undefined;
  if (to === undefined) {
    const reason = `${situation.summary} No member can take over.`;
    return { decision: 'blocked', code: 'no-candidate', reason, rejected: election.rejected };
  }
  const stranger: Rejection = {
    instanceId: to,
    code: 'not-a-member',
    reason: 'it is not tagged as a member of the group',
  };
  const rejection = election.rejected.find(({ instanceId }) => instanceId === to) ?? stranger;
  const rejected = rejection === stranger ? [...election.rejected, stranger] : election.rejected;
  return {
    decision: 'blocked',
    code: 'target-not-eligible',
    reason: `${to} cannot take over: ${rejection.reason}.`,
    rejected,
  };
}
