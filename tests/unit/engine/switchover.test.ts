import { at, only, Stage } from '../../support/stage.ts';

const MINUTE_MS = 60_000;

/** A pair whose holder is well, and does not let its interface go by a plain detach. */
function clinging() {
  const stage = new Stage();
  const scene = stage.build('pair');
  stage.goesWrong('DetachNetworkInterface', { kind: 'stuck' });
  return { stage, scene, eni: at(scene.interfaces, 0), standby: at(scene.members, 1) };
}

const forcedDetaches = (stage: Stage) =>
  stage.callsOf('DetachNetworkInterface').filter(({ input }) => input['Force'] === true);

describe('a switchover', () => {
  it('should move the group by a plain detach, and count as no automatic move', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const result = await stage.result({ action: 'switchover', group: 'web', reason: 'kernel update' });
    expect(result).toMatchObject({
      code: 'switchover',
      reason: expect.stringMatching(/^On request: kernel update\. The holder .+ takes over\.$/),
      operation: { action: 'switchover', from: scene.holder, to: scene.members[1], result: 'done' },
    });
    expect(stage.ledger(scene.interfaces[0])).toMatchObject({
      moves: [],
      operation: { action: 'switchover', plain: true, automatic: false },
    });
  });

  it('should not be held up by a pause, and be refused nameless soon after a move', async () => {
    const stage = new Stage();
    stage.build('pair');
    await stage.invoke({ action: 'pause', group: 'web' });
    expect((await stage.result({ action: 'switchover', group: 'web' })).operation?.result).toBe('done');
    expect((await stage.result({ action: 'switchover', group: 'web' })).code).toBe('repeated-request');
  });

  it('should go on waiting where the holder does not let go, and never use force', async () => {
    const stage = new Stage({ latencies: { detachMs: [150_000, 150_000] } });
    const scene = stage.build('pair');
    const result = await stage.result({ action: 'switchover', group: 'web', from: scene.holder });
    expect(result.operation).toMatchObject({ result: 'detaching', reason: expect.stringContaining('with force') });
    await stage.clock.advance(5_000);
    expect(only((await stage.sweep()).groups).operation?.result).toBe('detaching');
    await stage.clock.advance(15_000);
    expect(only((await stage.sweep()).groups).operation?.result).toBe('done');
    expect(stage.world.holderOf(at(scene.interfaces, 0))).toBe(scene.members[1]);
    expect(forcedDetaches(stage)).toEqual([]);
  });

  it('should be told once while it waits, and write nothing meanwhile', async () => {
    const { stage } = clinging();
    await stage.invoke({ action: 'switchover', group: 'web' });
    const [first, before] = [await stage.sweep(), stage.callsOf('CreateTags').length];
    await stage.clock.advance(MINUTE_MS);
    const second = await stage.sweep();
    expect(only(second.groups)).toMatchObject({ operation: { result: 'detaching' } });
    expect([...first.groups, ...second.groups].flatMap(({ news = [] }) => news)).toEqual([]);
    expect(stage.callsOf('CreateTags')).toHaveLength(before);
  });

  it('should not be forced by the sweep that finds it cut short', async () => {
    const { stage } = clinging();
    const cut = await stage.result({ action: 'switchover', group: 'web' }, { remainingMs: 20_000 });
    expect(cut.operation?.result).toBe('detaching');
    await stage.clock.advance(MINUTE_MS);
    await stage.sweep();
    expect(forcedDetaches(stage)).toEqual([]);
  });

  it('should be forced where that is asked for: at once, or later', async () => {
    const now = clinging();
    const forced = await now.stage.result({ action: 'switchover', group: 'web', force: true });
    expect(forced.operation?.result).toBe('done');
    expect(forcedDetaches(now.stage)).toHaveLength(1);

    const later = clinging();
    await later.stage.invoke({ action: 'switchover', group: 'web' });
    const again = await later.stage.result({ action: 'switchover', group: 'web', force: true });
    expect(again.operation).toMatchObject({ result: 'done', to: later.standby });
    expect(forcedDetaches(later.stage)).toHaveLength(1);
  });

  it('should be ended by a failover request, which is not told what it already knows', async () => {
    const { stage, eni, standby } = clinging();
    await stage.invoke({ action: 'switchover', group: 'web' });
    const again = await stage.result({ action: 'switchover', group: 'web', to: standby });
    expect(again.operation?.result).toBe('detaching');
    expect((await stage.result({ action: 'failover', group: 'web' })).operation?.result).toBe('done');
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it('should be a failover once the holder fails: what hangs there is forced', async () => {
    const { stage, scene, eni, standby } = clinging();
    await stage.invoke({ action: 'switchover', group: 'web' });
    await stage.invoke(await stage.fail(scene.holder));
    expect(stage.world.holderOf(eni)).toBe(standby);
    expect(forcedDetaches(stage)).toHaveLength(1);
  });

  it('should be closed where its run has died before the detach', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    stage.goesWrong('DetachNetworkInterface', { kind: 'throttle' }, 'every');
    await stage.invoke({ action: 'switchover', group: 'web' }, { remainingMs: 20_000 });
    stage.heal();
    await stage.clock.advance(MINUTE_MS);
    await stage.sweep();
    expect(stage.world.holderOf(at(scene.interfaces, 0))).toBe(scene.holder);
    expect(stage.ledger(scene.interfaces[0])?.phase).toBe('steady');
  });

  it('should let what is free serve where another interface of the group hangs', async () => {
    const stage = new Stage();
    const scene = stage.build('two-interfaces');
    const [anchor, follower] = [...scene.interfaces].sort() as [string, string];
    stage.world.faults = {
      before: ({ action, input }) =>
        action === 'DetachNetworkInterface' &&
        input['AttachmentId'] === stage.world.interface(follower)?.attachment?.id &&
        input['DryRun'] !== true
          ? { kind: 'stuck' }
          : undefined,
    };
    const result = await stage.result({ action: 'switchover', group: 'web' });
    expect(result.operation?.result).toBe('detaching');
    expect(stage.world.holderOf(anchor)).not.toBe(scene.holder);
    expect(forcedDetaches(stage)).toEqual([]);
  });
});

describe('a failback', () => {
  it('should bring the group to the preferred member, once', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const preferred = at(scene.members, 1);
    stage.world.retag(preferred, { 'eni-failover:priority': '10' });
    const result = await stage.result({ action: 'failback', group: 'web', from: scene.holder });
    expect(result).toMatchObject({ code: 'switchover', operation: { to: preferred, result: 'done' } });
    expect((await stage.result({ action: 'failback', group: 'web' })).code).toBe('already-there');
    expect((await stage.result({ action: 'failback', group: 'web', from: scene.holder })).code).toBe('already-moved');
  });
});
