import { belonging } from '../core/adoption.ts';
import type { AlarmReading } from '../core/alarms.ts';
import { carriersOf } from '../core/carriers.ts';
import type {
  InterfaceView,
  Listing,
  MemberView,
  MissingRead,
  Observation,
  Signal,
  Trigger,
  Unreadable,
} from '../core/model.ts';
import { alarmSignals, stateSignals, type StatusChecks, statusSignals } from '../core/readers.ts';
import { isAboutMoving, isLookedAtOnly } from '../core/requests.ts';
import { stillSaid } from '../core/still-said.ts';
import { unreadableBySet } from '../core/unreadable.ts';
import type { Company } from '../core/unlisted.ts';
import { groupOfInterface, groupsMeant, groupsOfMember, misnamedIn } from '../core/tags.ts';
import { AwsCallError } from '../errors.ts';
import { missingAlarms, readAlarms, readChecks, unmuted } from './health.ts';
import { rememberNames } from './names.ts';
import { probeSays } from './probe.ts';
import type { Run } from './run.ts';
import { joining, servedBefore, withStrays } from './sets.ts';
import { vanishedHolders } from './vanished.ts';

/** What was read for one or more groups, before it is sorted by group. */
export interface Readings {
  readonly interfaces: Listing<InterfaceView>;
  readonly members: Listing<MemberView>;
  readonly checks: Readonly<Record<string, StatusChecks>>;
  readonly alarms: AlarmReading;
  readonly limits: Observation['limits'];
  /** What was read of holders that have lost their tags. */
  readonly vanished?: readonly Signal[];
  /** What the probe's verdict is worth, where one led here. */
  readonly probed?: readonly Signal[];
  readonly missing: readonly MissingRead[];
}

export interface ObserveOptions {
  /** Members that were read a moment ago, when the trigger had to be matched to its groups first. */
  readonly members?: Listing<MemberView>;
  /** Ids of interfaces that this run has seen together. */
  readonly together?: ReadonlySet<string>;
}

/**
 * Gathers everything a decision may depend on. Two round trips: what can be asked at once is asked at once, and only
 * what depends on the members' ids and types comes after.
 * @param trigger an event has said of its own alarm that it is not muted.
 * @param groups the groups to look at; undefined for every tagged one.
 * @throws AwsCallError when the instances, interfaces or limits cannot be read.
 */
