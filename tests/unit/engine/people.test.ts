import { member } from '../../../demo/scenarios.ts';
import { at, Stage } from '../../support/stage.ts';

const MINUTE_MS = 60_000;

describe('pause', () => {
  it('should keep automation from moving the group until it ends, and leave people alone', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const paused = await stage.result({ action: 'pause', group: 'web', minutes: 10 });
    expect(paused).toMatchObject({ decision: 'act', code: 'pause' });
    const event = await stage.fail(scene.holder);
    expect(await stage.result(event)).toMatchObject({ decision: 'blocked', code: 'paused' });
    expect(stage.world.holderOf(at(scene.interfaces, 0))).toBe(scene.holder);
    const moved = await stage.result({ action: 'failover', group: 'web', from: scene.holder });
    expect(moved.operation?.result).toBe('done');
  });

  it('should end by itself', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    await stage.invoke({ action: 'pause', group: 'web', minutes: 3 });
    await stage.fail(scene.holder);
    const { groups } = await stage.sweep();
    expect(groups[0]?.operation?.result).toBe('done');
  });

  it('should survive an operation that a person asks for while it lasts', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    await stage.invoke({ action: 'pause', group: 'web', minutes: 600 });
    await stage.invoke({ action: 'failover', group: 'web', from: scene.holder });
    expect(stage.ledger(scene.interfaces[0])?.pausedUntil).toBeDefined();
  });

  it('should be lifted by resume', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    await stage.invoke({ action: 'pause', group: 'web' });
    await stage.invoke({ action: 'resume', group: 'web' });
    const event = await stage.fail(scene.holder);
    expect((await stage.result(event)).operation?.result).toBe('done');
  });

  it('should not hold up a move that has begun', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const event = await stage.fail(scene.holder);
    stage.goesWrong('AttachNetworkInterface', { kind: 'throttle' }, 'every');
    await expect(stage.invoke(event, { remainingMs: 20_000 })).rejects.toMatchObject({ code: 'OperationInterrupted' });
    await stage.invoke({ action: 'pause', group: 'web', minutes: 600 });
    stage.heal();
    await stage.clock.advance(MINUTE_MS);
    await stage.sweep();
    expect(stage.world.holderOf(at(scene.interfaces, 0))).toBe(scene.members[1]);
  });

  it('should tell a group that has no interface to keep a ledger on', async () => {
    const stage = new Stage();
    expect(await stage.result({ action: 'pause', group: 'nothing' })).toMatchObject({
      decision: 'blocked',
      code: 'group-unknown',
    });
  });
});

describe('cooldown', () => {
  /** Moves the group back and forth by impairing whoever holds it. */
  async function flap(stage: Stage, scene: ReturnType<Stage['build']>) {
    const holder = stage.world.holderOf(at(scene.interfaces, 0)) ?? '';
    const event = await stage.fail(holder);
    const result = await stage.result(event);
    stage.world.recoverInstance(holder);
    await stage.clock.advance(2 * MINUTE_MS);
    return result;
  }

  it('should stop the third automatic move within the window, say when it ends, and yield to acknowledge', async () => {
    const stage = new Stage({ settings: { cooldownSeconds: 3_600 } });
    const scene = stage.build('pair');
    const first = await flap(stage, scene);
    const second = await flap(stage, scene);
    const third = await flap(stage, scene);
    expect([first.code, second.code, third.code]).toEqual(['failover', 'failover', 'cooldown']);
    const firstMove = stage.ledger(scene.interfaces[0])?.moves[0] ?? 0;
    expect(third.reason).toContain(new Date(firstMove + 3_600_000).toISOString());
    await stage.invoke({ action: 'acknowledge', group: 'web' });
    expect((await flap(stage, scene)).code).toBe('failover');
  });

  it('should not count what a person asked for', async () => {
    const stage = new Stage({ settings: { cooldownSeconds: 3_600, maxMoves: 1 } });
    const scene = stage.build('pair');
    await stage.invoke({ action: 'failover', group: 'web', from: scene.holder });
    expect((await flap(stage, scene)).code).toBe('failover');
  });

  it('should not leave a group with a holder that is stopped', async () => {
    const stage = new Stage({ settings: { cooldownSeconds: 3_600, maxMoves: 1 } });
    const scene = stage.build('pair');
    await flap(stage, scene);
    stage.world.stopInstance(at(scene.members, 1));
    await stage.clock.advance(2 * MINUTE_MS);
    const event = stage.lastEvent('EC2 Instance State-change Notification', at(scene.members, 1));
    expect((await stage.result(event)).code).toBe('failover');
  });
});

