import { type Repair, repairsOf } from '../core/afterwards.ts';
import { CONFIRMED_AFTER_MS } from '../core/confirmed.ts';
import { assumedChecks, triage, type Triage } from '../core/first-look.ts';
import type { Facts } from '../core/facts.ts';
import type { Observation } from '../core/model.ts';
import { adoption } from '../core/notes.ts';
import { AwsCallError } from '../errors.ts';
import { byGroup, observeAgain } from './observe.ts';
import { reconcile } from './reconcile.ts';
import { notedInProcess, tryToWrite } from './record.ts';
import type { GroupResult } from './result.ts';
import { LEAST_RUNWAY_MS, type Run, timeLeftMs } from './run.ts';
import { type Look, lookAt, takeTurn } from './turn.ts';

/** Groups handled at once: an outage of a whole zone must not throttle itself. */
const PARALLEL_GROUPS = 20;
/** New groups entered into the books by one sweep: 1,000 of them within 25 minutes, well within CreateTags' bucket. */
const ADOPTIONS = 40;

const SWEEP = { kind: 'sweep' } as const;

/**
 * Looks at every group: first at all of them in a handful of calls, then closely at those where something is amiss;
 * what can wait comes after the groups in need: repairs, and groups that are new and well. This run also finishes whatever another one left half done.
 * @returns the groups that had something to say; healthy ones are silent.
 * @throws AwsCallError when the groups could not be read at all.
 */
export async function sweep(run: Run): Promise<readonly GroupResult[]> {
  const seen = await lookAtAll(run);
  const amiss = [...new Set(seen.flatMap(({ group, found }) => (found.kind === 'look' ? group : [])))];
  const looks = amiss.length === 0 ? [] : await lookAt(run, SWEEP, amiss);
  const looked = await inParallel(PARALLEL_GROUPS, looks, (look) => sweepGroup(run, look));
  const calm = seen.flatMap(({ group, found }) => ('facts' in found ? [{ group, ...found }] : []));
  const risky = calm.filter(({ kind }) => kind === 'repair');
  const repaired = await inParallel(PARALLEL_GROUPS, risky, (each) =>
    tend(each, () => repairAll(run, each.facts.observation)),
  );
  const fresh = inTurn(
    run,
    calm.filter(({ kind }) => kind === 'new'),
  );
  const adopted = await inParallel(PARALLEL_GROUPS, fresh.slice(0, ADOPTIONS), (each) =>
    tend(each, () => tryToWrite(run, each.group, adoption(each.facts))),
  );
  return [...(await confirmed(run, looked)), ...repaired, ...adopted];
}

/** In an order that no group can count on: those whose tags are refused for ever must not stand in front for ever. */
function inTurn<Group extends { readonly group: string }>(run: Run, groups: readonly Group[]): readonly Group[] {
  const keyed = groups.map((each) => ({ each, key: (run.unwritten.has(each.group) ? 1 : 0) + run.clock.random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ each }) => each);
}

/**
 * Groups that are loose, and whose tags cannot say since when: a second look of the same run confirms what else the
 * next sweep would. The wait for it holds none of the places.
 */
async function confirmed(run: Run, looked: readonly GroupResult[]): Promise<readonly GroupResult[]> {
  const waiting = looked.flatMap(({ group, code }) => {
    const since = code === 'unattached-unconfirmed' ? notedInProcess(run, group ?? '')?.since : undefined;
    return group === null || since === undefined ? [] : [{ group, dueAt: since + CONFIRMED_AFTER_MS }];
  });
  const pauseMs = Math.max(...waiting.map(({ dueAt }) => dueAt)) - run.clock.now();
  if (waiting.length === 0 || pauseMs + LEAST_RUNWAY_MS >= timeLeftMs(run)) return looked;
  await run.clock.sleep(Math.max(0, pauseMs));
  const again = await inParallel(PARALLEL_GROUPS, waiting, ({ group }) =>
    sweepGroup(run, { group, observation: () => observeAgain(run, SWEEP, group) }),
  );
  return looked.map((first) => {
    const second = again.find(({ group }) => group === first.group);
    const news = [...(first.news ?? []), ...(second?.news ?? [])];
    return second ? { ...second, ...(news.length > 0 && { news }) } : first;
  });
}

interface Seen {
  readonly group: string;
  readonly found: Triage;
}

/** Reads what is cheap to read for all groups at once, and sorts out those that need a closer look. */
async function lookAtAll(run: Run): Promise<readonly Seen[]> {
  const { cloud } = run;
  const [interfaces, members, alarms, impaired] = await Promise.all([
    cloud.interfaces(),
    cloud.members(),
    cloud.alarmsInAlarm(),
    cloud.impairedChecks(),
  ]);
  const checks = assumedChecks(members.views, impaired);
  const { groups, observationsOf } = byGroup({ interfaces, members, alarms, checks, limits: {} }, run);
  return groups.flatMap((group) => observationsOf(group).map((seen) => ({ group, found: triageOf(run, seen) })));
}

/** A group that provokes an error gets its close look, where that is its own affair. */
function triageOf(run: Run, observation: Observation): Triage {
  try {
    return triage(observation, run.settings);
  } catch {
    return { kind: 'look' };
  }
}

/** Looks after a group that is well. @param work returns the news. */
async function tend(
  { group, facts }: { readonly group: string; readonly facts: Facts },
  work: () => Promise<readonly string[]>,
): Promise<GroupResult> {
  const { analysis, summary: reason } = facts;
  const code = analysis === 'group-parked' ? analysis : 'holder-healthy';
  const { result } = await takeTurn(group, async () => {
    const news = await work();
    const { warnings } = facts;
    return {
      group,
      analysis,
      decision: 'no-action',
      code,
      reason,
      rejected: [],
      ...(warnings.length > 0 && { warnings }),
      ...(news.length > 0 && { news }),
    };
  });
  return result;
}

async function sweepGroup(run: Run, look: Look): Promise<GroupResult> {
  const { result } = await takeTurn(look.group, async () => {
    const observation = await look.observation();
    const repairs = await repairAll(run, observation);
    const result = await reconcile(run, SWEEP, observation);
    return repairs.length > 0 ? { ...result, news: [...(result.news ?? []), ...repairs] } : result;
  });
  return result;
}

/** @returns one sentence on each interface that would have died with its holder. */
function repairAll(run: Run, observation: Observation): Promise<readonly string[]> {
  return Promise.all(repairsOf(observation).map((each) => repair(run, each)));
}

async function repair(run: Run, { interfaceId, attachmentId }: Repair): Promise<string> {
  try {
    await run.cloud.modifyDeleteOnTermination(interfaceId, attachmentId, false);
    return `DeleteOnTermination of ${interfaceId} was on and has been switched off.`;
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    return `DeleteOnTermination of ${interfaceId} is on and could not be switched off: ${error.message}`;
  }
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
