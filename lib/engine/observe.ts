import { type AlarmReading, isOurAlarm } from '../core/alarms.ts';
import type { InterfaceView, Listing, MemberView, Observation, Trigger, Unreadable } from '../core/model.ts';
import { alarmSignals, stateSignals, type StatusChecks, statusSignals } from '../core/readers.ts';
import { belonging } from '../core/adoption.ts';
import { groupOfInterface, groupsOfMember } from '../core/tags.ts';
import { AwsCallError } from '../errors.ts';
import type { Run } from './run.ts';

/** What was read for one or more groups, before it is sorted by group. */
export interface Readings {
  readonly interfaces: Listing<InterfaceView>;
  readonly members: Listing<MemberView>;
  readonly checks: Readonly<Record<string, StatusChecks>>;
  readonly alarms: AlarmReading;
  readonly limits: Observation['limits'];
}

export interface ObserveOptions {
  /** Members that were read a moment ago, when the trigger had to be matched to its groups first. */
  readonly members?: Listing<MemberView>;
  /** Ask which alarms are muted: a sweep has to, an event says so itself. */
  readonly mutes?: boolean;
}

/**
 * Gathers everything a decision may depend on. Two round trips: what can be asked at once is asked at once, and only
 * what depends on the members' ids and types comes after.
 * @param groups the groups to look at; undefined for every tagged one.
 * @throws AwsCallError when the instances, interfaces or limits cannot be read, or any read is denied.
 */
export async function observe(
  run: Run,
  groups: readonly string[] | undefined,
  { members: known, mutes = false }: ObserveOptions = {},
): Promise<readonly Observation[]> {
  const { cloud } = run;
  const only = groups?.length === 1 ? groups[0] : undefined;
  const reads = Promise.all([cloud.interfaces(groups), cloud.alarmsInAlarm()]);
  // Marked as handled here, because the members are awaited first; a failure still surfaces below.
  reads.catch(() => undefined);
  const given = known && strays(known, run).length === 0 ? known : undefined;
  const members = askedFor(given ?? (await cloud.members(only)), groups, run);
  const [[interfaces, read], checks, limits] = await Promise.all([
    reads,
    readChecks(run, members.views),
    cloud.typeLimits([...new Set(members.views.filter(isPresent).map((member) => member.type))]),
  ]);
  const alarms = mutes ? await withMutes(run, read, interfaces.views) : read;
  const sorted = byGroup({ interfaces, members, checks, alarms, limits }, run);
  return adopted(
    [...strays(interfaces, run), ...strays(members, run)],
    (groups ?? sorted.groups).flatMap(sorted.observationsOf),
    groups,
  );
}

/** What could not be understood and does not even show the tag by which it was found. */
function strays({ unreadable }: Listing<unknown>, { settings }: Run): readonly Unreadable[] {
  return unreadable.filter((found) => isStray(found, settings.tagPrefix));
}

const isStray = ({ tags }: Unreadable, tagPrefix: string): boolean => tags[`${tagPrefix}group`] === undefined;

/**
 * A stray belongs to the one group that was asked for.
 * @throws AwsCallError `invalid` where several were: then each has to be asked for by itself.
 */
function adopted(
  found: readonly Unreadable[],
  observations: readonly Observation[],
  groups: readonly string[] | undefined,
): readonly Observation[] {
  const [stray] = found;
  if (!stray || !groups) return observations;
  if (groups.length > 1)
    throw new AwsCallError('invalid', 'ec2:Describe', 'IncompleteReply', `${stray.id}: ${stray.reason}`);
  return observations.map((seen) => ({ ...seen, unreadable: [...seen.unreadable, ...found] }));
}

/**
 * Looks at one group once more in the same run, as it looked the first time.
 * @param before tells which interfaces of that name are meant, where they are not all of one group.
 */
export async function observeAgain(
  run: Run,
  trigger: Trigger,
  group: string,
  before?: Observation,
): Promise<Observation> {
  const seen = await observe(run, [group], { mutes: trigger.kind === 'sweep' });
  const ids = new Set(before?.interfaces.map(({ id }) => id));
  const same = seen.find(({ interfaces }) => interfaces.some(({ id }) => ids.has(id)));
  // Where none of them is left, the others of that name are not the ones that were meant.
  const observation = same ?? (seen.length > 1 && ids.size > 0 && seen[0] ? { ...seen[0], interfaces: [] } : seen[0]);
  if (!observation) throw new Error(`No observation of ${group}`);
  return observation;
}

