import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { AttachmentEnaSrdSpecification } from '@aws-sdk/client-ec2';

export { INSTANCE_TYPES, type TypeLimits } from './instance-types.ts';
export type { Latencies, Range } from './profile.ts';

export type Tags = Readonly<Record<string, string>>;
export type InstanceStateName = 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';
export type Check = 'system' | 'instance' | 'attachedEbs' | 'application';
export type CheckStatus = 'ok' | 'impaired' | 'initializing' | 'not-applicable';

/** Everything the world holds is immutable: a change puts a new record, so an old reply can be given from the past. */
export interface Instance {
  readonly id: string;
  readonly type: string;
  readonly zone: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly ownerId: string;
  readonly spot: boolean;
  readonly state: InstanceStateName;
  readonly launchMs: number;
  readonly tags: Tags;
  /** Checks that fail, and since when they say so (detection takes a while, so this may lie ahead). */
  readonly impairedSinceMs: Readonly<Partial<Record<Check, number>>>;
  /** From when on DescribeInstanceStatus calls a check that fails `impaired`; at once, where nothing else is said. */
  readonly shownSinceMs?: Readonly<Partial<Record<Check, number>>> | undefined;
  /** From when on it calls such a check `initializing`, as it does at times first. */
  readonly hesitatesSinceMs?: Readonly<Partial<Record<Check, number>>> | undefined;
  /** Checks that fail although everything works again: from when on they pass. */
  readonly passesFromMs?: Readonly<Partial<Record<Check, number>>> | undefined;
  readonly initializingUntilMs: number;
  /** Until then a started instance has no attached EBS check. */
  readonly freshUntilMs?: number | undefined;
  /** Its status checks have no datapoints before. */
  readonly datapointsFromMs?: number | undefined;
  /** EC2 probes an application port of this instance. */
  readonly applicationChecked: boolean;
  readonly events: readonly ScheduledEvent[];
  /** The guest hangs: a plain detach from it never ends. */
  readonly hangsDetach: boolean;
  /** `card:index` slots the guest refuses since a forced detach. */
  readonly refusedSlots: readonly string[];
  /** Attached EBS volumes, the root volume included. */
  readonly volumes: number;
  /** The service that manages it, and lets nobody attach an interface. */
  readonly managedBy?: string | undefined;
  readonly outpostArn?: string | undefined;
  /** The name of its placement group: `world.placementGroups` has the strategies. */
  readonly placementGroup?: string | undefined;
  /** What its checks say as long as it lives, whatever happens to it. */
  readonly health?: 'initializing' | 'impaired' | undefined;
  /** Why it is in its state. */
  readonly stateReason?: { readonly code: string; readonly message: string } | undefined;
}

export interface ScheduledEvent {
  readonly code: 'instance-reboot' | 'system-reboot' | 'system-maintenance' | 'instance-retirement' | 'instance-stop';
  readonly description: string;
  readonly notBeforeMs: number;
}

export interface Attachment {
  readonly id: string;
  readonly instanceId: string;
  readonly deviceIndex: number;
  readonly networkCardIndex: number;
  readonly status: 'attaching' | 'attached' | 'detaching';
  readonly attachMs: number;
  readonly deleteOnTermination: boolean;
  readonly forced: boolean;
  /** Its transition never ends by itself: only force or the end of the instance ends it. */
  readonly stuck: boolean;
  /** ENA Express and queues were asked for when it was attached; they go with the attachment. */
  readonly enaSrd?: AttachmentEnaSrdSpecification | undefined;
  readonly enaQueueCount?: number | undefined;
}

