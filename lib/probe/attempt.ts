import type { Clock } from '../clock.ts';
import type { RefusalOf } from './address.ts';
import { attemptHttp } from './attempt-http.ts';
import { attemptHttps } from './attempt-https.ts';
import { attemptTcp } from './attempt-tcp.ts';
import type { Limits, Surroundings } from './connection.ts';
import type { Outcome, OutcomeClass } from './outcome.ts';
import type { Target } from './target.ts';

/** What the rounds look through: real sockets, or a test's own world. Never rejects. */
export type Attempt = (target: Target, host: string, limits: Limits, signal: AbortSignal) => Promise<Outcome>;

/** Attempts over real sockets. An address that may not be probed is not asked: `unsent`. */
export function attempts({ clock, refusalOf }: { readonly clock: Clock; readonly refusalOf: RefusalOf }): Attempt {
  return async (target, host, limits, signal) => {
    const startedAt = clock.now();
    const isRefused = refusalOf(host, target.port) !== undefined;
    const found = isRefused ? 'unsent' : await ask(target, host, { clock, limits, signal });
    return { class: found, ms: Math.round(clock.now() - startedAt) };
  };
}

function ask(target: Target, host: string, surroundings: Surroundings): Promise<OutcomeClass> {
  const to = { host, port: target.port };
  switch (target.kind) {
    case 'tcp':
    case 'alive':
      return attemptTcp(to, surroundings);
    case 'http':
      return attemptHttp(to, target.path, surroundings);
    case 'https':
      return attemptHttps(to, target.path, surroundings);
  }
}
