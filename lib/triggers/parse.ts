import * as z from 'zod/mini';
import type { Parsed } from '../core/model.ts';
import { FailoverError } from '../errors.ts';
import { alarmEvent } from './alarm.ts';
import { describeIssues, type EventKind, envelopeSchema, timeOf } from './envelope.ts';
import { instanceStateEvent } from './instance-state.ts';
import { parseRequest } from './request.ts';
import { spotInterruptionEvent } from './spot-interruption.ts';

const EVENT_KINDS: readonly EventKind[] = [alarmEvent, instanceStateEvent, spotInterruptionEvent];

/**
 * The one parser: whatever invokes the function becomes a trigger here, is ignored with a reason, or is refused
 * before anything is called.
 * @throws FailoverError `InvalidRequest` or `UnsupportedEvent`, with every fault listed.
 */
export function parseInvocation(input: unknown, alarmPrefix: string): Parsed {
  if (!isEvent(input)) return { kind: 'trigger', trigger: parseRequest(input) };
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
  if (kind) return dated(kind.parse(detail, alarmPrefix), timeOf(envelope.data));
  const known = EVENT_KINDS.map((each) => `'${each.detailType}'`).join(', ');
  throw new FailoverError(
    'UnsupportedEvent',
    `The event '${detailType}' from '${source}' is not one this function acts on (${known}).`,
  );
}

function dated(parsed: Parsed, time: { readonly happenedAt?: number }): Parsed {
  if (parsed.kind === 'ignored' || parsed.trigger.kind === 'request') return parsed;
  return { kind: 'trigger', trigger: { ...parsed.trigger, ...time } };
}

/** Every EventBridge event has a detail-type; no request has. */
function isEvent(input: unknown): boolean {
  return (
    typeof input === 'object' && input !== null && ('detail-type' in input || 'detail' in input || 'source' in input)
  );
}
