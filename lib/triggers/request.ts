import * as z from 'zod/mini';
import type { PersonRequest } from '../core/model.ts';
import { GROUP_NAME } from '../core/tags.ts';
import { FailoverError } from '../errors.ts';
import { describeIssues } from './envelope.ts';

const ACTIONS = ['failover', 'plan', 'status'] as const;

const says = (error: string) => ({ error });
const instanceId = z
  .string(says('must be an instance id'))
  .check(z.regex(/^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, says('must be an instance id like i-0123456789abcdef0')));

const requestSchema = z.strictObject(
  {
    action: z.enum(ACTIONS, says(`must be one of ${ACTIONS.join(', ')}`)),
    group: z.optional(
      z
        .string(says('must be text'))
        .check(z.regex(GROUP_NAME, says('must be 1 to 64 letters, digits, dots, underscores or hyphens'))),
    ),
    from: z.optional(instanceId),
    to: z.optional(instanceId),
    reason: z.optional(z.string(says('must be text')).check(z.maxLength(200, says('must be at most 200 characters')))),
    ignoreHealth: z.optional(z.boolean(says('must be true or false'))),
  },
  { error: (issue) => (issue.code === 'unrecognized_keys' ? undefined : 'must be a JSON object') },
);

/**
 * What a person asks for, from the Lambda console, the AWS CLI or this product's own.
 *
 * @example
 * { "action": "failover", "group": "web", "to": "i-0123456789abcdef0", "reason": "kernel update" }
 * @throws FailoverError `InvalidRequest` with every fault listed.
 */
export function parseRequest(input: unknown): PersonRequest {
  const read = z.safeParse(requestSchema, input);
  const faults = read.success ? missing(read.data) : [...issuesOf(read.error), ...missing(input)];
  if (!read.success || faults.length > 0) {
    throw new FailoverError('InvalidRequest', 'The request was refused, and nothing was called:', faults);
  }
  const { ignoreHealth = false, ...rest } = read.data;
  return { kind: 'request', ...defined(rest), ignoreHealth };
}

/** Only `status` may leave the group out: it then tells of all. */
function missing(input: unknown): readonly string[] {
  const { action, group, from, to } = (input ?? {}) as Record<string, unknown>;
  const faults: string[] = [];
  if (action !== 'status' && group === undefined) faults.push('request.group: is required');
  if (from !== undefined && from === to) faults.push("request.to: must differ from 'from'");
  return faults;
}

function issuesOf(error: z.core.$ZodError): readonly string[] {
  const unknown = error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  const other = { ...error, issues: error.issues.filter((issue) => issue.code !== 'unrecognized_keys') };
  return [...describeIssues(other, 'request'), ...unknown.map((key) => `request.${key}: is not a known field`)];
}

type Read = Omit<z.infer<typeof requestSchema>, 'ignoreHealth'>;

/** Absent, not `undefined`: the two differ under exactOptionalPropertyTypes. */
function defined({ action, group, from, to, reason }: Read): Omit<PersonRequest, 'kind' | 'ignoreHealth'> {
  return {
    action,
    ...(group !== undefined && { group }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(reason !== undefined && { reason }),
  };
}
