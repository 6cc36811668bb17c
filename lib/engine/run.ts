import type { Clock } from '../clock.ts';
import type { Settings } from '../core/settings.ts';
import type { Cloud } from './ports.ts';
import type { Rehearsals } from './rehearsals.ts';

/** Everything one invocation works with. */
export interface Run {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly settings: Settings;
  /** Lambda's request id: the same for every retry of one event. */
  readonly id: string;
  /** When Lambda ends the run, in milliseconds since the epoch. */
  readonly deadlineAt: number;
  /** What EC2 said of attaches before they were made. */
  readonly rehearsals: Rehearsals;
}

/** Kept back from the run's time for the last tag write and the reply. */
export const RESERVE_MS = 2_500;
/** A move is not begun with less than this: a detach, an attach and their records would hardly fit. */
export const LEAST_RUNWAY_MS = 8_000;

/** Time left to wait for AWS, in milliseconds; at most zero means: stop in good order now. */
export function timeLeftMs(run: Run): number {
  return run.deadlineAt - RESERVE_MS - run.clock.now();
}
