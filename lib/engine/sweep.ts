import type { Observation } from '../core/model.ts';
import { adoption } from '../core/notes.ts';
import { groupOfInterface, groupsOfMember } from '../core/tags.ts';
import { assumedChecks, type Glance, glance } from '../core/triage.ts';
import { AwsCallError } from '../errors.ts';
import { withMutes } from './mutes.ts';
import { writeNote } from './note.ts';
import { observe } from './observe.ts';
import { reconcile } from './reconcile.ts';
import type { GroupResult } from './result.ts';
import { repairDeleteOnTermination } from './repair.ts';
import type { Run } from './run.ts';

/** Groups handled at once: an outage of a whole zone must not throttle itself. */
const PARALLEL_GROUPS = 20;
/** New groups entered into the books by one sweep; with the reads it stays within a fixed number of calls. */
const ADOPTIONS = 2;

/**
 * Looks at every group: first a glance at all of them in a handful of calls, then a full look at those where
 * something is amiss. This run is also the resume of whatever another one left half done.
 * @returns the groups that had something to say; healthy ones are silent.
 */
export async function sweep(run: Run): Promise<readonly GroupResult[]> {
  const glances = await glanceAtAll(run);
  const adopted = await adopt(run, glances);
  const groups = glances.filter(({ seen }) => seen.kind === 'look').map(({ observation }) => observation.group);
  if (groups.length === 0) return adopted;
  const observations = await withMutes(run, await observe(run, groups));
  const results = await inParallel(PARALLEL_GROUPS, observations, (observation) => sweepGroup(run, observation));
  return [...adopted, ...results];
}

interface Seen {
  readonly observation: Observation;
  readonly seen: Glance;
}

async function glanceAtAll(run: Run): Promise<readonly Seen[]> {
  const { cloud, settings, clock } = run;
  const [interfaces, members, alarms, impaired] = await Promise.all([
    cloud.interfaces(),
    cloud.members(),
    cloud.alarmsInAlarm(),
    cloud.impairedChecks(),
  ]);
  const checks = assumedChecks(members, impaired);
  const membersOf = indexed(members, (member) => groupsOfMember(member, settings.tagPrefix));
  const interfacesOf = indexed(interfaces, (view) => [groupOfInterface(view, settings.tagPrefix) ?? '']);
  return [...interfacesOf].map(([group, ownInterfaces]) => {
    const ownMembers = membersOf.get(group) ?? [];
    const observation = {
      group,
      now: clock.now(),
      interfaces: ownInterfaces,
      members: ownMembers,
      checks,
      alarms,
      limits: {},
    };
    return { observation, seen: glance(observation, settings) };
  });
}

async function adopt(run: Run, glances: readonly Seen[]): Promise<readonly GroupResult[]> {
  const fresh = glances.flatMap(({ observation, seen }) =>
    seen.kind === 'new' ? [{ observation, situation: seen.situation }] : [],
  );
  return Promise.all(
    fresh.slice(0, ADOPTIONS).map(async ({ observation, situation }) => {
      const news = await writeNote(run, adoption(situation, observation));
      const { group } = observation;
      return {
        group,
        analysis: situation.analysis,
        decision: 'no-action',
        code: 'holder-healthy',
        reason: situation.summary,
        rejected: [],
        news,
      } as const;
    }),
  );
}

/** One group in trouble must not keep the others from being looked after. */
async function sweepGroup(run: Run, observation: Observation): Promise<GroupResult> {
  try {
    const repairs = await repairDeleteOnTermination(run, observation);
    const result = await reconcile(run, { kind: 'sweep' }, observation);
    return repairs.length > 0 ? { ...result, news: [...(result.news ?? []), ...repairs] } : result;
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    const { group } = observation;
    return {
      group,
      analysis: 'not-observed',
      decision: 'blocked',
      code: 'aws-call-failed',
      reason: error.message,
      rejected: [],
      news: [error.message],
    };
  }
}

function indexed<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): Map<string, T[]> {
  const index = new Map<string, T[]>();
  for (const item of items) {
    for (const key of keysOf(item)) index.set(key, [...(index.get(key) ?? []), item]);
  }
  return index;
}

async function inParallel<T, R>(
  limit: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [at, item] of queue) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
