/** A mute rule is active for so long. */
const WINDOW_MS = 3_600_000;

/** Names of alarms that an active mute rule silences: their events say so, DescribeAlarms does not. */
export class Mutes extends Set<string> {
  readonly #sinceMs = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    super();
    this.#now = now;
  }

  override add(name: string): this {
    if (!this.has(name)) this.#sinceMs.set(name, this.#now());
    return super.add(name);
  }

  /** From when to when the rule of an alarm is active; nothing for an alarm that is not muted now. */
  windowOf(name: string): { readonly startMs: number; readonly endMs: number } | undefined {
    const startMs = this.#sinceMs.get(name) ?? 0;
    // A rule that was not ended by hand is renewed: whoever adds an alarm here says when it is over.
    return this.has(name) ? { startMs, endMs: Math.max(startMs, this.#now()) + WINDOW_MS } : undefined;
  }
}
