import { member } from '../../../demo/scenarios.ts';
import { at, Stage } from '../../support/stage.ts';

const GROUP = 'eni-failover:group';

describe('a group with two interfaces', () => {
  async function failedGroup() {
    const stage = new Stage();
    const scene = stage.build('two-interfaces');
    const event = await stage.fail(scene.holder);
    const [anchor, follower] = [...scene.interfaces].sort();
    return { stage, scene, event, anchor: anchor ?? '', follower: follower ?? '', standby: at(scene.members, 1) };
  }

  it('should move both, each at its own device index, with two tag writes for the group', async () => {
    const { stage, scene, event, standby } = await failedGroup();
    expect((await stage.result(event)).operation?.result).toBe('done');
    for (const [index, id] of scene.interfaces.entries()) {
      expect(stage.world.interface(id)?.attachment).toMatchObject({ instanceId: standby, deviceIndex: index + 1 });
    }
    expect(stage.callsOf('CreateTags')).toHaveLength(2);
    expect(stage.changes()).toHaveLength(6);
  });

  it('should detach both at the same moment', async () => {
    const { stage, event } = await failedGroup();
    await stage.invoke(event);
    const [first, second] = stage.callsOf('DetachNetworkInterface');
    expect(first?.sentMs).toBe(second?.sentMs);
  });

  it('should attach the anchor first and the follower only after EC2 has accepted that', async () => {
    const { stage, event, anchor, follower } = await failedGroup();
    await stage.invoke(event);
    const [first, second] = stage.callsOf('AttachNetworkInterface');
    expect(first?.input['NetworkInterfaceId']).toBe(anchor);
    expect(second?.input['NetworkInterfaceId']).toBe(follower);
    expect(second?.sentMs).toBe((first?.sentMs ?? 0) + 20);
  });

  it('should attach nothing before every interface of the group is free', async () => {
    const { stage, event, follower } = await failedGroup();
    stage.goesWrong('DetachNetworkInterface', { kind: 'apply-late', ms: 4_000 }, 2);
    await stage.invoke(event);
    const attach = at(stage.callsOf('AttachNetworkInterface'), 0);
    expect(stage.world.interfaces.get(follower, attach.atMs)?.attachment).toBeUndefined();
  });

  it('should write the same ledger to both', async () => {
    const { stage, event, anchor, follower } = await failedGroup();
    await stage.invoke(event);
    const state = (id: string) =>
      Object.entries(stage.world.interface(id)?.tags ?? {}).filter(([key]) => key.startsWith('eni-failover-state:'));
    expect(state(anchor).length).toBeGreaterThan(5);
    expect(state(follower)).toEqual(state(anchor));
  });

  it('should leave what the standby serves with it when it refuses the second, and try that again', async () => {
    const { stage, scene, event, standby } = await failedGroup();
    const fault = { kind: 'refuse', code: 'AttachmentLimitExceeded', message: 'no slot', status: 400 } as const;
    stage.goesWrong('AttachNetworkInterface', fault, 2);
    await expect(stage.invoke(event)).rejects.toMatchObject({ code: 'OperationFailed' });
    expect(scene.interfaces.map((id) => stage.world.holderOf(id))).toEqual([standby, undefined]);
    await stage.clock.advance(60_000);
    await stage.sweep();
    expect(scene.interfaces.map((id) => stage.world.holderOf(id))).toEqual([standby, standby]);
    expect(stage.callsOf('DetachNetworkInterface')).toHaveLength(2);
  });
});

describe('two groups that are each other’s standby', () => {
  /** `web` on the first node, `db` on the second. */
  function buildMutual(stage: Stage, dbIndex = 2) {
    const both = { tags: { [GROUP]: 'web db' } };
    const one = member(stage.world, 'node-1', both);
    const two = member(stage.world, 'node-2', both);
    const floating = (group: string, instanceId: string, deviceIndex: number) =>
      stage.world.addInterface({ tags: { [GROUP]: group } }, { instanceId, deviceIndex }).id;
    return { one: one.id, two: two.id, web: floating('web', one.id, 1), db: floating('db', two.id, dbIndex) };
  }

  it('should move only the group whose holder failed', async () => {
    const stage = new Stage();
    const { one, two, web, db } = buildMutual(stage);
    const { groups } = await stage.invoke(await stage.fail(one));
    expect(groups.map(({ group, code }) => [group, code])).toEqual([
      ['db', 'not-the-holder'],
      ['web', 'failover'],
    ]);
    expect([stage.world.holderOf(web), stage.world.holderOf(db)]).toEqual([two, two]);
    expect(stage.world.interface(db)?.tags).toEqual({ [GROUP]: 'db' });
  });

  it('should move in the scenario of that name, too', async () => {
    const stage = new Stage();
    const scene = stage.build('mutual');
    await stage.invoke(await stage.fail(scene.holder));
    expect(stage.world.holderOf(at(scene.interfaces, 0))).toBe(scene.members[1]);
  });

  it('should read everything only once for both', async () => {
    const stage = new Stage();
    const { one } = buildMutual(stage);
    const event = await stage.fail(one);
    await stage.invoke(event);
    const actions = stage.world.calls.map(({ action }) => action);
    const before = actions.slice(0, actions.indexOf('CreateTags'));
    expect(before.filter((action) => action.startsWith('Describe'))).toHaveLength(5);
  });

  it('should refuse, before anything is detached, a standby whose device index is taken', async () => {
    const stage = new Stage();
    const { one, two } = buildMutual(stage, 1);
    const { groups } = await stage.invoke(await stage.fail(one));
    const web = groups.find(({ group }) => group === 'web');
    expect(web).toMatchObject({ decision: 'blocked', code: 'no-candidate' });
    expect(web?.rejected).toContainEqual(expect.objectContaining({ instanceId: two, code: 'device-index-taken' }));
    expect(stage.changes()).not.toContain('DetachNetworkInterface');
  });
});

describe('a group that nobody can take', () => {
  it.each([
    ['other-az', 'members-span-zones', 'other-zone'],
    ['full', 'holder-impaired', 'no-free-slot'],
  ] as const)('should leave the interface where it is in scenario %s', async (name, analysis, rejection) => {
    const stage = new Stage();
    const scene = stage.build(name);
    const result = await stage.result(await stage.fail(scene.holder));
    expect(result).toMatchObject({ analysis, decision: 'blocked', code: 'no-candidate' });
    expect(result.rejected).toContainEqual(expect.objectContaining({ instanceId: scene.members[1], code: rejection }));
    expect(stage.changesSince(0).filter(({ action }) => action !== 'CreateTags')).toEqual([]);
    expect(stage.world.holderOf(at(scene.interfaces, 0))).toBe(scene.holder);
  });
});
