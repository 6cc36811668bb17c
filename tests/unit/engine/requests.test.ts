import { member } from '../../../demo/scenarios.ts';
import { at, Stage } from '../../support/stage.ts';

function pair(options: ConstructorParameters<typeof Stage>[0] = {}) {
  const stage = new Stage(options);
  const scene = stage.build('pair');
  return { stage, scene, eni: at(scene.interfaces, 0), standby: at(scene.members, 1) };
}

describe('a person who asks for a failover', () => {
  it('should get it although the holder is healthy', async () => {
    const { stage, eni, standby } = pair();
    const result = await stage.result({ action: 'failover', group: 'web' });
    expect(result).toMatchObject({ analysis: 'holder-healthy', code: 'failover', operation: { result: 'done' } });
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it('should get it to the member that was named', async () => {
    const { stage, eni } = pair();
    const third = member(stage.world, 'web-3').id;
    await stage.invoke({ action: 'failover', group: 'web', to: third });
    expect(stage.world.holderOf(eni)).toBe(third);
  });

  it('should not count against the cooldown', async () => {
    const { stage, eni } = pair();
    await stage.invoke({ action: 'failover', group: 'web' });
    expect(stage.ledger(eni)).toMatchObject({ epoch: 1, moves: [] });
  });

  it('should not get it twice when the client sends it again while it runs', async () => {
    const { stage, eni, standby } = pair({ quirks: { plainDetachWhileDetaching: 'accepted' } });
    const request = { action: 'failover', group: 'web' };
    const again = stage.clock.sleep(1_000).then(() => stage.begin(request));
    await stage.clock.run(Promise.allSettled([stage.begin(request), again]));
    expect(stage.world.holderOf(eni)).toBe(standby);
    expect(stage.ledger(eni)?.epoch).toBe(1);
  });

  it('should be refused when it comes again within 5 minutes without a name', async () => {
    const { stage, eni, standby } = pair();
    await stage.invoke({ action: 'failover', group: 'web' });
    await stage.clock.advance(4 * 60_000);
    expect(await stage.result({ action: 'failover', group: 'web' })).toMatchObject({
      decision: 'blocked',
      code: 'repeated-request',
    });
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it('should hear already-moved when the holder is no longer the one named as from', async () => {
    const { stage, scene, eni, standby } = pair();
    const request = { action: 'failover', group: 'web', from: scene.holder };
    await stage.invoke(request);
    expect(await stage.result(request)).toMatchObject({ decision: 'no-action', code: 'already-moved' });
    expect(stage.world.holderOf(eni)).toBe(standby);
    expect(stage.changes()).toHaveLength(4);
  });
});

describe('plan', () => {
  it('should list the steps and change nothing', async () => {
    const { stage, scene, eni, standby } = pair();
    const { code, operation } = await stage.result({ action: 'plan', group: 'web' });
    expect(code).toBe('failover');
    expect(operation).toMatchObject({ from: scene.holder, to: standby, result: 'planned' });
    expect(operation?.steps.map(({ kind, resource, result }) => [kind, resource.id, result])).toEqual([
      ['record-intent', eni, 'planned'],
      ['detach', eni, 'planned'],
      ['attach', eni, 'planned'],
      ['record-result', eni, 'planned'],
    ]);
    expect(stage.changes()).toEqual([]);
  });

  it('should name a forced detach when the group forces at once', async () => {
    const { stage, eni } = pair();
    stage.world.retag(eni, { 'eni-failover:force-after': '0' });
    const { operation } = await stage.result({ action: 'plan', group: 'web' });
    expect(operation?.steps.map(({ kind }) => kind)).toContain('force-detach');
  });

  it('should list every interface of the group', async () => {
    const stage = new Stage();
    const scene = stage.build('two-interfaces');
    const { operation } = await stage.result({ action: 'plan', group: 'web' });
    const refs = [...scene.interfaces].sort().map((id) => ({ kind: 'interface', id }));
    expect(operation?.resources).toEqual(refs);
    expect(operation?.steps).toHaveLength(6);
  });

  it('should say why nobody could take over', async () => {
    const stage = new Stage();
    const scene = stage.build('full');
    const result = await stage.result({ action: 'plan', group: 'web' });
    expect(result).toMatchObject({ decision: 'blocked', code: 'no-candidate' });
    expect(result.rejected.find(({ instanceId }) => instanceId === scene.members[1])?.code).toBe('no-free-slot');
  });
});

describe('status', () => {
  it('should tell of one group who holds what, and who could take over', async () => {
    const { stage, scene, eni, standby } = pair();
    const result = await stage.result({ action: 'status', group: 'web' });
    expect(result).toMatchObject({ decision: 'no-action', code: 'status', analysis: 'holder-healthy' });
    expect(result.status).toMatchObject({
      holder: scene.holder,
      resources: [{ kind: 'interface', id: eni, holder: scene.holder, attachment: 'attached', deviceIndex: 1 }],
    });
    const members = result.status?.members ?? [];
    expect(members.find(({ id }) => id === scene.holder)).toMatchObject({ role: 'holder', code: 'current-holder' });
    expect(members.find(({ id }) => id === standby)).toMatchObject({ role: 'standby', eligible: true, code: null });
    expect(stage.changes()).toEqual([]);
  });

  it('should tell of every group when none is named', async () => {
    const stage = new Stage();
    stage.build('mutual');
    const { groups } = await stage.invoke({ action: 'status' });
    expect(groups.map(({ group }) => group)).toEqual(['db', 'web']);
  });

  it('should tell of a group that has members but no interface', async () => {
    const stage = new Stage();
    member(stage.world, 'api-1', { tags: { 'eni-failover:group': 'api' } });
    const [group] = (await stage.invoke({ action: 'status' })).groups;
    expect(group).toMatchObject({ group: 'api', analysis: 'group-unknown' });
  });

  it('should name a group that does not exist as unknown', async () => {
    const { stage } = pair();
    const result = await stage.result({ action: 'status', group: 'wbe' });
    expect(result.analysis).toBe('group-unknown');
    expect(result.reason).toContain("'wbe'");
  });

  it('should show the times of the ledger as text', async () => {
    const { stage } = pair();
    await stage.invoke({ action: 'failover', group: 'web' });
    const { status } = await stage.result({ action: 'status', group: 'web' });
    const movedAt = expect.stringMatching(/^2026-08-20T10:00:02\.\d{3}Z$/);
    expect(status?.ledger).toMatchObject({ status: 'valid', phase: 'steady', epoch: 1, movedAt });
  });

  it('should say why a standby could not take over', async () => {
    const { stage, standby } = pair();
    stage.world.stopInstance(standby);
    const { status } = await stage.result({ action: 'status', group: 'web' });
    expect(status?.members.find(({ id }) => id === standby)).toMatchObject({ eligible: false, code: 'not-running' });
  });
});
