import { VirtualClock, withRandom } from '../../lab/clock.ts';
import { Random } from '../../lab/random.ts';
import type { Clock } from '../../lib/clock.ts';
import { AwsCallError } from '../../lib/errors.ts';
import { refusals } from '../../lib/probe/address.ts';
import type { OutcomeClass } from '../../lib/probe/outcome.ts';
import { serve } from '../../lib/probe/serve.ts';
import type { VerdictDetail, VerdictEvent } from '../../lib/probe/verdict-event.ts';
import type { WatchInput, WatchedGroup, WatchedInterface } from '../../lib/watch/input.ts';
import { freshMemory, type Memory } from '../../lib/watch/memory.ts';
import type { Invoker } from '../../lib/watch/ports.ts';
import { watch, type WatchSummary } from '../../lib/watch/watch.ts';
import { Network } from './network.ts';

/** A whole minute, so that the first probe leads. */
export const START = Date.UTC(2026, 7, 20, 10);
export const FIRST = 'probe-1';
export const SECOND = 'probe-2';

/** A probe function that is not as it should be. */
export interface Ill {
  /** What it makes of what is there: it is blind, or lies. */
  sees?: (address: string, does: OutcomeClass) => OutcomeClass;
  /** Every timer of it comes so late, in milliseconds. */
  lateMs?: number;
  /** It cannot be invoked (`throttled`), or never answers (`dead`). */
  fault?: 'throttled' | 'dead';
  /** It answers at once, and with this. */
  answers?: object;
  /** The way there and back takes so much longer. */
  slowMs?: number;
}

export type Told = VerdictDetail & { readonly toldAt: number };

/** Everything around `watch`, in virtual time: probes that really look, at hosts of a network, and who is told. */
export class Scene {
  readonly time = new VirtualClock(START);
  readonly clock: Clock = withRandom(this.time, new Random(1));
  readonly network = new Network(this.clock);
  readonly told: Told[] = [];
  readonly said: Readonly<Record<string, unknown>>[] = [];
  readonly calls: { readonly name: string; readonly at: number; readonly kind: string }[] = [];
  readonly ill = new Map<string, Ill>();
  readonly groups: WatchedGroup[] = [];
  /** The failover function cannot be told. */
  isDeaf = false;
  readonly probes: readonly string[];
  memory: Memory;

  constructor(probes: readonly string[] = [FIRST, SECOND]) {
    this.probes = probes;
    this.memory = freshMemory(probes);
  }

  /** A group whose members answer. Its addresses are 10.0.<i>.10 (floating), .1 (holder) and .2 (standby). */
  add(i: number, change: Partial<WatchedGroup> = {}, target = 'tcp:443'): this {
    const at = (host: number): string => `10.0.${i}.${host}`;
    for (const host of [1, 2, 10]) this.network.set(at(host), 'answered', START - 1);
    this.groups.push({
      group: `web-${i}`,
      zone: 'eu-west-1a',
      holder: { id: `i-a${i}`, address: at(1) },
      interfaces: [{ id: `eni-${i}`, attachmentId: `eni-attach-${i}`, address: at(10), target }],
      standbys: [{ id: `i-b${i}`, address: at(2) }],
      acts: 'failover',
      serviceAfterSeconds: 10,
      ...change,
    });
    return this;
  }

  /** The guest hangs: neither its own nor the floating address answers from then on. */
  hang(i: number, afterMs: number): this {
    for (const host of [1, 10]) this.network.set(`10.0.${i}.${host}`, 'silent', START + afterMs);
    return this;
  }

  /** The groups, where the ledgers remember this of each interface. */
  knowing(told: NonNullable<WatchedInterface['told']>): readonly WatchedGroup[] {
    return this.groups.map((group) => ({ ...group, interfaces: group.interfaces.map((each) => ({ ...each, told })) }));
  }

  input(change: Partial<WatchInput> = {}): WatchInput {
    return { version: 1, readAt: this.time.now(), groups: this.groups, ...change };
  }

  /** One run of `watch`, from now. */
  run(input = this.input(), { memory = this.memory, remainingMs = 90_000 } = {}): Promise<WatchSummary> {
    return this.time.run(this.begin(input, { memory, remainingMs }));
  }

  begin(input = this.input(), { memory = this.memory, remainingMs = 90_000 } = {}): Promise<WatchSummary> {
    const { clock } = this;
    const log = (record: Readonly<Record<string, unknown>>): void => void this.said.push(record);
    return watch(input, { clock, invoker: this.#invoker(), log, memory, failover: 'failover' }, remainingMs);
  }

  /** What was said of the probes, by code. */
  codes(): readonly unknown[] {
    return this.said.map(({ code }) => code).filter((code) => code !== 'verdict');
  }

  /** When calls of the lead began, and of whom. */
  leads(): readonly string[] {
    return this.calls.filter(({ kind }) => kind === 'watch').map(({ name }) => name);
  }

  #invoker(): Invoker {
    return {
      ask: (name, payload, timeoutMs) => this.#ask(name, payload, timeoutMs),
      send: async (_name, payload) => {
        await this.clock.sleep(20);
        if (this.isDeaf)
          throw new AwsCallError('throttled', 'lambda:InvokeFunction', 'TooManyRequestsException', 'Rate');
        this.told.push({ ...(payload as VerdictEvent).detail, toldAt: this.time.now() });
      },
    };
  }

  async #ask(name: string, payload: unknown, timeoutMs: number): Promise<unknown> {
    const ill = this.ill.get(name) ?? {};
    this.calls.push({ name, at: this.time.now(), kind: (payload as { kind: string }).kind });
    if (ill.fault === 'throttled') {
      await this.clock.sleep(30);
      throw new AwsCallError('throttled', 'lambda:InvokeFunction', 'TooManyRequestsException', 'Rate exceeded');
    }
    if (ill.answers) return ill.answers;
    const over = new AbortController();
    const late = this.clock.sleep(timeoutMs, over.signal).then(() => {
      throw new AwsCallError('unavailable', 'lambda:InvokeFunction', 'TimeoutError', 'no answer');
    });
    return Promise.race([ill.fault === 'dead' ? new Promise(() => {}) : this.#answer(ill, payload), late]).finally(() =>
      over.abort(),
    );
  }

  async #answer({ sees, lateMs = 0, slowMs = 0 }: Ill, payload: unknown): Promise<unknown> {
    const clock = { ...this.clock, sleep: (ms: number, signal?: AbortSignal) => this.clock.sleep(ms + lateMs, signal) };
    const attempt = this.network.attempt(sees);
    await this.clock.sleep(40 + slowMs);
    const reply = await serve(
      JSON.parse(JSON.stringify(payload)),
      { clock, attempt, refusalOf: refusals({ blocks: [] }), memoryMb: 256 },
      30_000,
    );
    await this.clock.sleep(10 + slowMs);
    return JSON.parse(JSON.stringify(reply)) as unknown;
  }
}

/** Sees nobody. */
export const BLIND: Ill = { sees: () => 'silent' };

/** Takes the floating and the holder's own address of every group for silent, and only those. */
export const LIAR: Ill = { sees: (address, does) => (/\.(?:1|10)$/.test(address) ? 'silent' : does) };
