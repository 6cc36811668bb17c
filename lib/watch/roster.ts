import type { Tracked } from './tracked.ts';

/** Who is judged in a run, and who is not any more. */
export class Roster {
  /** What is still judged. */
  judged: readonly Tracked[];
  /** Those that may move now. That their holders fell silent still counts. */
  #leaving: readonly Tracked[] = [];

  constructor(all: readonly Tracked[]) {
    this.judged = all;
  }

  get everybody(): readonly Tracked[] {
    return [...this.judged, ...this.#leaving];
  }

  /** A group of which a move may follow is not judged until the next run knows where it is. */
  letGo({ group }: Tracked): readonly Tracked[] {
    const gone = this.judged.filter((each) => each.group === group);
    this.#leaving = [...this.#leaving, ...gone];
    this.judged = this.judged.filter((each) => each.group !== group);
    return gone;
  }

  /** Nobody was told: they go on being judged. */
  takeBack(those: readonly Tracked[]): void {
    this.#leaving = this.#leaving.filter((each) => !those.includes(each));
    this.judged = [...this.judged, ...those.filter((each) => !this.judged.includes(each))];
  }
}
