/** What the event loop may come late by, in milliseconds, before what was missed meanwhile counts for nobody. */
export const MOST_LAG_MS = 100;
/** So many late rounds in a row, and the probe sees nothing. */
export const MOST_SLOW_ROUNDS = 3;
const ROUND_MS = 1_000;

/**
 * How late the probe's own event loop is. A process that is held up sees its deadlines pass before it sees the answers
 * that had come in time: held to a 128-MB share of a CPU, a probe of 30 healthy https targets once gave 204 false
 * misses of 300.
 */
export class LagMeter {
  readonly #startedAt: number;
  #dueAt: number;
  #lateUntil = Number.NEGATIVE_INFINITY;
  #round = 0;
  /** Rounds in a row, up to now, that were late. */
  slowRounds = 0;

  constructor(now: number) {
    this.#startedAt = now;
    this.#dueAt = now;
  }

  /** Whoever ticks says when it wants to wake next. */
  expect(dueAt: number): void {
    this.#dueAt = dueAt;
  }

  /** It woke. */
  tick(now: number): void {
    if (now - this.#dueAt > MOST_LAG_MS) this.#lateUntil = now;
    const round = Math.floor((now - this.#startedAt) / ROUND_MS);
    if (round > this.#round) {
      const isLate = this.#lateUntil > this.#startedAt + this.#round * ROUND_MS;
      this.slowRounds = isLate ? this.slowRounds + round - this.#round : 0;
      this.#round = round;
    }
    this.#dueAt = now;
  }

  /** Whether the loop was late since a moment, or is just now: a deadline can be the first to run after a stall. */
  isLate(since: number, now: number): boolean {
    return this.#lateUntil > since || now - this.#dueAt > MOST_LAG_MS;
  }
}
