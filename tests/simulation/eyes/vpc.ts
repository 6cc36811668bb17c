import { floating, member, type Scene } from '../../../demo/scenarios.ts';
import { VirtualClock, withRandom } from '../../../lab/clock.ts';
import { Random } from '../../../lab/random.ts';
import { inProcessProtocol } from '../../../lab/wire/in-process.ts';
import type { CallRecord } from '../../../lab/world/hooks.ts';
import type { BusEvent } from '../../../lab/world/model.ts';
import type { World } from '../../../lab/world/world.ts';
import type { Clock } from '../../../lib/clock.ts';
import { DEFAULT_SETTINGS } from '../../../lib/core/settings.ts';
import type { VerdictEvent } from '../../../lib/probe/verdict-event.ts';
import { type Does, Hosts } from './hosts.ts';
import { type Functions, Lambda, MOST_AGE_MS } from './lambda.ts';
import * as shipped from './product.ts';
import { type Setup, worldOf } from './setup.ts';

export type Product = typeof shipped;

export const START = Date.UTC(2026, 7, 20, 10);
const MINUTE_MS = 60_000;
const PREFIX = DEFAULT_SETTINGS.tagPrefix;

/** A detach from a member, by the product, that EC2 has accepted, and whether that member was down then. */
export interface Taken {
  readonly at: number;
  readonly from: string;
  readonly wasDown: boolean;
}

/**
 * Groups in a VPC with probes, in virtual time: the lab's EC2, hosts that answer or do not, and the product's four
 * functions, which reach each other as Lambda would have them.
 */
export class Vpc {
  readonly time = new VirtualClock(START);
  readonly world: World;
  /** The first group; the others are there to be looked at as well. */
  readonly scene: Scene;
  readonly scenes: readonly Scene[];
  readonly eni: string;
  /** Of whichever group. */
  readonly taken: Taken[] = [];
  /** When intents were written. */
  readonly intents: number[] = [];
  readonly told: VerdictEvent[] = [];
  /** Plain detaches that were followed by force, by the member that was left. */
  readonly forced: string[] = [];
  readonly #hosts: Hosts;
  readonly #lambda: Lambda;
  readonly #setup: Setup;
  readonly #product: Product;
  readonly #clock: Clock;
  readonly #names: readonly string[];
  readonly #memory;
  readonly #left = new Set<unknown>();
  #runs = 0;
  #minutes = 0;

