import { STALENESS_MS } from '../core/afterwards.ts';
import type { AttachmentView, EnaOptions, InterfaceView } from '../core/model.ts';
import type { Plan, ResourceMove } from '../core/plan.ts';
import { AwsCallError } from '../errors.ts';
import { poll } from './poll.ts';
import type { AttachRequest } from './ports.ts';
import type { Released } from './released.ts';
import { deniedSentence } from './rehearsals.ts';
import type { StepResult } from './result.ts';
import { type Run, timeLeftMs } from './run.ts';
import type { Finish, StepLog, StepOutcome, Undone } from './steps.ts';

/** How long an accepted attach has to be out of sight before it counts as undone, in milliseconds: reads may be that old. */
const UNDONE_AFTER_MS = 10_000;
/** The same for one that another run has made in the place of ours, which has come undone: this member has lost one already. */
const UNDONE_AGAIN_AFTER_MS = STALENESS_MS;

/** One interface on its way to its new holder. */
interface Entering {
  readonly interfaceId: string;
  /** What EC2 answered, or the one that has taken its place; absent when it was attached there before. */
  attachmentId?: string;
  readonly answeredAt: number;
  /** The one that EC2 answered has come undone: another run has attached the interface there anew. */
  replaced?: boolean;
  /** `lost`: not there; `undone`: it was accepted, and nothing came of it; `overdue`: EC2 does not bring it to its end. */
  state: 'waiting' | 'attached' | 'lost' | 'undone' | 'overdue';
  /** The attachment as seen last, and when. */
  seen?: AttachmentView;
  seenAt?: number;
  readonly finish: Finish;
}

/** What an attach has to know of the operation it belongs to. */
export interface Arrival {
  readonly log: StepLog;
  readonly released: Released;
  /** How long an attach may take, in milliseconds. */
  readonly stuckAfterMs: number;
  readonly isSuperseded: (view: InterfaceView) => boolean;
}

/**
 * Attaches the interfaces to the plan's target, the anchor first: EC2 accepts only one attach of an interface, so
 * whoever attaches the anchor has won every race for the group, and only then do the others follow. Then waits until
 * EC2 shows each of them attached there.
 */
export async function attachAll(run: Run, plan: Plan, arrival: Arrival): Promise<StepOutcome> {
  const { log } = arrival;
  const [anchor, ...followers] = plan.resources.filter(({ left }) => !left);
  if (!anchor) return { kind: 'done' };
  const first = await enter(run, plan.to, anchor, log);
  if ('kind' in first) return first;
  const rest = await Promise.all(followers.map((move) => enter(run, plan.to, move, log)));
  const entering = [first, ...rest].flatMap((result) => ('kind' in result ? [] : [result]));
  const settled = await waitUntilAttached(run, plan.to, entering, arrival);
  const failed = rest.find((result) => 'kind' in result);
  return failed && 'kind' in failed ? failed : settled;
}

async function enter(run: Run, instanceId: string, move: ResourceMove, log: StepLog): Promise<Entering | StepOutcome> {
  const { id: interfaceId, enter: device } = move;
  const open = { interfaceId, state: 'waiting' } as const;
  // It is there already; it is still waited for, because "attaching" is not "attached".
  if (!device) return { ...open, answeredAt: run.clock.now(), finish: () => undefined };
  const finish = log.begin('attach', interfaceId, instanceId);
  try {
    const attachmentId = await attachAsBefore(run, { interfaceId, instanceId, ...device }, log);
    return { ...open, attachmentId, answeredAt: run.clock.now(), finish };
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    const { result, outcome } = understand(instanceId, interfaceId, error);
    finish(result, error.message);
    const { deviceIndex, networkCardIndex } = device;
    const devices = [{ deviceIndex, networkCardIndex }];
    return outcome.kind === 'refused' && isAboutTheIndex(error) ? { ...outcome, devices } : outcome;
  }
}

/** EC2 declines an index that is taken, beyond the type, or withheld since a forced detach; another one may do. */
function isAboutTheIndex({ awsCode, message }: AwsCallError): boolean {
  return awsCode === 'InvalidParameterValue' && /device index|a number from/i.test(message);
}

/**
 * ENA Express and the queue count belong to the attachment, so they are asked for again. A target that does not take
 * them may take the interface without.
 */
async function attachAsBefore(run: Run, { ena, ...plain }: AttachRequest, log: StepLog): Promise<string> {
  if (!ena) return run.cloud.attach(plain);
  try {
    return await run.cloud.attach({ ...plain, ena });
  } catch (error) {
    // EC2's words for it are not documented: any refusal may be one of these.
    if (!(error instanceof AwsCallError) || (error.failure !== 'refused' && error.failure !== 'invalid')) throw error;
    const attachmentId = await run.cloud.attach(plain);
    const lost = `${plain.interfaceId} is attached to ${plain.instanceId} without ${inWords(ena)}, which it had before`;
    log.warnings.push(`${lost}: ${error.message}`);
    return attachmentId;
  }
}

function inWords({ express, queues }: EnaOptions): string {
  const parts = [...(express ? ['ENA Express'] : []), ...(queues === undefined ? [] : [`its ${queues} ENA queues`])];
  return parts.join(' and ');
}

