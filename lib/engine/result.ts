import type { AheadFinding } from '../core/ahead.ts';
import type { UpkeepCode } from '../core/codes-of-ahead.ts';
import type { Analysis, DecisionCode, DecisionKind, FailedCode, IgnoredCode, RejectionCode } from '../core/codes.ts';
import type { Rejection } from '../core/elect.ts';
import type {
  Condition,
  ForcedDetach,
  Intent,
  Ledger,
  LeftHolder,
  LooseTries,
  Notice,
  OperationAction,
  ProbeNote,
  RefusedAttach,
  ResourceRef,
  SilentHolder,
  StrayNote,
  StuckAttach,
  Unready,
} from '../core/ledger.ts';
import type { AttachmentView, InstanceState } from '../core/model.ts';
import type { Readiness } from '../core/readiness.ts';
import type { Verdict } from '../core/signals.ts';

export type StepKind = 'record-intent' | 'rehearse' | 'detach' | 'force-detach' | 'attach' | 'record-result';

/** `planned` is what `plan` says of a step it did not run. `unknown`: the group was looked at again to find out. */
export type StepResult = 'done' | 'already-done' | 'refused' | 'failed' | 'unknown' | 'planned';

/** One API call of an operation, with the wait for its effect. */
export interface Step {
  readonly kind: StepKind;
  readonly resource: ResourceRef;
  readonly result: StepResult;
  readonly durationMs: number;
  /** The instance that was left or entered. */
  readonly instanceId?: string;
  /** What AWS said, when it was not `done`. */
  readonly reason?: string;
}

/** How long the parts of a move took, in milliseconds, over all interfaces of the group. */
export interface Phases {
  /** From the first detach that was sent to the last that was seen to have ended. */
  readonly detachMs: number;
  /** From the first attach that was sent to the last that was seen to have ended. */
  readonly attachMs: number;
  /** From the first detach that was sent to the last attach: nobody can count on the address meanwhile. */
  readonly outageMs: number;
}

/** Both ways of a drill, as far as it came. */
export interface Drill {
  readonly there: OperationResult;
  /** Absent where it was cut short: sweeps bring the group back. */
  readonly back?: OperationResult;
}

/** One move of a group, as far as this run took it. */
export interface OperationResult {
  readonly id: string;
  readonly action: OperationAction;
  readonly from?: string;
  readonly to: string;
  readonly resources: readonly ResourceRef[];
  readonly steps: readonly Step[];
  /** Present where something was taken off a member, and given to one. */
  readonly phases?: Phases;
  /**
   * `superseded`: a person asked for another move meanwhile, and its run is at it. `detaching`: a plain detach that is
   * not to be forced has not ended; sweeps go on waiting for it.
   */
  readonly result: 'done' | 'failed' | 'interrupted' | 'detaching' | 'superseded' | 'planned';
  /** One sentence on the result. */
  readonly reason: string;
  readonly durationMs: number;
}

/** Every code a result may carry. */
export type ResultCode = DecisionCode | IgnoredCode | FailedCode | UpkeepCode;

/** What an invocation says of one group. `group` is null when the event concerned none. */
export interface GroupResult {
  /** `check`: whether the group could fail over, should it have to now. */
  readonly ready?: boolean;
  readonly group: string | null;
  readonly analysis: Analysis | 'not-observed';
  readonly decision: DecisionKind;
  readonly code: ResultCode;
  readonly reason: string;
  readonly rejected: readonly Rejection[];
  /** Present when there is something to put right, one sentence each. */
  readonly warnings?: readonly string[];
  /** Present when something changed since automation looked last, one sentence each. */
  readonly news?: readonly string[];
  /** The members and interfaces that have joined, each of which is in the news. */
  readonly joined?: readonly string[];
  readonly operation?: OperationResult;
  /** All that holds automation up now, for whoever asked what automation would do. */
  readonly holds?: readonly HoldText[];
  /** What `history` adds, the newest first. */
  readonly history?: readonly HistoryLine[];
  /** What `drill` adds; `operation` is its last way. */
  readonly drill?: Drill;
  readonly status?: GroupStatus;
  /** What `check` adds, and a sweep that has something to tell of a group at rest. */
  readonly readiness?: Readiness;
  /** What `upkeep` has found new. */
  readonly findings?: readonly AheadFinding[];
}

