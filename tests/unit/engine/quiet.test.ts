import { at, Stage } from '../../support/stage.ts';

const MINUTE_MS = 60_000;

/** The codes that so many sweeps, one a minute, announce. */
async function announcedBy(stage: Stage, sweeps: number): Promise<unknown[]> {
  stage.announced.length = 0;
  for (let i = 0; i < sweeps; i += 1) {
    await stage.clock.advance(MINUTE_MS);
    await stage.sweep();
  }
  return stage.announced.map(({ code }) => code);
}

async function known(name: 'pair' | 'other-az' = 'pair') {
  const stage = new Stage();
  const scene = stage.build(name);
  await stage.sweep();
  return { stage, scene, eni: at(scene.interfaces, 0) };
}

describe('a ledger', () => {
  it('should be written once for each state of a group with a primary interface in it', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const primary = stage.world.interfacesOf(scene.holder).find(({ attachment }) => attachment?.deviceIndex === 0);
    stage.world.retag(primary?.id ?? '', { 'eni-failover:group': 'web' });
    // The primary one never belongs to the group, which is looked after without it: the second sweep tells of it.
    expect(await announcedBy(stage, 10)).toEqual(['holder-healthy', 'holder-healthy']);
    expect(stage.callsOf('CreateTags')).toHaveLength(2);
  });

  it('should be begun anew, once, when somebody made it unreadable', async () => {
    const { stage, scene, eni } = await known();
    stage.world.retag(eni, { 'eni-failover-state:state': 'many' });
    expect(await announcedBy(stage, 10)).toEqual(['holder-healthy']);
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', holder: scene.holder, epoch: 0 });
    expect(stage.callsOf('CreateTags')).toHaveLength(2);
  });
});

describe('a trouble that lasts for ten minutes', () => {
  it('should be announced once when automation is paused', async () => {
    const { stage, scene } = await known();
    await stage.invoke({ action: 'pause', group: 'web', minutes: 600 });
    await stage.fail(scene.holder);
    expect(await announcedBy(stage, 10)).toEqual(['paused']);
  });

  it('should be announced once when nobody can take over', async () => {
    const { stage, scene } = await known();
    stage.world.stopInstance(at(scene.members, 1));
    await stage.clock.advance(2 * MINUTE_MS);
    await stage.fail(scene.holder);
    expect(await announcedBy(stage, 10)).toEqual(['no-candidate']);
  });

  it('should write no tag once it is noted', async () => {
    const { stage, scene } = await known();
    await stage.invoke({ action: 'pause', group: 'web', minutes: 600 });
    await stage.fail(scene.holder);
    await announcedBy(stage, 1);
    const writes = stage.changes().length;
    await announcedBy(stage, 9);
    expect(stage.changes()).toHaveLength(writes);
  });

  // Rule 9. The pause overwrites the condition that confirmed the loose interface; the next sweep starts over with it.
  it('should be announced at most twice when it is a loose interface and automation is paused', async () => {
    const { stage, eni } = await known();
    await stage.invoke({ action: 'pause', group: 'web', minutes: 600 });
    stage.world.detachByHand(eni);
    await stage.clock.advance(10_000);
    expect(await announcedBy(stage, 10)).toEqual(['unattached-unconfirmed', 'paused']);
  });

  // The same, with nobody fit to take it: confirmed, no-candidate, unconfirmed, and so on, a line every minute.
  it('should be announced at most twice when it is a loose interface that nobody can take', async () => {
    const { stage, scene, eni } = await known();
    stage.world.detachByHand(eni);
    await stage.clock.advance(10_000);
    stage.world.retag(at(scene.members, 1), { 'eni-failover:exclude': 'yes' });
    for (const deviceIndex of [1, 2]) stage.world.addInterface({}, { instanceId: scene.holder, deviceIndex });
    expect(await announcedBy(stage, 10)).toEqual(['unattached-unconfirmed', 'no-candidate']);
  });
});

describe('what one process tells while the tags are refused', () => {
  /** A sweep of the same process each time: @returns its news. */
  function warm(stage: Stage): () => Promise<readonly string[]> {
    const app = stage.app('warm');
    let runs = 0;
    return async () => {
      await stage.clock.advance(MINUTE_MS);
      const { groups } = await stage.clock.run(app.sweep({ runId: `warm-${(runs += 1)}`, remainingMs: 55_000 }));
      return groups.flatMap(({ news = [] }) => news);
    };
  }

  it('should not be told again when they are taken at last', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    stage.deny('CreateTags');
    const sweeps = warm(stage);
    expect(await sweeps()).toEqual([expect.stringContaining('for the first time'), expect.anything()]);
    stage.heal();
    expect(await sweeps()).toEqual([]);
    expect(stage.ledger(at(scene.interfaces, 0))).toMatchObject({ phase: 'steady', holder: scene.holder });
  });

  it('should be told once of a move that fails each time, whatever the operation is called', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const own = Object.fromEntries(Array.from({ length: 46 }, (_, nth) => [`team:${nth}`, 'x']));
    stage.world.retag(at(scene.interfaces, 0), own);
    stage.deny('DetachNetworkInterface');
    stage.world.stopInstance(scene.holder);
    const sweeps = warm(stage);
    const told = [];
    for (let nth = 0; nth < 6; nth += 1) told.push(...(await sweeps()));
    expect(told.filter((text) => text.includes('is failed'))).toHaveLength(1);
  });
});
