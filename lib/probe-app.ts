import { type Clock, systemClock } from './clock.ts';
import type { ProbeSettings } from './config.ts';
import { refusals } from './probe/address.ts';
import { attempts } from './probe/attempt.ts';
import { serve } from './probe/serve.ts';

export interface Probe {
  /**
   * Answers one request of `watch` or `failover`.
   * @throws FailoverError `InvalidRequest` with every fault, before anything is asked.
   */
  handle(input: unknown, invocation: { readonly remainingMs: number }): ReturnType<typeof serve>;
}

/** Puts the probe together: sockets and a clock, nothing of AWS. Made once for each process. */
export function createProbe(settings: ProbeSettings, clock: Clock = systemClock): Probe {
  const refusalOf = refusals(settings);
  const ports = { clock, refusalOf, memoryMb: settings.memoryMb, attempt: attempts({ clock, refusalOf }) };
  return { handle: (input, { remainingMs }) => serve(input, ports, remainingMs) };
}
