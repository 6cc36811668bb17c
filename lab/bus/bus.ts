import { randomUUID } from 'node:crypto';
import type { LabClock } from '../clock.ts';
import type { PackagedFunction, PackagedRule, Template } from '../package/template.ts';
import { compilePattern } from './pattern.ts';
import { intervalOf, scheduledEvent } from './schedule.ts';
import { compileTransformer } from './transform.ts';

/** What a function gave back: its result, or the error Lambda makes of it. */
export type Outcome =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly errorType: string; readonly errorMessage: string };

/**
 * Runs a function once, as Lambda would. Never rejects.
 * @param requestId the same for each attempt of one invocation, and for no other.
 */
export type Invoke = (target: PackagedFunction, event: object, requestId: string) => Promise<Outcome>;

/** What the on-failure destination is sent (Lambda's invocation record). */
export interface FailureRecord {
  readonly version: '1.0';
  readonly timestamp: string;
  readonly requestContext: {
    readonly functionArn: string;
    readonly condition: 'RetriesExhausted' | 'EventAgeExceeded';
    readonly approximateInvokeCount: number;
  };
  readonly requestPayload: object;
  readonly responsePayload: { readonly errorType: string; readonly errorMessage: string };
}

interface Common {
  readonly atMs: number;
  readonly event: object;
  readonly functionName: string;
}

/** One step of a delivery, for a timeline. */
export type Delivery = Common &
  (
    | { readonly kind: 'matched' | 'ticked'; readonly rule: string }
    | { readonly kind: 'invoked'; readonly attempt: number }
    | { readonly kind: 'returned'; readonly attempt: number; readonly payload: unknown }
    | {
        readonly kind: 'failed';
        readonly attempt: number;
        readonly errorType: string;
        readonly errorMessage: string;
        /** Not given when it was the last attempt. */
        readonly retryInMs?: number;
      }
    | { readonly kind: 'gave-up'; readonly destinationArn?: string; readonly record: FailureRecord }
  );

/** What a topic tells those who subscribe to it by mail. */
export interface Mail {
  readonly atMs: number;
  readonly topicArn: string;
  /** Nobody that is known here, where the topic is not of the template. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

export interface BusOptions {
  readonly template: Template;
  readonly clock: LabClock;
  readonly invoke: Invoke;
  readonly onDelivery?: (delivery: Delivery) => void;
  readonly onMail?: (mail: Mail) => void;
  /** How long EventBridge takes to hand an event (or the tick of a schedule) to Lambda; drawn for each delivery. */
  readonly deliveryMs?: (kind: 'matched' | 'ticked') => number;
  /** Draws the id of an invocation. Default: a random one. */
  readonly newRequestId?: () => string;
}

export interface Bus {
  /** Matches an event against every rule and delivers it. Returns at once, as PutEvents does. */
  publish(event: object): void;
  /** Invokes a function asynchronously: queues the event for it, with retries. Returns at once, as Lambda does. */
  enqueue(target: PackagedFunction, event: object): void;
  /** Publishes to a topic. */
  notify(topicArn: string, subject: string, text: string): void;
  /**
   * Lets the scheduled rules tick, in the background: first after one interval each, or, those that tick most often,
   * after `firstMs`.
   */
  startSchedules(firstMs?: number): void;
  /** Resolves when nothing is under way any more, retries included. */
  settled(): Promise<void>;
  /** What ended in each queue, by ARN. */
  readonly queues: ReadonlyMap<string, readonly FailureRecord[]>;
  /** Every mail so far. */
  readonly outbox: readonly Mail[];
}

const MINUTE_MS = 60_000;
/**
 * Lambda's own waits before the first and the second retry of an asynchronous invocation. Documented: one minute, and two
 * (Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation"); recorded: 60 and 114 s.
 */
const RETRY_DELAYS_MS = [MINUTE_MS, 114_000];

/**
 * EventBridge's default bus and Lambda's asynchronous invocation behind it, for the rules of a packaged template.
 * @throws PatternError when a rule has a pattern the matcher does not know; Error for a schedule or a target like that
 */
