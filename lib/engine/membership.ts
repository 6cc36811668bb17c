import type { Observation } from '../core/model.ts';
import { notObserved } from './report.ts';
import type { GroupResult } from './result.ts';
import type { Run } from './run.ts';

/**
 * Has upkeep begin where members have appeared or gone since it did last. A start that fails is told, once; the next
 * sweep starts it, and so does its schedule.
 */
export async function startUpkeep(run: Run, seen: readonly Observation[]): Promise<readonly GroupResult[]> {
  const { upkeep, process } = run;
  if (!upkeep) return [];
  const now = membershipOf(seen);
  const groups = changedIn(run, seen, now);
  if (groups.length === 0) {
    process.membership = now;
    return [];
  }
  try {
    await upkeep.start(groups);
    process.membership = now;
    process.upkeepFailed = false;
    return [];
  } catch (error) {
    const { upkeepFailed: known = false } = process;
    process.upkeepFailed = true;
    const reason = `The upkeep of alarms could not be started: ${String(error)} The groups are looked after as ever.`;
    return known ? [] : [{ ...notObserved(null, 'aws-call-failed', reason), decision: 'blocked', news: [reason] }];
  }
}

/** By group: its members that are there to stay. */
function membershipOf(seen: readonly Observation[]): ReadonlyMap<string, string> {
  return new Map(
    seen.map(({ group, members }) => {
      const there = members.filter(({ state }) => state !== 'shutting-down' && state !== 'terminated');
      return [group, there.map(({ id }) => id).join()];
    }),
  );
}

/** A process that has seen nothing yet takes those for changed that no sweep has entered into the books. */
function changedIn(
  { process: { membership: before }, settings: { statePrefix } }: Run,
  seen: readonly Observation[],
  now: ReadonlyMap<string, string>,
): readonly string[] {
  if (!before) {
    const isNew = ({ interfaces }: Observation): boolean =>
      interfaces.every(({ tags }) => tags[`${statePrefix}state`] === undefined);
    return [...new Set(seen.filter(isNew).map(({ group }) => group))];
  }
  return [...new Set([...before.keys(), ...now.keys()])].filter((group) => before.get(group) !== now.get(group));
}
