import type { Random } from '../random.ts';
import type { CallRequest, Fault } from '../world/hooks.ts';
import { courseOf } from '../world/injections.ts';
import type { WorldState } from '../world/state.ts';
import { AwsError, ConnectionLost } from './errors.ts';
import { endDryRun, type Row, required } from './row.ts';
import { ACTIONS } from './table.ts';

/** What comes back over the connection: an output or an error of AWS. */
export type Reply =
  | { readonly requestId: string; readonly output: Readonly<Record<string, unknown>> }
  | { readonly requestId: string; readonly error: AwsError };

/**
 * Makes one call: it travels, arrives (and takes effect whether or not the client still waits), and its reply travels
 * back. Rejects with the signal's reason, or with {@link ConnectionLost} when no reply comes.
 */
export function call(world: WorldState, request: CallRequest): Promise<Reply> {
  const { clock, latencies } = world;
  const random = randomFor(world, request);
  const fault = world.faults.before(request) ?? world.injections.meet(request);
  const totalMs = random.int(...(changesAttachments(request) ? latencies.changeMs : latencies.callMs));
  const outboundMs = random.int(0, totalMs);
  const sentMs = clock.now();
  const lateMs = fault?.kind === 'apply-late' ? fault.ms : 0;
  const delayMs = fault?.kind === 'slow' ? fault.ms : fault?.kind === 'timeout' ? latencies.hangMs : 0;
  return new Promise((resolve, reject) => {
    const { signal } = request;
    const giveUp = (): void => reject(signal?.reason as Error);
    if (signal?.aborted) return giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
    clock.schedule(sentMs + outboundMs + lateMs, () => {
      const reply = arrive(world, request, fault, sentMs);
      clock.schedule(clock.now() + totalMs - outboundMs + delayMs, () => {
        signal?.removeEventListener('abort', giveUp);
        if (isLost(fault)) reject(new ConnectionLost(`no reply to ${request.action}`));
        else resolve(reply);
      });
    });
  });
}

/** A dry run is answered without a word to the instance. */
function changesAttachments({ action, input }: CallRequest): boolean {
  return /^(Attach|Detach)NetworkInterface$/.test(action) && input['DryRun'] !== true;
}

/** A dry run changes nothing, and so not the luck of other calls either. */
function randomFor({ random }: WorldState, { input }: CallRequest): Random {
  return input['DryRun'] === true ? random.dryRuns : random.calls;
}

/** Makes a call that takes no time: what somebody does by hand, where the way there does not matter. */
export function callAtOnce(world: WorldState, request: CallRequest): Reply {
  const fault = world.faults.before(request) ?? world.injections.meet(request);
  return arrive(world, request, fault, world.clock.now());
}

function isLost(fault: Fault | undefined): boolean {
  return fault?.kind === 'lost' || fault?.kind === 'timeout';
}

function arrive(world: WorldState, request: CallRequest, fault: Fault | undefined, sentMs: number): Reply {
  const { service, action, input, caller } = request;
  const requestId = randomFor(world, request).uuid();
  const reflectsMs = action.startsWith('Describe') ? readMoment(world) : undefined;
  const reply =
    fault?.kind === 'timeout'
      ? { requestId, error: new AwsError('timeout', 'The call never arrived.') }
      : { requestId, ...perform(world, request, fault, reflectsMs ?? world.clock.now()) };
  const outcome = 'error' in reply ? reply.error.name : 'ok';
  const atMs = world.clock.now();
  world.journal({ sentMs, atMs, requestId, service, action, input, outcome, fault: fault?.kind, reflectsMs, caller });
  return reply;
}

/** Reads are eventually consistent: they describe some moment of the recent past. */
function readMoment(world: WorldState): number {
  const ageMs = world.random.calls.int(0, world.staleReadsUpToMs);
  return Math.max(world.startedMs, world.clock.now() - ageMs);
}

type Outcome = { readonly output: Record<string, unknown> } | { readonly error: AwsError };

function perform(world: WorldState, request: CallRequest, fault: Fault | undefined, atMs: number): Outcome {
  try {
    const row = admit(world, request, fault);
    const { input } = request;
    endDryRun(input);
    return { output: row.handle(world, input, atMs, courseOf(fault)) as Record<string, unknown> };
  } catch (error) {
    if (error instanceof AwsError) return { error };
    throw error;
  }
}

/** How each service says that IAM refuses. */
const DENIED = { ec2: 'UnauthorizedOperation', cloudwatch: 'AccessDenied', events: 'AccessDeniedException' } as const;

/** Everything AWS checks before the action itself sees the call. */
function admit(world: WorldState, request: CallRequest, fault: Fault | undefined): Row {
  const { service, action, input } = request;
  const row = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (row?.service !== service)
    throw new AwsError('InvalidAction', `The action ${action} is not valid for this web service.`);
  if (fault?.kind === 'refuse') throw new AwsError(fault.code, fault.message, fault.status);
  checkRate(world, request, row, fault?.kind === 'throttle');
  for (const name of row.needs?.split(' ') ?? []) required(input[name], name.charAt(0).toLowerCase() + name.slice(1));
  const resources = row.resources(world, input);
  const needed = [action, ...(row.implies?.(input) ?? [])];
  const allowed = needed.every((each) => world.policy({ ...request, action: each, resources }));
  if (fault?.kind === 'deny' || !allowed) {
    throw new AwsError(DENIED[service], 'You are not authorized to perform this operation.');
  }
  checkMembers(action, input, row);
  return row;
}

function checkRate(world: WorldState, { service, action, input }: CallRequest, row: Row, forced: boolean): void {
  const bucket = row.bucket(input);
  const key = `${action}/${bucket.maximum}`;
  const admitted = !forced && world.buckets?.take(key, bucket, world.clock.now()) !== false;
  if (admitted) return;
  if (service === 'cloudwatch') throw new AwsError('Throttling', 'Rate exceeded');
  if (service === 'events') throw new AwsError('ThrottlingException', 'Rate exceeded');
  throw new AwsError('RequestLimitExceeded', 'Request limit exceeded.');
}

function checkMembers(action: string, input: object, row: Row): void {
  const known = row.members.split(' ');
  const unknown = pathsOf(input, '').find((path) => !known.includes(path));
  if (unknown === undefined) return;
  throw new AwsError('UnknownParameter', `The parameter ${unknown} is not recognized by ${action} in this lab`);
}

function pathsOf(value: unknown, prefix: string): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, prefix));
  if (typeof value !== 'object' || value instanceof Date) return [prefix];
  return Object.entries(value).flatMap(([key, item]) => pathsOf(item, prefix === '' ? key : `${prefix}.${key}`));
}
