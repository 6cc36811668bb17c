import { member } from '../../../demo/scenarios.ts';
import { at, Stage } from '../../support/stage.ts';

const SLOT = { deviceIndex: 1, networkCardIndex: 0 };

async function failedPair(name: 'pair' | 'two-interfaces' = 'pair') {
  const stage = new Stage();
  const scene = stage.build(name);
  const event = await stage.fail(scene.holder);
  return { stage, scene, event, eni: at(scene.interfaces, 0), standby: at(scene.members, 1) };
}

describe('a call that IAM denies', () => {
  it.each(['ec2:DescribeInstances', 'ec2:DescribeNetworkInterfaces'])(
    'should stop the run at once and name %s',
    async (action) => {
      const { stage, event } = await failedPair();
      stage.deny(action.split(':')[1] ?? '');
      await expect(stage.invoke(event)).rejects.toMatchObject({ code: 'AwsCallFailed', failure: 'denied', action });
      expect(stage.changes()).toEqual([]);
    },
  );

  it.each([
    ['denied', { kind: 'deny' }],
    ['throttled', { kind: 'throttle' }],
  ] as const)('should not hold the move up when it tells what a type takes: %s', async (_, fault) => {
    const { stage, event, eni, standby } = await failedPair();
    stage.goesWrong('DescribeInstanceTypes', fault, 'every');
    const { warnings } = await stage.result(event);
    expect(stage.world.holderOf(eni)).toBe(standby);
    expect(warnings).toEqual([expect.stringMatching(/^The limits of t3.small are .*ec2:DescribeInstanceTypes/)]);
  });

  it('should be asked only once', async () => {
    const { stage, event } = await failedPair();
    stage.deny('DescribeNetworkInterfaces');
    await stage.invoke(event).catch(() => undefined);
    expect(stage.callsOf('DescribeNetworkInterfaces')).toHaveLength(1);
  });

  it('should roll back a denied detach and name the action', async () => {
    const { stage, scene, event, eni } = await failedPair();
    stage.deny('DetachNetworkInterface');
    await expect(stage.invoke(event)).rejects.toMatchObject({
      code: 'OperationFailed',
      message: expect.stringContaining('ec2:DetachNetworkInterface'),
    });
    expect(stage.changes()).toEqual(['CreateTags', 'DetachNetworkInterface', 'CreateTags']);
    expect(stage.world.holderOf(eni)).toBe(scene.holder);
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', holder: scene.holder, epoch: 0 });
  });

  it('should put the first interface back when the detach of the second is denied', async () => {
    const { stage, scene, event } = await failedPair('two-interfaces');
    stage.goesWrong('DetachNetworkInterface', { kind: 'deny' }, 2);
    await expect(stage.invoke(event)).rejects.toMatchObject({ code: 'OperationFailed' });
    expect(scene.interfaces.map((id) => stage.world.holderOf(id))).toEqual([scene.holder, scene.holder]);
    expect(stage.callsOf('AttachNetworkInterface').map(({ input }) => input['InstanceId'])).toEqual([scene.holder]);
  });

  it('should take a denied detach for done when the attachment has vanished', async () => {
    const { stage, scene, event, eni, standby } = await failedPair();
    stage.world.onCall(({ action }) => {
      if (action !== 'CreateTags' || stage.world.interface(eni)?.attachment?.status !== 'attached') return;
      stage.world.detachByHand(eni);
    });
    stage.world.policy = ({ action, resources }) =>
      action !== 'DetachNetworkInterface' || resources.every(({ tags }) => 'eni-failover:group' in tags);
    stage.goesWrong('DetachNetworkInterface', { kind: 'apply-late', ms: 3_500 });
    expect((await stage.result(event)).operation?.result).toBe('done');
    expect(stage.callsOf('DetachNetworkInterface')[0]?.outcome).toBe('UnauthorizedOperation');
    expect(stage.world.holderOf(eni)).toBe(standby);
    expect(scene.holder).not.toBe(standby);
  });

  it('should not take an interface for free when its attachment has vanished and another one is there', async () => {
    const { stage, scene, event, eni, standby } = await failedPair();
    stage.world.onCall(({ action }) => {
      if (action !== 'CreateTags' || stage.callsOf('DetachNetworkInterface').length > 0) return;
      stage.world.detachByHand(eni);
      const again = (): unknown => stage.world.attachByHand(eni, { instanceId: scene.holder, ...SLOT });
      stage.clock.schedule(stage.clock.now() + 2_000, again);
    });
    stage.world.policy = ({ action, resources }) =>
      action !== 'DetachNetworkInterface' || resources.every(({ tags }) => 'eni-failover:group' in tags);
    stage.goesWrong('DetachNetworkInterface', { kind: 'apply-late', ms: 3_500 });
    expect((await stage.result(event)).operation?.result).toBe('done');
    expect(stage.callsOf('DetachNetworkInterface').map(({ outcome }) => outcome)).toEqual([
      'UnauthorizedOperation',
      'ok',
    ]);
    expect(stage.callsOf('AttachNetworkInterface').map(({ outcome }) => outcome)).toEqual(['ok']);
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it('should try the next candidate when the attach is denied', async () => {
    const { stage, scene, event, eni } = await failedPair();
    const spare = member(stage.world, 'web-3').id;
    const [first = '', second = ''] = [at(scene.members, 1), spare].sort();
    stage.deny('AttachNetworkInterface', first);
    const { operation } = await stage.result(event);
    expect(operation).toMatchObject({ result: 'done', to: second });
    expect(operation?.steps.find(({ kind }) => kind === 'rehearse')?.reason).toContain('ec2:AttachNetworkInterface');
    expect(stage.callsOf('DetachNetworkInterface')).toHaveLength(1);
    expect(stage.world.holderOf(eni)).toBe(second);
  });

  it('should put the interface back when no dry run told that the attach is denied', async () => {
    const { stage, scene, event, eni, standby } = await failedPair();
    stage.world.policy = ({ action, input, resources }) =>
      action !== 'AttachNetworkInterface' ||
      input['DryRun'] === true ||
      !resources.some(({ arn }) => arn.endsWith(standby));
    await expect(stage.invoke(event)).rejects.toMatchObject({
      code: 'OperationFailed',
      message: expect.stringContaining(`the attach of ${eni} to ${standby} is denied: ec2:AttachNetworkInterface`),
    });
    expect(stage.world.holderOf(eni)).toBe(scene.holder);
    expect(stage.changes()).toHaveLength(5);
  });

  it('should end as interrupted, with the action named, when looking is denied in the middle', async () => {
    const { stage, event, eni } = await failedPair();
    stage.goesWrong('DescribeNetworkInterfaces', { kind: 'deny' }, 3);
    await expect(stage.invoke(event)).rejects.toMatchObject({
      code: 'OperationInterrupted',
      message: expect.stringContaining('ec2:DescribeNetworkInterfaces'),
    });
    expect(stage.ledger(eni)?.phase).toBe('moving');
  });
});
