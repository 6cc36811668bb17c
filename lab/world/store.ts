interface Version<T> {
  readonly atMs: number;
  readonly value: T | undefined;
}

/** Records by id, with every version they ever had: a stale reply is simply a read at an earlier moment. */
export class Store<T> {
  readonly #versions = new Map<string, Version<T>[]>();
  readonly #now: () => number;
  /** When anything changed last, and what there has been since then. */
  #changedMs = Number.NEGATIVE_INFINITY;
  #present: readonly T[] | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The record as it is, or as it was at `atMs`. */
  get(id: string, atMs = Infinity): T | undefined {
    const versions = this.#versions.get(id);
    const last = versions?.at(-1);
    if (last === undefined || last.atMs <= atMs) return last?.value;
    return versions?.findLast((version) => version.atMs <= atMs)?.value;
  }

  /** Every record that exists (or existed at `atMs`), in order of creation. */
  all(atMs = Infinity): T[] {
    if (atMs < this.#changedMs) return this.#collect(atMs);
    this.#present ??= this.#collect(atMs);
    return [...this.#present];
  }

  /** Every version a record had, the oldest first; `undefined` where it was deleted. */
  history(id: string): readonly { readonly atMs: number; readonly value: T | undefined }[] {
    return this.#versions.get(id) ?? [];
  }

  put(id: string, value: T | undefined): void {
    const versions = this.#versions.get(id) ?? [];
    const atMs = this.#now();
    versions.push({ atMs, value });
    this.#versions.set(id, versions);
    this.#changedMs = atMs;
    this.#present = undefined;
  }

  delete(id: string): void {
    this.put(id, undefined);
  }

  #collect(atMs: number): T[] {
    return [...this.#versions.keys()].flatMap((id) => this.get(id, atMs) ?? []);
  }
}
