import type { Clock } from '../clock.ts';
import { AwsCallError } from '../errors.ts';
import { withDeadline } from './deadline.ts';
import { classify, type Operation } from './errors.ts';
import type { RunBudget } from './retry.ts';

/** What `client.send` accepts as its second argument. */
export interface SendOptions {
  readonly abortSignal: AbortSignal;
}

/** Makes one AWS call (all its attempts) under a deadline; whatever goes wrong is thrown as an `AwsCallError`. */
export type Call = <Reply>(
  operation: Operation,
  send: (options: SendOptions) => Promise<Reply>,
  /** In milliseconds, where this call is not worth the wait that others are. */
  patienceMs?: number,
) => Promise<Reply>;

export interface CallLimits {
  readonly clock: Clock;
  readonly budget: RunBudget;
  /** The most one call may take, in milliseconds; less when the run's budget ends before. */
  readonly callTimeoutMs: number;
}

/**
 * A {@link Call} that ends when its time is up, whatever the transport does: the socket timeouts of the request
 * handler bound one attempt, and neither the sum of the attempts nor the pauses between them.
 */
export function createCall({ clock, budget, callTimeoutMs }: CallLimits): Call {
  return async (operation, send, patienceMs = callTimeoutMs) => {
    const timeoutMs = Math.min(patienceMs, callTimeoutMs, budget.deadlineAt - clock.now());
    if (timeoutMs <= 0) throw notSent(operation);
    try {
      return await withDeadline(clock, timeoutMs, (abortSignal) => send({ abortSignal }));
    } catch (error) {
      throw classify(error, operation);
    }
  };
}

/** Nothing was sent, so this is not ambiguous, not even for a change. */
function notSent({ action }: Operation): AwsCallError {
  return new AwsCallError('unavailable', action, 'NoTimeLeft', 'not sent, because the time for this run is used up.');
}
