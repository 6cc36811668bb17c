import * as z from 'zod/mini';
import type { PersonRequest } from '../core/model.ts';
import { GROUP_NAME } from '../core/tags.ts';
import { FailoverError } from '../errors.ts';
import { describeIssues } from './envelope.ts';

/** Every action there is; what fields each takes is in {@link TAKEN_BY}. The command line makes a verb of each. */
export const ACTIONS = [
  'failover',
  'switchover',
  'failback',
  'drill',
  'plan',
  'status',
  'check',
  'pause',
  'resume',
  'acknowledge',
] as const satisfies readonly PersonRequest['action'][];

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
    force: z.optional(z.boolean(says('must be true or false'))),
    as: z.optional(z.literal('automation', says("must be 'automation'"))),
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
  if (fields['as'] !== undefined) faults.push(...ofPeople(fields));
  return faults;
}

/** Fields that only some actions take: silently ignoring one would be worse than refusing it. The command line makes an option of each. */
export const TAKEN_BY = {
  from: ['failover', 'switchover', 'failback', 'drill', 'plan'],
  to: ['failover', 'switchover', 'plan'],
  ignoreHealth: ['failover', 'plan'],
  force: ['switchover', 'failback'],
  minutes: ['pause'],
  reason: ['failover', 'switchover', 'failback', 'drill', 'plan', 'pause', 'resume', 'acknowledge'],
  as: ['plan'],
} as const satisfies Readonly<Record<string, readonly PersonRequest['action'][]>>;

/** What only a person says of a move; automation chooses for itself. */
function ofPeople(fields: Record<string, unknown>): readonly string[] {
  const own = ['from', 'to', 'ignoreHealth', 'reason'].filter((field) => fields[field] !== undefined);
  return own.map((field) => `request.${field}: is not a field of a plan as automation`);
}

const takers = (field: string): readonly string[] => TAKEN_BY[field as keyof typeof TAKEN_BY] ?? [];
const isTaken = (field: string, action: string): boolean => takers(field).includes(action);

function misplaced(action: string, fields: Record<string, unknown>): readonly string[] {
  if (!ACTIONS.some((known) => known === action)) return [];
  return Object.entries(TAKEN_BY)
    .filter(([field, actions]: [string, readonly string[]]) => fields[field] !== undefined && !actions.includes(action))
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
