import { hash } from '../random.ts';
import { cloudWatchTime, dimensionsOf, emitAlarm, emitContributor } from './alarm-events.ts';
import { datapoint, isPublished } from './checks.ts';
import type { Alarm, AlarmConfig, AlarmState, Contributor } from './model.ts';
import type { WorldState } from './state.ts';

/** CloudWatch looks at a few periods more than it needs, so that late or missing datapoints do not flap an alarm. */
const EXTRA_PERIODS = 2;

/** What one period comes to. */
export interface Datapoint {
  readonly endMs: number;
  readonly value: number;
}

/**
 * Creates an alarm, or replaces its configuration and keeps its state.
 * @param evaluated false for an alarm that only SetAlarmState changes
 */
export function putAlarm(
  world: WorldState,
  config: AlarmConfig,
  state: AlarmState = 'INSUFFICIENT_DATA',
  evaluated = true,
): void {
  const now = world.clock.now();
  const reason = 'Unchecked: Initial alarm creation';
  const initial = { state, reason, reasonData: '', stateUpdatedMs: now, evaluated, contributors: [] };
  const before = world.alarms.get(config.AlarmName);
  // Tags are those that it was made with (PutMetricAlarm, `Tags`).
  const kept = before ? { ...config, Tags: before.config.Tags } : config;
  world.alarms.put(config.AlarmName, { ...(before ?? initial), config: kept, configuredMs: now });
}

