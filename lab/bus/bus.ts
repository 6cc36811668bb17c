import type { PackagedFunction, Template } from '../package/template.ts';
import { compilePattern } from './pattern.ts';

/** Time as the bus needs it; the lab's clocks are one. */
export interface BusClock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** What a function gave back: its result, or the error Lambda makes of it. */
export type Outcome =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly errorType: string; readonly errorMessage: string };

/** Runs a function once, as Lambda would. Never rejects. */
export type Invoke = (target: PackagedFunction, event: object) => Promise<Outcome>;

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
    | { readonly kind: 'matched'; readonly rule: string }
    | { readonly kind: 'invoked'; readonly attempt: number }
    | { readonly kind: 'returned'; readonly attempt: number; readonly payload: unknown }
    | { readonly kind: 'failed'; readonly attempt: number; readonly errorType: string; readonly errorMessage: string }
    | { readonly kind: 'gave-up'; readonly destinationArn?: string; readonly record: FailureRecord }
  );

export interface BusOptions {
  readonly template: Template;
  readonly clock: BusClock;
  readonly invoke: Invoke;
  readonly onDelivery?: (delivery: Delivery) => void;
  /** How long EventBridge takes to hand an event to Lambda; drawn for each delivery. */
  readonly deliveryMs?: () => number;
  /** Delivery is at least once: how many times this one is. */
  readonly copies?: () => number;
}

export interface Bus {
  /** Matches an event against every rule and delivers it. Returns at once, as PutEvents does. */
  publish(event: object): void;
  /** Resolves when nothing is under way any more, retries included. */
  settled(): Promise<void>;
  /** What ended in each queue, by ARN. */
  readonly queues: ReadonlyMap<string, readonly FailureRecord[]>;
}

/** Lambda's own waits before the first and the second retry of an asynchronous invocation. */
const RETRY_DELAYS_MS = [60_000, 120_000];

/**
 * EventBridge's default bus and Lambda's asynchronous invocation behind it, for the rules of a packaged template.
 * @throws PatternError when a rule has a pattern the matcher does not know
 */
export function createBus(options: BusOptions): Bus {
  const { template, onDelivery = () => {}, deliveryMs = () => 0, copies = () => 1 } = options;
  const queues = new Map<string, FailureRecord[]>([...template.queues.keys()].map((arn) => [arn, []]));
  const routes = template.rules.flatMap(({ name, pattern, targets }) => {
    if (pattern === undefined) throw new Error(`rule ${name} has no event pattern: the bus does not tick`);
    const matches = compilePattern(pattern);
    return targets.map(({ arn }) => ({ rule: name, matches, target: functionOf(template, arn) }));
  });
  const underWay = new Set<Promise<void>>();

  async function deliver(target: PackagedFunction, event: object): Promise<void> {
    await options.clock.sleep(deliveryMs());
    const record = await invokeWithRetries(target, event, options);
    if (record === undefined) return;
    const { onFailureArn } = target.async;
    if (onFailureArn !== undefined) queueOf(queues, onFailureArn).push(record);
    const destination = onFailureArn === undefined ? {} : { destinationArn: onFailureArn };
    onDelivery({
      kind: 'gave-up',
      atMs: options.clock.now(),
      event,
      functionName: target.name,
      ...destination,
      record,
    });
  }

  function publish(event: object): void {
    for (const { rule, target } of routes.filter(({ matches }) => matches(event))) {
      onDelivery({ kind: 'matched', atMs: options.clock.now(), event, functionName: target.name, rule });
      for (let copy = copies(); copy > 0; copy -= 1) {
        const delivery = deliver(target, event).finally(() => underWay.delete(delivery));
        underWay.add(delivery);
      }
    }
  }

  async function settled(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  }

  return { publish, settled, queues };
}

/** @returns the record for the on-failure destination, when every attempt failed. */
async function invokeWithRetries(
  target: PackagedFunction,
  event: object,
  { clock, invoke, onDelivery: report = () => {} }: BusOptions,
): Promise<FailureRecord | undefined> {
  const acceptedAtMs = clock.now();
  for (let attempt = 1; ; attempt += 1) {
    const common = { event, functionName: target.name, attempt };
    report({ kind: 'invoked', atMs: clock.now(), ...common });
    const outcome = await invoke(target, event);
    if (outcome.ok) {
      report({ kind: 'returned', atMs: clock.now(), ...common, payload: outcome.payload });
      return undefined;
    }
    const { errorType, errorMessage } = outcome;
    report({ kind: 'failed', atMs: clock.now(), ...common, errorType, errorMessage });
    const delayMs = RETRY_DELAYS_MS[attempt - 1] ?? Number.POSITIVE_INFINITY;
    const isLast = attempt > target.async.retries;
    if (isLast || clock.now() + delayMs - acceptedAtMs > target.async.maximumAgeMs) {
      const condition = isLast ? 'RetriesExhausted' : 'EventAgeExceeded';
      return {
        version: '1.0',
        timestamp: new Date(clock.now()).toISOString(),
        requestContext: { functionArn: `${target.arn}:$LATEST`, condition, approximateInvokeCount: attempt },
        requestPayload: event,
        responsePayload: { errorType, errorMessage },
      };
    }
    await clock.sleep(delayMs);
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
