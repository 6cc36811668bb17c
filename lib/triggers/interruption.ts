import * as z from 'zod/mini';
import type { Parsed } from '../core/model.ts';
import { type EventKind, readDetail } from './envelope.ts';

const noticeSchema = z.object({ 'instance-id': z.string(), 'instance-action': z.optional(z.string()) });

const notice = (detailType: string, what: string): EventKind => ({
  source: 'aws.ec2',
  detailType,
  parse(detail): Parsed {
    const { 'instance-id': instanceId } = readDetail(noticeSchema, detail, what);
    return { kind: 'trigger', trigger: { kind: 'interruption', instanceIds: [instanceId] } };
  },
});

/**
 * EC2 gives notice, two minutes ahead, that it takes a Spot instance back (EC2 User Guide, "Spot Instance
 * interruption notices"). The holder is still healthy then: moving while it lasts saves the outage.
 *
 * @example
 * {
 *   "source": "aws.ec2", "detail-type": "EC2 Spot Instance Interruption Warning",
 *   "resources": ["arn:aws:ec2:us-east-1a:instance/i-0123456789abcdef0"],
 *   "detail": { "instance-id": "i-0123456789abcdef0", "instance-action": "terminate" }
 * }
 */
export const spotInterruptionEvent = notice('EC2 Spot Instance Interruption Warning', 'Spot interruption');

/**
 * The same of an instance in an interruptible capacity reservation whose owner takes it back (EC2 User Guide,
 * "Interruptible Capacity Reservations"): two minutes as well, and the same fields.
 */
export const capacityInterruptionEvent = notice(
  'EC2 Capacity Reservation Instance Interruption Warning',
  'capacity reservation interruption',
);
