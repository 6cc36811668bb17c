import type { Fault } from '../../../lab/world/hooks.ts';
import { at, Stage } from '../../support/stage.ts';

const MINUTE_MS = 60_000;
const NO_SLOT: Fault = { kind: 'refuse', code: 'AttachmentLimitExceeded', message: 'no slot left', status: 400 };

/** Sweeps once a minute, as deployed; returns what is told. */
async function sweeps(stage: Stage, minutes: number): Promise<readonly string[]> {
  const news: string[] = [];
  for (let nth = 0; nth < minutes; nth += 1) {
    const nextMs = stage.clock.now() + MINUTE_MS;
    news.push(...(await stage.sweep()).groups.flatMap((group) => group.news ?? []));
    await stage.clock.runUntil(nextMs);
  }
  return news;
}

describe('a standby that refuses for good', () => {
  it('should have the interface taken off a failed holder for it once in a cooldown window', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const [eni, standby] = [at(scene.interfaces, 0), at(scene.members, 1)];
    await stage.fail(scene.holder);
    stage.world.injections.add({
      action: 'AttachNetworkInterface',
      instanceId: standby,
      fault: NO_SLOT,
      times: 'always',
    });
    await sweeps(stage, 14);
    expect(stage.callsOf('DetachNetworkInterface')).toHaveLength(1);
    expect(stage.world.holderOf(eni)).toBe(scene.holder);
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', moves: [], refused: [{ instanceId: standby }] });
    await sweeps(stage, 4);
    expect(stage.callsOf('DetachNetworkInterface')).toHaveLength(2);
  });

  it('should keep what it took, and be asked 1, 2, 4 and then every 8 minutes for what it refuses', async () => {
    const stage = new Stage();
    const scene = stage.build('two-interfaces');
    const [anchor, follower] = scene.interfaces;
    const standby = at(scene.members, 1);
    stage.world.stopInstance(scene.holder);
    stage.world.injections.add({
      action: 'AttachNetworkInterface',
      interfaceId: follower,
      fault: NO_SLOT,
      times: 'always',
    });
    await sweeps(stage, 33);
    const tried = stage
      .callsOf('AttachNetworkInterface')
      .filter(({ input }) => input['NetworkInterfaceId'] === follower);
    const minutes = tried.map(({ sentMs }) => Math.round((sentMs - (tried[0]?.sentMs ?? 0)) / MINUTE_MS));
    expect(minutes).toEqual([0, 1, 3, 7, 15, 23, 31]);
    expect(stage.callsOf('DetachNetworkInterface')).toHaveLength(2);
    expect(stage.world.holderOf(anchor ?? '')).toBe(standby);
  });
});

describe('a standby on which each attach comes undone', () => {
  it('should be tried 1, 2, 4 and then every 8 minutes apart while the holder is stopped, which is told once', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const [eni, standby] = [at(scene.interfaces, 0), at(scene.members, 1)];
    stage.world.stopInstance(scene.holder);
    stage.world.injections.add({
      action: 'AttachNetworkInterface',
      instanceId: standby,
      fault: { kind: 'revert' },
      times: 'always',
    });
    const told = await sweeps(stage, 33);
    const tried = stage.callsOf('AttachNetworkInterface').filter(({ input }) => input['InstanceId'] === standby);
    const minutes = tried.map(({ sentMs }) => Math.round((sentMs - (tried[0]?.sentMs ?? 0)) / MINUTE_MS));
    expect(minutes).toEqual([0, 1, 3, 7, 15, 23, 31]);
    expect(stage.callsOf('DetachNetworkInterface')).toHaveLength(6);
    expect(stage.world.holderOf(eni)).toBe(scene.holder);
    expect(told.filter((sentence) => sentence.includes('No member can take over'))).toHaveLength(1);
  });
});

describe('the cooldown', () => {
  it('should not be used up by attaching what nobody holds', async () => {
    const stage = new Stage({ settings: { maxMoves: 1 } });
    const scene = stage.build('two-interfaces');
    await sweeps(stage, 1);
    stage.world.detachByHand(at(scene.interfaces, 1));
    await sweeps(stage, 3);
    expect(scene.interfaces.map((id) => stage.world.holderOf(id))).toEqual([scene.holder, scene.holder]);
    expect(stage.ledger(scene.interfaces[0])).toMatchObject({ operation: { action: 'attach' }, moves: [] });
    const event = await stage.fail(scene.holder);
    expect((await stage.result(event)).operation?.result).toBe('done');
  });
});

describe('a loose follower of a group in manual mode', () => {
  it.each([{}, { to: 'holder' }])('should be attached for a person who asks for a failover %j', async ({ to }) => {
    const stage = new Stage({ settings: { mode: 'manual' } });
    const scene = stage.build('two-interfaces');
    await stage.invoke({ action: 'failover', group: 'web' });
    const holder = at(scene.members, 1);
    stage.world.detachByHand(at(scene.interfaces, 1));
    await stage.clock.advance(10_000);
    const request = { action: 'failover', group: 'web', ...(to && { to: holder }) };
    expect(await stage.result(request)).toMatchObject({ code: 'attach', operation: { result: 'done' } });
    expect(scene.interfaces.map((id) => stage.world.holderOf(id))).toEqual([holder, holder]);
  });
});

describe('an interface that comes back to its old holder after a while on nobody', () => {
  it('should be told, although the move that failed was told before', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const [eni, standby] = [at(scene.interfaces, 0), at(scene.members, 1)];
    await stage.sweep();
    const action = 'AttachNetworkInterface';
    stage.world.injections.add({ action, instanceId: standby, fault: NO_SLOT, times: 'always' });
    const down: Fault = { kind: 'refuse', code: 'InternalError', message: 'oops', status: 500 };
    stage.world.injections.add({ action, instanceId: scene.holder, fault: down, times: 3 });
    const asked = await stage.result({ action: 'failover', group: 'web', to: standby });
    expect(asked.operation?.result).toBe('failed');
    expect(stage.world.holderOf(eni)).toBeUndefined();
    const news = await sweeps(stage, 3);
    expect(stage.world.holderOf(eni)).toBe(scene.holder);
    expect(news).toContainEqual(expect.stringContaining('is rolled back'));
  });
});
