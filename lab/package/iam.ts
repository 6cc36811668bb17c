import type { IamRequest, IamResource, Policy } from '../world/hooks.ts';
import { fail } from './resolve.ts';
import type { PackagedRole, Statement } from './template.ts';

type Test = (call: IamRequest, resource: IamResource) => boolean;

/**
 * Evaluates a packaged role for the lab: every resource of a call needs a statement that allows it, and none that
 * denies it.
 * @throws TemplateError for a condition the lab does not know: one that was ignored would grant too much.
 */
export function policyOf(role: PackagedRole): Policy {
  const statements = role.policies.flatMap(({ Statement }) => Statement.map(compile));
  const applies = (effect: Statement['Effect'], call: IamRequest, resource: IamResource): boolean =>
    statements.some((statement) => statement.effect === effect && statement.test(call, resource));
  return (call) =>
    call.resources.every((resource) => applies('Allow', call, resource) && !applies('Deny', call, resource));
}

function compile(statement: Statement): { effect: Statement['Effect']; test: Test } {
  const { Effect, Action, Resource, Condition = {}, ...rest } = statement;
  const unknown = Object.keys(rest).filter((key) => key !== 'Sid');
  if (unknown.length > 0) fail(`statement ${statement.Sid}: unknown ${unknown.join(', ')}`);
  const actions = listOf(Action).map((pattern) => glob(pattern, 'i'));
  const resources = listOf(Resource).map((pattern) => glob(pattern));
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => compileCondition(operator, key, listOf(values))),
  );
  const test: Test = (call, resource) =>
    actions.some((action) => action.test(`${call.service}:${call.action}`)) &&
    resources.some((pattern) => pattern.test(resource.arn)) &&
    conditions.every((condition) => condition(call, resource));
  return { effect: Effect, test };
}

function compileCondition(operator: string, key: string, expected: readonly string[]): Test {
  const read = readerOf(key);
  if (operator === 'Null') return (call, resource) => expected.includes(String(read(call, resource).length === 0));
  const [, quantifier, kind] = /^(ForAllValues:)?(StringEquals|StringLike|ArnEquals)$/.exec(operator) ?? [];
  if (kind === undefined) return fail(`unknown condition operator ${operator}`);
  if (isTagKeys(key) && quantifier === undefined) return fail(`${operator} of ${key} needs ForAllValues`);
  const patterns = expected.map((value) => (kind === 'StringEquals' ? exactly(value) : glob(value)));
  const matches = (value: string): boolean => patterns.some((pattern) => pattern.test(value));
  // ForAllValues holds for no value at all; without it a missing key never matches.
  if (quantifier !== undefined) return (call, resource) => read(call, resource).every(matches);
  return (call, resource) => read(call, resource).some(matches);
}

/** The attributes of an interface that AWS documents the key `ec2:Attribute` for ("Condition keys for Amazon EC2"). */
const SINGLE_VALUED = ['AssociatePublicIpAddress', 'Description', 'SourceDestCheck'];

function readerOf(key: string): (call: IamRequest, resource: IamResource) => readonly string[] {
  // The names of condition keys ignore case, and the tag key is part of the name; only what a tag says does not.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
  const [, kind, tag = ''] = /^aws:(resourcetag|requesttag)\/(.+)$/.exec(key.toLowerCase()) ?? [];
  const named = (tags: readonly Tag[]): string[] =>
    tags.flatMap(({ Key, Value = '' }) => (Key.toLowerCase() === tag ? [Value] : []));
  if (kind === 'resourcetag') {
    return (_, { tags }) => named(Object.entries(tags).map(([Key, Value]) => ({ Key, Value })));
  }
  if (kind === 'requesttag') return ({ input }) => named(tagsOf(input));
  if (key.toLowerCase() === 'ec2:attribute') {
    return ({ input }) => SINGLE_VALUED.filter((name) => input[name] !== undefined);
  }
  // Lambda sends it with what the code of a function calls, and with nothing that it calls by itself (Lambda Developer
  // Guide, "Working with lambda:SourceFunctionArn").
  if (key.toLowerCase() === 'lambda:sourcefunctionarn')
    return ({ sourceFunctionArn }) => listOf(sourceFunctionArn ?? []);
  if (key.toLowerCase() === 'cloudwatch:namespace') return ({ input }) => listOf((input['Namespace'] ?? []) as string);
  // Each entry has a source, and a condition without a quantifier holds for all of them or for none (EventBridge User
  // Guide, "Using conditions in IAM policies"); a call here has one source only.
  if (key.toLowerCase() === 'events:source')
    return ({ input }) => sourcesOf((input['Entries'] ?? []) as readonly { Source?: string }[]);
  if (isTagKeys(key)) return ({ input }) => tagsOf(input).map(({ Key }) => Key);
  return fail(`unknown condition key ${key}`);
}

function sourcesOf(entries: readonly { readonly Source?: string }[]): readonly string[] {
  const sources = [...new Set(entries.map(({ Source = '' }) => Source))];
  return sources.length === 1 ? sources : [];
}

interface Tag {
  readonly Key: string;
  readonly Value?: string;
}

function tagsOf(input: IamRequest['input']): readonly Tag[] {
  return (input['Tags'] ?? []) as readonly Tag[];
}

const isTagKeys = (key: string): boolean => key.toLowerCase() === 'aws:tagkeys';
const listOf = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);
const exactly = (text: string): RegExp => new RegExp(`^${text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`);

function glob(pattern: string, flags = ''): RegExp {
  const literal = pattern.replaceAll(/[\\^$.+()[\]{}|]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, flags);
}
