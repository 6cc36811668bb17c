import { member } from '../../../demo/scenarios.ts';
import type { BusEvent } from '../../../lab/world/model.ts';
import { at, Stage } from '../../support/stage.ts';

const GROUP = 'eni-failover:group';

async function failedPair() {
  const stage = new Stage();
  const scene = stage.build('pair');
  const event = await stage.fail(scene.holder);
  return { stage, scene, event, eni: at(scene.interfaces, 0), standby: at(scene.members, 1) };
}

/** A group of which somebody has put the second interface on the standby; the sweep has seen it whole, or never. */
async function splitByHand(known: string) {
  const stage = new Stage();
  const scene = stage.build('two-interfaces');
  if (known === 'known') await stage.sweep();
  const second = at(scene.interfaces, 1);
  stage.world.detachByHand(second);
  await stage.clock.advance(5_000);
  stage.world.attachByHand(second, { instanceId: at(scene.members, 1), deviceIndex: 2 });
  await stage.clock.advance(5_000);
  return { stage, scene };
}

function withDetail(event: BusEvent, change: Record<string, unknown>): BusEvent {
  return { ...event, detail: { ...event.detail, ...change } };
}

const CPU = {
  metrics: [
    { metricStat: { metric: { namespace: 'AWS/EC2', name: 'CPUUtilization', dimensions: { InstanceId: 'i-1' } } } },
  ],
};

describe('an event that is not for us', () => {
  it.each([
    ['alarm-not-ours', { alarmName: 'cpu', configuration: CPU }],
    ['alarm-not-raised', { state: { value: 'OK' } }],
    ['alarm-not-raised', { state: { value: 'INSUFFICIENT_DATA' } }],
    ['alarm-muted', { muteDetail: { muteRuleArn: 'arn:aws:cloudwatch:us-east-1:123456789012:mute-rule:night' } }],
  ])('should be answered with %s and call nothing (%j)', async (code, change) => {
    const { stage, event } = await failedPair();
    const result = await stage.result(withDetail(event, change));
    expect(result).toMatchObject({ group: null, analysis: 'not-observed', decision: 'no-action', code });
    expect(stage.world.calls).toEqual([]);
  });

  it('should be answered with state-not-relevant and call nothing when an instance starts', async () => {
    const { stage, scene } = await failedPair();
    stage.world.repeatStateEvent(scene.holder);
    const running = stage.lastEvent('EC2 Instance State-change Notification', scene.holder);
    const event = { ...running, detail: { ...running.detail, state: 'pending' } };
    expect(await stage.result(event)).toMatchObject({ decision: 'no-action', code: 'state-not-relevant' });
    expect(stage.world.calls).toEqual([]);
  });

  it('should cost two reads when its instance is no member and holds no interface', async () => {
    const { stage } = await failedPair();
    const stranger = stage.world.addInstance({}).id;
    stage.world.stopInstance(stranger);
    const event = stage.lastEvent('EC2 Instance State-change Notification', stranger);
    expect(await stage.result(event)).toMatchObject({ group: null, decision: 'no-action', code: 'in-no-group' });
    expect(stage.world.calls.map(({ action }) => action)).toEqual(['DescribeInstances', 'DescribeNetworkInterfaces']);
  });

  it('should move nothing when its instance is a standby', async () => {
    const { stage, standby } = await failedPair();
    stage.world.stopInstance(standby);
    const event = stage.lastEvent('EC2 Instance State-change Notification', standby);
    expect(await stage.result(event)).toMatchObject({ decision: 'no-action', code: 'not-the-holder' });
    expect(stage.changes()).toEqual([]);
  });
});

describe('an invocation that is wrong', () => {
  it.each([
    ['InvalidRequest', { action: 'explode', group: 'web' }],
    ['InvalidRequest', 'failover'],
    ['UnsupportedEvent', { 'detail-type': 'EC2 Instance State-change Notification', source: 'aws.ec2', detail: {} }],
  ])('should be refused as %s before anything is called', async (code, input) => {
    const { stage } = await failedPair();
    await expect(stage.invoke(input)).rejects.toMatchObject({ code });
    expect(stage.world.calls).toEqual([]);
    expect(stage.announced).toEqual([]);
  });
});

