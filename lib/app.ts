import { createEventBus } from './aws/events-gateway.ts';
import { createCloud, type CloudOptions, renew, type RunBudget } from './aws/index.ts';
import { createInvoker } from './aws/lambda-gateway.ts';
import { createLogReader } from './aws/logs-gateway.ts';
import { createProber } from './aws/prober.ts';
import { createUpkeep } from './aws/upkeep-starter.ts';
import { createWatcher } from './aws/watcher.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Announcing, ProbeFunctions } from './config.ts';
import type { Parsed } from './core/model.ts';
import type { Settings } from './core/settings.ts';
import { type Announce, announcement, sweepAnnouncement } from './engine/announce.ts';
import { type Beginning, eventsOf, startedEvent, type Teller } from './engine/events.ts';
import { runTrigger, throwIfUnfinished } from './engine/invoke.ts';
import { withNames } from './engine/names.ts';
import { Outbox } from './engine/outbox.ts';
import type { EventBus, ProbePorts, UpkeepPorts } from './engine/ports.ts';
import { notObserved } from './engine/report.ts';
import type { GroupResult, InvocationResult } from './engine/result.ts';
import { freshProcess, type Run } from './engine/run.ts';
import type { StepListener } from './engine/steps.ts';
import { sweep } from './engine/sweep.ts';
import type { Count } from './engine/turned.ts';

export type { GroupResult, InvocationResult, MemberStatus, OperationResult, Step } from './engine/result.ts';
export type { StepListener } from './engine/steps.ts';

/** What is known of one invocation besides its input. */
export interface Invocation {
  /** Lambda's request id; the same for every retry of one event. */
  readonly runId: string;
  /** Milliseconds until Lambda ends the run. */
  readonly remainingMs: number;
}

export interface App {
  /**
   * Observes, decides, acts, records: brings every group the trigger hints at to rest.
   * @throws FailoverError for an event: `OperationFailed`, `OperationInterrupted`, `AwsCallFailed`, `InternalError`.
   * @throws AwsCallError when a group could not be read, and nothing was begun.
   */
  handle(parsed: Parsed, invocation: Invocation): Promise<InvocationResult>;
  /**
   * Looks at every group: the scheduled run. Returns the groups that had something to say.
   * @throws AwsCallError when the groups could not be read at all.
   */
  sweep(invocation: Invocation): Promise<InvocationResult>;
}

export interface AppOptions {
  readonly settings: Settings;
  readonly clock?: Clock;
  readonly announce?: Announce;
  /** Hears of the steps of a move while they are made: the command line does. What it throws is dropped. */
  readonly onStep?: StepListener;
  /** It may only look: nothing is asked of AWS that its role does not grant, be it as a dry run. */
  readonly looksOnly?: boolean;
  /** The log groups of the functions, in which the history is looked up; nothing is where they are not given. */
  readonly logGroups?: readonly string[];
  /** What is told besides the log; nothing when not given. */
  readonly announcing?: Announcing;
  /** The other functions that are deployed. */
  readonly functions?: ProbeFunctions;
  /** Replaces what would be made of them. */
  readonly probe?: ProbePorts & UpkeepPorts;
  /** How AWS is reached, where the environment does not say. */
  readonly aws?: Omit<CloudOptions, 'clock' | 'budget' | 'tagPrefix'>;
}

/** Nothing is made where nothing is deployed. */
function portsOf(
  functions: ProbeFunctions | undefined,
  options: Parameters<typeof createInvoker>[0],
): ProbePorts & UpkeepPorts {
  const { probes = [], watch, subnets = [], upkeep } = functions ?? {};
  if (probes.length === 0 && watch === undefined && upkeep === undefined) return {};
  const invoker = createInvoker(options);
  return {
    ...(probes.length > 0 && { prober: createProber(probes, invoker) }),
    ...(watch !== undefined && { watcher: createWatcher(watch, invoker) }),
    ...(subnets.length > 0 && { probeSubnets: subnets }),
    ...(upkeep !== undefined && { upkeep: createUpkeep(upkeep, invoker) }),
  };
}

