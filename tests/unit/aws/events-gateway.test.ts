import { VirtualClock, withRandom } from '../../../lab/clock.ts';
import { Random } from '../../../lab/random.ts';
import { inProcessHandler } from '../../../lab/wire/in-process.ts';
import type { BusEvent } from '../../../lab/world/model.ts';
import { World } from '../../../lab/world/world.ts';
import { createEventBus } from '../../../lib/aws/events-gateway.ts';

function place() {
  const clock = new VirtualClock(Date.UTC(2026, 7, 20));
  const world = new World({ clock, seed: 1 });
  const events: BusEvent[] = [];
  world.onEvent((event) => events.push(event));
  const bus = createEventBus({
    clock: withRandom(clock, new Random(1)),
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
    transport: { requestHandler: inProcessHandler(world, 'x') },
  });
  return { clock, world, events, bus };
}

const ENTRY = { source: 'eni-failover', detailType: 'Failover Completed', detail: { version: 1, group: 'web' } };

describe('the default bus', () => {
  it('should be given the entries, in one call', async () => {
    const { clock, world, events, bus } = place();
    await clock.run(bus.put([ENTRY, { ...ENTRY, detailType: 'Member Joined' }]));
    expect(events).toMatchObject([
      { source: 'eni-failover', 'detail-type': 'Failover Completed', detail: { version: 1, group: 'web' } },
      { 'detail-type': 'Member Joined' },
    ]);
    expect(world.calls).toHaveLength(1);
  });

  it('should fail where one entry is refused, in a reply that succeeds', async () => {
    const { clock, bus } = place();
    const refused = bus.put([ENTRY, { ...ENTRY, source: 'aws.ec2' }]);
    await expect(clock.run(refused)).rejects.toThrow(/events:PutEvents.*NotAuthorizedForSourceException/);
  });

  it('should fail within a second where it does not answer, and send nothing twice', async () => {
    const { clock, world, bus } = place();
    world.faults = { before: () => ({ kind: 'timeout' }) };
    const startedMs = clock.now();
    await expect(clock.run(bus.put([ENTRY]))).rejects.toThrow(/events:PutEvents/);
    expect(clock.now() - startedMs).toBeLessThanOrEqual(1_000);
    expect(world.calls.length).toBeLessThanOrEqual(1);
  });
});
