import { member } from '../../../demo/scenarios.ts';
import { at, Stage } from '../../support/stage.ts';

async function failedPair(name: 'pair' | 'two-interfaces' = 'pair') {
  const stage = new Stage();
  const scene = stage.build(name);
  const event = await stage.fail(scene.holder);
  return { stage, scene, event, eni: at(scene.interfaces, 0), standby: at(scene.members, 1) };
}

/** Lets a hand do something as soon as an interface is free for the first time. */
function whenFree(stage: Stage, eni: string, hand: () => void): void {
  let done = false;
  stage.world.onFact(({ kind, text }) => {
    if (done || kind !== 'transition' || text !== `${eni} available`) return;
    done = true;
    hand();
  });
}

describe('somebody who attaches the interface by hand in the middle of a move', () => {
  it('should be followed when it went to another member', async () => {
    const { stage, event, eni } = await failedPair();
    const third = member(stage.world, 'web-3').id;
    whenFree(stage, eni, () => stage.world.attachByHand(eni, { instanceId: third, deviceIndex: 1 }));
    expect((await stage.result(event)).operation).toMatchObject({ result: 'done', to: third });
    expect(stage.world.holderOf(eni)).toBe(third);
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', holder: third });
    expect(stage.callsOf('DetachNetworkInterface')).toHaveLength(1);
  });

  it('should keep it when it went to an instance that is no member, and the run should say so', async () => {
    const { stage, event, eni } = await failedPair();
    const stranger = stage.world.addInstance({}).id;
    whenFree(stage, eni, () => stage.world.attachByHand(eni, { instanceId: stranger, deviceIndex: 1 }));
    await expect(stage.invoke(event)).rejects.toMatchObject({ message: expect.stringContaining(stranger) });
    expect(stage.world.holderOf(eni)).toBe(stranger);
  });

  it('should be overruled when it went back to the holder that is still failed', async () => {
    const { stage, scene, event, eni, standby } = await failedPair();
    whenFree(stage, eni, () => stage.world.attachByHand(eni, { instanceId: scene.holder, deviceIndex: 1 }));
    expect((await stage.result(event)).operation?.result).toBe('done');
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it('should make the other interfaces follow to wherever the anchor went', async () => {
    const { stage, scene, event } = await failedPair('two-interfaces');
    const third = member(stage.world, 'web-3').id;
    const anchor = at([...scene.interfaces].sort(), 0);
    const deviceIndex = stage.world.interface(anchor)?.attachment?.deviceIndex ?? 1;
    whenFree(stage, anchor, () => stage.world.attachByHand(anchor, { instanceId: third, deviceIndex }));
    await stage.invoke(event);
    expect(scene.interfaces.map((id) => stage.world.holderOf(id))).toEqual([third, third]);
  });
});

describe('an interface that vanishes in the middle of a move', () => {
  it('should end the run as failed, with a sentence, and not make it loop', async () => {
    const { stage, event, eni } = await failedPair();
    whenFree(stage, eni, () => stage.world.interfaces.delete(eni));
    await expect(stage.invoke(event)).rejects.toMatchObject({
      code: 'OperationFailed',
      message: expect.stringContaining("No network interface is tagged with the group 'web'"),
    });
    expect(stage.callsOf('AttachNetworkInterface').length).toBeLessThanOrEqual(1);
  });

  it('should not keep the others of its group from being moved', async () => {
    const { stage, scene, event, standby } = await failedPair('two-interfaces');
    const [, follower = ''] = [...scene.interfaces].sort();
    const anchor = at([...scene.interfaces].sort(), 0);
    whenFree(stage, follower, () => stage.world.interfaces.delete(follower));
    await stage.invoke(event).catch(() => undefined);
    expect(stage.world.holderOf(anchor)).toBe(standby);
  });
});

describe('an instance that changes in the middle of a move', () => {
  it('should be passed over when it is the successor and stops before the attach', async () => {
    const { stage, event, eni, standby } = await failedPair();
    const third = member(stage.world, 'web-3').id;
    const successor = at([standby, third].sort(), 0);
    whenFree(stage, eni, () => stage.world.stopInstance(successor));
    await stage.invoke(event);
    expect(stage.world.holderOf(eni)).toBe(at([standby, third].sort(), 1));
  });

  it('should not change the course of a move that has detached already when it is the holder and recovers', async () => {
    const { stage, scene, event, eni, standby } = await failedPair();
    whenFree(stage, eni, () => stage.world.recoverInstance(scene.holder));
    expect((await stage.result(event)).operation?.result).toBe('done');
    expect(stage.world.holderOf(eni)).toBe(standby);
  });
});
