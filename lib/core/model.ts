import type { VerdictDetail } from '../probe/verdict-event.ts';
import type { IgnoredCode } from './codes.ts';

/**
 * The words of the product (docs/architecture.md) as types. Views are what was read from AWS, translated once at
 * the edge; nothing in here knows an SDK. All times are milliseconds since the epoch.
 */

/** DescribeInstances `State.Name`. */
export type InstanceState = 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';

/** DescribeNetworkInterfaces `Attachment`. A new attachment has a new id: that is the compare-and-set EC2 offers. */
export interface AttachmentView {
  readonly id: string;
  /** Absent when the interface is attached to something that is not an instance of this account. */
  readonly instanceId?: string;
  readonly deviceIndex: number;
  readonly networkCardIndex: number;
  readonly status: 'attaching' | 'attached' | 'detaching' | 'detached';
  readonly deleteOnTermination: boolean;
  /** DescribeNetworkInterfaces `Attachment.AttachTime`, in whole seconds; absent when EC2 did not say. */
  readonly attachedAt?: number;
  /** Present when it is not what an attach gives by itself. */
  readonly ena?: EnaOptions;
}

/** What belongs to an attachment, and is lost with it unless the next attach asks for it again. */
export interface EnaOptions {
  /** ENA Express (`EnaSrdSpecification`), which is on; `udp`: for UDP as well. */
  readonly express?: { readonly udp: boolean };
  /** `EnaQueueCount`. */
  readonly queues?: number;
}

/** A floating interface: a tagged secondary ENI. */
export interface InterfaceView {
  readonly id: string;
  readonly zone: string;
  readonly ownerId: string;
  /** DescribeNetworkInterfaces `InterfaceType`: `interface`, `efa`, … */
  readonly type: string;
  /** The service that manages it (`RequesterManaged`, `Operator.Managed`), when one does. */
  readonly managedBy?: string;
  /** The ARN of the Outpost it is on, when it is on one. */
  readonly outpost?: string;
  readonly privateIpv4Count: number;
  readonly ipv6Count: number;
  /** Its primary private address, and where it is; absent when EC2 did not say. */
  readonly address?: string;
  /** Its further private addresses; absent when there is none. */
  readonly moreAddresses?: readonly string[];
  /** Elastic and other public addresses that its private ones are mapped to; absent when there is none. */
  readonly publicAddresses?: readonly string[];
  readonly subnetId?: string;
  readonly vpcId?: string;
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
  readonly ownerId: string;
  /** DescribeInstances `StateReason.Message` of one that does not run: who stopped it. */
  readonly stateReason?: string;
  readonly launchedAt: number;
  readonly slots: readonly OccupiedSlot[];
  /** Its own address: the primary one of its primary interface; absent when EC2 did not say. */
  readonly address?: string;
  /** How many EBS volumes are attached to it; none when absent. */
  readonly volumes?: number;
  /** The service that manages it (`Operator.Managed`), when one does: it takes no interface from anybody. */
  readonly managedBy?: string;
  /** The ARN of the Outpost it runs on, when it runs on one. */
  readonly outpost?: string;
  /** DescribeInstances `Placement.GroupName` and `PartitionNumber`, when it is in a placement group. */
  readonly placement?: { readonly group: string; readonly partition?: number };
  readonly tags: Readonly<Record<string, string>>;
}

