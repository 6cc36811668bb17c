import * as z from 'zod/mini';
import type { AlarmView } from '../core/alarms.ts';
import type { Parsed } from '../core/model.ts';
import { alarmSchema, ignored, ignoredAlarm, metricsOf } from './alarm.ts';
import { type EventKind, readDetail } from './envelope.ts';

const contributorSchema = z.extend(alarmSchema, {
  alarmContributor: z.object({ attributes: z.optional(z.record(z.string(), z.string())) }),
});

/**
 * CloudWatch says that one of the time series of a Metrics Insights alarm changed its state: with `GROUP BY
 * InstanceId`, one instance (CloudWatch User Guide, "Alarm events and EventBridge").
 *
 * @example
 * {
 *   "source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm Contributor State Change",
 *   "resources": ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:eni-failover/fleet"],
 *   "detail": {
 *     "alarmName": "eni-failover/fleet",
 *     "alarmContributor": { "id": "6d442278dba546f6", "attributes": { "InstanceId": "i-0123456789abcdef0" } },
 *     "state": { "value": "ALARM", "timestamp": "2026-08-20T10:03:12.094+0000", "reason": "Threshold Crossed" },
 *     "configuration": { "metrics": [{ "id": "q1", "returnData": true, "period": 60,
 *       "expression": "SELECT MAX(StatusCheckFailed) FROM SCHEMA(\"AWS/EC2\", InstanceId) GROUP BY InstanceId" }] }
 *   }
 * }
 */
export const alarmContributorEvent: EventKind = {
  source: 'aws.cloudwatch',
  detailType: 'CloudWatch Alarm Contributor State Change',
  parse(detail, alarmPrefix): Parsed {
    const read = readDetail(contributorSchema, detail, 'alarm contributor');
    const instanceId = read.alarmContributor.attributes?.['InstanceId'];
    const named = instanceId === undefined ? {} : { instanceId };
    const alarm: AlarmView = {
      name: read.alarmName,
      metrics: metricsOf(read).map((metric) => ({ ...metric, ...named })),
    };
    const rest = ignoredAlarm(alarm, read, alarmPrefix);
    if (rest) return rest;
    if (instanceId === undefined) {
      const why = 'has a contributor that names no instance. Its query needs GROUP BY InstanceId.';
      return ignored('alarm-names-nobody', alarm.name, why);
    }
    return { kind: 'trigger', trigger: { kind: 'alarm', instanceIds: [instanceId], alarm: alarm.name } };
  },
};
