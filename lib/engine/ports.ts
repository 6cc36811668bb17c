import type { AlarmReading, InterfaceView, MemberView, StatusChecks, TypeLimits } from '../core/model.ts';

/**
 * What the engine needs from AWS. Implemented by `lib/aws`. Every method may throw an `AwsCallError`; reads are
 * retried inside the run's time budget, changes only when they were certainly not applied.
 */
export interface CloudReads {
  /**
   * DescribeInstances, filtered by the group tag: the members of one group, or of every group.
   * @param group when given, only instances whose list names exactly this group.
   */
  members(group?: string): Promise<readonly MemberView[]>;
  /** DescribeNetworkInterfaces, filtered by the group tag; sorted by id. No groups: every tagged interface. */
  interfaces(groups?: readonly string[]): Promise<readonly InterfaceView[]>;
  /** DescribeNetworkInterfaces by id (as a filter, which has the larger bucket); an unknown id is left out. */
  interfacesById(ids: readonly string[]): Promise<readonly InterfaceView[]>;
  /** DescribeInstanceStatus with IncludeAllInstances, in chunks of 100; an id that EC2 does not report is left out. */
  statusChecks(instanceIds: readonly string[]): Promise<Readonly<Record<string, StatusChecks>>>;
  /**
   * DescribeInstanceStatus: every running instance of the Region with an impaired check, tagged or not. Its cost does
   * not grow with healthy instances.
   */
  impairedChecks(): Promise<Readonly<Record<string, StatusChecks>>>;
  /** DescribeInstanceTypes; a type asked for once is remembered for the life of the process. */
  typeLimits(types: readonly string[]): Promise<Readonly<Record<string, TypeLimits>>>;
  /** DescribeAlarms with StateValue=ALARM, all pages; `readable: false` instead of a throw, unless denied. */
  alarmsInAlarm(): Promise<AlarmReading>;
  /**
   * ListAlarmMuteRules: which of these alarms an active mute rule silences. An answer that could not be had counts as
   * muted, because a move has to be confirmed, not presumed.
   */
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
}

export type Cloud = CloudReads & CloudChanges;
