import { datapoint, isPublished } from './checks.ts';
import type { Alarm, AlarmConfig, AlarmState } from './model.ts';
import type { WorldState } from './state.ts';

/** CloudWatch looks at a few periods more than it needs, so that late or missing datapoints do not flap an alarm. */
const EXTRA_PERIODS = 2;

interface Datapoint {
  readonly endMs: number;
  readonly value: number;
}

/** Creates an alarm, or replaces its configuration and keeps its state. */
export function putAlarm(world: WorldState, config: AlarmConfig, state: AlarmState = 'INSUFFICIENT_DATA'): void {
  const now = world.clock.now();
  const initial = { state, reason: 'Unchecked: Initial alarm creation', reasonData: '', stateUpdatedMs: now };
  world.alarms.put(config.name, { ...(world.alarms.get(config.name) ?? initial), config, configuredMs: now });
}

/** Evaluates every alarm over a metric that the world publishes, for the minute that ends at `endMs`. */
export function evaluateAlarms(world: WorldState, endMs: number): void {
  for (const { config } of world.alarms.all()) {
    if (!isPublished(config.namespace, config.metric)) continue;
    // Datapoints of one minute reach different alarms at different moments.
    world.after(world.latencies.metricMs, () => evaluate(world, config.name, endMs), true);
  }
}

/** Puts an alarm into a state; a state it is in already changes nothing. */
export function setAlarmState(
  world: WorldState,
  name: string,
  state: AlarmState,
  reason: string,
  reasonData: string,
): void {
  const before = world.alarms.get(name);
  if (before === undefined || before.state === state) return;
  const after: Alarm = { ...before, state, reason, reasonData, stateUpdatedMs: world.clock.now() };
  world.alarms.put(name, after);
  world.tell('alarm', `${name} ${before.state} -> ${state}`, { alarmName: name, from: before.state, to: state });
  world.emit('CloudWatch Alarm State Change', 'aws.cloudwatch', [alarmArn(world, name)], {
    alarmName: name,
    state: describeState(after),
    previousState: describeState(before),
    configuration: { description: after.config.description, metrics: [describeMetric(after.config)] },
  });
}

export function alarmArn(world: WorldState, name: string): string {
  return world.arn('cloudwatch', `alarm:${name}`);
}

function evaluate(world: WorldState, name: string, endMs: number): void {
  const alarm = world.alarms.get(name);
  if (alarm === undefined) return;
  const { config } = alarm;
  const points = recentDatapoints(world, config, endMs);
  const state = judge(config, points, alarm.state, endMs);
  const values = points.map(({ value }) => value.toFixed(1));
  const reason =
    state === 'INSUFFICIENT_DATA'
      ? `Insufficient Data: ${config.evaluationPeriods} datapoints were unknown.`
      : `Threshold Crossed: ${values.length} datapoints [${values.join(', ')}] were evaluated against ${config.comparison} ${config.threshold.toFixed(1)} (${config.datapointsToAlarm} out of ${config.evaluationPeriods}).`;
  const reasonData = {
    version: '1.0',
    queryDate: cloudWatchTime(world.clock.now()),
    statistic: config.statistic,
    period: config.periodMs / 1000,
    recentDatapoints: points.map(({ value }) => value),
    threshold: config.threshold,
  };
  setAlarmState(world, name, state, reason, JSON.stringify(reasonData));
}

/** The newest datapoints that exist in the evaluation range, oldest first, at most as many as are evaluated. */
function recentDatapoints(world: WorldState, config: AlarmConfig, endMs: number): Datapoint[] {
  const periods = Array.from(
    { length: config.evaluationPeriods + EXTRA_PERIODS },
    (_, n) => endMs - n * config.periodMs,
  );
  return periods
    .reverse()
    .flatMap((end) => {
      const value = aggregate(world, config, end);
      return value === undefined ? [] : [{ endMs: end, value }];
    })
    .slice(-config.evaluationPeriods);
}

function aggregate(world: WorldState, config: AlarmConfig, endMs: number): number | undefined {
  const minutes = Array.from({ length: Math.max(1, config.periodMs / 60_000) }, (_, n) => endMs - n * 60_000);
  const instanceId = config.dimensions.InstanceId ?? '';
  const values = minutes.flatMap((end) => datapoint(world, config.metric, instanceId, end) ?? []);
  if (values.length === 0) return undefined;
  const sum = values.reduce<number>((total, value) => total + value, 0);
  const statistics: Readonly<Record<string, number>> = {
    Maximum: Math.max(...values),
    Minimum: Math.min(...values),
    Average: sum / values.length,
    Sum: sum,
    SampleCount: values.length,
  };
  return statistics[config.statistic];
}

/** The state that CloudWatch's rules for missing data give. */
function judge(config: AlarmConfig, points: readonly Datapoint[], now: AlarmState, endMs: number): AlarmState {
  const treatment = config.treatMissingData;
  const missing = config.evaluationPeriods - points.length;
  const breaching = points.filter(({ value }) => breaches(config, value));
  if (points.length === 0 && treatment === 'missing') return 'INSUFFICIENT_DATA';
  if (points.length === 0 && treatment === 'ignore') return now;
  const filled = breaching.length + (treatment === 'breaching' ? missing : 0);
  if (filled >= config.datapointsToAlarm) return 'ALARM';
  const tolerant = treatment === 'missing' || treatment === 'ignore';
  if (missing === 0 || !tolerant || breaching.length === 0 || breaching.length < points.length) return 'OK';
  // Only breaching datapoints, but too few: CloudWatch alarms once the oldest of them is old enough.
  const oldEnoughMs = endMs - (config.datapointsToAlarm - 1) * config.periodMs;
  return treatment === 'missing' && (breaching[0]?.endMs ?? endMs) <= oldEnoughMs ? 'ALARM' : now;
}

function breaches({ comparison, threshold }: AlarmConfig, value: number): boolean {
  if (comparison === 'GreaterThanOrEqualToThreshold') return value >= threshold;
  if (comparison === 'GreaterThanThreshold') return value > threshold;
  if (comparison === 'LessThanOrEqualToThreshold') return value <= threshold;
  return value < threshold;
}

function describeState(alarm: Alarm): Record<string, unknown> {
  return {
    value: alarm.state,
    reason: alarm.reason,
    ...(alarm.reasonData === '' ? {} : { reasonData: alarm.reasonData }),
    timestamp: cloudWatchTime(alarm.stateUpdatedMs),
  };
}

function describeMetric(config: AlarmConfig): Record<string, unknown> {
  return {
    id: 'm1',
    metricStat: {
      metric: { namespace: config.namespace, name: config.metric, dimensions: config.dimensions },
      period: config.periodMs / 1000,
      stat: config.statistic,
    },
    returnData: true,
  };
}

function cloudWatchTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}
