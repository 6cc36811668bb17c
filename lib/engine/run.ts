import type { Clock } from '../clock.ts';
import type { Settings } from '../core/settings.ts';
import type { Cloud } from './ports.ts';
import type { Step, StepKind, StepResult } from './result.ts';

/** Everything one invocation works with. */
export interface Run {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly settings: Settings;
  /** Lambda's request id: the same for every retry of one event. */
  readonly id: string;
  /** When Lambda ends the run, in milliseconds since the epoch. */
  readonly deadlineAt: number;
}

/** Kept back from the run's time for the last tag write and the reply. */
export const RESERVE_MS = 2_500;
/** A move is not begun with less than this: a detach, an attach and their records would hardly fit. */
export const LEAST_RUNWAY_MS = 8_000;

/**
 * How far a read may lag behind what was done (EC2 API Reference, "Eventual consistency"). Within this time after our
 * own change, a picture from before it proves nothing.
 */
export const STALENESS_MS = 5_000;

/** Time left to wait for AWS, in milliseconds; at most zero means: stop in good order now. */
export function timeLeftMs(run: Run): number {
  return run.deadlineAt - RESERVE_MS - run.clock.now();
}

/** The steps of one operation, in the order they were begun. */
export class StepLog {
  private readonly entries: { step: Step; readonly startedAt: number; open: boolean }[] = [];
  private readonly clock: Clock;
  readonly startedAt: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.startedAt = clock.now();
  }

  /** Notes that a step begins and returns the function that notes how it ended; until then it is `unknown`. */
  begin(kind: StepKind, interfaceId: string, instanceId?: string): (result: StepResult, reason?: string) => void {
    const startedAt = this.clock.now();
    const where = instanceId === undefined ? {} : { instanceId };
    const entry = {
      step: { kind, interfaceId, ...where, result: 'unknown', durationMs: 0 } as Step,
      startedAt,
      open: true,
    };
    this.entries.push(entry);
    return (result, reason) => {
      const why = reason === undefined ? {} : { reason };
      entry.step = { ...entry.step, result, durationMs: this.clock.now() - startedAt, ...why };
      entry.open = false;
    };
  }

  /** The steps as reported; one that is still open has taken until now. */
  steps(): readonly Step[] {
    const now = this.clock.now();
    return this.entries.map(({ step, startedAt, open }) => (open ? { ...step, durationMs: now - startedAt } : step));
  }

  /** Instances that were detached from by force, as far as is known: a reply that was lost counts. */
  forcedHolders(): ReadonlySet<string> {
    const forced = this.entries.filter(
      ({ step }) => step.kind === 'force-detach' && (step.result === 'done' || step.result === 'unknown'),
    );
    return new Set(forced.flatMap(({ step }) => step.instanceId ?? []));
  }
}
