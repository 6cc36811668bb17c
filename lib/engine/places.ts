import type { Clock } from '../clock.ts';

/**
 * So many groups may be busy at once; those that wait hold no place. A group that waits for EC2 to detach or attach
 * needs nothing but time, and must not keep another one from being looked after.
 */
export class Places {
  private free: number;
  private readonly queue: (() => void)[] = [];

  constructor(count: number) {
    this.free = count;
  }

  /** Does some work in a place of its own. @param work gets the clock to wait by: it gives the place up meanwhile. */
  async take<Result>(clock: Clock, work: (clock: Clock) => Promise<Result>): Promise<Result> {
    await this.enter();
    try {
      return await work({ now: () => clock.now(), random: () => clock.random(), sleep: this.sleeper(clock) });
    } finally {
      this.leave();
    }
  }

  private sleeper(clock: Clock): Clock['sleep'] {
    return async (ms, signal) => {
      this.leave();
      try {
        await clock.sleep(ms, signal);
      } finally {
        await this.enter();
      }
    };
  }

  private async enter(): Promise<void> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.queue.push(resolve));
  }

  /** The place goes to whoever waits longest. */
  private leave(): void {
    const next = this.queue.shift();
    if (next) next();
    else this.free += 1;
  }
}
