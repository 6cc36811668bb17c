import type { Scene } from '../../../demo/scenarios.ts';
import { at, Stage } from '../../support/stage.ts';

const others = ({ members, holder }: Scene) => members.filter((id) => id !== holder);

/** A pair whose holder fails its instance check, and no alarm of its own has gone off yet. */
async function impairedPair(impairedMs: number) {
  const stage = new Stage();
  const scene = stage.build('pair');
  stage.world.failInstance(scene.holder, { noticedAfterMs: 0 });
  await stage.clock.advance(impairedMs);
  return { stage, scene, standby: at(others(scene), 0) };
}

const status = (instanceId: string) => ({
  id: 'm',
  returnData: false,
  metricStat: { metric: { namespace: 'AWS/EC2', name: 'StatusCheckFailed', dimensions: { InstanceId: instanceId } } },
});

const alarmEvent = (alarmName: string, configuration: object) => ({
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  detail: { alarmName, state: { value: 'ALARM' }, configuration },
});

const mathOver = (...ids: readonly string[]) =>
  alarmEvent('any-node-down', { metrics: [{ id: 'e', expression: 'MAX(METRICS())' }, ...ids.map(status)] });

describe('an alarm over several members', () => {
  it('should move nothing while the checks of all of them pass', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const result = await stage.result(mathOver(scene.holder, at(others(scene), 0)));
    expect(result).toMatchObject({ code: 'holder-healthy', decision: 'no-action' });
    expect(stage.changes().filter((action) => action !== 'CreateTags')).toEqual([]);
  });

  it('should leave a holder whose checks have just begun to fail to the sweep, for it speaks of nobody', async () => {
    const { stage, scene, standby } = await impairedPair(31_000);
    const result = await stage.result(mathOver(scene.holder, standby));
    expect(result).toMatchObject({ analysis: 'holder-impaired', code: 'impaired-recently' });
  });

  it('should be asked about through its children when it is composite', async () => {
    const { stage, scene } = await impairedPair(5 * 60_000);
    const own = stage.lastEvent('CloudWatch Alarm State Change', scene.holder);
    const { alarmName } = own.detail as { alarmName: string };
    const composite = alarmEvent('eni-failover/web', { alarmRule: `ALARM("${alarmName}") OR ALARM("other")` });
    expect(await stage.result(composite)).toMatchObject({ code: 'failover', operation: { result: 'done' } });
  });

  it('should be answered by name when none of the children of a composite one names an instance', async () => {
    const stage = new Stage();
    stage.build('pair');
    const result = await stage.result(alarmEvent('eni-failover/web', { alarmRule: 'ALARM("cpu") AND NOT OK("disk")' }));
    expect(result).toMatchObject({
      group: null,
      code: 'alarm-names-nobody',
      reason: expect.stringContaining('cpu, disk'),
    });
  });
});

describe('the reason that a person gives', () => {
  it('should stand in the result, in the ledger and in the log', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    const asked = { action: 'failover', group: scene.group, to: at(others(scene), 0), reason: 'kernel update' };
    const result = await stage.result(asked);
    const line = stage.announced[0];
    for (const told of [result.reason, stage.ledger(scene.interfaces[0])?.reason, line?.['message']])
      expect(told).toMatch(/^On request: kernel update\. The holder .* takes over\.$/);
  });
});

describe('an alarm over a query that groups by instance', () => {
  it('should count for the contributor that is in ALARM, by its event and at action time', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    stage.world.addAlarm({
      AlarmName: 'eni-failover/fleet',
      Metrics: [{ Id: 'q1', Expression: 'SELECT MAX(beat) FROM X GROUP BY InstanceId', Period: 60, ReturnData: true }],
      EvaluationPeriods: 1,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
    });
    stage.world.setContributor('eni-failover/fleet', { InstanceId: scene.holder }, 'ALARM');
    const event = stage.lastEvent('CloudWatch Alarm Contributor State Change', scene.holder);
    stage.world.setContributor('eni-failover/fleet', { InstanceId: scene.holder }, 'OK');
    stage.world.setContributor('eni-failover/fleet', { InstanceId: at(others(scene), 0) }, 'ALARM');
    expect((await stage.result(event)).decision).toBe('no-action');
    stage.world.setContributor('eni-failover/fleet', { InstanceId: at(others(scene), 0) }, 'OK');
    stage.world.setContributor('eni-failover/fleet', { InstanceId: scene.holder }, 'ALARM');
    expect(await stage.result(event)).toMatchObject({ code: 'failover', operation: { result: 'done' } });
  });
});

describe('a member that runs again', () => {
  it('should move nothing where somebody holds the interface', async () => {
    const stage = new Stage();
    const scene = stage.build('pair');
    for (const id of [scene.holder, at(others(scene), 0)]) {
      stage.world.repeatStateEvent(id);
      const result = await stage.result(stage.lastEvent('EC2 Instance State-change Notification', id));
      expect(result.decision).toBe('no-action');
    }
    expect(stage.changes().filter((action) => action !== 'CreateTags')).toEqual([]);
  });
});
