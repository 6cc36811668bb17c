import type { AlarmReading } from '../core/alarms.ts';
import type { MemberAlarm, StandingAlarm } from '../core/member-alarms.ts';
import type { EnaOptions, InterfaceView, Listing, MemberView, TypeLimits } from '../core/model.ts';
import type { StatusChecks } from '../core/readers.ts';
import type { SecondLook } from '../probe/verdict.ts';
import type { WatchInput } from '../watch/input.ts';
import type { Witness } from './witnesses.ts';

/**
 * What the engine needs from AWS. Implemented by `lib/aws`. Every method may throw an `AwsCallError`; reads are
 * retried inside the run's time budget, changes only when they were certainly not applied.
 *
 * A resource in a {@link Listing}'s `unreadable` exists, and nothing else is known of it: neither that it is well nor
 * that it is gone. Its group is not to be touched; all the other groups are as readable as ever.
 */
export interface CloudReads {
  /**
   * DescribeInstances, filtered by the group tag: the members of one group, or of every group.
   * @param group when given, only instances whose list names exactly this group, or seems to (`web,db`).
   * @returns sorted by id. An unreadable instance whose group tag could not be read either is in every answer, because
   * it may be a member of any group.
   */
  members(group?: string): Promise<Listing<MemberView>>;
  /** DescribeInstances by id (as a filter), whatever their tags; an unknown id is left out. */
  instancesById(ids: readonly string[]): Promise<Listing<MemberView>>;
  /**
   * DescribeNetworkInterfaces, filtered by the group tag; sorted by id. No groups: every tagged interface. An
   * unreadable interface may be the anchor of its group, and may be attached anywhere.
   */
  interfaces(groups?: readonly string[]): Promise<Listing<InterfaceView>>;
  /**
   * DescribeNetworkInterfaces by id (as a filter, which has the larger bucket); an unknown id is left out. An
   * unreadable interface is not an unknown one: it is there, but where it is attached is not known.
   */
  interfacesById(ids: readonly string[]): Promise<Listing<InterfaceView>>;
  /** DescribeNetworkInterfaces, filtered by subnet: the VPCs of whatever is in these subnets, each once. */
  vpcsOf(subnetIds: readonly string[]): Promise<readonly string[]>;
  /**
   * DescribeInstanceStatus with IncludeAllInstances, in chunks of 100; an id that EC2 does not report is left out, and
   * so is an entry that names no instance.
   */
  statusChecks(instanceIds: readonly string[]): Promise<Readonly<Record<string, StatusChecks>>>;
  /**
   * DescribeInstanceStatus: every running instance of the Region with an impaired check, or with something that EC2 has
   * planned for it, tagged or not. Its cost does not grow with healthy instances. What the Region cannot filter by is
   * left out, unless it is all of it.
   */
  impairedChecks(): Promise<Readonly<Record<string, StatusChecks>>>;
  /**
   * DescribeInstanceTypes; a type asked for once is remembered for the life of the process. Where EC2 does not answer,
   * leaves a type out, or its entry cannot be understood, the limits are those that are shipped with this version, and
   * say so (`unheard`). A type that is not among these either is left out.
   * @throws AwsCallError when EC2 does not answer and nothing is known of any of the types.
   */
  typeLimits(types: readonly string[]): Promise<Readonly<Record<string, TypeLimits>>>;
  /**
   * DescribeAlarms with StateValue=ALARM, all pages; `readable: false` instead of a throw. An alarm without a name
   * counts by its metrics.
   */
  alarmsInAlarm(): Promise<AlarmReading>;
  /** DescribeAlarmContributors, all pages: the instances for which an alarm over a query is in ALARM. */
  contributorsInAlarm(alarmName: string): Promise<readonly string[]>;
  /** ListAlarmMuteRules, all pages: which of these alarms an active mute rule silences. */
  mutedAlarms(names: readonly string[]): Promise<ReadonlySet<string>>;
}

/** The changing calls. */
export interface CloudChanges {
  /** DetachNetworkInterface. */
  detach(attachmentId: string, force: boolean): Promise<void>;
  /**
   * AttachNetworkInterface; always sends the network card index.
   * @returns the new attachment id.
   */
  attach(request: AttachRequest): Promise<string>;
  /**
   * The same with `DryRun`: asks for permission and changes nothing. Sent once, and not at all once a change was
   * throttled in this run; whatever goes wrong with it is `unknown`.
   */
  rehearseAttach(request: AttachRequest): Promise<Permission>;
  /** CreateTags on all the interfaces in one call: overwrites the named keys only. */
  writeTags(interfaceIds: readonly string[], tags: Readonly<Record<string, string>>): Promise<void>;
  /** ModifyNetworkInterfaceAttribute: whether the interface is deleted with the instance it is attached to. */
  modifyDeleteOnTermination(interfaceId: string, attachmentId: string, value: boolean): Promise<void>;
}

