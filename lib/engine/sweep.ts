import { type Repair, repairsOf, STALENESS_MS } from '../core/afterwards.ts';
import { CONFIRMED_AFTER_MS } from '../core/confirmed.ts';
import { assumedChecks, triage, type Triage } from '../core/first-look.ts';
import { type Calm, inOrder, inTurn, type Seen } from './order.ts';
import type { Facts } from '../core/facts.ts';
import type { MissingRead, Observation } from '../core/model.ts';
import { adoption } from '../core/notes.ts';
import { AwsCallError } from '../errors.ts';
import { disputesAmong, isDisputed } from './disputes.ts';
import { missingAlarms, readAlarms, readImpaired } from './health.ts';
import { startUpkeep } from './membership.ts';
import { byGroup, observeAgain } from './observe.ts';
import { Places } from './places.ts';
import { reconcile } from './reconcile.ts';
import { notedInProcess, tryToWrite } from './note.ts';
import { notObserved } from './report.ts';
import type { GroupResult } from './result.ts';
import { LEAST_RUNWAY_MS, type Run, timeLeftMs } from './run.ts';
import { type Look, lookAt, takeTurn } from './turn.ts';
import { type Count, turnedAmong } from './turned.ts';
import { readProbeVpcs, startWatch } from './watched.ts';

/** Groups that are busy at once: an outage of a whole zone must not throttle itself. */
const PLACES = 20;
/** The most of a run that one group may take: what is stuck in one must leave time for the others. */
const SHARE_MS = 45_000;
/** New groups entered into the books by one sweep: 1,000 of them within 25 minutes, well within CreateTags' bucket. */
const ADOPTIONS = 40;

const SWEEP = { kind: 'sweep' } as const;

/**
 * Looks at every group: first at all of them in a handful of calls, then closely at those where something is amiss;
 * what can wait comes after the groups in need: repairs, and groups that are new and well. This run also finishes
 * whatever another one left half done.
 * @param tell called with what a group had to say as soon as it has said it: a run that is killed has told all it did.
 * @param count called with how many groups there are, and which of those that are well could not fail over.
 * @returns the groups that had something to say; healthy ones are silent.
 * @throws AwsCallError when the groups could not be read at all.
 */
export async function sweep(
  run: Run,
  tell: (result: GroupResult) => void = () => undefined,
  count: (found: Count) => void = () => undefined,
): Promise<readonly GroupResult[]> {
  const { groups: seen, missing, observations } = await lookAtAll(run);
  // Before anything is done, and without anybody waiting for it.
  const starting = Promise.all([startWatch(run, observations), startUpkeep(run, observations)]);
  const unread = faultsOf(run, missing);
  for (const fault of unread) tell(fault);
  const quiet = seen.flatMap((each) => (each.found.kind === 'quiet' ? [each.seen] : []));
  // Asked while groups in need are looked after, and of no consequence to them.
  const turned = turnedAmong(run, quiet);
  const looks = await lookClosely(run, inOrder(seen, run.process.unreached));
  const places = new Places(PLACES);
  const each = async (work: Promise<GroupResult>): Promise<GroupResult> => {
    const result = await work;
    tell(result);
    return result;
  };
  const take = (some: readonly Look[]) => Promise.all(some.map((look) => each(sweepGroup(run, look, places))));
  const looked = [...(await take(looks)), ...(await take(await lookIfTime(run, (await turned).groups)))];
  count({ groups: new Set(seen.map(({ group }) => group)).size, unready: (await turned).unready });
  const calm = seen.flatMap(({ group, found }) => ('facts' in found ? [{ group, ...found }] : []));
  const tendAll = (groups: readonly Calm[], work: (calm: Calm) => Promise<readonly string[]>) =>
    Promise.all(groups.map((group) => each(places.take(run.clock, () => tend(group, () => work(group))))));
  const repaired = await tendAll(
    calm.filter(({ kind }) => kind === 'repair'),
    ({ facts }) => repairAll(run, facts.observation),
  );
  const unseen = calm.filter(({ kind }) => kind === 'new');
  const disputes = disputesAmong(
    run,
    unseen.filter(({ group }) => isDisputed(seen, group)),
  );
  for (const dispute of disputes) tell(dispute);
  const fresh = inTurn(
    run,
    unseen.filter(({ group }) => !isDisputed(seen, group)),
  );
  const adopted = await tendAll(fresh.slice(0, ADOPTIONS), ({ group, facts }) =>
    tryToWrite(run, group, adoption(facts)),
  );
  const unwatched = (await starting).flat();
  for (const fault of unwatched) tell(fault);
  return [...unread, ...unwatched, ...looked, ...repaired, ...disputes, ...adopted];
}

