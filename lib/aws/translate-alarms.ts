import type { Metric, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { AlarmMetric, AlarmView } from '../core/alarms.ts';

/** What an alarm is called that CloudWatch gave no name. It has no prefix of ours: only its metrics can make it ours. */
const UNNAMED = 'an unnamed alarm';

/**
 * DescribeAlarms `MetricAlarms[]` → view. An alarm on one metric names it itself, one on metric math has a list, and
 * an entry of that list which is an expression measures nothing by itself: it becomes `{}`.
 */
export function toAlarm(alarm: MetricAlarm): AlarmView {
  const own = alarm.MetricName === undefined ? [] : [alarm];
  const math = (alarm.Metrics ?? []).map(({ MetricStat }) => MetricStat?.Metric ?? {});
  return { name: alarm.AlarmName ?? UNNAMED, metrics: [...own, ...math].map(toMetric) };
}

function toMetric({ Namespace, MetricName, Dimensions = [] }: Metric): AlarmMetric {
  const instanceId = Dimensions.find(({ Name }) => Name === 'InstanceId')?.Value;
  return {
    ...(Namespace !== undefined && { namespace: Namespace }),
    ...(MetricName !== undefined && { name: MetricName }),
    ...(instanceId !== undefined && { instanceId }),
  };
}