export interface AttachRequest {
  readonly interfaceId: string;
  readonly instanceId: string;
  readonly deviceIndex: number;
  readonly networkCardIndex: number;
  /** What belongs to an attachment, and has to be asked for with each. */
  readonly ena?: EnaOptions;
}

/** What a dry run was answered with. `unknown`: neither yes nor no. */
export type Permission =
  | { readonly kind: 'allowed' | 'unknown' }
  /** `reason`: AWS's words, with the action that is denied. */
  | { readonly kind: 'denied'; readonly reason: string };

export type Cloud = CloudReads & CloudChanges & CloudAhead;

/** What only a look ahead asks AWS: nothing that a move waits for. */
export interface CloudAhead {
  /**
   * DescribeAlarms, metric alarms in whatever state, all pages.
   * @param pace waited for before each page: a move may want to read alarms meanwhile.
   */
  standingAlarms(pace: () => Promise<void>): Promise<readonly StandingAlarm[]>;
  /** DescribePlacementGroups: the strategy of each, by its name. */
  placementStrategies(): Promise<Readonly<Record<string, string>>>;
  /** DetachNetworkInterface with `DryRun`, as {@link CloudChanges.rehearseAttach}. */
  rehearseDetach(attachmentId: string): Promise<Permission>;
  /** CreateTags with `DryRun`. */
  rehearseTags(interfaceIds: readonly string[], tags: Readonly<Record<string, string>>): Promise<Permission>;
}

/** The alarms that the product makes, and nobody else's. */
export interface AlarmKeeper {
  /** PutMetricAlarm with the tag of the deployment. One call; the same again changes nothing. */
  makeAlarm(alarm: MemberAlarm): Promise<void>;
  /** ListTagsForResource: whether an alarm carries the tag of this deployment; false for one that is gone. */
  isOurs(arn: string): Promise<boolean>;
  /** DeleteAlarms, at most 100; where one is gone already, CloudWatch deletes none and says so (`gone`). */
  deleteAlarms(names: readonly string[]): Promise<void>;
}

/** Who looks after alarms and looks ahead, as the sweep sees it. */
export interface Upkeep {
  /**
   * Has Lambda start a run soon, and waits for nothing else.
   * @param groups those that have changed
   * @throws AwsCallError when it was not taken.
   */
  start(groups: readonly string[]): Promise<void>;
}

/** There where the function is deployed. */
export interface UpkeepPorts {
  readonly upkeep?: Upkeep;
}

/** What a probe is to look at once more: a floating interface, its holder, and whoever may bear witness. */
export interface LookRequest {
  readonly id: string;
  readonly address: string;
  /** As in the tag `probe`: `tcp:443`. */
  readonly target: string;
  /** The holder's own address; null where it is not known. */
  readonly own: string | null;
  readonly standbys: readonly Witness[];
}

/** The probes, where some are deployed. */
export interface Prober {
  /**
   * One more look at all the addresses at once, by every probe there is, under a deadline of its own and without a
   * second attempt.
   * @returns what each probe saw that has answered; of one that could not be asked there is nothing. Throws nothing.
   */
  look(request: LookRequest): Promise<readonly SecondLook[]>;
}

/** Who has the probes look, where some are deployed. */
export interface Watcher {
  /**
   * Has Lambda start a run soon, and waits for nothing else.
   * @throws AwsCallError when it was not taken.
   */
  start(input: WatchInput): Promise<void>;
}

/** An event as a bus takes it. */
export interface BusEntry {
  readonly source: string;
  readonly detailType: string;
  readonly detail: object;
}

/** The bus that events of ours are put on. */
export interface EventBus {
  /**
   * PutEvents.
   * @param events ten at most.
   * @throws AwsCallError when one of them was not taken.
   */
  put(events: readonly BusEntry[]): Promise<void>;
}

/** The parts of the engine's ports that are there only where a probe is deployed. */
export interface ProbePorts {
  readonly prober?: Prober;
  readonly watcher?: Watcher;
  /** The subnets that the probes are in. */
  readonly probeSubnets?: readonly string[];
}
