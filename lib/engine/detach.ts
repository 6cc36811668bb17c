import { STALENESS_MS } from '../core/afterwards.ts';
import type { InterfaceView } from '../core/model.ts';
import type { ResourceMove } from '../core/plan.ts';
import { AwsCallError } from '../errors.ts';
import { beginLeaving, type Leaving, settle, settleAsChanged, stillWaiting } from './leaving.ts';
import { poll, type PollEnd } from './poll.ts';
import type { Released } from './released.ts';
import { type Run, timeLeftMs } from './run.ts';
import type { StepLog, StepOutcome } from './steps.ts';

/** EC2's words for an instance that can be asked for nothing just now ("Error codes", EC2 API Reference). */
const BETWEEN_STATES: ReadonlySet<string> = new Set([
  'IncorrectState',
  'IncorrectInstanceState',
  'UnsupportedOperation',
]);

/** What a detach has to know of the operation it belongs to. */
export interface Parting {
  readonly log: StepLog;
  readonly released: Released;
  /** How long a plain detach from this instance may take before it is forced, in milliseconds. */
  readonly forceAfterMs: (instanceId: string) => number;
  /** From when the detach of an attachment counts that this run has not sent itself, in milliseconds since the epoch. */
  readonly since: (attachmentId: string) => number;
  readonly isSuperseded: (view: InterfaceView) => boolean;
  /** Whether an instance is shutting down, terminated or forgotten. */
  readonly isGone: (instanceId: string) => boolean;
}

/** Some are free, or were; these are not let go, and the others go on without them. */
export interface Hanging {
  readonly kind: 'hanging';
  readonly interfaceIds: readonly string[];
}

/** A forced detach takes seconds where it takes any effect, a plain one mostly, too; for so long the others wait, in ms. */
const OTHERS_WAIT_MS = 10_000;

/**
 * Takes every interface that has to leave off its instance, all at once: a plain detach, and a forced one for those
 * that are still there when patience ends. A detach names the attachment that was observed, so a late one can never
 * take the interface from a newer holder.
 */
export async function detachAll(
  run: Run,
  moves: readonly ResourceMove[],
  parting: Parting,
): Promise<StepOutcome | Hanging> {
  const leaving = moves.flatMap((move) => beginLeaving(move));
  const atOnce = ({ overdue, instanceId }: Leaving): boolean => overdue || parting.forceAfterMs(instanceId) === 0;
  await Promise.all(leaving.map((item) => requestDetach(run, item, atOnce(item), parting)));
  while (stillWaiting(leaving).some(({ forced }) => !forced)) {
    const forceAtMs = nextForceAt(run, leaving, parting);
    // Where nothing is to be forced, nothing ends the wait but the run's time; what is free does not wait so long.
    const isPlain = forceAtMs === Number.POSITIVE_INFINITY;
    const end = await waitUntilFree(run, leaving, isPlain ? run.clock.now() + OTHERS_WAIT_MS : forceAtMs, parting);
    if (end !== 'expired') break;
    if (isPlain && moves.some((move) => isFree(move, leaving))) return leaveHanging(leaving);
    const now = run.clock.now();
    const due = stillWaiting(leaving).filter((item) => !item.forced && forceAt(run, item, parting) <= now);
    await Promise.all(due.map((item) => requestDetach(run, item, true, parting)));
  }
  for (;;) {
    const untilMs = run.clock.now() + Math.min(OTHERS_WAIT_MS, Math.max(0, timeLeftMs(run)));
    const end = await waitUntilFree(run, leaving, untilMs, parting);
    if (end === 'superseded') return { kind: 'superseded' };
    const outcome = outcomeOf(leaving, parting);
    if (outcome.kind !== 'interrupted' || end !== 'expired' || timeLeftMs(run) <= 0) return outcome;
    if (moves.some((move) => isFree(move, leaving))) return leaveHanging(leaving);
  }
}

/** Whether it is attached to nothing, and is to be attached. */
function isFree({ id, enter, leave }: ResourceMove, leaving: readonly Leaving[]): boolean {
  return enter !== undefined && (!leave || leaving.some((item) => item.interfaceId === id && item.state === 'free'));
}

/** The others do not wait for what not even force has ended, or what is not to be forced: what is free is to serve. */
function leaveHanging(leaving: readonly Leaving[]): Hanging {
  const hanging = stillWaiting(leaving);
  for (const item of hanging) {
    const why = item.forced ? 'not even force has ended it' : 'it was not let go';
    item.finish('failed', `${why}, and the others do not wait for it`);
  }
  return { kind: 'hanging', interfaceIds: hanging.map(({ interfaceId }) => interfaceId) };
}

/** An earlier run of this process may have asked for it: where the tags are refused, nobody else remembers when. */
function forceAt(run: Run, { acceptedAt, attachmentId, instanceId }: Leaving, parting: Parting): number {
  const { forceAfterMs, released, since } = parting;
  const asked = acceptedAt ?? released.whenAsked(attachmentId) ?? run.process.leaving.get(attachmentId);
  return (asked ?? since(attachmentId)) + forceAfterMs(instanceId);
}

const nextForceAt = (run: Run, leaving: readonly Leaving[], parting: Parting): number =>
  Math.min(...stillWaiting(leaving).flatMap((item) => (item.forced ? [] : [forceAt(run, item, parting)])));

