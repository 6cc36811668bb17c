import type { Phases, Step, StepResult } from './result.ts';

/** A step, and when it began, in milliseconds since the epoch. */
export type TimedStep = Pick<Step, 'kind' | 'result' | 'durationMs'> & { readonly startedAt: number };

const WORKED: readonly StepResult[] = ['done', 'already-done'];

/** How long the parts of a move took; undefined where nothing left one member for another. */
export function phasesOf(steps: readonly TimedStep[]): Phases | undefined {
  const detaches = steps.filter(({ kind }) => kind === 'detach' || kind === 'force-detach');
  const attaches = steps.filter(({ kind, result }) => kind === 'attach' && WORKED.includes(result));
  const ended = detaches.filter(({ result }) => WORKED.includes(result));
  if (ended.length === 0 || attaches.length === 0) return undefined;
  const leftAt = first(detaches);
  return {
    detachMs: last(ended) - leftAt,
    attachMs: last(attaches) - first(attaches),
    outageMs: last(attaches) - leftAt,
  };
}

const first = (steps: readonly TimedStep[]): number => Math.min(...steps.map(({ startedAt }) => startedAt));
const last = (steps: readonly TimedStep[]): number =>
  Math.max(...steps.map(({ startedAt, durationMs }) => startedAt + durationMs));
