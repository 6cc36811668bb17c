import type { Tag } from '@aws-sdk/client-ec2';
import { AwsCallError } from '../errors.ts';

/** What is being translated, for the sentence that says what is missing from it. */
export interface Subject {
  /** The IAM action whose reply this is. */
  readonly action: string;
  /** A resource id, or what stands for it. */
  readonly id: string;
}

/**
 * The value of a field that AWS always sends. Without it nothing is guessed: a wrong zone or state would move an
 * interface to the wrong place.
 * @throws AwsCallError `invalid`, code `IncompleteReply`.
 */
export function required<Value>(value: Value | undefined, field: string, { action, id }: Subject): Value {
  if (value !== undefined) return value;
  throw new AwsCallError('invalid', action, 'IncompleteReply', `the reply has no ${field} for ${id}.`);
}

/**
 * The value of a field that is always one of a known list, as that list's type.
 * @throws AwsCallError `invalid`, code `IncompleteReply` or `UnknownValue`.
 */
export function requiredOneOf<Value extends string>(
  value: string | undefined,
  known: readonly Value[],
  field: string,
  subject: Subject,
): Value {
  const given = required(value, field, subject);
  const found = known.find((each) => each === given);
  if (found !== undefined) return found;
  const message = `${field} of ${subject.id} is '${given}', which this version does not know.`;
  throw new AwsCallError('invalid', subject.action, 'UnknownValue', message);
}

/** A tag set as an object. `fromEntries`, so that even a tag called `__proto__` is only a key. */
export function toTags(tags: readonly Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}
