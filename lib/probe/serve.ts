import type { RefusalOf } from './address.ts';
import { overCapacity } from './capacity.ts';
import { confirmNow } from './confirm.ts';
import {
  type ConfirmReply,
  type ProbeRequest,
  readProbeRequest,
  targetOf,
  type Watched,
  type WatchReply,
  type WatchRequest,
} from './protocol.ts';
import { type RoundsPorts, watchRounds } from './rounds.ts';

/** Kept for the reply: a call that Lambda ends is a call without one. */
const REPLY_MS = 500;

export interface ServePorts extends RoundsPorts {
  readonly refusalOf: RefusalOf;
  /** What the function has; it decides how much CPU it gets. */
  readonly memoryMb: number;
}

/**
 * The probe: answers one request.
 * @param remainingMs until Lambda ends the call.
 * @throws FailoverError `InvalidRequest` with every fault, before anything is asked.
 */
export async function serve(
  input: unknown,
  ports: ServePorts,
  remainingMs: number,
): Promise<WatchReply | ConfirmReply> {
  const request: ProbeRequest = readProbeRequest(input);
  return request.kind === 'confirm' ? confirmNow(request, ports) : watch(request, ports, remainingMs);
}

async function watch(request: WatchRequest, ports: ServePorts, remainingMs: number): Promise<WatchReply> {
  const { clock, memoryMb, refusalOf } = ports;
  const endsAt = clock.now() + Math.max(0, remainingMs - REPLY_MS);
  const refused = request.targets.flatMap((watched) => refusedIn(watched, refusalOf));
  const isRefused = new Set(refused.map(({ id }) => id));
  const targets = request.targets.filter(({ id }) => !isRefused.has(id));
  const rounds = await watchRounds({ ...request, targets }, ports, endsAt);
  const over = overCapacity(targets, memoryMb);
  return { version: 1, kind: 'watch', ...rounds, refused, ...(over && { overCapacity: over }) };
}

/** An own address or a witness that may not be asked is not heard, and speaks for nobody: that is told by itself. */
function refusedIn({ id, address, target }: Watched, refusalOf: RefusalOf): { id: string; reason: string }[] {
  const why = refusalOf(address, targetOf(target).port);
  return why === undefined ? [] : [{ id, reason: `The address of ${id} ${why}.` }];
}
