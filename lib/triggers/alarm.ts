import * as z from 'zod/mini';
import { alarmInstances, type AlarmView, isOurAlarm } from '../core/alarms.ts';
import type { Parsed } from '../core/model.ts';
import { FailoverError } from '../errors.ts';
import { type EventKind, readDetail } from './envelope.ts';

const metricSchema = z.object({
  namespace: z.optional(z.string()),
  name: z.optional(z.string()),
  dimensions: z.optional(z.record(z.string(), z.string())),
});

const alarmSchema = z.object({
  alarmName: z.string(),
  state: z.object({ value: z.string() }),
  configuration: z.optional(
    z.object({
      metrics: z.optional(z.array(z.object({ metricStat: z.optional(z.object({ metric: metricSchema })) }))),
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
    const ignored = (code: 'alarm-not-ours' | 'alarm-not-raised' | 'alarm-muted', why: string): Parsed => {
      return { kind: 'ignored', code, reason: `The alarm '${alarm.name}' ${why}.` };
    };
    if (!isOurAlarm(alarm, alarmPrefix)) {
      return ignored('alarm-not-ours', `watches no EC2 status check and its name does not start with '${alarmPrefix}'`);
    }
    if (read.state.value !== 'ALARM') return ignored('alarm-not-raised', `went to ${read.state.value}`);
    if (read.muteDetail !== undefined && read.muteDetail !== null)
      return ignored('alarm-muted', 'is muted by a mute rule');
    const instanceIds = alarmInstances(alarm);
    if (instanceIds.length > 0) return { kind: 'trigger', trigger: { kind: 'alarm', instanceIds } };
    throw new FailoverError('UnsupportedEvent', namelessAlarm(alarm.name, alarm.metrics.length === 0));
  },
};

function metricsOf({ configuration }: z.infer<typeof alarmSchema>): AlarmView['metrics'] {
  return (configuration?.metrics ?? []).flatMap(({ metricStat }) => {
    if (!metricStat) return [];
    const { namespace, name, dimensions } = metricStat.metric;
    const instanceId = dimensions?.['InstanceId'];
    return [{ ...(namespace && { namespace }), ...(name && { name }), ...(instanceId && { instanceId }) }];
  });
}

function namelessAlarm(name: string, composite: boolean): string {
  const what = composite
    ? 'is a composite alarm, whose event names no instance'
    : 'has no metric with the dimension InstanceId';
  return `The alarm '${name}' ${what}; use a metric alarm on each member instead.`;
}
