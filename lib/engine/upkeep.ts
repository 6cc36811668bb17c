import { alarmPlan, type AlarmPlan, asMade, type StandingAlarm } from '../core/member-alarms.ts';
import type { Observation } from '../core/model.ts';
import type { UpkeepTask } from '../core/upkeep-task.ts';
import { lookAhead, readGroup, sortedByGroup } from './ahead.ts';
import { type AheadSources, aheadSources } from './ahead-sources.ts';
import { type KeptAlarms, keepAlarms, withoutMembers } from './keep-alarms.ts';
import { noteAhead, type ToldAhead } from './note-ahead.ts';
import type { AlarmKeeper } from './ports.ts';
import { notObserved } from './report.ts';
import type { GroupResult } from './result.ts';
import { type Run, timeLeftMs } from './run.ts';
import { takeTurn } from './turn.ts';

/** What a run of upkeep works with, besides what all runs do. */
export interface UpkeepRun extends Run {
  readonly keeper: AlarmKeeper;
  /** Whether each member is to have an alarm; false: those that were made are deleted. */
  readonly memberAlarms: boolean;
  readonly kept: UpkeepMemory;
}

/** What the process remembers of upkeep. */
export interface UpkeepMemory {
  readonly told: ToldAhead;
  /** When a group was looked at closely last. */
  readonly asked: Map<string, number>;
}

export const freshUpkeep = (): UpkeepMemory => ({ told: new Map(), asked: new Map() });

export interface UpkeepResult {
  readonly alarms: { readonly made: number; readonly deleted: number; readonly trouble?: string };
  /** What could not be read, a sentence each: nothing is known of it, and what was told of it stays. */
  readonly missing?: readonly string[];
  /** The groups of which there was something new to tell. */
  readonly groups: readonly GroupResult[];
}

/** A close look at one group takes seconds: none is begun with less than this left. */
const LEAST_LEFT_MS = 30_000;

/**
 * Sees that each member has its alarm, and looks ahead: at every group by what a handful of calls shows, and closely, a
 * second for each dry run, at those that have changed, and on schedule at as many of the others as there is time for.
 * @param tell called with what there is to tell of a group as soon as it is known.
 * @throws AwsCallError when groups or alarms could not be read at all.
 */
export async function upkeep(
  run: UpkeepRun,
  task: UpkeepTask,
  tell: (result: GroupResult) => void,
): Promise<UpkeepResult> {
  const sources = aheadSources(run);
  const [interfaces, members, alarms] = await Promise.all([
    run.cloud.interfaces(),
    run.cloud.members(),
    sources.alarms(),
  ]);
  const wanted = run.memberAlarms && task.kind !== 'remove-alarms';
  const plan = alarmPlan(members, alarms, run.settings.alarmPrefix, wanted);
  const kept = await keepAlarms(run, run.keeper, wanted ? await confirmed(run, plan) : plan);
  const trouble = kept.refusal ?? kept.undeleted;
  const counts = { made: kept.made.length, deleted: kept.deleted.length, ...(trouble !== undefined && { trouble }) };
  if (task.kind === 'remove-alarms') return { alarms: counts, groups: [] };
  const now = withAlarms(sources, alarms, kept, run.clock.now());
  const { groups, observationsOf } = sortedByGroup(run, interfaces, members);
  const results: GroupResult[] = [];
  const missing = new Set<string>();
  const look = async (group: string, given: Look): Promise<void> => {
    for (const result of await lookAt(run, group, given, missing)) {
      results.push(result);
      tell(result);
    }
  };
  for (const group of groups) await look(group, { sources: now, seen: async () => observationsOf(group) });
  for (const group of inTurn(run, task, groups)) {
    if (timeLeftMs(run) < LEAST_LEFT_MS) break;
    run.kept.asked.set(group, run.clock.now());
    await look(group, { sources: now, closely: true, seen: () => readGroup(run, group) });
  }
  return { alarms: counts, groups: results, ...(missing.size > 0 && { missing: [...missing] }) };
}

async function confirmed(run: Run, plan: AlarmPlan): Promise<AlarmPlan> {
  return { ...plan, remove: await withoutMembers(run, plan.remove) };
}

/** The alarms as they stand once the run has made and deleted some; what it had no time to make is no news. */
function withAlarms(
  sources: AheadSources,
  alarms: readonly StandingAlarm[],
  { made, later, deleted, refusal: unmade }: KeptAlarms,
  now: number,
): AheadSources {
  const left = alarms.filter(({ name }) => !deleted.includes(name));
  const standing = [...left, ...[...made, ...later].map((alarm) => asMade(alarm, now))];
  return { ...sources, alarms: async () => standing, ...(unmade !== undefined && { unmade }) };
}

/** Those that changed come first; then those whose last answers, as far as this process knows, are the oldest. */
function inTurn({ kept, clock }: UpkeepRun, task: UpkeepTask, groups: readonly string[]): readonly string[] {
  if (task.kind === 'changed') return groups.filter((group) => task.groups.includes(group));
  const keyed = groups.map((group) => ({ group, at: kept.asked.get(group) ?? 0, draw: clock.random() }));
  return keyed.sort((a, b) => a.at - b.at || a.draw - b.draw).map(({ group }) => group);
}

interface Look {
  readonly sources: AheadSources;
  readonly closely?: boolean;
  readonly seen: () => Promise<readonly Observation[]>;
}

/** Looks at one group: what goes wrong in its turn ends that, and no other. @returns what there is to tell. */
async function lookAt(
  run: UpkeepRun,
  group: string,
  { sources, closely = false, seen }: Look,
  missing: Set<string>,
): Promise<readonly GroupResult[]> {
  const told: GroupResult[] = [];
  const { result, error } = await takeTurn(group, async () => {
    for (const observation of await seen()) {
      const ahead = await lookAhead(run, observation, { sources, closely });
      for (const sentence of ahead.missing ?? []) missing.add(sentence);
      const news = await noteAhead(run, run.kept.told, observation, ahead);
      if (news) told.push(news);
    }
    return notObserved(group, 'not-reached', '');
  });
  return error ? [...told, result] : told;
}
