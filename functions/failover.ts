import type { Context } from 'aws-lambda';
import { createApp, type InvocationResult } from '../lib/app.ts';
import { readSettings } from '../lib/config.ts';

// At load, so that a wrong configuration fails every invocation with all its faults, and a warm start pays nothing.
const app = createApp({ settings: readSettings() });

/** Takes an EventBridge event or a person's request; see docs/reference.md for both and for what comes back. */
export function handler(input: unknown, context: Context): Promise<InvocationResult> {
  return app.handle(input, { runId: context.awsRequestId, remainingMs: context.getRemainingTimeInMillis() });
}
