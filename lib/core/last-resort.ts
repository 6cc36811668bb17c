import type { RejectionCode } from './codes.ts';
import { CONFIRMED_AFTER_MS } from './confirmed.ts';
import type { Facts } from './facts.ts';
import { notedSince } from './ledger.ts';
import type { Observation } from './model.ts';
import { runningIn } from './situation.ts';

/** Codes of members that may be well or not: a muted alarm says that it is not to be believed. */
const UNKNOWN: readonly RejectionCode[] = ['health-unknown', 'muted-alarm'];

/**
 * What is better than nobody, where nobody serves. A read that may be answered yet is waited for while an interface is
 * still attached, but not for ever; once nobody holds it, what is known decides.
 */
export function mayDo(code: RejectionCode, facts: Facts): boolean {
  const { observation, overdue } = facts;
  if (isServed(observation, overdue)) return false;
  const isHeld = observation.interfaces.some(({ attachment }) => attachment !== undefined);
  const waits = isHeld && !isKnownForLong(facts) && (observation.missing ?? []).some(({ mayPass }) => mayPass);
  return code === 'initializing' || (UNKNOWN.includes(code) && !waits);
}

/** Whether an earlier look found the group as it is: that nobody serves is no matter of one look any more. */
function isKnownForLong({ memory, ledger, analysis, observation: { now } }: Facts): boolean {
  const since = notedSince(memory.noted ?? ledger?.condition, analysis);
  return since !== undefined && now - since >= CONFIRMED_AFTER_MS;
}

/** Whether anybody can be serving: one on an instance that runs may, unless it hangs; one on a stopped or ended one does not. */
function isServed(observation: Observation, overdue: ReadonlySet<string>): boolean {
  const running = runningIn(observation);
  return observation.interfaces.some(
    ({ attachment }) => attachment && !overdue.has(attachment.id) && running.has(attachment.instanceId ?? ''),
  );
}