describe('a group that is not as it should be', () => {
  const detached = (stage: Stage) => stage.callsOf('DetachNetworkInterface');

  it('should be moved without a primary interface that is tagged beside its own, at the first look', async () => {
    const { stage, event, scene } = await failedPair();
    const primary = stage.world.interfacesOf(scene.holder).find(({ attachment }) => attachment?.deviceIndex === 0);
    stage.world.retag(primary?.id ?? '', { [GROUP]: 'web' });
    const result = await stage.result(event);
    expect(result).toMatchObject({ code: 'failover', operation: { result: 'done' } });
    expect(result.warnings?.join()).toContain(`stray-primary: ${primary?.id}`);
  });

  it('should be left alone when its only interface is a primary one', async () => {
    const { stage, event, scene } = await failedPair();
    const primary = stage.world.interfacesOf(scene.holder).find(({ attachment }) => attachment?.deviceIndex === 0);
    stage.world.retag(primary?.id ?? '', { [GROUP]: 'web' });
    for (const id of scene.interfaces) stage.world.retag(id, { [GROUP]: undefined });
    const result = await stage.result(event);
    expect(result).toMatchObject({ analysis: 'interface-primary', decision: 'blocked', code: 'interface-primary' });
    expect(result.reason).toContain(primary?.id);
    expect(detached(stage)).toEqual([]);
  });

  it.each(['known', 'never seen'])('should be left alone when two members hold a part each (%s)', async (known) => {
    const { stage } = await splitByHand(known);
    const split = { analysis: 'group-split', decision: 'blocked', code: 'group-split' };
    expect((await stage.sweep()).groups).toEqual([expect.objectContaining(split)]);
    expect(await stage.result({ action: 'failover', group: 'web' })).toMatchObject(split);
    expect(detached(stage)).toEqual([]);
  });

  it.each(['known', 'never seen'])('should have no part left on a member that has failed (%s)', async (known) => {
    const { stage, scene } = await splitByHand(known);
    await stage.invoke(await stage.fail(scene.holder));
    expect(scene.interfaces.map((id) => stage.world.holderOf(id))).toEqual([scene.members[1], scene.members[1]]);
  });

  it('should be brought together when a person names the target', async () => {
    const stage = new Stage();
    const scene = stage.build('two-interfaces');
    const [first, second] = [at(scene.interfaces, 0), at(scene.interfaces, 1)];
    stage.world.detachByHand(second);
    await stage.clock.advance(5_000);
    stage.world.attachByHand(second, { instanceId: at(scene.members, 1), deviceIndex: 2 });
    await stage.clock.advance(5_000);
    await stage.invoke({ action: 'failover', group: 'web', to: scene.members[1] });
    expect([first, second].map((id) => stage.world.holderOf(id))).toEqual([scene.members[1], scene.members[1]]);
    expect(detached(stage)).toHaveLength(1);
  });

  it('should be left alone when its holder is no member', async () => {
    const { stage, scene, event } = await failedPair();
    stage.world.retag(scene.holder, { [GROUP]: undefined });
    const request = { action: 'failover', group: 'web' };
    expect(await stage.result(request)).toMatchObject({ analysis: 'holder-not-member', decision: 'blocked' });
    expect(await stage.result(event)).toMatchObject({ code: 'holder-not-member', decision: 'blocked' });
    expect(detached(stage)).toEqual([]);
  });

  it('should be moved without what another zone has', async () => {
    const { stage, event, scene } = await failedPair();
    const other = member(stage.world, 'web-9', { zone: 'us-east-1b' });
    stage.world.addInterface(
      { zone: 'us-east-1b', tags: { [GROUP]: 'web' } },
      { instanceId: other.id, deviceIndex: 1 },
    );
    await stage.invoke(event);
    expect(scene.interfaces.map((id) => stage.world.holderOf(id))).toEqual([scene.members[1]]);
    expect(detached(stage)).toHaveLength(1);
  });

  it('should be named as unknown when nobody tagged an interface', async () => {
    const { stage } = await failedPair();
    const result = await stage.result({ action: 'failover', group: 'nobody' });
    expect(result).toMatchObject({ analysis: 'group-unknown', decision: 'blocked', code: 'group-unknown' });
    expect(stage.changes()).toEqual([]);
  });

  it('should rest when every member is stopped', async () => {
    const { stage, scene } = await failedPair();
    for (const id of scene.members) stage.world.stopInstance(id);
    const event = stage.lastEvent('EC2 Instance State-change Notification', scene.holder);
    expect(await stage.result(event)).toMatchObject({ analysis: 'group-parked', decision: 'no-action' });
    expect(stage.changes()).toEqual([]);
  });
});

describe('signals that cannot be read', () => {
  const SERVER_FAULT = { kind: 'refuse', code: 'InternalError', message: 'oops', status: 500 } as const;

  it('should move nothing when neither alarms nor checks confirm the failure', async () => {
    const { stage, event } = await failedPair();
    stage.goesWrong('DescribeAlarms', SERVER_FAULT, 'every');
    stage.goesWrong('DescribeInstanceStatus', SERVER_FAULT, 'every');
    await expect(stage.invoke(event)).rejects.toMatchObject({ code: 'AwsCallFailed' });
    expect(stage.changes().filter((action) => action !== 'CreateTags')).toEqual([]);
  });

  it('should still move on the checks alone while CloudWatch is away', async () => {
    const { stage, event, eni, standby } = await failedPair();
    stage.goesWrong('DescribeAlarms', SERVER_FAULT, 'every');
    expect((await stage.result(event)).operation?.result).toBe('done');
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it('should fail the run, changing nothing, when the interfaces cannot be read', async () => {
    const { stage, event } = await failedPair();
    stage.goesWrong('DescribeNetworkInterfaces', SERVER_FAULT, 'every');
    await expect(stage.invoke(event)).rejects.toMatchObject({ code: 'AwsCallFailed', failure: 'unavailable' });
    expect(stage.changes()).toEqual([]);
  });
});
