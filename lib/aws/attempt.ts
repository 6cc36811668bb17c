import type { HttpHandlerOptions, HttpRequest, HttpResponse, RequestHandlerOutput } from '@smithy/types';
import type { Clock } from '../clock.ts';
import { withDeadline } from './deadline.ts';

/** The part of an SDK request handler that a transport has to have. */
export interface Handler {
  handle(request: HttpRequest, options?: HttpHandlerOptions): Promise<RequestHandlerOutput<HttpResponse>>;
  destroy?(): void;
}

/**
 * Gives a transport the timeout of an attempt, driven by the clock, so that a simulated run spends its time as a real
 * one would. One attempt of a call is cut, because its connection may be dead; the next ones have all the time that is
 * left of the call, because AWS may be slow, and an answer that is cut again and again is never read. What bounds
 * them is the deadline of the call, which stops the attempt that is under way.
 */
export function limitAttempts(handler: Handler, clock: Clock, attemptTimeoutMs: number): Handler {
  /** The calls of which an attempt was cut. All attempts of a call carry its signal, and no other call does. */
  const cut = new WeakSet<object>();
  return {
    destroy: () => handler.destroy?.(),
    handle: (request, options) => {
      const ofCall = options?.abortSignal as AbortSignal | undefined;
      if (ofCall && cut.has(ofCall)) return handler.handle(request, options);
      return withDeadline(clock, attemptTimeoutMs, (ofAttempt) => {
        if (ofCall) ofAttempt.addEventListener('abort', () => cut.add(ofCall), { once: true });
        return handler.handle(request, { ...options, abortSignal: either(ofCall, ofAttempt) });
      });
    },
  };
}

/** A dead connection is closed with its attempt, and not kept until the call ends. */
function either(ofCall: AbortSignal | undefined, ofAttempt: AbortSignal): AbortSignal {
  return ofCall ? AbortSignal.any([ofCall, ofAttempt]) : ofAttempt;
}
