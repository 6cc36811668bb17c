import { floating, member, type Scene } from '../../../demo/scenarios.ts';
import { VirtualClock, withRandom } from '../../../lab/clock.ts';
import { Random } from '../../../lab/random.ts';
import { inProcessProtocol } from '../../../lab/wire/in-process.ts';
import type { Range } from '../../../lab/world/model.ts';
import { World } from '../../../lab/world/world.ts';
import type { Clock } from '../../../lib/clock.ts';
import { DEFAULT_SETTINGS } from '../../../lib/core/settings.ts';
import { AwsCallError } from '../../../lib/errors.ts';
import type { Attempt } from '../../../lib/probe/attempt.ts';
import type { OutcomeClass } from '../../../lib/probe/outcome.ts';
import type { VerdictEvent } from '../../../lib/probe/verdict-event.ts';
import type { Invoker } from '../../../lib/watch/ports.ts';
import * as shipped from './product.ts';
import type { Illness, Setup } from './setup.ts';

export type Product = typeof shipped;

export const START = Date.UTC(2026, 7, 20, 10);
const MINUTE_MS = 60_000;
const PREFIX = DEFAULT_SETTINGS.tagPrefix;

/**
 * What a host does with whoever asks it. `stuck`: its service stands still under load, so that the queue of the floating
 * address is full, and that of its own is not.
 */
export type Does = OutcomeClass | 'stuck';

/** When something was taken off a member by the product, and whether that member was down then. */
export interface Taken {
  readonly at: number;
  readonly from: string;
  readonly wasDown: boolean;
}

/**
 * A group in a VPC with probes, in virtual time: the lab's EC2, hosts that answer or do not, and the product's four
 * functions, which reach each other as Lambda would have them. Addresses are those of EC2, and follow the interfaces.
 */
export class Vpc {
  readonly time = new VirtualClock(START);
  readonly world: World;
  readonly scene: Scene;
  readonly eni: string;
  readonly taken: Taken[] = [];
  /** When intents were written. */
  readonly intents: number[] = [];
  readonly told: VerdictEvent[] = [];
  /** Plain detaches that were followed by force, by the member that was left. */
  readonly forced: string[] = [];
  /** What each look at a member really met, from a moment on. */
  readonly #does = new Map<string, { readonly from: number; readonly does: Does }[]>();
  readonly #setup: Setup;
  readonly #product: Product;
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #names: readonly string[];
  readonly #memory;
  #sends = 0;
  #runs = 0;

  constructor(setup: Setup, product: Product = shipped) {
    this.#setup = setup;
    this.#product = product;
    const detachMs: Range = setup.slowDetach ? [5_000, 5_000] : [1_000, 3_000];
    const latencies = { callMs: [100, 300], attachMs: [1_000, 3_000], detachMs } as const;
    this.world = new World({ clock: this.time, seed: setup.seed, profile: 'quick', latencies });
    const names = ['node-1', 'node-2', 'node-3'].slice(0, setup.members ?? 2);
    const members = names.map((name) => member(this.world, name, { tags: { [`${PREFIX}group`]: 'web' } }));
    this.scene = floating(this.world, 'web', members);
    this.eni = this.scene.interfaces[0] ?? '';
    const tags = Object.entries({ probe: 'tcp:443', ...setup.tags }).map(([key, text]) => [PREFIX + key, text]);
    this.world.retag(this.eni, Object.fromEntries(tags));
    this.#random = new Random(setup.seed).fork('eyes');
    this.#clock = withRandom(this.time, this.#random);
    this.#names = ['probe-1', 'probe-2'].slice(0, setup.probes);
    this.#memory = product.freshMemory(this.#names);
    this.world.faults = {
      before: ({ action, input }) => {
        this.#note(action, input);
        return undefined;
      },
    };
  }

