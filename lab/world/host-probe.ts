import { change } from './instances.ts';
import type { Instance, Range } from './model.ts';
import type { WorldState } from './state.ts';

/**
 * Somebody who knows whether a real host stands behind an instance and answers. EC2's instance check asks by ARP
 * (Amazon EC2 User Guide, "Status checks for your instances").
 */
export interface HostProbe {
  /** Never rejects; undefined when it could not be asked, which says nothing. */
  answers(instanceId: string): Promise<boolean | undefined>;
}

/** How the instance check follows what the host does. */
export interface CheckCadence {
  /** From one look to the next, in milliseconds. */
  readonly everyMs: number;
  /** How long a host has to be silent until its check fails. */
  readonly failsAfterMs: Range;
  /** How long it has to answer again until its check is passed. */
  readonly passesAfterMs: Range;
}

interface Sight {
  readonly answers: boolean;
  readonly sinceMs: number;
  readonly turnsAfterMs: number;
}

/** From now on the instance checks of a world say what real hosts do. @returns a function that ends it */
export function watchHosts(world: WorldState, probe: HostProbe, cadence: CheckCadence): () => void {
  const sights = new Map<string, Sight>();
  let cancel = (): void => undefined;
  let over = false;
  const look = async (): Promise<void> => {
    const running = world.instances.all().filter(({ state }) => state === 'running');
    await Promise.all(
      running.map(async ({ id }) => {
        const answers = await probe.answers(id);
        if (!over && answers !== undefined) see(world, sights, id, answers, cadence);
      }),
    );
    if (!over) cancel = world.clock.schedule(world.clock.now() + cadence.everyMs, () => void look(), true);
  };
  void look();
  return () => {
    over = true;
    cancel();
  };
}

function see(world: WorldState, sights: Map<string, Sight>, id: string, answers: boolean, cadence: CheckCadence): void {
  const nowMs = world.clock.now();
  const before = sights.get(id);
  if (before?.answers !== answers) {
    const range = answers ? cadence.passesAfterMs : cadence.failsAfterMs;
    sights.set(id, { answers, sinceMs: nowMs, turnsAfterMs: world.random.latency.int(...range) });
  }
  const { sinceMs, turnsAfterMs } = sights.get(id) as Sight;
  const fails = (world.instances.get(id)?.impairedSinceMs.instance ?? Infinity) <= nowMs;
  if (fails === !answers || nowMs < sinceMs + turnsAfterMs) return;
  // DescribeInstanceStatus is behind the check by as much as the world's profile says.
  const shownMs = Math.max(nowMs, sinceMs + world.random.checks.int(...world.latencies.shownMs));
  change(world, id, ({ impairedSinceMs, shownSinceMs }) => ({
    impairedSinceMs: turned(impairedSinceMs, answers, nowMs),
    shownSinceMs: { ...shownSinceMs, instance: shownMs },
  }));
  world.tell('fault', `${id} ${answers ? 'passes its instance check again' : 'fails its instance check'}`, {
    instanceId: id,
    check: 'instance',
    fails: !answers,
  });
}

function turned(before: Instance['impairedSinceMs'], answers: boolean, nowMs: number): Instance['impairedSinceMs'] {
  const { instance: _, ...others } = before;
  return answers ? others : { ...others, instance: nowMs };
}
