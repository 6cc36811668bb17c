import { type AwsCallError, isTransient } from '../errors.ts';
import type { Failing, Run } from './run.ts';

/**
 * Intents that AWS neither writes down nor refuses: it throttles them, or answers with errors of its own. Each of them
 * may pass in a moment, so it is asked again; for how long depends on who is kept waiting.
 */

/** So often an intent may go unanswered while nobody serves. */
const MOST_UNANSWERED = 3;
/** What could not be written for so long, from one run to the next, is not waited for: two sweeps have tried. */
const FOR_LONG_MS = 90_000;
/** Whoever has not tried for so long begins anew. */
const FORGOTTEN_AFTER_MS = 180_000;

/** Notes that an intent of the group could not be written, once more. @returns what this process knows of it. */
export function unwrittenAgain({ process, clock }: Run, group: string): Failing {
  const now = clock.now();
  const known = process.unwrittenIntents.get(group);
  const goesOn = known !== undefined && now - known.lastAt < FORGOTTEN_AFTER_MS;
  const failing = { count: goesOn ? known.count + 1 : 1, since: goesOn ? known.since : now, lastAt: now };
  process.unwrittenIntents.set(group, failing);
  return failing;
}

/** Whether what nobody serves has waited enough: a call that was not taken was sent as often as a run sends anything. */
export function isEnough(error: AwsCallError, { count }: Failing): boolean {
  return isTransient(error) || count >= MOST_UNANSWERED;
}

/** Whether anybody has: after so long it is as if the tags were refused. */
export const isForLong = ({ since, lastAt }: Failing): boolean => lastAt - since >= FOR_LONG_MS;
