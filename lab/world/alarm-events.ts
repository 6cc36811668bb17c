import type { Alarm, AlarmConfig, Contributor } from './model.ts';
import type { WorldState } from './state.ts';

/** Tells the bus that an alarm is in another state. */
export function emitAlarm(world: WorldState, before: Alarm, after: Alarm): void {
  const { AlarmName: name, AlarmDescription: description } = after.config;
  const window = world.mutes.windowOf(name);
  world.emit('CloudWatch Alarm State Change', 'aws.cloudwatch', [alarmArn(world, name)], {
    alarmName: name,
    state: describeState(after),
    previousState: describeState(before),
    configuration: { description, metrics: describeMetrics(after.config) },
    ...(window && {
      muteDetail: {
        mutedByArn: muteRuleArn(world, name),
        muteWindowStart: cloudWatchTime(window.startMs),
        muteWindowEnd: cloudWatchTime(window.endMs),
      },
    }),
  });
}

/** Tells the bus that one time series of an alarm is in another state. */
export function emitContributor(world: WorldState, { config }: Alarm, contributor: Contributor): void {
  const { AlarmName: name, AlarmDescription: description } = config;
  const { id, attributes, state, reason, changedMs } = contributor;
  world.emit('CloudWatch Alarm Contributor State Change', 'aws.cloudwatch', [alarmArn(world, name)], {
    alarmName: name,
    alarmContributor: { id, attributes },
    state: { value: state, reason, timestamp: cloudWatchTime(changedMs) },
    configuration: { description, metrics: describeMetrics(config) },
  });
}

export function alarmArn(world: WorldState, name: string): string {
  return world.arn('cloudwatch', `alarm:${name}`);
}

/** Every muted alarm has a mute rule of its own name. */
export function muteRuleArn(world: WorldState, name: string): string {
  return world.arn('cloudwatch', `alarm-mute-rule:${name}`);
}

/** A moment as CloudWatch writes it: `2026-01-01T10:00:00.000+0000`. */
export function cloudWatchTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}

/** Dimensions by name. */
export function dimensionsOf({ Dimensions = [] }: Pick<AlarmConfig, 'Dimensions'>): Readonly<Record<string, string>> {
  return Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
}

function describeState({ state, reason, reasonData, stateUpdatedMs }: Alarm): Record<string, unknown> {
  return {
    value: state,
    reason,
    ...(reasonData === '' ? {} : { reasonData }),
    timestamp: cloudWatchTime(stateUpdatedMs),
  };
}

function describeMetrics(config: AlarmConfig): Record<string, unknown>[] {
  const { Namespace, MetricName, Dimensions, Period, Statistic } = config;
  if (config.Metrics === undefined) {
    const metric = { namespace: Namespace, name: MetricName, dimensions: dimensionsOf({ Dimensions }) };
    return [{ id: 'm1', metricStat: { metric, period: Period, stat: Statistic }, returnData: true }];
  }
  return config.Metrics.map(
    ({ Id: id, Expression: expression, Label: label, MetricStat, ReturnData, Period: period }) => {
      const metric = MetricStat?.Metric;
      const named = metric && {
        metric: { namespace: metric.Namespace, name: metric.MetricName, dimensions: dimensionsOf(metric) },
        period: MetricStat?.Period,
        stat: MetricStat?.Stat,
      };
      return {
        id,
        ...(named === undefined ? { expression } : { metricStat: named }),
        ...(label === undefined ? {} : { label }),
        ...(period === undefined ? {} : { period }),
        returnData: ReturnData ?? true,
      };
    },
  );
}
