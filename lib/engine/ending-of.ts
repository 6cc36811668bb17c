import { type Ending, endOf } from '../core/afterwards.ts';
import type { ActingDecision, Operation } from './operation.ts';
import type { StepOutcome } from './steps.ts';

/** A person has asked for something else, and another run is at that. */
const SUPERSEDED: Ending = { result: 'superseded', reason: 'A person has replaced this operation by another one.' };

/** How a round's outcome ends the operation; undefined where the group has to be looked at again. */
export function endingOf(
  outcome: StepOutcome,
  operation: Operation,
  { plan, reason }: ActingDecision,
): Ending | 'untaggable' | undefined {
  switch (outcome.kind) {
    case 'done':
      return endOf(plan, reason);
    case 'interrupted':
      operation.noteUndone(outcome.undone);
      return { result: outcome.kind, reason: outcome.reason };
    case 'detaching':
    case 'failed':
      return { result: outcome.kind, reason: outcome.reason };
    case 'refused':
      operation.refuse(outcome.instanceId, outcome);
      return undefined;
    case 'stuck':
      operation.giveUpOn(outcome.instanceId, outcome.reason, outcome.attachmentIds);
      return undefined;
    case 'superseded':
      return SUPERSEDED;
    case 'untaggable':
      return outcome.kind;
    case 'abandon':
      operation.abandon(outcome.instanceId, outcome.reason, outcome.attachmentIds);
      return undefined;
    case 'look-again':
      if (outcome.unanswered) operation.miss(outcome.unanswered);
      return undefined;
  }
}
