import type { NetworkInterface } from '../../lab/world/model.ts';
import type { CastGroup } from './build.ts';
import { TAG } from './build.ts';
import { DEPLOYED_TIMEOUT_MS } from './lambda.ts';
import { readLedgerTags } from './ledger-tags.ts';
import { couldHold, interfacesOf } from './liveness.ts';
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
 * is loose cannot be brought together with that part before the cooldown ends. A move that has begun is not held up. Nor
 * is what the member with that part can take itself: that takes nothing off anybody.
 */
export function isSpent(stage: Stage, group: CastGroup): boolean {
  const { world, scenario } = stage;
  const interfaces = interfacesOf(stage, group);
  const hosts = new Set(interfaces.flatMap(({ attachment }) => attachment?.instanceId ?? []));
  const running = [...hosts].filter((id) => world.instance(id)?.state === 'running');
  const [only] = hosts;
  const { phase, movesMs = [] } = readLedgerTags(interfaces[0]?.tags ?? {}) ?? {};
  if (running.length === 0 || phase !== 'steady') return false;
  if (hosts.size === 1 && only !== undefined && couldHold(stage, group, only)) return false;
  const number = (tag: string, fallback: number): number => {
    const text = interfaces[0]?.tags[TAG + tag] ?? '';
    return /^\d+$/.test(text) ? Number(text) : fallback;
  };
  const { cooldownSeconds, maxMoves } = scenario.settings;
  const sinceMs = world.clock.now() - number('cooldown', cooldownSeconds) * 1_000;
  const moves = movesMs.filter((atMs) => atMs > sinceMs && wasTried(stage, interfaces, atMs));
  return moves.length >= number('max-moves', maxMoves);
}

/** A move counts that asked EC2 to take something off somebody: what only the tags say excuses no outage. */
function wasTried({ world, scenario }: Stage, interfaces: readonly NetworkInterface[], atMs: number): boolean {
  const own = new Set(
    interfaces.flatMap(({ id }) => world.interfaces.history(id).map(({ value }) => value?.attachment?.id)),
  );
  return world.calls.some(
    ({ action, input, sentMs }) =>
      action === 'DetachNetworkInterface' &&
      own.has(input['AttachmentId'] as string) &&
      sentMs >= atMs - 2 * scenario.skewMs &&
      sentMs <= atMs + DEPLOYED_TIMEOUT_MS,
  );
}