/** An attachment id is never used again, so that what is known of one cannot become wrong; what is old is let go. */
function noteLeaving({ process: { leaving }, clock }: Run, attachmentId: string, at: number): void {
  if (leaving.has(attachmentId)) return;
  for (const [id, before] of leaving) if (clock.now() - before > LEAVING_LASTS_MS) leaving.delete(id);
  leaving.set(attachmentId, at);
}

/** Longer than the longest patience that can be set. */
const LEAVING_LASTS_MS = 60 * 60_000;

async function requestDetach(run: Run, item: Leaving, force: boolean, parting: Parting): Promise<void> {
  const { log, released } = parting;
  if (force) item.finish('failed', 'it was not detached in time');
  item.finish = log.begin(force ? 'force-detach' : 'detach', item.interfaceId, item.instanceId);
  item.forced = force;
  if (item.detaching && !force) return noteLeaving(run, item.attachmentId, parting.since(item.attachmentId));
  released.ask(item.attachmentId, run.clock.now());
  try {
    await run.cloud.detach(item.attachmentId, force);
    item.acceptedAt = run.clock.now();
    noteLeaving(run, item.attachmentId, item.acceptedAt);
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    item.acceptedAt = run.clock.now();
    if (error.failure !== 'ambiguous' && error.failure !== 'gone') released.refuse(item.attachmentId);
    await understand(run, item, error, parting);
  }
}

/** What a detach that failed means: it may well have happened, by us or by somebody else. */
async function understand(run: Run, item: Leaving, error: AwsCallError, { isGone }: Parting): Promise<void> {
  switch (error.failure) {
    case 'gone':
      item.onFree = 'already-done';
      return;
    case 'conflict':
    case 'in-use':
      return;
    case 'denied':
      // Under a tag-conditioned policy a vanished attachment is "denied" too, having no tags to match: look again.
      await lookWhetherItLeft(run, item);
      if (item.state !== 'waiting') return;
      // And so is one to an instance that is gone and has lost its tags: EC2 lets go of it by itself.
      if (!isGone(item.instanceId)) settle(item, 'hindered', 'failed', error.message);
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
      if (BETWEEN_STATES.has(error.awsCode)) return;
      settle(item, 'hindered', 'refused', error.message);
      return;
    case 'invalid':
      settle(item, 'hindered', 'failed', error.message);
  }
}

/** Looks until the attachment is gone, or until reads must have caught up and still show it. */
async function lookWhetherItLeft(run: Run, item: Leaving): Promise<void> {
  await poll({
    run,
    until: run.clock.now() + STALENESS_MS,
    pending: () => (item.state === 'waiting' ? [item.interfaceId] : []),
    look: (_, view) => {
      if (view && !view.attachment) settle(item, 'free', 'already-done');
      else if (view && view.attachment?.id !== item.attachmentId) settleAsChanged(item);
    },
  });
}

function waitUntilFree(
  run: Run,
  leaving: readonly Leaving[],
  until: number,
  { released, isSuperseded }: Parting,
): Promise<PollEnd> {
  return poll({
    run,
    until,
    isSuperseded,
    pending: () => stillWaiting(leaving).map((item) => item.interfaceId),
    look: (interfaceId, view) => {
      const item = leaving.find((each) => each.interfaceId === interfaceId);
      if (!item) return;
      if (view && view.attachment?.id !== item.attachmentId) released.see(item.attachmentId);
      if (!view) settle(item, 'changed', 'unknown', 'EC2 does not report the interface any more');
      else if (!view.attachment) settle(item, 'free', item.onFree);
      else if (view.attachment.id !== item.attachmentId) settleAsChanged(item);
    },
  });
}

function outcomeOf(leaving: readonly Leaving[], { isGone, forceAfterMs }: Parting): StepOutcome {
  const kept = leaving.filter((item) => item.state === 'hindered');
  const [hindered] = kept;
  if (hindered) {
    const attachmentIds = kept.map(({ attachmentId }) => attachmentId);
    return { kind: 'abandon', instanceId: hindered.instanceId, reason: hindered.problem, attachmentIds };
  }
  const throttled = leaving.some((item) => item.state === 'throttled');
  if (throttled || leaving.some((item) => item.state === 'uncertain' || item.state === 'changed')) {
    return { kind: 'look-again', throttled };
  }
  const waiting = stillWaiting(leaving).map((item) => item.interfaceId);
  if (waiting.length === 0) return { kind: 'done' };
  const forced = leaving.filter((item) => item.state === 'waiting' && item.forced);
  const from = [...new Set(stillWaiting(leaving).map((item) => item.instanceId))];
  if (from.every((id) => forceAfterMs(id) === Number.POSITIVE_INFINITY)) {
    const what = `The plain detach of ${waiting.join(' and ')} from ${from.join(' and ')} has not ended`;
    return {
      kind: 'detaching',
      reason: `${what}. It is waited for in every sweep; a failover request or a switchover with force ends the wait.`,
    };
  }
  // What EC2 takes off an instance by force and still shows there is freed when the instance stops.
  const toStop = [...new Set(forced.map(({ instanceId }) => instanceId))].filter((id) => !isGone(id)).join(' and ');
  const advice = toStop === '' ? '' : `: stop ${toStop}, and it will`;
  const remedy = forced.length > 0 ? `, not even by force${advice}` : '';
  return { kind: 'interrupted', reason: `${waiting.join(' and ')} had not let go when the run's time was up${remedy}` };
}
