import type { DecisionCode } from '../core/codes.ts';
import type { Observation, Trigger } from '../core/model.ts';
import { triggerInstances } from '../core/triggers.ts';
import { AwsCallError } from '../errors.ts';
import { observeAgain } from './observe.ts';
import type { Sight } from './operation.ts';
import { LEAST_RUNWAY_MS, type Run, STALENESS_MS, timeLeftMs } from './run.ts';

/** An event's time has no fraction of a second. */
const EVENT_TIME_STEP_MS = 1_000;
/** The first pause; each next one is as long as all before it. */
const FIRST_PAUSE_MS = 1_000;
/** What is decided when the holder looks as if the event had not happened. */
const NOT_SEEN: readonly DecisionCode[] = ['holder-healthy', 'holder-unknown', 'ledger-drift'];

/**
 * An event can be quicker than the reads: a holder that looks well a second after it stopped may well have stopped.
 * As long as the reads may lag behind the event, the group is looked at again, instead of leaving it to the sweep a
 * minute later. An old event, or one that was delivered twice, costs nothing.
 * @returns what is seen now; undefined when there is nothing to wait for, or no time to.
 */
export async function lookPastLag(run: Run, trigger: Trigger, sight: Sight): Promise<Observation | undefined> {
  const { observation, decision } = sight;
  const happenedAt = tellsOf(trigger, decision.situation.holderId);
  if (happenedAt === undefined || !NOT_SEEN.includes(decision.code)) return undefined;
  const ageMs = observation.now - happenedAt;
  const leftMs = EVENT_TIME_STEP_MS + STALENESS_MS - ageMs;
  const pauseMs = Math.min(leftMs, Math.max(FIRST_PAUSE_MS, ageMs));
  // A time that lies ahead is from a clock that disagrees with ours, and tells nothing.
  if (ageMs < 0 || pauseMs <= 0 || timeLeftMs(run) <= pauseMs + LEAST_RUNWAY_MS) return undefined;
  try {
    await run.clock.sleep(pauseMs);
    const experience = observation.experience ?? { runId: run.id, refused: {} };
    return await observeAgain(run, trigger, observation.group, experience);
  } catch (error) {
    // A failure must not end the run: other groups may be in the middle of a move. The sweep looks again.
    if (error instanceof AwsCallError) return undefined;
    throw error;
  }
}

/** When the holder failed or stopped, by the word of an event about it. */
function tellsOf(trigger: Trigger, holderId: string | undefined): number | undefined {
  if (trigger.kind === 'request' || trigger.kind === 'sweep') return undefined;
  return triggerInstances(trigger).includes(holderId ?? '') ? trigger.happenedAt : undefined;
}
