import type { Fault } from '../../lab/world/hooks.ts';
import type { Injection } from '../../lab/world/injections.ts';
import type { Latencies, Quirks } from '../../lab/world/model.ts';
import type { Settings } from '../../lib/core/settings.ts';
import type { DrawnFeature } from './features.ts';

/** Everything one seed decides. Plain data, so that a failing seed can be printed. */
export interface Scenario {
  readonly seed: number;
  /** What this seed has beyond the plain draw. */
  readonly extras: readonly DrawnFeature[];
  /** The clock of a process is at most this far off. */
  readonly skewMs: number;
  /** Through the XML wire instead of typed calls. */
  readonly wire: boolean;
  readonly settings: Settings;
  readonly latencies: Partial<Latencies>;
  readonly quirks: Partial<Quirks>;
  /** Describe replies are at most this old while faults are on. */
  readonly staleMs: number;
  readonly buckets: boolean;
  readonly members: readonly MemberDraw[];
  readonly groups: readonly GroupDraw[];
  readonly faults: FaultDraw;
  /** Until faults are off. */
  readonly injections: readonly InjectionDraw[];
  readonly functions: FunctionDraw;
  readonly bus: BusDraw;
  /** Faults are on for this long. */
  readonly phaseOneMs: number;
  /** In order of time. */
  readonly incidents: readonly Incident[];
  readonly oddReplies?: OddRepliesDraw;
}

/** For a while, what EC2 says of one resource of a group cannot be understood. */
export interface OddRepliesDraw {
  readonly of: 'interface' | 'holder' | 'standby';
  /** Index into {@link Scenario.groups}. */
  readonly group: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface MemberDraw {
  readonly type: string;
  readonly zone: string;
  readonly foreignAccount: boolean;
  readonly priority: number;
  readonly excluded: boolean;
  /** EC2 probes an application of it. */
  readonly applicationChecked: boolean;
  /** Interfaces of somebody else that occupy device indexes. */
  readonly occupied: readonly number[];
  /** Attached EBS volumes, where it is not the root volume alone. */
  readonly volumes?: number;
  /** The service that manages it. */
  readonly managedBy?: string;
  readonly outpostArn?: string;
  /** How its group tag is written. */
  readonly spelling?: 'blanks' | 'comma';
}

export interface GroupDraw {
  readonly name: string;
  /** Indexes into {@link Scenario.members}; the first one holds the interfaces at the start. */
  readonly members: readonly number[];
  readonly interfaces: readonly InterfaceDraw[];
  /** Tags on the interfaces, without the prefix: settings of the group. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface InterfaceDraw {
  readonly deviceIndex: number;
  readonly networkCardIndex: number;
  readonly addresses: number;
  readonly deleteOnTermination: boolean;
  readonly indexTag: boolean;
  readonly oddity: 'none' | 'efa' | 'managed' | 'special' | 'primary' | 'elsewhere' | 'spare';
  /** Settings of its own, without the prefix: they need not be those of the group. */
  readonly tags?: Readonly<Record<string, string>>;
  /** So many further tags of the user's own. */
  readonly fillers?: number;
}

/** What goes wrong with a call, in the lab's own words; `server-error` is a refusal that blames the service. */
export type FaultKind = Exclude<Fault['kind'], 'stuck' | 'revert'> | 'server-error';

/** A fault that waits for calls, as the lab has it. */
export interface InjectionDraw extends Pick<Injection, 'action' | 'fault' | 'times'> {
  /** Index into {@link Scenario.members}: only calls about this one. */
  readonly member?: number;
  readonly fromMs: number;
}

export interface FaultDraw {
  /** The share of calls that go wrong at any time. */
  readonly rate: number;
  readonly windows: readonly FaultWindow[];
  /** The share of DescribeInstanceTypes replies that leave a type out. */
  readonly unlistedTypes: number;
}

/** For a while, one thing goes wrong with some actions. */
export interface FaultWindow {
  readonly fromMs: number;
  readonly toMs: number;
  /** The action's name begins with one of these. */
  readonly actions: readonly string[];
  readonly kind: FaultKind;
  readonly rate: number;
}

export interface FunctionDraw {
  readonly failoverTimeoutMs: number;
  readonly sweepTimeoutMs: number;
  /** The share of invocations that crash. */
  readonly crashes: number;
}

export interface BusDraw {
  readonly lost: number;
  readonly duplicated: number;
  readonly delayed: number;
  readonly longestDelayMs: number;
  readonly sweepsLost: number;
  readonly sweepsDuplicated: number;
  readonly muted: number;
}

/** Whom an incident is about; resolved when it happens. */
export type Target = 'holder' | 'standby' | 'any';

interface At {
  /** Since the start. */
  readonly atMs: number;
  readonly group: number;
  readonly target: Target;
  /** In [0, 1): picks one where there are several. */
  readonly pick: number;
}

export type Incident = At & IncidentKind;

export type IncidentKind =
  | {
      readonly kind: 'fail';
      readonly check: 'system' | 'instance' | 'attachedEbs' | 'application';
      readonly hangs: boolean;
    }
  | { readonly kind: 'terminate'; readonly replacedAfterMs: number | undefined }
  | { readonly kind: 'spot'; readonly action: 'stop' | 'terminate' }
  | { readonly kind: 'detach-by-hand'; readonly force: boolean }
  | { readonly kind: 'attach-by-hand'; readonly stranger: boolean }
  | { readonly kind: 'retag'; readonly edits: Readonly<Record<string, string | undefined>>; readonly of: RetagOf }
  | { readonly kind: 'request'; readonly request: RequestDraw }
  | { readonly kind: 'strangers'; readonly count: number; readonly overMs: number }
  | { readonly kind: 'buckets-emptied'; readonly forMs: number }
  | { readonly kind: 'stray-interface'; readonly place: 'nowhere' | 'stranger' | 'elsewhere' | 'standby' }
  | { readonly kind: 'forged-ledger' | 'forged-part' }
  | {
      readonly kind:
        | 'recover'
        | 'stop'
        | 'start'
        | 'reboot'
        | 'hang'
        | 'maintenance'
        | 'repeat-event'
        | 'heartbeat-raised'
        | 'heartbeat-cleared'
        | 'cpu-raised'
        | 'muted'
        | 'unmuted'
        | 'shared-alarm-raised'
        | 'shared-alarm-cleared';
    };

export type RetagOf = 'instance' | 'interfaces' | 'one-interface';

/** A person's request; `from` and `to` are filled in when it is sent. */
export interface RequestDraw {
  readonly action: 'failover' | 'plan' | 'status' | 'pause' | 'resume' | 'acknowledge';
  readonly from: 'none' | 'holder' | 'other';
  readonly to: 'none' | 'standby' | 'holder' | 'stranger';
  readonly ignoreHealth: boolean;
  readonly minutes?: number;
  /** Asks for a group that does not exist. */
  readonly unknownGroup: boolean;
  /** The client sends it again after this time, whatever came of the first. */
  readonly resentAfterMs?: number;
}
