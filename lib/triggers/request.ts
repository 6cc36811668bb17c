import * as z from 'zod/mini';
import type { PersonRequest } from '../core/model.ts';
import { GROUP_NAME } from '../core/tags.ts';
import { FailoverError } from '../errors.ts';
import { describeIssues } from './envelope.ts';

const ACTIONS = ['failover', 'plan', 'status', 'check', 'pause', 'resume', 'acknowledge'] as const;
/** A week: whoever needs longer wants the tag `mode=manual`. */
const MAX_PAUSE_MINUTES = 7 * 24 * 60;

const says = (error: string) => ({ error });
const MINUTES = `must be a whole number from 1 to ${MAX_PAUSE_MINUTES}`;
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
    minutes: z.optional(
      z.int(says(MINUTES)).check(z.minimum(1, says(MINUTES)), z.maximum(MAX_PAUSE_MINUTES, says(MINUTES))),
    ),
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

/** Only questions may leave the group out: they then tell of all. */
function missing(input: unknown): readonly string[] {
  const fields = (input ?? {}) as Record<string, unknown>;
  const { action, group, from, to, ignoreHealth } = fields;
  const faults: string[] = [];
  faults.push(...misplaced(String(action), fields));
  if (action !== 'status' && action !== 'check' && group === undefined) faults.push('request.group: is required');
  if (from !== undefined && from === to) faults.push("request.to: must differ from 'from'");
  // Only the health of a member that a person names is theirs to vouch for.
  if (ignoreHealth === true && to === undefined && isTaken('ignoreHealth', String(action)))
    faults.push("request.ignoreHealth: needs 'to', the member whose health you vouch for");
  return faults;
}

/** Fields that only some actions take: silently ignoring one would be worse than refusing it. */
const TAKEN_BY: Readonly<Record<string, readonly string[]>> = {
  from: ['failover', 'plan'],
  to: ['failover', 'plan'],
  ignoreHealth: ['failover', 'plan'],
  minutes: ['pause'],
  reason: ['failover', 'plan', 'pause', 'resume', 'acknowledge'],
};

const isTaken = (field: string, action: string): boolean => TAKEN_BY[field]?.includes(action) ?? false;

function misplaced(action: string, fields: Record<string, unknown>): readonly string[] {
  if (!ACTIONS.some((known) => known === action)) return [];
  return Object.entries(TAKEN_BY)
    .filter(([field, actions]) => fields[field] !== undefined && !actions.includes(action))
    .map(([field]) => `request.${field}: is not a field of '${action}'`);
}

function issuesOf(error: z.core.$ZodError): readonly string[] {
  const unknown = error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  const other = error.issues.filter((issue) => issue.code !== 'unrecognized_keys');
  return [...describeIssues(other, 'request'), ...unknown.map((key) => `request.${key}: is not a known field`)];
}

/** Absent, not `undefined`: the two differ under exactOptionalPropertyTypes. */
type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

function defined<T extends object>(given: T): Defined<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<T>;
}