  /** What a member's addresses do from a moment on. EC2 goes on calling it well. */
  host(id: string, does: Does, fromMs: number): this {
    this.#does.set(id, [...(this.#does.get(id) ?? []), { from: START + fromMs, does }]);
    this.time.schedule(START + fromMs, () => (does === 'silent' ? this.#hang(id) : this.world.recoverInstance(id)));
    return this;
  }

  /** Whether a member answers nobody, or does not serve. */
  isDown(id: string, now = this.time.now()): boolean {
    return this.#hostDoes(id, now) !== 'answered';
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
    for (let minute = 0; minute < minutes; minute += 1) {
      if (!this.#setup.missingStarts?.includes(minute)) this.#begin(this.sweep());
      await this.time.advance(MINUTE_MS);
    }
    await this.time.advance(MINUTE_MS);
  }

  sweep(): Promise<unknown> {
    return this.#app().sweep({ runId: this.#runId(), remainingMs: 55_000 });
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
      probe: { prober: createProber(this.#names, this.#invoker), watcher: createWatcher('watch', this.#invoker) },
      aws: {
        region: this.world.region,
        credentials: { accessKeyId: 'lab', secretAccessKey: 'lab' },
        transport: inProcessProtocol(this.world, caller),
      },
    });
  }

  readonly #invoker: Invoker = {
    ask: (name, payload, timeoutMs) => this.#ask(name, payload, timeoutMs),
    send: async (name, payload) => {
      await this.#wayMs();
      this.#sends += 1;
      const odd = this.#setup.oddSends;
      const how = odd && this.#sends % odd.every === 0 ? odd.how : 'as it should';
      const times = { lost: [], doubled: [0, 900], late: [31_000] }[how as string] ?? [0];
      for (const laterMs of times) this.#begin(this.#run(name, JSON.parse(JSON.stringify(payload)), laterMs));
    },
  };

  async #run(name: string, payload: unknown, laterMs: number): Promise<unknown> {
    await this.time.sleep(laterMs + (name === 'failover' ? (this.#setup.sendsTakeMs ?? 0) : 0));
    await this.#wayMs();
    if (name === 'failover') {
      this.told.push(payload as VerdictEvent);
      return this.failover(payload);
    }
    const { watch, readWatchInput } = this.#product;
    const ports = { clock: this.#clock, invoker: this.#invoker, log: () => undefined, memory: this.#memory };
    return watch(readWatchInput(payload), { ...ports, failover: 'failover' }, 90_000);
  }

  /** One in a while is a cold start. */
  #wayMs(): Promise<void> {
    const cold = this.#random.chance(0.1) ? this.#random.int(300, 900) : 0;
    return this.time.sleep(this.#random.int(50, 300) + cold);
  }

  #begin(work: Promise<unknown>): void {
    // What a run throws, Lambda tries again later; the next sweep comes before.
    work.catch(() => undefined);
  }

  async #ask(name: string, payload: unknown, timeoutMs: number): Promise<unknown> {
    const ill = this.#illOf(name);
    await this.#wayMs();
    if (ill === 'throttled') throw new AwsCallError('throttled', 'lambda:InvokeFunction', 'TooManyRequests', 'Rate');
    const over = new AbortController();
    const late = this.time.sleep(timeoutMs, over.signal).then(() => {
      throw new AwsCallError('unavailable', 'lambda:InvokeFunction', 'TimeoutError', 'no answer');
    });
    const answer = ill === 'dead' ? new Promise(() => {}) : this.#answer(name, payload);
    return Promise.race([answer, late]).finally(() => over.abort());
  }

  async #answer(name: string, payload: unknown): Promise<unknown> {
    const lagMs = (): number => (this.#illOf(name) === 'starved' ? 400 : 0);
    const sleep = (ms: number, signal?: AbortSignal) => this.time.sleep(ms + lagMs(), signal);
    const { refusals, serve } = this.#product;
    const ports = { attempt: this.#attempt(name), refusalOf: refusals({ blocks: [] }), memoryMb: 128 };
    const clock = { ...this.#clock, now: () => this.time.now(), sleep };
    return JSON.parse(JSON.stringify(await serve(JSON.parse(JSON.stringify(payload)), { clock, ...ports }, 24_000)));
  }

  #illOf(name: string): Illness['kind'] | undefined {
    const now = this.time.now() - START;
    const own = this.#setup.ills?.filter(({ probe }) => `probe-${probe}` === name) ?? [];
    return own.find(({ fromMs, untilMs }) => now >= fromMs && now < untilMs)?.kind;
  }

  #attempt(name: string): Attempt {
    return async (_target, address, limits, signal) => {
      const at = this.time.now();
      const found = this.#seen(name, address);
      const ms = { silent: limits.connectMs, slow: limits.answerMs }[found as string] ?? 2;
      const isOver = await this.time.sleep(ms, signal).then(
        () => true,
        () => false,
      );
      return { class: isOver ? found : 'unsent', ms: Math.round(this.time.now() - at) };
    };
  }

  #seen(name: string, address: string): OutcomeClass {
    const ill = this.#illOf(name);
    const view = this.world.interfaces.all().find(({ privateIps }) => privateIps.includes(address));
    const owner = view?.attachment?.status === 'attached' ? view.attachment.instanceId : undefined;
    if (ill === 'blind' || owner === undefined || this.world.instance(owner)?.state !== 'running') return 'silent';
    // It takes whoever holds the floating interface for silent, on all its addresses.
    if (ill === 'liar' && owner === this.holder) return 'silent';
    const does = this.#hostDoes(owner, this.time.now());
    if (does !== 'stuck') return does;
    return view?.id === this.eni ? 'silent' : 'slow';
  }

  #hostDoes(id: string, now: number): Does {
    return this.#does.get(id)?.findLast(({ from }) => from <= now)?.does ?? 'answered';
  }

  /** A hung guest lets nothing go by itself; its checks notice only after long. */
  #hang(id: string): void {
    this.world.failInstance(id, { hangsDetach: true, noticedAfterMs: 120 * MINUTE_MS });
  }

  #note(action: string, input: Readonly<Record<string, unknown>>): void {
    if (action === 'CreateTags' && JSON.stringify(input).includes('v1 moving'))
      this.intents.push(this.time.now() - START);
    if (action !== 'DetachNetworkInterface' || input['DryRun'] === true) return;
    const { attachment } = this.world.interface(this.eni) ?? {};
    if (input['Force'] === true) this.forced.push(attachment?.instanceId ?? 'nobody');
    if (!attachment || attachment.id !== input['AttachmentId'] || attachment.status !== 'attached') return;
    const from = attachment.instanceId;
    this.taken.push({ at: this.time.now() - START, from, wasDown: this.isDown(from) });
  }
}
