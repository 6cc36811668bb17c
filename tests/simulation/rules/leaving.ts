import type { NetworkInterface } from '../../../lab/world/model.ts';
import { groupNumber, type Act, askedToMove } from './rule.ts';

const ENDING: readonly string[] = ['stopping', 'stopped', 'shutting-down', 'terminated'];

/** Whether the sender could have read that an instance has failed or is about to go, or was told to leave it. */
export function mayLeave(act: Act, instanceId: string): boolean {
  return askedToMove(act) || isSpotWarned(act, instanceId) || readAsFailed(act, instanceId);
}

/** Stopped or gone, by the last read: it serves nobody. */
export function readAsStopped({ view, world }: Act, instanceId: string): boolean {
  const member = view.member(instanceId);
  if (member) return ENDING.includes(member.state);
  // One that has lost its tags is looked at by its id.
  const state = world.instance(instanceId)?.state;
  return state === undefined || state === 'shutting-down' || state === 'terminated';
}

/** Automation with nothing but status checks to go by has to see them fail for a while, whatever made it look. */
export function impairedTooShortly(act: Act, instanceId: string): boolean {
  const { invocation, view, call, skewMs } = act;
  if (invocation.cause.kind === 'request' || isSpotWarned(act, instanceId)) return false;
  if (readAsStopped(act, instanceId) || isAlarmed(act, instanceId)) return false;
  const dueMs = groupNumber(act, 'impaired-after') * 1_000;
  return !view
    .checks(instanceId)
    .some(({ impairedSinceMs }) => impairedSinceMs !== undefined && impairedSinceMs + dueMs <= call.sentMs + skewMs);
}

/** By the last read nobody there answers: its checks fail, an alarm says so, or it is gone. */
export function readAsSilent(act: Act, instanceId: string): boolean {
  const { state } = act.view.member(instanceId) ?? {};
  const stopped = state === 'stopping' || state === 'stopped';
  return !stopped && readAsFailed(act, instanceId);
}

function readAsFailed(act: Act, instanceId: string): boolean {
  if (readAsStopped(act, instanceId) || isAlarmed(act, instanceId)) return true;
  return act.view.checks(instanceId).some(({ verdict }) => verdict === 'impaired');
}

function isAlarmed({ view, muted, invocation, features }: Act, instanceId: string): boolean {
  // The sweep asks for mutes; an event says itself that its alarm is muted, and then nothing follows.
  const asks = features.has('mutes-everywhere') || invocation.cause.kind === 'sweep';
  const counts = (name: string): boolean => !asks || (muted.get(name) ?? Number.POSITIVE_INFINITY) > invocation.startMs;
  return view.alarms(instanceId).some((raised) => raised.some(counts));
}

/** A notice counts for three minutes. */
const NOTICE_LASTS_MS = 180_000;
/** EC2 truly gave notice not long ago, and this very event says so: what only the ledger says is no reason to leave. */
function isSpotWarned(act: Act, instanceId: string): boolean {
  const given = act.warned.get(instanceId) ?? [];
  // By its last look: what is begun within the time may take longer.
  const recent = given.some((atMs) => act.view.lookedMs - atMs <= NOTICE_LASTS_MS + act.skewMs);
  return recent && wasToldBy(act, instanceId);
}

function wasToldBy({ invocation: { cause } }: Act, instanceId: string): boolean {
  return cause.kind === 'event' && cause.detailType.startsWith('EC2 Spot') && cause.instanceId === instanceId;
}

function noted({ view }: Act, instanceId: string): readonly number[] {
  return (view.ledger()?.notices ?? []).filter((notice) => notice.instanceId === instanceId).map(({ atMs }) => atMs);
}

/** Whether the sender must have known that EC2 is about to take this instance back. */
export function knownToLeave(act: Act, instanceId: string): boolean {
  return noted(act, instanceId).some((atMs) => act.call.sentMs - atMs <= NOTICE_LASTS_MS - act.skewMs);
}

export function servedByNobody(act: Act): boolean {
  return (act.view.interfaces() ?? []).every((view) => !isServed(act, view));
}

/** What hangs on its way to a member, or is on its way off one, is served by nobody. */
export function isServed(act: Act, { attachment }: NetworkInterface): boolean {
  if (attachment === undefined || attachment.status === 'detaching') return false;
  const hangs = attachment.status === 'attaching' && attachment.stuck;
  return !hangs && !readAsStopped(act, attachment.instanceId);
}
