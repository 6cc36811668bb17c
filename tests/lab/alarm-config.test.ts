import {
  DescribeAlarmContributorsCommand,
  DescribeAlarmsCommand,
  ListAlarmMuteRulesCommand,
  ListTagsForResourceCommand,
  type MetricAlarm,
  type MetricDataQuery,
  PutMetricAlarmCommand,
  type PutMetricAlarmInput,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import type { BusEvent } from '../../lab/world/model.ts';
import { type Lab, outcome, startLab } from './support.ts';

const MINUTE_MS = 60_000;
const PLAIN = { AlarmName: 'math', EvaluationPeriods: 1, Threshold: 1 } as const;
const ABOVE = { ...PLAIN, ComparisonOperator: 'GreaterThanOrEqualToThreshold' } as const;

function mathOver(lab: Lab): MetricDataQuery[] {
  const stat = (id: string, nth: number): MetricDataQuery => {
    const Dimensions = [{ Name: 'InstanceId', Value: id }];
    const Metric = { Namespace: 'AWS/EC2', MetricName: 'StatusCheckFailed', Dimensions };
    return { Id: `m${nth}`, ReturnData: false, MetricStat: { Period: 60, Stat: 'Maximum', Metric } };
  };
  const sum = { Id: 'e1', Expression: 'MAX(METRICS())', Label: 'any', ReturnData: true };
  return [sum, stat(lab.holder, 1), stat(lab.standby, 2)];
}

function put(lab: Lab, input: Partial<PutMetricAlarmInput>): Promise<string> {
  return outcome(lab, lab.cloudwatch.send(new PutMetricAlarmCommand({ ...ABOVE, ...input })));
}

function setState(lab: Lab, name: string, state = 'ALARM', more: object = {}): Promise<string> {
  const input = { AlarmName: name, StateValue: state as 'ALARM', StateReason: 'a drill', ...more };
  return outcome(lab, lab.cloudwatch.send(new SetAlarmStateCommand(input)));
}

async function read(lab: Lab, name: string): Promise<MetricAlarm> {
  const reply = await lab.clock.run(lab.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] })));
  return reply.MetricAlarms?.[0] ?? {};
}

function record(lab: Lab): BusEvent[] {
  const events: BusEvent[] = [];
  lab.world.onEvent((event) => {
    if (event.source === 'aws.cloudwatch') events.push(event);
  });
  return events;
}

describe('an alarm of metric math over several instances', () => {
  it('should be described as it was made, and change only when somebody sets its state', async () => {
    const lab = startLab();
    const Metrics = mathOver(lab);
    expect(await put(lab, { Metrics, ActionsEnabled: false })).toBe('ok');
    lab.world.failInstance(lab.holder, { noticedAfterMs: 0 });
    await lab.clock.advance(10 * MINUTE_MS);
    const alarm = await read(lab, 'math');
    expect(alarm).toMatchObject({ Metrics, ActionsEnabled: false, StateValue: 'INSUFFICIENT_DATA', Threshold: 1 });
    expect(alarm).toMatchObject({ ComparisonOperator: 'GreaterThanOrEqualToThreshold', Dimensions: [] });
    expect(alarm.MetricName).toBeUndefined();
    await setState(lab, 'math');
    await lab.clock.advance(10 * MINUTE_MS);
    expect((await read(lab, 'math')).StateValue).toBe('ALARM');
  });

  it('should put every metric into its event', async () => {
    const lab = startLab();
    lab.world.addAlarm({ ...ABOVE, Metrics: mathOver(lab) });
    const events = record(lab);
    await setState(lab, 'math');
    const metric = { namespace: 'AWS/EC2', name: 'StatusCheckFailed', dimensions: { InstanceId: lab.holder } };
    expect(Object(events[0]?.detail['configuration']).metrics).toEqual([
      { id: 'e1', expression: 'MAX(METRICS())', label: 'any', returnData: true },
      { id: 'm1', metricStat: { metric, period: 60, stat: 'Maximum' }, returnData: false },
      expect.objectContaining({ id: 'm2' }),
    ]);
  });
});

