import { alarmOfEach, type AlarmReading, type AlarmView, isOverQuery } from '../core/alarms.ts';
import type { InterfaceView, Listing, MemberView, MissingRead, Signal, Trigger } from '../core/model.ts';
import { alarmsInQuestion } from '../core/mutes.ts';
import { noticesIn, noticeSignals, stateSignals, type StatusChecks, statusSignals } from '../core/readers.ts';
import { healthOfStandby } from '../core/signals.ts';
import { holdersOf, runningIn } from '../core/situation.ts';
import { groupOfInterface, groupsOfMember } from '../core/tags.ts';
import { AwsCallError, isTransient } from '../errors.ts';
import type { Run } from './run.ts';

/** What the reads about the members' health gave; whichever could not be had is named, and the others count. */
export interface Read<What> {
  readonly found: What;
  readonly missing: readonly MissingRead[];
}

/** DescribeAlarms; an alarm over a query becomes one for each instance that is in ALARM in it. */
export async function readAlarms({ cloud, settings }: Run): Promise<AlarmReading> {
  const read = await cloud.alarmsInAlarm();
  if (!read.readable) return read;
  try {
    const inAlarm = await Promise.all(
      read.inAlarm.map(async (alarm) => {
        if (!isOverQuery(alarm, settings.alarmPrefix)) return [alarm];
        return alarmOfEach(alarm, await cloud.contributorsInAlarm(alarm.name));
      }),
    );
    return { readable: true, inAlarm: inAlarm.flat() };
  } catch (error) {
    return { readable: false, cause: reasonOf(error), mayPass: isTransient(error) };
  }
}

/** What is missing where the alarms could not be read. */
export function missingAlarms(read: AlarmReading): readonly MissingRead[] {
  return read.readable ? [] : [{ source: 'alarms', reason: read.cause, mayPass: read.mayPass ?? true }];
}

type Checks = Readonly<Record<string, StatusChecks>>;

/** Only a running instance has status checks, and EC2 fails the whole read for one id it has forgotten. */
export async function readChecks({ cloud }: Run, members: readonly MemberView[]): Promise<Read<Checks>> {
  const running = members.filter((member) => member.state === 'running').map((member) => member.id);
  return orMissing('status', {}, () => cloud.statusChecks(running));
}

/** DescribeInstanceStatus by filter: every instance with an impaired check; undefined when nobody could say. */
export function readImpaired({ cloud }: Run): Promise<Read<Checks | undefined>> {
  return orMissing<Checks | undefined>('status', undefined, () => cloud.impairedChecks());
}

/** Marks the alarms that a mute rule silences, and those of which nobody could say. */
export async function withMutes(
  { cloud }: Run,
  alarms: readonly AlarmView[],
  inQuestion: readonly AlarmView[],
): Promise<Read<readonly AlarmView[]>> {
  if (inQuestion.length === 0) return { found: alarms, missing: [] };
  const names = [...new Set(inQuestion.map(({ name }) => name))];
  const { found: muted, missing } = await orMissing('mutes', undefined, () => cloud.mutedAlarms(names));
  const marked = alarms.map((alarm) => {
    if (!inQuestion.includes(alarm)) return alarm;
    return { ...alarm, muted: muted === undefined ? ('unknown' as const) : muted.has(alarm.name) };
  });
  return { found: marked, missing };
}

async function orMissing<What>(
  source: MissingRead['source'],
  nothing: What,
  read: () => Promise<What>,
): Promise<Read<What>> {
  try {
    return { found: await read(), missing: [] };
  } catch (error) {
    return { found: nothing, missing: [{ source, reason: reasonOf(error), mayPass: isTransient(error) }] };
  }
}

/** @throws what is no failure of a call, but a defect. */
function reasonOf(error: unknown): string {
  if (error instanceof AwsCallError) return error.message;
  throw error;
}

/** What was read besides the alarms. */
interface Beside {
  readonly interfaces: Listing<InterfaceView>;
  readonly members: Listing<MemberView>;
  readonly checks: Checks;
}

/** The alarms with what mute rules there are about those that alone would move a group. */
export async function unmuted(
  run: Run,
  trigger: Trigger,
  alarms: AlarmReading,
  { interfaces, members, checks }: Beside,
): Promise<Read<AlarmReading>> {
  if (!alarms.readable || alarms.inAlarm.length === 0) return { found: alarms, missing: [] };
  const { views } = members;
  const now = run.clock.now();
  const notices = noticeSignals(noticesIn(trigger, now), now, 'leaving');
  const signals = [...stateSignals(views), ...statusSignals(views, checks), ...notices];
  const holders = new Set(holdersOf(interfaces.views));
  const resorts = resortsAmong(interfaces.views, views, signals, run);
  const heard = { members: views, holders, resorts, signals, now };
  const inQuestion = alarmsInQuestion(trigger, heard, alarms.inAlarm, run.settings.alarmPrefix);
  const { found, missing } = await withMutes(run, alarms.inAlarm, inQuestion);
  return { found: { readable: true, inAlarm: found }, missing };
}

/**
 * The running members, well but for an alarm, of the groups that nobody serves: the alarm may be all that keeps one out.
 * Whether another member, that is well, could take the interfaces is decided later, and by more than its health.
 */
function resortsAmong(
  interfaces: readonly InterfaceView[],
  members: readonly MemberView[],
  signals: readonly Signal[],
  { settings: { tagPrefix } }: Run,
): ReadonlySet<string> {
  const running = runningIn({ members });
  const isServed = ({ attachment }: InterfaceView): boolean => running.has(attachment?.instanceId ?? '');
  const groupsOf = (views: readonly InterfaceView[]) =>
    views.flatMap((view) => groupOfInterface(view, tagPrefix) ?? []);
  const served = new Set(groupsOf(interfaces.filter(isServed)));
  const left = groupsOf(interfaces).filter((group) => !served.has(group));
  const isWell = ({ id }: MemberView): boolean => healthOfStandby(id, signals).rejects === undefined;
  const isResort = (member: MemberView): boolean =>
    isWell(member) && groupsOfMember(member, tagPrefix).some((group) => left.includes(group));
  return new Set(members.filter(isResort).map(({ id }) => id));
}