/** Puts the parts together; the only place where the engine meets AWS. Made once for each process. */
export function createApp(options: AppOptions): App {
  const { settings, clock = systemClock, announce = logLine, aws = {} } = options;
  const budget: RunBudget = { deadlineAt: Number.POSITIVE_INFINITY };
  const cloud = createCloud({ ...aws, clock, budget, tagPrefix: settings.tagPrefix });
  const ports = { cloud, ...(options.probe ?? portsOf(options.functions, { ...aws, clock, budget })) };
  const { logGroups = [] } = options;
  const logs = logGroups.length > 0 ? createLogReader(logGroups, { ...aws, clock }) : undefined;
  const process = freshProcess();
  const log = carefully(announce);
  const outbox = options.announcing?.events ? outboxOn(createEventBus({ ...aws, clock }), clock, log) : undefined;
  const begin = ({ runId, remainingMs }: Invocation, trigger: string): Running => {
    const deadlineAt = clock.now() + remainingMs;
    renew(budget, deadlineAt);
    const teller = { deployment: options.announcing?.deployment ?? '', trigger, runId };
    const begun = outbox && {
      begun: (beginning: Beginning) => outbox.add(() => [withNames(startedEvent(beginning, teller), process.names)]),
    };
    const run = {
      ...ports,
      ...begun,
      clock,
      settings,
      process,
      id: runId,
      log,
      deadlineAt,
      confirmed: new Set<string>(),
      ...(options.onStep && { onStep: carefully(options.onStep) }),
      ...(options.looksOnly && { looksOnly: true as const }),
      ...(logs && { logs }),
    };
    return { run, teller, log, outbox };
  };
  return {
    handle: (parsed, invocation) => handle(begin(invocation, kindOf(parsed)), parsed),
    sweep: (invocation) => sweepAll(begin(invocation, 'sweep')),
  };
}

/** A run, and whom it tells. */
interface Running {
  readonly run: Run;
  readonly teller: Teller;
  readonly log: Announce;
  readonly outbox: Outbox | undefined;
}

const kindOf = (parsed: Parsed): string => (parsed.kind === 'trigger' ? parsed.trigger.kind : 'ignored');

function outboxOn(bus: EventBus, clock: Clock, log: Announce): Outbox {
  return new Outbox({ bus, clock, onFailure: (message) => log({ level: 'WARN', message }) });
}

async function handle(running: Running, parsed: Parsed): Promise<InvocationResult> {
  try {
    const groups =
      parsed.kind === 'trigger'
        ? await runTrigger(running.run, parsed.trigger)
        : [notObserved(null, parsed.code, parsed.reason)];
    tell(running, groups);
    // A person is told; an event has nobody to tell but Lambda, which then tries again.
    if (parsed.kind === 'trigger' && parsed.trigger.kind !== 'request') throwIfUnfinished(groups);
    const checks = groups.flatMap(({ ready }) => ready ?? []);
    return { ...(checks.length > 0 && { ready: checks.every(Boolean) }), groups };
  } finally {
    await running.outbox?.flush();
  }
}

async function sweepAll(running: Running): Promise<InvocationResult> {
  try {
    // A trouble that was told once is not told again every minute: only what is new makes a line.
    const onResult = (result: GroupResult): void => {
      if (result.news !== undefined) tell(running, [result]);
    };
    let found: Count = { groups: 0, unready: [] };
    const groups = await sweep(running.run, onResult, (count) => (found = count));
    tellSums(running, found, groups);
    return { groups };
  } finally {
    await running.outbox?.flush();
  }
}

/** Announces after the fact, and whatever goes wrong with it stays without consequence for the move. */
function tell({ run, teller, log, outbox }: Running, groups: readonly GroupResult[]): void {
  for (const group of groups) {
    log(announcement(group, teller.trigger, run.id, embeddingOf(run, teller)));
    outbox?.add(() => eventsOf(group, teller).map((event) => withNames(event, run.process.names)));
  }
}

/** Only where somebody looks at the metrics of a deployment: it is a line a minute. */
function tellSums({ run, teller, log }: Running, found: Count, groups: readonly GroupResult[]): void {
  if (teller.deployment === '') return;
  log(sweepAnnouncement(found, groups, run.id, embeddingOf(run, teller)));
}

const embeddingOf = (run: Run, { deployment }: Teller) => ({ namespace: deployment, now: run.clock.now() });

function carefully<Told extends unknown[]>(tellOne: (...told: Told) => void): (...told: Told) => void {
  return (...told) => {
    try {
      tellOne(...told);
    } catch {
      // There is nobody left to tell that telling failed.
    }
  };
}

function logLine(record: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify(record));
}
