import { at, Stage } from '../../support/stage.ts';

const MINUTE_MS = 60_000;

async function known() {
  const stage = new Stage();
  const scene = stage.build('pair');
  await stage.sweep();
  return { stage, scene, eni: at(scene.interfaces, 0), standby: at(scene.members, 1) };
}

/** One sweep a minute. */
async function sweeps(stage: Stage, count: number): Promise<void> {
  for (let nth = 0; nth < count; nth += 1) {
    await stage.clock.advance(MINUTE_MS);
    await stage.sweep();
  }
}

describe('a holder that reboots', () => {
  it('should keep its interface', async () => {
    const { stage, scene, eni } = await known();
    stage.world.rebootInstance(scene.holder);
    await sweeps(stage, 10);
    expect(stage.world.holderOf(eni)).toBe(scene.holder);
    expect(stage.callsOf('DetachNetworkInterface')).toEqual([]);
  });
});

describe('a holder that stops and starts again', () => {
  it('should find its interface with the standby, and leave it there', async () => {
    const { stage, scene, eni, standby } = await known();
    stage.world.stopInstance(scene.holder);
    await sweeps(stage, 2);
    stage.world.startInstance(scene.holder);
    await sweeps(stage, 10);
    expect(stage.world.holderOf(eni)).toBe(standby);
    expect(stage.callsOf('DetachNetworkInterface')).toHaveLength(1);
  });
});

describe('a holder that recovers from its failure', () => {
  it('should keep its interface when it recovers before anybody acted', async () => {
    const { stage, scene, eni } = await known();
    await stage.invoke({ action: 'pause', group: 'web', minutes: 5 });
    await stage.fail(scene.holder);
    stage.world.recoverInstance(scene.holder);
    await stage.clock.advance(5 * MINUTE_MS);
    await sweeps(stage, 3);
    expect(stage.world.holderOf(eni)).toBe(scene.holder);
    expect(stage.ledger(eni)?.condition).toBeUndefined();
  });
});

describe('a holder that is replaced by a new instance', () => {
  it('should leave its interface to the standby, and the newcomer should be next in line', async () => {
    const { stage, scene, eni, standby } = await known();
    const { type, zone, tags } = stage.world.instance(scene.holder) ?? {};
    stage.world.terminateInstance(scene.holder);
    const initializingUntilMs = stage.clock.now() + 2 * MINUTE_MS;
    const heir = stage.world.addInstance({
      initializingUntilMs,
      ...(type && { type }),
      ...(zone && { zone }),
      ...(tags && { tags }),
    });
    await sweeps(stage, 3);
    expect(stage.world.holderOf(eni)).toBe(standby);
    expect(stage.ledger(eni)?.members).toEqual([heir.id, standby].sort());
    stage.world.stopInstance(standby);
    await sweeps(stage, 2);
    expect(stage.world.holderOf(eni)).toBe(heir.id);
  });
});