/** Something that is told of a group: a move, something in the way of one, or what a person has asked for. */
export interface HistoryLine {
  /** When it was told. */
  readonly at: string;
  /** What made the run look: `alarm`, `sweep`, `request` and so on. */
  readonly by: string;
  /** The action of a move, or the code of anything else. */
  readonly what: string;
  /** Of a move: its id. */
  readonly id?: string;
  readonly from?: string;
  readonly to?: string;
  readonly result: OperationResult['result'] | 'blocked';
  readonly durationMs?: number;
  /** With the words of the person who has asked for it. */
  readonly why: string;
}

/** Something that holds automation up, and when it ends by itself. */
export interface HoldText {
  readonly code: DecisionCode;
  readonly reason: string;
  readonly until?: string;
}

/** What `status` adds: the group as it is now. */
export interface GroupStatus {
  readonly holder: string | null;
  /** What automation would do if the holder failed now. */
  readonly readiness: { readonly ready: boolean; readonly code: DecisionCode; readonly reason: string };
  /** One sentence: what automation does next, or that it does nothing, and why. */
  readonly next: string;
  readonly resources: readonly ResourceStatus[];
  readonly members: readonly MemberStatus[];
  /** What counts for this group. */
  readonly settings: readonly SettingStatus[];
  readonly ledger: LedgerStatus;
}

export interface SettingStatus {
  readonly name: string;
  readonly value: number | string;
  /** `default`, `deployment`, or the tag that sets it for this group. */
  readonly from: string;
}

export interface ResourceStatus extends ResourceRef {
  /** Its Name tag. */
  readonly name: string | null;
  readonly privateAddresses: readonly string[];
  /** Elastic and other public ones. */
  readonly publicAddresses: readonly string[];
  readonly zone: string;
  readonly holder: string | null;
  readonly attachment: AttachmentView['status'];
  readonly deviceIndex: number | null;
  readonly deleteOnTermination: boolean;
}

export interface MemberStatus {
  readonly id: string;
  /** Its Name tag. */
  readonly name: string | null;
  /** Its own address: the primary one of its primary interface. */
  readonly address: string | null;
  readonly role: 'holder' | 'standby';
  readonly state: InstanceState;
  readonly health: Verdict;
  readonly healthReason: string;
  readonly priority: number;
  /** Whether it would take over if the holder failed now, were it the best; when not, why. */
  readonly eligible: boolean;
  readonly code: RejectionCode | DecisionCode | null;
  readonly reason: string | null;
}

/** The same with one of its times as text. */
export type AsText<T, Key extends keyof T> = Omit<T, Key> & Readonly<Record<Key, string>>;

/** The ledger as a person would write it down: times as text, nothing left out. */
export type LedgerStatus =
  | { readonly status: 'absent' }
  | { readonly status: 'damaged'; readonly faults: readonly string[]; readonly pausedUntil: string | null }
  | ({ readonly status: 'valid' } & LedgerText);

export type IntentText = Omit<AsText<Intent, 'deadlineAt'>, 'begunAt'> & { readonly begunAt?: string };

export type LeftText<Entry extends LeftHolder> = Omit<Entry, 'launchedAt' | 'at'> & {
  readonly launchedAt: string;
  readonly at?: string;
};

export interface LedgerText
  extends Pick<Ledger, 'phase' | 'resources' | 'reason' | 'epoch' | 'members' | 'pauseReason'> {
  readonly holder: string | null;
  readonly operation: IntentText | null;
  readonly condition: AsText<Condition, 'since'> | null;
  readonly forced: readonly LeftText<ForcedDetach>[];
  readonly stuck: readonly AsText<StuckAttach, 'launchedAt'>[];
  readonly refused: readonly AsText<RefusedAttach, 'at'>[];
  readonly notices: readonly AsText<Notice, 'at'>[];
  readonly fit?: AsText<Notice, 'at'>;
  readonly disarmedAt?: string;
  readonly strays: readonly AsText<StrayNote, 'at'>[];
  readonly silent: readonly LeftText<SilentHolder>[];
  readonly probe: readonly AsText<ProbeNote, 'at'>[];
  readonly loose: AsText<LooseTries, 'lastAt'> | null;
  readonly unready: AsText<Unready, 'since'> | null;
  readonly changedAt: string;
  readonly movedAt: string | null;
  readonly pausedUntil: string | null;
  readonly acknowledgedAt: string | null;
  readonly moves: readonly string[];
}

export interface InvocationResult {
  /** `check`: whether every group that was asked about could fail over, should it have to now. */
  readonly ready?: boolean;
  readonly groups: readonly GroupResult[];
}
