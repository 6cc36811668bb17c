import { Places } from '../../../lib/engine/places.ts';
import { VirtualClock, withRandom } from '../../../lab/clock.ts';
import { Random } from '../../../lab/random.ts';
import { at, Stage } from '../../support/stage.ts';
import { pairs } from './pairs.ts';

const SECOND_MS = 1_000;

/** When an interface was attached anew, in milliseconds after a moment. */
function arrivals(stage: Stage, sinceMs: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  stage.world.onFact(({ kind, atMs, text }) => {
    const [id = '', state] = text.split(' ');
    if (kind === 'transition' && state === 'attached' && !found.has(id)) found.set(id, atMs - sinceMs);
  });
  return found;
}

describe('places', () => {
  const clock = new VirtualClock(0);
  const timed = withRandom(clock, new Random(1));

  it('should be given up by those that wait, and taken in order', async () => {
    const places = new Places(1);
    const order: string[] = [];
    const work = (name: string) =>
      places.take(timed, async (inside) => {
        order.push(`${name} begins`);
        await inside.sleep(SECOND_MS);
        order.push(`${name} goes on`);
      });
    await clock.run(Promise.all([work('a'), work('b')]));
    expect(order).toEqual(['a begins', 'b begins', 'a goes on', 'b goes on']);
  });

  it('should never hold more than there are', async () => {
    const places = new Places(3);
    let [busy, most] = [0, 0];
    const work = () =>
      places.take(timed, async () => {
        most = Math.max(most, (busy += 1));
        await timed.sleep(10);
        busy -= 1;
      });
    await clock.run(Promise.all(Array.from({ length: 10 }, work)));
    expect(most).toBe(3);
  });

  it('should be free again after work that failed', async () => {
    const places = new Places(1);
    const failing = places.take(timed, () => Promise.reject(new Error('no')));
    await expect(clock.run(failing)).rejects.toThrow('no');
    await expect(clock.run(places.take(timed, async () => 'served'))).resolves.toBe('served');
  });
});

describe('a sweep in which many groups are stuck', () => {
  it('should move the others meanwhile: those that wait for EC2 hold no place', async () => {
    const stage = new Stage({ latencies: { detachMs: [1_500, 1_500] } });
    const scenes = pairs(stage, 32);
    await stage.sweep();
    for (const scene of scenes) stage.world.stopInstance(scene.holder);
    // Whoever comes first in every order of the groups is stuck.
    for (const scene of scenes.slice(0, 30))
      stage.world.inject({
        action: 'AttachNetworkInterface',
        interfaceId: at(scene.interfaces, 0),
        fault: { kind: 'stuck' },
        times: 'always',
      });
    const found = arrivals(stage, stage.clock.now());
    await stage.sweep();
    const sound = scenes.slice(30).map((scene) => found.get(at(scene.interfaces, 0)) ?? Number.NaN);
    for (const ms of sound) expect(ms).toBeLessThanOrEqual(8 * SECOND_MS);
  });

  it('should look afresh when a turn comes late: what a person has decided meanwhile counts', async () => {
    const stage = new Stage();
    const scenes = pairs(stage, 45);
    await stage.sweep();
    for (const scene of scenes) stage.world.stopInstance(scene.holder);
    // The last one in the order of the groups' names.
    const last = at(scenes, 9);
    const startMs = stage.clock.now();
    // Every call about the others takes its time, so that the last one's turn comes after reads may lag.
    for (const scene of scenes.filter((each) => each !== last))
      stage.world.inject({
        action: 'CreateTags',
        interfaceId: at(scene.interfaces, 0),
        fault: { kind: 'slow', ms: 4_000 },
        times: 'always',
      });
    const eni = at(last.interfaces, 0);
    stage.clock.schedule(startMs + 3 * SECOND_MS, () => stage.world.retag(eni, { 'eni-failover:mode': 'manual' }));
    await stage.sweep();
    expect(stage.world.holderOf(eni)).toBe(last.holder);
  });
});

describe('a sweep that is cut off', () => {
  it('should have told of each group as soon as it was done', async () => {
    const stage = new Stage();
    const [first, second] = pairs(stage, 2).map((scene) => ({ ...scene, eni: at(scene.interfaces, 0) }));
    if (!first || !second) throw new Error('two groups');
    await stage.sweep();
    stage.announced.length = 0;
    for (const { holder } of [first, second]) stage.world.stopInstance(holder);
    stage.world.inject({
      action: 'DetachNetworkInterface',
      interfaceId: second.eni,
      fault: { kind: 'slow', ms: 100_000 },
      times: 'always',
    });
    const running = stage.app('cut-off').sweep({ runId: 'cut-off', remainingMs: 55_000 });
    running.catch(() => undefined);
    await stage.clock.advance(4 * SECOND_MS);
    expect(stage.announced).toMatchObject([{ group: first.group, operation: { result: 'done' } }]);
  });

  it('should end its calls before Lambda ends it', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    await stage.sweep();
    stage.world.stopInstance(scene.holder);
    stage.world.inject({ action: 'CreateTags', fault: { kind: 'slow', ms: 300_000 }, times: 'always' });
    const startMs = stage.clock.now();
    await stage.sweep({ remainingMs: 14_000 });
    expect(stage.clock.now() - startMs).toBeLessThanOrEqual(13_500);
  });

  it('should begin no move that its own wait for force would be cut off in', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    stage.world.stopInstance(scene.holder);
    const [result] = (await stage.sweep({ remainingMs: 20_000 })).groups;
    expect(result?.operation).toMatchObject({ result: 'interrupted', reason: expect.stringContaining('too little') });
    expect(stage.changes()).not.toContain('DetachNetworkInterface');
  });

  it('should name the groups it had no time for, and begin with them the next time', async () => {
    const stage = new Stage();
    const scenes = pairs(stage, 3);
    const app = stage.app('warm');
    const sweep = (remainingMs: number) => stage.clock.run(app.sweep({ runId: `run-${remainingMs}`, remainingMs }));
    await sweep(55_000);
    for (const scene of scenes) stage.world.stopInstance(scene.holder);
    const { groups } = await sweep(9_000);
    expect(groups.map(({ code }) => code)).toEqual(['not-reached', 'not-reached', 'not-reached']);
    expect(groups.every(({ news }) => news !== undefined)).toBe(true);
    const again = await sweep(9_001);
    expect(again.groups.every(({ news }) => news === undefined)).toBe(true);
    const after = await sweep(55_000);
    expect(after.groups.map(({ code }) => code)).toEqual(['failover', 'failover', 'failover']);
  });
});
