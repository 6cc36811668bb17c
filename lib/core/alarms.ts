/** What a metric of an alarm measures; entries of metric math that are expressions have none of it. */
export interface AlarmMetric {
  readonly namespace?: string;
  readonly name?: string;
  readonly instanceId?: string;
  /** `Maximum`, `Sum`, `p99`, …; absent where it was not told. */
  readonly statistic?: string;
  /** How much time one value of it covers. */
  readonly periodSeconds?: number;
  /** The text of an expression. Metric math is about the other metrics; a Metrics Insights query names its own. */
  readonly expression?: string;
}

/** A CloudWatch metric alarm, from an event or from DescribeAlarms. */
export interface AlarmView {
  readonly name: string;
  readonly metrics: readonly AlarmMetric[];
  /** DescribeAlarms `ComparisonOperator` and `Threshold`; an event has neither. */
  readonly comparison?: string;
  readonly threshold?: number;
  /** A mute rule is active for it, or its actions are switched off: somebody asked for quiet, so it moves nothing. */
  readonly muted?: boolean | 'unknown';
}

/** Every alarm that is in ALARM now, or why they could not be read. */
export type AlarmReading =
  | { readonly readable: true; readonly inAlarm: readonly AlarmView[] }
  | { readonly readable: false; readonly cause: string; readonly mayPass?: boolean };

/** EC2's own failure metrics: StatusCheckFailed and its _System, _Instance, _AttachedEBS, _Application. */
const FAILURE_NAMESPACE = 'AWS/EC2';
const FAILURE_METRIC = 'StatusCheckFailed';
/** The same in a Metrics Insights query: what is selected stands before where from. */
const FAILURE_QUERY = /StatusCheckFailed[^]*AWS\/EC2/;

/** Whether it watches EC2's checks of the guest or its host; those of volumes and applications say nothing of them. */
export function watchesGuestOrHost({ metrics }: Pick<AlarmView, 'metrics'>): boolean {
  const checks = [FAILURE_METRIC, `${FAILURE_METRIC}_System`, `${FAILURE_METRIC}_Instance`];
  return metrics.some(({ namespace, name }) => namespace === FAILURE_NAMESPACE && checks.includes(name ?? ''));
}

/**
 * Whether an alarm concerns this product (and is not, say, about a busy CPU): it watches the status checks of an
 * instance, or its name puts it under our prefix. The rules in serverless/events.yml say the same; tests hold the two
 * together. Whether it means failure is the question of {@link failedInstance}.
 */
export function isOurAlarm(alarm: AlarmView, alarmPrefix: string): boolean {
  return alarm.name.startsWith(alarmPrefix) || alarm.metrics.some(isCheckOfInstance);
}

/** A check of a whole Auto Scaling group, or of every instance there is, tells nothing of any one. */
function isCheckOfInstance(metric: AlarmMetric): boolean {
  return isFailureMetric(metric) && metric.instanceId !== undefined;
}

function isFailureMetric({ namespace, name, expression }: AlarmMetric): boolean {
  if (expression !== undefined) return FAILURE_QUERY.test(expression);
  return namespace === FAILURE_NAMESPACE && (name?.startsWith(FAILURE_METRIC) ?? false);
}

/** The instances an alarm watches, each once, in the alarm's order. */
export function alarmInstances(alarm: AlarmView): readonly string[] {
  return [...new Set(alarm.metrics.flatMap((metric) => metric.instanceId ?? []))];
}

/**
 * The one instance that this alarm, when it is in ALARM, calls failed. An alarm over several (metric math, a
 * composite) is a hint to look and speaks for none of them, whatever its name; and one on the status checks that goes
 * off when they are well again is none of failure.
 */
export function failedInstance(alarm: AlarmView): string | undefined {
  const [only, ...others] = alarmInstances(alarm);
  return others.length === 0 && !meansWell(alarm) ? only : undefined;
}

/** Anomaly detection compares with a band, not with a threshold; only above it are there more failures than usual. */
const BANDS = ['GreaterThanUpperThreshold', 'LessThanLowerThreshold', 'LessThanLowerOrGreaterThanUpperThreshold'];

/**
 * Whether an alarm of ours is over a query whose time series are told apart by CloudWatch alone: none of its metrics
 * names an instance, and each of its contributors may.
 */
export function isOverQuery({ name, metrics }: AlarmView, alarmPrefix: string): boolean {
  const query = metrics.some(({ expression }) => /^\s*SELECT\b/i.test(expression ?? ''));
  return query && (name.startsWith(alarmPrefix) || metrics.some(isFailureMetric));
}

/** The alarm as it speaks of each of its contributors that are in ALARM. */
export function alarmOfEach(alarm: AlarmView, instanceIds: readonly string[]): readonly AlarmView[] {
  return instanceIds.map((instanceId) => {
    return { ...alarm, metrics: alarm.metrics.map((metric) => ({ ...metric, instanceId })) };
  });
}

/** What an expression can come to: it may add up as many checks as there are. */
const NO_BOUND = Number.POSITIVE_INFINITY;

/**
 * An alarm on EC2's status checks whose comparison holds for checks that pass, or does not hold for checks that fail.
 * Any other metric (a heartbeat, which fails when it is low) means what whoever made the alarm meant by it.
 */
function meansWell({ metrics, comparison, threshold }: AlarmView): boolean {
  if (comparison === undefined || !metrics.some(isFailureMetric)) return false;
  if (BANDS.includes(comparison)) return comparison !== 'GreaterThanUpperThreshold';
  if (threshold === undefined) return false;
  return holds(comparison, 0, threshold) || !holds(comparison, highestOf(metrics), threshold);
}

/** What is measured of checks that fail all the time: 1, or as many as a sum has minutes (they are published each minute). */
function highestOf(metrics: readonly AlarmMetric[]): number {
  const [metric, ...others] = metrics;
  if (metric === undefined || others.length > 0 || metric.expression !== undefined) return NO_BOUND;
  // It counts datapoints, those of passing checks as well.
  if (metric.statistic === 'SampleCount') return 0;
  return metric.statistic === 'Sum' ? Math.max(1, (metric.periodSeconds ?? 60) / 60) : 1;
}

/** `ComparisonOperator` (PutMetricAlarm, CloudWatch API Reference); one that nobody has heard of is read as `GreaterThanThreshold`. */
function holds(comparison: string, value: number, threshold: number): boolean {
  switch (comparison) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
    case 'LessThanThreshold':
      return value < threshold;
    default:
      return value > threshold;
  }
}
