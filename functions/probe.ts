import type { Context } from 'aws-lambda';
import { readProbeSettings } from '../lib/config.ts';
import { createProbe, type Probe } from '../lib/probe-app.ts';

const probe = createProbe(readProbeSettings());

/**
 * Looks at the addresses it is given, from inside the VPC. Speaks to nobody else: no AWS API, no network of its own.
 * @throws FailoverError `InvalidRequest`.
 */
export function handler(input: unknown, context: Context): ReturnType<Probe['handle']> {
  return probe.handle(input, { remainingMs: context.getRemainingTimeInMillis() });
}