export function createBus(options: BusOptions): Bus {
  const { template, onDelivery = () => {}, deliveryMs = () => 0 } = options;
  const queues = new Map<string, FailureRecord[]>([...template.queues.keys()].map((arn) => [arn, []]));
  const routes = template.rules.flatMap((rule) => {
    const matches = rule.pattern === undefined ? () => false : compilePattern(rule.pattern);
    const everyMs = rule.schedule === undefined ? undefined : intervalOf(rule.schedule);
    const toFunctions = rule.targets.filter(({ arn }) => !isTopic(arn));
    return toFunctions.map(({ arn }) => ({ rule, matches, everyMs, target: functionOf(template, arn) }));
  });
  const mails = template.rules.flatMap(({ pattern, targets }) => {
    const matches = compilePattern(pattern ?? { source: [''] });
    return targets.flatMap(({ arn, transformer }) => {
      if (!isTopic(arn)) return [];
      return [{ arn, matches, textOf: transformer ? compileTransformer(transformer) : JSON.stringify }];
    });
  });
  const outbox: Mail[] = [];
  const underWay = new Set<Promise<void>>();

  async function deliver(target: PackagedFunction, event: object, afterMs: number): Promise<void> {
    await options.clock.sleep(afterMs);
    const record = await invokeWithRetries(target, event, options);
    if (record === undefined) return;
    const { onFailureArn } = target.async;
    if (onFailureArn !== undefined) queueOf(queues, onFailureArn).push(record);
    const destination = onFailureArn === undefined ? {} : { destinationArn: onFailureArn };
    const common = { atMs: options.clock.now(), event, functionName: target.name };
    onDelivery({ kind: 'gave-up', ...common, ...destination, record });
  }

  function send(kind: 'matched' | 'ticked', { name }: PackagedRule, target: PackagedFunction, event: object): void {
    onDelivery({ kind, atMs: options.clock.now(), event, functionName: target.name, rule: name });
    enqueue(target, event, deliveryMs(kind));
  }

  function enqueue(target: PackagedFunction, event: object, afterMs = 0): void {
    const delivery = deliver(target, event, afterMs).finally(() => underWay.delete(delivery));
    underWay.add(delivery);
  }

  function publish(event: object): void {
    for (const { rule, matches, target } of routes) if (matches(event)) send('matched', rule, target, event);
    for (const { arn, matches, textOf } of mails) if (matches(event)) notify(arn, SUBJECT, textOf(event));
  }

  function notify(topicArn: string, subject: string, text: string): void {
    const { subscriptions = [] } = template.topics.find(({ arn }) => arn === topicArn) ?? {};
    const to = subscriptions.flatMap(({ protocol, endpoint }) => (protocol === 'email' ? [endpoint] : []));
    const mail = { atMs: options.clock.now(), topicArn, to, subject, text };
    outbox.push(mail);
    options.onMail?.(mail);
  }

  function startSchedules(firstMs?: number): void {
    const { clock } = options;
    const shortestMs = Math.min(...routes.flatMap(({ everyMs }) => everyMs ?? []));
    for (const { rule, everyMs, target } of routes) {
      if (everyMs === undefined) continue;
      const untilFirstMs = everyMs === shortestMs ? (firstMs ?? everyMs) : everyMs;
      const tick = (): void => {
        send('ticked', rule, target, scheduledEvent(rule, clock.now()));
        clock.schedule(clock.now() + everyMs, tick, true);
      };
      clock.schedule(clock.now() + untilFirstMs, tick, true);
    }
  }

  async function settled(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  }

  return {
    publish,
    enqueue: (target, event) => enqueue(target, event),
    notify,
    startSchedules,
    settled,
    queues,
    outbox,
  };
}

/** What a mail is called that is no alarm's. */
const SUBJECT = 'AWS Notification Message';

const isTopic = (arn: string): boolean => arn.split(':')[2] === 'sns';

/** @returns the record for the on-failure destination, when every attempt failed. */
async function invokeWithRetries(
  target: PackagedFunction,
  event: object,
  { clock, invoke, onDelivery: report = () => {}, newRequestId = randomUUID }: BusOptions,
): Promise<FailureRecord | undefined> {
  const acceptedAtMs = clock.now();
  const requestId = newRequestId();
  for (let attempt = 1; ; attempt += 1) {
    const common = { event, functionName: target.name, attempt };
    report({ kind: 'invoked', atMs: clock.now(), ...common });
    const outcome = await invoke(target, event, requestId);
    if (outcome.ok) {
      report({ kind: 'returned', atMs: clock.now(), ...common, payload: outcome.payload });
      return undefined;
    }
    const { errorType, errorMessage } = outcome;
    const retryInMs = RETRY_DELAYS_MS[attempt - 1] ?? Number.POSITIVE_INFINITY;
    const isLast = attempt > target.async.retries;
    const ends = isLast || clock.now() + retryInMs - acceptedAtMs > target.async.maximumAgeMs;
    const failed = { kind: 'failed', atMs: clock.now(), ...common, errorType, errorMessage } as const;
    report(ends ? failed : { ...failed, retryInMs });
    if (ends) {
      const condition = isLast ? 'RetriesExhausted' : 'EventAgeExceeded';
      return {
        version: '1.0',
        timestamp: new Date(clock.now()).toISOString(),
        requestContext: { functionArn: `${target.arn}:$LATEST`, condition, approximateInvokeCount: attempt },
        requestPayload: event,
        responsePayload: { errorType, errorMessage },
      };
    }
    await clock.sleep(retryInMs);
  }
}

function functionOf(template: Template, arn: string): PackagedFunction {
  const target = template.functions.find((candidate) => candidate.arn === arn);
  if (target === undefined) throw new Error(`the rule's target ${arn} is not a function of this template`);
  return target;
}

function queueOf(queues: Map<string, FailureRecord[]>, arn: string): FailureRecord[] {
  const queue = queues.get(arn);
  if (queue === undefined) throw new Error(`the destination ${arn} is not a queue of this template`);
  return queue;
}
