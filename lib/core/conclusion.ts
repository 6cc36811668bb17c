import type { Rejection } from './elect.ts';
import type { DecisionCode } from './codes.ts';
import type { Plan } from './plan.ts';

interface Outcome {
  readonly code: DecisionCode;
  /** One sentence an operator can read at 3 a.m. */
  readonly reason: string;
  readonly rejected: readonly Rejection[];
}

/** What {@link decide} concludes; what an act needs hangs on the act alone. */
export type Conclusion =
  | (Outcome & { readonly decision: 'no-action' | 'blocked' })
  | (Outcome & { readonly decision: 'act'; readonly plan: Plan });

export function noAction(code: DecisionCode, reason: string): Conclusion {
  return { decision: 'no-action', code, reason, rejected: [] };
}

export function blocked(code: DecisionCode, reason: string, rejected: readonly Rejection[] = []): Conclusion {
  return { decision: 'blocked', code, reason, rejected };
}

export function act(code: DecisionCode, reason: string, plan: Plan, rejected: readonly Rejection[]): Conclusion {
  return { decision: 'act', code, reason, rejected, plan };
}
