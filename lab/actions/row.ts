import { hash } from '../random.ts';
import type { Bucket } from '../world/buckets.ts';
import type { IamResource, Service } from '../world/hooks.ts';
import type { Course } from '../world/injections.ts';
import type { Instance, NetworkInterface } from '../world/model.ts';
import type { WorldState } from '../world/state.ts';
import { AwsError, refuseIf } from './errors.ts';

/** One AWS action. */
export interface Row<Input extends object = any, Output extends object = any> {
  readonly service: Service;
  /** Every input member the handler understands, nested ones with dots; any other is refused. */
  readonly members: string;
  /** The members no call can do without; a call that lacks one is refused before anybody asks for permission. */
  readonly needs?: string;
  readonly resources: (world: WorldState, input: Input) => readonly IamResource[];
  /** Further actions that IAM has to allow on the same resources, for what is asked for. */
  readonly implies?: (input: Input) => readonly string[];
  readonly bucket: (input: Input) => Bucket;
  /**
   * @param atMs the moment a read has to describe; changes always act on the present
   * @param course what becomes of the transition that it begins
   */
  readonly handle: (world: WorldState, input: Input, atMs: number, course: Course) => Output;
}

/** Declares a row with the SDK's own types for input and output. */
export function row<Input extends object, Output extends object>(declared: Row<Input, Output>): Row {
  return declared;
}

/** A bucket of fixed size. */
export function bucket(maximum: number, perSecond: number): () => Bucket {
  return () => ({ maximum, perSecond });
}

/** EC2 gives Describe calls with a filter or pagination the larger bucket. */
export function describeBucket(input: Paging & { readonly Filters?: readonly unknown[] | undefined }): Bucket {
  const narrowed = input.Filters !== undefined || input.MaxResults !== undefined || input.NextToken !== undefined;
  return narrowed ? { maximum: 100, perSecond: 20 } : { maximum: 50, perSecond: 10 };
}

/** The calls that IAM cannot narrow to resources. */
export function anyResource(): readonly IamResource[] {
  return [{ type: '*', arn: '*', tags: {} }];
}

/** The resource as IAM sees it; one that does not exist has neither a name nor tags to match. */
export function resource(world: WorldState, id: string | undefined): IamResource {
  const type = id?.startsWith('eni-') ? 'network-interface' : 'instance';
  const found = id === undefined ? undefined : (world.instances.get(id) ?? world.interfaces.get(id));
  return { type, arn: world.arn('ec2', `${type}/${found?.id ?? '*'}`), tags: found?.tags ?? {} };
}

/** Ends a dry run. It asks for permission, and for nothing else: not for ids that exist, nor for a fitting state. */
export function endDryRun(input: { DryRun?: boolean | undefined }): void {
  refuseIf(input.DryRun === true, 'DryRunOperation', 'Request would have succeeded, but DryRun flag is set.');
}

/** A parameter that the call cannot do without. */
export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new AwsError('MissingParameter', `The request must contain the parameter ${name}`);
  return value;
}

export function findInstance(world: WorldState, id: string, atMs?: number): Instance {
  refuseIf(!/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id), 'InvalidInstanceID.Malformed', `Invalid id: "${id}"`);
  const found = world.instances.get(id, atMs);
  if (found !== undefined) return found;
  throw new AwsError('InvalidInstanceID.NotFound', `The instance ID '${id}' does not exist`);
}

export function findInterface(world: WorldState, id: string, atMs?: number): NetworkInterface {
  refuseIf(!/^eni-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id), 'InvalidNetworkInterfaceId.Malformed', `Invalid id: "${id}"`);
  const found = world.interfaces.get(id, atMs);
  if (found !== undefined) return found;
  throw new AwsError('InvalidNetworkInterfaceID.NotFound', `The networkInterface ID '${id}' does not exist`);
}

interface Paging {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/**
 * One page of a set, in an order nobody can rely on.
 * @param ids the ids the request names; EC2 refuses them together with MaxResults.
 */
export function page<T>(
  world: WorldState,
  items: readonly T[],
  key: (item: T) => string,
  input: Paging,
  limits: { readonly low: number; readonly high: number; readonly ids?: readonly unknown[] | undefined },
): { readonly items: T[]; readonly NextToken: string | undefined } {
  const size = input.MaxResults ?? limits.high;
  const both = (limits.ids?.length ?? 0) > 0 && (input.MaxResults !== undefined || input.NextToken !== undefined);
  refuseIf(both, 'InvalidParameterCombination', 'The parameter maxResults cannot be used with a list of ids');
  const range = `Value ( ${size} ) for parameter maxResults is invalid. Expecting ${limits.low} to ${limits.high}.`;
  refuseIf(size < limits.low || size > limits.high, 'InvalidParameterValue', range);
  const start = input.NextToken === undefined ? 0 : readToken(input.NextToken);
  const sorted = [...items].sort((a, b) => hash(key(a)) - hash(key(b)));
  const end = start + (limits.ids?.length ? size : sizeOfPage(world, size, input.MaxResults !== undefined));
  return {
    items: sorted.slice(start, end),
    NextToken: end < sorted.length ? Buffer.from(`page:${end}`).toString('base64url') : undefined,
  };
}

/** A page may hold less than was asked for, and even nothing: only a missing token ends a list. */
function sizeOfPage({ quirks: { pages }, random }: WorldState, asked: number, wasAsked: boolean): number {
  if (pages === 'full' || (pages === 'recorded' && !wasAsked)) return asked;
  if (pages === 'recorded') return random.calls.int(Math.ceil(asked / 5), Math.ceil((asked * 2) / 5));
  const lowest = pages === 'empty' ? 0 : 1;
  return random.calls.int(lowest, Math.min(asked, 3));
}

function readToken(token: string): number {
  const match = /^page:(\d+)$/.exec(Buffer.from(token, 'base64url').toString());
  refuseIf(match === null, 'InvalidNextToken', 'The specified pagination token is not valid');
  return Number(match?.[1]);
}
