import { analyze, holders, type Situation } from './analyze.ts';
import type { Analysis } from './codes.ts';
import { blocked, type Conclusion, noAction } from './conclusion.ts';
import { guard } from './guard.ts';
import type { Observation, Trigger } from './model.ts';
import { decideIntent } from './resume.ts';
import type { Settings } from './settings.ts';
import { electAndMove } from './succession.ts';
import { triggerInstances } from './triggers.ts';
import { decideUnattached } from './unattached.ts';

export type Decision = Conclusion & { readonly analysis: Analysis; readonly situation: Situation };

/**
 * All policy, as a pure function: no clock, no I/O, the same answer for the same input. Converges, never toggles:
 * the trigger is a hint to look, and what follows from it follows from the observation.
 */
export function decide(trigger: Trigger, observation: Observation, deployment: Settings): Decision {
  const situation = analyze(observation, trigger, deployment);
  return { ...conclude(trigger, observation, situation), analysis: situation.analysis, situation };
}

function conclude(trigger: Trigger, observation: Observation, situation: Situation): Conclusion {
  const { analysis, summary } = situation;
  if (trigger.kind === 'request' && trigger.action === 'status') return noAction('status', summary);
  switch (analysis) {
    case 'group-unknown':
    case 'interface-primary':
    case 'interfaces-span-zones':
    case 'holder-not-member':
      return blocked(analysis, summary);
    case 'operation-interrupted':
      return decideIntent(trigger, observation, situation);
    case 'group-split':
      return decideSplit(trigger, observation, situation);
    case 'interface-unattached':
      return decideUnattached(trigger, observation, situation);
    case 'group-parked':
    case 'members-span-zones':
    case 'holder-gone':
    case 'holder-stopped':
    case 'holder-leaving':
    case 'holder-impaired':
    case 'holder-unknown':
    case 'holder-healthy':
      return decideHeld(trigger, observation, situation);
  }
}

/** The group is whole and somebody holds it. */
function decideHeld(trigger: Trigger, observation: Observation, situation: Situation): Conclusion {
  const { analysis, summary, holderId, holderHealth } = situation;
  if (trigger.kind !== 'request') {
    if (trigger.kind !== 'sweep' && !triggerInstances(trigger).includes(holderId ?? '')) {
      return noAction(
        'not-the-holder',
        `The event is about ${triggerInstances(trigger).join(', ')}; the holder is ${holderId}. ${summary}`,
      );
    }
    if (analysis === 'group-parked') return noAction('group-parked', summary);
    const wanted = holderHealth?.verdict === 'failed' || trigger.kind === 'spot-interruption';
    if (!wanted) return atRest(situation);
  }
  const held = guard(trigger, situation, observation.now);
  if (held) return { ...held, rejected: [] };
  return electAndMove(trigger, observation, situation);
}

/** Nobody has to move; what may still be wrong is what the ledger says. */
function atRest({ summary, holderId, holderHealth, ledger }: Situation): Conclusion {
  if (ledger?.phase === 'steady' && ledger.holder !== undefined && ledger.holder !== holderId) {
    return noAction('ledger-drift', `${summary} The ledger named ${ledger.holder}: somebody moved the group by hand.`);
  }
  return noAction(holderHealth?.verdict === 'healthy' ? 'holder-healthy' : 'holder-unknown', summary);
}

/** Only a person who names the target can say which half of an unexplained split is right. */
function decideSplit(trigger: Trigger, observation: Observation, situation: Situation): Conclusion {
  if (trigger.kind !== 'request' || trigger.to === undefined) {
    const reason = `${situation.summary} A person has to decide: request a failover and name 'to'.`;
    return blocked('group-split', reason);
  }
  if (trigger.from !== undefined && !holders(observation.interfaces).includes(trigger.from)) {
    return noAction('already-moved', `${trigger.from} holds no part of the group any more; nothing is moved.`);
  }
  // Any holder may be named. The anchor is not where somebody won it: it leaves its holder like the rest.
  const anchorHolder = observation.interfaces[0]?.attachment?.instanceId;
  const from = anchorHolder === trigger.to ? undefined : anchorHolder;
  return electAndMove(trigger, observation, { ...situation, holderId: undefined }, from);
}
