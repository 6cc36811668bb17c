import type { Context } from 'aws-lambda';
import { createApp, type InvocationResult } from '../lib/app.ts';
import { readSettings } from '../lib/config.ts';
import { parseQuestion } from '../lib/triggers/question.ts';

const app = createApp({ settings: readSettings(), looksOnly: true });

/**
 * Answers people's questions and changes nothing, which its role could not either: whoever may invoke it may look, and
 * move nothing.
 * @throws FailoverError `InvalidRequest`, for whatever is no question too.
 */
export function handler(input: unknown, context: Context): Promise<InvocationResult> {
  const trigger = parseQuestion(input);
  const invocation = { runId: context.awsRequestId, remainingMs: context.getRemainingTimeInMillis() };
  return app.handle({ kind: 'trigger', trigger }, invocation);
}
