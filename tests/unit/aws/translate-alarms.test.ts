import { toAlarm } from '../../../lib/aws/translate-alarms.ts';

describe('toAlarm', () => {
  it('should translate an alarm on one metric', () => {
    const alarm = toAlarm({
      AlarmName: 'web-a',
      Namespace: 'AWS/EC2',
      MetricName: 'StatusCheckFailed',
      Dimensions: [
        { Name: 'Other', Value: 'x' },
        { Name: 'InstanceId', Value: 'i-1' },
      ],
      Metrics: [],
    });
    expect(alarm).toEqual({
      name: 'web-a',
      metrics: [{ namespace: 'AWS/EC2', name: 'StatusCheckFailed', instanceId: 'i-1' }],
    });
  });

  it('should translate metric math, an entry for each', () => {
    const alarm = toAlarm({
      AlarmName: 'math',
      Metrics: [
        { Id: 'e', Expression: 'MAX([a, b])' },
        {
          Id: 'a',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/EC2',
              MetricName: 'StatusCheckFailed_System',
              Dimensions: [{ Name: 'InstanceId', Value: 'i-1' }],
            },
            Period: 60,
            Stat: 'Maximum',
          },
        },
        { Id: 'b', MetricStat: { Metric: { Namespace: 'Mine', MetricName: 'Heartbeat' }, Period: 10, Stat: 'Sum' } },
      ],
    });
    expect(alarm.metrics).toEqual([
      { expression: 'MAX([a, b])' },
      {
        namespace: 'AWS/EC2',
        name: 'StatusCheckFailed_System',
        instanceId: 'i-1',
        statistic: 'Maximum',
        periodSeconds: 60,
      },
      { namespace: 'Mine', name: 'Heartbeat', statistic: 'Sum', periodSeconds: 10 },
    ]);
  });

  it('should say how one metric is measured and compared', () => {
    const measured = { MetricName: 'Beat', Statistic: 'Sum' as const, Period: 60 };
    const compared = { ComparisonOperator: 'LessThanThreshold' as const, Threshold: 1 };
    expect(toAlarm({ AlarmName: 'beat', ...measured, ...compared })).toEqual({
      name: 'beat',
      metrics: [{ name: 'Beat', statistic: 'Sum', periodSeconds: 60 }],
      comparison: 'LessThanThreshold',
      threshold: 1,
    });
    const percentile = toAlarm({ AlarmName: 'p', MetricName: 'Beat', ExtendedStatistic: 'p99' });
    expect(percentile.metrics).toEqual([{ name: 'Beat', statistic: 'p99' }]);
  });

  it('should call an alarm muted whose actions are switched off', () => {
    expect(toAlarm({ AlarmName: 'x', ActionsEnabled: false }).muted).toBe(true);
    expect(toAlarm({ AlarmName: 'x', ActionsEnabled: true })).not.toHaveProperty('muted');
  });

  it('should accept an alarm that names no metric', () => {
    expect(toAlarm({ AlarmName: 'query' })).toEqual({ name: 'query', metrics: [] });
  });

  it('should keep what an alarm without a name measures', () => {
    const Dimensions = [{ Name: 'InstanceId', Value: 'i-1' }];
    expect(toAlarm({ Namespace: 'AWS/EC2', MetricName: 'StatusCheckFailed', Dimensions })).toEqual({
      name: 'an unnamed alarm',
      metrics: [{ namespace: 'AWS/EC2', name: 'StatusCheckFailed', instanceId: 'i-1' }],
    });
  });
});
