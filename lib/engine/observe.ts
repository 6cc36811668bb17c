import type { Experience, InterfaceView, MemberView, Observation, StatusChecks, Trigger } from '../core/model.ts';
import { groupOfInterface, groupsOfMember } from '../core/tags.ts';
import { AwsCallError } from '../errors.ts';
import { withMutes } from './mutes.ts';
import type { Run } from './run.ts';

/**
 * Gathers everything a decision may depend on. Two round trips: what can be asked at once is asked at once, and only
 * what depends on the members' ids and types comes after.
 * @param groups the groups to look at; undefined for every tagged one.
 * @param known members that were read a moment ago, when the trigger had to be matched to its groups first.
 * @throws AwsCallError when the instances, interfaces or limits cannot be read, or any read is denied.
 */
export async function observe(
  run: Run,
  groups: readonly string[] | undefined,
  known?: readonly MemberView[],
): Promise<readonly Observation[]> {
  const { cloud } = run;
  const only = groups?.length === 1 ? groups[0] : undefined;
  const reads = Promise.all([cloud.interfaces(groups), cloud.alarmsInAlarm()]);
  // Marked as handled here, because the members are awaited first; a failure still surfaces below.
  reads.catch(() => undefined);
  const members = (known ?? (await cloud.members(only))).filter((member) => isAskedFor(member, groups, run));
  const [[interfaces, alarms], checks, limits] = await Promise.all([
    reads,
    readChecks(run, members),
    cloud.typeLimits([...new Set(members.filter(isPresent).map((member) => member.type))]),
  ]);
  const names = groups ?? groupNames(interfaces, members, run);
  return names.map((group) => ({
    group,
    now: run.clock.now(),
    interfaces: interfaces.filter((view) => groupOfInterface(view, run.settings.tagPrefix) === group),
    members: members.filter((member) => groupsOfMember(member, run.settings.tagPrefix).includes(group)),
    checks,
    alarms,
    limits,
  }));
}

/** Looks at one group once more in the same run, with what the run has learnt, as it looked the first time. */
export async function observeAgain(
  run: Run,
  trigger: Trigger,
  group: string,
  experience: Experience,
): Promise<Observation> {
  const seen = await observe(run, [group]);
  const [observation] = trigger.kind === 'sweep' ? await withMutes(run, seen) : seen;
  if (!observation) throw new Error(`No observation of ${group}`);
  return { ...observation, experience };
}

function isAskedFor(member: MemberView, groups: readonly string[] | undefined, run: Run): boolean {
  return !groups || groupsOfMember(member, run.settings.tagPrefix).some((group) => groups.includes(group));
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

const isPresent = (member: MemberView): boolean => member.state !== 'terminated' && member.state !== 'shutting-down';

function groupNames(interfaces: readonly InterfaceView[], members: readonly MemberView[], run: Run): readonly string[] {
  const { tagPrefix } = run.settings;
  const named = [
    ...interfaces.flatMap((view) => groupOfInterface(view, tagPrefix) ?? []),
    ...members.flatMap((member) => groupsOfMember(member, tagPrefix)),
  ];
  return [...new Set(named)].sort();
}
