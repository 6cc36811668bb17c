import * as z from 'zod/mini';
import type { Parsed } from '../core/model.ts';
import { type EventKind, readDetail } from './envelope.ts';

const spotSchema = z.object({ 'instance-id': z.string(), 'instance-action': z.string() });

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
export const spotInterruptionEvent: EventKind = {
  source: 'aws.ec2',
  detailType: 'EC2 Spot Instance Interruption Warning',
  parse(detail): Parsed {
    const { 'instance-id': instanceId } = readDetail(spotSchema, detail, 'Spot interruption');
    return { kind: 'trigger', trigger: { kind: 'spot-interruption', instanceIds: [instanceId] } };
  },
};
