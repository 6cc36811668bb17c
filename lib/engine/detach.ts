import { STALENESS_MS } from '../core/afterwards.ts';
import type { ResourceMove } from '../core/plan.ts';
import { AwsCallError } from '../errors.ts';
import { poll } from './poll.ts';
import type { StepResult } from './result.ts';
import { type Run, timeLeftMs } from './run.ts';
import type { Finish, StepLog, StepOutcome } from './steps.ts';

/** One interface on its way off an instance. */
interface Leaving {
  readonly interfaceId: string;
  readonly attachmentId: string;
  readonly instanceId: string;
  /** Somebody's detach is under way already: a plain one would say nothing new, only waiting and force do. */
  readonly detaching: boolean;
  /** `changed`: not as observed; `uncertain`, `throttled`: unknown, or not asked for; `hindered`: EC2 does not let it go. */
  state: 'waiting' | 'free' | 'changed' | 'uncertain' | 'throttled' | 'hindered';
  /** What the step will be called once the interface is free. */
  onFree: StepResult;
  problem: string;
  finish: Finish;
}

/**
 * Takes every interface that has to leave off its instance, all at once: a plain detach, and a forced one for those
 * that are still there after `forceAfterSeconds`. A detach names the attachment that was observed, so a late one can
 * never take the interface from a newer holder.
 */
export async function detachAll(
  run: Run,
  moves: readonly ResourceMove[],
  forceAfterSeconds: number,
  log: StepLog,
): Promise<StepOutcome> {
  const leaving = moves.flatMap((move) => beginLeaving(move));
  const gentle = forceAfterSeconds > 0;
  const forceAt = run.clock.now() + forceAfterSeconds * 1000;
  await Promise.all(leaving.map((item) => requestDetach(run, item, !gentle, log)));
  if (gentle) {
    const end = await waitUntilFree(run, leaving, forceAt);
    if (end === 'expired') await Promise.all(stillWaiting(leaving).map((item) => requestDetach(run, item, true, log)));
  }
  await waitUntilFree(run, leaving, run.clock.now() + Math.max(0, timeLeftMs(run)));
  return outcomeOf(leaving);
}

function beginLeaving({ id, leave }: ResourceMove): Leaving[] {
  if (!leave) return [];
  return [{ interfaceId: id, ...leave, state: 'waiting', onFree: 'done', problem: '', finish: () => undefined }];
}

/** Once one of them cannot leave, the move is off: the others are not waited for, let alone forced. */
function stillWaiting(leaving: readonly Leaving[]): readonly Leaving[] {
  if (leaving.some(({ state }) => state === 'hindered')) return [];
  return leaving.filter(({ state }) => state === 'waiting');
}

async function requestDetach(run: Run, item: Leaving, force: boolean, log: StepLog): Promise<void> {
  if (force) item.finish('failed', 'it was not detached in time');
  item.finish = log.begin(force ? 'force-detach' : 'detach', item.interfaceId, item.instanceId);
  if (item.detaching && !force) return;
  try {
    await run.cloud.detach(item.attachmentId, force);
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    await understand(run, item, error);
  }
}

/** What a detach that failed means: it may well have happened, by us or by somebody else. */
async function understand(run: Run, item: Leaving, error: AwsCallError): Promise<void> {
  switch (error.failure) {
    case 'gone':
      item.onFree = 'already-done';
      return;
    case 'conflict':
    case 'in-use':
      return;
    case 'denied':
      // Under a tag-conditioned policy a vanished attachment is "denied" too, having no tags to match: look again.
      if (await hasLeft(run, item)) settle(item, 'free', 'already-done');
      else settle(item, 'hindered', 'failed', error.message);
      return;
    case 'throttled':
      settle(item, 'throttled', 'unknown', error.message);
      return;
    case 'ambiguous':
    case 'unavailable':
      settle(item, 'uncertain', 'unknown', error.message);
      return;
    case 'refused':
      // The holder is between two states: termination frees the interface, and force is still to come.
      if (error.awsCode === 'IncorrectState') return;
      settle(item, 'hindered', 'refused', error.message);
      return;
    case 'invalid':
      settle(item, 'hindered', 'failed', error.message);
  }
}

/** Looks until the attachment is gone, or until reads must have caught up and still show it. */
async function hasLeft(run: Run, { interfaceId, attachmentId }: Leaving): Promise<boolean> {
  let left = false;
  await poll({
    run,
    until: run.clock.now() + STALENESS_MS,
    pending: () => (left ? [] : [interfaceId]),
    look: (_, view) => {
      left = view !== undefined && view.attachment?.id !== attachmentId;
    },
  });
  return left;
}

function waitUntilFree(run: Run, leaving: readonly Leaving[], until: number) {
  return poll({
    run,
    until,
    pending: () => stillWaiting(leaving).map((item) => item.interfaceId),
    look: (interfaceId, view) => {
      const item = leaving.find((each) => each.interfaceId === interfaceId);
      if (!item) return;
      if (!view) settle(item, 'changed', 'unknown', 'EC2 does not report the interface any more');
      else if (!view.attachment) settle(item, 'free', item.onFree);
      else if (view.attachment.id !== item.attachmentId)
        settle(item, 'changed', 'already-done', 'it has a new attachment');
    },
  });
}

function settle(item: Leaving, state: Leaving['state'], result: StepResult, reason?: string): void {
  item.state = state;
  item.problem = reason ?? '';
  item.finish(result, reason);
}

function outcomeOf(leaving: readonly Leaving[]): StepOutcome {
  const hindered = leaving.find((item) => item.state === 'hindered');
  if (hindered) return { kind: 'abandon', reason: hindered.problem };
  const throttled = leaving.some((item) => item.state === 'throttled');
  if (throttled || leaving.some((item) => item.state === 'uncertain' || item.state === 'changed')) {
    return { kind: 'look-again', throttled };
  }
  const waiting = stillWaiting(leaving).map((item) => item.interfaceId);
  if (waiting.length === 0) return { kind: 'done' };
  return { kind: 'interrupted', reason: `${waiting.join(' and ')} had not let go when the run's time was up` };
}
