/** One number that somebody has published. */
interface Sample {
  /** Its time. */
  readonly atMs: number;
  readonly value: number;
  /** From when on it can be read. */
  readonly visibleMs: number;
}

/** A metric, by namespace, name and all of its dimensions. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

const keyOf = ({ namespace, name, dimensions }: MetricId): string =>
  JSON.stringify([namespace, name, Object.entries(dimensions).toSorted(([a], [b]) => (a < b ? -1 : 1))]);

/** What was published with PutMetricData. Nothing is ever deleted, as on AWS. */
export class CustomMetrics {
  readonly #series = new Map<string, Sample[]>();

  /** Whether anybody has published anything. */
  get isUsed(): boolean {
    return this.#series.size > 0;
  }

  /** Whether a metric ever had a datapoint. */
  has(id: MetricId): boolean {
    return this.#series.has(keyOf(id));
  }

  /** @param resolutionSeconds 1 or 60: how finely its time is kept. */
  put(id: MetricId, sample: Sample, resolutionSeconds: 1 | 60): void {
    const stepMs = resolutionSeconds * 1_000;
    const stored = { ...sample, atMs: Math.floor(sample.atMs / stepMs) * stepMs };
    this.#series.set(keyOf(id), [...(this.#series.get(keyOf(id)) ?? []), stored]);
  }

  /** What can be read now of a time: from a moment on, and until another. */
  valuesIn(id: MetricId, fromMs: number, untilMs: number, nowMs: number): readonly number[] {
    const all = this.#series.get(keyOf(id)) ?? [];
    return all.flatMap(({ atMs, value, visibleMs }) =>
      atMs >= fromMs && atMs < untilMs && visibleMs <= nowMs ? [value] : [],
    );
  }
}
