import * as z from 'zod/mini';
import { FailoverError } from '../errors.ts';

/**
 * What wraps an event on other ways than the event bus. Each is recognised by the fields that AWS documents for it,
 * and answered with one sentence that says what to do: nobody has to guess why the function is silent.
 */

/** What Lambda sends to a destination (Lambda Developer Guide, "Capturing records of asynchronous invocations"). */
const recordSchema = z.object({
  requestContext: z.object({ condition: z.string() }),
  requestPayload: z.unknown(),
});

/** The event in a record of the on-failure queue; undefined for anything else. */
export function redriven(input: unknown): { readonly event: unknown } | undefined {
  const read = z.safeParse(recordSchema, input);
  return read.success && read.data.requestContext.condition !== 'Success'
    ? { event: read.data.requestPayload }
    : undefined;
}

interface Wrapping {
  readonly schema: z.ZodMiniType;
  /** What it is and what to do about it. */
  readonly answer: string;
  /** Its sender takes a returned answer for success, and deletes what was sent. */
  readonly isDeletedWhenAnswered?: true;
}

const batchOf = (field: string, source: z.ZodMiniType) =>
  z.object({ Records: z.array(z.looseObject({ [field]: source })).check(z.minLength(1)) });

const WRAPPINGS: readonly Wrapping[] = [
  {
    schema: recordSchema,
    answer: 'This is the record of an invocation that succeeded; there is nothing to send again.',
  },
  {
    schema: z.object({ source: z.literal('lambda'), detail: recordSchema }),
    answer:
      'This is the record of an invocation, sent by an EventBridge destination; to send the event again, invoke the function with its detail.requestPayload.',
  },
  {
    schema: z.object({ alarmArn: z.string(), alarmData: z.looseObject({}) }),
    answer:
      'This is an alarm whose action is this function; take the action away, for the same alarm comes over the event bus, where the function listens.',
  },
  {
    schema: batchOf('EventSource', z.literal('aws:sns')),
    answer:
      'This is a message of an SNS topic; take the subscription away, for every alarm comes over the event bus, where the function listens.',
  },
  {
    schema: batchOf('eventSource', z.string()),
    answer:
      'This is a batch of records from a queue or a stream, which this function does not read; take the event source mapping away, and to send a message of the on-failure queue again, invoke the function with its body.',
    isDeletedWhenAnswered: true,
  },
];

/**
 * The answer to an event that something else has wrapped; undefined for one that nothing has.
 * @throws FailoverError `UnsupportedEvent` for a batch of messages, which would be deleted if it were answered.
 */
export function wrappingOf(input: unknown): string | undefined {
  const found = WRAPPINGS.find(({ schema }) => z.safeParse(schema, input).success);
  if (found?.isDeletedWhenAnswered) throw new FailoverError('UnsupportedEvent', found.answer);
  return found?.answer;
}
