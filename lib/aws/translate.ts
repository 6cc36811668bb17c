import type { Tag } from '@aws-sdk/client-ec2';
import type { Listing, Unreadable } from '../core/model.ts';
import { AwsCallError } from '../errors.ts';

/** What is being translated, for the sentence that says what is missing from it. */
export interface Subject {
  /** The IAM action whose reply this is. */
  readonly action: string;
  /** A resource id, or what stands for it. */
  readonly id: string;
}

/** A reply, or one item of it, that cannot be understood: AWS answered, but not as this version expects. */
export class UnreadableReply extends AwsCallError {
  /** What is wrong, as a sentence that names the field. */
  readonly reason: string;

  constructor(awsCode: 'IncompleteReply' | 'UnknownValue', action: string, reason: string) {
    super('invalid', action, awsCode, reason);
    this.reason = reason;
  }
}

/**
 * The value of a field that AWS always sends. Without it nothing is guessed: a wrong zone or state would move an
 * interface to the wrong place.
 * @throws UnreadableReply `IncompleteReply`.
 */
export function required<Value>(value: Value | undefined, field: string, { action, id }: Subject): Value {
  // Not a number is what the SDK makes of digits it cannot read.
  if (value !== undefined && !Number.isNaN(value)) return value;
  throw new UnreadableReply('IncompleteReply', action, `The reply has no ${field} for ${id}.`);
}

/**
 * The value of a field that is always one of a known list, as that list's type.
 * @throws UnreadableReply `IncompleteReply` or `UnknownValue`.
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
  const reason = `${field} of ${subject.id} is '${given}', which this version does not know.`;
  throw new UnreadableReply('UnknownValue', subject.action, reason);
}

/**
 * Translates each item on its own: one that cannot be understood is named, and spoils no other.
 * @param translate may throw an {@link UnreadableReply}; whatever else it throws is a defect of ours, and thrown on.
 * @param describe what can be told of any item, even of one that cannot be understood; must not throw.
 */
export function readEach<Item, View>(
  items: readonly Item[],
  translate: (item: Item) => View,
  describe: (item: Item) => Omit<Unreadable, 'reason'>,
): Listing<View> {
  const views: View[] = [];
  const unreadable: Unreadable[] = [];
  for (const item of items) {
    try {
      views.push(translate(item));
    } catch (error) {
      if (!(error instanceof UnreadableReply)) throw error;
      unreadable.push({ ...describe(item), reason: error.reason });
    }
  }
  return { views, unreadable };
}

/** A tag set as an object. `fromEntries`, so that even a tag called `__proto__` is only a key. */
export function toTags(tags: readonly Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}
