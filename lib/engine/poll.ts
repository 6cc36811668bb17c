import type { InterfaceView, Listing } from '../core/model.ts';
import { AwsCallError } from '../errors.ts';
import { type Run, timeLeftMs } from './run.ts';

const SHORTEST_MS = 200;
const LONGEST_MS = 2_000;
/** A wait costs this share of what has been waited already: a short wait is noticed soon, a long one asks rarely. */
const GROWTH = 0.08;
const JITTER = 0.2;

/** The pause before the next look, in milliseconds, after having waited `waitedMs`. */
export function pollIntervalMs(waitedMs: number, random: number): number {
  const base = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, waitedMs * GROWTH));
  return Math.round(base * (1 - JITTER + 2 * JITTER * random));
}

/** `superseded`: a look showed that a person has replaced the operation. */
export type PollEnd = 'settled' | 'expired' | 'out-of-time' | 'superseded';

export interface Poll {
  readonly run: Run;
  /** Asked anew before each look. Empty: settled. */
  readonly pending: () => readonly string[];
  /** Takes one look; an interface EC2 no longer reports is undefined. */
  readonly look: (interfaceId: string, view: InterfaceView | undefined) => void;
  /** Whether this look shows that somebody else's operation has taken the place of the one that polls. */
  readonly isSuperseded?: (view: InterfaceView) => boolean;
  /** Give up at this time, in milliseconds since the epoch. */
  readonly until: number;
}

/**
 * Looks at the pending interfaces, all in one read, until none is pending or time is up. The first look follows at
 * once: EC2 answers a detach or an attach on a stopped instance when it is done, and a healthy guest is quick.
 */
export async function poll({ run, pending, look, until, isSuperseded = () => false }: Poll): Promise<PollEnd> {
  const startedAt = run.clock.now();
  for (let looks = 0; ; looks += 1) {
    const ids = pending();
    if (ids.length === 0) return 'settled';
    const now = run.clock.now();
    if (now >= until) return 'expired';
    const pauseMs = looks === 0 ? 0 : Math.min(pollIntervalMs(now - startedAt, run.clock.random()), until - now);
    if (pauseMs >= timeLeftMs(run)) return 'out-of-time';
    if (pauseMs > 0) await run.clock.sleep(pauseMs);
    const found = await readLeniently(run, ids);
    if (!found) continue;
    const { views, unreadable } = found;
    if (views.some(isSuperseded)) return 'superseded';
    const byId = new Map(views.map((view) => [view.id, view]));
    // What cannot be understood is there all the same, and must not pass for what EC2 no longer reports.
    const seen = ids.filter((id) => byId.has(id) || unreadable.length === 0);
    for (const id of seen) look(id, byId.get(id));
  }
}

/** A look that could not be taken is only a look missed, unless IAM forbids looking. */
async function readLeniently(run: Run, ids: readonly string[]): Promise<Listing<InterfaceView> | undefined> {
  try {
    return await run.cloud.interfacesById(ids);
  } catch (error) {
    if (error instanceof AwsCallError && error.failure !== 'denied' && error.failure !== 'invalid') return undefined;
    throw error;
  }
}
