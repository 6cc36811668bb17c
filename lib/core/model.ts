import type { IgnoredCode } from './codes.ts';
import type { Ledger } from './ledger.ts';

/**
 * The words of the product (docs/architecture.md) as types. Views are what was read from AWS, translated once at
 * the edge; nothing in here knows an SDK. All times are milliseconds since the epoch.
 */

/** DescribeInstances `State.Name`. */
export type InstanceState = 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';

/** DescribeInstanceStatus `Status`; `unreadable` is ours: the check could not be read at action time. */
export type CheckStatus =
  | 'ok'
  | 'impaired'
  | 'initializing'
  | 'insufficient-data'
  | 'not-applicable'
  | 'suppressed'
  | 'unreadable';

/** The status checks of one instance, as EC2 reported them. */
export interface StatusChecks {
  readonly system: CheckStatus;
  readonly instance: CheckStatus;
  readonly attachedEbs: CheckStatus;
  readonly application: CheckStatus;
  /** The earliest `ImpairedSince` of an impaired check. */
  readonly impairedSince?: number;
  /** `Events[].Code` not yet completed, e.g. `instance-retirement`. */
  readonly scheduledEvents: readonly string[];
}

/** DescribeNetworkInterfaces `Attachment`. A new attachment has a new id: that is the compare-and-set EC2 offers. */
export interface AttachmentView {
  readonly id: string;
  /** Absent when the interface is attached to something that is not an instance of this account. */
  readonly instanceId?: string;
  readonly deviceIndex: number;
  readonly networkCardIndex: number;
  readonly status: 'attaching' | 'attached' | 'detaching' | 'detached';
  readonly deleteOnTermination: boolean;
}

/** A floating interface: a tagged secondary ENI. */
export interface InterfaceView {
  readonly id: string;
  readonly zone: string;
  readonly vpcId: string;
  readonly ownerId: string;
  /** DescribeNetworkInterfaces `InterfaceType`: `interface`, `efa`, … */
  readonly type: string;
  /** The service that manages it (`RequesterManaged`, `Operator.Managed`), when one does. */
  readonly managedBy?: string;
  readonly privateIpv4Count: number;
  readonly ipv6Count: number;
  readonly attachment?: AttachmentView;
  readonly tags: Readonly<Record<string, string>>;
}

/** One interface an instance has, as DescribeInstances shows it: what occupies a slot and a device index. */
export interface OccupiedSlot {
  readonly interfaceId: string;
  readonly deviceIndex: number;
  readonly networkCardIndex: number;
}

/** A tagged instance. */
export interface MemberView {
  readonly id: string;
  readonly state: InstanceState;
  readonly type: string;
  readonly zone: string;
  readonly vpcId: string;
  readonly ownerId: string;
  readonly launchedAt: number;
  readonly slots: readonly OccupiedSlot[];
  readonly tags: Readonly<Record<string, string>>;
}

/** DescribeInstanceTypes `NetworkInfo`. */
export interface TypeLimits {
  readonly maxInterfaces: number;
  readonly ipv4PerInterface: number;
  readonly ipv6PerInterface: number;
  /** One entry for each network card; a type with one card has one. */
  readonly cards: readonly { readonly index: number; readonly maxInterfaces: number }[];
}

/** What a metric of an alarm measures; entries of metric math that are expressions have none of it. */
export interface AlarmMetric {
  readonly namespace?: string;
  readonly name?: string;
  readonly instanceId?: string;
}

/** A CloudWatch metric alarm, from an event or from DescribeAlarms. */
export interface AlarmView {
  readonly name: string;
  readonly metrics: readonly AlarmMetric[];
  /** A mute rule is active for it: somebody asked for quiet, so it moves nothing. */
  readonly muted?: boolean;
}

/** Every alarm that is in ALARM now, or why they could not be read. */
export type AlarmReading =
  | { readonly readable: true; readonly inAlarm: readonly AlarmView[] }
  | { readonly readable: false; readonly cause: string };

/** Everything a decision may depend on, gathered into one value. JSON in, JSON out: the golden cases are this. */
export interface Observation {
  readonly group: string;
  readonly now: number;
  /** Sorted by id: the first is the anchor. */
  readonly interfaces: readonly InterfaceView[];
  /** Sorted by id. */
  readonly members: readonly MemberView[];
  /** By instance id; an instance that is missing was not reported (`unreadable`). */
  readonly checks: Readonly<Record<string, StatusChecks>>;
  readonly alarms: AlarmReading;
  /** By instance type. */
  readonly limits: Readonly<Record<string, TypeLimits>>;
  /** What this run has already learnt the hard way. Absent on its first look. */
  readonly experience?: Experience;
}

/** An interface that a member was not allowed to take, and EC2's words for it. */
export interface Refusal {
  readonly interfaceId: string;
  readonly reason: string;
}

/** What happened to the operation of this very run so far; another run knows only the ledger. */
export interface Experience {
  /** The run that looks: an intent it wrote itself does not bind it (see decide). */
  readonly runId: string;
  /** Members that EC2 did not let take an interface, with EC2's words. */
  readonly refused: Readonly<Record<string, Refusal>>;
  /** The ledger as this run wrote it last: a read that shows an older one is behind. */
  readonly wrote?: Ledger;
  /** Set when the move must not go on (a denied detach): put back what was detached. */
  readonly abandoned?: string;
}

/** What a person may ask for. */
export interface PersonRequest {
  readonly kind: 'request';
  readonly action: 'failover' | 'plan' | 'status' | 'pause' | 'resume' | 'acknowledge';
  readonly group?: string;
  readonly from?: string;
  readonly to?: string;
  readonly reason?: string;
  readonly ignoreHealth: boolean;
  /** How long a pause lasts. */
  readonly minutes?: number;
}

/** An event about instances. */
export type EventTrigger = (
  | { readonly kind: 'alarm'; readonly alarm: AlarmView; readonly instanceIds: readonly string[] }
  | { readonly kind: 'instance-state'; readonly instanceId: string; readonly state: InstanceState }
  | { readonly kind: 'spot-interruption'; readonly instanceId: string }
) & {
  /** When it happened, as the event says, in whole seconds; absent when it does not say. */
  readonly happenedAt?: number;
};

/** A hint to look at a group. What follows from it is decided by what is observed, never by the hint itself. */
export type Trigger = EventTrigger | { readonly kind: 'sweep' } | PersonRequest;

/** What an invocation turns out to be: a hint to look at groups, or nothing of the kind, and why not. */
export type Parsed =
  | { readonly kind: 'trigger'; readonly trigger: EventTrigger | PersonRequest }
  | { readonly kind: 'ignored'; readonly code: IgnoredCode; readonly reason: string };
