import type { Facts } from './facts.ts';
import type { Intent } from './ledger.ts';
import type { PersonRequest, Trigger } from './model.ts';
import { isPlanned } from './requests.ts';
import { settledOn } from './situation.ts';

/**
 * Whether a person asks for something else than the recorded move: their target replaces the recorded one, whatever
 * run may still be at it. Only once: a run that has recorded the replacement goes on with it, or is replaced itself.
 */
export function replaces(trigger: Trigger, { situation, memory, observation }: Facts): trigger is PersonRequest {
  if (situation.kind !== 'interrupted' || trigger.kind !== 'request' || trigger.to === undefined) return false;
  if (isWaitedFor(trigger, situation.intent)) return false;
  const begunHere = memory.runId === situation.intent.runId || memory.wrote !== undefined;
  return !begunHere && settledOn(observation.interfaces) !== trigger.to;
}

/**
 * The same planned move is under way already, and nothing is said against waiting for it. The way out of a drill is not
 * the same: it would not stay there.
 */
function isWaitedFor(request: PersonRequest, { plain, to, drill }: Intent): boolean {
  const comesBack = drill !== undefined && drill !== to;
  return isPlanned(request) && plain === true && !comesBack && !request.force && request.to === to;
}
