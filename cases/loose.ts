import type { Place } from './play.ts';

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * How long an interface was attached to nothing, all such times together; when two are at the same time it counts
 * once. One that was deleted is attached to nothing from then on.
 */
export function looseMs(places: ReadonlyMap<string, readonly Place[]>, untilMs: number): number {
  const spans = [...places.values()].flatMap((history) => looseSpans(history, untilMs));
  let sum = 0;
  let countedMs = 0;
  for (const { fromMs, toMs } of spans.toSorted((one, two) => one.fromMs - two.fromMs)) {
    const start = Math.max(fromMs, countedMs);
    sum += Math.max(0, toMs - start);
    countedMs = Math.max(countedMs, toMs);
  }
  return sum;
}

function looseSpans(history: readonly Place[], untilMs: number): readonly Span[] {
  return history.flatMap(({ fromMs, attachment }, nth) => {
    if (attachment !== undefined) return [];
    const next = history[nth + 1]?.fromMs ?? untilMs;
    return [{ fromMs: Math.max(0, fromMs), toMs: Math.min(next, untilMs) }];
  });
}
