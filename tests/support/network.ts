import type { Clock } from '../../lib/clock.ts';
import type { Attempt } from '../../lib/probe/attempt.ts';
import type { OutcomeClass } from '../../lib/probe/outcome.ts';

/** What an address does from a moment on. */
type Behaviour = Exclude<OutcomeClass, 'unsent'>;

/** Addresses that answer or do not, in virtual time: what the probes look at where no socket is wanted. */
export class Network {
  readonly #clock: Clock;
  readonly #hosts = new Map<string, { readonly from: number; readonly does: Behaviour }[]>();
  /** Every look: who was asked, and when. */
  readonly looks: { readonly address: string; readonly at: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** From a moment on, or from now, an address does something else. An address nobody told of is silent. */
  set(address: string, does: Behaviour, from = this.#clock.now()): this {
    const steps = [...(this.#hosts.get(address) ?? []), { from, does }];
    this.#hosts.set(
      address,
      steps.toSorted((a, b) => a.from - b.from),
    );
    return this;
  }

  /** When an address was looked at. */
  looksAt(address: string): readonly number[] {
    return this.looks.filter((look) => look.address === address).map(({ at }) => at);
  }

  /** @param sees what a probe makes of what is there: one that is blind, or lies, is told otherwise. */
  attempt(sees: (address: string, does: Behaviour) => OutcomeClass = (_, does) => does): Attempt {
    return async (_target, address, limits, signal) => {
      const at = this.#clock.now();
      this.looks.push({ address, at });
      const does = this.#hosts.get(address)?.findLast(({ from }) => from <= at)?.does ?? 'silent';
      const found = sees(address, does);
      const ms = { silent: limits.connectMs, slow: 1 + limits.answerMs, unsent: 0 }[found as string] ?? 1;
      const isOver = await this.#clock.sleep(ms, signal).then(
        () => true,
        () => false,
      );
      return { class: isOver ? found : 'unsent', ms: Math.round(this.#clock.now() - at) };
    };
  }
}
