import { addLook, addWitness, type Evidence, FRESH_WITNESS, freshFloating, type WitnessEvidence } from './evidence.ts';
import type { Outcome } from './outcome.ts';
import { type Told, targetOf, type Watched } from './protocol.ts';
import type { Target } from './target.ts';
import { judge, type Judgement } from './verdict.ts';

/** From start to start. */
const ROUND_MS = 1_000;
/** Two looks at one address are at least that far apart, however late the first of them was. */
const LEAST_APART_MS = 500;
/** How often witnesses are asked while all is well. */
const WITNESS_MS = 5_000;

/** One address to look at. */
export interface Place {
  readonly id: string;
  readonly address: string;
}

/** One watched interface: what is known of it, and when it is to be looked at next. No socket and no clock. */
export class Sight {
  readonly watched: Watched;
  readonly target: Target;
  readonly #count: number;
  #evidence: Evidence;
  #dueAt: number;
  #witnessesAt = Number.NEGATIVE_INFINITY;

  /** @param offsetMs when in a round it is its turn: looks are spread, so that they do not wait for one another. */
  constructor(watched: Watched, count: number, now: number, offsetMs: number) {
    this.watched = watched;
    this.target = targetOf(watched.target);
    this.#count = count;
    this.#evidence = completed(watched, now);
    const lastAt = lastLookAt(this.#evidence);
    // The cadence goes on from the call before.
    this.#dueAt = lastAt === undefined ? now + offsetMs : Math.min(lastAt + ROUND_MS, now + ROUND_MS);
  }

  get evidence(): Evidence {
    return this.#evidence;
  }

  get isMissing(): boolean {
    return this.#evidence.floating.missed > 0;
  }

  /** Whether the floating address is to be looked at now; if so, the next time is a round later. */
  takeTurn(now: number): boolean {
    if (now < this.#dueAt) return false;
    const lateMs = (now - this.#dueAt) % ROUND_MS;
    // What came late is made up for, as far as two looks stay apart.
    this.#dueAt = now + Math.max(ROUND_MS - lateMs, LEAST_APART_MS);
    return true;
  }

  /** Whether witnesses are to be asked now: every few seconds, and in each round while it is missing. */
  takeWitnessTurn(now: number): boolean {
    const every = this.isMissing ? LEAST_APART_MS : WITNESS_MS;
    if (now - this.#witnessesAt < every) return false;
    this.#witnessesAt = now;
    return true;
  }

  /** Those who bear witness. */
  get witnesses(): readonly Place[] {
    return witnessesOf(this.watched);
  }

  addLook(found: Outcome, at: number): void {
    this.#evidence = { ...this.#evidence, floating: addLook(this.#evidence.floating, this.target.kind, found, at) };
  }

  addOwn(found: Outcome, at: number): void {
    this.#evidence = { ...this.#evidence, own: this.#added(this.#evidence.own, found, at) };
  }

  addWitness(id: string, found: Outcome, at: number): void {
    const { witnesses } = this.#evidence;
    this.#evidence = { ...this.#evidence, witnesses: { ...witnesses, [id]: this.#added(witnesses[id], found, at) } };
  }

  #added(before: WitnessEvidence | null | undefined, found: Outcome, at: number): WitnessEvidence {
    return addWitness(before ?? FRESH_WITNESS, this.target.kind, found, at);
  }

  judge(now: number): Judgement | undefined {
    const { serviceAfterMs, standbys } = this.watched;
    const rules = {
      kind: this.target.kind,
      count: this.#count,
      serviceAfterMs,
      standbys: standbys.map(({ id }) => id),
    };
    return judge(this.#evidence, rules, now);
  }

  /** Whether something about it may end the call. */
  isQuiet(now: number): boolean {
    return now < (this.watched.quietUntil ?? Number.NEGATIVE_INFINITY);
  }

  /** Whether a judgement is to be told. */
  isNews(judgement: Judgement, now: number): boolean {
    return !this.isQuiet(now) && isNews(judgement, this.watched.told);
  }

  /** Whether its first miss is a reason to ask the other probe: what was told is suspected no more. */
  isSuspicious(now: number): boolean {
    const { missed, lastAnswerAt } = this.#evidence.floating;
    const isWell = (this.watched.told?.verdict ?? 'serving') === 'serving';
    return missed === 1 && lastAnswerAt !== null && isWell && !this.isQuiet(now);
  }
}

/** What was told is not told again until it changes. That all is well is news only after something else. */
export function isNews({ verdict, reason, acts }: Judgement, told: Told | undefined): boolean {
  const before = told ?? { verdict: 'serving' };
  if (verdict !== before.verdict || reason !== before.reason) return true;
  return acts && before.acts === false;
}

/** Who is asked besides the floating and the holder's own address. */
export function witnessesOf({ standbys, neighbours = [] }: Pick<Watched, 'standbys' | 'neighbours'>): readonly Place[] {
  return [...standbys, ...neighbours];
}

/** The evidence of earlier calls, with an entry for everybody who bears witness now and for nobody else. */
function completed(watched: Watched, now: number): Evidence {
  const { evidence } = watched;
  const known = evidence?.witnesses ?? {};
  return {
    floating: evidence?.floating ?? freshFloating(now),
    own: watched.own === null ? null : (evidence?.own ?? FRESH_WITNESS),
    witnesses: Object.fromEntries(witnessesOf(watched).map(({ id }) => [id, known[id] ?? FRESH_WITNESS])),
  };
}

function lastLookAt({ floating: { answeredLookAt, misses } }: Evidence): number | undefined {
  const last = Math.max(answeredLookAt ?? 0, misses.at(-1)?.at ?? 0);
  return last === 0 ? undefined : last;
}
