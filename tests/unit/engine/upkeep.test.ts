import { at, Stage } from '../../support/stage.ts';
import { SCHEDULED, upkeepOn } from '../../support/upkeep.ts';
import { enterIntoTheBooks, pairs } from './pairs.ts';

const MINUTE_MS = 60_000;

/** A pair in the books, and what is done with it. */
function pairOn(given: ConstructorParameters<typeof Stage>[0] = {}) {
  const stage = new Stage(given);
  const scene = stage.build('pair');
  enterIntoTheBooks(stage, scene);
  const standby = at(scene.members, 1);
  const eni = at(scene.interfaces, 0);
  const alarms = () =>
    stage.world.alarms
      .all()
      .map(({ config }) => config.AlarmName)
      .sort();
  const named = (...ids: readonly string[]) => ids.map((id) => `eni-failover/member/${id}`).sort();
  /** The alarms of the scene are somebody's own: without them there is none. */
  const withoutAlarms = () => {
    for (const name of alarms()) stage.world.alarms.delete(name);
  };
  const note = () => stage.world.interface(eni)?.tags['eni-failover-state:ahead'];
  return { stage, scene, standby, eni, alarms, named, withoutAlarms, note };
}

describe('the alarm of each member', () => {
  it('should be made once, on its status checks, and carry the tag of the deployment', async () => {
    const { stage, scene, alarms, named, withoutAlarms } = pairOn();
    withoutAlarms();
    const run = upkeepOn(stage);
    expect((await run()).alarms).toEqual({ made: 2, deleted: 0 });
    expect(alarms()).toEqual(named(...scene.members));
    const { config } = at(stage.world.alarms.all(), 0);
    expect(config).toMatchObject({ MetricName: 'StatusCheckFailed', Statistic: 'Maximum', Period: 60 });
    expect(config).toMatchObject({ EvaluationPeriods: 1, DatapointsToAlarm: 1, TreatMissingData: 'missing' });
    expect(config.Tags).toEqual([{ Key: 'eni-failover-state:deployment', Value: 'eni-failover-prod' }]);
    expect((await run()).alarms).toEqual({ made: 0, deleted: 0 });
  });

  it('should move the group when it goes off', async () => {
    const { stage, scene, standby, eni, withoutAlarms } = pairOn();
    withoutAlarms();
    await upkeepOn(stage)();
    await stage.clock.advance(5 * MINUTE_MS);
    const event = await stage.fail(scene.holder);
    expect(event.detail).toMatchObject({ alarmName: `eni-failover/member/${scene.holder}` });
    await stage.invoke(event);
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it('should not be made beside one of somebody’s own on the status checks', async () => {
    const { stage, alarms } = pairOn();
    const own = alarms();
    expect((await upkeepOn(stage)()).alarms.made).toBe(0);
    expect(alarms()).toEqual(own);
  });

  it('should go with the member, and not before a look of its own has missed it', async () => {
    const { stage, scene, standby, alarms, named, withoutAlarms } = pairOn();
    withoutAlarms();
    const run = upkeepOn(stage);
    await run();
    stage.world.stopInstance(standby);
    await stage.clock.advance(MINUTE_MS);
    expect((await run()).alarms).toEqual({ made: 0, deleted: 0 });
    stage.world.terminateInstance(standby);
    await stage.clock.advance(2 * MINUTE_MS);
    expect((await run()).alarms).toEqual({ made: 0, deleted: 1 });
    expect(alarms()).toEqual(named(scene.holder));
    stage.world.retag(scene.holder, { 'eni-failover:group': undefined });
    expect((await run()).alarms).toEqual({ made: 0, deleted: 1 });
    expect(alarms()).toEqual([]);
  });

  it('should stay where it is somebody else’s, whatever its name', async () => {
    const { stage, alarms, named } = pairOn();
    const gone = 'i-0123456789abcdef0';
    const config = { MetricName: 'StatusCheckFailed', Namespace: 'AWS/EC2', Period: 60, Statistic: 'Maximum' } as const;
    const rest = { EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' } as const;
    const Tags = [{ Key: 'eni-failover-state:deployment', Value: 'eni-failover-trial' }];
    stage.world.addAlarm({ ...config, ...rest, AlarmName: at(named(gone), 0), Tags });
    const before = alarms();
    expect((await upkeepOn(stage)()).alarms).toEqual({ made: 0, deleted: 0 });
    expect((await upkeepOn(stage)({ action: 'remove-alarms' })).alarms).toEqual({ made: 0, deleted: 0 });
    expect(alarms()).toEqual(before);
  });

  it.each<[what: string, given: { memberAlarms: boolean }, input: unknown]>([
    ['the parameter is off', { memberAlarms: false }, SCHEDULED],
    ['a person is about to remove the stack', { memberAlarms: true }, { action: 'remove-alarms' }],
  ])('should be deleted with all others where %s', async (_, given, input) => {
    const { stage, alarms } = pairOn();
    const own = alarms();
    for (const name of own) stage.world.alarms.delete(name);
    await upkeepOn(stage)();
    stage.world.addAlarm({ ...at(stage.world.alarms.all(), 0).config, AlarmName: 'eni-failover/own', Tags: [] });
    expect((await upkeepOn(stage, given)(input)).alarms).toEqual({ made: 0, deleted: 2 });
    expect(alarms()).toEqual(['eni-failover/own']);
  });

  it('should delete the others where one is gone meanwhile', async () => {
    const { stage, scene, alarms, named, withoutAlarms } = pairOn();
    withoutAlarms();
    await upkeepOn(stage)();
    const [doomed = ''] = named(scene.holder);
    stage.world.onCall(({ action }) => {
      if (action === 'ListTagsForResource' && stage.callsOf('ListTagsForResource').length === 2)
        stage.world.alarms.delete(doomed);
    });
    expect((await upkeepOn(stage)({ action: 'remove-alarms' })).alarms).toEqual({ made: 0, deleted: 1 });
    expect(alarms()).toEqual([]);
  });

  it('should be paced, and made by the next run where the time is up', async () => {
    const stage = new Stage({ buckets: true });
    for (const scene of pairs(stage, 100)) enterIntoTheBooks(stage, scene);
    for (const { config } of stage.world.alarms.all()) stage.world.alarms.delete(config.AlarmName);
    const run = upkeepOn(stage);
    const first = await run({ version: 1, groups: [] }, 100_000);
    expect(first.alarms.made).toBeGreaterThan(50);
    expect(first.alarms.trouble).toBeUndefined();
    // What was not made for lack of time is no news.
    expect(JSON.stringify(first.groups)).not.toContain('alarm-missing');
    await run({ version: 1, groups: [] });
    expect(stage.world.alarms.all()).toHaveLength(200);
    const times = stage.callsOf('PutMetricAlarm').map(({ sentMs }) => sentMs);
    expect(times).toHaveLength(200);
    expect(Math.min(...times.slice(1).map((time, nth) => time - at(times, nth)))).toBeGreaterThanOrEqual(500);
  });

  it('should be told once of each group where the quota is used up, and asked for once a run', async () => {
    const { stage, withoutAlarms } = pairOn({ quirks: { alarmQuota: 1 } });
    withoutAlarms();
    const first = await upkeepOn(stage)();
    expect(first.alarms).toMatchObject({ made: 1, trouble: expect.stringContaining('LimitExceeded') });
    expect(first.groups).toMatchObject([
      { code: 'looked-ahead', news: [expect.stringContaining('LimitExceeded'), expect.any(String)] },
    ]);
    const again = await upkeepOn(stage)();
    expect(again.groups).toEqual([]);
  });
});
