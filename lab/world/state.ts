import type { LabClock } from '../clock.ts';
import { Random } from '../random.ts';
import { TokenBuckets } from './buckets.ts';
import type { CallRecord, FaultHook, Policy } from './hooks.ts';
import { type Injection, Injections } from './injections.ts';
import { CustomMetrics } from './metrics.ts';
import {
  type Alarm,
  type BusEvent,
  type Fact,
  type Instance,
  type Latencies,
  type NetworkInterface,
  QUIRKS,
  type Quirks,
  type Range,
} from './model.ts';
import { Mutes } from './mutes.ts';
import { latenciesOf, type ProfileName } from './profile.ts';
import { Store } from './store.ts';

export interface WorldOptions {
  readonly clock: LabClock;
  readonly seed: number | string;
  readonly region?: string;
  readonly accountId?: string;
  /** How long things take: `recorded`, as on AWS, unless another profile is named. */
  readonly profile?: ProfileName | undefined;
  /** What takes another time than in the profile. */
  readonly latencies?: Partial<Latencies>;
  readonly quirks?: Partial<Quirks>;
  /** Describe replies may be as old as this. */
  readonly consistency?: { readonly staleReadsUpToMs: number };
  /** Whether calls are throttled; on unless switched off. */
  readonly buckets?: boolean;
  /** From one datapoint of the status checks to the next, in milliseconds: a minute, but for a demonstration in a hurry. */
  readonly tickMs?: number;
  /** What every address begins with: `10.0` unless somebody plays hosts on the loopback. */
  readonly network?: string;
}

type Listener<T> = (value: T) => void;

/** What the world consists of, and the means to change it and to tell about it. No behaviour. */
export class WorldState {
  readonly clock: LabClock;
  readonly region: string;
  readonly accountId: string;
  readonly latencies: Latencies;
  readonly quirks: Quirks;
  readonly staleReadsUpToMs: number;
  readonly buckets: TokenBuckets | undefined;
  readonly random: Readonly<Record<'ids' | 'latency' | 'checks' | 'calls' | 'dryRuns', Random>>;
  /** When the world began; no read looks further back. */
  readonly startedMs: number;

  readonly instances: Store<Instance>;
  readonly interfaces: Store<NetworkInterface>;
  readonly alarms: Store<Alarm>;
  /** What was published with PutMetricData. */
  readonly metrics = new CustomMetrics();
  /** When each resource was tagged last. */
  readonly taggedMs = new Map<string, number>();
  readonly mutes = new Mutes(() => this.clock.now());
  /** The strategies of the placement groups, by their names. */
  readonly placementGroups = new Map<string, 'cluster' | 'partition' | 'spread'>();
  /** The call journal, in the order in which calls took effect. */
  readonly calls: CallRecord[] = [];

  /** Replace these to make calls fail, or to evaluate IAM policies. */
  faults: FaultHook = { before: () => undefined };
  policy: Policy = () => true;
  /** Faults that wait for calls, after what {@link faults} says. */
  readonly injections = new Injections(
    () => this.clock.now(),
    (id) => this.#joinedBy(id),
  );

  readonly #eventListeners: Listener<BusEvent>[] = [];
  readonly #factListeners: Listener<Fact>[] = [];
  readonly #callListeners: Listener<CallRecord>[] = [];

  constructor(options: WorldOptions) {
    const random = new Random(options.seed);
    this.clock = options.clock;
    this.startedMs = options.clock.now();
    this.region = options.region ?? 'us-east-1';
    this.accountId = options.accountId ?? '123456789012';
    const { profile = 'recorded' } = options;
    this.latencies = latenciesOf(profile, options.latencies);
    this.quirks = { ...QUIRKS, ...(profile === 'recorded' && { pages: 'recorded' }), ...options.quirks };
    this.staleReadsUpToMs = options.consistency?.staleReadsUpToMs ?? 0;
    this.buckets = options.buckets === false ? undefined : new TokenBuckets();
    this.random = {
      ids: random.fork('ids'),
      latency: random.fork('latency'),
      checks: random.fork('checks'),
      calls: random.fork('calls'),
      dryRuns: random.fork('dry-runs'),
    };
    const now = (): number => this.clock.now();
    this.instances = new Store(now);
    this.interfaces = new Store(now);
    this.alarms = new Store(now);
  }

  onEvent(listener: Listener<BusEvent>): void {
    this.#eventListeners.push(listener);
  }

  onFact(listener: Listener<Fact>): void {
    this.#factListeners.push(listener);
  }

  onCall(listener: Listener<CallRecord>): void {
    this.#callListeners.push(listener);
  }

  /** Lets a fault wait for calls; see {@link Injection}. */
  inject(injection: Injection): void {
    this.injections.add(injection);
  }

  /** A new id, such as `eni-0123456789abcdef0`. */
  newId(prefix: string): string {
    return `${prefix}-0${this.random.ids.hex(16)}`;
  }

  arn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.region}:${this.accountId}:${resource}`;
  }

  #joinedBy(attachmentId: string): string[] {
    const found = this.interfaces.all().find(({ attachment }) => attachment?.id === attachmentId);
    return found?.attachment === undefined ? [] : [found.id, found.attachment.instanceId];
  }

  /** Runs a task after a latency drawn from the seed. */
  after(range: Range, task: () => void, background = false): void {
    this.clock.schedule(this.clock.now() + this.random.latency.int(...range), task, background);
  }

  /** Puts an event on the default bus. @returns its id. */
  emit(detailType: string, source: string, resources: readonly string[], detail: Record<string, unknown>): string {
    const event: BusEvent = {
      version: '0',
      id: this.random.ids.uuid(),
      'detail-type': detailType,
      source,
      account: this.accountId,
      time: `${new Date(this.clock.now()).toISOString().slice(0, 19)}Z`,
      region: this.region,
      resources,
      detail,
    };
    this.tell('event', detailType, { event });
    for (const listener of this.#eventListeners) listener(event);
    return event.id;
  }

  /** Adds a line to the story. */
  tell(kind: Fact['kind'], text: string, data: Readonly<Record<string, unknown>>): void {
    const fact: Fact = { atMs: this.clock.now(), kind, text, data };
    for (const listener of this.#factListeners) listener(fact);
  }

  /** Writes the call journal. */
  journal(record: CallRecord): void {
    this.calls.push(record);
    this.tell('call', `${record.action}: ${record.outcome}`, { record });
    for (const listener of this.#callListeners) listener(record);
  }
}