  constructor(setup: Setup, product: Product = shipped) {
    this.#setup = setup;
    this.#product = product;
    this.world = worldOf(setup, this.time);
    if (setup.recorded) this.world.onEvent((event) => this.#lambda.begin(this.#deliver(event)));
    const names = ['web', ...Array.from({ length: (setup.groups ?? 1) - 1 }, (_, nth) => `web-${nth + 2}`)];
    this.scenes = names.map((name, nth) => this.#build(name, nth === 0 ? (setup.members ?? 2) : 2));
    this.scene = this.scenes[0] as Scene;
    this.eni = this.scene.interfaces[0] ?? '';
    this.retag(this.eni, setup.tags ?? {});
    const random = new Random(setup.seed).fork('eyes');
    this.#clock = withRandom(this.time, random);
    this.#names = ['probe-1', 'probe-2'].slice(0, setup.probes);
    this.#memory = product.freshMemory(this.#names);
    this.#hosts = new Hosts(this.world, this.eni, setup);
    this.#lambda = new Lambda(this.time, random, setup, this.#functions);
    this.world.onCall((record) => this.#note(record));
  }

  #build(group: string, count: number): Scene {
    const tags = { [`${PREFIX}group`]: group };
    const names = ['node-1', 'node-2', 'node-3'].slice(0, count);
    const members = names.map((name) => member(this.world, name, { tags }));
    const scene = floating(this.world, group, members);
    const asked = this.#setup.unwatched ? [] : scene.interfaces;
    for (const id of asked) this.retag(id, { probe: 'tcp:443' });
    return scene;
  }

  /** Tags an interface. @param tags without their prefix. */
  retag(id: string, tags: Readonly<Record<string, string>>): void {
    this.world.retag(id, Object.fromEntries(Object.entries(tags).map(([key, text]) => [PREFIX + key, text])));
  }

  /** What a member's addresses do from a moment on. EC2 goes on calling it well. */
  host(id: string, does: Does, fromMs: number): this {
    this.#hosts.set(id, does, fromMs);
    return this;
  }

  /** Lets something happen at a moment. */
  at(ms: number, what: () => void): void {
    this.time.schedule(START + ms, what);
  }

  get holder(): string | undefined {
    return this.world.holderOf(this.eni);
  }

  /** What stands in the way, as the ledger has it. */
  get condition(): string | undefined {
    const notes = this.world.interface(this.eni)?.tags[`${DEFAULT_SETTINGS.statePrefix}notes`] ?? '';
    return /condition (\S+)/.exec(notes)?.[1];
  }

  /** Sweeps each minute, for so long. */
  async play(minutes: number): Promise<void> {
    const { missingStarts = [], startsUntil = Number.POSITIVE_INFINITY } = this.#setup;
    for (let left = minutes; left > 0; left -= 1) {
      const starts = this.#minutes < startsUntil ? (this.#setup.starts ?? 1) : 1;
      for (let nth = 0; nth < starts && !missingStarts.includes(this.#minutes); nth += 1)
        this.#lambda.begin(this.#sweep((nth * MINUTE_MS) / starts));
      this.#minutes += 1;
      await this.time.advance(MINUTE_MS);
    }
    await this.time.advance(MINUTE_MS);
  }

  async #sweep(laterMs: number): Promise<unknown> {
    await this.time.sleep(laterMs);
    if (await this.#lambda.isDropped(MOST_AGE_MS['sweep'])) return undefined;
    return this.#lambda.counted(this.#app().sweep({ runId: this.#runId(), remainingMs: 55_000 }));
  }

  /** Brings an event to the failover function as EventBridge does, where a rule of the stack would. */
  async #deliver(event: BusEvent): Promise<unknown> {
    return event['detail-type'] === 'CloudWatch Alarm State Change' ? this.failover(event) : undefined;
  }

  /** Invokes the failover function with whatever it is. */
  failover(event: unknown): Promise<unknown> {
    const parsed = this.#product.parseInvocation(event, DEFAULT_SETTINGS.alarmPrefix);
    return this.#app().handle(parsed, { runId: this.#runId(), remainingMs: 55_000 });
  }

  #runId(): string {
    return `run-${(this.#runs += 1)}`;
  }

  #app() {
    const { createApp, createProber, createWatcher } = this.#product;
    const caller = `caller-${this.#runs}`;
    return createApp({
      settings: DEFAULT_SETTINGS,
      clock: this.#clock,
      announce: () => undefined,
      probe: { prober: createProber(this.#names, this.#lambda), watcher: createWatcher('watch', this.#lambda) },
      aws: {
        region: this.world.region,
        credentials: { accessKeyId: 'lab', secretAccessKey: 'lab' },
        transport: inProcessProtocol(this.world, caller),
      },
    });
  }

  get #functions(): Functions {
    const isIll = (name: string, kind: string): boolean => this.#hosts.illOf(name).some((ill) => ill.kind === kind);
    return {
      run: (name, payload) => this.#run(name, payload),
      answer: (name, payload) => this.#answer(name, payload),
      isDead: (name) => isIll(name, 'dead'),
      isThrottled: (name, payload) =>
        isIll(name, 'throttled') ||
        (isIll(name, 'no-confirmation') && (payload as { kind?: unknown }).kind === 'confirm'),
    };
  }

  async #run(name: string, payload: unknown): Promise<unknown> {
    if (name === 'failover') {
      this.told.push(payload as VerdictEvent);
      return this.failover(payload);
    }
    const { watch, readWatchInput } = this.#product;
    const ports = { clock: this.#clock, invoker: this.#lambda, log: () => undefined, memory: this.#memory };
    return watch(readWatchInput(payload), { ...ports, failover: 'failover' }, 90_000);
  }

  async #answer(name: string, payload: unknown): Promise<unknown> {
    const lagMs = (): number => (this.#hosts.illOf(name).some(({ kind }) => kind === 'starved') ? 400 : 0);
    const sleep = (ms: number, signal?: AbortSignal) => this.time.sleep(ms + lagMs(), signal);
    const { refusals, serve } = this.#product;
    const ports = { attempt: this.#hosts.attempt(name), refusalOf: refusals({ blocks: [] }), memoryMb: 128 };
    const clock = { ...this.#clock, now: () => this.time.now(), sleep };
    const reply = await serve(payload, { clock, ...ports }, 24_000);
    await this.time.sleep(Math.max(0, ...this.#hosts.illOf(name).map(({ lateMs = 0 }) => lateMs)));
    return reply;
  }

  #note({ action, input, outcome }: CallRecord): void {
    if (outcome !== 'ok' || input['DryRun'] === true) return;
    if (action === 'CreateTags' && JSON.stringify(input).includes('v1 moving'))
      this.intents.push(this.time.now() - START);
    if (action !== 'DetachNetworkInterface') return;
    const id = input['AttachmentId'];
    const view = this.world.interfaces.all().find(({ attachment }) => attachment?.id === id);
    const from = view?.attachment?.instanceId ?? 'nobody';
    if (input['Force'] === true) this.forced.push(from);
    if (this.#left.has(id)) return;
    this.#left.add(id);
    this.taken.push({ at: this.time.now() - START, from, wasDown: this.#hosts.isDown(from) });
  }
}
