import { only, at, Stage } from '../../support/stage.ts';
import { pairs } from './pairs.ts';

/** Tags are only memory: a limit or a policy that refuses them costs a move nothing but its record. */

const MINUTE_MS = 60_000;
const OWN_TAGS = Object.fromEntries(Array.from({ length: 46 }, (_, nth) => [`team:${nth}`, 'x']));

async function failedPair(name: 'pair' | 'two-interfaces' = 'pair') {
  const stage = new Stage();
  const scene = stage.build(name);
  const [eni, standby] = [at(scene.interfaces, 0), at(scene.members, 1)];
  return { stage, scene, eni, standby, fails: () => stage.fail(scene.holder) };
}

/** An interface that is attached to nothing, of a group whose tags are refused. */
async function looseAndRefused() {
  const pair = await failedPair();
  pair.stage.deny('CreateTags');
  pair.stage.world.detachByHand(pair.eni);
  await pair.stage.clock.advance(10_000);
  return pair;
}

describe('a move whose tags are denied', () => {
  it('should be made, counted as recorded by the run that makes it, and say that it is not recorded', async () => {
    const { stage, eni, standby, fails } = await failedPair();
    const event = await fails();
    stage.deny('CreateTags');
    const { operation, warnings, news } = await stage.result(event);
    expect(stage.world.holderOf(eni)).toBe(standby);
    expect(operation).toMatchObject({ result: 'done', to: standby });
    expect(operation?.steps.map(({ kind, result }) => [kind, result])).toEqual([
      ['record-intent', 'failed'],
      ['detach', 'done'],
      ['attach', 'done'],
      ['record-result', 'failed'],
    ]);
    expect(warnings).toEqual([expect.stringMatching(/^not-recorded: The tags were refused: ec2:CreateTags/)]);
    expect(news).toHaveLength(1);
    expect(stage.ledger(eni)).toBeUndefined();
  });

  it('should stand in the log before anything is detached', async () => {
    const { stage, scene, standby, fails } = await failedPair();
    const event = await fails();
    stage.deny('CreateTags');
    await stage.invoke(event);
    const intent = { action: 'failover', from: scene.holder, to: standby };
    expect(stage.announced[0]).toMatchObject({ level: 'WARN', group: 'web', intent });
    expect(stage.announced).toHaveLength(2);
  });

  it('should be made when only the result is denied', async () => {
    const { stage, eni, standby, fails } = await failedPair();
    const event = await fails();
    stage.goesWrong('CreateTags', { kind: 'deny' }, 2);
    const { operation, warnings } = await stage.result(event);
    expect(operation?.result).toBe('done');
    expect(warnings).toEqual([expect.stringContaining('not-recorded')]);
    expect(stage.ledger(eni)).toMatchObject({ phase: 'moving', operation: { to: standby } });
  });

  it('should go to the next candidate, and back, as any other', async () => {
    const { stage, scene, eni, fails } = await failedPair();
    const event = await fails();
    stage.deny('CreateTags');
    stage.goesWrong('AttachNetworkInterface', {
      kind: 'refuse',
      code: 'AttachmentLimitExceeded',
      message: 'no slot',
      status: 400,
    });
    await expect(stage.invoke(event)).rejects.toMatchObject({ code: 'OperationFailed' });
    expect(stage.world.holderOf(eni)).toBe(scene.holder);
  });
});

