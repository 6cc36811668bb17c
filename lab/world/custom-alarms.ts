import { hash } from '../random.ts';
import { dimensionsOf } from './alarm-events.ts';
import { isPublished } from './checks.ts';
import { conclude, type Datapoint, isOfOneMetric, type OneMetric, statistic } from './alarms.ts';
import type { MetricId } from './metrics.ts';
import type { AlarmConfig } from './model.ts';
import type { WorldState } from './state.ts';

/** High-resolution alarms are evaluated every ten seconds, others every minute (recorded; each at a second of its own). */
const TICK_MS = 10_000;
const MINUTE_MS = 60_000;
/** An alarm over a metric leaves out what ended less than that ago; one over an expression does not (recorded). */
const CUTOFF_MS = 10_000;

/** A metric that somebody publishes, as an alarm evaluates it. */
interface Series {
  readonly id: MetricId;
  readonly config: OneMetric;
  /** What `FILL(id, number)` puts where a period is empty. */
  readonly fill?: number;
}

/** Evaluates, from the first datapoint on, the alarms over metrics that somebody publishes. */
export function watchCustomMetrics(world: WorldState): void {
  const tickAt = (atMs: number): void => {
    const tick = (): void => {
      for (const { config, evaluated } of world.alarms.all()) {
        const series = evaluated ? seriesOf(config) : undefined;
        // One that nobody has published to is somebody else's affair: it stays as it was set.
        if (!series || !world.metrics.has(series.id)) continue;
        if (series.config.Period >= 60 && atMs % MINUTE_MS !== 0) continue;
        const phaseMs = hash(config.AlarmName) % TICK_MS;
        world.clock.schedule(atMs + phaseMs, () => evaluate(world, config.AlarmName), true);
      }
      tickAt(atMs + TICK_MS);
    };
    world.clock.schedule(atMs, tick, true);
  };
  tickAt(Math.floor(world.clock.now() / TICK_MS + 1) * TICK_MS);
}

function evaluate(world: WorldState, name: string): void {
  const alarm = world.alarms.get(name);
  const series = alarm && seriesOf(alarm.config);
  if (!series) return;
  const periodMs = series.config.Period * 1_000;
  const cutoffMs = alarm.config.Metrics ? 0 : CUTOFF_MS;
  const endMs = Math.floor((world.clock.now() - cutoffMs) / periodMs) * periodMs;
  conclude(world, alarm, series.config, recent(world, series, endMs), endMs);
}

/** The newest datapoints of the evaluation range, oldest first, at most as many as are evaluated. */
function recent(world: WorldState, { id, config, fill }: Series, endMs: number): readonly Datapoint[] {
  const periodMs = config.Period * 1_000;
  const ends = Array.from({ length: rangeOf(config) }, (_, n) => endMs - n * periodMs).reverse();
  const real = ends.map((end) => {
    const values = world.metrics.valuesIn(id, end - periodMs, end, world.clock.now());
    return values.length === 0 ? undefined : statistic(config.Statistic, values);
  });
  const isFilled =
    fill !== undefined && (world.quirks.emptyFill === 'filled' || real.some((each) => each !== undefined));
  const points = real.flatMap((value, nth): Datapoint[] => {
    const filled = value ?? (isFilled ? fill : undefined);
    return filled === undefined ? [] : [{ endMs: ends[nth] ?? endMs, value: filled }];
  });
  return points.slice(-config.EvaluationPeriods);
}

/**
 * How many periods are looked at. Five where three are needed (CloudWatch User Guide, "Configuring how CloudWatch alarms
 * treat missing data"; more or less by the period's length and the resolution, it says); with a period of 10 s a minute
 * more than is needed: nine for three (recorded). Of 20 and 30 s that is inferred.
 */
function rangeOf({ EvaluationPeriods, Period }: OneMetric): number {
  return EvaluationPeriods + (Period < 60 ? 60 / Period : 2);
}

/** @returns undefined for what is not played: metrics of AWS, and other expressions than `FILL(id, number)`. */
function seriesOf(config: AlarmConfig): Series | undefined {
  if (isOfOneMetric(config)) {
    const id = { namespace: config.Namespace, name: config.MetricName, dimensions: dimensionsOf(config) };
    return isPublished(id.namespace, id.name) ? undefined : { id, config };
  }
  const [first, second, ...others] = config.Metrics ?? [];
  const [expression, metric] = first?.Expression === undefined ? [second, first] : [first, second];
  const [, of, number] = /^FILL\((\w+), *(-?\d+(?:\.\d+)?)\)$/.exec(expression?.Expression ?? '') ?? [];
  const { Metric, Period, Stat } = metric?.MetricStat ?? {};
  if (others.length > 0 || of !== metric?.Id || !Metric?.Namespace || !Metric.MetricName || !Period) return undefined;
  const id = { namespace: Metric.Namespace, name: Metric.MetricName, dimensions: dimensionsOf(Metric) };
  const single = { Namespace: id.namespace, MetricName: id.name, Period, Statistic: Stat };
  const played = { ...config, ...single } as OneMetric;
  return id.namespace.startsWith('AWS/') ? undefined : { id, config: played, fill: Number(number) };
}
