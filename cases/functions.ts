import type { Outcome } from '../lab/bus/bus.ts';
import { VirtualProcess } from '../lab/package/process.ts';
import type { PackagedFunction } from '../lab/package/template.ts';
import type { Random } from '../lab/random.ts';
import type { World } from '../lab/world/world.ts';
import { type AppOptions } from '../lib/app.ts';
import { readSettings, readUpkeepSettings } from '../lib/config.ts';
import type { Upkeep } from '../lib/engine/ports.ts';
import type { SecondLook } from '../lib/probe/verdict.ts';
import { parseUpkeep } from '../lib/triggers/upkeep.ts';
import { createUpkeepApp } from '../lib/upkeep-app.ts';
import { type MakeProduct, makeProduct } from './product.ts';

/** A look at what is silent takes a second. */
const LOOK_MS = 1_100;

/** One invocation: an attempt, where the bus tries again. */
export interface Invocation {
  readonly functionName: string;
  readonly input: object;
  readonly requestId: string;
  readonly startMs: number;
  endMs?: number;
  outcome?: Outcome;
}

type Handler = (
  input: unknown,
  invocation: { readonly runId: string; readonly remainingMs: number },
) => Promise<unknown>;

interface Slot {
  readonly process: VirtualProcess;
  readonly handler: Handler;
  isBusy: boolean;
}

/** Lambda in virtual time: processes that stay warm, run one invocation at a time, and are gone at the time-out. */
export class Functions {
  readonly invocations: Invocation[] = [];
  /** The log lines of the runs. */
  readonly records: Readonly<Record<string, unknown>>[] = [];
  readonly #world: World;
  readonly #random: Random;
  readonly #makeProduct: MakeProduct;
  /** What the probes see when the failover function asks for one more look; nothing where none answers. */
  look: readonly SecondLook[] = [];
  /** What the sweep starts; nothing unless the case says so. */
  upkeep: Upkeep | undefined;
  readonly #slots = new Map<string, Slot[]>();

  constructor(world: World, random: Random, make = makeProduct) {
    this.#world = world;
    this.#random = random;
    this.#makeProduct = make;
  }

  /** Runs a function once. Never rejects. */
  invoke(target: PackagedFunction, input: object, requestId: string): Promise<Outcome> {
    const { clock } = this.#world;
    const slot = this.#free(target);
    slot.isBusy = true;
    const invocation: Invocation = { functionName: target.name, input, requestId, startMs: clock.now() };
    this.invocations.push(invocation);
    return new Promise((resolve) => {
      const end = (outcome: Outcome): void => {
        if (invocation.outcome !== undefined) return;
        invocation.outcome = outcome;
        invocation.endMs = clock.now();
        cancelTimeout();
        slot.isBusy = !slot.process.alive;
        resolve(outcome);
      };
      const cancelTimeout = clock.schedule(clock.now() + target.timeoutMs, () => {
        const seconds = (target.timeoutMs / 1000).toFixed(2);
        slot.process.kill();
        end({ ok: false, errorType: 'Sandbox.Timedout', errorMessage: `Task timed out after ${seconds} seconds` });
      });
      this.#run(slot, target, input, requestId).then(
        (payload) => end({ ok: true, payload }),
        (error: Error) => end({ ok: false, errorType: error.name, errorMessage: error.message }),
      );
    });
  }

  async #run({ handler }: Slot, target: PackagedFunction, input: object, runId: string): Promise<unknown> {
    const invocation = { runId, remainingMs: target.timeoutMs };
    // As JSON, which is how it comes in and goes out.
    return throughJson(await handler(throughJson(input), invocation));
  }

  #handlerOf(target: PackagedFunction, options: AppOptions): Handler {
    if (isOf(target, 'upkeep')) {
      const app = createUpkeepApp({ ...options, upkeep: readUpkeepSettings(target.environment) });
      return async (input, invocation) => app.handle(parseUpkeep(input), invocation);
    }
    const product = this.#makeProduct(options);
    return isOf(target, 'sweep') ? (_, invocation) => product.sweep(invocation) : product.failover;
  }

  #free(target: PackagedFunction): Slot {
    const slots = this.#slots.get(target.name) ?? [];
    const warm = slots.find(({ isBusy, process }) => !isBusy && process.alive);
    if (warm) return warm;
    const world = this.#world;
    const random = this.#random.fork(`${target.name}-${slots.length + 1}`);
    const process = new VirtualProcess({ world, caller: target.name, wire: true, random });
    const options: AppOptions = {
      settings: readSettings(target.environment),
      clock: process.clock,
      // A deployment without a probe has no verdicts, and asks nobody.
      probe: {
        prober: { look: () => process.clock.sleep(LOOK_MS).then(() => this.look) },
        ...(this.upkeep && { upkeep: this.upkeep }),
      },
      announce: (record) => void this.records.push(throughJson(record)),
      aws: {
        region: world.region,
        credentials: { accessKeyId: target.name, secretAccessKey: 'secret' },
        transport: process.transport,
      },
    };
    const slot = { process, handler: this.#handlerOf(target, options), isBusy: false };
    this.#slots.set(target.name, [...slots, slot]);
    return slot;
  }
}

const isOf = ({ handler }: PackagedFunction, name: string): boolean => handler === `functions/${name}.handler`;

function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
