import type { Experiment } from './experiment.ts';
import { PARTS, type Part } from './parts.ts';

/** Of several runs of the same fault, in milliseconds. */
export interface Figures {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

export interface Summary {
  readonly runs: number;
  /** How many came to what the fault has to come to. Only they count below. */
  readonly asExpected: number;
  readonly outage: Figures | null;
  readonly bareMove: Figures | null;
  /** The median outage in bare moves of the same runs: what product and EC2 add. Null where it had to be noticed first. */
  readonly ratio: number | null;
  /** Null where nothing moved. */
  readonly parts: Readonly<Record<Part, Figures>> | null;
}

/** Sums up the runs of one fault. */
export function summaryOf(experiments: readonly Experiment[]): Summary {
  const good = experiments.filter(({ asExpected }) => asExpected);
  const outage = figuresOf(good.flatMap(({ outageMs }) => outageMs ?? []));
  const bareMove = figuresOf(good.flatMap(({ bareMs }) => bareMs));
  const all = good.flatMap(({ parts }) => parts ?? []);
  const planned = all.every(({ detection }) => detection === 0);
  const ofPart = (part: Part): Figures => figuresOf(all.map((parts) => parts[part])) ?? { median: 0, p95: 0, max: 0 };
  return {
    runs: experiments.length,
    asExpected: good.length,
    outage,
    bareMove,
    ratio: outage && bareMove && planned ? Math.round((outage.median / bareMove.median) * 100) / 100 : null,
    parts: all.length === 0 ? null : (Object.fromEntries(PARTS.map((part) => [part, ofPart(part)])) as never),
  };
}

/** Median, 95th percentile (nearest rank) and maximum; null of nothing. */
export function figuresOf(values: readonly number[]): Figures | null {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (rank: number): number => sorted[Math.max(0, Math.ceil(rank * sorted.length) - 1)] ?? 0;
  const middle = sorted.length % 2 === 1 ? at(0.5) : (at(0.5) + (sorted[sorted.length / 2] ?? 0)) / 2;
  return sorted.length === 0 ? null : { median: middle, p95: at(0.95), max: at(1) };
}
