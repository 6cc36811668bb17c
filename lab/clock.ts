import type { Random } from './random.ts';

/** What the lab needs to know about time. */
export interface LabClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Runs a task at a moment (or at once, when that has passed).
   * @param background for ticks that never end: they alone do not keep a virtual run from being a deadlock.
   * @returns a function that cancels it.
   */
  schedule(atMs: number, task: () => void, background?: boolean): () => void;
  /** Resolves after `ms`; rejects with the signal's reason when that is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Work is pending, but nothing is left that could ever finish it. */
export class Deadlock extends Error {
  override readonly name = 'Deadlock';
}

interface Timer {
  readonly atMs: number;
  readonly background: boolean;
  readonly task: () => void;
}

/** How long background ticks alone may run before a run counts as a deadlock. */
const IDLE_LIMIT_MS = 24 * 3_600_000;

/** Time that passes only when told to. Same work, same seed: same history. */
export class VirtualClock implements LabClock {
  #nowMs: number;
  #busy = false;
  /** Ordered by time, then by order of scheduling. */
  #timers: Timer[] = [];

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  schedule(atMs: number, task: () => void, background = false): () => void {
    const timer: Timer = { atMs: Math.max(atMs, this.now()), background, task };
    const before = this.#timers.findLastIndex((other) => other.atMs <= timer.atMs);
    this.#timers.splice(before + 1, 0, timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  /** Drives time until `work` settles. */
  run<T>(work: Promise<T>): Promise<T> {
    return this.#exclusively(async () => {
      const outcome = { settled: false };
      const settle = (): void => {
        outcome.settled = true;
      };
      work.then(settle, settle);
      let busyMs = this.#nowMs;
      for (await drain(); !outcome.settled; await drain()) {
        if (this.#timers.some(({ background }) => !background)) busyMs = this.#nowMs;
        if (!this.#step(busyMs + IDLE_LIMIT_MS)) throw new Deadlock('work is pending and nothing is left to finish it');
      }
      return work;
    });
  }

  /** Lets time pass up to a moment, running every timer on the way and what it wakes. */
  runUntil(ms: number): Promise<void> {
    return this.#exclusively(async () => {
      do await drain();
      while (this.#step(ms));
      this.#nowMs = Math.max(this.#nowMs, ms);
    });
  }

  /** Lets `ms` milliseconds pass. */
  advance(ms: number): Promise<void> {
    return this.runUntil(this.#nowMs + ms);
  }

  /** Hands over every timer that is left, in order. */
  protected takeTimers(): readonly Timer[] {
    return this.#timers.splice(0);
  }

  async #exclusively<T>(body: () => Promise<T>): Promise<T> {
    if (this.#busy) throw new Error('this clock is already driving another run');
    this.#busy = true;
    return await body().finally(() => {
      this.#busy = false;
    });
  }

  /** Runs the next timer that is due by `limitMs`; false when there is none. */
  #step(limitMs: number): boolean {
    const [next] = this.#timers;
    if (next === undefined || next.atMs > limitMs) return false;
    this.#timers.shift();
    this.#nowMs = next.atMs;
    next.task();
    return true;
  }
}

/** The machine's time, optionally shifted. */
export class RealClock implements LabClock {
  readonly #offsetMs: number;
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;

  constructor(options: { readonly startMs?: number } = {}) {
    this.#offsetMs = options.startMs === undefined ? 0 : options.startMs - Date.now();
  }

  now(): number {
    return Date.now() + this.#offsetMs;
  }

  schedule(atMs: number, task: () => void): () => void {
    if (this.#stopped) return () => undefined;
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        task();
      },
      Math.max(0, atMs - this.now()),
    ).unref();
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    // Scheduled tasks must not keep a finished process alive; someone who sleeps must.
    const awake = setTimeout(() => {}, this.#stopped ? 0 : Math.max(0, ms));
    this.#timers.add(awake);
    return sleepOn(this, ms, signal).finally(() => {
      clearTimeout(awake);
      this.#timers.delete(awake);
    });
  }

  /** Drops every timer, now and from now on; whoever sleeps never wakes. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}

/** Virtual until {@link WarpClock.goLive}; from then on real time, going on from the moment that was reached. */
export class WarpClock extends VirtualClock {
  #live: RealClock | undefined;

  goLive(): void {
    const live = new RealClock({ startMs: this.now() });
    for (const timer of this.takeTimers()) live.schedule(timer.atMs, timer.task);
    this.#live = live;
  }

  override now(): number {
    return this.#live?.now() ?? super.now();
  }

  override schedule(atMs: number, task: () => void, background = false): () => void {
    return this.#live?.schedule(atMs, task) ?? super.schedule(atMs, task, background);
  }

  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#live?.sleep(ms, signal) ?? super.sleep(ms, signal);
  }

  stop(): void {
    this.#live?.stop();
  }
}

/** The clock together with a random source: the shape that code under test usually wants injected. */
export function withRandom(
  clock: LabClock,
  random: Random,
): { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void>; random(): number } {
  return {
    now: () => clock.now(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
    random: () => random.next(),
  };
}

function sleepOn(clock: LabClock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const cancel = clock.schedule(clock.now() + Math.max(0, ms), () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    });
    function stop(): void {
      cancel();
      reject(signal?.reason as Error);
    }
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/**
 * Waits until nothing can run any more without time passing. One turn of the event loop empties the microtasks; the
 * SDK's first call in a process also reads ~/.aws from disk, and virtual time has to wait for that.
 */
async function drain(): Promise<void> {
  do await new Promise<void>((resolve) => setImmediate(resolve));
  while (process.getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq')));
}
