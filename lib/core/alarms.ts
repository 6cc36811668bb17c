import type { AlarmReading, AlarmView } from './model.ts';

/** EC2's own failure metrics: StatusCheckFailed and its _System, _Instance, _AttachedEBS, _Application. */
const FAILURE_NAMESPACE = 'AWS/EC2';
const FAILURE_METRIC = 'StatusCheckFailed';

/**
 * Whether an alarm means failure (and not, say, a busy CPU): it watches EC2's status checks, or its name puts it
 * under our prefix. The rule in serverless.yml says the same; tests hold the two together.
 */
export function isOurAlarm(alarm: AlarmView, alarmPrefix: string): boolean {
  return alarm.name.startsWith(alarmPrefix) || alarm.metrics.some(isFailureMetric);
}

function isFailureMetric(metric: AlarmView['metrics'][number]): boolean {
  return metric.namespace === FAILURE_NAMESPACE && (metric.name?.startsWith(FAILURE_METRIC) ?? false);
}

/** The instances an alarm watches, each once, in the alarm's order. */
export function alarmInstances(alarm: AlarmView): readonly string[] {
  return [...new Set(alarm.metrics.flatMap((metric) => metric.instanceId ?? []))];
}

/** What our alarms say of one instance. */
export type AlarmSignal =
  | { readonly kind: 'alarm'; readonly alarmName: string }
  | { readonly kind: 'clear' }
  | { readonly kind: 'unreadable'; readonly cause: string };

/**
 * Our alarms' word on an instance at action time.
 * @param heedMuted whether a muted alarm counts: it moves nobody away, but it recommends nobody either.
 */
export function alarmSignal(
  instanceId: string,
  alarms: AlarmReading,
  alarmPrefix: string,
  heedMuted = true,
): AlarmSignal {
  if (!alarms.readable) return { kind: 'unreadable', cause: alarms.cause };
  const raised = alarms.inAlarm.find(
    (alarm) =>
      isOurAlarm(alarm, alarmPrefix) && alarmInstances(alarm).includes(instanceId) && (heedMuted || !alarm.muted),
  );
  return raised ? { kind: 'alarm', alarmName: raised.name } : { kind: 'clear' };
}
