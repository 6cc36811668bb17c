import type { DecisionCode } from '../core/codes.ts';
import type { Readiness } from '../core/readiness.ts';
import { remedyFor } from '../core/remedies.ts';
import type { EventName } from './event-names.ts';
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

/** What the words are made of. */
export interface Told extends Omit<GroupResult, 'joined'> {
  readonly trigger: string;
  /** Who has joined, where it is about that. */
  readonly joined: string | undefined;
}

/** The words of an event. */
export function wordsOf(name: EventName, told: Told): Words {
  return {
    what: plain(whatOf(name, told)),
    group: plain(told.group ?? 'all groups'),
    why: plain(whyOf(name, told)),
    todo: plain(todoOf(name, told)),
  };
}

function whatOf(name: EventName, { group, operation, code, joined, readiness, news = [] }: Told): string {
  const of = group ?? 'all groups';
  const { to, action = 'failover' } = operation ?? {};
  switch (name) {
    case 'Failover Completed':
      return `${of} is on ${to}${awayFrom(operation)}: ${action} in ${seconds(operation?.durationMs ?? 0)}`;
    case 'Failover Failed':
      return `The ${action} of ${of} to ${to} has failed`;
    case 'Failover Interrupted':
      return `The ${action} of ${of} to ${to} is not finished`;
    case 'Failover Blocked':
      return `${of} should be moved and is not (${code})`;
    case 'Readiness Changed':
      return readiness?.ready === true ? `${of} could fail over again` : `${of} could not fail over now`;
    case 'Member Joined':
      return `${joined} is a new member of ${of}`;
    case 'Interface Joined':
      return `${joined} is a new interface of ${of}`;
    default:
      return `${of}: ${news[0] ?? code}`;
  }
}

/** Nothing where it stayed, or was on nobody. */
function awayFrom({ from, to }: { readonly from?: string; readonly to?: string } = {}): string {
  return from === undefined || from === to ? '' : `, no longer on ${from}`;
}

function whyOf(name: EventName, { reason, operation, rejected, joined, readiness, news = [] }: Told): string {
  if (joined !== undefined) return news.find((text) => text.includes(joined)) ?? reason;
  if (name === 'Readiness Changed') return blockingOf(readiness)[0]?.reason ?? news[0] ?? reason;
  if (operation && name !== 'Failover Completed' && operation.reason !== reason)
    return `${operation.reason} (${reason})`;
  if (name !== 'Failover Blocked') return reason;
  const others = rejected.filter(({ code }) => code !== 'failed-holder').slice(0, MOST_REJECTED);
  return [reason, others.map((each) => `${each.instanceId}: ${each.reason}`).join('; ')].join(' ');
}

function todoOf(name: EventName, { operation, code, trigger, readiness }: Told): string {
  switch (name) {
    case 'Failover Completed':
      return awayFrom(operation) === '' || trigger === 'request'
        ? NOTHING
        : `See why ${operation?.from} failed: until it is well again, the group has one standby less.`;
    case 'Failover Failed':
      return `Automation tries again by itself. ${ASK}`;
    case 'Failover Interrupted':
      return 'Nothing yet: the next run goes on within two minutes. If no word of its end follows, ask for the status.';
    case 'Failover Blocked':
      return remedyFor(code as DecisionCode, { untaggable: false }) ?? blockingOf(readiness)[0]?.mend ?? ASK;
    case 'Readiness Changed':
      return readiness?.ready === true ? NOTHING : (blockingOf(readiness)[0]?.mend ?? ASK);
    case 'Member Joined':
    case 'Interface Joined':
      return 'Nothing, if it was meant. If not, take the group tag off it.';
    default:
      return `Nothing, most likely. ${ASK}`;
  }
}

const blockingOf = (readiness: Readiness | undefined): Readiness['findings'] =>
  (readiness?.findings ?? []).filter(({ severity }) => severity === 'blocking');

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** What no input template and no mail can stumble over: one line, without double quotes. */
function plain(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('"', "'").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
