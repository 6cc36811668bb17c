import { type Ahead, alarmsOn, type Trial } from '../core/ahead.ts';
import { carriersOf } from '../core/carriers.ts';
import { lasting, type StandingAlarm } from '../core/member-alarms.ts';
import type { Observation } from '../core/model.ts';
import { deniedTwice, type TrialCall, trialCalls } from '../core/trials.ts';
import { AwsCallError } from '../errors.ts';
import { byGroup } from './observe.ts';
import { Paced } from './paced.ts';
import type { Permission } from './ports.ts';
import type { Run } from './run.ts';

/** Dry runs take tokens of the buckets that moves need: at most one a second. */
const TRIAL_EVERY_MS = 1_000;
/** DescribeAlarms may be called nine times a second (CloudWatch User Guide, "CloudWatch service quotas"); moves come first. */
const PAGE_EVERY_MS = 500;
/** What was tagged or attached a moment ago may be denied for as long as it is not seen everywhere. */
const SEEN_EVERYWHERE_MS = 6_000;

/** What was read for all groups of a run: each part is asked for once, when the first group needs it. */
export interface AheadSources {
  readonly alarms: () => Promise<readonly StandingAlarm[]>;
  readonly strategies: () => Promise<Readonly<Record<string, string>>>;
  readonly trials: Paced;
  /** Why alarms that are missing could not be made, where that was tried. */
  readonly unmade?: string;
}

/** The sources of one run. */
export function aheadSources({ cloud, clock }: Pick<Run, 'cloud' | 'clock'>): AheadSources {
  const pages = new Paced(clock, PAGE_EVERY_MS);
  return {
    alarms: once(() => cloud.standingAlarms(() => pages.turn())),
    strategies: once(() => cloud.placementStrategies()),
    trials: new Paced(clock, TRIAL_EVERY_MS),
  };
}

function once<What>(read: () => Promise<What>): () => Promise<What> {
  let reading: Promise<What> | undefined;
  return () => (reading ??= read());
}

export interface LookAheadOptions {
  /** Shared by all groups of a run. */
  readonly sources?: AheadSources;
  /** Without them there is no dry run, and nobody asks whether an alarm is muted: that costs calls for each group. */
  readonly closely?: boolean;
}

/**
 * Looks at what the next failover of a group would need, and nothing that is there shows: alarms, placement, and
 * whether IAM allows its calls. Changes nothing. Takes a second for each interface and each standby.
 */
export async function lookAhead(
  run: Run,
  observation: Observation,
  { sources = aheadSources(run), closely = true }: LookAheadOptions = {},
): Promise<Ahead> {
  const missing: string[] = [];
  const alarms = await orMissing(missing, sources.alarms);
  const strategies = await orMissing(missing, sources.strategies);
  const names = alarmsOn(lasting(observation.members), alarms ?? [], run.settings).map(({ name }) => name);
  const muted = closely && alarms ? await orMissing(missing, () => run.cloud.mutedAlarms(names)) : undefined;
  const trials = closely ? await tryAll(run, observation, sources.trials) : undefined;
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

/** A denial counts when a second look, a few seconds later, is denied the same. */
async function tryAll(run: Run, observation: Observation, pace: Paced): Promise<readonly Trial[] | undefined> {
  const first = await tryEach(run, observation, pace);
  if (!first?.some(({ denied }) => denied !== undefined)) return first;
  await run.clock.sleep(SEEN_EVERYWHERE_MS);
  const same = await readAgain(run, observation);
  const second = same && (await tryEach(run, same, pace));
  return second && deniedTwice(first, second);
}

async function tryEach(run: Run, observation: Observation, pace: Paced): Promise<readonly Trial[] | undefined> {
  const calls = trialCalls(observation, run.settings.statePrefix);
  if (!calls) return undefined;
  const trials: Trial[] = [];
  for (const call of calls) {
    await pace.turn();
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
