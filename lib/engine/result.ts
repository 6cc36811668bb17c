import type { Analysis, DecisionCode, IgnoredCode, LedgerCode } from '../core/codes.ts';
import type { Rejection } from '../core/elect.ts';
import type { OperationAction } from '../core/ledger.ts';

export type StepKind = 'record-intent' | 'detach' | 'force-detach' | 'attach' | 'record-result';

/** `planned` is what `plan` says of a step it did not run. `unknown`: the group was looked at again to find out. */
export type StepResult = 'done' | 'already-done' | 'refused' | 'failed' | 'unknown' | 'planned';

/** One API call of an operation, with the wait for its effect. */
export interface Step {
  readonly kind: StepKind;
  readonly interfaceId: string;
  readonly result: StepResult;
  readonly durationMs: number;
  /** The instance that was left or entered. */
  readonly instanceId?: string;
  /** What AWS said, when it was not `done`. */
  readonly reason?: string;
}

/** One move of a group, as far as this run took it. */
export interface OperationResult {
  readonly id: string;
  readonly action: OperationAction;
  readonly from?: string;
  readonly to: string;
  readonly interfaces: readonly string[];
  readonly steps: readonly Step[];
  readonly result: 'done' | 'failed' | 'interrupted' | 'planned';
  /** One sentence on the result. */
  readonly reason: string;
  readonly durationMs: number;
}

/** What an invocation says of one group. `group` is null when the event concerned none. */
export interface GroupResult {
  readonly group: string | null;
  readonly analysis: Analysis | 'not-observed';
  readonly decision: 'no-action' | 'blocked' | 'act';
  readonly code: DecisionCode | LedgerCode | IgnoredCode | 'not-a-member' | 'aws-call-failed';
  readonly reason: string;
  readonly rejected: readonly Rejection[];
  /** Present when there is something to put right, one sentence each. */
  readonly warnings?: readonly string[];
  /** Present when something changed since automation looked last, one sentence each. */
  readonly news?: readonly string[];
  readonly operation?: OperationResult;
  readonly status?: GroupStatus;
}

/** What `status` adds: the group as it is now. */
export interface GroupStatus {
  readonly holder: string | null;
  readonly interfaces: readonly {
    readonly id: string;
    readonly zone: string;
    readonly holder: string | null;
    readonly attachment: string;
    readonly deviceIndex: number | null;
    readonly deleteOnTermination: boolean;
  }[];
  readonly members: readonly {
    readonly id: string;
    readonly role: 'holder' | 'standby';
    readonly state: string;
    readonly health: string;
    readonly healthReason: string;
    readonly priority: number;
    /** Whether it could take over now; when not, why. */
    readonly eligible: boolean;
    readonly code: string | null;
    readonly reason: string | null;
  }[];
  readonly ledger: Readonly<Record<string, unknown>>;
}

export interface InvocationResult {
  readonly groups: readonly GroupResult[];
}
