import { at, Stage } from '../../support/stage.ts';

const PLAN = { action: 'plan', group: 'web', as: 'automation' } as const;

describe('a plan as automation', () => {
  it('should say that nothing is to be done, and what would be if the holder failed, and change nothing', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const result = await stage.result(PLAN);
    expect(result).toMatchObject({
      analysis: 'holder-healthy',
      code: 'failover',
      operation: { to: scene.members[1], result: 'planned' },
      reason: expect.stringMatching(/^Now automation has nothing to do: .+ If the holder failed now: .+ takes over\.$/),
    });
    expect(result).not.toHaveProperty('holds');
    expect(stage.changes()).toEqual([]);
  });

  it('should name all that holds it up, and when each of that ends by itself', async () => {
    const stage = new Stage({ settings: { mode: 'manual', maxMoves: 1 } });
    const scene = stage.build('pair');
    await stage.invoke({ action: 'pause', group: 'web', minutes: 10, reason: 'kernel update' });
    stage.world.stopInstance(at(scene.members, 1));
    await stage.clock.advance(60_000);
    const { holds = [], code } = await stage.result(PLAN);
    expect(code).toBe('mode-manual');
    expect(holds.map((hold) => hold.code)).toEqual(['mode-manual', 'paused', 'no-candidate']);
    expect(holds[1]).toMatchObject({
      until: '2026-08-20T10:10:00.040Z',
      reason: expect.stringContaining('kernel update'),
    });
  });

  it('should say what the next sweep would do to a group that needs it, in spite of what holds nobody else', async () => {
    const stage = new Stage({ settings: { cooldownSeconds: 3_600, maxMoves: 1 } });
    const scene = stage.build('pair');
    await stage.invoke(await stage.fail(scene.holder));
    stage.world.recoverInstance(scene.holder);
    await stage.clock.advance(120_000);
    await stage.fail(at(scene.members, 1));
    const held = await stage.result(PLAN);
    expect(held).toMatchObject({ decision: 'blocked', code: 'cooldown', holds: [{ code: 'cooldown' }] });
    expect(Date.parse(held.holds?.[0]?.until ?? '')).toBeGreaterThan(stage.clock.now());
    expect((await stage.result({ action: 'plan', group: 'web' })).code).toBe('failover');
    await stage.invoke({ action: 'acknowledge', group: 'web' });
    expect(await stage.result(PLAN)).toMatchObject({ code: 'failover', operation: { result: 'planned' } });
  });

  it('should say that IAM would not allow it', async () => {
    const stage = new Stage();
    stage.build('pair');
    stage.deny('AttachNetworkInterface');
    expect(await stage.result(PLAN)).toMatchObject({ decision: 'blocked', code: 'attach-denied' });
  });
});

describe('a request about a group that does not exist', () => {
  it.each(['failover', 'switchover', 'status', 'pause', 'plan'])(
    'should be answered with those that do: %s',
    async (action) => {
      const stage = new Stage();
      stage.build('pair');
      const result = await stage.result({ action, group: 'wbe' });
      expect(result).toMatchObject({ reason: expect.stringContaining("'wbe'. The groups that there are: web.") });
    },
  );

  it('should say where there is none, and do without where that cannot be read', async () => {
    const stage = new Stage();
    const asked = () => stage.result({ action: 'failover', group: 'web' });
    expect((await asked()).reason).toMatch(/No interface of this Region carries the tag eni-failover:group\.$/);
    stage.goesWrong('DescribeNetworkInterfaces', { kind: 'deny' }, 2);
    expect((await asked()).reason).toBe("No network interface is tagged with the group 'web'.");
  });
});
