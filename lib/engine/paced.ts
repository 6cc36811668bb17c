import type { Clock } from '../clock.ts';

/** Lets calls through one after the other, at most one in each interval: what nobody waits for must not crowd out a move. */
export class Paced {
  private readonly clock: Clock;
  private readonly everyMs: number;
  private nextAt = Number.NEGATIVE_INFINITY;

  /** @param everyMs the shortest time between two calls, in milliseconds */
  constructor(clock: Clock, everyMs: number) {
    this.clock = clock;
    this.everyMs = everyMs;
  }

  /** Resolves when it is the caller's turn. */
  async turn(): Promise<void> {
    const at = Math.max(this.clock.now(), this.nextAt);
    this.nextAt = at + this.everyMs;
    await this.clock.sleep(at - this.clock.now());
  }
}