export interface NetworkInterface {
  readonly id: string;
  readonly zone: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly ownerId: string;
  readonly description: string;
  readonly macAddress: string;
  readonly privateIps: readonly string[];
  readonly ipv6: readonly string[];
  readonly elasticIp?: { readonly publicIp: string; readonly allocationId: string; readonly associationId: string };
  readonly groups: readonly string[];
  readonly interfaceType: string;
  readonly outpostArn?: string | undefined;
  readonly requesterManaged: boolean;
  readonly operatorManaged: boolean;
  readonly sourceDestCheck: boolean;
  readonly tags: Tags;
  readonly attachment?: Attachment | undefined;
}

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** A metric alarm in the words of PutMetricAlarm: over one metric, or with `Metrics` over several and their math. */
export type AlarmConfig = PutMetricAlarmInput & { readonly [K in AlarmEssential]: NonNullable<PutMetricAlarmInput[K]> };
type AlarmEssential = 'AlarmName' | 'EvaluationPeriods' | 'ComparisonOperator';

export interface Alarm {
  readonly config: AlarmConfig;
  readonly state: AlarmState;
  readonly reason: string;
  readonly reasonData: string;
  readonly stateUpdatedMs: number;
  readonly configuredMs: number;
  /** Whether CloudWatch evaluates it; otherwise only SetAlarmState changes it. */
  readonly evaluated: boolean;
  /** The time series of an alarm that watches several at once, as far as they have been in ALARM. */
  readonly contributors: readonly Contributor[];
}

export interface Contributor {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly state: 'OK' | 'ALARM';
  readonly reason: string;
  readonly changedMs: number;
}

/** An event as EventBridge carries it. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** One line of the world's own story, for a demonstration or a trace. */
export interface Fact {
  readonly atMs: number;
  readonly kind: 'fault' | 'metric' | 'alarm' | 'event' | 'call' | 'transition';
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What AWS does not promise. The default is what aws-facts calls likely; test the other value too. */
export interface Quirks {
  readonly plainDetachWhileDetaching: 'accepted' | 'refused';
  readonly forcedDetachWhileDetaching: 'accepted' | 'refused';
  readonly attachToPending: 'accepted' | 'refused';
  /** Detach from an instance that is neither running nor stopped. */
  readonly detachInTransition: 'accepted' | 'refused';
  readonly forcedIndexRefused: boolean;
  readonly restartThatClearsIndex: 'stop-start' | 'reboot';
  readonly inUseCode: 'InvalidNetworkInterface.InUse' | 'InvalidParameterValue';
  readonly managedCode: 'OperationNotPermitted' | 'AuthFailure';
  /** ENA Express and a queue count on an attach. */
  readonly enaSettings: 'accepted' | 'refused';
  readonly omittedCardIndex: 'false-conflict' | 'defaults-to-0';
  /** What FILL(metric, 0) gives an alarm where the metric has nothing at all in the evaluation range. */
  readonly emptyFill: 'empty' | 'filled';
  readonly tagCharacters: 'portable' | 'any';
  /**
   * What pages hold: as much as was asked for; or some items; or at times nothing, although more comes; or, where a
   * size was asked for, a fifth to two fifths of it (recorded: pages of 1, 1, 2, 2 where 5 were asked for).
   */
  readonly pages: 'full' | 'short' | 'empty' | 'recorded';
  /** Two tag writers of one resource closer together than this collide. */
  readonly tagLockMs: number;
  /** Alarms of one account and Region ("CloudWatch service quotas"); PutMetricAlarm makes no more. */
  readonly alarmQuota: number;
}

export const QUIRKS: Quirks = {
  plainDetachWhileDetaching: 'refused',
  forcedDetachWhileDetaching: 'accepted',
  attachToPending: 'refused',
  detachInTransition: 'accepted',
  forcedIndexRefused: true,
  restartThatClearsIndex: 'stop-start',
  inUseCode: 'InvalidNetworkInterface.InUse',
  managedCode: 'OperationNotPermitted',
  enaSettings: 'accepted',
  omittedCardIndex: 'false-conflict',
  emptyFill: 'empty',
  tagCharacters: 'portable',
  pages: 'full',
  tagLockMs: 15,
  alarmQuota: 5_000,
};
