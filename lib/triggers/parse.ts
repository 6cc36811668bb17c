import * as z from 'zod/mini';
import type { Parsed } from '../core/model.ts';
import { FailoverError } from '../errors.ts';
import { VERDICT_SOURCE } from '../probe/verdict-event.ts';
import { alarmContributorEvent } from './alarm-contributor.ts';
import { alarmEvent } from './alarm.ts';
import { describeIssues, type EventKind, envelopeSchema, timeOf } from './envelope.ts';
import { instanceStateEvent } from './instance-state.ts';
import { capacityInterruptionEvent, spotInterruptionEvent } from './interruption.ts';
import { parseRequest } from './request.ts';
import { verdictEventKind } from './verdict.ts';
import { redriven, wrappingOf } from './wrappings.ts';

const EVENT_KINDS: readonly EventKind[] = [
  alarmEvent,
  alarmContributorEvent,
  instanceStateEvent,
  spotInterruptionEvent,
  capacityInterruptionEvent,
  verdictEventKind,
];

/**
 * The one parser: whatever invokes the function becomes a trigger here, is ignored with a reason, or is refused
 * before anything is called. A record of the on-failure queue counts as the event it holds.
 * @throws FailoverError `InvalidRequest` or `UnsupportedEvent`, with every fault listed.
 */
export function parseInvocation(input: unknown, alarmPrefix: string): Parsed {
  const record = redriven(input);
  if (record) return parseInvocation(record.event, alarmPrefix);
  const answer = wrappingOf(input);
  if (answer !== undefined) return notTaken(answer);
  return isEvent(input) ? parseEvent(input, alarmPrefix) : { kind: 'trigger', trigger: parseRequest(input) };
}

function parseEvent(input: unknown, alarmPrefix: string): Parsed {
  const envelope = z.safeParse(envelopeSchema, input);
  if (!envelope.success) {
    throw new FailoverError(
      'UnsupportedEvent',
      'The event has no EventBridge envelope:',
      describeIssues(envelope.error.issues, 'event'),
    );
  }
  const { source, 'detail-type': detailType, detail } = envelope.data;
  const kind = EVENT_KINDS.find((known) => known.source === source && known.detailType === detailType);
  return kind ? dated(kind.parse(detail, alarmPrefix), timeOf(envelope.data)) : notTaken(strange(source, detailType));
}

/** No retry could mend it, so it is answered instead of refused. */
const notTaken = (reason: string): Parsed => ({ kind: 'ignored', code: 'event-not-taken', reason });

function strange(source: string, detailType: string): string {
  const event = `The event '${detailType}' comes from '${source}'`;
  const origin = EVENT_KINDS.find((known) => known.detailType === detailType)?.source;
  if (origin === VERDICT_SOURCE) return `${event}, and only '${origin}' speaks for the probe.`;
  if (origin !== undefined)
    return `${event}, and only AWS itself is believed ('${origin}'): anybody may put events on a bus. To move a group, invoke the function with a request.`;
  const known = EVENT_KINDS.map((each) => `'${each.detailType}'`).join(', ');
  return `${event}, and is not one this function acts on (${known}). Take the rule that sends it away.`;
}

function dated(parsed: Parsed, time: { readonly happenedAt?: number }): Parsed {
  // A verdict has its own time, to the millisecond.
  if (parsed.kind === 'ignored' || parsed.trigger.kind === 'request' || parsed.trigger.kind === 'verdict')
    return parsed;
  return { kind: 'trigger', trigger: { ...parsed.trigger, ...time } };
}

/** Every EventBridge event has a detail-type; no request has. */
function isEvent(input: unknown): boolean {
  return (
    typeof input === 'object' && input !== null && ('detail-type' in input || 'detail' in input || 'source' in input)
  );
}
