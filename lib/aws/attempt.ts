import type { HttpHandlerOptions, HttpRequest, HttpResponse, RequestHandlerOutput } from '@smithy/types';
import type { Clock } from '../clock.ts';
import { withDeadline } from './deadline.ts';

/** The part of an SDK request handler that a transport has to have. */
export interface Handler {
  handle(request: HttpRequest, options?: HttpHandlerOptions): Promise<RequestHandlerOutput<HttpResponse>>;
  destroy?(): void;
}

/**
 * Gives a transport that has no sockets the attempt timeout that the SDK's own transport has, driven by the clock: so
 * a simulated run spends its time as a real one would. The request itself is not stopped; what AWS does with it is
 * for the lab to decide.
 */
export function limitAttempts(handler: Handler, clock: Clock, attemptTimeoutMs: number): Handler {
  return {
    destroy: () => handler.destroy?.(),
    handle: (request, options) => withDeadline(clock, attemptTimeoutMs, () => handler.handle(request, options)),
  };
}
