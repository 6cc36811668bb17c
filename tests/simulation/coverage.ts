import { ANALYSES, BLOCK_CODES, REJECTION_CODES } from '../../lib/core/codes.ts';
import type { GroupResult, StepKind, StepResult } from '../../lib/engine/result.ts';

const STEP_KINDS: readonly StepKind[] = ['record-intent', 'detach', 'force-detach', 'attach', 'record-result'];
const STEP_RESULTS: readonly StepResult[] = ['done', 'already-done', 'refused', 'failed', 'unknown', 'planned'];

const WANTED: Readonly<Record<string, readonly string[]>> = {
  analysis: ANALYSES,
  block: BLOCK_CODES,
  rejection: REJECTION_CODES,
  step: STEP_KINDS,
  'step-result': STEP_RESULTS,
};

/** How often each thing was met, in how many seeds. */
export class Coverage {
  /** `<kind> <code>` → seeds. */
  readonly counts: Record<string, number> = {};

  /** Takes over what one seed has met. */
  add(met: Iterable<string>): void {
    for (const name of met) this.counts[name] = (this.counts[name] ?? 0) + 1;
  }

  /** Codes of the product that no seed has reached. */
  missing(): readonly string[] {
    return Object.entries(WANTED)
      .flatMap(([kind, codes]) => codes.map((code) => `${kind} ${code}`))
      .filter((name) => this.counts[name] === undefined);
  }
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