export async function observe(
  run: Run,
  trigger: Trigger,
  groups: readonly string[] | undefined,
  { members: known, together }: ObserveOptions = {},
): Promise<readonly Observation[]> {
  const { cloud } = run;
  const only = groups?.length === 1 ? groups[0] : undefined;
  const carried = cloud.interfaces(groups);
  const reads = Promise.all([carried, readAlarms(run)]);
  // Marked as handled here, because the members are awaited first; a failure still surfaces below.
  reads.catch(() => undefined);
  const given = known && strays(known, run).length === 0 ? known : undefined;
  const members = askedFor(given ?? (await cloud.members(only)), groups, run);
  // By addresses that were just read, and while everything else is.
  const probing = carried.then(({ views }) => probeSays(run, trigger, views, members.views));
  probing.catch(() => undefined);
  const [[interfaces, read], checks, limits] = await Promise.all([
    reads,
    readChecks(run, members.views),
    cloud.typeLimits([...new Set(members.views.filter(isPresent).map((member) => member.type))]),
  ]);
  const [alarms, vanished, probed] = await Promise.all([
    unmuted(run, trigger, read, { interfaces, members, checks: checks.found }),
    vanishedHolders(run, interfaces.views, members.views),
    probing,
  ]);
  const missing = [...checks.missing, ...missingAlarms(read), ...alarms.missing];
  const readings = {
    interfaces,
    members,
    checks: checks.found,
    alarms: alarms.found,
    limits,
    missing,
    vanished,
    probed,
  };
  // A request about the group as a whole.
  const isAsked = isLookedAtOnly(trigger) || (trigger.kind === 'request' && isAboutMoving(trigger));
  const sorted = byGroup(readings, run, { isAsked, ...(together && { together }) });
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
 * @param before tells which interfaces of that name are meant, where they are not all of one group, and what spoke against
 * a standby, where that cannot be read now.
 */
export async function observeAgain(
  run: Run,
  trigger: Trigger,
  group: string,
  before?: Observation,
): Promise<Observation> {
  const ids = new Set(before && carriersOf(before).map(({ id }) => id));
  const seen = await observe(run, trigger, [group], { together: ids });
  const same = seen.find((each) => carriersOf(each).some(({ id }) => ids.has(id)));
  // Where none of them is left, the others of that name are not the ones that were meant.
  const observation = same ?? (ids.size > 0 && seen[0] ? { ...seen[0], interfaces: [] } : seen[0]);
  if (!observation) throw new Error(`No observation of ${group}`);
  const known = before ? stillSaid(before, observation) : [];
  return known.length > 0 ? { ...observation, signals: [...observation.signals, ...known] } : observation;
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
  { clock, process, settings: { tagPrefix, statePrefix, alarmPrefix } }: Run,
  { together, isAsked }: Pick<Company, 'together' | 'isAsked'> = {},
): ByGroup {
  const { checks, alarms, limits, missing, vanished = [], probed = [] } = readings;
  rememberNames(process.names, readings.members.views);
  const interfaces = indexed(readings.interfaces.views, (view) => groupOfInterface(view, tagPrefix));
  const members = indexed(readings.members.views, (member) => groupsOfMember(member, tagPrefix));
  const odd = indexed(readings.interfaces.unreadable, (found) => groupOfInterface(found, tagPrefix));
  const oddMembers = indexed(readings.members.unreadable, (found) => groupsOfMember(found, tagPrefix));
  const indexes = [interfaces, members, odd, oddMembers];
  const misnamed = indexed(misnamedAmong(readings, tagPrefix), ({ names }) => names);
  const groups = [...new Set(indexes.flatMap((index) => [...index.keys()]))].sort();
  const observationsOf = (group: string): readonly Observation[] => {
    const own = members.get(group) ?? [];
    const views = interfaces.get(group) ?? [];
    const served = servedBefore(process, group, views, own);
    const { sets, apart, strays } = belonging(views, statePrefix, {
      members: own,
      untaggable: process.untaggable.has(group),
      served,
      ...(isAsked && { isAsked }),
      ...(together && { together }),
    });
    const held =
      (set: readonly InterfaceView[]) =>
      ({ instanceId }: Signal): boolean =>
        set.some(({ attachment }) => attachment?.instanceId === instanceId);
    const { of, apart: unowned } = unreadableBySet(sets, odd.get(group) ?? [], statePrefix);
    const alone = unowned.length > 0 ? [[]] : [];
    return [...sets, ...alone].map((set, nth) => ({
      group,
      now: clock.now(),
      interfaces: set,
      // The foremost set speaks for the group: it tells of whatever else carries the name.
      ...withStrays(nth === 0 ? [...strays, ...sets.slice(1).flat()] : []),
      ...joining(
        set,
        sets.filter((other) => other !== set),
      ),
      ...(apart.includes(set) && { apart: true as const }),
      ...(misnamed.has(group) && { misnamed: (misnamed.get(group) ?? []).map(({ id, tag }) => ({ id, tag })) }),
      members: own,
      unreadable: [...(of[nth] ?? unowned), ...(oddMembers.get(group) ?? [])],
      signals: [
        ...stateSignals(own),
        ...statusSignals(own, checks),
        ...alarmSignals(own, alarms, alarmPrefix),
        ...vanished.filter(held(set)),
        // They name members of the group that the verdict is about; nobody else has asked.
        ...probed,
      ],
      ...(missing.length > 0 && { missing }),
      ...(process.probeVpcs && { probeVpcs: process.probeVpcs.ids }),
      limits,
    }));
  };
  return { groups, observationsOf };
}

function misnamedAmong({ interfaces, members }: Readings, tagPrefix: string) {
  const read = (kind: 'instance' | 'interface') => (view: InterfaceView | MemberView) => {
    const tag = view.tags[`${tagPrefix}group`] ?? '';
    return { id: view.id, tag, names: misnamedIn(tag, kind) };
  };
  return [...interfaces.views.map(read('interface')), ...members.views.map(read('instance'))];
}

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
    !groups || groupsMeant(member, settings.tagPrefix).some((group) => groups.includes(group));
  return {
    views: views.filter(asked),
    unreadable: unreadable.filter((odd) => isStray(odd, settings.tagPrefix) || asked(odd)),
  };
}

const isPresent = (member: MemberView): boolean => member.state !== 'terminated' && member.state !== 'shutting-down';
