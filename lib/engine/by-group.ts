import { belonging } from '../core/adoption.ts';
import type { AlarmReading } from '../core/alarms.ts';
import type { InterfaceView, Listing, MemberView, MissingRead, Observation, Signal } from '../core/model.ts';
import { alarmSignals, stateSignals, type StatusChecks, statusSignals } from '../core/readers.ts';
import { holdersOf } from '../core/situation.ts';
import { groupOfInterface, groupsOfMember, misnamedIn } from '../core/tags.ts';
import type { Run } from './run.ts';

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
): ByGroup {
  const { checks, alarms, limits, missing, vanished = [], probed = [] } = readings;
  const interfaces = indexed(readings.interfaces.views, (view) => groupOfInterface(view, tagPrefix));
  const members = indexed(readings.members.views, (member) => groupsOfMember(member, tagPrefix));
  const odd = indexed(readings.interfaces.unreadable, (found) => groupOfInterface(found, tagPrefix));
  const oddMembers = indexed(readings.members.unreadable, (found) => groupsOfMember(found, tagPrefix));
  const indexes = [interfaces, members, odd, oddMembers];
  const misnamed = indexed(misnamedAmong(readings, tagPrefix), ({ names }) => names);
  const groups = [...new Set(indexes.flatMap((index) => [...index.keys()]))].sort();
  const observationsOf = (group: string): readonly Observation[] => {
    const own = members.get(group) ?? [];
    const { sets, strays } = belonging(interfaces.get(group) ?? [], statePrefix);
    const held =
      (set: readonly InterfaceView[]) =>
      ({ instanceId }: Signal): boolean =>
        set.some(({ attachment }) => attachment?.instanceId === instanceId);
    return sets.map((set, nth) => ({
      group,
      now: clock.now(),
      interfaces: set,
      // The foremost set speaks for the group: it tells of whatever else carries the name.
      ...withStrays(nth === 0 ? [...strays, ...sets.slice(1).flat()] : []),
      ...joining(
        set,
        sets.filter((other) => other !== set),
      ),
      ...(misnamed.has(group) && { misnamed: (misnamed.get(group) ?? []).map(({ id, tag }) => ({ id, tag })) }),
      members: own,
      unreadable: [...(odd.get(group) ?? []), ...(oddMembers.get(group) ?? [])],
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

const withStrays = (strays: readonly InterfaceView[]): Pick<Observation, 'strays'> =>
  strays.length > 0 ? { strays } : {};

/**
 * Sets on the same instance will be one: whichever of them speaks for the group, what a person has said of one binds
 * the other until then. To attach an interface there takes permission on that instance.
 */
function joining(
  set: readonly InterfaceView[],
  others: readonly (readonly InterfaceView[])[],
): Pick<Observation, 'joins'> {
  const [holder, second] = holdersOf(set);
  const joins = others.filter((other) => second === undefined && holdersOf(other).join() === holder).flat();
  return joins.length > 0 ? { joins } : {};
}

function indexed<Item>(items: readonly Item[], keysOf: (item: Item) => string | readonly string[] | undefined) {
  const index = new Map<string, Item[]>();
  for (const item of items) {
    for (const key of [keysOf(item) ?? []].flat()) index.set(key, [...(index.get(key) ?? []), item]);
  }
  return index;
}
