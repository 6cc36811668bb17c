import { member } from '../../../demo/scenarios.ts';
import { at, Stage } from '../../support/stage.ts';

const MINUTE_MS = 60_000;

/** A holder that a person stops, and two standbys, the first of which takes no attach to its end. */
async function trio(
  kind: 'stuck' | 'revert',
  options: ConstructorParameters<typeof Stage>[0] = {},
  times: number | 'always' = 'always',
) {
  const stage = new Stage(options);
  const scene = stage.build('pair');
  const second = member(stage.world, 'web-3', { tags: { 'eni-failover:priority': '-1' } }).id;
  const [eni, first] = [at(scene.interfaces, 0), at(scene.members, 1)];
  stage.world.inject({ action: 'AttachNetworkInterface', instanceId: first, fault: { kind }, times });
  stage.world.stopInstance(scene.holder);
  const event = stage.lastEvent('EC2 Instance State-change Notification', scene.holder);
  return { stage, scene, eni, first, second, event };
}

const heldBy = (stage: Stage, eni: string) => stage.world.interface(eni)?.attachment;
/** The instances that an attach was sent for, in their order. */
const tried = (stage: Stage) => stage.callsOf('AttachNetworkInterface').map(({ input }) => input['InstanceId']);

describe('an attach that EC2 accepts and does not bring to its end', () => {
  it('should be ended by force after the bound, and the next candidate gets the interface, in the same run', async () => {
    const { stage, eni, first, second, event } = await trio('stuck');
    const startMs = stage.clock.now();
    expect((await stage.result(event)).operation).toMatchObject({ result: 'done', to: second });
    expect(heldBy(stage, eni)).toMatchObject({ instanceId: second, status: 'attached' });
    const detaches = stage.callsOf('DetachNetworkInterface').map(({ input }) => input['Force']);
    expect([tried(stage), detaches]).toEqual([
      [first, second],
      [false, true],
    ]);
    expect(stage.clock.now() - startMs).toBeLessThanOrEqual(40_000);
  });

  it('should not cost a part patience that somebody else has begun to detach meanwhile', async () => {
    const stage = new Stage({ latencies: { detachMs: [8_000, 8_000] } });
    const scene = stage.build('two-interfaces');
    const second = member(stage.world, 'web-3', { tags: { 'eni-failover:priority': '-1' } }).id;
    const [first, hangs, follower] = [at(scene.members, 1), at(scene.interfaces, 0), at(scene.interfaces, 1)];
    const fault = { kind: 'stuck' } as const;
    stage.world.inject({ action: 'AttachNetworkInterface', instanceId: first, fault, times: 1 });
    stage.world.stopInstance(scene.holder);
    const run = stage.begin(stage.lastEvent('EC2 Instance State-change Notification', scene.holder));
    await stage.clock.advance(35_000);
    const there = heldBy(stage, follower);
    expect([heldBy(stage, hangs)?.status, there]).toMatchObject([
      'attaching',
      { instanceId: first, status: 'attached' },
    ]);
    stage.world.detachByHand(follower);
    await stage.clock.run(run);
    const forced = stage.callsOf('DetachNetworkInterface').filter(({ input }) => input['Force'] === true);
    expect(forced.map(({ input }) => input['AttachmentId'])).not.toContain(there?.id);
    expect(heldBy(stage, follower)).toMatchObject({ instanceId: second, status: 'attached' });
  });

  it('should be waited for as long as the tag of the group says', async () => {
    const { stage, eni, event } = await trio('stuck');
    stage.world.retag(eni, { 'eni-failover:stuck-after': '10' });
    await stage.invoke(event);
    const [attach] = stage.callsOf('AttachNetworkInterface');
    const [, force] = stage.callsOf('DetachNetworkInterface');
    const waitedMs = (force?.sentMs ?? 0) - (attach?.atMs ?? 0);
    expect(waitedMs).toBeGreaterThanOrEqual(9_000);
    expect(waitedMs).toBeLessThanOrEqual(11_500);
  });

  it('should name the member and what is wrong with it', async () => {
    const { stage, eni, first, event } = await trio('stuck');
    expect((await stage.result(event)).rejected).toContainEqual({
      instanceId: first,
      code: 'attach-stuck',
      reason: `the attach of ${eni} to it does not end`,
    });
  });

  it('should be ended by whoever comes next when its run has died', async () => {
    const { stage, eni, first, second, event } = await trio('stuck');
    await expect(stage.invoke(event, { remainingMs: 25_000 })).rejects.toMatchObject({ code: 'OperationInterrupted' });
    expect(heldBy(stage, eni)).toMatchObject({ instanceId: first, status: 'attaching' });
    await stage.clock.advance(MINUTE_MS);
    await stage.sweep();
    expect(heldBy(stage, eni)).toMatchObject({ instanceId: second, status: 'attached' });
  });

  it('should lead back to the old holder when nobody else can take it', async () => {
    const { stage, scene, eni, second, event } = await trio('stuck');
    stage.world.terminateInstance(second);
    await stage.clock.advance(MINUTE_MS);
    await expect(stage.invoke(event)).rejects.toMatchObject({ code: 'OperationFailed' });
    expect(heldBy(stage, eni)).toMatchObject({ instanceId: scene.holder, status: 'attached' });
  });

  it('should give way to a person who names another target, while its run is still at it', async () => {
    const { stage, eni, first, second, event } = await trio('stuck');
    const run = stage.begin(event);
    run.catch(() => undefined);
    await stage.clock.advance(10_000);
    expect(heldBy(stage, eni)).toMatchObject({ instanceId: first, status: 'attaching' });
    const asked = await stage.result({ action: 'failover', group: 'web', to: second });
    expect(asked.operation).toMatchObject({ result: 'done', to: second });
    const { groups } = await stage.clock.run(run);
    expect(at(groups, 0).operation).toMatchObject({ result: 'superseded' });
    expect(heldBy(stage, eni)).toMatchObject({ instanceId: second, status: 'attached' });
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', holder: second });
  });
});

