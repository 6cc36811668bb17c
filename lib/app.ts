import { createCloud, type CloudOptions, type RunBudget } from './aws/index.ts';
import { createInvoker } from './aws/lambda-gateway.ts';
import { createProber } from './aws/prober.ts';
import { createWatcher } from './aws/watcher.ts';
import { type Clock, systemClock } from './clock.ts';
import type { ProbeFunctions } from './config.ts';
import type { Parsed } from './core/model.ts';
import type { Settings } from './core/settings.ts';
import { type Announce, announcement } from './engine/announce.ts';
import { runTrigger, throwIfUnfinished } from './engine/invoke.ts';
import type { ProbePorts } from './engine/ports.ts';
import { notObserved } from './engine/report.ts';
import type { GroupResult, InvocationResult } from './engine/result.ts';
import { freshProcess, type Run } from './engine/run.ts';
import { sweep } from './engine/sweep.ts';

export type { GroupResult, InvocationResult } from './engine/result.ts';

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
  /** The functions of the probe, where it is deployed. */
  readonly functions?: ProbeFunctions;
  /** Replaces what would be made of them. */
  readonly probe?: ProbePorts;
  /** How AWS is reached, where the environment does not say. */
  readonly aws?: Omit<CloudOptions, 'clock' | 'budget' | 'tagPrefix'>;
}

/** Nothing is made where nothing is deployed. */
function probePorts(functions: ProbeFunctions | undefined, options: Parameters<typeof createInvoker>[0]): ProbePorts {
  if (!functions || (functions.probes.length === 0 && functions.watch === undefined)) return {};
  const { probes, watch, subnets } = functions;
  const invoker = createInvoker(options);
  return {
    ...(probes.length > 0 && { prober: createProber(probes, invoker) }),
    ...(watch !== undefined && { watcher: createWatcher(watch, invoker) }),
    ...(subnets.length > 0 && { probeSubnets: subnets }),
  };
}

/** Kept for the log lines and the reply of a run whose last call hangs, in milliseconds. */
const CALLS_END_EARLIER_MS = 500;

/** Puts the parts together; the only place where the engine meets AWS. Made once for each process. */
export function createApp(options: AppOptions): App {
  const { settings, clock = systemClock, announce = logLine, aws = {} } = options;
  const budget: RunBudget = { deadlineAt: Number.POSITIVE_INFINITY };
  const cloud = createCloud({ ...aws, clock, budget, tagPrefix: settings.tagPrefix });
  const ports = { cloud, ...(options.probe ?? probePorts(options.functions, { ...aws, clock, budget })) };
  const process = freshProcess();
  const begin = ({ runId, remainingMs }: Invocation): Run => {
    const deadlineAt = clock.now() + remainingMs;
    // Calls end before Lambda does, or nobody would hear of what they were about.
    budget.deadlineAt = deadlineAt - CALLS_END_EARLIER_MS;
    budget.throttled = false;
    return {
      ...ports,
      clock,
      settings,
      process,
      id: runId,
      log: carefully(announce),
      deadlineAt,
      confirmed: new Set(),
    };
  };
  return {
    handle: (parsed, invocation) => handle(begin(invocation), parsed, announce),
    sweep: (invocation) => sweepAll(begin(invocation), announce),
  };
}

async function handle(run: Run, parsed: Parsed, announce: Announce): Promise<InvocationResult> {
  const trigger = parsed.kind === 'trigger' ? parsed.trigger : undefined;
  const groups =
    parsed.kind === 'trigger' ? await runTrigger(run, parsed.trigger) : [notObserved(null, parsed.code, parsed.reason)];
  tell(run, groups, trigger?.kind ?? 'ignored', announce);
  // A person is told; an event has nobody to tell but Lambda, which then tries again.
  if (trigger && trigger.kind !== 'request') throwIfUnfinished(groups);
  const checks = groups.flatMap(({ ready }) => ready ?? []);
  return { ...(checks.length > 0 && { ready: checks.every(Boolean) }), groups };
}

async function sweepAll(run: Run, announce: Announce): Promise<InvocationResult> {
  // A trouble that was told once is not told again every minute: only what is new makes a line.
  const groups = await sweep(run, (result) => {
    if (result.news !== undefined) tell(run, [result], 'sweep', announce);
  });
  return { groups };
}

/** Announces after the fact, and whatever goes wrong with it stays without consequence for the move. */
function tell(run: Run, groups: readonly GroupResult[], trigger: string, announce: Announce): void {
  for (const group of groups) carefully(announce)(announcement(group, trigger, run.id, run.clock.now()));
}

function carefully(announce: Announce): Announce {
  return (record) => {
    try {
      announce(record);
    } catch {
      // There is nobody left to tell that telling failed.
    }
  };
}

function logLine(record: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify(record));
}
