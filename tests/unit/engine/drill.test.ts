import { at, only, Stage } from '../../support/stage.ts';

const MINUTE_MS = 60_000;
const DRILL = { action: 'drill', group: 'web', reason: 'monthly' } as const;

function paired(options: ConstructorParameters<typeof Stage>[0] = {}) {
  const stage = new Stage(options);
  const scene = stage.build('pair');
  return { stage, home: scene.holder, other: at(scene.members, 1), eni: at(scene.interfaces, 0) };
}

/** A drill whose run has ended, or died, with the group away from home. */
async function away() {
  const scene = paired();
  const { stage, other, eni } = scene;
  const result = await stage.result(DRILL, { remainingMs: 16_000 });
  expect(stage.world.holderOf(eni)).toBe(other);
  return { ...scene, result };
}

describe('a drill', () => {
  it('should take the group there and back, and measure both ways', async () => {
    const { stage, home, other, eni } = paired();
    const result = await stage.result(DRILL);
    const phases = { detachMs: expect.any(Number), attachMs: expect.any(Number), outageMs: expect.any(Number) };
    expect(result).toMatchObject({
      decision: 'act',
      code: 'drill',
      operation: { from: other, to: home, result: 'done' },
      drill: {
        there: { action: 'switchover', from: home, to: other, result: 'done', phases },
        back: { action: 'switchover', from: other, to: home, result: 'done', phases },
      },
    });
    const { detachMs = 0, attachMs = 0, outageMs = 0 } = result.drill?.there.phases ?? {};
    expect([detachMs, attachMs].map((ms) => Math.round(ms / 1000))).toEqual([2, 1]);
    expect(outageMs).toBeGreaterThanOrEqual(detachMs + attachMs);
    expect(result.reason).toMatch(
      /^The group went from \S+ to \S+ \(\d\.\d s of outage\) and back \(\d\.\d s of outage\)\.$/,
    );
    expect(stage.world.holderOf(eni)).toBe(home);
    await stage.clock.advance(MINUTE_MS);
    expect((await stage.sweep()).groups).toEqual([]);
    expect(stage.ledger(eni)).toMatchObject({ phase: 'steady', holder: home, epoch: 2, moves: [] });
  });

  it('should come back, too, where the request names whom it leaves', async () => {
    const { stage, home, eni } = paired();
    expect((await stage.result({ ...DRILL, from: home })).drill?.back).toMatchObject({ to: home, result: 'done' });
    expect(stage.world.holderOf(eni)).toBe(home);
  });

  it('should be refused where the group could not fail over', async () => {
    const { stage, other, eni, home } = paired();
    stage.world.stopInstance(other);
    await stage.clock.advance(MINUTE_MS);
    expect(await stage.result(DRILL)).toMatchObject({ decision: 'blocked', code: 'no-candidate' });
    expect(stage.world.holderOf(eni)).toBe(home);
    expect(stage.callsOf('DetachNetworkInterface')).toEqual([]);
  });

  it('should not be made once more by a client that sends it again', async () => {
    const { stage, home } = paired();
    await stage.invoke(DRILL);
    expect(await stage.result({ ...DRILL, from: home })).toMatchObject({ code: 'repeated-request' });
  });

  it('should be brought back by a sweep where its run has not come that far, held up by nothing', async () => {
    const { stage, home, eni, result } = await away();
    expect(result).toMatchObject({
      code: 'drill',
      drill: { there: { result: 'done' } },
      reason: expect.stringContaining('cut short'),
    });
    expect(result.drill).not.toHaveProperty('back');
    await stage.invoke({ action: 'pause', group: 'web' });
    await stage.clock.advance(MINUTE_MS);
    const swept = only((await stage.sweep()).groups);
    expect(swept).toMatchObject({ code: 'drill', operation: { to: home, result: 'done' } });
    expect(swept.reason).toMatch(/^A drill was cut short\. .+ takes over\.$/);
    expect(stage.world.holderOf(eni)).toBe(home);
    expect(stage.ledger(eni)?.moves).toEqual([]);
  });

  it('should be left to its own run for as long as that may be at it', async () => {
    const { stage, other, eni } = paired();
    const running = stage.begin(DRILL);
    stage.clock.schedule(stage.clock.now() + 6_000, () => undefined);
    await stage.clock.advance(6_000);
    expect(stage.world.holderOf(eni)).toBe(other);
    await stage.sweep();
    const { groups } = await stage.clock.run(running);
    expect(only(groups).drill?.back?.result).toBe('done');
  });

  it('should be brought back by a second request at once', async () => {
    const { stage, home, eni } = await away();
    expect(await stage.result(DRILL)).toMatchObject({ code: 'drill', operation: { to: home, result: 'done' } });
    expect(stage.world.holderOf(eni)).toBe(home);
  });

  it('should be brought back after its way back was begun and died before the detach', async () => {
    const { stage, home, eni } = paired();
    stage.goesWrong('DetachNetworkInterface', { kind: 'throttle' }, 2);
    for (let nth = 3; nth < 40; nth += 1) stage.goesWrong('DetachNetworkInterface', { kind: 'throttle' }, nth);
    await stage.invoke(DRILL);
    expect(stage.ledger(eni)).toMatchObject({ phase: 'moving', operation: { to: home, drill: home } });
    stage.heal();
    for (let minute = 0; minute < 3; minute += 1) {
      await stage.clock.advance(MINUTE_MS);
      await stage.sweep();
    }
    expect(stage.world.holderOf(eni)).toBe(home);
  });

  it('should wait for a home that cannot take the group back, be told once, and not for ever', async () => {
    const { stage, home, other, eni } = await away();
    stage.world.stopInstance(home);
    const told: string[] = [];
    for (let minute = 0; minute < 4; minute += 1) {
      await stage.clock.advance(MINUTE_MS);
      told.push(...(await stage.sweep()).groups.flatMap(({ news = [] }) => news));
    }
    expect(told.filter((sentence) => sentence.startsWith('A drill was cut short.'))).toHaveLength(1);
    await stage.clock.advance(60 * MINUTE_MS);
    stage.world.startInstance(home);
    await stage.clock.advance(5 * MINUTE_MS);
    await stage.sweep();
    expect(stage.world.holderOf(eni)).toBe(other);
  });

  it('should stay where it is once a person has acknowledged that, or moved it', async () => {
    const { stage, other, eni } = await away();
    await stage.invoke({ action: 'acknowledge', group: 'web' });
    await stage.clock.advance(MINUTE_MS);
    await stage.sweep();
    expect(stage.world.holderOf(eni)).toBe(other);
  });

  it('should be automation’s affair where the member fails that it has led to', async () => {
    const { stage, home, other, eni } = await away();
    await stage.invoke(await stage.fail(other));
    expect(stage.world.holderOf(eni)).toBe(home);
    expect(stage.ledger(eni)?.operation).toMatchObject({ action: 'failover', automatic: true });
  });
});