describe('an alarm that is not evaluated', () => {
  it('should keep the state that was set, although its metric says otherwise', async () => {
    const lab = startLab();
    const one = { Namespace: 'AWS/EC2', MetricName: 'StatusCheckFailed', Statistic: 'Maximum', Period: 60 } as const;
    const Dimensions = [{ Name: 'InstanceId', Value: lab.holder }];
    lab.world.addAlarm({ ...ABOVE, ...one, Dimensions, AlarmName: 'held' }, 'OK', { evaluated: false });
    await setState(lab, 'held');
    await lab.clock.advance(10 * MINUTE_MS);
    expect((await read(lab, 'held')).StateValue).toBe('ALARM');
  });
});

describe('an active mute rule', () => {
  it('should stand in the events of its alarm and nowhere in DescribeAlarms', async () => {
    const lab = startLab();
    const events = record(lab);
    const name = `eni-failover/web/${lab.holder}`;
    await lab.clock.advance(MINUTE_MS);
    lab.world.mutes.add(name);
    await lab.clock.advance(MINUTE_MS);
    await setState(lab, name);
    lab.world.mutes.delete(name);
    await setState(lab, name, 'OK');
    expect(events[0]?.detail['muteDetail']).toEqual({
      mutedByArn: `arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:${name}`,
      muteWindowStart: '2026-01-01T00:01:00.000+0000',
      muteWindowEnd: expect.stringMatching(/^2026-01-01T0\d:\d\d:\d\d\.\d{3}\+0000$/),
    });
    expect(events[1]?.detail).not.toHaveProperty('muteDetail');
    expect(JSON.stringify(await read(lab, name))).not.toMatch(/mute/i);
  });

  it('should be asked for by a status that exists', async () => {
    const lab = startLab();
    const ask = (Statuses: string[]): Promise<string> =>
      outcome(lab, lab.cloudwatch.send(new ListAlarmMuteRulesCommand({ Statuses: Statuses as 'ACTIVE'[] })));
    expect([await ask(['ACTIVE']), await ask(['ON'])]).toEqual(['ok', 'ValidationError']);
  });
});

describe('the contributors of an alarm', () => {
  it('should have events of their own, and the alarm one while any of them is in ALARM', async () => {
    const lab = startLab();
    const query = {
      Id: 'q1',
      Expression: 'SELECT MAX(StatusCheckFailed) FROM "AWS/EC2" GROUP BY InstanceId',
      Period: 60,
    };
    lab.world.addAlarm({ ...ABOVE, Metrics: [query] });
    const events = record(lab);
    const one = { InstanceId: lab.holder };
    lab.world.setContributor('math', one, 'OK');
    lab.world.setContributor('math', one, 'ALARM');
    lab.world.setContributor('math', { InstanceId: lab.standby }, 'ALARM');
    const failing = async (): Promise<unknown[]> => {
      const command = new DescribeAlarmContributorsCommand({ AlarmName: 'math' });
      const reply = await lab.clock.run(lab.cloudwatch.send(command));
      return (reply.AlarmContributors ?? []).map(({ ContributorAttributes }) => ContributorAttributes?.['InstanceId']);
    };
    expect(new Set(await failing())).toEqual(new Set([lab.holder, lab.standby]));
    lab.world.setContributor('math', one, 'OK');
    expect(await failing()).toEqual([lab.standby]);
    expect((await read(lab, 'math')).StateValue).toBe('ALARM');
    expect(events.map((event) => [event['detail-type'].split(' ')[2], Object(event.detail['state']).value])).toEqual([
      ['Contributor', 'ALARM'],
      ['State', 'ALARM'],
      ['Contributor', 'ALARM'],
      ['Contributor', 'OK'],
    ]);
    expect(events[0]?.detail).toMatchObject({
      alarmName: 'math',
      alarmContributor: { id: expect.any(String), attributes: one },
      configuration: { metrics: [{ id: 'q1', expression: query.Expression, period: 60, returnData: true }] },
    });
    expect(events[0]?.detail).not.toHaveProperty('previousState');
    expect(() => lab.world.setContributor('nobody', one, 'ALARM')).toThrow('no such alarm');
  });
});

