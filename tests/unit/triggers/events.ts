import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FailoverError } from '../../../lib/errors.ts';
import { parseInvocation } from '../../../lib/triggers/parse.ts';

export const I = 'i-0123456789abcdef0';
export const J = 'i-0fedcba9876543210';

export const parse = (input: unknown) => parseInvocation(input, 'eni-failover/');

/** The error that parsing ends in. */
export function faultOf(input: unknown): FailoverError {
  try {
    parse(input);
  } catch (error) {
    if (error instanceof FailoverError) return error;
    throw error;
  }
  throw new Error(`was parsed: ${JSON.stringify(input)}`);
}

/** The sample in the docstring of a file of lib/triggers. */
export function sampleOf(file: string): Record<string, unknown> {
  const source = readFileSync(join(__dirname, '../../../lib/triggers', file), 'utf8');
  const comment = /@example\n([\s\S]*?)(?:\n \* @|\n \*\/)/.exec(source)?.[1] ?? '';
  return JSON.parse(comment.replaceAll(/^ \* ?/gm, '')) as Record<string, unknown>;
}

export interface AlarmChange {
  readonly name?: string;
  readonly state?: string;
  readonly metrics?: readonly unknown[] | undefined;
  readonly more?: Record<string, unknown>;
}

export const metric = (
  name: string,
  dimensions: Record<string, string> = { InstanceId: I },
  namespace = 'AWS/EC2',
) => ({
  id: 'm1',
  returnData: true,
  metricStat: { metric: { namespace, name, dimensions }, period: 60, stat: 'Maximum' },
});

/** An alarm event in CloudWatch's form. */
export function alarmEvent({
  name = 'web-a-status',
  state = 'ALARM',
  metrics = [metric('StatusCheckFailed')],
  more = {},
}: AlarmChange = {}) {
  return {
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    resources: [`arn:aws:cloudwatch:us-east-1:123456789012:alarm:${name}`],
    detail: {
      alarmName: name,
      state: { value: state, timestamp: '2026-08-20T10:03:12.094+0000', reason: 'Threshold Crossed', reasonData: '{}' },
      previousState: { value: 'OK' },
      configuration: { metrics },
      ...more,
    },
  };
}
