import type { Readiness } from '../core/readiness.ts';
import type { EventName } from './event-names.ts';
import type { GroupResult, OperationResult } from './result.ts';
import { type Words, wordsOf } from './words.ts';

/** What our events on the bus name as their source. No rule of ours takes it: they cannot feed back. */
export const EVENT_SOURCE = 'eni-failover';

/** Of the detail. It grows when a field is taken away or means something else; what is added changes nothing. */
export const EVENT_VERSION = 1;

/** An event of ours, before the bus wraps it. */
export interface OwnEvent {
  readonly name: EventName;
  readonly detail: EventDetail;
}

/** What an event says: `docs/reference.md` describes each field. */
export interface EventDetail {
  readonly version: typeof EVENT_VERSION;
  /** Service and stage: two deployments in one Region have one bus. */
  readonly deployment: string;
  /** Null where it concerns all groups, or none. */
  readonly group: string | null;
  readonly code: string;
  readonly analysis: string;
  readonly reason: string;
  /** What made the run look: `alarm`, `sweep`, `request` and so on. */
  readonly trigger: string;
  readonly runId: string;
  readonly news: readonly string[];
  readonly operation?: OperationDetail;
  readonly rejected?: GroupResult['rejected'];
  readonly readiness?: Readiness;
  /** Who has joined. */
  readonly joined?: string;
  /** What the instances in these words are called, by id. */
  readonly names?: Readonly<Record<string, string>>;
  /** The same for a person: what happened, to which group, why, what to do. */
  readonly words: Words;
}

export type OperationDetail = Pick<OperationResult, 'id' | 'action' | 'from' | 'to'> & {
  readonly interfaces: readonly string[];
  readonly automatic?: boolean;
  readonly result?: OperationResult['result'];
  readonly durationMs?: number;
};

/** What a run is known by in its events. */
export interface Teller {
  readonly deployment: string;
  readonly trigger: string;
  readonly runId: string;
}

/**
 * Codes of `blocked` that pass by themselves within a minute or two: another run is at it, or a second look decides. A
 * person who was told of each of them would be told of every failover twice.
 */
const PASSING: readonly string[] = [
  'operation-in-progress',
  'unattached-unconfirmed',
  'attachment-in-transit',
  'impaired-recently',
  'not-reached',
];

/** Whether something should be done for a group and is not, for longer than a moment. */
export const isHeldUp = ({ group, decision, code }: GroupResult): boolean =>
  group !== null && decision === 'blocked' && !PASSING.includes(code);

/** The events that a result is worth: none without news, so that nothing is repeated without change. */
export function eventsOf(result: GroupResult, teller: Teller): readonly OwnEvent[] {
  if (result.news === undefined || result.news.length === 0) return [];
  const { joined = [] } = result;
  const joins = joined.map((id) =>
    eventOf(id.startsWith('i-') ? 'Member Joined' : 'Interface Joined', result, teller, id),
  );
  const others = result.news.length > joined.length ? [...(nameOf(result) ?? [])] : [];
  return [...joins, ...others.map((name) => eventOf(name, result, teller))];
}

const OF_OPERATIONS: Readonly<Record<OperationResult['result'], readonly EventName[]>> = {
  done: ['Failover Completed'],
  failed: ['Failover Failed'],
  interrupted: ['Failover Interrupted'],
  // Nothing is wrong: it goes on.
  detaching: ['Failover Notice'],
  // Whoever has replaced it tells.
  superseded: [],
  planned: [],
};

function nameOf(result: GroupResult): readonly EventName[] {
  if (result.operation && result.code !== 'attach-denied') return OF_OPERATIONS[result.operation.result];
  if (isHeldUp(result)) return ['Failover Blocked'];
  if (result.turned) return ['Readiness Changed'];
  return ['Failover Notice'];
}

function eventOf(
  name: EventName,
  result: GroupResult,
  { deployment, trigger, runId }: Teller,
  joined?: string,
): OwnEvent {
  const { group, code, analysis, reason, rejected, news = [], operation, readiness } = result;
  const words = wordsOf(name, { ...result, trigger, joined });
  return {
    name,
    detail: {
      version: EVENT_VERSION,
      deployment,
      group,
      code,
      analysis,
      reason,
      trigger,
      runId,
      news,
      ...(operation && { operation: detailOf(operation) }),
      ...(rejected.length > 0 && { rejected }),
      ...(joined !== undefined && { joined }),
      ...(readiness && { readiness }),
      words,
    },
  };
}

function detailOf({ id, action, from, to, resources, result, durationMs }: OperationResult): OperationDetail {
  const interfaces = resources.map((resource) => resource.id);
  return { id, action, ...(from !== undefined && { from }), to, interfaces, result, durationMs };
}

/** What is known of an operation when its intent has been written. */
export interface Beginning extends OperationDetail {
  readonly group: string;
  readonly code: string;
  readonly analysis: string;
  readonly reason: string;
}

/** The event for an operation that is about to be carried out. */
export function startedEvent(beginning: Beginning, teller: Teller): OwnEvent {
  const { group, code, analysis, reason, ...operation } = beginning;
  const from = operation.from === undefined ? '' : ` from ${operation.from}`;
  const what = `Failover of ${group} has begun:${from} to ${operation.to}`;
  const todo = 'Nothing yet: how it ends is told as well.';
  const words = { what, group, why: reason, todo };
  const common = { version: EVENT_VERSION, ...teller, group, code, analysis, reason, news: [what] } as const;
  return { name: 'Failover Started', detail: { ...common, operation, words } };
}