/** Readings by group, found without searching all of them for each. */
export interface ByGroup {
  /** Every group that a tag names, on whatever could be understood or not. */
  readonly groups: readonly string[];
  /** One observation; several where interfaces of that name do not know each other: each set is on its own. */
  readonly observationsOf: (group: string) => readonly Observation[];
}

/** Sorts what was read by the groups it belongs to. */
export function byGroup(
  readings: Readings,
  { clock, settings: { tagPrefix, statePrefix, alarmPrefix } }: Run,
): ByGroup {
  const { checks, alarms, limits } = readings;
  const interfaces = indexed(readings.interfaces.views, (view) => groupOfInterface(view, tagPrefix));
  const members = indexed(readings.members.views, (member) => groupsOfMember(member, tagPrefix));
  const odd = indexed(readings.interfaces.unreadable, (found) => groupOfInterface(found, tagPrefix));
  const oddMembers = indexed(readings.members.unreadable, (found) => groupsOfMember(found, tagPrefix));
  const indexes = [interfaces, members, odd, oddMembers];
  const groups = [...new Set(indexes.flatMap((index) => [...index.keys()]))].sort();
  const observationsOf = (group: string): readonly Observation[] => {
    const own = members.get(group) ?? [];
    const { sets, strays } = belonging(interfaces.get(group) ?? [], statePrefix);
    return sets.map((set, nth) => ({
      group,
      now: clock.now(),
      interfaces: set,
      // The foremost set speaks for the group: it tells of whatever else carries the name.
      ...withStrays(nth === 0 ? [...strays, ...sets.slice(1).flat()] : []),
      members: own,
      unreadable: [...(odd.get(group) ?? []), ...(oddMembers.get(group) ?? [])],
      signals: [...stateSignals(own), ...statusSignals(own, checks), ...alarmSignals(own, alarms, alarmPrefix)],
      limits,
    }));
  };
  return { groups, observationsOf };
}

const withStrays = (strays: readonly InterfaceView[]): Pick<Observation, 'strays'> =>
  strays.length > 0 ? { strays } : {};

function indexed<Item>(items: readonly Item[], keysOf: (item: Item) => string | readonly string[] | undefined) {
  const index = new Map<string, Item[]>();
  for (const item of items) {
    for (const key of [keysOf(item) ?? []].flat()) index.set(key, [...(index.get(key) ?? []), item]);
  }
  return index;
}

function askedFor(
  { views, unreadable }: Listing<MemberView>,
  groups: readonly string[] | undefined,
  { settings }: Run,
): Listing<MemberView> {
  const asked = (member: MemberView | Unreadable): boolean =>
    !groups || groupsOfMember(member, settings.tagPrefix).some((group) => groups.includes(group));
  return {
    views: views.filter(asked),
    unreadable: unreadable.filter((odd) => isStray(odd, settings.tagPrefix) || asked(odd)),
  };
}

/** Only a running instance has status checks, and EC2 fails the whole read for one id it has forgotten. */
async function readChecks(run: Run, members: readonly MemberView[]): Promise<Readonly<Record<string, StatusChecks>>> {
  const running = members.filter((member) => member.state === 'running').map((member) => member.id);
  try {
    return await run.cloud.statusChecks(running);
  } catch (error) {
    // Unknown is not failed: the decision goes on without them, unless IAM is what has to be put right.
    if (error instanceof AwsCallError && error.failure !== 'denied' && error.failure !== 'invalid') return {};
    throw error;
  }
}

/**
 * Marks the alarms that a mute rule silences. A mute is not in DescribeAlarms, so it is asked for, but only for alarms
 * of ours about somebody who holds an interface: they alone would move something.
 */
async function withMutes(
  { cloud, settings }: Run,
  alarms: AlarmReading,
  interfaces: readonly InterfaceView[],
): Promise<AlarmReading> {
  if (!alarms.readable) return alarms;
  const holders = new Set(interfaces.map((view) => view.attachment?.instanceId));
  const relevant = alarms.inAlarm.filter(
    (alarm) =>
      isOurAlarm(alarm, settings.alarmPrefix) &&
      alarm.metrics.some(({ instanceId }) => instanceId !== undefined && holders.has(instanceId)),
  );
  if (relevant.length === 0) return alarms;
  const muted = await cloud.mutedAlarms(relevant.map((alarm) => alarm.name));
  const inAlarm = alarms.inAlarm.map((alarm) => (muted.has(alarm.name) ? { ...alarm, muted: true } : alarm));
  return { readable: true, inAlarm };
}

const isPresent = (member: MemberView): boolean => member.state !== 'terminated' && member.state !== 'shutting-down';
