import type { DecisionCode } from '../core/codes.ts';
import { remedyFor } from '../core/remedies.ts';
import type { EventName } from './events.ts';
import type { GroupResult } from './result.ts';

/** An event as a person reads it, on a telephone: in this order. Always all four, none of them empty. */
export interface Words {
  /** What happened. */
  readonly what: string;
  readonly group: string;
  readonly why: string;
  /** What to do about it. */
  readonly todo: string;
}

const ASK = "Ask for the group's status or check; docs/operations.md says what to do about each code.";
const NOTHING = 'Nothing.';
/** Of what one mail can hold; a telephone shows less. */
const LONGEST = 600;
/** As many standbys as a mail can speak of. */
const MOST_REJECTED = 3;

/** The words of an event. @param joined who has joined, where it is about that. */
export function wordsOf(name: EventName, result: GroupResult, trigger: string, joined?: string): Words {
  const { group } = result;
  return {
    what: plain(whatOf(name, result, joined)),
    group: plain(group ?? 'all groups'),
    why: plain(whyOf(name, result, joined)),
    todo: plain(todoOf(name, result, trigger)),
  };
}

function whatOf(name: EventName, { group, operation, code, news = [] }: GroupResult, joined?: string): string {
  const of = group ?? 'all groups';
  const { from, to, durationMs = 0, action = 'failover' } = operation ?? {};
  switch (name) {
    case 'Failover Completed':
      return `${of} is on ${to}${from === undefined || from === to ? '' : `, no longer on ${from}`}: ${action} in ${seconds(durationMs)}`;
    case 'Failover Failed':
      return `The ${action} of ${of} to ${to} has failed`;
    case 'Failover Interrupted':
      return `The ${action} of ${of} to ${to} is not finished`;
    case 'Failover Blocked':
      return `${of} should be moved and is not (${code})`;
    case 'Member Joined':
      return `${joined} is a new member of ${of}`;
    case 'Interface Joined':
      return `${joined} is a new interface of ${of}`;
    default:
      return `${of}: ${news[0] ?? code}`;
  }
}

function whyOf(name: EventName, { reason, operation, rejected, news = [] }: GroupResult, joined?: string): string {
  if (joined !== undefined) return news.find((text) => text.includes(joined)) ?? reason;
  if (operation && name !== 'Failover Completed' && operation.reason !== reason)
    return `${operation.reason} (${reason})`;
  if (name !== 'Failover Blocked' || rejected.length === 0) return reason;
  const others = rejected.filter(({ code }) => code !== 'failed-holder');
  const standbys = others.slice(0, MOST_REJECTED).map((each) => `${each.instanceId}: ${each.reason}`);
  return `${reason} ${standbys.join('; ')}`;
}

function todoOf(name: EventName, { operation, code }: GroupResult, trigger: string): string {
  switch (name) {
    case 'Failover Completed':
      return operation?.from === undefined || operation.from === operation.to || trigger === 'request'
        ? NOTHING
        : `See why ${operation.from} failed: until it is well again, the group has one standby less.`;
    case 'Failover Failed':
      return `Automation tries again by itself. ${ASK}`;
    case 'Failover Interrupted':
      return 'Nothing yet: the next run goes on within two minutes. If no word of its end follows, ask for the status.';
    case 'Failover Blocked':
      return remedyFor(code as DecisionCode, { untaggable: false }) ?? ASK;
    case 'Member Joined':
    case 'Interface Joined':
      return 'Nothing, if it was meant. If not, take the group tag off it.';
    default:
      return `Nothing, most likely. ${ASK}`;
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** What no input template and no mail can stumble over: one line, without double quotes. */
function plain(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('"', "'").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
