import type { CallRequest, Fault } from './hooks.ts';
import type { WorldState } from './state.ts';

/** A fault that waits for calls: whoever makes them, and also for what somebody does by hand. */
export interface Injection {
  /** The action it waits for, such as `AttachNetworkInterface`. */
  readonly action: string;
  /** Narrows it down to calls about this instance; a detach is about the instance its attachment is on. */
  readonly instanceId?: string | undefined;
  /** Narrows it down to calls about this interface. */
  readonly interfaceId?: string | undefined;
  readonly fault: Fault;
  /** How many calls meet it. */
  readonly times: number | 'always';
  /** From this moment on nobody meets it. */
  readonly untilMs?: number | undefined;
}

/** What EC2 does with a transition that it has accepted: brings it to its end, never does, or undoes it. */
export type Course = 'normal' | 'stuck' | 'revert';

const TRANSITIONS = ['AttachNetworkInterface', 'DetachNetworkInterface'];
/** A dry run asks for permission only, so it meets only what meets a call on its way. */
const MET_BY_DRY_RUNS: readonly Fault['kind'][] = ['deny', 'throttle', 'slow', 'lost'];

/** The faults that wait for calls. Those for a number of times come before those for always; then the older one. */
export class Injections {
  readonly #waiting: { readonly injection: Injection; left: number }[] = [];

  /** @throws Error for a fault that the action cannot meet */
  add(injection: Injection): void {
    const { action, fault, times } = injection;
    const hasCourse = fault.kind === 'stuck' || fault.kind === 'revert';
    if (hasCourse && !TRANSITIONS.includes(action))
      throw new Error(`${action} begins nothing that could be ${fault.kind}`);
    const left = times === 'always' ? Infinity : times;
    if (!(left >= 1)) throw new Error(`a fault is met once at least, not ${times} times`);
    this.#waiting.push({ injection, left });
  }

  /** The fault that a call meets, which is then used up by one. */
  meet(world: WorldState, call: Pick<CallRequest, 'action' | 'input'>): Fault | undefined {
    const fitting = this.#waiting.filter(({ injection, left }) => left > 0 && fits(world, injection, call));
    const met = fitting.find(({ left }) => left !== Infinity) ?? fitting[0];
    if (met !== undefined && call.input['DryRun'] !== true) met.left -= 1;
    return met?.injection.fault;
  }
}

/** What becomes of a transition under a fault. */
export function courseOf(fault: Fault | undefined): Course {
  return fault?.kind === 'stuck' || fault?.kind === 'revert' ? fault.kind : 'normal';
}

function fits(
  world: WorldState,
  { action, instanceId, interfaceId, fault, untilMs = Infinity }: Injection,
  call: Pick<CallRequest, 'action' | 'input'>,
): boolean {
  if (call.action !== action || world.clock.now() >= untilMs) return false;
  if (call.input['DryRun'] === true && !MET_BY_DRY_RUNS.includes(fault.kind)) return false;
  // Force is what ends a transition that is stuck.
  if (call.input['Force'] === true && fault.kind === 'stuck') return false;
  const named = idsIn(world, call.input);
  return [instanceId, interfaceId].every((id) => id === undefined || named.includes(id));
}

/** Every id a call names, and for an attachment the two that it joins. */
function idsIn(world: WorldState, value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap((item) => idsIn(world, item));
  if (typeof value !== 'string') return [];
  const joined = world.interfaces.all().find(({ attachment }) => attachment?.id === value);
  return joined === undefined ? [value] : [joined.id, joined.attachment?.instanceId ?? ''];
}
