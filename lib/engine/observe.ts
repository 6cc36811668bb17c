import type { AlarmReading } from '../core/alarms.ts';
import type { Listing, MemberView, Observation, Trigger, Unreadable } from '../core/model.ts';
import { alarmsInQuestion } from '../core/mutes.ts';
import { noticesIn, noticeSignals, stateSignals, statusSignals } from '../core/readers.ts';
import { holdersOf } from '../core/situation.ts';
import { groupsMeant } from '../core/tags.ts';
import { AwsCallError } from '../errors.ts';
import { byGroup, type Readings } from './by-group.ts';
import { missingAlarms, type Read, readAlarms, readChecks, withMutes } from './health.ts';
import { probeSays } from './probe.ts';
import type { Run } from './run.ts';
import { vanishedHolders } from './vanished.ts';

export interface ObserveOptions {
  /** Members that were read a moment ago, when the trigger had to be matched to its groups first. */
  readonly members?: Listing<MemberView>;
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
  { members: known }: ObserveOptions = {},
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
  const sorted = byGroup(readings, run);
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
  const seen = await observe(run, trigger, [group]);
  const ids = new Set(before?.interfaces.map(({ id }) => id));
  const same = seen.find(({ interfaces }) => interfaces.some(({ id }) => ids.has(id)));
  // Where none of them is left, the others of that name are not the ones that were meant.
  const observation = same ?? (seen.length > 1 && ids.size > 0 && seen[0] ? { ...seen[0], interfaces: [] } : seen[0]);
  if (!observation) throw new Error(`No observation of ${group}`);
  return observation;
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

/** The alarms with what mute rules there are about those that alone would move a group. */
async function unmuted(
  run: Run,
  trigger: Trigger,
  alarms: AlarmReading,
  { interfaces, members, checks }: Pick<Readings, 'interfaces' | 'members' | 'checks'>,
): Promise<Read<AlarmReading>> {
  if (!alarms.readable || alarms.inAlarm.length === 0) return { found: alarms, missing: [] };
  const { views } = members;
  const now = run.clock.now();
  const notices = noticeSignals(noticesIn(trigger, now), now, 'leaving');
  const signals = [...stateSignals(views), ...statusSignals(views, checks), ...notices];
  const heard = { members: views, holders: new Set(holdersOf(interfaces.views)), signals };
  const inQuestion = alarmsInQuestion(trigger, heard, alarms.inAlarm, run.settings.alarmPrefix);
  const { found, missing } = await withMutes(run, alarms.inAlarm, inQuestion);
  return { found: { readable: true, inAlarm: found }, missing };
}

const isPresent = (member: MemberView): boolean => member.state !== 'terminated' && member.state !== 'shutting-down';
