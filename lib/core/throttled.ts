import type { Answer, Asked } from './answer.ts';
import type { Facts } from './facts.ts';
import { sweepAfter } from './pace.ts';
import { movesAnything } from './plan.ts';

/**
 * EC2 throttles a change for as long as its bucket is empty, and whoever asks again keeps it empty. Within a call and
 * within a run the pauses grow; what a run has given up is tried by the next one, and then less often. A throttle says
 * nothing against any member, and may end at any moment, so the pauses stay short.
 */

const LONGEST_PAUSE_MINUTES = 2;
/** Whoever has not tried for so long knows nothing of today. */
const KNOWN_FOR_MS = 20 * 60_000;

/** Whether an earlier run has given up because AWS throttled what it had to do. */
export function isThrottledLately({ past: { loose }, observation: { now } }: Facts): boolean {
  return loose?.throttled === true && now - loose.lastAt < KNOWN_FOR_MS;
}

/** The answer, unless it is automation's and has to wait: for the next sweep, and then 1 and 2 minutes, after each run. */
export function unlessThrottled({ trigger, facts }: Asked, answer: Answer): Answer {
  const { past, memory, summary, observation } = facts;
  const isAutomatic = trigger.kind !== 'request' && trigger.kind !== 'if-holder-failed';
  if (!isAutomatic || memory.isAtIt || !past.loose || !isThrottledLately(facts)) return answer;
  if (!answer.plan || !movesAnything(answer.plan)) return answer;
  const { count, lastAt } = past.loose;
  const triesAt = sweepAfter(lastAt, Math.min(count - 1, LONGEST_PAUSE_MINUTES));
  if (observation.now >= triesAt) return answer;
  const [when, again] = [lastAt, triesAt].map((time) => new Date(time).toISOString());
  const reason = `${summary} AWS throttled the changes that it needs until ${when}; automation tries again from ${again} on, a 'failover' request at once.`;
  return { code: 'change-throttled', reason, rejected: answer.rejected ?? [] };
}
