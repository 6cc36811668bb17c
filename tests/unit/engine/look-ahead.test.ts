import { only, Stage } from '../../support/stage.ts';
import { upkeepOn } from '../../support/upkeep.ts';
import { enterIntoTheBooks, pairs } from './pairs.ts';

const HOUR_MS = 3_600_000;

/** Groups in the books, on different hardware, whose members all have alarms: nothing is amiss. */
function fine(of: 'pair' | 'two-interfaces' = 'pair') {
  const stage = new Stage();
  const scene = stage.build(of);
  enterIntoTheBooks(stage, scene);
  spread(stage, scene.members);
  const note = () => stage.world.interface(scene.interfaces[0] ?? '')?.tags['eni-failover-state:ahead'];
  return { stage, scene, note, run: upkeepOn(stage) };
}

function spread(stage: Stage, ids: readonly string[]): void {
  stage.world.placementGroups.set('apart', 'spread');
  for (const id of ids) {
    const found = stage.world.instance(id);
    if (found) stage.world.instances.put(id, { ...found, placementGroup: 'apart' });
  }
}

const asked = (stage: Stage) => stage.dryRuns().map(({ action }) => action);

describe('a look ahead', () => {
  it('should say nothing, and write nothing, where nothing is amiss', async () => {
    const { stage, run, note } = fine();
    await stage.clock.advance(HOUR_MS);
    expect((await run()).groups).toEqual([]);
    expect(note()).toBeUndefined();
    expect(stage.changes()).toEqual([]);
  });

  it('should ask for the calls of a failover as they would be made, one a second', async () => {
    const { stage, run, scene } = fine('two-interfaces');
    await run();
    expect(asked(stage)).toEqual([
      'DetachNetworkInterface',
      'DetachNetworkInterface',
      'AttachNetworkInterface',
      'AttachNetworkInterface',
      'CreateTags',
    ]);
    const times = stage.dryRuns().map(({ sentMs }) => sentMs);
    for (const [nth, time] of times.slice(1).entries()) expect(time - (times[nth] ?? 0)).toBeGreaterThanOrEqual(1_000);
    const [, , attach, , tagging] = stage.dryRuns().map(({ input }) => input);
    expect(attach).toMatchObject({ InstanceId: scene.members[1], DeviceIndex: 1, NetworkCardIndex: 0 });
    expect(tagging).toMatchObject({ Resources: expect.arrayContaining([...scene.interfaces]) });
  });

  it.each([
    ['AttachNetworkInterface', 'attach-denied'],
    ['DetachNetworkInterface', 'detach-denied'],
    ['CreateTags', 'tagging-denied'],
  ])('should tell once that %s is denied, and once that it is not any more', async (action, code) => {
    const { stage, run, note } = fine();
    stage.deny(action);
    const first = only((await run()).groups);
    expect(first).toMatchObject({
      readiness: { ready: false },
      code: 'denied-ahead',
      findings: [{ code, severity: 'blocking' }],
    });
    expect(first.news?.[0]).toContain('UnauthorizedOperation');
    expect((await run()).groups).toEqual([]);
    // Another process knows it by the tag, unless that is what is denied.
    if (code !== 'tagging-denied') {
      expect(note()).toContain(code);
      expect((await upkeepOn(stage, {}, 'another')()).groups).toEqual([]);
    }
    stage.heal();
    expect(only((await run()).groups)).toMatchObject({
      code: 'looked-ahead',
      news: [expect.stringMatching(/^No longer so/)],
    });
    expect(note()).toMatch(/none$/);
  });

  it('should not take for denied what is gone by the time it is asked for', async () => {
    const { stage, run, scene } = fine();
    const [eni = ''] = scene.interfaces;
    // A role hangs on tags: of an attachment that has ended it allows nothing.
    stage.world.policy = ({ action, input }) => {
      const now = stage.world.interface(eni)?.attachment;
      return action !== 'DetachNetworkInterface' || (now?.status === 'attached' && input['AttachmentId'] === now.id);
    };
    stage.world.onCall(({ action }) => {
      if (action === 'DescribeNetworkInterfaces' && stage.callsOf(action).length === 2) {
        stage.world.detachByHand(eni, true);
        stage.world.clock.schedule(stage.clock.now() + 3_000, () => {
          stage.world.attachByHand(eni, { instanceId: scene.members[1] ?? '', deviceIndex: 1 });
        });
      }
    });
    expect((await run()).groups).toEqual([]);
    expect(stage.world.calls.map(({ outcome }) => outcome)).toContain('UnauthorizedOperation');
  });

  it('should ask nothing of a group that is on its way', async () => {
    const { stage, run, scene } = fine();
    stage.world.detachByHand(scene.interfaces[0] ?? '', true);
    await run();
    expect(asked(stage)).toEqual([]);
  });

  it('should tell of an alarm that is muted, and that it is not any more', async () => {
    const { stage, run, scene } = fine();
    const name = `eni-failover/web/${scene.holder}`;
    stage.world.mutes.add(name);
    expect(only((await run()).groups).findings).toMatchObject([{ code: 'alarm-muted', about: name }]);
    expect((await run()).groups).toEqual([]);
    stage.world.mutes.delete(name);
    expect(only((await run()).groups).news).toEqual([expect.stringContaining('mute rule')]);
  });

  it('should keep what it knew of what it cannot read', async () => {
    const { stage, scene } = fine();
    const found = stage.world.instance(scene.holder);
    if (found) stage.world.instances.put(found.id, { ...found, placementGroup: undefined });
    expect(only((await upkeepOn(stage)()).groups).findings).toMatchObject([{ code: 'not-spread' }]);
    stage.deny('DescribePlacementGroups');
    expect((await upkeepOn(stage, {}, 'next')()).groups).toEqual([]);
    spread(stage, scene.members);
    stage.heal();
    expect(only((await upkeepOn(stage, {}, 'last')()).groups).news).toEqual([expect.stringMatching(/^No longer so/)]);
  });

  it('should leave a group alone that no sweep has entered into the books', async () => {
    const stage = new Stage();
    stage.build('pair');
    expect((await upkeepOn(stage)()).groups).toEqual([]);
    expect(stage.changes()).toEqual([]);
  });

  it('should look closely at those that changed, when a sweep has started it', async () => {
    const stage = new Stage();
    for (const scene of pairs(stage, 3)) enterIntoTheBooks(stage, scene);
    const groups = [...new Set(stage.world.instances.all().map(({ tags }) => tags['eni-failover:group'] ?? ''))];
    await upkeepOn(stage)({ version: 1, groups: [groups[1]] });
    expect(asked(stage)).toHaveLength(3);
    await upkeepOn(stage)({ version: 1, groups: ['gone'] });
    expect(asked(stage)).toHaveLength(3);
  });

  it('should end in time, and go on with the groups whose answers are the oldest', async () => {
    const stage = new Stage();
    for (const scene of pairs(stage, 40)) enterIntoTheBooks(stage, scene);
    const run = upkeepOn(stage);
    const seen = new Set<unknown>();
    for (let nth = 1; nth <= 3; nth += 1) {
      const before = stage.clock.now();
      await run(undefined, 90_000);
      expect(stage.clock.now() - before).toBeLessThan(90_000);
      for (const { input } of stage.dryRuns()) seen.add(input['AttachmentId']);
    }
    seen.delete(undefined);
    expect(seen.size).toBe(40);
  });
});
