import type { Context } from 'aws-lambda';
import { createApp, type InvocationResult } from '../lib/app.ts';
import { readAnnouncing, readProbeFunctions, readSettings } from '../lib/config.ts';

const app = createApp({ settings: readSettings(), functions: readProbeFunctions(), announcing: readAnnouncing() });

/** The scheduled look at every group; what it was invoked with does not matter. */
export function handler(_event: unknown, context: Context): Promise<InvocationResult> {
  return app.sweep({ runId: context.awsRequestId, remainingMs: context.getRemainingTimeInMillis() });
}
