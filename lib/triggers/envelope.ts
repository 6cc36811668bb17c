import * as z from 'zod/mini';
import { FailoverError } from '../errors.ts';
import type { EventTrigger, PersonRequest } from '../core/model.ts';

/** Why an event needs no look at any group. */
export type IgnoredCode = 'alarm-not-ours' | 'alarm-not-raised' | 'alarm-muted' | 'state-not-relevant';

/** What an invocation asks for: look at groups, or nothing at all, and why not. */
export type Parsed =
  | { readonly kind: 'trigger'; readonly trigger: EventTrigger | PersonRequest }
  | { readonly kind: 'ignored'; readonly code: IgnoredCode; readonly reason: string };

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
});

/** Each issue as "field: what is wrong"; `root` names the value itself. */
export function describeIssues(error: z.core.$ZodError, root: string): readonly string[] {
  return error.issues.map((issue) => `${[root, ...issue.path].join('.')}: ${issue.message}`);
}

/** Reads an event's detail, or says which of its fields are not as AWS documents them. */
export function readDetail<T extends z.ZodMiniType>(schema: T, detail: unknown, what: string): z.infer<T> {
  const read = z.safeParse(schema, detail);
  if (read.success) return read.data;
  throw new FailoverError(
    'UnsupportedEvent',
    `The ${what} event is not in the documented form:`,
    describeIssues(read.error, 'detail'),
  );
}
