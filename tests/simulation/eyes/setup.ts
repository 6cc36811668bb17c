import type { VirtualClock } from '../../../lab/clock.ts';
import { World } from '../../../lab/world/world.ts';

/** What is wrong with a probe, from a moment on and until another. */
export interface Illness {
  readonly probe: number;
  readonly fromMs: number;
  readonly untilMs: number;
  /**
   * It sees nobody, takes whom it is asked about for silent, cannot be invoked, cannot be invoked for one more look,
   * never answers, lags, or answers late.
   */
  readonly kind: 'blind' | 'liar' | 'throttled' | 'no-confirmation' | 'dead' | 'starved' | 'late';
  /** Whom a liar lies about: the holder of the first group, where nothing is said, or all. */
  readonly about?: 'all';
  /** How late it answers. */
  readonly lateMs?: number;
}

/** How many runs other functions of the account take, from a moment on and until another. */
export interface Busy {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly runs: number;
}

export interface Setup {
  readonly seed: number;
  readonly probes: 1 | 2;
  readonly members?: 2 | 3;
  /** Groups, each with a floating interface and a pair of its own; the first is the one that is looked at. */
  readonly groups?: number;
  /** Tags of the first group's interface, without their prefix. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly ills?: readonly Illness[];
  /** The numbers of sweeps that do not come. */
  readonly missingStarts?: readonly number[];
  /** How often each sweep comes; they have all of a minute to do so. */
  readonly starts?: number;
  /** The number of the sweep from which on each comes once again. */
  readonly startsUntil?: number;
  /** How many runs the account may have at once, and what others take of it. */
  readonly concurrency?: { readonly limit: number; readonly others: readonly Busy[] };
  /** How much longer than usual an asynchronous invocation is on its way. */
  readonly sendsTakeMs?: number;
  /** When that is over, if ever. */
  readonly sendsTakeUntilMs?: number;
  /** AWS takes and notices as it was recorded on it, alarms reach the failover function; else minutes are seconds. */
  readonly recorded?: boolean;
  /** Nobody asks the probe about any interface. */
  readonly unwatched?: boolean;
  /** A plain detach takes five seconds. */
  readonly slowDetach?: boolean;
  /** Of so many invocations one gets lost, comes twice, or comes half a minute late. */
  readonly oddSends?: { readonly every: number; readonly how: 'lost' | 'doubled' | 'late' };
}

/** A world in which AWS takes as long as the setup says. */
export function worldOf({ seed, recorded, slowDetach }: Setup, clock: VirtualClock): World {
  if (recorded) return new World({ clock, seed, profile: 'recorded' });
  const detachMs = slowDetach ? ([5_000, 5_000] as const) : ([1_000, 3_000] as const);
  const latencies = { callMs: [100, 300], attachMs: [1_000, 3_000], detachMs } as const;
  return new World({ clock, seed, profile: 'quick', latencies });
}
