import type { Answer, Asked } from './answer.ts';
import { homeOf } from './drill.ts';
import type { Candidate } from './elect.ts';
import { planMove } from './plan.ts';
import { isPlanned } from './requests.ts';
import { isTakenFromOthers } from './situation.ts';
import { originOf } from './split.ts';

/** Every question is answered: somebody can take the group, and nothing stands in the way. */
export function newMove({ trigger, facts, succession }: Asked): Answer {
  const { summary, situation, observation } = facts;
  const { member } = succession.successor as Candidate;
  const loose = situation.kind === 'loose' && !isTakenFromOthers(observation.interfaces, member.id);
  const from = loose ? facts.past.holder : originOf(trigger, facts, member.id);
  const plan = planMove('new', succession.successor as Candidate, facts, {
    action: loose || member.id === from ? 'attach' : isPlanned(trigger) ? 'switchover' : 'failover',
    ...(from !== undefined && from !== member.id && { from }),
    automatic: trigger.kind !== 'request',
    ignoreHealth: trigger.kind === 'request' && trigger.ignoreHealth,
    ...(trigger.kind === 'request' && trigger.to !== undefined && { named: true }),
    ...(trigger.kind === 'verdict' && { probed: true }),
    ...(isPlanned(trigger) && !trigger.force && { plain: true }),
    ...(isPlanned(trigger) && trigger.action === 'drill' && { drill: homeOf(facts) ?? from ?? member.id }),
  });
  const outcome = plan.action === 'attach' ? `${member.id} takes it.` : `${member.id} takes over.`;
  const code = plan.drill === undefined ? plan.action : 'drill';
  return { code, reason: `${summary} ${outcome}`, plan, rejected: succession.rejected };
}
