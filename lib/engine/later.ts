import type { Ending } from '../core/afterwards.ts';
import type { Facts } from '../core/facts.ts';
import type { Observation, Trigger } from '../core/model.ts';
import { isBound } from '../core/succession.ts';
import { isThrottledLately } from '../core/throttled.ts';
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

/**
 * Between 5 and 10 s, and twice as long each further time: what throttles one group throttles all of them, and each
 * round sends every change five times.
 * @param nth 1 for the first pause of a run.
 */
export function throttledPauseMs(run: Run, nth = 1): number {
  const baseMs = 5_000 * 2 ** (nth - 1);
  return Math.min(baseMs + baseMs * run.clock.random(), Math.max(0, timeLeftMs(run)));
}

/**
 * What an earlier run gave up because AWS throttled it gets one round of a run, and so does the move of a run that may
 * still be at it: more of them would keep the bucket empty.
 * @returns how the operation ends after a round that was throttled, if it does.
 */
export function endOnceThrottled(facts: Facts): Ending | undefined {
  const { intent } = facts;
  if (intent && isBound(facts, intent))
    return { result: 'superseded', reason: 'AWS throttles it, and its own run may still be at it.' };
  if (!isThrottledLately(facts)) return undefined;
  return { result: 'interrupted', reason: 'AWS still throttles the changes that it needs' };
}