describe('a member that is stuck', () => {
  it('should be remembered across runs, until it is launched anew', async () => {
    const { stage, eni, first, event } = await trio('stuck');
    await stage.invoke(event);
    const { launchMs = 0 } = stage.world.instance(first) ?? {};
    expect(stage.ledger(eni)?.stuck).toEqual([{ instanceId: first, launchedAt: launchMs }]);
    expect(stage.ledger(eni)?.forced).toEqual([]);
  });
});

describe('an attach that comes undone', () => {
  it('should not be sent to the same member again, in this run', async () => {
    const { stage, eni, first, second, event } = await trio('revert');
    expect((await stage.result(event)).operation).toMatchObject({ result: 'done', to: second });
    expect(tried(stage)).toEqual([first, second]);
    expect(heldBy(stage, eni)).toMatchObject({ instanceId: second, status: 'attached' });
  });

  it.each([
    ['to the same member', 0],
    ['to another one', 1],
  ])(
    'should be noticed where somebody has attached the interface %s before it was long out of sight',
    async (_, to) => {
      const { stage, eni, first, second, event } = await trio('revert');
      const run = stage.begin(event);
      while (tried(stage).length < 1) await stage.clock.advance(500);
      await stage.clock.advance(6_000);
      expect(heldBy(stage, eni)).toBeUndefined();
      stage.world.attachByHand(eni, { instanceId: at([first, second], to), deviceIndex: 1 });
      await stage.clock.run(run);
      // What was attached by hand to the first one comes undone as well, and is given its time.
      expect(tried(stage)).toEqual(to === 0 ? [first, second] : [first]);
      expect(heldBy(stage, eni)).toMatchObject({ instanceId: second, status: 'attached' });
      expect(stage.ledger(eni)?.stuck).toMatchObject([{ instanceId: first }]);
    },
  );

  it('should be forgotten of a member on which somebody’s attach in its place ends well', async () => {
    const { stage, eni, first, event } = await trio('revert', {}, 1);
    const run = stage.begin(event);
    while (tried(stage).length < 1) await stage.clock.advance(500);
    await stage.clock.advance(6_000);
    stage.world.attachByHand(eni, { instanceId: first, deviceIndex: 1 });
    await stage.clock.run(run);
    expect(tried(stage)).toEqual([first]);
    expect(heldBy(stage, eni)).toMatchObject({ instanceId: first, status: 'attached' });
    expect(stage.ledger(eni)?.stuck).toEqual([]);
  });
});

describe('an attachment of a healthy holder that hangs, without a move that explains it', () => {
  async function hanging(options: ConstructorParameters<typeof Stage>[0] = {}) {
    const stage = new Stage(options);
    const scene = stage.build('pair');
    const eni = at(scene.interfaces, 0);
    await stage.sweep();
    stage.world.hangDetach(scene.holder, true);
    stage.world.detachByHand(eni);
    await stage.clock.advance(MINUTE_MS);
    return { stage, scene, eni, standby: at(scene.members, 1) };
  }

  it('should be told once, and attached anew by the next sweep', async () => {
    const { stage, eni, standby } = await hanging();
    const [first] = (await stage.sweep()).groups;
    expect(first).toMatchObject({
      decision: 'blocked',
      code: 'attachment-in-transit',
      news: [expect.stringContaining(eni)],
    });
    await stage.clock.advance(10_000);
    expect((await stage.sweep()).groups[0]?.news).toBeUndefined();
    await stage.clock.advance(MINUTE_MS);
    await stage.sweep();
    expect(heldBy(stage, eni)).toMatchObject({ instanceId: standby, status: 'attached' });
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', holder: standby });
  });

  it('should come back to the holder when nobody else can take it', async () => {
    const { stage, scene, eni, standby } = await hanging({ quirks: { forcedIndexRefused: false } });
    stage.world.retag(standby, { 'eni-failover:exclude': 'yes' });
    await stage.sweep();
    await stage.clock.advance(MINUTE_MS);
    await stage.sweep();
    expect(heldBy(stage, eni)).toMatchObject({ instanceId: scene.holder, status: 'attached' });
  });

  it('should be forgotten when it ends by itself', async () => {
    const { stage, scene, eni } = await hanging();
    await stage.sweep();
    stage.world.recoverInstance(scene.holder);
    stage.world.hangDetach(scene.holder, false);
    await stage.clock.advance(5_000);
    stage.world.attachByHand(eni, { instanceId: scene.holder, deviceIndex: 1 });
    await stage.clock.advance(MINUTE_MS);
    await stage.sweep();
    expect(heldBy(stage, eni)).toMatchObject({ instanceId: scene.holder, status: 'attached' });
    expect(stage.ledger(eni)?.condition).toBeUndefined();
  });
});
