import type { Metric, MetricAlarm, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { AlarmMetric, AlarmView } from '../core/alarms.ts';
import type { AlarmState, StandingAlarm } from '../core/member-alarms.ts';

/** What an alarm is called that CloudWatch gave no name. It has no prefix of ours: only its metrics can make it ours. */
const UNNAMED = 'an unnamed alarm';

/**
 * DescribeAlarms `MetricAlarms[]` → view. An alarm on one metric names it itself, one on metric math has a list. With
 * its actions switched off it goes on changing its state all the same, so it counts as muted.
 */
export function toAlarm(alarm: MetricAlarm): AlarmView {
  const { AlarmName, ComparisonOperator, Threshold, ActionsEnabled } = alarm;
  return {
    name: AlarmName ?? UNNAMED,
    metrics: [...ownMetric(alarm), ...(alarm.Metrics ?? []).map(toEntry)],
    ...(ComparisonOperator !== undefined && { comparison: ComparisonOperator }),
    ...(Threshold !== undefined && { threshold: Threshold }),
    ...(ActionsEnabled === false && { muted: true }),
  };
}

const STATES: readonly AlarmState[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];

/** The same with its state and its ARN; one without a name or a state is none that anybody could speak of. */
export function toStandingAlarm(alarm: MetricAlarm): StandingAlarm | undefined {
  const { AlarmName, AlarmArn, StateValue, StateTransitionedTimestamp, StateUpdatedTimestamp } = alarm;
  const state = STATES.find((known) => known === StateValue);
  if (AlarmName === undefined || state === undefined) return undefined;
  const since = (StateTransitionedTimestamp ?? StateUpdatedTimestamp)?.getTime();
  return {
    ...toAlarm(alarm),
    state,
    ...(since !== undefined && { since }),
    ...(AlarmArn !== undefined && { arn: AlarmArn }),
  };
}

function ownMetric(alarm: MetricAlarm): readonly AlarmMetric[] {
  const { MetricName, Statistic, ExtendedStatistic } = alarm;
  return MetricName === undefined ? [] : [toMetric(alarm, Statistic ?? ExtendedStatistic, alarm.Period)];
}

/** An entry which is an expression measures nothing by itself. */
function toEntry({ MetricStat, Expression }: MetricDataQuery): AlarmMetric {
  if (MetricStat) return toMetric(MetricStat.Metric ?? {}, MetricStat.Stat, MetricStat.Period);
  return Expression === undefined ? {} : { expression: Expression };
}

function toMetric(
  { Namespace, MetricName, Dimensions = [] }: Metric,
  statistic: string | undefined,
  periodSeconds: number | undefined,
): AlarmMetric {
  const instanceId = Dimensions.find(({ Name }) => Name === 'InstanceId')?.Value;
  return {
    ...(Namespace !== undefined && { namespace: Namespace }),
    ...(MetricName !== undefined && { name: MetricName }),
    ...(instanceId !== undefined && { instanceId }),
    ...(statistic !== undefined && { statistic }),
    ...(periodSeconds !== undefined && { periodSeconds }),
  };
}
