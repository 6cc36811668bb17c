import type { Observation, Trigger } from '../core/model.ts';
import { AwsCallError } from '../errors.ts';
import { observeAgain } from './observe.ts';
import { LEAST_RUNWAY_MS, type Run, timeLeftMs } from './run.ts';

/** Another look after a pause; undefined when the run has no time for it, or it could not be taken. */
export async function lookLater(
  run: Run,
  trigger: Trigger,
  before: Observation,
  pauseMs: number,
): Promise<Observation | undefined> {
  if (timeLeftMs(run) <= pauseMs + LEAST_RUNWAY_MS) return undefined;
  try {
    await run.clock.sleep(pauseMs);
    return await observeAgain(run, trigger, before.group, before);
  } catch (error) {
    // A failure must not end the run: other groups may be in the middle of a move. The sweep looks again.
    if (error instanceof AwsCallError) return undefined;
    throw error;
  }
}

/** Between 5 and 10 s: what throttles one group throttles all of them, and each round sends every change five times. */
export function throttledPauseMs(run: Run): number {
  return Math.min(5_000 + 5_000 * run.clock.random(), Math.max(0, timeLeftMs(run)));
}
