import { type CodeKind, CODES } from '../../lib/core/codes.ts';
import type { GroupResult, StepKind, StepResult } from '../../lib/engine/result.ts';

/** From so many seeds on, every code of the product must have been reached. */
export const ENOUGH_FOR_COVERAGE = 500;

const STEP_KINDS: readonly StepKind[] = ['record-intent', 'detach', 'force-detach', 'attach', 'record-result'];
const STEP_RESULTS: readonly StepResult[] = ['done', 'already-done', 'refused', 'failed', 'unknown', 'planned'];

/** No draw has a type that is neither told nor shipped: tests/unit/core meets this. */
const NEVER_DRAWN: readonly string[] = ['limits-unreadable'];

/** What only a probe leads to: these histories have none, those of `eyes` do. */
const WITHOUT_A_PROBE: readonly string[] = ['holder-unreachable', 'holder-not-serving', 'unreachable', 'fails-probe'];
/**
 * Drawn (`way-back`; a group in two zones that nobody holds; a bucket that somebody else keeps empty beyond a run), and
 * reached in too few seeds to be met in every five hundred.
 */
const RARE: readonly string[] = ['device-index-withheld', 'interfaces-span-zones', 'change-throttled'];
/** What only a planned move is told: tests/unit/core meets these. */
const OF_PLANNED_MOVES: readonly string[] = ['holder-not-well', 'nobody-preferred', 'not-ready'];
const EXEMPT: ReadonlySet<string> = new Set([...NEVER_DRAWN, ...WITHOUT_A_PROBE, ...RARE, ...OF_PLANNED_MOVES]);

const codesOf = (kind: CodeKind): readonly string[] =>
  CODES.filter((row) => row.kind === kind && !EXEMPT.has(row.code)).map(({ code }) => code);

const WANTED: Readonly<Record<string, readonly string[]>> = {
  analysis: codesOf('analysis'),
  block: codesOf('blocked'),
  rejection: codesOf('rejection'),
  step: STEP_KINDS,
  'step-result': STEP_RESULTS,
};

/** Codes of the product that no seed has reached. */
export function notReached(counts: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(WANTED)
    .flatMap(([kind, codes]) => codes.map((code) => `${kind} ${code}`))
    .filter((name) => counts[name] === undefined);
}

/** Everything one result shows. */
export function codesIn({ analysis, decision, code, rejected, operation }: GroupResult): string[] {
  return [
    `analysis ${analysis}`,
    `${decision === 'blocked' ? 'block' : decision} ${code}`,
    ...rejected.map((rejection) => `rejection ${rejection.code}`),
    ...(operation ? [`result ${operation.result}`] : []),
    ...(operation?.steps ?? []).flatMap(({ kind, result }) => [`step ${kind}`, `step-result ${result}`]),
  ];
}
