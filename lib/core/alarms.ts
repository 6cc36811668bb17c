/** What a metric of an alarm measures; entries of metric math that are expressions have none of it. */
export interface AlarmMetric {
  readonly namespace?: string;
  readonly name?: string;
  readonly instanceId?: string;
}

/** A CloudWatch metric alarm, from an event or from DescribeAlarms. */
export interface AlarmView {
  readonly name: string;
  readonly metrics: readonly AlarmMetric[];
  /** A mute rule is active for it: somebody asked for quiet, so it moves nothing. */
  readonly muted?: boolean;
}

/** Every alarm that is in ALARM now, or why they could not be read. */
export type AlarmReading =
  | { readonly readable: true; readonly inAlarm: readonly AlarmView[] }
  | { readonly readable: false; readonly cause: string };

/** EC2's own failure metrics: StatusCheckFailed and its _System, _Instance, _AttachedEBS, _Application. */
const FAILURE_NAMESPACE = 'AWS/EC2';
const FAILURE_METRIC = 'StatusCheckFailed';

/** Whether it watches EC2's checks of the guest or its host; those of volumes and applications say nothing of them. */
export function watchesGuestOrHost({ metrics }: Pick<AlarmView, 'metrics'>): boolean {
  const checks = [FAILURE_METRIC, `${FAILURE_METRIC}_System`, `${FAILURE_METRIC}_Instance`];
  return metrics.some(({ namespace, name }) => namespace === FAILURE_NAMESPACE && checks.includes(name ?? ''));
}

/**
 * Whether an alarm means failure (and not, say, a busy CPU): it watches EC2's status checks, or its name puts it
 * under our prefix. The rule in serverless.yml says the same; tests hold the two together.
 */
export function isOurAlarm(alarm: AlarmView, alarmPrefix: string): boolean {
  return alarm.name.startsWith(alarmPrefix) || alarm.metrics.some(isFailureMetric);
}

function isFailureMetric(metric: AlarmMetric): boolean {
  return metric.namespace === FAILURE_NAMESPACE && (metric.name?.startsWith(FAILURE_METRIC) ?? false);
}

/** The instances an alarm watches, each once, in the alarm's order. */
export function alarmInstances(alarm: AlarmView): readonly string[] {
  return [...new Set(alarm.metrics.flatMap((metric) => metric.instanceId ?? []))];
}
