import type { Facts } from './facts.ts';
import type { Intent } from './ledger.ts';
import { healthOfHolder, isLost } from './signals.ts';
import { runningIn } from './situation.ts';

/** Who holds what of a group that is not whole. */

/**
 * The member that serves part of a group: it runs, nothing speaks for leaving it, and it has an interface of the group
 * that is not on its way off. The anchor's, where several do. What it serves is not taken off it for the rest.
 * @param except the member that the group is being moved away from.
 */
export function serverOf(facts: Facts, except?: string): string | undefined {
  return runningHolders(facts).find((id) => id !== except && !isLost(healthOfHolder(id, facts.signals)));
}

/** The members that run and have an interface of the group, well or not; the anchor's first. */
export function runningHolders({ observation, overdue }: Facts): readonly string[] {
  const running = runningIn(observation);
  const held = observation.interfaces.flatMap(({ attachment }) => {
    const holds = attachment && attachment.status !== 'detaching' && !overdue.has(attachment.id);
    return holds ? (attachment.instanceId ?? []) : [];
  });
  return held.filter((holder) => running.has(holder));
}

/** Whether bringing the group to a member takes something off another one that runs and is not known to have failed. */
export function leavesUnfailed(instanceId: string, facts: Facts): boolean {
  const others = runningHolders(facts).filter((id) => id !== instanceId);
  return others.some((id) => healthOfHolder(id, facts.signals).verdict !== 'failed');
}

/**
 * Whether all that a member has of the group was attached to it once the operation had begun, by EC2's whole seconds, as
 * a run sees it that does not know what has become of the operation so far.
 */
export function cameMeanwhile({ observation, memory }: Facts, { id, runId, begunAt }: Intent, to: string): boolean {
  if (begunAt === undefined || memory.runId === runId || memory.wrote?.operation?.id === id) return false;
  const parts = observation.interfaces.flatMap(({ attachment }) => {
    return attachment?.instanceId === to ? [attachment.attachedAt] : [];
  });
  return parts.every((at) => at !== undefined && at > begunAt);
}

/** Where the group goes when nobody takes it over: back, but not to a member that is off while one that runs has a part. */
export function refugeOf(facts: Facts, { from }: Intent): string {
  const holders = runningHolders(facts);
  const isRunning = runningIn(facts.observation).has(from ?? '');
  return (isRunning ? from : (holders[0] ?? from)) ?? 'nobody';
}
