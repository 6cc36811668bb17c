import type { Context } from 'aws-lambda';
import { createApp, type InvocationResult } from '../lib/app.ts';
import { readAnnouncing, readProbeFunctions, readSettings } from '../lib/config.ts';
import { parseInvocation } from '../lib/triggers/parse.ts';

// At load, so that a wrong configuration fails every invocation with all its faults, and a warm start pays nothing.
const settings = readSettings();
const app = createApp({ settings, functions: readProbeFunctions(), announcing: readAnnouncing() });

/**
 * Takes an EventBridge event or a person's request; docs/reference.md has both, and what comes back.
 * @throws FailoverError `InvalidRequest`, `UnsupportedEvent`, `OperationFailed`, `OperationInterrupted`.
 */
export async function handler(input: unknown, context: Context): Promise<InvocationResult> {
  const parsed = parseInvocation(input, settings.alarmPrefix);
  return app.handle(parsed, { runId: context.awsRequestId, remainingMs: context.getRemainingTimeInMillis() });
}
