import { member } from '../../../demo/scenarios.ts';
import type { Fault } from '../../../lab/world/hooks.ts';
import { at, Stage } from '../../support/stage.ts';

const NO_SLOT: Fault = { kind: 'refuse', code: 'AttachmentLimitExceeded', message: 'no slot left', status: 400 };

async function failedTrio() {
  const stage = new Stage();
  const scene = stage.build('pair');
  const spare = member(stage.world, 'web-3').id;
  const event = await stage.fail(scene.holder);
  const [first, second] = [at(scene.members, 1), spare].sort();
  return { stage, scene, event, eni: at(scene.interfaces, 0), first: first ?? '', second: second ?? '' };
}

describe('an attach that EC2 refuses', () => {
  it('should be followed by an attach to the next candidate', async () => {
    const { stage, event, eni, first, second } = await failedTrio();
    stage.goesWrong('AttachNetworkInterface', NO_SLOT);
    const result = await stage.result(event);
    expect(result.operation).toMatchObject({ result: 'done', to: second });
    expect(result.rejected).toContainEqual(expect.objectContaining({ instanceId: first, code: 'refused-by-ec2' }));
    expect(stage.world.holderOf(eni)).toBe(second);
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', holder: second, epoch: 1 });
  });

  it('should cost one changing call more', async () => {
    const { stage, event } = await failedTrio();
    stage.goesWrong('AttachNetworkInterface', NO_SLOT);
    await stage.invoke(event);
    expect(stage.changes()).toEqual([
      'CreateTags',
      'DetachNetworkInterface',
      'AttachNetworkInterface',
      'AttachNetworkInterface',
      'CreateTags',
    ]);
  });

  it.each([
    ['an index that is taken', 'InvalidParameterValue', 400],
    ['another zone', 'InvalidParameterCombination', 400],
    ['too many addresses', 'PrivateIpAddressLimitExceeded', 400],
    ['a wrong state', 'IncorrectState', 400],
    ['an instance that is gone', 'InvalidInstanceID.NotFound', 400],
  ])('should go on to the next candidate for %s', async (_, code, status) => {
    const { stage, event, eni, second } = await failedTrio();
    stage.goesWrong('AttachNetworkInterface', { kind: 'refuse', code, message: 'no', status });
    await stage.invoke(event);
    expect(stage.world.holderOf(eni)).toBe(second);
  });

  it('should be told again where the address was away for it once more', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    await stage.sweep();
    stage.announced.length = 0;
    for (let nth = 0; nth < 2; nth += 1) {
      stage.goesWrong('AttachNetworkInterface', NO_SLOT);
      await stage.result({ action: 'failover', group: 'web', from: scene.holder, to: at(scene.members, 1) });
    }
    const told = stage.announced.flatMap(({ news }) => (news as readonly string[] | undefined) ?? []);
    expect(told.filter((text) => / is failed: /.test(text))).toHaveLength(2);
  });

  it('should bring the interface back to the old holder when everybody refuses', async () => {
    const { stage, scene, event, eni } = await failedTrio();
    stage.goesWrong('AttachNetworkInterface', NO_SLOT, 1);
    stage.goesWrong('AttachNetworkInterface', NO_SLOT, 2);
    await expect(stage.invoke(event)).rejects.toMatchObject({ code: 'OperationFailed' });
    expect(stage.world.interface(eni)?.attachment).toMatchObject({ instanceId: scene.holder, status: 'attached' });
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', holder: scene.holder, epoch: 0 });
    expect(stage.changes()).toHaveLength(6);
  });

  it('should be told to a person as a failed operation that names where the interface is', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    stage.goesWrong('AttachNetworkInterface', NO_SLOT);
    const { operation } = await stage.result({ action: 'failover', group: 'web' });
    expect(operation).toMatchObject({ result: 'failed', to: scene.holder });
    expect(operation?.reason).toContain('rolled back');
  });

  it('should end as failed, and say so in the ledger, when not even the old holder takes it', async () => {
    const { stage, scene, event, eni } = await failedTrio();
    stage.goesWrong('AttachNetworkInterface', NO_SLOT, 'every');
    await expect(stage.invoke(event)).rejects.toMatchObject({ code: 'OperationFailed' });
    expect(stage.world.holderOf(eni)).toBeUndefined();
    expect(stage.ledger(eni)).toMatchObject({ phase: 'failed', operation: { from: scene.holder } });
    expect(stage.callsOf('AttachNetworkInterface')).toHaveLength(3);
  });

  it('should be made good by the next run once EC2 accepts again', async () => {
    const { stage, event, eni, first } = await failedTrio();
    stage.goesWrong('AttachNetworkInterface', NO_SLOT, 'every');
    await stage.invoke(event).catch(() => undefined);
    stage.heal();
    await stage.clock.advance(60_000);
    expect((await stage.result(event)).operation).toMatchObject({ result: 'done', to: first });
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', holder: first, epoch: 1 });
  });

  it('should never detach from a candidate that was refused before', async () => {
    const { stage, scene, event } = await failedTrio();
    stage.goesWrong('AttachNetworkInterface', NO_SLOT);
    await stage.invoke(event);
    const detached = stage.callsOf('DetachNetworkInterface');
    expect(detached).toHaveLength(1);
    expect(stage.world.interfaces.get(at(scene.interfaces, 0), (detached[0]?.atMs ?? 0) - 1)?.attachment).toMatchObject(
      { instanceId: scene.holder },
    );
  });
});

describe('the old holder that hung', () => {
  it('should not be asked for the index it may refuse while others are left', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    member(stage.world, 'web-3');
    const event = await stage.fail(scene.holder, { hangsDetach: true });
    stage.goesWrong('AttachNetworkInterface', NO_SLOT);
    await stage.invoke(event);
    const targets = stage.callsOf('AttachNetworkInterface').map(({ input }) => input['InstanceId']);
    expect(targets).not.toContain(scene.holder);
    expect(targets).toHaveLength(2);
  });
});
