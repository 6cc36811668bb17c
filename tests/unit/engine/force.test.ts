import { member } from '../../../demo/scenarios.ts';
import { at, Stage } from '../../support/stage.ts';

async function hungPair(options: ConstructorParameters<typeof Stage>[0] = {}) {
  const stage = new Stage(options);
  const scene = stage.build('pair');
  const event = await stage.fail(scene.holder, { hangsDetach: true });
  return { stage, scene, event, eni: at(scene.interfaces, 0), standby: at(scene.members, 1) };
}

const forced = (stage: Stage) => stage.callsOf('DetachNetworkInterface').map(({ input }) => input['Force']);

describe('a detach that hangs', () => {
  it('should be forced once forceAfterSeconds have passed, after a last look', async () => {
    const { stage, event, eni, standby } = await hungPair();
    expect((await stage.result(event)).operation?.result).toBe('done');
    const [plain, force] = stage.callsOf('DetachNetworkInterface');
    const waitedMs = (force?.sentMs ?? 0) - (plain?.sentMs ?? 0);
    expect(waitedMs).toBeGreaterThanOrEqual(10_000);
    expect(waitedMs).toBeLessThanOrEqual(10_020);
    expect(forced(stage)).toEqual([false, true]);
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it('should cost one changing call more', async () => {
    const { stage, event } = await hungPair();
    await stage.invoke(event);
    expect(stage.changes()).toHaveLength(5);
  });

  it('should name the same attachment in both detaches', async () => {
    const { stage, event } = await hungPair();
    await stage.invoke(event);
    const [plain, force] = stage.callsOf('DetachNetworkInterface');
    expect(force?.input['AttachmentId']).toBe(plain?.input['AttachmentId']);
  });

  it('should be reported as a plain step that failed and a forced one that was done', async () => {
    const { stage, event } = await hungPair();
    const steps = (await stage.result(event)).operation?.steps ?? [];
    expect(steps.slice(1, 3).map(({ kind, result }) => `${kind} ${result}`)).toEqual([
      'detach failed',
      'force-detach done',
    ]);
  });

  it('should be remembered in the ledger with the launch time of the old holder', async () => {
    const { stage, scene, event, eni } = await hungPair();
    await stage.invoke(event);
    const { launchMs = 0 } = stage.world.instance(scene.holder) ?? {};
    expect(stage.ledger(eni)?.forced).toEqual([{ instanceId: scene.holder, launchedAt: launchMs }]);
  });

  it('should not be forced when it ends in time', async () => {
    const stage = new Stage({ latencies: { detachMs: [9_500, 9_500] } });
    const scene = stage.build('pair');
    await stage.invoke(await stage.fail(scene.holder));
    expect(forced(stage)).toEqual([false]);
  });

  it('should wait as long as the tag of the group says', async () => {
    const { stage, event, eni } = await hungPair();
    stage.world.retag(eni, { 'eni-failover:force-after': '3' });
    await stage.invoke(event);
    const [plain, force] = stage.callsOf('DetachNetworkInterface');
    const waitedMs = (force?.sentMs ?? 0) - (plain?.sentMs ?? 0);
    expect(waitedMs).toBeGreaterThanOrEqual(3_000);
    expect(waitedMs).toBeLessThanOrEqual(3_020);
  });

  it('should be forced for the one interface that hangs only', async () => {
    const stage = new Stage();
    const scene = stage.build('two-interfaces');
    const event = await stage.fail(scene.holder);
    stage.world.onCall(({ action }) => {
      if (action === 'DetachNetworkInterface') stage.world.hangDetach(scene.holder);
    });
    await stage.invoke(event);
    const [first, second, third, ...more] = stage.callsOf('DetachNetworkInterface');
    expect([first, second, third].map((call) => call?.input['Force'])).toEqual([false, false, true]);
    expect(third?.input['AttachmentId']).toBe(second?.input['AttachmentId']);
    expect(more).toEqual([]);
  });

  // Ambiguous: the force may have been applied, so the old holder may refuse the index; nobody writes that down.
  it('should be remembered also when the reply to the forced detach is lost', async () => {
    const { stage, scene, event, eni } = await hungPair();
    stage.goesWrong('DetachNetworkInterface', { kind: 'lost' }, 2);
    expect((await stage.result(event)).operation?.result).toBe('done');
    expect(stage.ledger(eni)?.forced.map(({ instanceId }) => instanceId)).toEqual([scene.holder]);
  });
});

describe('forceAfterSeconds 0', () => {
  it('should force at once and never ask plainly', async () => {
    const { stage, event, eni, standby } = await hungPair({ settings: { forceAfterSeconds: 0 } });
    await stage.invoke(event);
    expect(forced(stage)).toEqual([true]);
    expect(stage.changes()).toHaveLength(4);
    expect(stage.world.holderOf(eni)).toBe(standby);
  });
});

describe('an old holder that was detached by force', () => {
  it('should rank last until it is launched anew', async () => {
    const { stage, scene, event, standby } = await hungPair();
    await stage.invoke(event);
    stage.world.recoverInstance(scene.holder);
    const third = member(stage.world, 'web-3');
    stage.world.retag(scene.holder, { 'eni-failover:priority': '10' });
    await stage.clock.advance(5 * 60_000);
    const ask = { action: 'plan', group: 'web', from: standby };
    expect((await stage.result(ask)).operation?.to).toBe(third.id);

    stage.world.stopInstance(scene.holder);
    await stage.clock.advance(5 * 60_000);
    stage.world.startInstance(scene.holder);
    await stage.clock.advance(5 * 60_000);
    expect((await stage.result(ask)).operation?.to).toBe(scene.holder);
  });
});
