import { EVENT_SOURCE } from '../../../lib/engine/events.ts';
import { at, Stage } from '../../support/stage.ts';
import { upkeepOn } from '../../support/upkeep.ts';
import { enterIntoTheBooks, pairs } from './pairs.ts';

const CHECK = { action: 'check', group: 'web' };

/** A group in the books, on different hardware, whose members all have alarms: nothing is amiss. */
function fine(of: 'pair' | 'two-interfaces' = 'pair') {
  const stage = new Stage();
  const scene = stage.build(of);
  enterIntoTheBooks(stage, scene);
  stage.world.placementGroups.set('apart', 'spread');
  for (const found of stage.world.instances.all())
    stage.world.instances.put(found.id, { ...found, placementGroup: 'apart' });
  return { stage, scene };
}

async function check(stage: Stage, how: 'invoke' | 'inspect' = 'invoke', input: object = CHECK) {
  const { ready, groups } = await stage[how](input);
  const { reason, readiness } = at(groups, 0);
  return { ready, reason, found: readiness?.findings.map(({ code }) => code), findings: readiness?.findings ?? [] };
}

describe('a check of one group', () => {
  it('should ask for the calls of the next failover with DryRun, and change nothing', async () => {
    const { stage, scene } = fine();
    const { ready, reason, found } = await check(stage);
    expect({ ready, found }).toEqual({ ready: true, found: [] });
    expect(reason).toBe(`The group 'web' is ready: ${scene.members[1]} would take over.`);
    const asked = stage.dryRuns().map(({ action }) => action);
    expect(asked).toEqual(['DetachNetworkInterface', 'AttachNetworkInterface', 'CreateTags']);
    expect(stage.changes()).toEqual([]);
  });

  it.each([
    ['AttachNetworkInterface', 'attach-denied'],
    ['DetachNetworkInterface', 'detach-denied'],
    ['CreateTags', 'tagging-denied'],
  ])('should not call it ready while %s is denied', async (action, code) => {
    const { stage } = fine();
    stage.deny(action);
    const { ready, reason, findings } = await check(stage);
    expect(ready).toBe(false);
    expect(findings).toMatchObject([{ code, severity: 'blocking', mend: expect.stringContaining(action) }]);
    expect(reason).toBe(`The group 'web' is not ready. ${findings[0]?.reason}`);
    stage.heal();
    expect(await check(stage)).toMatchObject({ ready: true, found: [] });
  });

  it('should say a denial once that a plan has found out before', async () => {
    const { stage, scene } = fine();
    stage.deny('AttachNetworkInterface');
    const app = stage.app();
    const ask = (input: object) =>
      stage.clock.run(app.handle(stage.parsed(input), { runId: 'run', remainingMs: 55_000 }));
    await ask({ action: 'plan', group: 'web' });
    const { groups } = await ask(CHECK);
    expect(groups[0]?.readiness?.findings).toMatchObject([{ code: 'attach-denied', about: scene.members[1] }]);
  });

  it('should tell of alarms that are missing, switched off or muted, after what is blocking', async () => {
    const { stage, scene } = fine();
    const [first = '', second = ''] = scene.members.map((id) => `eni-failover/web/${id}`);
    stage.world.alarms.delete(first);
    stage.world.mutes.add(second);
    expect(await check(stage)).toMatchObject({ ready: true, found: ['alarm-missing', 'alarm-muted'] });
    stage.deny('DetachNetworkInterface');
    expect((await check(stage)).found).toEqual(['detach-denied', 'alarm-missing', 'alarm-muted']);
  });

  it.each([
    ['DescribePlacementGroups', 'ec2:DescribePlacementGroups'],
    ['ListAlarmMuteRules', 'cloudwatch:ListAlarmMuteRules'],
  ])('should say that %s could not be read, and be answered all the same', async (action, named) => {
    const { stage } = fine();
    stage.deny(action);
    const { ready, findings } = await check(stage);
    expect(ready).toBe(true);
    expect(findings).toMatchObject([{ code: 'read-missing', severity: 'warning' }]);
    expect(findings[0]?.reason).toContain(named);
  });

  it('should be answered within its run, and say what there was no time for', async () => {
    const { stage } = fine('two-interfaces');
    const [run, before] = [{ remainingMs: 6_000 }, stage.clock.now()];
    const { groups } = await stage.invoke(CHECK, run);
    expect(stage.clock.now() - before).toBeLessThan(6_000);
    expect(groups[0]?.readiness).toMatchObject({
      ready: true,
      findings: [{ code: 'read-missing', reason: expect.stringContaining('no time') }],
    });
  });

  it('should take a denial for none that there is no time to ask for again', async () => {
    const { stage } = fine();
    stage.deny('AttachNetworkInterface');
    const { groups } = await stage.invoke(CHECK, { remainingMs: 10_000 });
    expect(groups[0]?.readiness).toMatchObject({ ready: true, findings: [{ code: 'read-missing' }] });
  });

  it('should ask for no dry run where it may only look, and see all else', async () => {
    const { stage, scene } = fine();
    stage.world.mutes.add(`eni-failover/web/${scene.holder}`);
    expect((await check(stage, 'inspect')).found).toEqual(['alarm-muted']);
    expect(stage.dryRuns()).toEqual([]);
  });
});

describe('a check of all groups', () => {
  it('should cost no calls for each of them, and tell what those few show', async () => {
    const stage = new Stage();
    for (const scene of pairs(stage, 5)) enterIntoTheBooks(stage, scene);
    const { groups } = await stage.invoke({ action: 'check' });
    expect(groups).toHaveLength(5);
    for (const { readiness } of groups) expect(readiness?.findings.map(({ code }) => code)).toContain('not-spread');
    expect(stage.dryRuns()).toEqual([]);
    expect(stage.callsOf('DescribePlacementGroups')).toHaveLength(1);
    expect(stage.callsOf('ListAlarmMuteRules')).toHaveLength(0);
    const ofAlarms = stage.callsOf('DescribeAlarms').filter(({ input }) => input['StateValue'] === undefined);
    expect(ofAlarms.length).toBeLessThanOrEqual(1);
  });
});

describe('what a look ahead tells on the bus', () => {
  it('should call the members by their names', async () => {
    const stage = new Stage({ announcing: { deployment: 'eni-failover-prod', events: true } });
    const scene = stage.build('pair');
    enterIntoTheBooks(stage, scene);
    await upkeepOn(stage)();
    const [told] = stage.events.filter(({ source }) => source === EVENT_SOURCE);
    const called = scene.members.map((id) => stage.world.instance(id)?.tags['Name']);
    expect(told?.detail['names']).toEqual(Object.fromEntries(scene.members.map((id, nth) => [id, called[nth]])));
    expect(JSON.stringify(told?.detail['words'])).toContain(called[0]);
  });
});