/** What an attach that failed means. Never sent again blindly: an ambiguous one may have been ours and may have won. */
function understand(
  instanceId: string,
  interfaceId: string,
  error: AwsCallError,
): { result: StepResult; outcome: StepOutcome } {
  const denied = error.failure === 'denied';
  const reason = denied ? deniedSentence({ interfaceId, instanceId }, error.message) : error.message;
  const refused: StepOutcome = { kind: 'refused', instanceId, interfaceId, reason, ...(denied && { denied }) };
  switch (error.failure) {
    case 'refused':
      return { result: 'refused', outcome: refused };
    // Nothing may be left loose because one call was denied or wrong: another member may be allowed.
    case 'denied':
    case 'invalid':
      return { result: 'failed', outcome: refused };
    case 'gone':
      return {
        result: 'refused',
        outcome: error.awsCode.startsWith('InvalidInstanceID') ? refused : { kind: 'look-again' },
      };
    case 'ambiguous':
      return { result: 'unknown', outcome: { kind: 'look-again', unanswered: { instanceId, interfaceId, reason } } };
    case 'in-use':
    case 'conflict':
    case 'unavailable':
      return { result: 'unknown', outcome: { kind: 'look-again' } };
    case 'throttled':
      return { result: 'unknown', outcome: { kind: 'look-again', throttled: true } };
  }
}

async function waitUntilAttached(
  run: Run,
  instanceId: string,
  entering: readonly Entering[],
  arrival: Arrival,
): Promise<StepOutcome> {
  const open = (): readonly Entering[] => entering.filter(({ state }) => state === 'waiting');
  const end = await poll({
    run,
    isSuperseded: arrival.isSuperseded,
    until: run.clock.now() + Math.max(0, timeLeftMs(run)),
    pending: () => open().map((item) => item.interfaceId),
    look: (interfaceId, view) => {
      const item = entering.find((each) => each.interfaceId === interfaceId);
      if (item) judgeArrival(item, view, instanceId, run.clock.now(), arrival);
    },
  });
  if (end === 'superseded') return { kind: 'superseded' };
  const stuck = stuckOutcome(instanceId, entering);
  if (stuck) return stuck;
  if (entering.some(({ state }) => state === 'lost')) return { kind: 'look-again' };
  const waiting = open().map((item) => item.interfaceId);
  if (waiting.length === 0) return { kind: 'done' };
  return {
    kind: 'interrupted',
    reason: `${waiting.join(' and ')} had not been attached to ${instanceId} when the run's time was up`,
    ...undoneAtTheEnd(run, instanceId, open()),
  };
}

/** What a run has no time to wait for longer has come undone all the same: whoever comes next is to know. */
function undoneAtTheEnd({ clock }: Run, instanceId: string, open: readonly Entering[]): { undone?: Undone } {
  const gone = open.find(({ attachmentId, answeredAt, seenAt = answeredAt }) => {
    return attachmentId !== undefined && clock.now() - seenAt >= STALENESS_MS;
  });
  return gone ? { undone: { instanceId, reason: `the attach of ${gone.interfaceId} to it came undone` } } : {};
}

/** The member does not take what EC2 has granted it: another one has to, and the attachment is not waited for. */
function stuckOutcome(instanceId: string, entering: readonly Entering[]): StepOutcome | undefined {
  const failed = entering.filter(({ state }) => state === 'undone' || state === 'overdue');
  const [first] = failed;
  if (!first) return undefined;
  const what = first.state === 'undone' ? 'came undone' : 'does not end';
  const reason = `the attach of ${first.interfaceId} to it ${what}`;
  return { kind: 'stuck', instanceId, reason, attachmentIds: failed.flatMap(({ seen }) => seen?.id ?? []) };
}

function judgeArrival(
  item: Entering,
  view: InterfaceView | undefined,
  instanceId: string,
  now: number,
  { released, stuckAfterMs }: Arrival,
): void {
  const { attachment } = view ?? {};
  if (view && released.isOld(view, now)) return;
  const follows = attachment !== undefined && hasComeUndone(item, attachment);
  if (follows && item.attachmentId !== undefined) released.see(item.attachmentId);
  if (attachment?.instanceId === instanceId && (follows || attachment.id === (item.attachmentId ?? attachment.id))) {
    if (follows) Object.assign(item, { attachmentId: attachment.id, replaced: true });
    item.seen = attachment;
    item.seenAt = now;
    if (attachment.status === 'attached') conclude(item, 'attached', 'done');
    else if (now - (attachment.attachedAt ?? item.answeredAt) >= stuckAfterMs)
      conclude(item, 'overdue', 'failed', `it was still ${attachment.status} after ${stuckAfterMs / 1000} seconds`);
    return;
  }
  if (follows)
    return conclude(item, 'undone', 'failed', `it was accepted, and then attached to ${attachment.instanceId}`);
  // Nothing, or an attachment from before: until reads must have caught up, that is the past speaking.
  if (now - item.answeredAt < STALENESS_MS) return;
  if (attachment) conclude(item, 'lost', 'unknown', `it was seen attached to ${attachment.instanceId}`);
  else if (item.attachmentId === undefined) conclude(item, 'lost', 'unknown', 'it was seen attached to nothing');
  // Looks are not in order: one that shows nothing may be older than one that showed it on its way.
  else if (now - (item.seenAt ?? item.answeredAt) < (item.replaced ? UNDONE_AGAIN_AFTER_MS : UNDONE_AFTER_MS)) return;
  else conclude(item, 'undone', 'failed', 'it was accepted, and then attached to nothing');
}

/**
 * Whether an attachment came after the one that EC2 has granted this run, which then has ended without a word: several
 * runs that attach by turns would never see theirs out of sight. One that was being detached was ended by somebody.
 */
function hasComeUndone({ attachmentId, answeredAt, seen }: Entering, { id, attachedAt = 0 }: AttachmentView): boolean {
  if (attachmentId === undefined || id === attachmentId || seen?.status === 'detaching') return false;
  return attachedAt > (seen?.attachedAt ?? answeredAt);
}

function conclude(item: Entering, state: Entering['state'], result: StepResult, reason?: string): void {
  item.state = state;
  item.finish(result, reason);
}
