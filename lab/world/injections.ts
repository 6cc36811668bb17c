import type { CallRequest, Fault } from './hooks.ts';

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

type Call = Pick<CallRequest, 'action' | 'input'>;

const TRANSITIONS = ['AttachNetworkInterface', 'DetachNetworkInterface'];
/** A dry run asks for permission only, so it meets only what meets a call on its way. */
const MET_BY_DRY_RUNS: readonly Fault['kind'][] = ['deny', 'throttle', 'slow', 'lost'];

/** The faults that wait for calls. Those for a number of times come before those for always; then the older one. */
export class Injections {
  readonly #waiting: { readonly injection: Injection; left: number }[] = [];
  readonly #now: () => number;
  readonly #joinedBy: (id: string) => readonly string[];

  /** @param joinedBy the interface and the instance that an attachment joins; nothing for any other text */
  constructor(now: () => number, joinedBy: (id: string) => readonly string[]) {
    this.#now = now;
    this.#joinedBy = joinedBy;
  }

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
  meet(call: Call): Fault | undefined {
    const fitting = this.#waiting.filter(({ injection, left }) => left > 0 && this.#fits(injection, call));
    const met = fitting.find(({ left }) => left !== Infinity) ?? fitting[0];
    if (met !== undefined && call.input['DryRun'] !== true) met.left -= 1;
    return met?.injection.fault;
  }

  #fits({ action, instanceId, interfaceId, fault, untilMs = Infinity }: Injection, call: Call): boolean {
    if (call.action !== action || this.#now() >= untilMs) return false;
    if (call.input['DryRun'] === true && !MET_BY_DRY_RUNS.includes(fault.kind)) return false;
    // Force is what ends a transition that is stuck.
    if (call.input['Force'] === true && fault.kind === 'stuck') return false;
    const named = textsIn(call.input).flatMap((text) => [text, ...this.#joinedBy(text)]);
    return [instanceId, interfaceId].every((id) => id === undefined || named.includes(id));
  }
}

/** What becomes of a transition under a fault. */
export function courseOf(fault: Fault | undefined): Course {
  return fault?.kind === 'stuck' || fault?.kind === 'revert' ? fault.kind : 'normal';
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn);
  return typeof value === 'string' ? [value] : [];
}