/** A read that could not be had, told once until it can be had again: it concerns every group there is. */
function faultsOf({ process: { told } }: Run, missing: readonly MissingRead[]): readonly GroupResult[] {
  const fresh = missing.filter(({ source }) => !told.has(source));
  told.clear();
  for (const { source } of missing) told.add(source);
  return fresh.map(({ reason }) => {
    const result = notObserved(null, 'aws-call-failed', `${reason} The groups are looked after without it.`);
    return { ...result, decision: 'blocked', news: [result.reason] };
  });
}

/** One look at many, where that is enough: whoever gets their turn later than reads may lag is looked at afresh. */
async function lookClosely(run: Run, groups: readonly string[]): Promise<readonly Look[]> {
  if (groups.length === 0) return [];
  const looks = await lookAt(run, SWEEP, groups);
  const takenAt = run.clock.now();
  const isFresh = (): boolean => run.clock.now() - takenAt < STALENESS_MS;
  const rank = new Map(groups.map((group, nth) => [group, nth]));
  return [...looks]
    .sort((a, b) => (rank.get(a.group) ?? 0) - (rank.get(b.group) ?? 0))
    .map(({ group, seen, observation }) => {
      return { group, observation: () => (isFresh() ? observation() : observeAgain(run, SWEEP, group, seen)) };
    });
}

/** What only has to be told can wait for the next sweep. */
const lookIfTime = async (run: Run, groups: readonly string[]): Promise<readonly Look[]> =>
  timeLeftMs(run) > LEAST_RUNWAY_MS ? lookClosely(run, groups) : [];

/** Reads what is cheap to read for all groups at once, and sorts out those that need a closer look. */
async function lookAtAll(run: Run): Promise<{
  readonly groups: readonly Seen[];
  readonly missing: readonly MissingRead[];
  readonly observations: readonly Observation[];
}> {
  const { cloud } = run;
  const [interfaces, members, alarms, impaired] = await Promise.all([
    cloud.interfaces(),
    cloud.members(),
    readAlarms(run),
    readImpaired(run),
    readProbeVpcs(run),
  ]);
  // Where nobody could say which checks are impaired, every group gets its close look.
  const checks = impaired.found ? assumedChecks(members.views, impaired.found) : {};
  const missing = [...missingAlarms(alarms), ...impaired.missing];
  const readings = { interfaces, members, alarms, checks, limits: {}, missing };
  const { groups, observationsOf } = byGroup(readings, run);
  const observations = groups.flatMap(observationsOf);
  const sets = observations.map((seen) => ({ group: seen.group, seen, found: triageOf(run, seen) }));
  return { groups: sets, missing, observations };
}

/** A group that provokes an error gets its close look, where that is its own affair. */
function triageOf(run: Run, observation: Observation): Triage {
  try {
    return triage(observation, run.settings);
  } catch {
    return { kind: 'look', unserved: false };
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
    const said = { ...(warnings.length > 0 && { warnings }), ...(news.length > 0 && { news }) };
    return { group, analysis, decision: 'no-action', code, reason, rejected: [], ...said };
  });
  return result;
}

function sweepGroup(run: Run, look: Look, places: Places): Promise<GroupResult> {
  return places.take(run.clock, async (clock) => {
    if (timeLeftMs(run) <= LEAST_RUNWAY_MS) return notReached(run, look.group);
    run.process.unreached.delete(look.group);
    const share: Run = { ...run, clock, deadlineAt: Math.min(run.deadlineAt, clock.now() + SHARE_MS) };
    const { result } = await takeTurn(look.group, async () => {
      const observation = await look.observation();
      const repairs = await repairAll(share, observation);
      const result = await confirmed(share, observation, await reconcile(share, SWEEP, observation));
      return repairs.length > 0 ? { ...result, news: [...(result.news ?? []), ...repairs] } : result;
    });
    return result;
  });
}

/**
 * A group that is loose, and whose tags cannot say since when: a second look of the same run confirms what else the next
 * sweep would. The wait for it holds no place.
 */
async function confirmed(run: Run, seen: Observation, first: GroupResult): Promise<GroupResult> {
  const { group, code } = first;
  const noted =
    group !== null && (code === 'unattached-unconfirmed' || code === 'attachment-in-transit')
      ? notedInProcess(run, group)
      : undefined;
  if (group === null || !noted) return first;
  const pauseMs = noted.since + CONFIRMED_AFTER_MS - run.clock.now();
  if (pauseMs + LEAST_RUNWAY_MS >= timeLeftMs(run)) return first;
  await run.clock.sleep(Math.max(0, pauseMs));
  const second = await reconcile(run, SWEEP, await observeAgain(run, SWEEP, group, seen));
  const news = [...(first.news ?? []), ...(second.news ?? [])];
  return { ...second, ...(news.length > 0 && { news }) };
}

/** Told once, until the group is reached again. */
function notReached({ process: { unreached } }: Run, group: string): GroupResult {
  const sentence = 'The sweep had no time left for this group; it is among the first of the next one.';
  const { news, ...result } = notObserved(group, 'not-reached', sentence);
  const known = unreached.has(group);
  unreached.add(group);
  return { ...result, ...(news && !known && { news }) };
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
