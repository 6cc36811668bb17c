import * as z from 'zod/mini';
import type { Parsed } from '../core/model.ts';
import { FailoverError } from '../errors.ts';

/** One kind of EventBridge event: how it is recognised and what it becomes. */
export interface EventKind {
  readonly source: string;
  readonly detailType: string;
  parse(detail: unknown, alarmPrefix: string): Parsed;
}

/** The EventBridge envelope (EventBridge User Guide, "AWS service event metadata"). */
export const envelopeSchema = z.object({
  source: z.string(),
  'detail-type': z.string(),
  detail: z.record(z.string(), z.unknown()),
  time: z.optional(z.unknown()),
});

/** When the event happened, in milliseconds since the epoch; an event without a readable time has no less to say. */
export function timeOf({ time }: z.infer<typeof envelopeSchema>): { readonly happenedAt?: number } {
  const happenedAt = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(happenedAt) ? {} : { happenedAt };
}

/** Each issue as "field: what is wrong"; `root` names the value itself. */
export function describeIssues(issues: readonly z.core.$ZodIssue[], root: string): readonly string[] {
  return issues.map((issue) => `${[root, ...issue.path].join('.')}: ${issue.message}`);
}

/** Reads an event's detail, or says which of its fields are not as AWS documents them. */
export function readDetail<T extends z.ZodMiniType>(schema: T, detail: unknown, what: string): z.infer<T> {
  const read = z.safeParse(schema, detail);
  if (read.success) return read.data;
  throw new FailoverError(
    'UnsupportedEvent',
    `The ${what} event is not in the documented form:`,
    describeIssues(read.error.issues, 'detail'),
  );
}