/** A resource whose reply could not be understood: a field is missing, or has a value this version does not know. */
export interface Unreadable {
  readonly id: string;
  /** What is wrong, as a sentence that names the field. */
  readonly reason: string;
  /** What could be read of its tags: they say which group it belongs to. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What one read gave: what could be understood, and what could not. */
export interface Listing<View> {
  readonly views: readonly View[];
  readonly unreadable: readonly Unreadable[];
}

/** DescribeInstanceTypes `NetworkInfo` and `EbsInfo`. */
export interface TypeLimits {
  readonly maxInterfaces: number;
  readonly ipv4PerInterface: number;
  readonly ipv6PerInterface: number;
  /** One entry for each network card; a type with one card has one. */
  readonly cards: readonly { readonly index: number; readonly maxInterfaces: number }[];
  /** What volumes and interfaces share; absent where volumes have a limit of their own (`EbsInfo`). */
  readonly sharedAttachments?: number;
  /** Why EC2 was not heard: these are the limits that are shipped with this version. */
  readonly unheard?: string;
}

/** Where a {@link Signal} comes from. */
export type SignalSource = 'state' | 'status' | 'alarm' | 'notice' | 'schedule' | 'probe' | 'assumption';

/** One thing that speaks for or against a member; what follows from it is in the table of `signals.ts`. */
export interface Signal {
  readonly instanceId: string;
  readonly source: SignalSource;
  /** The source's own word: a row of the table is `source/verdict`. */
  readonly verdict: string;
  /** Since when, as far as the source says. */
  readonly since?: number;
  /** Completes the sentence "The instance …". */
  readonly because: string;
  /** Nobody there can be expected to answer: the guest or its host fails, or the instance is gone. */
  readonly unanswering?: boolean;
}

/** A read that failed as a whole: what it would have told is not known, which is another thing than not so. */
export interface MissingRead {
  readonly source: 'status' | 'alarms' | 'mutes';
  /** One sentence that names the IAM action. */
  readonly reason: string;
  /** Asked again, it may be answered: it was throttled, or AWS was away. Not so where it is denied. */
  readonly mayPass: boolean;
}

/** Everything a decision may depend on, gathered into one value. JSON in, JSON out: the golden cases are this. */
export interface Observation {
  readonly group: string;
  readonly now: number;
  /** Sorted by id: the first is the anchor. */
  readonly interfaces: readonly InterfaceView[];
  /** Interfaces with the group's tag that do not belong to it, or not yet; they move nothing and hold nothing up. */
  readonly strays?: readonly InterfaceView[];
  /** Interfaces of the same name and on the same instance that are not known to belong to these yet, but are about to. */
  readonly joins?: readonly InterfaceView[];
  /** Nothing says that these belong to the group that others of the name are: they are looked after, and no more. */
  readonly apart?: true;
  /** Resources whose group tag seems to mean this group, and does not say so. */
  readonly misnamed?: readonly { readonly id: string; readonly tag: string }[];
  /** Sorted by id. */
  readonly members: readonly MemberView[];
  /** Interfaces and instances of this group that could not be understood. */
  readonly unreadable: readonly Unreadable[];
  /** What was read of the members' health, from every source. */
  readonly signals: readonly Signal[];
  /** What could not be read at all; absent when nothing is missing. */
  readonly missing?: readonly MissingRead[];
  /** The VPCs of the probes, where some are deployed and that was read. */
  readonly probeVpcs?: readonly string[];
  /** By instance type. */
  readonly limits: Readonly<Record<string, TypeLimits>>;
}

/** What a person may ask for. */
export interface PersonRequest {
  readonly kind: 'request';
  readonly action:
    | 'failover'
    | 'switchover'
    | 'failback'
    | 'drill'
    | 'plan'
    | 'status'
    | 'check'
    | 'pause'
    | 'resume'
    | 'acknowledge';
  readonly group?: string;
  readonly from?: string;
  readonly to?: string;
  /** Why, in the person's own words. */
  readonly reason?: string;
  readonly ignoreHealth: boolean;
  /** A switchover may use force, where a plain detach does not end in time. */
  readonly force?: boolean;
  /** How long a pause lasts. */
  readonly minutes?: number;
  /** A plan of what automation would do, and not of what a failover request would. */
  readonly as?: 'automation';
}

/** An event about instances. */
export interface EventTrigger {
  readonly kind: 'alarm' | 'instance-state' | 'instance-running' | 'interruption';
  /** None where the event names other alarms instead, whose instances are found when the groups are. */
  readonly instanceIds: readonly string[];
  /** The alarm that speaks for the one instance; its own event has said that it was not muted when it happened. */
  readonly alarm?: string;
  /** The alarms that a composite one is made of. */
  readonly watches?: readonly string[];
  /** It speaks against nobody: what moves a group has to be found out by looking. */
  readonly isHint?: boolean;
  /** When it happened, as the event says, in whole seconds; absent when it does not say. */
  readonly happenedAt?: number;
}

/**
 * What the probe says of one interface, and of the instance that holds it. It names its group itself: nobody has to
 * look for it. Nothing follows from it by itself: what it says is looked at once more.
 */
export interface VerdictTrigger {
  readonly kind: 'verdict';
  readonly group: string;
  /** Whoever held the interface. */
  readonly instanceIds: readonly string[];
  readonly verdict: VerdictDetail;
}

/** The question behind readiness: what would automation do if the holder failed now? Nothing is changed for it. */
export interface Hypothesis {
  readonly kind: 'if-holder-failed';
}

/** A hint to look at a group. What follows from it is decided by what is observed, never by the hint itself. */
export type Trigger = EventTrigger | VerdictTrigger | { readonly kind: 'sweep' } | PersonRequest | Hypothesis;

/** The instances an event is about; undefined for whatever looks at a group as a whole. */
export function subjectsOf(trigger: Trigger): readonly string[] | undefined {
  return 'instanceIds' in trigger ? trigger.instanceIds : undefined;
}

/** A sweep, and an event that is only a hint to look: neither says of anybody that something is wrong with it. */
export function speaksOfNobody(trigger: Trigger): boolean {
  return trigger.kind === 'sweep' || ('isHint' in trigger && (trigger.isHint ?? false));
}

/** What an invocation turns out to be: a hint to look at groups, or nothing of the kind, and why not. */
export type Parsed =
  | { readonly kind: 'trigger'; readonly trigger: EventTrigger | VerdictTrigger | PersonRequest }
  | { readonly kind: 'ignored'; readonly code: IgnoredCode; readonly reason: string };
