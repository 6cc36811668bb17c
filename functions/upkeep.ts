import type { Context } from 'aws-lambda';
import { readAnnouncing, readSettings, readUpkeepSettings } from '../lib/config.ts';
import { parseUpkeep } from '../lib/triggers/upkeep.ts';
import { createUpkeepApp, type UpkeepApp } from '../lib/upkeep-app.ts';

const app = createUpkeepApp({
  settings: readSettings(),
  upkeep: readUpkeepSettings(),
  announcing: readAnnouncing(),
});

/**
 * Looks after the alarms of the members, and ahead. The schedule and the sweep start it; docs/reference.md has what a
 * person may send.
 * @throws FailoverError `InvalidRequest`.
 */
export async function handler(input: unknown, context: Context): ReturnType<UpkeepApp['handle']> {
  const task = parseUpkeep(input);
  return app.handle(task, { runId: context.awsRequestId, remainingMs: context.getRemainingTimeInMillis() });
}
