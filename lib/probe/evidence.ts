import { isLife, type Outcome, type OutcomeClass, passes } from './outcome.ts';
import type { TargetKind } from './target.ts';

/**
 * What is known of one floating interface and of those who bear witness for it. It passes from call to call, so it is
 * JSON; all times are milliseconds since the epoch. Pure.
 */
export interface Evidence {
  readonly floating: FloatingEvidence;
  /** The holder's own address; null where it is not known. */
  readonly own: WitnessEvidence | null;
  /** By the id of the witness: the group's standbys, and neighbours in the interface's subnet. */
  readonly witnesses: Readonly<Record<string, WitnessEvidence>>;
}

/** Consecutive looks at the floating address that the target is not content with. */
export interface Miss {
  readonly class: OutcomeClass;
  /** When that look began. */
  readonly at: number;
}

export interface FloatingEvidence {
  /** When this attachment was first looked at. */
  readonly since: number;
  /** Its last good answer since this attachment; null: it never gave one. */
  readonly lastAnswerAt: number | null;
  /** When the newest look that was answered well began: an older one says nothing more. */
  readonly answeredLookAt: number | null;
  /** Good answers in a row. */
  readonly answers: number;
  /** When the first of the misses in a row began; null when the last look was answered well. */
  readonly missingSince: number | null;
  /** When the first of the newest misses began that were signs of life; null where there are none, or silence since. */
  readonly failingSince: number | null;
  /** The newest of the misses in a row, oldest first; at most {@link MOST_MISSES}. */
  readonly misses: readonly Miss[];
  /** Misses in a row. */
  readonly missed: number;
}

export interface WitnessEvidence {
  /** The last sign of life; null: never heard. */
  readonly lastAnswerAt: number | null;
  /** Whether it ever passed what the floating address is asked. */
  readonly hasPassed: boolean;
  /** What the newest look that has ended came to; null before the first. */
  readonly last: OutcomeClass | null;
  /** When that look began. */
  readonly lookedAt: number | null;
  /** Looks without a sign of life, in a row. */
  readonly silences: number;
  /** When the first of the newest looks in a row began that did not pass; null while the newest did. */
  readonly failingSince: number | null;
}

/** As many misses as a doubled count needs. */
export const MOST_MISSES = 6;
/** Good answers in a row are counted no further. */
const MOST_ANSWERS = 1_000;

export function freshFloating(now: number): FloatingEvidence {
  return {
    since: now,
    lastAnswerAt: null,
    answeredLookAt: null,
    answers: 0,
    missingSince: null,
    failingSince: null,
    misses: [],
    missed: 0,
  };
}

export const FRESH_WITNESS: WitnessEvidence = {
  lastAnswerAt: null,
  hasPassed: false,
  last: null,
  lookedAt: null,
  silences: 0,
  failingSince: null,
};

/**
 * Adds a look at the floating address. Looks overlap, as one may wait for its answer longer than the cadence: they
 * count in the order in which they began.
 * @param at when the look began.
 */
export function addLook(before: FloatingEvidence, kind: TargetKind, found: Outcome, at: number): FloatingEvidence {
  if (found.class === 'unsent') return before;
  return passes(kind, found.class) ? addAnswer(before, at, at + found.ms) : addMiss(before, { class: found.class, at });
}

function addAnswer(before: FloatingEvidence, lookAt: number, answeredAt: number): FloatingEvidence {
  const misses = before.misses.filter(({ at }) => at > lookAt);
  return {
    ...before,
    lastAnswerAt: Math.max(before.lastAnswerAt ?? answeredAt, answeredAt),
    answeredLookAt: Math.max(before.answeredLookAt ?? lookAt, lookAt),
    answers: misses.length > 0 ? 0 : Math.min(before.answers + 1, MOST_ANSWERS),
    missingSince: misses[0]?.at ?? null,
    failingSince: misses.find((miss) => isLife(miss.class))?.at ?? null,
    misses,
    missed: misses.length,
  };
}

function addMiss(before: FloatingEvidence, miss: Miss): FloatingEvidence {
  // A look that began later was answered well.
  if (miss.at <= (before.answeredLookAt ?? Number.NEGATIVE_INFINITY)) return before;
  const misses = [...before.misses, miss].toSorted((a, b) => a.at - b.at).slice(-MOST_MISSES);
  const missingSince = Math.min(before.missingSince ?? miss.at, miss.at);
  const failingSince = failing(before, misses, miss);
  return { ...before, answers: 0, missingSince, failingSince, misses, missed: before.missed + 1 };
}

/** So many silent looks in a row are silence; fewer may be a queue that is full. */
const SILENCE = 3;

function failing({ failingSince }: FloatingEvidence, misses: readonly Miss[], miss: Miss): number | null {
  const newest = misses.slice(-SILENCE);
  if (newest.length === SILENCE && !newest.some((each) => isLife(each.class))) return null;
  return isLife(miss.class) ? Math.min(failingSince ?? miss.at, miss.at) : failingSince;
}

/** Adds a look at the holder's own address, or at a witness. @param at when the look began. */
export function addWitness(before: WitnessEvidence, kind: TargetKind, found: Outcome, at: number): WitnessEvidence {
  if (found.class === 'unsent') return before;
  const alive = isLife(found.class);
  const answeredAt = Math.max(before.lastAnswerAt ?? 0, at + found.ms);
  const isNewest = at >= (before.lookedAt ?? at);
  const good = passes(kind, found.class);
  return {
    lastAnswerAt: alive ? answeredAt : before.lastAnswerAt,
    hasPassed: before.hasPassed || good,
    last: isNewest ? found.class : before.last,
    lookedAt: isNewest ? at : before.lookedAt,
    silences: alive ? 0 : before.silences + 1,
    failingSince: !isNewest ? before.failingSince : good ? null : (before.failingSince ?? at),
  };
}
