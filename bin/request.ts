import { FailoverError } from '../lib/errors.ts';
import { parseRequest } from '../lib/triggers/request.ts';
import { optionOf } from './fields.ts';
import { type Asked, UsageError } from './program.ts';

/** A request as it is sent. */
export interface Request {
  readonly action: string;
  readonly group?: string;
  readonly [field: string]: unknown;
}

/** Fields that name a member. */
const MEMBERS = ['to', 'from'] as const;
const ID = /^i-[0-9a-f]+$/;

/** Whoever is a member, as its status tells. */
export interface Member {
  readonly id: string;
  readonly name: string | null;
}

/**
 * Whether the request can be right at all, before anything is called: a Name stands for an id that is not known yet.
 * @throws UsageError with every fault.
 */
export function checkRequest({ verb, group, fields }: Asked): void {
  const ids = new Map<unknown, string>();
  const standIn = (value: unknown): unknown => {
    if (typeof value !== 'string' || ID.test(value) || value === '') return value;
    const id = ids.get(value) ?? `i-0000000${ids.size}`;
    ids.set(value, id);
    return id;
  };
  const known = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, isMember(name) ? standIn(value) : value]),
  );
  parse({ action: verb.action, ...(group !== undefined && { group }), ...known });
}

/**
 * The request to send, with ids in the place of Names.
 * @throws UsageError where somebody is named who is no member.
 */
export function requestFor({ verb, group, fields }: Asked, members: readonly Member[]): Request {
  const named = Object.entries(fields).map(([name, value]) => {
    return [name, isMember(name) ? idOf(String(value), members, group ?? '', name) : value] as const;
  });
  const request = { action: verb.action, ...(group !== undefined && { group }), ...Object.fromEntries(named) };
  parse(request);
  return request;
}

const isMember = (name: string): boolean => MEMBERS.some((each) => each === name);

function idOf(given: string, members: readonly Member[], group: string, field: string): string {
  const found = members.filter(({ id, name }) => id === given || name === given);
  const [one, ...others] = found;
  if (one && others.length === 0) return one.id;
  // What the group has left is no member any more, and may well be named.
  if (!one && field === 'from' && ID.test(given)) return given;
  const all = (one ? found : members).map(({ id, name }) => (name === null ? id : `${name} (${id})`)).join(', ');
  if (one)
    throw new UsageError(
      `Several members of '${group}' are named '${given}': say ${optionOf(field)} with an id: ${all}.`,
    );
  throw new UsageError(`'${given}' is no member of '${group}'. Its members are ${all || 'none'}.`);
}

/** In the words of the command line: a field is an option. */
function parse(request: Request): void {
  try {
    parseRequest(request);
  } catch (error) {
    if (!(error instanceof FailoverError)) throw error;
    throw new UsageError(error.faults.map(inOptions).join(' '));
  }
}

function inOptions(fault: string): string {
  const [, field = '', text = fault] = /^request\.(\w+): (.*)$/.exec(fault) ?? [];
  if (field === '') return `${text}.`;
  const what = field === 'group' ? 'The name of the group' : optionOf(field);
  return `${what} ${text.replace(/'(to|from)'/g, (_, other: string) => optionOf(other))}.`;
}
