import type { TargetKind } from './target.ts';

/**
 * What one attempt at one address came to. Never what was sent: a class and milliseconds.
 * - `answered`: as the target asks for it.
 * - `refused`: the connection was refused: there is a host, and nobody listens.
 * - `reset`: it was accepted, then reset.
 * - `closed`: it was accepted, then closed without an answer.
 * - `wrong`: the answer is not what was asked for: another status, no HTTP, no TLS.
 * - `slow`: it was accepted, and no answer came in time.
 * - `silent`: nothing answered in time.
 * - `unsent`: the probe could not ask: no socket, no route, not allowed. It says nothing of anybody.
 */
export const CLASSES = ['answered', 'refused', 'reset', 'closed', 'wrong', 'slow', 'silent', 'unsent'] as const;
export type OutcomeClass = (typeof CLASSES)[number];

export interface Outcome {
  readonly class: OutcomeClass;
  /** From the start of the attempt, in whole milliseconds. */
  readonly ms: number;
}

/** Whether somebody is there: whatever comes back is life, a refused connection too. */
export function isLife(found: OutcomeClass): boolean {
  return found !== 'silent' && found !== 'unsent';
}

/** Whether this is what the target asks for. */
export function passes(kind: TargetKind, found: OutcomeClass): boolean {
  return kind === 'alive' ? isLife(found) : found === 'answered';
}
