import type * as aws from '@aws-sdk/client-ec2';
import type { Tags } from '../world/model.ts';
import type { WorldState } from '../world/state.ts';
import { AwsError, refuseIf } from './errors.ts';
import { applyFilters, type Fields } from './filters.ts';
import {
  anyResource,
  bucket,
  describeBucket,
  findInstance,
  findInterface,
  page,
  required,
  resource,
  row,
} from './row.ts';

const MAXIMUM_TAGS = 50;

/** Tags as the API lists them. */
export function toTagList(tags: Tags): aws.Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export const createTags = row<aws.CreateTagsRequest, object>({
  service: 'ec2',
  members: 'Resources Tags.Key Tags.Value DryRun',
  needs: 'Resources Tags',
  resources: (world, input) => (input.Resources ?? []).map((id) => resource(world, id)),
  bucket: bucket(100, 10),
  handle(world, input) {
    const given = required(input.Tags, 'tag');
    for (const tag of given) checkTag(world, tag);
    const twice = given.find(({ Key }, at) => given.findIndex((other) => other.Key === Key) !== at);
    refuseIf(twice !== undefined, 'InvalidParameterValue', `Duplicate tag key '${twice?.Key}' specified.`);
    const named = Object.fromEntries(given.map(({ Key = '', Value = '' }) => [Key, Value]));
    editTags(world, input, (tags) => ({ ...tags, ...named }));
    return {};
  },
});

export const deleteTags = row<aws.DeleteTagsRequest, object>({
  service: 'ec2',
  members: 'Resources Tags.Key Tags.Value DryRun',
  needs: 'Resources',
  resources: (world, input) => (input.Resources ?? []).map((id) => resource(world, id)),
  bucket: bucket(100, 10),
  handle(world, input) {
    const doomed = ([key, value]: [string, string]): boolean =>
      input.Tags === undefined ||
      input.Tags.some(({ Key, Value }) => Key === key && (Value === undefined || Value === value));
    editTags(world, input, (tags) => Object.fromEntries(Object.entries(tags).filter((entry) => !doomed(entry))));
    return {};
  },
});

export const describeTags = row<aws.DescribeTagsRequest, aws.DescribeTagsResult>({
  service: 'ec2',
  members: 'Filters.Name Filters.Values MaxResults NextToken DryRun',
  resources: anyResource,
  bucket: describeBucket,
  handle(world, input, atMs) {
    const owners = [...world.instances.all(atMs), ...world.interfaces.all(atMs)];
    const all = owners.flatMap(({ id, tags }) =>
      Object.entries(tags).map(([key, value]) => ({ id, key, value, type: typeOf(id) })),
    );
    const fields: Fields<(typeof all)[number]> = {
      'resource-id': ({ id }) => id,
      'resource-type': ({ type }) => type,
      key: ({ key }) => key,
      value: ({ value }) => value,
    };
    const found = applyFilters(all, input.Filters, fields, ({ key, value }) => ({ [key]: value }));
    const { items, NextToken } = page(world, found, ({ id, key }) => `${id} ${key}`, input, { low: 5, high: 1000 });
    const Tags = items.map(({ id, key, value, type }) => ({
      ResourceId: id,
      ResourceType: type,
      Key: key,
      Value: value,
    }));
    return { Tags, NextToken };
  },
});

function typeOf(id: string): aws.ResourceType {
  return id.startsWith('eni-') ? 'network-interface' : 'instance';
}

/** Changes all the named resources or none of them. */
function editTags(
  world: WorldState,
  input: { Resources: string[] | undefined; DryRun?: boolean | undefined },
  edit: (tags: Tags) => Tags,
): void {
  const ids = required(input.Resources, 'resourceId');
  if (ids.length > 1000)
    throw new AwsError('InvalidParameterValue', 'At most 1000 resources can be tagged in one call');
  const edits = ids.map((id) => {
    const owner = findOwner(world, id);
    const tags = edit(owner.tags);
    const excess = Object.keys(tags).length > MAXIMUM_TAGS;
    refuseIf(excess, 'TagLimitExceeded', `More than ${MAXIMUM_TAGS} tags specified`);
    return { owner, tags };
  });
  checkLock(world, ids);
  for (const { owner, tags } of edits) {
    if ('state' in owner) world.instances.put(owner.id, { ...owner, tags });
    else world.interfaces.put(owner.id, { ...owner, tags });
    world.taggedMs.set(owner.id, world.clock.now());
  }
}

function findOwner(world: WorldState, id: string): ReturnType<typeof findInstance> | ReturnType<typeof findInterface> {
  if (id.startsWith('i-')) return findInstance(world, id);
  if (id.startsWith('eni-')) return findInterface(world, id);
  throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
}

function checkLock(world: WorldState, ids: readonly string[]): void {
  const sinceMs = (id: string): number => world.clock.now() - (world.taggedMs.get(id) ?? -Infinity);
  const locked = ids.some((id) => sinceMs(id) < world.quirks.tagLockMs);
  refuseIf(locked, 'ConcurrentTagAccess', 'The tags are being changed by another request');
}

function checkTag(world: WorldState, { Key = '', Value = '' }: aws.Tag): void {
  const code = 'InvalidParameterValue';
  refuseIf(Key === '' || Key.length > 128, code, 'Tag key must be between 1 and 128 characters');
  refuseIf(Value.length > 256, code, 'Tag value exceeds the maximum length of 256 characters');
  refuseIf(/^aws:/i.test(Key), code, "Tag keys starting with 'aws:' are reserved for internal use");
  const portable = /^[\p{L}\p{N} +\-=._:/@]*$/u.test(Key + Value);
  refuseIf(
    !portable && world.quirks.tagCharacters === 'portable',
    code,
    `Tag '${Key}' has characters that are not portable`,
  );
}
