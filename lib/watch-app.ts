import { createInvoker, type InvokerOptions } from './aws/lambda-gateway.ts';
import { type Clock, systemClock } from './clock.ts';
import type { WatchSettings } from './config.ts';
import { readWatchInput } from './watch/input.ts';
import { freshMemory } from './watch/memory.ts';
import type { Log } from './watch/ports.ts';
import { watch, type WatchSummary } from './watch/watch.ts';

export interface WatchApp {
  /**
   * Has the probes look for 75 s, and tells the failover function what they see.
   * @throws FailoverError `InvalidRequest` when what it was handed cannot be understood.
   */
  handle(input: unknown, invocation: { readonly remainingMs: number }): Promise<WatchSummary>;
}

export interface WatchAppOptions {
  readonly settings: WatchSettings;
  readonly clock?: Clock;
  readonly log?: Log;
  /** How AWS is reached, where the environment does not say. */
  readonly aws?: Omit<InvokerOptions, 'clock' | 'budget'>;
}

/** Puts the parts together. Made once for each process. */
export function createWatch({ settings, clock = systemClock, log = logLine, aws = {} }: WatchAppOptions): WatchApp {
  const budget = { deadlineAt: Number.POSITIVE_INFINITY };
  const invoker = createInvoker({ ...aws, clock, budget });
  const memory = freshMemory(settings.probes);
  const ports = { clock, invoker, log, memory, failover: settings.failover };
  return { handle: async (input, { remainingMs }) => watch(readWatchInput(input), ports, remainingMs) };
}

function logLine(record: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify(record));
}
