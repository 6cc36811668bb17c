import type { VirtualClock } from '../../../lab/clock.ts';
import type { Random } from '../../../lab/random.ts';
import { AwsCallError } from '../../../lib/errors.ts';
import type { Invoker } from '../../../lib/watch/ports.ts';
import type { Setup } from './setup.ts';

/** How the functions are run: the payload is theirs, as it comes out of JSON. */
export interface Functions {
  /** Runs one that is invoked asynchronously; what it throws, Lambda would try again later. */
  run(name: string, payload: unknown): Promise<unknown>;
  /** Runs one that somebody waits for. */
  answer(name: string, payload: unknown): Promise<unknown>;
  /** What is wrong with a function now, as far as invoking it goes. */
  isThrottled(name: string, payload: unknown): boolean;
  isDead(name: string): boolean;
}

/** Lambda ends a probe that never answers (serverless/probe.cjs). */
const DEAD_MS = 25_000;
/** An event is not tried for longer than that (serverless.yml and the same). */
export const MOST_AGE_MS: Readonly<Record<string, number>> = { failover: 900_000, sweep: 60_000, watch: 60_000 };

/** Lambda between the functions: ways and cold starts that are drawn, one account's concurrency, odd deliveries. */
export class Lambda implements Invoker {
  readonly #time: VirtualClock;
  readonly #startMs: number;
  readonly #random: Random;
  readonly #setup: Setup;
  readonly #functions: Functions;
  #sends = 0;
  #running = 0;

  constructor(time: VirtualClock, random: Random, setup: Setup, functions: Functions) {
    this.#time = time;
    this.#startMs = time.now();
    this.#random = random;
    this.#setup = setup;
    this.#functions = functions;
  }

  async ask(name: string, payload: unknown, timeoutMs: number): Promise<unknown> {
    const isDead = this.#functions.isDead(name);
    const isThrottled = this.#functions.isThrottled(name, payload);
    await this.#wayMs();
    if (isThrottled || this.#isFull()) throw new AwsCallError('throttled', 'lambda:InvokeFunction', 'TooMany', 'Rate');
    const over = new AbortController();
    const late = this.#time.sleep(timeoutMs, over.signal).then(() => {
      throw new AwsCallError('unavailable', 'lambda:InvokeFunction', 'TimeoutError', 'no answer');
    });
    const work = isDead ? this.#dead() : this.#functions.answer(name, JSON.parse(JSON.stringify(payload)));
    const answer = this.counted(work).then((found) => JSON.parse(JSON.stringify(found)) as unknown);
    return Promise.race([answer, late]).finally(() => over.abort());
  }

  async send(name: string, payload: unknown): Promise<void> {
    await this.#wayMs();
    this.#sends += 1;
    const odd = this.#setup.oddSends;
    const how = odd && this.#sends % odd.every === 0 ? odd.how : 'as it should';
    const times = { lost: [], doubled: [0, 900], late: [31_000] }[how as string] ?? [0];
    for (const laterMs of times) this.begin(this.#deliver(name, JSON.parse(JSON.stringify(payload)), laterMs));
  }

  /** Runs something beside everything else. What a run throws, Lambda tries again later; the next sweep comes before. */
  begin(work: Promise<unknown>): void {
    work.catch(() => undefined);
  }

  /** Counts a run among those of the account. */
  async counted<T>(work: Promise<T>): Promise<T> {
    this.#running += 1;
    return work.finally(() => (this.#running -= 1));
  }

  async #deliver(name: string, payload: unknown, laterMs: number): Promise<unknown> {
    const { sendsTakeMs = 0, sendsTakeUntilMs = Number.POSITIVE_INFINITY } = this.#setup;
    const isSlow = name === 'failover' && this.#time.now() - this.#startMs < sendsTakeUntilMs;
    await this.#time.sleep(laterMs + (isSlow ? sendsTakeMs : 0));
    await this.#wayMs();
    if (await this.isDropped(MOST_AGE_MS[name])) return undefined;
    return this.counted(this.#functions.run(name, payload));
  }

  /**
   * Waits for a free run. A throttled event goes back to the queue, and is tried 1, 2, 4 and so on seconds later, up to
   * five minutes (Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation").
   * @returns whether it has grown too old meanwhile.
   */
  async isDropped(mostAgeMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    const since = this.#time.now();
    for (let waitMs = 1_000; this.#isFull(); waitMs = Math.min(waitMs * 2, 300_000)) {
      if (this.#time.now() + waitMs - since > mostAgeMs) return true;
      await this.#time.sleep(waitMs);
    }
    return false;
  }

  #isFull(): boolean {
    const { concurrency } = this.#setup;
    if (!concurrency) return false;
    const now = this.#time.now() - this.#startMs;
    const others = concurrency.others.filter(({ fromMs, untilMs }) => now >= fromMs && now < untilMs);
    return this.#running + others.reduce((sum, { runs }) => sum + runs, 0) >= concurrency.limit;
  }

  async #dead(): Promise<never> {
    await this.#time.sleep(DEAD_MS);
    throw new AwsCallError('unavailable', 'lambda:InvokeFunction', 'Unhandled', 'Task timed out');
  }

  /** One in a while is a cold start. */
  #wayMs(): Promise<void> {
    const cold = this.#random.chance(0.1) ? this.#random.int(300, 900) : 0;
    return this.#time.sleep(this.#random.int(50, 300) + cold);
  }
}
