import { at, START_MS, Stage } from '../../support/stage.ts';

/** EC2's notice that an instance stops, as of the stage's present second; nothing has been stopped yet. */
function stopNotice(instanceId: string, happenedMs = START_MS) {
  return {
    version: '0',
    id: '7bf73129-1428-4cd3-a780-95db273d1602',
    'detail-type': 'EC2 Instance State-change Notification',
    source: 'aws.ec2',
    account: '123456789012',
    time: new Date(happenedMs).toISOString().replace('.000', ''),
    region: 'us-east-1',
    resources: [],
    detail: { 'instance-id': instanceId, state: 'stopping' },
  };
}

function pair() {
  const stage = new Stage();
  const scene = stage.build('pair');
  return { stage, scene, eni: at(scene.interfaces, 0), standby: at(scene.members, 1) };
}

/** How often the group was looked at: an event reads the members once more than that. */
const looks = (stage: Stage): number => stage.callsOf('DescribeNetworkInterfaces').length;

describe('reads that lag up to 4.5 seconds behind', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('should not keep a move from ending right (seed %i)', async (seed) => {
    const stage = new Stage({ seed });
    const scene = stage.build('two-interfaces');
    await stage.clock.advance(10_000);
    (stage.world as { staleReadsUpToMs: number }).staleReadsUpToMs = 4_500;
    stage.world.stopInstance(scene.holder);
    const event = stage.lastEvent('EC2 Instance State-change Notification', scene.holder);
    expect(await stage.result(event)).toMatchObject({ code: 'failover', operation: { result: 'done' } });
    const standby = at(scene.members, 1);
    expect(scene.interfaces.map((id) => stage.world.holderOf(id))).toEqual([standby, standby]);
    expect(stage.callsOf('AttachNetworkInterface')).toHaveLength(2);
  });
});

describe('an event that is quicker than the reads', () => {
  it.each([200, 900, 2_900, 5_900])('should be acted on when EC2 shows the stop %i ms after it', async (lagMs) => {
    const { stage, scene, eni, standby } = pair();
    stage.clock.schedule(START_MS + lagMs, () => stage.world.stopInstance(scene.holder));
    const result = await stage.result(stopNotice(scene.holder));
    expect(result).toMatchObject({ analysis: 'holder-stopped', code: 'failover', operation: { result: 'done' } });
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it('should be acted on when CloudWatch does not show the alarm yet', async () => {
    const { stage, scene, eni, standby } = pair();
    const event = await stage.fail(scene.holder);
    stage.world.recoverInstance(scene.holder);
    await stage.clock.advance(5 * 60_000);
    const now = stage.clock.now();
    stage.clock.schedule(now + 2_000, () => stage.world.stopInstance(scene.holder));
    await stage.result({ ...event, time: new Date(now).toISOString() });
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it('should cost five looks in six seconds when the holder is well after all', async () => {
    const { stage, scene, eni } = pair();
    const result = await stage.result(stopNotice(scene.holder));
    expect(result).toMatchObject({ decision: 'no-action', code: 'holder-healthy' });
    expect(stage.world.holderOf(eni)).toBe(scene.holder);
    expect(looks(stage)).toBe(5);
    expect(stage.clock.now() - START_MS).toBeLessThan(6_500);
    expect(stage.callsOf('DetachNetworkInterface')).toEqual([]);
  });

  it.each([
    ['is old', START_MS - 6_000],
    ['lies ahead, by another clock', START_MS + 60_000],
    ['cannot be read', Number.NaN],
  ])('should cost one look when its time %s', async (_, happenedMs) => {
    const { stage, scene } = pair();
    const notice = stopNotice(scene.holder, Number.isNaN(happenedMs) ? START_MS : happenedMs);
    const event = Number.isNaN(happenedMs) ? { ...notice, time: 'yesterday' } : notice;
    expect(await stage.result(event)).toMatchObject({ code: 'holder-healthy' });
    expect(looks(stage)).toBe(1);
  });

  it('should cost one look when it is about a standby, or when the run has no time to move anything', async () => {
    const { stage, scene, standby } = pair();
    expect(await stage.result(stopNotice(standby))).toMatchObject({ code: 'not-the-holder' });
    expect(looks(stage)).toBe(1);
    await stage.result(stopNotice(scene.holder, stage.clock.now() - 1_000), { remainingMs: 11_000 });
    expect(looks(stage)).toBe(2);
  });

  it('should leave the group to the sweep when the second look cannot be taken', async () => {
    const { stage, scene, eni, standby } = pair();
    stage.goesWrong('DescribeNetworkInterfaces', { kind: 'deny' }, 2);
    stage.clock.schedule(START_MS + 500, () => stage.world.stopInstance(scene.holder));
    expect(await stage.result(stopNotice(scene.holder))).toMatchObject({ code: 'holder-healthy' });
    await stage.sweep();
    expect(stage.world.holderOf(eni)).toBe(standby);
  });
});
