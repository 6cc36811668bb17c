import * as z from 'zod/mini';
import { alarmInstances, type AlarmMetric, type AlarmView, isOurAlarm } from '../core/alarms.ts';
import type { IgnoredCode } from '../core/codes.ts';
import type { Parsed } from '../core/model.ts';
import { type EventKind, readDetail } from './envelope.ts';

const metricSchema = z.object({
  namespace: z.optional(z.string()),
  name: z.optional(z.string()),
  dimensions: z.optional(z.record(z.string(), z.string())),
});

/** What the events of an alarm and of one of its contributors have in common. */
export const alarmSchema = z.object({
  alarmName: z.string(),
  state: z.object({ value: z.string(), reasonData: z.optional(z.unknown()) }),
  configuration: z.optional(
    z.object({
      metrics: z.optional(
        z.array(
          z.object({
            metricStat: z.optional(z.object({ metric: metricSchema })),
            expression: z.optional(z.string()),
          }),
        ),
      ),
      alarmRule: z.optional(z.string()),
    }),
  ),
  muteDetail: z.optional(z.unknown()),
});

/**
 * CloudWatch says that an alarm changed its state (CloudWatch User Guide, "Alarm events and EventBridge").
 *
 * @example
 * {
 *   "source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change",
 *   "resources": ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:web-a-status"],
 *   "detail": {
 *     "alarmName": "web-a-status",
 *     "state": { "value": "ALARM", "timestamp": "2026-08-20T10:03:12.094+0000", "reason": "Threshold Crossed", "reasonData": "{}" },
 *     "previousState": { "value": "OK" },
 *     "configuration": { "metrics": [{ "id": "m1", "returnData": true, "metricStat": {
 *       "metric": { "namespace": "AWS/EC2", "name": "StatusCheckFailed", "dimensions": { "InstanceId": "i-0123456789abcdef0" } },
 *       "period": 60, "stat": "Maximum" } }] }
 *   }
 * }
 */
export const alarmEvent: EventKind = {
  source: 'aws.cloudwatch',
  detailType: 'CloudWatch Alarm State Change',
  parse(detail, alarmPrefix): Parsed {
    const read = readDetail(alarmSchema, detail, 'alarm');
    const alarm: AlarmView = { name: read.alarmName, metrics: metricsOf(read) };
    const rest = ignoredAlarm(alarm, read, alarmPrefix);
    if (rest) return rest;
    const instanceIds = alarmInstances(alarm);
    const [, ...others] = instanceIds;
    if (others.length > 0) return { kind: 'trigger', trigger: { kind: 'alarm', instanceIds, isHint: true } };
    if (instanceIds.length > 0) return { kind: 'trigger', trigger: { kind: 'alarm', instanceIds, alarm: alarm.name } };
    const watches = childrenOf(read.configuration?.alarmRule ?? '');
    if (watches.length > 0)
      return { kind: 'trigger', trigger: { kind: 'alarm', instanceIds: [], watches, isHint: true } };
    return ignored('alarm-names-nobody', alarm.name, nameless(alarm.metrics));
  },
};

/** Why an alarm's event is no reason to look at anything; undefined for one of ours that went to ALARM and is heard. */
export function ignoredAlarm(
  alarm: AlarmView,
  { state, muteDetail }: Pick<z.infer<typeof alarmSchema>, 'state' | 'muteDetail'>,
  alarmPrefix: string,
): Parsed | undefined {
  if (!isOurAlarm(alarm, alarmPrefix)) {
    const why = `watches no EC2 status check of an instance and its name does not start with '${alarmPrefix}'`;
    return ignored('alarm-not-ours', alarm.name, `${why}.`);
  }
  if (state.value !== 'ALARM') return ignored('alarm-not-raised', alarm.name, `went to ${state.value}.`);
  const muted = muteDetail !== undefined && muteDetail !== null;
  return muted ? ignored('alarm-muted', alarm.name, 'is muted by a mute rule.') : undefined;
}

/** @param what completes the sentence "The alarm …", and ends it. */
export function ignored(code: IgnoredCode, name: string, what: string): Parsed {
  return { kind: 'ignored', code, reason: `The alarm '${name}' ${what}` };
}

export function metricsOf({ configuration }: z.infer<typeof alarmSchema>): readonly AlarmMetric[] {
  return (configuration?.metrics ?? []).map(({ metricStat, expression }) => {
    if (!metricStat) return expression === undefined ? {} : { expression };
    const { namespace, name, dimensions } = metricStat.metric;
    const instanceId = dimensions?.['InstanceId'];
    return { ...(namespace && { namespace }), ...(name && { name }), ...(instanceId && { instanceId }) };
  });
}

/** A function of the rule and what is in its brackets: a name or an ARN, quoted or not (PutCompositeAlarm, `AlarmRule`). */
const CHILD = /\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|([^")]+?))\s*\)/gi;

/** The names of the alarms that a composite alarm's rule is made of, each once. */
function childrenOf(alarmRule: string): readonly string[] {
  const named = [...alarmRule.matchAll(CHILD)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  return [...new Set(named.map((name) => name.replace(/^arn:[^:]+:cloudwatch:.*?:alarm:/, '')))];
}

const BETTER = 'Use a metric alarm on each member instead, with the dimension InstanceId.';

function nameless(metrics: readonly AlarmMetric[]): string {
  if (metrics.some(({ expression }) => /^\s*SELECT\b/i.test(expression ?? '')))
    return 'is over a query, and its event names no instance. With GROUP BY InstanceId its contributors do, and their events count.';
  if (metrics.length === 0) return `names neither a metric nor another alarm in its event. ${BETTER}`;
  return `has no metric with the dimension InstanceId. ${BETTER}`;
}
