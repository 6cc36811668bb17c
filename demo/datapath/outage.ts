import type { Attempt, LongEvent } from './prober.ts';

/** The longest time in which nobody answered. */
export interface Outage {
  /** The last answer before it, and the first one after it; `endMs` is undefined when there was none. */
  readonly startMs: number;
  readonly endMs: number | undefined;
  readonly ms: number;
  readonly before: string;
  readonly after: string | undefined;
}

/**
 * Finds the longest time without an answer, from the end of one answer to the end of the next.
 * @param sinceMs nothing that ended before this counts but the last answer before it
 * @param untilMs when the last attempt that could have been answered began; silence up to then counts
 */
export function outageIn(attempts: readonly Attempt[], sinceMs: number, untilMs: number): Outage | undefined {
  const answers = attempts
    .flatMap(({ endMs, host }) => (host === undefined ? [] : [{ endMs, host }]))
    .toSorted((a, b) => a.endMs - b.endMs);
  const first = Math.max(
    0,
    answers.findLastIndex(({ endMs }) => endMs < sinceMs),
  );
  let longest: Outage | undefined;
  for (const [nth, { endMs: startMs, host: before }] of answers.entries()) {
    if (nth < first) continue;
    const next = answers[nth + 1];
    const ms = (next?.endMs ?? untilMs) - startMs;
    if (ms > (longest?.ms ?? 0)) longest = { startMs, endMs: next?.endMs, ms, before, after: next?.host };
  }
  return longest;
}

/** How many answers each host gave, and how many attempts had none. */
export function countAnswers(attempts: readonly Attempt[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { host, why } of attempts) {
    const name = host ?? `no answer (${why})`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** What became of a connection that was open when the trouble began. */
export interface Fate {
  readonly fate: 'survived' | 'broken' | 'silent';
  /** The system's code, or `closed`, when it ended. */
  readonly why?: string;
  /** Since when nothing came through it any more, counted from the trouble; absent when it survived. */
  readonly lastMs?: number;
  /** When its client was told, counted from the trouble; absent while it does not know. */
  readonly toldMs?: number;
}

/**
 * Says what became of the keep-alive connection (`kept`) or of the download (`bytes`).
 * @param sinceMs when the trouble began, @param overMs when it was over, or looking ended; milliseconds since the epoch
 */
export function fateOf(events: readonly LongEvent[], kind: 'kept' | 'bytes', sinceMs: number, overMs: number): Fate {
  const end = events.find((event) => event.kind === `${kind}-end`);
  const last = events.findLast((event) => event.kind === kind)?.atMs ?? sinceMs;
  const lastMs = Math.round(last - sinceMs);
  if (end !== undefined) return { fate: 'broken', why: end.what, lastMs, toldMs: Math.round(end.atMs - sinceMs) };
  return last > overMs ? { fate: 'survived' } : { fate: 'silent', lastMs };
}
