import { member } from '../../../demo/scenarios.ts';
import { at, only, Stage } from '../../support/stage.ts';

const MINUTE_MS = 60_000;
const DRILL = { action: 'failover', group: 'web' };

function pair(options: ConstructorParameters<typeof Stage>[0] = {}, name: 'pair' | 'two-interfaces' = 'pair') {
  const stage = new Stage(options);
  const scene = stage.build(name);
  return { stage, scene, eni: at(scene.interfaces, 0), standby: at(scene.members, 1) };
}

describe('the dry run of an attach', () => {
  it('should be one call, with the very parameters of the attach to come', async () => {
    const { stage } = pair();
    await stage.invoke(DRILL);
    const { input } = only(stage.callsOf('AttachNetworkInterface'));
    expect(only(stage.dryRuns()).input).toEqual({ ...input, DryRun: true });
  });

  it('should be sent at the moment at which the intent is, and cost no time', async () => {
    const { stage } = pair();
    await stage.invoke(DRILL);
    const [intent, detach] = stage.changesSince(0);
    expect(only(stage.dryRuns()).sentMs).toBe(intent?.sentMs);
    expect(detach?.sentMs).toBe((intent?.sentMs ?? 0) + 20);
  });

  it('should ask about every interface that is to be moved', async () => {
    const { stage, scene } = pair({}, 'two-interfaces');
    await stage.invoke(DRILL);
    expect(stage.dryRuns().map(({ input }) => input['NetworkInterfaceId'])).toEqual(scene.interfaces);
  });

  it('should not be sent where nothing is detached', async () => {
    const { stage, eni } = pair();
    stage.world.detachByHand(eni);
    await stage.clock.advance(MINUTE_MS);
    expect(await stage.result(DRILL)).toMatchObject({ code: 'attach', operation: { result: 'done' } });
    expect(stage.dryRuns()).toEqual([]);
  });

  it('should not be sent again for a pair that was answered within 15 minutes', async () => {
    const { stage, scene, standby } = pair();
    const warm = stage.app('warm');
    const move = (to: string) =>
      stage.clock.run(warm.handle(stage.parsed({ ...DRILL, to }), { runId: `to ${to}`, remainingMs: 55_000 }));
    await move(standby);
    await move(scene.holder);
    await move(standby);
    expect(stage.dryRuns().map(({ input }) => input['InstanceId'])).toEqual([standby, scene.holder]);
    await stage.clock.advance(16 * MINUTE_MS);
    await move(scene.holder);
    expect(stage.dryRuns()).toHaveLength(3);
  });

  it('should not be sent once a change was throttled in the same run', async () => {
    const { stage, eni, standby } = pair();
    stage.goesWrong('AttachNetworkInterface', { kind: 'refuse', code: 'IncorrectState', message: 'no', status: 400 });
    const spare = member(stage.world, 'web-3').id;
    stage.goesWrong('DetachNetworkInterface', { kind: 'throttle' });
    await stage.invoke(DRILL);
    expect([standby, spare]).toContain(stage.world.holderOf(eni));
    expect(stage.dryRuns()).toHaveLength(1);
  });

  it.each([
    ['is throttled', { kind: 'throttle' }],
    ['gets no reply', { kind: 'lost' }],
  ] as const)('should say nothing and be sent once when it %s', async (_, fault) => {
    const { stage, eni, standby } = pair();
    stage.goesWrong('AttachNetworkInterface', fault, 'every');
    const run = stage.begin(DRILL);
    await stage.clock.advance(3_000);
    expect(stage.dryRuns()).toHaveLength(1);
    expect(stage.callsOf('DetachNetworkInterface')).toHaveLength(1);
    stage.heal();
    await stage.clock.run(run);
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it('should hold up a move away from a failed holder for a quarter of a second at the most', async () => {
    const { stage, scene } = pair();
    const event = await stage.fail(scene.holder);
    stage.goesWrong('AttachNetworkInterface', { kind: 'slow', ms: 4_000 }, 'every');
    await stage.invoke(event);
    const [intent, detach] = stage.changesSince(0);
    expect(detach?.sentMs).toBe((intent?.sentMs ?? 0) + 20 + 250);
  });
});

describe('an attach that IAM denies', () => {
  it('should be found out before anything is detached, named, and counted as no move', async () => {
    const { stage, scene, eni, standby } = pair();
    stage.deny('AttachNetworkInterface');
    const result = await stage.result(DRILL);
    expect(result).toMatchObject({ decision: 'blocked', code: 'attach-denied', operation: { result: 'failed' } });
    expect(result.reason).toContain(`the attach of ${eni} to ${standby} is denied: ec2:AttachNetworkInterface`);
    expect(stage.changes()).toEqual(['CreateTags', 'CreateTags']);
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', holder: scene.holder, epoch: 0 });
  });

  it('should be found out before force, where a detach is under way and hangs', async () => {
    const { stage, scene, eni } = pair();
    await stage.fail(scene.holder, { hangsDetach: true });
    stage.world.detachByHand(eni);
    await stage.clock.advance(MINUTE_MS);
    stage.deny('AttachNetworkInterface');
    stage.world.faults = {
      before: ({ action }) => (action.startsWith('Attach') ? { kind: 'slow', ms: 500 } : undefined),
    };
    expect(await stage.result(DRILL)).toMatchObject({ code: 'attach-denied' });
    expect(stage.callsOf('DetachNetworkInterface')).toEqual([]);
    expect(stage.world.interface(eni)?.attachment).toMatchObject({ instanceId: scene.holder });
  });

  it('should be found out for a follower, too', async () => {
    const { stage, scene } = pair({}, 'two-interfaces');
    stage.deny('AttachNetworkInterface', at(scene.interfaces, 1));
    expect(await stage.result(DRILL)).toMatchObject({ code: 'attach-denied' });
    expect(stage.callsOf('DetachNetworkInterface')).toEqual([]);
  });

  it('should be found out in time, although the answer about another interface comes late', async () => {
    const { stage, scene } = pair({}, 'two-interfaces');
    const event = await stage.fail(scene.holder);
    stage.deny('AttachNetworkInterface');
    stage.world.faults = {
      before: ({ input }) =>
        input['NetworkInterfaceId'] === scene.interfaces[1] ? { kind: 'slow', ms: 4_000 } : undefined,
    };
    await expect(stage.invoke(event)).rejects.toMatchObject({ code: 'OperationFailed' });
    expect(stage.callsOf('DetachNetworkInterface')).toEqual([]);
  });

  it('should be thrown for an event once, and then stand in the way', async () => {
    const { stage, scene, eni } = pair();
    const event = await stage.fail(scene.holder);
    stage.deny('AttachNetworkInterface');
    const warm = stage.app('warm');
    const run = () => stage.clock.run(warm.handle(stage.parsed(event), { runId: 'event', remainingMs: 55_000 }));
    await expect(run()).rejects.toMatchObject({ code: 'OperationFailed', message: expect.stringContaining(eni) });
    expect((await run()).groups).toMatchObject([{ decision: 'blocked', code: 'attach-denied' }]);
    expect(stage.dryRuns()).toHaveLength(1);
    expect(stage.changes().filter((action) => action !== 'CreateTags')).toEqual([]);
  });

  it('should be said by plan, which asks EC2, and by status in the same process', async () => {
    const { stage, standby } = pair();
    stage.deny('AttachNetworkInterface');
    const warm = stage.app('warm');
    const ask = async (action: string) => {
      const parsed = stage.parsed({ action, group: 'web' });
      return at((await stage.clock.run(warm.handle(parsed, { runId: action, remainingMs: 55_000 }))).groups, 0);
    };
    const plan = await ask('plan');
    expect(plan).toMatchObject({ decision: 'blocked', code: 'attach-denied' });
    expect(plan.rejected).toContainEqual(expect.objectContaining({ instanceId: standby, code: 'attach-denied' }));
    const { status } = await ask('status');
    expect(status?.readiness).toMatchObject({ ready: false, code: 'attach-denied' });
    expect(stage.changes()).toEqual([]);
  });

  it('should be asked for anew when a person, who may have mended it, asks for the move', async () => {
    const { stage, eni, standby } = pair();
    stage.deny('AttachNetworkInterface');
    const warm = stage.app('warm');
    const drill = () => stage.clock.run(warm.handle(stage.parsed(DRILL), { runId: 'drill', remainingMs: 55_000 }));
    await drill();
    stage.heal();
    await drill();
    expect(stage.world.holderOf(eni)).toBe(standby);
  });
});
