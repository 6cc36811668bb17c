import type { Rejection } from './elect.ts';
import type { GuardCode } from './guard.ts';
import type { Plan } from './plan.ts';

/** Why nothing is done, or what is. Each code is documented in docs/reference.md. */
export type DecisionCode =
  | 'status'
  | 'not-the-holder'
  | 'holder-healthy'
  | 'holder-unknown'
  | 'group-parked'
  | 'group-unknown'
  | 'interface-primary'
  | 'interfaces-span-zones'
  | 'holder-not-member'
  | 'group-split'
  | 'no-candidate'
  | 'target-not-eligible'
  | 'operation-in-progress'
  | 'unattached-unconfirmed'
  | GuardCode
  | 'failover'
  | 'attach'
  | 'complete'
  | 'roll-back';

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
