import { at, Stage } from '../../support/stage.ts';

/** Interfaces that carry a group's name on another member than the rest, and that no list tells from the rest. */

const GROUP = { 'eni-failover:group': 'web' };
const STATE = 'eni-failover-state:';

/** So many sweeps, one a minute, all in one sandbox where one is given. */
async function sweeps(stage: Stage, count: number, sandbox?: ReturnType<Stage['app']>) {
  const said = [];
  for (let nth = 0; nth < count; nth += 1) {
    await stage.clock.advance(60_000);
    const app = sandbox ?? stage.app();
    said.push(...(await stage.clock.run(app.sweep({ runId: `sweep-${nth}`, remainingMs: 55_000 }))).groups);
  }
  return said;
}

/** A pair, a third member, and an interface there with the name of the group, since before or after the first sweep. */
async function trio(since: 'before' | 'after') {
  const stage = new Stage();
  const scene = stage.build('pair');
  if (since === 'after') await stage.sweep();
  const third = stage.world.addInstance({ tags: GROUP }).id;
  const other = stage.world.addInterface({ tags: GROUP }, { instanceId: third, deviceIndex: 1 }).id;
  const [eni, standby] = [at(scene.interfaces, 0), at(scene.members, 1)];
  const on = () => [eni, other].map((id) => stage.world.holderOf(id));
  return { stage, holder: scene.holder, standby, third, eni, other, on };
}

describe('a group that the first sweep finds on two members', () => {
  it('should be told once as split, and begin no ledger', async () => {
    const { stage } = await trio('before');
    const said = await sweeps(stage, 3, stage.app());
    expect(said.map(({ analysis, code, decision }) => `${analysis} ${decision}/${code}`)).toEqual(
      Array<string>(3).fill('group-split blocked/group-split'),
    );
    expect(said.flatMap(({ news }) => news ?? [])).toEqual([expect.stringContaining('is looked after on its own')]);
    expect(stage.changes()).toEqual([]);
  });

  it('should be brought together by a person who names the target, for good', async () => {
    const { stage, third, eni, other, on } = await trio('before');
    await sweeps(stage, 1);
    const result = await stage.result({ action: 'failover', group: 'web', to: third });
    expect([result.code, ...on()]).toEqual(['failover', third, third]);
    const devices = [eni, other].map((id) => stage.world.interface(id)?.tags[`${STATE}devices`]);
    for (const list of devices) expect(list).toMatch(/^interface \S+ \S+$/);
    await sweeps(stage, 1);
    stage.world.stopInstance(third);
    await sweeps(stage, 1);
    expect(new Set(on()).size).toBe(1);
    expect(on()).not.toContain(third);
  });

  it('should have each part looked after when its holder fails', async () => {
    const { stage, holder, standby, third, on } = await trio('before');
    await sweeps(stage, 1);
    stage.world.retag(third, { 'eni-failover:exclude': 'yes' });
    stage.world.stopInstance(holder);
    await sweeps(stage, 1);
    expect(on()).toEqual([standby, third]);
  });
});

describe('an interface on another member that has no list beside one that has', () => {
  it('should be told, given no ledger, and left alone by a drill of the group', async () => {
    const { stage, standby, third, other, on } = await trio('after');
    const [told] = await sweeps(stage, 3);
    expect(told?.warnings).toEqual([expect.stringContaining(`stray-on-member: ${other} `)]);
    expect(stage.ledger(other)).toBeUndefined();
    await stage.invoke({ action: 'failover', group: 'web' });
    expect([[standby, third]]).toContainEqual(on());
  });

  it('should be moved for a person who names its holder, and when that fails', async () => {
    const named = await trio('after');
    await named.stage.invoke({ action: 'failover', group: 'web', from: named.third });
    expect(named.on()).toEqual([named.holder, expect.not.stringMatching(named.third)]);
    const failing = await trio('after');
    failing.stage.world.stopInstance(failing.third);
    await sweeps(failing.stage, 1);
    expect(failing.on()).toEqual([failing.holder, expect.not.stringMatching(failing.third)]);
  });

  it('should be looked after where somebody has deleted the tags by which it belonged to the group', async () => {
    const { stage, holder, standby, third, eni, other, on } = await trio('before');
    stage.world.retag(other, { 'eni-failover:group': 'old' });
    await sweeps(stage, 1);
    const keys = Object.keys(stage.world.interface(eni)?.tags ?? {}).filter((key) => key.startsWith(STATE));
    stage.world.retag(eni, Object.fromEntries(keys.map((key) => [key, undefined])));
    stage.world.retag(other, GROUP);
    stage.world.retag(third, { 'eni-failover:exclude': 'yes' });
    stage.world.stopInstance(holder);
    await sweeps(stage, 1);
    expect(on()).toEqual([standby, third]);
  });

  it('should be attached anew where it could not be written to, once a process has seen it serve', async () => {
    const { stage, third, eni, other, on } = await trio('before');
    stage.world.retag(other, { 'eni-failover:group': 'old' });
    stage.deny('CreateTags', eni);
    const sandbox = stage.app();
    await sweeps(stage, 1, sandbox);
    stage.world.retag(other, GROUP);
    await sweeps(stage, 1, sandbox);
    stage.world.detachByHand(eni);
    await sweeps(stage, 3, sandbox);
    expect(on()).toEqual([expect.stringMatching(/^i-/), third]);
  });
});
