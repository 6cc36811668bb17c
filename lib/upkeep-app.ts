import { createEventBus } from './aws/events-gateway.ts';
import { type CloudOptions, createAlarmKeeper, createCloud, renew, type RunBudget } from './aws/index.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Announcing, UpkeepSettings } from './config.ts';
import type { Settings } from './core/settings.ts';
import type { UpkeepTask } from './core/upkeep-task.ts';
import { type Announce, announcement } from './engine/announce.ts';
import { eventsOf } from './engine/events.ts';
import { withNames } from './engine/names.ts';
import { Outbox } from './engine/outbox.ts';
import type { GroupResult } from './engine/result.ts';
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
  /** What is told besides the log; nothing when not given. */
  readonly announcing?: Announcing;
  /** How AWS is reached, where the environment does not say. */
  readonly aws?: Omit<CloudOptions, 'clock' | 'budget' | 'tagPrefix'>;
}

/** The tag of an alarm that was made here is behind this key, with the name of the stack as its value. */
export const DEPLOYMENT_KEY = 'deployment';

/** Puts the parts together. Made once for each process. */
export function createUpkeepApp(options: UpkeepAppOptions): UpkeepApp {
  const { settings, clock = systemClock, announce = logLine, announcing, aws = {} } = options;
  const { memberAlarms, deployment } = options.upkeep;
  const budget: RunBudget = { deadlineAt: Number.POSITIVE_INFINITY };
  const reached = { ...aws, clock, budget };
  const cloud = createCloud({ ...reached, tagPrefix: settings.tagPrefix });
  const keeper = createAlarmKeeper(reached, { key: settings.statePrefix + DEPLOYMENT_KEY, value: deployment });
  const onFailure = (message: string): void => announce({ level: 'WARN', message });
  const outbox = announcing?.events
    ? new Outbox({ bus: createEventBus({ ...aws, clock }), clock, onFailure })
    : undefined;
  const lasting = { cloud, keeper, clock, settings, memberAlarms, process: freshProcess(), kept: freshUpkeep() };
  return {
    handle: async (task, { runId: id, remainingMs }) => {
      const deadlineAt = clock.now() + remainingMs;
      renew(budget, deadlineAt);
      const run: UpkeepRun = { ...lasting, id, deadlineAt, log: announce, confirmed: new Set() };
      const teller = { deployment, trigger: 'upkeep', runId: id };
      const tell = (result: GroupResult): void => {
        announce(announcement(result, 'upkeep', id, { namespace: deployment, now: clock.now() }));
        outbox?.add(() => eventsOf(result, teller).map((event) => withNames(event, lasting.process.names)));
      };
      try {
        const result = await upkeep(run, task, tell);
        for (const message of troublesOf(result)) announce({ level: 'WARN', message, trigger: 'upkeep' });
        return result;
      } finally {
        await outbox?.flush();
      }
    },
  };
}

/** What it could not do or read stands in the log, whoever started it. */
function troublesOf({ missing = [], alarms: { trouble } }: UpkeepResult): readonly string[] {
  return trouble === undefined ? missing : [...missing, trouble];
}

function logLine(record: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify(record));
}
