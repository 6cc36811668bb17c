import { member } from '../../../demo/scenarios.ts';
import { at, Stage } from '../../support/stage.ts';

/** A holder that hangs; whatever its checks say, it is given the long wait, unless a test is about the short one. */
async function hungPair({ settings, ...options }: ConstructorParameters<typeof Stage>[0] = {}) {
  const stage = new Stage({ ...options, settings: { forceFailedAfterSeconds: 600, ...settings } });
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
    expect(waitedMs).toBeLessThanOrEqual(10_040);
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

  it('should be remembered in the ledger with the launch time of the old holder and the device', async () => {
    const { stage, scene, event, eni } = await hungPair();
    await stage.invoke(event);
    const { launchMs = 0 } = stage.world.instance(scene.holder) ?? {};
    expect(stage.ledger(eni)?.forced).toEqual([
      {
        instanceId: scene.holder,
        launchedAt: launchMs,
        at: expect.any(Number) as number,
        devices: [{ deviceIndex: 1, networkCardIndex: 0 }],
      },
    ]);
  });

  it('should not be forced when it ends in time', async () => {
    const stage = new Stage({ latencies: { detachMs: [9_500, 9_500] }, settings: { forceFailedAfterSeconds: 600 } });
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
    expect(waitedMs).toBeLessThanOrEqual(3_040);
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

/** How long after the plain detach was sent the forced one was, in milliseconds. */
function waitedMs(stage: Stage): number {
  const [plain, force] = stage.callsOf('DetachNetworkInterface');
  return (force?.sentMs ?? Number.NaN) - (plain?.sentMs ?? 0);
}

describe('the wait before force', () => {
  const short = { settings: { forceFailedAfterSeconds: 2 } };

  it('should be short for a holder that fails its checks: its guest may never answer', async () => {
    const { stage, event } = await hungPair(short);
    await stage.invoke(event);
    expect([forced(stage), waitedMs(stage)]).toEqual([[false, true], 2_040]);
  });

  it('should be short for a holder that is gone', async () => {
    const { stage, scene } = await hungPair(short);
    stage.world.recoverInstance(scene.holder);
    stage.world.hangDetach(scene.holder, true);
    stage.world.terminateInstance(scene.holder);
    await stage.invoke(stage.lastEvent('EC2 Instance State-change Notification', scene.holder));
    expect(waitedMs(stage)).toBeLessThanOrEqual(2_100);
  });

  it.each([
    ['healthy', () => undefined],
    ['stopping', (stage: Stage, holder: string) => stage.world.stopInstance(holder)],
  ])('should be long for a holder that is %s', async (_, happens) => {
    const stage = new Stage();
    const scene = stage.build('pair');
    stage.world.hangDetach(scene.holder, true);
    happens(stage, scene.holder);
    await stage.invoke({ action: 'failover', group: 'web' });
    expect([forced(stage), waitedMs(stage)]).toEqual([[false, true], 10_040]);
  });

  it('should count from the call that EC2 accepted, not from those it throttled', async () => {
    const { stage, event } = await hungPair();
    for (const nth of [1, 2, 3]) stage.goesWrong('DetachNetworkInterface', { kind: 'throttle' }, nth);
    await stage.invoke(event);
    const [accepted, force] = stage.callsOf('DetachNetworkInterface').filter(({ outcome }) => outcome === 'ok');
    expect(accepted?.input['Force']).toBe(false);
    expect(force?.input['Force']).toBe(true);
    expect((force?.sentMs ?? 0) - (accepted?.sentMs ?? 0)).toBeGreaterThanOrEqual(10_000);
  });

  it('should count from the intent when it is longer than a run', async () => {
    const { stage, scene, event, eni, standby } = await hungPair({ settings: { forceAfterSeconds: 60 } });
    await expect(stage.invoke(event)).rejects.toMatchObject({ code: 'OperationInterrupted' });
    const begunMs = stage.ledger(eni)?.operation?.begunAt ?? 0;
    await stage.sweep();
    expect(stage.world.holderOf(eni)).toBe(standby);
    const [, force] = stage.callsOf('DetachNetworkInterface');
    expect((force?.sentMs ?? 0) - begunMs).toBeGreaterThanOrEqual(60_000);
    expect((force?.sentMs ?? 0) - begunMs).toBeLessThanOrEqual(62_000);
    expect(scene.holder).not.toBe(standby);
  });

  it.each(['IncorrectState', 'IncorrectInstanceState', 'UnsupportedOperation', 'InvalidAttachment.NotFound'])(
    'should go on after EC2 answered %s for a holder between two states',
    async (code) => {
      const { stage, event, eni, standby } = await hungPair(short);
      stage.goesWrong('DetachNetworkInterface', { kind: 'refuse', code, message: 'not now', status: 400 });
      expect((await stage.result(event)).operation?.result).toBe('done');
      expect(stage.world.holderOf(eni)).toBe(standby);
    },
  );

  it('should end with the remedy when not even force helps', async () => {
    const { stage, scene, event } = await hungPair({ ...short, latencies: { detachMs: [200_000, 200_000] } });
    await expect(stage.invoke(event)).rejects.toThrow(`not even by force: stop ${scene.holder}, and it will`);
  });

  it('should not ask to stop a holder that is gone', async () => {
    const latencies = { detachMs: [200_000, 200_000], shuttingDownMs: [200_000, 200_000] } as const;
    const { stage, scene } = await hungPair({ ...short, latencies });
    stage.world.terminateInstance(scene.holder);
    const event = stage.lastEvent('EC2 Instance State-change Notification', scene.holder);
    await expect(stage.invoke(event)).rejects.toThrow(/run's time was up, not even by force$/);
  });
});