describe('what CloudWatch refuses', () => {
  it.each<[string, Partial<PutMetricAlarmInput>]>([
    ['no period to evaluate', { EvaluationPeriods: 0 }],
    ['no datapoint that is needed', { DatapointsToAlarm: 0 }],
    ['more than a day', { EvaluationPeriods: 1441 }],
    ['a name that is too long', { AlarmName: 'x'.repeat(256) }],
    ['a description that is too long', { AlarmDescription: 'x'.repeat(1025) }],
    ['too many actions', { AlarmActions: Array.from({ length: 6 }, (_, n) => `arn:aws:sns:::${n}`) }],
    [
      'a tag key that is there twice',
      {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'a', Value: '2' },
        ],
      },
    ],
  ])('should be an alarm with %s', async (_, wrong) => {
    const lab = startLab();
    const one = { Namespace: 'Custom', MetricName: 'Heartbeat', Statistic: 'Sum', Period: 60 } as const;
    expect(await put(lab, { ...one, ...wrong })).toBe('ValidationError');
    expect(await put(lab, one)).toBe('ok');
  });

  it.each<[string, MetricDataQuery[]]>([
    ['too many metrics', Array.from({ length: 21 }, (_, n) => ({ Id: `m${n}`, Expression: '1', ReturnData: n === 0 }))],
    ['an id that is not one', [{ Id: 'M', Expression: '1' }]],
    [
      'an id twice',
      [
        { Id: 'm', Expression: '1' },
        { Id: 'm', Expression: '1', ReturnData: false },
      ],
    ],
    ['neither expression nor metric', [{ Id: 'm' }]],
    ['nothing that returns its data', [{ Id: 'm', Expression: '1', ReturnData: false }]],
    [
      'two that return their data',
      [
        { Id: 'm', Expression: '1' },
        { Id: 'n', Expression: '1' },
      ],
    ],
  ])('should be math with %s', async (_, Metrics) => {
    expect(await put(startLab(), { Metrics })).toBe('ValidationError');
  });

  it('should be math together with one metric', async () => {
    const lab = startLab();
    expect(await put(lab, { Metrics: mathOver(lab), Period: 60 })).toBe('InvalidParameterCombination');
  });

  it('should be a state, a type or a reason that does not exist', async () => {
    const lab = startLab({ buckets: false });
    const name = `eni-failover/web/${lab.holder}`;
    expect(await setState(lab, name, 'BROKEN')).toBe('ValidationError');
    expect(await setState(lab, name, 'ALARM', { StateReason: 'x'.repeat(1024) })).toBe('ValidationError');
    expect(await setState(lab, name, 'ALARM', { StateReasonData: 'text' })).toBe('InvalidFormat');
    expect(await setState(lab, name, 'ALARM', { StateReasonData: '{}' })).toBe('ok');
    const find = (input: object): Promise<string> =>
      outcome(lab, lab.cloudwatch.send(new DescribeAlarmsCommand(input)));
    expect(await find({ StateValue: 'BROKEN' })).toBe('ValidationError');
    expect(await find({ AlarmTypes: ['Alarm'] })).toBe('ValidationError');
    expect(await find({ AlarmNames: Array.from({ length: 101 }, (_, n) => `${n}`) })).toBe('ValidationError');
  });
});

describe('the tags of an alarm', () => {
  it('should be listed apart from the alarm', async () => {
    const lab = startLab();
    const Tags = [{ Key: 'team', Value: 'web' }];
    await put(lab, { Metrics: mathOver(lab), Tags });
    const { AlarmArn, ...rest } = await read(lab, 'math');
    expect(rest).not.toHaveProperty('Tags');
    const command = new ListTagsForResourceCommand({ ResourceARN: AlarmArn });
    expect((await lab.clock.run(lab.cloudwatch.send(command))).Tags).toEqual(Tags);
    const nobody = new ListTagsForResourceCommand({ ResourceARN: 'arn:aws:s3:::nobody' });
    expect(await outcome(lab, lab.cloudwatch.send(nobody))).toBe('ResourceNotFound');
  });
});
