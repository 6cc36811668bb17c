import type { Filter } from '@aws-sdk/client-ec2';
import type { Tags } from '../world/model.ts';
import { AwsError, refuseIf } from './errors.ts';

type Value = string | number | boolean | undefined;

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html */
const MAXIMUM_VALUES = 200;

/** What an item shows to each filter that its Describe call documents. */
export type Fields<T> = Readonly<Record<string, (item: T) => Value | readonly Value[]>>;

/**
 * Keeps what matches every filter; values of one filter are alternatives and may hold the wildcards `*` and `?`.
 * @param tagsOf for the calls that can filter by tag.
 */
export function applyFilters<T>(
  items: readonly T[],
  filters: readonly Filter[] | undefined,
  fields: Fields<T>,
  tagsOf?: (item: T) => Tags,
): T[] {
  const values = (filters ?? []).reduce((sum, { Values = [] }) => sum + Values.length, 0);
  const excess = `The maximum number of filter values specified on a single call is ${MAXIMUM_VALUES}`;
  refuseIf(values > MAXIMUM_VALUES, 'FilterLimitExceeded', excess);
  const tests = (filters ?? []).map((filter) => toTest(filter, fields, tagsOf));
  return items.filter((item) => tests.every((test) => test(item)));
}

function toTest<T>({ Name, Values }: Filter, fields: Fields<T>, tagsOf?: (item: T) => Tags): (item: T) => boolean {
  const read =
    (tagsOf && tagReader(Name ?? '', tagsOf)) ?? (Object.hasOwn(fields, Name ?? '') ? fields[Name ?? ''] : undefined);
  if (read === undefined) throw new AwsError('InvalidParameterValue', `The filter '${Name}' is invalid`);
  if (Values === undefined || Values.length === 0) {
    throw new AwsError('InvalidParameterValue', `The filter '${Name}' needs at least one value`);
  }
  const patterns = Values.map(toPattern);
  return (item) =>
    [read(item)].flat().some((value) => value !== undefined && patterns.some((pattern) => pattern.test(String(value))));
}

function tagReader<T>(name: string, tagsOf: (item: T) => Tags): Fields<T>[string] | undefined {
  if (name.startsWith('tag:')) return (item) => tagsOf(item)[name.slice(4)];
  return name === 'tag-key' ? (item) => Object.keys(tagsOf(item)) : undefined;
}

function toPattern(value: string): RegExp {
  const source = value.replace(/\\([\\*?])|[\\^$.*+?()[\]{}|]/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return `\\${escaped}`;
    if (found === '*') return '.*';
    return found === '?' ? '.' : `\\${found}`;
  });
  return new RegExp(`^${source}$`, 's');
}
