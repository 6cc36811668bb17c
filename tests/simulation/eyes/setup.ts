import { floating, member, type Scene } from '../../../demo/scenarios.ts';
import type { VirtualClock } from '../../../lab/clock.ts';
import { World } from '../../../lab/world/world.ts';
import { DEFAULT_SETTINGS } from '../../../lib/core/settings.ts';

const PREFIX = DEFAULT_SETTINGS.tagPrefix;

/** What is wrong with a probe, from a moment on and until another. */
export interface Illness {
  readonly probe: number;
  readonly fromMs: number;
  readonly untilMs: number;
  /** It sees nobody, takes whom it is asked about for silent, cannot be invoked, never answers, or lags. */
  readonly kind: 'blind' | 'liar' | 'throttled' | 'dead' | 'starved';
}

export interface Setup {
  readonly seed: number;
  readonly probes: 1 | 2;
  readonly members?: 2 | 3;
  readonly tags?: Readonly<Record<string, string>>;
  readonly ills?: readonly Illness[];
  /** The numbers of sweeps that do not come. */
  readonly missingStarts?: readonly number[];
  /** How much longer than usual an asynchronous invocation is on its way. */
  readonly sendsTakeMs?: number;
  /** AWS takes and notices as it was recorded on it, alarms reach the failover function; else minutes are seconds. */
  readonly recorded?: boolean;
  /** Nobody asks the probe about the interface. */
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

/** A group with one floating interface, about which the probe is asked unless it is unwatched. */
export function groupIn(world: World, { members = 2, unwatched = false, tags = {} }: Setup): Scene {
  const names = ['node-1', 'node-2', 'node-3'].slice(0, members);
  const instances = names.map((name) => member(world, name, { tags: { [`${PREFIX}group`]: 'web' } }));
  const scene = floating(world, 'web', instances);
  const asked = Object.entries({ ...(unwatched ? {} : { probe: 'tcp:443' }), ...tags });
  world.retag(scene.interfaces[0] ?? '', Object.fromEntries(asked.map(([key, text]) => [PREFIX + key, text])));
  return scene;
}