describe('a holder that flaps while the tags are denied', () => {
  /** The standby has the interface, and fails; every run is a process of its own, which remembers nothing. */
  async function failedTwice() {
    const pair = await failedPair();
    const event = await pair.fails();
    pair.stage.deny('CreateTags');
    await pair.stage.invoke(event);
    pair.stage.world.recoverInstance(pair.scene.holder);
    const again = await pair.stage.fail(pair.standby);
    return { ...pair, again };
  }

  it('should be left once, because EC2 shows when it came there, before anything is detached again', async () => {
    const { stage, eni, standby, again } = await failedTwice();
    const startMs = stage.clock.now();
    const result = await stage.result(again);
    expect(result).toMatchObject({ decision: 'blocked', code: 'cooldown' });
    expect(result).not.toHaveProperty('operation');
    expect(stage.changesSince(startMs).map(({ action }) => action)).not.toContain('DetachNetworkInterface');
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it('should be left again when the cooldown is over', async () => {
    const { stage, scene, eni, again } = await failedTwice();
    await stage.clock.advance(15 * MINUTE_MS);
    expect((await stage.result(again)).operation?.result).toBe('done');
    expect(stage.world.holderOf(eni)).toBe(scene.holder);
  });

  it('should be left at once where the tags are taken again', async () => {
    const { stage, scene, eni, again } = await failedTwice();
    stage.heal();
    expect((await stage.result(again)).operation?.result).toBe('done');
    expect(stage.world.holderOf(eni)).toBe(scene.holder);
  });
});

describe('an interface without room for the ledger', () => {
  it('should be warned of beforehand, in status and by the sweep that first sees it', async () => {
    const { stage, eni } = await failedPair();
    stage.world.retag(eni, OWN_TAGS);
    const told = expect.stringMatching(new RegExp(`^tags-full: ${eni} has 48 of the 50 tags`)) as string;
    const { warnings } = await stage.result({ action: 'status', group: 'web' });
    expect(warnings).toEqual([told]);
    expect(only((await stage.sweep()).groups)).toMatchObject({ code: 'holder-healthy', warnings: [told] });
  });

  it.each([
    [
      'two tags of its own fewer',
      {
        'team:0': undefined,
        'team:1': undefined,
        'team:2': undefined,
        'team:3': undefined,
        'team:4': undefined,
        'team:5': undefined,
      },
    ],
    [
      'tags of AWS, which do not count',
      Object.fromEntries(
        Object.keys(OWN_TAGS).flatMap((key) => [
          [key, undefined],
          [`aws:${key}`, 'x'],
        ]),
      ),
    ],
  ])('should not be one with %s', async (_, tags) => {
    const { stage, eni } = await failedPair();
    stage.world.retag(eni, OWN_TAGS);
    stage.world.retag(eni, tags);
    expect(await stage.result({ action: 'status', group: 'web' })).not.toHaveProperty('warnings');
  });

  it('should be moved, without a call that EC2 would refuse', async () => {
    const { stage, eni, standby, fails } = await failedPair();
    stage.world.retag(eni, OWN_TAGS);
    expect((await stage.result(await fails())).operation?.result).toBe('done');
    expect(stage.world.holderOf(eni)).toBe(standby);
    expect(stage.changes()).toEqual(['DetachNetworkInterface', 'AttachNetworkInterface']);
  });

  it('should cost the others of its group nothing: they carry the ledger', async () => {
    const { stage, scene, eni, standby, fails } = await failedPair('two-interfaces');
    stage.world.retag(eni, OWN_TAGS);
    const { operation, warnings } = await stage.result(await fails());
    expect(operation?.steps.map(({ result }) => result)).not.toContain('failed');
    expect(warnings).toEqual([expect.stringContaining('tags-full')]);
    expect(stage.ledger(scene.interfaces[1])).toMatchObject({ phase: 'steady', holder: standby });
    expect((await stage.sweep()).groups.flatMap(({ news }) => news)).toEqual([
      expect.stringContaining('No redundancy'),
    ]);
    expect((await stage.sweep()).groups).toEqual([]);
  });
});

describe('a loose interface whose group cannot be noted', () => {
  it('should be confirmed by two looks of one sweep, half a minute apart', async () => {
    const { stage, eni } = await looseAndRefused();
    const startMs = stage.clock.now();
    const result = only((await stage.sweep()).groups);
    expect(result).toMatchObject({ code: 'attach', operation: { result: 'done' } });
    expect(stage.world.holderOf(eni)).toBeDefined();
    expect(at(stage.callsOf('AttachNetworkInterface'), 0).sentMs - startMs).toBeGreaterThanOrEqual(30_000);
  });

  it('should hold no other group up while it waits', async () => {
    const { stage } = await looseAndRefused();
    const [other] = pairs(stage, 1);
    stage.world.stopInstance(other?.holder ?? '');
    await stage.clock.advance(MINUTE_MS);
    const startMs = stage.clock.now();
    await stage.sweep();
    expect(at(stage.callsOf('DetachNetworkInterface'), 0).sentMs - startMs).toBeLessThan(5_000);
  });

  it('should be left alone when the second look finds it attached', async () => {
    const { stage, scene, eni } = await looseAndRefused();
    void stage.clock
      .sleep(20_000)
      .then(() => stage.world.attachByHand(eni, { instanceId: scene.holder, deviceIndex: 1 }));
    expect(only((await stage.sweep()).groups).code).toBe('holder-healthy');
    expect(stage.callsOf('AttachNetworkInterface')).toEqual([]);
  });

  it.each([
    ['ended', MINUTE_MS],
    ['began, after which it waited for half of it', 28_000],
  ])('should be told once by a process, not at each sweep a minute after the last one %s', async (_, pauseMs) => {
    const { stage, scene } = await looseAndRefused();
    stage.world.retag(at(scene.members, 1), { 'eni-failover:exclude': 'yes' });
    for (const deviceIndex of [1, 2]) stage.world.addInterface({}, { instanceId: scene.holder, deviceIndex });
    const app = stage.app('sweep');
    for (let nth = 0; nth < 5; nth += 1) {
      await stage.clock.run(app.sweep({ runId: `sweep-${nth}`, remainingMs: 55_000 }));
      await stage.clock.advance(pauseMs);
    }
    expect(stage.announced.map(({ code }) => code)).toEqual(['no-candidate']);
  });
});
