import { at, Stage } from '../../support/stage.ts';

async function failedPair(options: ConstructorParameters<typeof Stage>[0] = {}) {
  const stage = new Stage(options);
  const scene = stage.build('pair');
  const event = await stage.fail(scene.holder);
  return {
    stage,
    scene,
    event,
    eni: at(scene.interfaces, 0),
    standby: at(scene.members, 1),
    startMs: stage.clock.now(),
  };
}

describe('a failover of a pair', () => {
  it('should move the interface to the standby with exactly four changing calls', async () => {
    const { stage, event, eni, standby } = await failedPair();
    const result = await stage.result(event);
    expect(result).toMatchObject({ analysis: 'holder-impaired', decision: 'act', code: 'failover' });
    expect(result.operation?.result).toBe('done');
    expect(stage.world.interface(eni)?.attachment).toMatchObject({ instanceId: standby, status: 'attached' });
    expect(stage.changes()).toEqual(['CreateTags', 'DetachNetworkInterface', 'AttachNetworkInterface', 'CreateTags']);
  });

  it('should move it just the same through the real wire format', async () => {
    const { stage, event, eni, standby } = await failedPair({ wire: true });
    expect((await stage.result(event)).operation?.result).toBe('done');
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it('should keep the device index and card the interface had', async () => {
    const { stage, event, eni } = await failedPair();
    await stage.invoke(event);
    expect(stage.world.interface(eni)?.attachment).toMatchObject({ deviceIndex: 1, networkCardIndex: 0 });
    expect(at(stage.callsOf('AttachNetworkInterface'), 0).input).toMatchObject({ DeviceIndex: 1, NetworkCardIndex: 0 });
  });

  it('should detach the attachment that it observed, without force', async () => {
    const { stage, event, eni } = await failedPair();
    const attachmentId = stage.world.interface(eni)?.attachment?.id;
    await stage.invoke(event);
    expect(at(stage.callsOf('DetachNetworkInterface'), 0).input).toMatchObject({
      AttachmentId: attachmentId,
      Force: false,
    });
  });

  it('should write its intent before the detach and name the old holder, the target and the run in it', async () => {
    const { stage, scene, event, eni, standby } = await failedPair();
    stage.goesWrong('DetachNetworkInterface', { kind: 'slow', ms: 10_000 });
    const run = stage.begin(event, { runId: 'run-x' });
    await stage.clock.advance(100);
    expect(stage.ledger(eni)).toMatchObject({
      phase: 'moving',
      operation: { from: scene.holder, to: standby, runId: 'run-x', action: 'failover', automatic: true },
      epoch: 0,
    });
    await stage.clock.run(run);
  });

  it('should leave a steady ledger with the new holder, one more epoch and one counted move', async () => {
    const { stage, event, eni, standby, startMs } = await failedPair();
    await stage.invoke(event);
    const ledger = stage.ledger(eni);
    expect(ledger).toMatchObject({ phase: 'steady', holder: standby, epoch: 1, forced: [] });
    expect(ledger?.moves).toEqual([startMs + 40]);
    expect(ledger?.movedAt).toBe(at(stage.callsOf('CreateTags'), 1).sentMs);
  });

  it('should report each step with how it ended and how long it took', async () => {
    const { stage, event } = await failedPair();
    const steps = (await stage.result(event)).operation?.steps ?? [];
    expect(steps.map(({ kind, result }) => `${kind} ${result}`)).toEqual([
      'record-intent done',
      'detach done',
      'attach done',
      'record-result done',
    ]);
    expect(at(steps, 0).durationMs).toBe(20);
    expect(at(steps, 3).durationMs).toBe(20);
  });

  it('should notice the end of a detach and of an attach within one poll', async () => {
    const { stage, event } = await failedPair();
    await stage.invoke(event);
    const [, detach, attach, result] = stage.changesSince(0);
    // Applied within 20 ms, done 3 s (1 s) later, seen by a look that begins at most 8 % of the wait later.
    expect((attach?.sentMs ?? 0) - (detach?.atMs ?? 0)).toBeLessThanOrEqual(3_000 + 1.2 * 0.08 * 3_200 + 40);
    expect((result?.sentMs ?? 0) - (attach?.atMs ?? 0)).toBeLessThanOrEqual(1_000 + 1.2 * 200 + 40);
  });
});

describe('the reads before the detach', () => {
  it('should take two round trips for an event', async () => {
    const { stage, event, startMs } = await failedPair();
    await stage.invoke(event);
    expect(at(stage.changesSince(startMs), 0)).toMatchObject({ action: 'CreateTags', sentMs: startMs + 40 });
    expect(at(stage.changesSince(startMs), 1)).toMatchObject({
      action: 'DetachNetworkInterface',
      sentMs: startMs + 60,
    });
  });

  it('should take two round trips for a request', async () => {
    const { stage, startMs } = await failedPair();
    await stage.invoke({ action: 'failover', group: 'web' });
    expect(at(stage.changesSince(startMs), 0)).toMatchObject({ action: 'CreateTags', sentMs: startMs + 40 });
  });

  it('should be one call of each kind', async () => {
    const { stage, event } = await failedPair();
    await stage.invoke(event);
    const actions = stage.world.calls.map(({ action }) => action);
    expect(
      actions
        .slice(0, actions.indexOf('CreateTags'))
        .filter((action) => action.startsWith('Describe'))
        .sort(),
    ).toEqual([
      'DescribeAlarms',
      'DescribeInstanceStatus',
      'DescribeInstanceTypes',
      'DescribeInstances',
      'DescribeNetworkInterfaces',
    ]);
  });
});

describe('an event that comes again', () => {
  it('should move nothing once the group has moved', async () => {
    const { stage, event, eni, standby } = await failedPair();
    await stage.invoke(event);
    const again = await stage.result(event);
    expect(again).toMatchObject({ decision: 'no-action', code: 'not-the-holder' });
    expect(stage.changes()).toHaveLength(4);
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it('should move nothing when the holder has recovered meanwhile', async () => {
    const { stage, scene, event } = await failedPair();
    stage.world.recoverInstance(scene.holder);
    await stage.clock.advance(5 * 60_000);
    expect(await stage.result(event)).toMatchObject({ decision: 'no-action', code: 'holder-healthy' });
    expect(stage.changes()).toEqual([]);
  });
});

describe('events that come in the wrong order', () => {
  it('should move the group once, whichever of them comes first', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const kind = 'EC2 Instance State-change Notification';
    stage.world.stopInstance(scene.holder);
    const stopping = stage.lastEvent(kind, scene.holder);
    await stage.clock.advance(120_000);
    const stopped = stage.lastEvent(kind, scene.holder);
    expect([stopping, stopped].map(({ detail }) => detail['state'])).toEqual(['stopping', 'stopped']);
    expect(await stage.result(stopped)).toMatchObject({ operation: { result: 'done' } });
    expect(await stage.result(stopping)).toMatchObject({ code: 'not-the-holder' });
    expect(stage.callsOf('AttachNetworkInterface')).toHaveLength(1);
  });

  it('should not move the group back on an old alarm of the member that holds it again', async () => {
    const { stage, scene, event, eni } = await failedPair();
    await stage.invoke(event);
    stage.world.recoverInstance(scene.holder);
    await stage.clock.advance(5 * 60_000);
    await stage.invoke({ action: 'failover', group: 'web', to: scene.holder });
    expect(await stage.result(event)).toMatchObject({ code: 'holder-healthy' });
    expect(stage.world.holderOf(eni)).toBe(scene.holder);
  });
});

describe('other reasons to fail over', () => {
  it('should move away from a holder that stops', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    stage.world.stopInstance(scene.holder);
    const event = stage.lastEvent('EC2 Instance State-change Notification', scene.holder);
    expect(await stage.result(event)).toMatchObject({ analysis: 'holder-stopped', code: 'failover' });
    expect(stage.world.holderOf(at(scene.interfaces, 0))).toBe(scene.members[1]);
  });

  it('should move away from a holder that is being terminated', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    stage.world.terminateInstance(scene.holder);
    const event = stage.lastEvent('EC2 Instance State-change Notification', scene.holder);
    expect(await stage.result(event)).toMatchObject({ analysis: 'holder-gone', code: 'failover' });
    expect(stage.world.holderOf(at(scene.interfaces, 0))).toBe(scene.members[1]);
  });

  it('should attach an interface that its terminated holder left behind', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    stage.world.terminateInstance(scene.holder);
    await stage.clock.advance(5 * 60_000);
    const event = stage.lastEvent('EC2 Instance State-change Notification', scene.holder);
    expect(await stage.result(event)).toMatchObject({ analysis: 'interface-unattached', code: 'attach' });
    expect(stage.changes()).toEqual(['CreateTags', 'AttachNetworkInterface', 'CreateTags']);
    expect(stage.world.holderOf(at(scene.interfaces, 0))).toBe(scene.members[1]);
  });

  it('should move away from a Spot holder before EC2 takes it', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    stage.world.spotWarning(scene.holder);
    const event = stage.lastEvent('EC2 Spot Instance Interruption Warning', scene.holder);
    expect(await stage.result(event)).toMatchObject({ analysis: 'holder-leaving', code: 'failover' });
    expect(stage.world.instance(scene.holder)?.state).toBe('running');
    expect(stage.world.holderOf(at(scene.interfaces, 0))).toBe(scene.members[1]);
  });
});

describe('a holder that EC2 lets go only once it is terminated', () => {
  it('should be waited for and then left, without the move being given up', async () => {
    const stage = new Stage({ quirks: { detachInTransition: 'refused' } });
    const scene = stage.build('pair');
    stage.world.terminateInstance(scene.holder);
    const event = stage.lastEvent('EC2 Instance State-change Notification', scene.holder);
    const result = await stage.result(event, { remainingMs: 300_000 });
    expect(result.operation?.result).toBe('done');
    expect(stage.world.holderOf(at(scene.interfaces, 0))).toBe(scene.members[1]);
  });
});
