import { type Ahead, alarmsOn, type Trial } from '../core/ahead.ts';
import { carriersOf } from '../core/carriers.ts';
import { lasting } from '../core/member-alarms.ts';
import type { Observation } from '../core/model.ts';
import { deniedTwice, type TrialCall, trialCalls } from '../core/trials.ts';
import { AwsCallError } from '../errors.ts';
import { type AheadSources, aheadSources } from './ahead-sources.ts';
import { byGroup } from './observe.ts';
import type { Paced } from './paced.ts';
import type { Permission } from './ports.ts';
import { type Run, timeLeftMs } from './run.ts';

/** What was tagged or attached a moment ago may be denied for as long as it is not seen everywhere. */
const SEEN_EVERYWHERE_MS = 6_000;

export interface LookAheadOptions {
  /** Shared by all groups of a run. */
  readonly sources?: AheadSources;
  /** Otherwise there is no dry run, and nobody asks whether an alarm is muted: that costs calls for each group. */
  readonly closely?: boolean;
  /** False: no dry runs even so, because they would be denied to whoever asks, and say nothing of the functions. */
  readonly dryRuns?: boolean;
}

/**
 * Looks at what the next failover of a group would need, and nothing that is there shows: alarms, placement, and
 * whether IAM allows its calls. Changes nothing. Takes a second for each interface and each standby.
 */
export async function lookAhead(
  run: Run,
  observation: Observation,
  { sources = aheadSources(run), closely = true, dryRuns = true }: LookAheadOptions = {},
): Promise<Ahead> {
  const missing: string[] = [];
  const alarms = await orMissing(missing, sources.alarms);
  const strategies = await orMissing(missing, sources.strategies);
  const names = alarmsOn(lasting(observation.members), alarms ?? [], run.settings).map(({ name }) => name);
  const muted = closely && alarms ? await orMissing(missing, () => run.cloud.mutedAlarms(names)) : undefined;
  const trials = closely && dryRuns ? await tryAll(run, observation, sources.trials, missing) : undefined;
  return {
    ...(alarms && { alarms }),
    ...(sources.unmade !== undefined && { unmade: sources.unmade }),
    ...(muted && { muted: [...muted] }),
    ...(strategies && { strategies }),
    ...(trials && { trials }),
    ...(missing.length > 0 && { missing }),
  };
}

async function orMissing<What>(missing: string[], read: () => Promise<What>): Promise<What | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    missing.push(error.message);
    return undefined;
  }
}

/** What is said where the time for dry runs was not enough. */
const NO_TIME = 'There was no time left to ask for every call of the next failover with DryRun; ask again.';

/** A denial counts when a second look, a few seconds later, is denied the same; what was allowed is not asked again. */
async function tryAll(
  run: Run,
  observation: Observation,
  pace: Paced,
  missing: string[],
): Promise<readonly Trial[] | undefined> {
  const calls = trialCalls(observation, run.settings.statePrefix);
  const first = calls && (await tryEach(run, calls, pace));
  const denied = first?.filter((trial) => trial.denied !== undefined) ?? [];
  if (first && denied.length === 0) return first;
  if (first && timeLeftMs(run) > SEEN_EVERYWHERE_MS) {
    await run.clock.sleep(SEEN_EVERYWHERE_MS);
    const again = await callsAgain(run, observation, denied);
    const second = again && (await tryEach(run, again, pace));
    if (second) return deniedTwice(first, second);
    if (!again) return undefined;
  }
  if (calls) missing.push(NO_TIME);
  return undefined;
}

/** The calls that were denied, as they would be made now; undefined where the group is on its way. */
async function callsAgain(
  run: Run,
  before: Observation,
  denied: readonly Trial[],
): Promise<readonly TrialCall[] | undefined> {
  const same = await readAgain(run, before);
  const calls = same && trialCalls(same, run.settings.statePrefix);
  return calls?.filter((call) => denied.some(({ code, about }) => code === call.code && about === call.about));
}

/** @returns undefined where the time of the run was not enough. */
async function tryEach(run: Run, calls: readonly TrialCall[], pace: Paced): Promise<readonly Trial[] | undefined> {
  const trials: Trial[] = [];
  for (const call of calls) {
    await pace.turn();
    if (timeLeftMs(run) <= 0) return undefined;
    const permission = await ask(run, call);
    const { code, about } = call;
    trials.push({ code, about, ...(permission.kind === 'denied' && { denied: permission.reason }) });
  }
  return trials;
}

function ask({ cloud }: Run, call: TrialCall): Promise<Permission> {
  switch (call.code) {
    case 'detach-denied':
      return cloud.rehearseDetach(call.attachmentId);
    case 'attach-denied':
      return cloud.rehearseAttach({ ...call.attach, instanceId: call.to });
    case 'tagging-denied':
      return cloud.rehearseTags(call.interfaceIds, call.tags);
  }
}

/** The interfaces and members of a group, and nothing about their health. */
export async function readGroup(run: Run, group: string): Promise<readonly Observation[]> {
  const [interfaces, members] = await Promise.all([run.cloud.interfaces([group]), run.cloud.members(group)]);
  return sortedByGroup(run, interfaces, members).observationsOf(group);
}

/** What was read of interfaces and members, by group. */
export function sortedByGroup(
  run: Run,
  interfaces: Awaited<ReturnType<Run['cloud']['interfaces']>>,
  members: Awaited<ReturnType<Run['cloud']['members']>>,
) {
  const alarms = { readable: true, inAlarm: [] } as const;
  return byGroup({ interfaces, members, checks: {}, alarms, limits: {}, missing: [] }, run);
}

async function readAgain(run: Run, before: Observation): Promise<Observation | undefined> {
  const ids = new Set(carriersOf(before).map(({ id }) => id));
  const seen = await readGroup(run, before.group);
  return seen.find((each) => carriersOf(each).some(({ id }) => ids.has(id)));
}
