const MINUTE_MS = 60_000;
/** A probe that could not be asked is left alone for so long, and twice as long each time, up to the most. */
const REST_MS = { first: 5_000, most: 60_000 } as const;
/** One that answers, and sees nothing or is too slow to see, for so long. */
const ILL_MS = 60_000;

/** Which of the probes leads. They take turns, minute by minute; one that does not answer is passed over. */
export class Leads {
  readonly #names: readonly string[];
  readonly #rests = new Map<string, { readonly until: number; readonly ms: number }>();
  readonly #illUntil = new Map<string, number>();

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** The one to ask now; undefined while none can be asked. */
  at(now: number): string | undefined {
    const turn = Math.floor(now / MINUTE_MS);
    const inTurn = this.#names.map((_, i) => this.#names[(turn + i) % this.#names.length] ?? '');
    const able = inTurn.filter((name) => now >= this.#restsUntil(name));
    return able.find((name) => now >= (this.#illUntil.get(name) ?? 0)) ?? able[0];
  }

  /** The one that confirms what another leads. */
  otherThan(lead: string): string | undefined {
    return this.#names.find((name) => name !== lead);
  }

  /** When one can be asked again. */
  nextAt(): number {
    return Math.min(...this.#names.map((name) => this.#restsUntil(name)));
  }

  /** Whether it did not answer when it was last asked. */
  isOnTrial(name: string): boolean {
    return this.#rests.has(name);
  }

  failed(name: string, now: number): void {
    const before = this.#rests.get(name)?.ms ?? REST_MS.first / 2;
    const ms = Math.min(before * 2, REST_MS.most);
    this.#rests.set(name, { until: now + ms, ms });
  }

  answered(name: string): void {
    this.#rests.delete(name);
  }

  /** It answers, but another one had better lead, if there is one. */
  isIll(name: string, now: number): void {
    this.#illUntil.set(name, now + ILL_MS);
  }

  #restsUntil(name: string): number {
    return this.#rests.get(name)?.until ?? Number.NEGATIVE_INFINITY;
  }
}
