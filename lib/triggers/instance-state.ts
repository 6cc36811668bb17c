import * as z from 'zod/mini';
import type { Parsed } from '../core/model.ts';
import { type EventKind, readDetail } from './envelope.ts';

const stateSchema = z.object({
  'instance-id': z.string(),
  state: z.enum(['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated']),
});

/** A holder that stops or ends. */
const LEAVING: readonly string[] = ['stopping', 'stopped', 'shutting-down', 'terminated'];

/**
 * EC2 says that an instance changed its state (EC2 User Guide, "State change events for your instances"). Stopped
 * instances publish no status-check metric, so this event, not an alarm, is what tells of a stop. One that runs again
 * moves nothing away from anybody, but it may be who an interface that nobody holds has waited for.
 *
 * @example
 * {
 *   "source": "aws.ec2", "detail-type": "EC2 Instance State-change Notification",
 *   "resources": ["arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0"],
 *   "detail": { "instance-id": "i-0123456789abcdef0", "state": "stopping" }
 * }
 */
export const instanceStateEvent: EventKind = {
  source: 'aws.ec2',
  detailType: 'EC2 Instance State-change Notification',
  parse(detail): Parsed {
    const { 'instance-id': instanceId, state } = readDetail(stateSchema, detail, 'instance state');
    const instanceIds = [instanceId];
    if (LEAVING.includes(state)) return { kind: 'trigger', trigger: { kind: 'instance-state', instanceIds } };
    if (state === 'running')
      return { kind: 'trigger', trigger: { kind: 'instance-running', instanceIds, isHint: true } };
    return { kind: 'ignored', code: 'state-not-relevant', reason: `${instanceId} is ${state}, which moves nothing.` };
  },
};
