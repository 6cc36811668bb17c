import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmInput,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmConfig, BusEvent } from '../../lab/world/model.ts';
import { type Lab, outcome, startLab } from './support.ts';

const MINUTE_MS = 60_000;

function nameOf(id: string): string {
  return `eni-failover/web/${id}`;
}

function configOf(lab: Lab): AlarmConfig {
  const alarm = lab.world.alarms.get(nameOf(lab.holder));
  if (alarm === undefined) throw new Error('the holder has no alarm');
  return alarm.config;
}

/** A lab in which the holder's alarm needs two minutes. */
function twoOfTwo(): Lab {
  const lab = startLab();
  lab.world.addAlarm({ ...configOf(lab), EvaluationPeriods: 2, DatapointsToAlarm: 2 });
  return lab;
}

function record(lab: Lab): BusEvent[] {
  const events: BusEvent[] = [];
  lab.world.onEvent((event) => {
    if (event.source === 'aws.cloudwatch') events.push(event);
  });
  return events;
}

/** A second alarm on the holder, in a state of its own. */
function watch(lab: Lab, given: Partial<PutMetricAlarmInput> = {}): () => string | undefined {
  lab.world.addAlarm({
    AlarmName: 'watch',
    Namespace: 'AWS/EC2',
    MetricName: 'StatusCheckFailed_System',
    Dimensions: [{ Name: 'InstanceId', Value: lab.holder }],
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 2,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    ...(given as object),
  });
  return () => lab.world.alarms.get('watch')?.state;
}

describe('an alarm over status checks', () => {
  it('should go to ALARM and back, with an event for each change and none in between', async () => {
    const lab = twoOfTwo();
    const events = record(lab);
    lab.world.failInstance(lab.holder, { noticedAfterMs: 30_000 });
    await lab.clock.advance(10 * MINUTE_MS);
    lab.world.recoverInstance(lab.holder);
    await lab.clock.advance(10 * MINUTE_MS);
    const changes = events.map(({ detail }) =>
      [detail.previousState, detail.state].map((state) => Object(state).value),
    );
    expect(changes).toEqual([
      ['OK', 'ALARM'],
      ['ALARM', 'OK'],
    ]);
    // The second failed minute ends at 00:02; its evaluation comes 15 to 45 s later.
    expect(events[0]?.time).toMatch(/^2026-01-01T00:02:(1[5-9]|[23]\d|4[0-5])Z$/);
  });

  it('should put every field on the bus that CloudWatch does', async () => {
    const lab = twoOfTwo();
    const events = record(lab);
    lab.world.failInstance(lab.holder);
    await lab.clock.advance(10 * MINUTE_MS);
    expect(events[0]).toMatchObject({
      version: '0',
      'detail-type': 'CloudWatch Alarm State Change',
      source: 'aws.cloudwatch',
      account: '123456789012',
      region: 'us-east-1',
      resources: [`arn:aws:cloudwatch:us-east-1:123456789012:alarm:${nameOf(lab.holder)}`],
      detail: {
        alarmName: nameOf(lab.holder),
        state: {
          value: 'ALARM',
          reason: expect.stringContaining('Threshold Crossed'),
          timestamp: expect.stringMatching(/^2026-01-01T00:0\d:\d\d\.\d{3}\+0000$/),
        },
        previousState: { value: 'OK', timestamp: '2026-01-01T00:00:00.000+0000' },
        configuration: {
          metrics: [
            {
              id: 'm1',
              metricStat: {
                metric: { namespace: 'AWS/EC2', name: 'StatusCheckFailed', dimensions: { InstanceId: lab.holder } },
                period: 60,
                stat: 'Maximum',
              },
              returnData: true,
            },
          ],
        },
      },
    });
    const { reasonData } = Object(events[0]?.detail.state) as { reasonData: string };
    expect(JSON.parse(reasonData)).toMatchObject({ recentDatapoints: [1, 1], threshold: 1 });
  });

  it('should need a second failed minute when it is 2 of 2', async () => {
    const lab = twoOfTwo();
    const events = record(lab);
    lab.world.failInstance(lab.holder, { noticedAfterMs: 30_000 });
    await lab.clock.advance(90_000);
    lab.world.recoverInstance(lab.holder);
    await lab.clock.advance(10 * MINUTE_MS);
    expect(events).toEqual([]);
  });

  it('should stay in ALARM while the instance that failed is stopped, until the data are gone', async () => {
    const lab = startLab();
    lab.world.failInstance(lab.holder, { noticedAfterMs: 0 });
    await lab.clock.advance(5 * MINUTE_MS);
    lab.world.stopInstance(lab.holder);
    await lab.clock.advance(2 * MINUTE_MS);
    expect(lab.world.alarms.get(nameOf(lab.holder))?.state).toBe('ALARM');
    await lab.clock.advance(5 * MINUTE_MS);
    expect(lab.world.alarms.get(nameOf(lab.holder))?.state).toBe('INSUFFICIENT_DATA');
  });

  it.each([
    ['missing', 'INSUFFICIENT_DATA'],
    ['breaching', 'ALARM'],
    ['notBreaching', 'OK'],
    ['ignore', 'OK'],
  ])('should treat missing data as %s: a stop ends in %s', async (TreatMissingData, state) => {
    const lab = startLab();
    const stateOf = watch(lab, { TreatMissingData });
    lab.world.stopInstance(lab.holder);
    await lab.clock.advance(10 * MINUTE_MS);
    expect(stateOf()).toBe(state);
  });

  it('should look at its own metric, statistic and M of N only', async () => {
    const lab = startLab();
    const stateOf = watch(lab, { EvaluationPeriods: 3, DatapointsToAlarm: 1, Statistic: 'Average', Threshold: 0.5 });
    lab.world.failInstance(lab.holder, { check: 'instance', noticedAfterMs: 0 });
    await lab.clock.advance(5 * MINUTE_MS);
    expect(stateOf()).toBe('OK');
    lab.world.failInstance(lab.holder, { check: 'system', noticedAfterMs: 0 });
    await lab.clock.advance(2 * MINUTE_MS);
    expect(stateOf()).toBe('ALARM');
  });

  it.each([
    ['GreaterThanThreshold', 0, 'ALARM'],
    ['GreaterThanThreshold', 1, 'OK'],
    ['LessThanThreshold', 1, 'OK'],
    ['LessThanOrEqualToThreshold', 1, 'ALARM'],
  ] as const)('should compare by %s %d: %s', async (ComparisonOperator, Threshold, state) => {
    const lab = startLab();
    const stateOf = watch(lab, { ComparisonOperator, Threshold });
    lab.world.failInstance(lab.holder, { check: 'system', noticedAfterMs: 0 });
    await lab.clock.advance(5 * MINUTE_MS);
    expect(stateOf()).toBe(state);
  });
});