/** Evaluates every alarm over one metric that the world publishes, for the minute that ends at `endMs`. No math. */
export function evaluateAlarms(world: WorldState, endMs: number): void {
  for (const { config, evaluated } of world.alarms.all()) {
    if (!evaluated || !isOfOneMetric(config) || !isPublished(config.Namespace, config.MetricName)) continue;
    // Datapoints of one minute reach different alarms at different moments.
    world.after(world.latencies.metricMs, () => evaluate(world, config.AlarmName, endMs), true);
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
  emitAlarm(world, before, after);
}

/**
 * One time series of an alarm (a row of `GROUP BY InstanceId`) changes; the alarm is in ALARM while any of them is.
 * @param attributes what the series is about, such as `{ InstanceId: 'i-…' }`
 */
export function setContributor(
  world: WorldState,
  name: string,
  attributes: Contributor['attributes'],
  state: Contributor['state'],
): void {
  const alarm = world.alarms.get(name);
  if (alarm === undefined) throw new Error(`no such alarm: ${name}`);
  const id = hash(JSON.stringify(attributes)).toString(16).padStart(32, '0');
  const before = alarm.contributors.find((contributor) => contributor.id === id);
  if ((before?.state ?? 'OK') === state) return;
  const reason = `Threshold Crossed: 1 datapoint was evaluated against ${alarm.config.ComparisonOperator}.`;
  const contributor = { id, attributes, state, reason, changedMs: world.clock.now() };
  const others = alarm.contributors.filter((other) => other.id !== id);
  const contributors = [...others, contributor];
  world.alarms.put(name, { ...alarm, contributors });
  world.tell('alarm', `${name} ${JSON.stringify(attributes)} -> ${state}`, { alarmName: name, attributes, to: state });
  emitContributor(world, alarm, contributor);
  const failing = contributors.filter((one) => one.state === 'ALARM').length;
  setAlarmState(world, name, failing > 0 ? 'ALARM' : 'OK', `${failing} contributors are in ALARM`, '');
}

/** An alarm over one metric. */
export type OneMetric = AlarmConfig & {
  readonly [K in 'Namespace' | 'MetricName' | 'Statistic' | 'Period' | 'Threshold']: NonNullable<AlarmConfig[K]>;
};

export function isOfOneMetric(config: AlarmConfig): config is OneMetric {
  return config.MetricName !== undefined;
}

function evaluate(world: WorldState, name: string, endMs: number): void {
  const alarm = world.alarms.get(name);
  if (alarm === undefined || !isOfOneMetric(alarm.config)) return;
  conclude(world, alarm, alarm.config, recentDatapoints(world, alarm.config, endMs), endMs);
}

/**
 * Puts an alarm into the state that its datapoints give.
 * @param config as it would be over one metric
 * @param points oldest first, as many as are evaluated or fewer
 */
export function conclude(
  world: WorldState,
  alarm: Alarm,
  config: OneMetric,
  points: readonly Datapoint[],
  endMs: number,
): void {
  const state = judge(config, points, alarm.state, endMs);
  const values = points.map(({ value }) => value.toFixed(1));
  const reason =
    state === 'INSUFFICIENT_DATA'
      ? `Insufficient Data: ${config.EvaluationPeriods} datapoints were unknown.`
      : `Threshold Crossed: ${values.length} datapoints [${values.join(', ')}] were evaluated against ${config.ComparisonOperator} ${config.Threshold.toFixed(1)}.`;
  const reasonData = {
    version: '1.0',
    queryDate: cloudWatchTime(world.clock.now()),
    statistic: config.Statistic,
    period: config.Period,
    recentDatapoints: points.map(({ value }) => value),
    threshold: config.Threshold,
  };
  setAlarmState(world, config.AlarmName, state, reason, JSON.stringify(reasonData));
}

/** The newest datapoints that exist in the evaluation range, oldest first, at most as many as are evaluated. */
function recentDatapoints(world: WorldState, config: OneMetric, endMs: number): Datapoint[] {
  const periods = Array.from(
    { length: config.EvaluationPeriods + EXTRA_PERIODS },
    (_, n) => endMs - n * config.Period * 1000,
  );
  return periods
    .reverse()
    .flatMap((end) => {
      const value = aggregate(world, config, end);
      return value === undefined ? [] : [{ endMs: end, value }];
    })
    .slice(-config.EvaluationPeriods);
}

function aggregate(world: WorldState, config: OneMetric, endMs: number): number | undefined {
  const minutes = Array.from({ length: Math.max(1, config.Period / 60) }, (_, n) => endMs - n * 60_000);
  const instanceId = dimensionsOf(config).InstanceId ?? '';
  const values = minutes.flatMap((end) => datapoint(world, config.MetricName, instanceId, end) ?? []);
  return values.length === 0 ? undefined : statistic(config.Statistic, values);
}

/** What a statistic makes of the values of one period, of which there is at least one. */
export function statistic(name: string, values: readonly number[]): number | undefined {
  const sum = values.reduce<number>((total, value) => total + value, 0);
  const statistics: Readonly<Record<string, number>> = {
    Maximum: Math.max(...values),
    Minimum: Math.min(...values),
    Average: sum / values.length,
    Sum: sum,
    SampleCount: values.length,
  };
  return statistics[name];
}

/** The state that CloudWatch's rules for missing data give. */
function judge(config: OneMetric, points: readonly Datapoint[], now: AlarmState, endMs: number): AlarmState {
  const { TreatMissingData: treatment = 'missing', DatapointsToAlarm: needed = config.EvaluationPeriods } = config;
  const missing = config.EvaluationPeriods - points.length;
  const breaching = points.filter(({ value }) => breaches(config, value));
  if (points.length === 0 && treatment === 'missing') return 'INSUFFICIENT_DATA';
  if (points.length === 0 && treatment === 'ignore') return now;
  const filled = breaching.length + (treatment === 'breaching' ? missing : 0);
  if (filled >= needed) return 'ALARM';
  const tolerant = treatment === 'missing' || treatment === 'ignore';
  if (missing === 0 || !tolerant || breaching.length === 0 || breaching.length < points.length) return 'OK';
  // Only breaching datapoints, but too few: CloudWatch alarms once the oldest of them is old enough.
  const oldEnoughMs = endMs - (needed - 1) * config.Period * 1000;
  return treatment === 'missing' && (breaching[0]?.endMs ?? endMs) <= oldEnoughMs ? 'ALARM' : now;
}

function breaches({ ComparisonOperator: comparison, Threshold: threshold }: OneMetric, value: number): boolean {
  if (comparison === 'GreaterThanOrEqualToThreshold') return value >= threshold;
  if (comparison === 'GreaterThanThreshold') return value > threshold;
  if (comparison === 'LessThanOrEqualToThreshold') return value <= threshold;
  return value < threshold;
}
