import { chunks } from '../core/chunks.ts';
import {
  type AlarmPlan,
  instanceOfName,
  lasting,
  type MemberAlarm,
  type StandingAlarm,
} from '../core/member-alarms.ts';
import { groupsOfMember } from '../core/tags.ts';
import { AwsCallError, failureOf } from '../errors.ts';
import { Paced } from './paced.ts';
import type { AlarmKeeper } from './ports.ts';
import { type Run, timeLeftMs } from './run.ts';

/** PutMetricAlarm and DeleteAlarms: three a second ("CloudWatch service quotas"), for the whole account. */
const CHANGE_EVERY_MS = 500;
/** ListTagsForResource: ten a second. */
const TAGS_EVERY_MS = 200;
/** DeleteAlarms takes as many names (CloudWatch API Reference). */
const MOST_NAMES = 100;

/** What became of a plan for the alarms. */
export interface KeptAlarms {
  readonly made: readonly MemberAlarm[];
  readonly deleted: readonly string[];
  /** Those that the next run makes, for this one had no time left. */
  readonly later: readonly MemberAlarm[];
  /** What AWS said to the first that could not be made: the quota is used up, or it is denied. */
  readonly refusal?: string;
  /** The same of one that could not be deleted. */
  readonly undeleted?: string;
}

/**
 * Deletes what is left over, and makes what is missing: at most two calls a second, and half of the time of the run at
 * most, for what is not made now is made by the next run.
 */
export async function keepAlarms(run: Run, keeper: AlarmKeeper, plan: AlarmPlan): Promise<KeptAlarms> {
  const until = run.clock.now() + timeLeftMs(run) / 2;
  const changes = new Paced(run.clock, CHANGE_EVERY_MS);
  const removed = await removeAll(run, keeper, plan.remove, changes);
  const made: MemberAlarm[] = [];
  let refusal: string | undefined;
  for (const alarm of plan.create) {
    if (run.clock.now() >= until) break;
    await changes.turn();
    refusal = (await failureOf(() => keeper.makeAlarm(alarm)))?.message;
    // The next one would be refused as well: too many alarms there are, or too many calls.
    if (refusal !== undefined) break;
    made.push(alarm);
  }
  const later = refusal === undefined ? plan.create.slice(made.length) : [];
  return { made, later, ...removed, ...(refusal !== undefined && { refusal }) };
}

/** Deletes those of them that carry our tag, and whose instances are no members by a look of their own. */
async function removeAll(
  run: Run,
  keeper: AlarmKeeper,
  alarms: readonly StandingAlarm[],
  changes: Paced,
): Promise<Pick<KeptAlarms, 'deleted' | 'undeleted'>> {
  const tags = new Paced(run.clock, TAGS_EVERY_MS);
  const deleted: string[] = [];
  try {
    for (const some of chunks(alarms, MOST_NAMES)) {
      if (timeLeftMs(run) <= 0) break;
      const names: string[] = [];
      for (const { name, arn } of some) {
        await tags.turn();
        if (arn !== undefined && (await keeper.isOurs(arn))) names.push(name);
      }
      deleted.push(...(await removeSome(keeper, names, changes)));
    }
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    return { deleted, undeleted: error.message };
  }
  return { deleted };
}

/** One that is gone already keeps CloudWatch from deleting the others: then each by itself. */
async function removeSome(keeper: AlarmKeeper, names: readonly string[], changes: Paced): Promise<readonly string[]> {
  if (names.length === 0) return [];
  await changes.turn();
  try {
    await keeper.deleteAlarms(names);
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.failure !== 'gone') throw error;
    if (names.length === 1) return [];
    const each: string[] = [];
    for (const name of names) each.push(...(await removeSome(keeper, [name], changes)));
    return each;
  }
  return names;
}

/** Those of the alarms whose instances are members all the same: a list of all may have left one out. */
export async function withoutMembers(
  { cloud, settings: { alarmPrefix, tagPrefix } }: Run,
  alarms: readonly StandingAlarm[],
): Promise<readonly StandingAlarm[]> {
  const idOf = ({ name }: StandingAlarm): string => instanceOfName(name, alarmPrefix) ?? '';
  if (alarms.length === 0) return [];
  const { views, unreadable } = await cloud.instancesById(alarms.map(idOf));
  const members = lasting(views).filter((member) => groupsOfMember(member, tagPrefix).length > 0);
  const present = new Set([...members, ...unreadable].map(({ id }) => id));
  return alarms.filter((alarm) => !present.has(idOf(alarm)));
}
