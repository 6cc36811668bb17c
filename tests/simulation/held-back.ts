import type { CastGroup } from './build.ts';
import { TAG } from './build.ts';
import { readLedgerTags } from './ledger-tags.ts';
import { interfacesOf } from './liveness.ts';
import type { Stage } from './stage.ts';

/** Paused, or in manual mode: people have asked for nothing to be done. */
export function isHeldBack(stage: Stage, group: CastGroup): boolean {
  const now = stage.world.clock.now();
  return interfacesOf(stage, group).some(({ tags }) => {
    const until = readLedgerTags(tags)?.pausedUntilMs;
    return tags[`${TAG}mode`] === 'manual' || (until !== undefined && until > now);
  });
}

/**
 * A part of the group is on a member that runs, and automation has taken as much off its members lately as it may: what
 * is loose cannot be brought together with that part before the cooldown ends. A move that has begun is not held up.
 */
export function isSpent(stage: Stage, group: CastGroup): boolean {
  const { world, scenario } = stage;
  const interfaces = interfacesOf(stage, group);
  const apart = interfaces.some(({ attachment }) => world.instance(attachment?.instanceId ?? '')?.state === 'running');
  const { phase, movesMs = [] } = readLedgerTags(interfaces[0]?.tags ?? {}) ?? {};
  if (!apart || phase !== 'steady') return false;
  const number = (tag: string, fallback: number): number => {
    const text = interfaces[0]?.tags[TAG + tag] ?? '';
    return /^\d+$/.test(text) ? Number(text) : fallback;
  };
  const { cooldownSeconds, maxMoves } = scenario.settings;
  const sinceMs = world.clock.now() - number('cooldown', cooldownSeconds) * 1_000;
  return movesMs.filter((atMs) => atMs > sinceMs).length >= number('max-moves', maxMoves);
}
