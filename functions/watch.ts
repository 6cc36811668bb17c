import type { Context } from 'aws-lambda';
import { readWatchSettings } from '../lib/config.ts';
import { createWatch, type WatchApp } from '../lib/watch-app.ts';

const watch = createWatch({ settings: readWatchSettings() });

/**
 * Has the probes look, and tells the failover function what they see. The sweep starts it, with all it needs.
 * @throws FailoverError `InvalidRequest`.
 */
export function handler(input: unknown, context: Context): ReturnType<WatchApp['handle']> {
  return watch.handle(input, { remainingMs: context.getRemainingTimeInMillis() });
}