describe('tags that people change in the middle of a move', () => {
  /** The step in the middle of the move at which the tag is changed: the detach is under way. */
  async function moveWhile(retag: (stage: Stage, scene: ReturnType<Stage['build']>) => void) {
    const stage = new Stage();
    const scene = stage.build('pair');
    const event = await stage.fail(scene.holder);
    stage.clock.schedule(stage.clock.now() + 1_500, () => retag(stage, scene));
    const result = await stage.result(event);
    return { stage, scene, result, eni: at(scene.interfaces, 0), standby: at(scene.members, 1) };
  }

  it('should not keep the move from ending when the group is switched to manual', async () => {
    const { stage, eni, standby } = await moveWhile(({ world }, { interfaces }) =>
      world.retag(at(interfaces, 0), { 'eni-failover:mode': 'manual' }),
    );
    expect(stage.world.holderOf(eni)).toBe(standby);
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', holder: standby });
  });

  it('should leave the interface to the next sweep when the successor is taken out of the group', async () => {
    const { stage, eni, standby } = await moveWhile(({ world }, { members }) =>
      world.retag(at(members, 1), { 'eni-failover:exclude': 'true' }),
    );
    await stage.clock.advance(60_000);
    await stage.sweep();
    // The move was decided before; what is begun is finished, and `exclude` counts for the next one.
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it('should bring an interface that leaves the group to its end, and leave it alone from then on', async () => {
    const { stage, eni, standby, result } = await moveWhile(({ world }, { interfaces }) =>
      world.retag(at(interfaces, 0), { 'eni-failover:group': undefined }),
    );
    expect(result.operation?.result).toBe('done');
    expect(stage.world.holderOf(eni)).toBe(standby);
    const before = stage.changes().length;
    await stage.sweep();
    expect(stage.changes()).toHaveLength(before);
  });
});

describe('a request', () => {
  it('should be refused with a field that its action does not take', async () => {
    const stage = new Stage();
    const request = { action: 'pause', group: 'web', minutes: 0, to: 'i-0123456789abcdef0' };
    await expect(stage.invoke(request)).rejects.toMatchObject({
      code: 'InvalidRequest',
      faults: expect.arrayContaining([expect.stringContaining('minutes')]),
    });
    expect(stage.world.calls).toHaveLength(0);
  });
});

describe('a person who names a target', () => {
  /** A failover that could not be brought to its end: the interface is on nobody, and `failed` is recorded. */
  async function failedMove() {
    const stage = new Stage();
    const scene = stage.build('pair');
    const [eni, standby] = [at(scene.interfaces, 0), at(scene.members, 1)];
    const event = await stage.fail(scene.holder);
    const refusal = { kind: 'refuse', code: 'AttachmentLimitExceeded', message: 'no slot', status: 400 } as const;
    stage.goesWrong('AttachNetworkInterface', refusal, 'every');
    await expect(stage.invoke(event)).rejects.toMatchObject({ code: 'OperationFailed' });
    stage.heal();
    return { stage, scene, eni, standby };
  }

  it('should be obeyed at once after a run that failed: it binds nobody any more', async () => {
    const { stage, eni, standby } = await failedMove();
    expect(stage.ledger(eni)?.operation?.deadlineAt).toBeLessThanOrEqual(stage.clock.now());
    const result = await stage.result({ action: 'failover', group: 'web', to: standby });
    expect(result.operation).toMatchObject({ result: 'done', to: standby });
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it('should be obeyed when they vouch for a member whose checks fail', async () => {
    const { stage, scene, eni } = await failedMove();
    const asked = { action: 'failover', group: 'web', to: scene.holder } as const;
    expect(await stage.result(asked)).toMatchObject({ code: 'target-not-eligible', decision: 'blocked' });
    const result = await stage.result({ ...asked, ignoreHealth: true });
    expect(result.operation).toMatchObject({ result: 'done', to: scene.holder });
    expect(stage.world.holderOf(eni)).toBe(scene.holder);
  });

  it('should be told what is in the way of that target, not of the recorded one', async () => {
    const { stage, standby } = await failedMove();
    stage.world.stopInstance(standby);
    const result = await stage.result({ action: 'failover', group: 'web', to: standby });
    expect(result.reason).toBe(`${standby} cannot take over: it is stopping.`);
  });

  it('should be obeyed by the later request when two ask for different targets', async () => {
    const stage = new Stage({ latencies: { detachMs: [4_000, 4_000] } });
    const scene = stage.build('pair');
    const third = member(stage.world, 'web-3').id;
    const [eni, standby] = [at(scene.interfaces, 0), at(scene.members, 1)];
    const first = stage.begin({ action: 'failover', group: 'web', to: standby });
    await stage.clock.advance(1_000);
    const second = await stage.result({ action: 'failover', group: 'web', to: third });
    expect(second.operation).toMatchObject({ result: 'done', to: third });
    const { groups } = await stage.clock.run(first);
    expect(at(groups, 0).operation?.result).toBe('superseded');
    expect(stage.world.holderOf(eni)).toBe(third);
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', holder: third, epoch: 1 });
  });

  it('should keep where the move began: the old holder is not forgotten', async () => {
    const { stage, scene, eni, standby } = await failedMove();
    const planned = await stage.result({ action: 'plan', group: 'web', to: standby });
    expect(planned.operation).toMatchObject({ result: 'planned', from: scene.holder, to: standby });
    expect(stage.ledger(eni)?.phase).toBe('failed');
  });
});
