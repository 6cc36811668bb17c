import { type CloudOptions, createAlarmKeeper, createCloud, type RunBudget } from './aws/index.ts';
import { type Clock, systemClock } from './clock.ts';
import type { UpkeepSettings } from './config.ts';
import type { Settings } from './core/settings.ts';
import type { UpkeepTask } from './core/upkeep-task.ts';
import { type Announce, announcement } from './engine/announce.ts';
import { freshProcess } from './engine/run.ts';
import { freshUpkeep, upkeep, type UpkeepResult, type UpkeepRun } from './engine/upkeep.ts';

export interface UpkeepApp {
  /**
   * Sees that each member has its alarm, and tells what stands in the way of failovers to come.
   * @throws AwsCallError when groups or alarms could not be read at all.
   */
  handle(task: UpkeepTask, invocation: { readonly runId: string; readonly remainingMs: number }): Promise<UpkeepResult>;
}

export interface UpkeepAppOptions {
  readonly settings: Settings;
  readonly upkeep: UpkeepSettings;
  readonly clock?: Clock;
  readonly announce?: Announce;
  /** How AWS is reached, where the environment does not say. */
  readonly aws?: Omit<CloudOptions, 'clock' | 'budget' | 'tagPrefix'>;
}

/** The tag of an alarm that was made here is behind this key, with the name of the stack as its value. */
export const DEPLOYMENT_KEY = 'deployment';
/** Kept for the log lines and the reply of a run whose last call hangs, in milliseconds. */
const CALLS_END_EARLIER_MS = 500;

/** Puts the parts together. Made once for each process. */
export function createUpkeepApp(options: UpkeepAppOptions): UpkeepApp {
  const { settings, clock = systemClock, announce = logLine, aws = {} } = options;
  const { memberAlarms, deployment } = options.upkeep;
  const budget: RunBudget = { deadlineAt: Number.POSITIVE_INFINITY };
  const reached = { ...aws, clock, budget };
  const cloud = createCloud({ ...reached, tagPrefix: settings.tagPrefix });
  const keeper = createAlarmKeeper(reached, { key: settings.statePrefix + DEPLOYMENT_KEY, value: deployment });
  const [process, kept] = [freshProcess(), freshUpkeep()];
  /** What it could not do or read stands in the log, whoever started it. */
  const told = async (running: Promise<UpkeepResult>): Promise<UpkeepResult> => {
    const result = await running;
    const { missing = [], alarms } = result;
    const troubles = [...missing, ...(alarms.trouble === undefined ? [] : [alarms.trouble])];
    for (const message of troubles) announce({ level: 'WARN', message, trigger: 'upkeep' });
    return result;
  };
  return {
    handle: (task, { runId: id, remainingMs }) => {
      const deadlineAt = clock.now() + remainingMs;
      budget.deadlineAt = deadlineAt - CALLS_END_EARLIER_MS;
      budget.throttled = false;
      const run: UpkeepRun = {
        cloud,
        keeper,
        clock,
        settings,
        process,
        kept,
        id,
        deadlineAt,
        memberAlarms,
        log: announce,
        confirmed: new Set(),
      };
      return told(upkeep(run, task, (result) => announce(announcement(result, 'upkeep', id, clock.now()))));
    },
  };
}

function logLine(record: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify(record));
}