describe('the alarm calls', () => {
  it('should set a state until the next evaluation says otherwise', async () => {
    const lab = startLab();
    const events = record(lab);
    const input = { AlarmName: nameOf(lab.holder), StateValue: 'ALARM', StateReason: 'a drill' } as const;
    expect(await outcome(lab, lab.cloudwatch.send(new SetAlarmStateCommand(input)))).toBe('ok');
    expect(await outcome(lab, lab.cloudwatch.send(new SetAlarmStateCommand(input)))).toBe('ok');
    expect(events).toHaveLength(1);
    expect(events[0]?.detail.state).toMatchObject({ value: 'ALARM', reason: 'a drill' });
    await lab.clock.advance(2 * MINUTE_MS);
    expect(lab.world.alarms.get(nameOf(lab.holder))?.state).toBe('OK');
  });

  it('should never evaluate a metric the world does not publish', async () => {
    const lab = startLab();
    const stateOf = watch(lab, { Namespace: 'My/App', MetricName: 'Heartbeat' });
    const input = { AlarmName: 'watch', StateValue: 'ALARM', StateReason: 'no heartbeat' } as const;
    await outcome(lab, lab.cloudwatch.send(new SetAlarmStateCommand(input)));
    await lab.clock.advance(60 * MINUTE_MS);
    expect(stateOf()).toBe('ALARM');
  });

  it('should find alarms by name, prefix and state', async () => {
    const lab = startLab();
    lab.world.addAlarm({ ...configOf(lab), AlarmName: 'other' }, 'ALARM');
    const find = async (input: object): Promise<string[]> => {
      const reply = await lab.clock.run(lab.cloudwatch.send(new DescribeAlarmsCommand(input)));
      expect(reply.CompositeAlarms).toEqual([]);
      return (reply.MetricAlarms ?? []).map(({ AlarmName = '' }) => AlarmName).sort();
    };
    expect(await find({})).toHaveLength(3);
    expect(await find({ AlarmNames: ['other', 'nobody'] })).toEqual(['other']);
    expect(await find({ AlarmNamePrefix: 'eni-failover/' })).toHaveLength(2);
    expect(await find({ StateValue: 'ALARM' })).toEqual(['other']);
    expect(await find({ AlarmTypes: ['CompositeAlarm'] })).toEqual([]);
  });

  it('should page, put and delete', async () => {
    const lab = startLab();
    const input = configOf(lab);
    expect(await outcome(lab, lab.cloudwatch.send(new PutMetricAlarmCommand({ ...input, AlarmName: 'new' })))).toBe(
      'ok',
    );
    expect(lab.world.alarms.get('new')?.state).toBe('INSUFFICIENT_DATA');
    const first = await lab.clock.run(lab.cloudwatch.send(new DescribeAlarmsCommand({ MaxRecords: 2 })));
    const second = new DescribeAlarmsCommand({ MaxRecords: 2, NextToken: first.NextToken });
    expect((await lab.clock.run(lab.cloudwatch.send(second))).MetricAlarms).toHaveLength(1);
    expect(await outcome(lab, lab.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['new', 'nobody'] })))).toBe(
      'ResourceNotFound',
    );
    expect(await outcome(lab, lab.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['new'] })))).toBe('ok');
    expect(lab.world.alarms.get('new')).toBeUndefined();
  });

  it('should refuse what CloudWatch refuses', async () => {
    const lab = startLab({ buckets: false });
    const config = configOf(lab);
    const put = (wrong: object): Promise<string> =>
      outcome(lab, lab.cloudwatch.send(new PutMetricAlarmCommand({ ...config, ...wrong })));
    expect(await put({ Period: 45 })).toBe('ValidationError');
    expect(await put({ DatapointsToAlarm: 3 })).toBe('ValidationError');
    expect(await put({ Statistic: 'p99' })).toBe('ValidationError');
    expect(await put({ ComparisonOperator: undefined })).toBe('MissingParameter');
    expect(await put({ Unit: 'Count' })).toBe('UnknownParameter');
    const unknown = { AlarmName: 'nobody', StateValue: 'OK', StateReason: '' } as const;
    expect(await outcome(lab, lab.cloudwatch.send(new SetAlarmStateCommand(unknown)))).toBe('ResourceNotFound');
    const both = new DescribeAlarmsCommand({ AlarmNames: ['a'], AlarmNamePrefix: 'a' });
    expect(await outcome(lab, lab.cloudwatch.send(both))).toBe('InvalidParameterCombination');
  });
});
