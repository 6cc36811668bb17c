import type { RetryErrorInfo, RetryStrategyV2, RetryToken } from '@smithy/types';
import type { Clock } from '../clock.ts';
import { failureOf, isThrottle, mayRepeat } from './errors.ts';
import type { AwsFailure } from '../errors.ts';

/**
 * The time a run has left. One object for each process, written by the app at the start of each run: a Lambda
 * sandbox serves one invocation at a time, and groups that are handled in parallel share its deadline.
 */
export interface RunBudget {
  /** Milliseconds since the epoch; `Infinity` when nothing limits the run. */
  deadlineAt: number;
  /** A change was throttled in this run, whether or not it went through later. */
  throttled?: boolean;
}

/** Kept for the log lines and the reply of a run whose last call hangs, in milliseconds. */
const CALLS_END_EARLIER_MS = 500;

/**
 * Begins a run: calls end before Lambda does, or nobody would hear of what they were about.
 * @param deadlineAt when Lambda ends it, in milliseconds since the epoch.
 */
export function renew(budget: RunBudget, deadlineAt: number): void {
  budget.deadlineAt = deadlineAt - CALLS_END_EARLIER_MS;
  budget.throttled = false;
}

export interface RetryOptions {
  readonly clock: Clock;
  readonly budget: RunBudget;
  /** True for the client that sends the changing calls. */
  readonly changing: boolean;
  /** Attempts of one call, the first included. */
  readonly attempts: number;
  /** The time one call may take, all attempts and pauses included. */
  readonly callTimeoutMs: number;
}

const TRANSIENT = { baseMs: 50, capMs: 1_000 } as const;
const THROTTLED = { baseMs: 500, capMs: 5_000 } as const;

/** A token remembers how long its call may go on, because the strategy is never told which call it serves. */
interface CallToken extends RetryToken {
  readonly endsAt: number;
}

/**
 * The product's only retry loop, given to the SDK clients. It repeats what was certainly not applied (see
 * `mayRepeat`), waits through the injected clock, and never begins a pause that it could not finish in time.
 *
 * The SDK's middleware calls `acquireInitialRetryToken` before the first attempt and `refreshRetryTokenForRetry`
 * after each failed one; when the latter throws, the attempt's own error is what the caller gets. The pause is made
 * in here and a delay of 0 reported, since a reported delay would be slept with the global `setTimeout`.
 */
export class BudgetedRetry implements RetryStrategyV2 {
  private readonly options: RetryOptions;

  constructor(options: RetryOptions) {
    this.options = options;
  }

  async acquireInitialRetryToken(): Promise<RetryToken> {
    const { clock, budget, callTimeoutMs } = this.options;
    return tokenOf(0, Math.min(clock.now() + callTimeoutMs, budget.deadlineAt));
  }

  async refreshRetryTokenForRetry(token: RetryToken, { error }: RetryErrorInfo): Promise<RetryToken> {
    const { clock, changing, attempts, budget } = this.options;
    // The action matters only to codes that are never repeated.
    const failure = failureOf(error, { action: '', changing });
    if (changing && isThrottle(failure)) budget.throttled = true;
    const retry = token.getRetryCount() + 1;
    if (!mayRepeat(failure) || retry >= attempts) throw noMore(failure);
    const pauseMs = backoffMs(failure, retry, clock.random());
    const { endsAt } = token as CallToken;
    if (clock.now() + pauseMs >= endsAt) throw noMore(failure);
    await clock.sleep(pauseMs);
    return tokenOf(retry, endsAt);
  }

  recordSuccess(): void {}
}

/**
 * Exponential back-off with full jitter ("Exponential Backoff And Jitter", AWS Architecture Blog).
 * @param retry 1 for the first one.
 * @param random in [0, 1).
 */
export function backoffMs(failure: AwsFailure, retry: number, random: number): number {
  const { baseMs, capMs } = isThrottle(failure) ? THROTTLED : TRANSIENT;
  return Math.floor(random * Math.min(capMs, baseMs * 2 ** (retry - 1)));
}

/** Only tells the SDK's middleware to stop; it then throws the error of the attempt, not this one. */
function noMore(failure: AwsFailure): Error {
  return new Error(`not repeated: ${failure}`);
}

function tokenOf(retries: number, endsAt: number): CallToken {
  return { getRetryCount: () => retries, getRetryDelay: () => 0, endsAt };
}
