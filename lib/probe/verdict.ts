import { type Evidence, MOST_MISSES, type WitnessEvidence } from './evidence.ts';
import { isLife, type OutcomeClass, passes } from './outcome.ts';
import type { TargetKind } from './target.ts';

/**
 * Blind is not down: what the looks at a group's addresses amount to. Pure; every row is in a table of
 * `tests/unit/probe/verdict.test.ts`.
 *
 * - `unreachable`: floating and own address silent, while a witness answers: the guest or its host hangs.
 * - `not-serving`: the host answers, and not as asked (`service`); or only its floating address is silent (`path`).
 * - `probe-blind`: nobody answers. It may be the probe; nothing follows.
 * - `probe-no-witness`: no witness has ever answered, so a silent holder could not be told from a blind probe.
 * - `probe-never-answered`: it has not answered since this attachment, which is never a failure.
 * - `serving`: it answers as asked.
 * - `probe-slow`, `probe-over-capacity`: no look comes to that; `watch` tells it of the probes themselves.
 */
export const VERDICTS = [
  'unreachable',
  'not-serving',
  'probe-blind',
  'probe-no-witness',
  'probe-never-answered',
  'serving',
  'probe-slow',
  'probe-over-capacity',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What is said of the probes, and of no interface: with it, that one serves is still true. */
export const OF_THE_PROBES: readonly string[] = ['probe-slow', 'probe-over-capacity'] satisfies Verdict[];

/**
 * More about a verdict. `service`: what runs there does not serve: the floating address answers, and not as asked, or
 * is silent while the holder's own address has ceased to pass the same probe. `path`: the host is well, its floating
 * address is not reached: a security group, a network ACL, or the routing in the guest. `mass`: so many fell silent at
 * once that one probe is not believed.
 */
export const REASONS = ['service', 'path', 'own-never-answered', 'mass'] as const;
export type Reason = (typeof REASONS)[number];

/** What a group lets follow (`probe-acts`): no move, one away from whoever is unreachable only, or any. The safest first. */
export const ACTS = ['report', 'unreachable-only', 'failover'] as const;
export type ProbeActs = (typeof ACTS)[number];

/** Whether a group lets a move follow from such a verdict. */
export const letsMove = (acts: ProbeActs, verdict: Verdict): boolean =>
  acts === 'failover' || (acts === 'unreachable-only' && verdict === 'unreachable');

export interface Judgement {
  readonly verdict: Verdict;
  readonly reason?: Reason | undefined;
  /** Whether a move may follow. False for a path: its security groups would move along, and nobody be helped. */
  readonly acts: boolean;
  /** The witness that answered, for `unreachable`. */
  readonly witness?: string | undefined;
}

export interface Rules {
  readonly kind: TargetKind;
  /** Misses in a row that count: 3, or 6 where nobody could confirm. */
  readonly count: number;
  /** How long `not-serving` has to last (`probe-service-after`). */
  readonly serviceAfterMs: number;
  /** Which witnesses are standbys, who could take over. */
  readonly standbys: readonly string[];
}

/** How old the answer of a witness, or of the holder's own address, may be. */
export const FRESH_MS = 2_000;
/** How long an attachment may stay unanswered before that is said. */
export const NEVER_ANSWERED_MS = 30_000;
/** How many looks a witness may leave unanswered before it is none. */
const TRIES = 3;
/** From then on a verdict says nothing of now. */
export const HISTORY_MS = 30_000;

/** Whether a verdict is too old to act on. @param at when it was reached. */
export const isHistory = (at: number, now: number): boolean => now - at > HISTORY_MS;

/** @returns undefined while there is nothing to say yet. */
export function judge(evidence: Evidence, rules: Rules, now: number): Judgement | undefined {
  const { floating } = evidence;
  if (floating.missed === 0) return judgeServing(evidence, rules);
  if (floating.missed < rules.count) return undefined;
  if (floating.lastAnswerAt === null)
    return now - floating.since >= NEVER_ANSWERED_MS ? told('probe-never-answered') : undefined;
  const newest = floating.misses.slice(-Math.min(rules.count, MOST_MISSES));
  if (newest.some((miss) => isLife(miss.class))) return judgeService(evidence, rules, now);
  return judgeSilence(evidence, rules, now, floating.missingSince ?? now);
}

const told = (verdict: Verdict, reason?: Reason): Judgement => ({
  verdict,
  acts: false,
  ...(reason !== undefined && { reason }),
});

function judgeServing({ floating, witnesses }: Evidence, { count }: Rules): Judgement | undefined {
  if (floating.answers < count) return undefined;
  const all = Object.values(witnesses);
  if (all.every(neverHeard)) return told('probe-no-witness');
  return told('serving');
}

const neverHeard = ({ lastAnswerAt, silences }: WitnessEvidence): boolean => lastAnswerAt === null && silences >= TRIES;

/**
 * Somebody is there who does not do what is asked. A restart takes some seconds, and is no failure; silence before it is
 * none of the service's.
 */
function judgeService(evidence: Evidence, rules: Rules, now: number): Judgement | undefined {
  return hasLasted(evidence.floating.failingSince, rules, now) ? serviceFails(evidence, rules) : undefined;
}

function serviceFails(evidence: Evidence, rules: Rules): Judgement {
  const others = rules.standbys.map((id) => standing(evidence, rules.kind, id));
  const acts = others.some(({ passes }) => passes !== false);
  return { verdict: 'not-serving', reason: 'service', acts };
}

function judgeSilence(evidence: Evidence, rules: Rules, now: number, since: number): Judgement | undefined {
  const own = ownSays(evidence.own, now, since);
  if (own === 'answers') return judgePath(evidence, rules, now);
  if (own === 'unknown') return undefined;
  if (own === 'never') return told('probe-blind', 'own-never-answered');
  const witnesses = Object.entries(evidence.witnesses);
  // A look that waited for its answer ends late: a newer one that met silence outweighs it.
  const heard = witnesses.find(([, each]) => isFresh(each, now) && each.last !== 'silent');
  if (heard !== undefined) return { verdict: 'unreachable', acts: true, witness: heard[0] };
  const areSilent = witnesses.every(([, each]) => isAskedSince(each, since) && each.last === 'silent');
  return areSilent ? told('probe-blind') : undefined;
}

/**
 * The host is there, its floating address is silent. Where its own address has ceased to pass the same probe, that is
 * the service: one that is stuck under load is silent on an address whose queue is full, and slow on the other. It has
 * to last on both, or a restart behind a closed path would be taken for it.
 */
function judgePath(evidence: Evidence, rules: Rules, now: number): Judgement | undefined {
  const { own, floating } = evidence;
  if (!hasLasted(floating.missingSince, rules, now)) return undefined;
  if (!own?.hasPassed || own.failingSince === null) return told('not-serving', 'path');
  return hasLasted(own.failingSince, rules, now) ? serviceFails(evidence, rules) : undefined;
}

const hasLasted = (since: number | null, { serviceAfterMs }: Rules, now: number): boolean =>
  since !== null && now - since >= serviceAfterMs;

const isFresh = ({ lastAnswerAt }: WitnessEvidence, now: number): boolean =>
  lastAnswerAt !== null && now - lastAnswerAt <= FRESH_MS;

const isAskedSince = ({ lookedAt }: WitnessEvidence, since: number): boolean => lookedAt !== null && lookedAt >= since;

/**
 * What the holder's own address says. Its silence means something only if it was ever heard: it may be closed to the
 * probe. One that answered a moment ago and not just now is asked again.
 */
function ownSays(own: WitnessEvidence | null, now: number, since: number): 'answers' | 'silent' | 'never' | 'unknown' {
  if (own === null) return 'never';
  if (isFresh(own, now)) return own.last === 'silent' ? 'unknown' : 'answers';
  if (!isAskedSince(own, since)) return 'unknown';
  if (own.lastAnswerAt === null) return 'never';
  return own.last === 'silent' ? 'silent' : 'unknown';
}

/** What is known of a standby; each is undefined where it is not known. */
export interface Standing {
  readonly instanceId: string;
  /** Whether it gives a sign of life. False only for one that used to: it ranks last. */
  readonly answers?: boolean;
  /**
   * Whether its own address passes the same probe. It fails only where that address is known to be served: its own
   * has passed before, or the holder's has. A service may listen on the floating address alone.
   */
  readonly passes?: boolean;
}

/** How a standby stands, for the choice of a successor. */
export function standing(evidence: Evidence, kind: TargetKind, instanceId: string): Standing {
  const seen = evidence.witnesses[instanceId];
  if (!seen?.last) return { instanceId };
  const isServedThere = seen.hasPassed || (evidence.own?.hasPassed ?? false);
  const good = passes(kind, seen.last);
  return {
    instanceId,
    ...(seen.lastAnswerAt !== null && { answers: isLife(seen.last) }),
    ...((good || isServedThere) && { passes: good }),
  };
}

/** As many bear witness as a probe is asked to look at: a group's standbys, and neighbours in its subnet. */
export const MOST_WITNESSES = { standbys: 20, neighbours: 3 } as const;

/** What one more look at all addresses of a group found. */
export interface SecondLook {
  readonly floating: OutcomeClass;
  readonly own?: OutcomeClass;
  readonly witnesses: readonly OutcomeClass[];
  /** The probe's own event loop lagged: only answers count. */
  readonly isSlow: boolean;
}

/** What a second look is to bear out. */
export interface Claim {
  readonly verdict: Verdict;
  /** What the newest look at the floating address came to. */
  readonly found?: OutcomeClass | undefined;
  /** The same for the holder's own address. */
  readonly own?: OutcomeClass | undefined;
}

/**
 * Whether one more look bears a verdict out.
 * @returns `answers`: it is vetoed, for what was said to be down has answered. `unknown`: nothing may follow.
 */
export function confirms(claim: Claim, kind: TargetKind, look: SecondLook): 'agrees' | 'answers' | 'unknown' {
  const { verdict } = claim;
  if (passes(kind, look.floating)) return 'answers';
  if (verdict === 'not-serving') return agreesOnService(claim, kind, look) ? 'agrees' : 'unknown';
  if (verdict !== 'unreachable') return 'unknown';
  if (isLife(look.floating) || (look.own !== undefined && isLife(look.own))) return 'answers';
  if (look.isSlow || look.floating !== 'silent' || look.own !== 'silent') return 'unknown';
  return look.witnesses.some(isLife) ? 'agrees' : 'unknown';
}

function agreesOnService({ found, own }: Claim, kind: TargetKind, look: SecondLook): boolean {
  if (look.floating === 'slow') return !look.isSlow && (found === 'slow' || (own === 'slow' && look.own === 'slow'));
  if (look.floating !== 'silent') return isLife(look.floating);
  // Then it is the own address that tells the service from the path.
  return !look.isSlow && fails(kind, own) && fails(kind, look.own) && (look.own !== 'slow' || own === 'slow');
}

/** Somebody is there, and not as asked. The look is shorter than an attempt: only what was slow before is slow now. */
const fails = (kind: TargetKind, found: OutcomeClass | undefined): boolean =>
  found !== undefined && isLife(found) && !passes(kind, found);
