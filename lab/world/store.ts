/** Records by id, with every version they ever had: a stale reply is simply a read at an earlier moment. */
export class Store<T> {
  readonly #versions = new Map<string, { atMs: number; value: T | undefined }[]>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The record as it is, or as it was at `atMs`. */
  get(id: string, atMs = Infinity): T | undefined {
    return this.#versions.get(id)?.findLast((version) => version.atMs <= atMs)?.value;
  }

  /** Every record that exists (or existed at `atMs`), in order of creation. */
  all(atMs = Infinity): T[] {
    return [...this.#versions.keys()].flatMap((id) => this.get(id, atMs) ?? []);
  }

  /** Every version a record had, the oldest first; `undefined` where it was deleted. */
  history(id: string): readonly { readonly atMs: number; readonly value: T | undefined }[] {
    return this.#versions.get(id) ?? [];
  }

  put(id: string, value: T | undefined): void {
    const versions = this.#versions.get(id) ?? [];
    versions.push({ atMs: this.#now(), value });
    this.#versions.set(id, versions);
  }

  delete(id: string): void {
    this.put(id, undefined);
  }
}
