import type { WatchReply } from '../probe/protocol.ts';
import type { Log } from './ports.ts';

/** What is said of the probes themselves: each once, until it is over. */
export type ProbeCode =
  | 'probe-unavailable'
  | 'probe-slow'
  | 'probe-over-capacity'
  | 'probe-refused-address'
  | 'probe-disagrees'
  | 'probe-sees-nothing'
  | 'verdict-not-delivered';

/** The log of `watch`. A condition is told when it begins, and not again while it lasts. */
export class Says {
  readonly #log: Log;
  readonly #said: Set<string>;

  /** @param said outlives a run: a trouble is not told again every minute. */
  constructor(log: Log, said: Set<string>) {
    this.#log = log;
    this.#said = said;
  }

  /** @param about a probe, an interface: whatever it is said of. */
  say(code: ProbeCode, about: string, news: string): void {
    const key = `${code} ${about}`;
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.#log({ event: 'watch', code, about, news });
  }

  unsay(code: ProbeCode, about: string): void {
    this.#said.delete(`${code} ${about}`);
  }

  hasSaid(code: ProbeCode, about: string): boolean {
    return this.#said.has(`${code} ${about}`);
  }

  /** Whether it was said of whomever. */
  isSaid(code: string): boolean {
    return [...this.#said].some((key) => key.startsWith(`${code} `));
  }

  /** A verdict that was told to the failover function. */
  verdict(record: Readonly<Record<string, unknown>>): void {
    this.#log({ event: 'watch', code: 'verdict', ...record });
  }

  /** What a probe's reply says of the probe. */
  ofProbe(name: string, { overCapacity, refused, ended, slowRounds }: WatchReply): void {
    if (ended === 'slow')
      this.say(
        'probe-slow',
        name,
        `The event loop of ${name} lagged for ${slowRounds} rounds in a row, so it saw nothing: give it more memory, which is more CPU.`,
      );
    else if (slowRounds === 0) this.unsay('probe-slow', name);
    if (overCapacity)
      this.say(
        'probe-over-capacity',
        name,
        `${name} has more targets than ${overCapacity.memoryMb} MB can bear: set its memory to ${overCapacity.neededMb} MB.`,
      );
    else this.unsay('probe-over-capacity', name);
    for (const { id, reason } of refused) this.say('probe-refused-address', id, reason);
  }
}
