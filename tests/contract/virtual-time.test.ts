import { buildScenario } from '../../demo/scenarios.ts';
import { VirtualClock, withRandom } from '../../lab/clock.ts';
import { Random } from '../../lab/random.ts';
import { inProcessHandler, inProcessProtocol } from '../../lab/wire/in-process.ts';
import type { Fault } from '../../lab/world/hooks.ts';
import { World } from '../../lab/world/world.ts';
import { createCloud } from '../../lib/aws/index.ts';
import { failureOf } from './fixture.ts';

/**
 * The real SDK clients in virtual time: every pause and every deadline has to go through the injected clock, or these
 * cases would hang, take real seconds, or differ from run to run.
 */

type Wire = (world: World) => NonNullable<Parameters<typeof createCloud>[0]['transport']>;

const WIRES: [string, Wire][] = [
  ['the wire format', (world) => ({ requestHandler: inProcessHandler(world, 'test') })],
  ['typed calls', (world) => inProcessProtocol(world, 'test')],
];

describe.each(WIRES)('over %s', (_, wire) => {
  function rig(seed = 1) {
    const clock = new VirtualClock(Date.UTC(2026, 7, 20));
    const world = new World({ clock, seed, profile: 'quick' });
    const scene = buildScenario('pair', world);
    const budget = { deadlineAt: Number.POSITIVE_INFINITY };
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const cloud = createCloud({
      clock: withRandom(clock, new Random(seed)),
      budget,
      region: world.region,
      credentials,
      transport: wire(world),
    });
    const attempts = (action: string) => world.calls.filter((call) => call.action === action).length;
    /** The first calls of this action meet the fault. */
    const spoil = (action: string, fault: Fault, times = Number.POSITIVE_INFINITY) => {
      world.faults = { before: (call) => (call.action === action && attempts(action) < times ? fault : undefined) };
    };
    return { clock, world, scene, budget, cloud, attempts, spoil };
  }

  it('should move the interface', async () => {
    const { clock, world, scene, cloud } = rig();
    await clock.run(
      (async () => {
        const {
          views: [floating],
        } = await cloud.interfaces([scene.group]);
        await cloud.detach(floating?.attachment?.id ?? '', false);
        await clock.sleep(5_000);
        const standby = (await cloud.members(scene.group)).views.find(({ id }) => id !== scene.holder);
        const request = { interfaceId: floating?.id ?? '', instanceId: standby?.id ?? '', deviceIndex: 1 };
        await cloud.attach({ ...request, networkCardIndex: 0 });
        await cloud.writeTags([floating?.id ?? ''], { 'eni-failover-state:holder': standby?.id ?? '' });
      })(),
    );
    const holder = world.holderOf(scene.interfaces[0] ?? '');
    expect(scene.members).toContain(holder);
    expect(holder).not.toBe(scene.holder);
    expect(world.interface(scene.interfaces[0] ?? '')?.tags).toMatchObject({ 'eni-failover-state:holder': holder });
  });

  it('should outlast a throttle, at the same moments in every run', async () => {
    const moments = async () => {
      const { clock, world, cloud, spoil } = rig(7);
      spoil('DescribeInstances', { kind: 'throttle' }, 3);
      await clock.run(cloud.members());
      return world.calls.map(({ atMs, outcome }) => [atMs, outcome]);
    };
    const first = await moments();
    expect(first.map(([, outcome]) => outcome)).toEqual([
      'RequestLimitExceeded',
      'RequestLimitExceeded',
      'RequestLimitExceeded',
      'ok',
    ]);
    expect(await moments()).toEqual(first);
  });

  it('should send a change whose reply is lost once, and call it ambiguous', async () => {
    const { clock, world, scene, cloud, attempts, spoil } = rig();
    spoil('DetachNetworkInterface', { kind: 'lost' });
    const { attachment } = world.interface(scene.interfaces[0] ?? '') ?? {};
    const error = await clock.run(failureOf(cloud.detach(attachment?.id ?? '', false)));
    expect(error.failure).toBe('ambiguous');
    expect(attempts('DetachNetworkInterface')).toBe(1);
    expect(world.interface(scene.interfaces[0] ?? '')?.attachment?.status).toBe('detaching');
  });

  it('should try a read again that is not answered, until the call or the run ends', async () => {
    const { clock, budget, cloud, attempts, spoil } = rig();
    spoil('DescribeNetworkInterfaces', { kind: 'timeout' });
    const startedAt = clock.now();
    expect(await clock.run(failureOf(cloud.interfaces()))).toMatchObject({ failure: 'unavailable' });
    expect([clock.now() - startedAt, attempts('DescribeNetworkInterfaces')]).toEqual([15_000, 2]);
    budget.deadlineAt = clock.now() + 4_000;
    expect((await clock.run(failureOf(cloud.interfaces()))).awsCode).toBe('TimeoutError');
    expect(clock.now() - startedAt).toBe(19_000);
    expect((await clock.run(failureOf(cloud.interfaces()))).awsCode).toBe('NoTimeLeft');
  });

  it('should stop repeating when the run ends', async () => {
    const { clock, budget, cloud, attempts, spoil } = rig();
    spoil('DescribeInstances', { kind: 'throttle' });
    budget.deadlineAt = clock.now() + 1_500;
    expect((await clock.run(failureOf(cloud.members()))).failure).toBe('throttled');
    expect(clock.now()).toBeLessThanOrEqual(budget.deadlineAt);
    expect(attempts('DescribeInstances')).toBeLessThan(5);
  });
});
