import { backoffMs, BudgetedRetry, type RetryOptions } from '../../../lib/aws/retry.ts';
import type { RetryErrorInfo, RetryToken, SdkError } from '@smithy/types';
import { FakeClock } from './fakes.ts';

const THROTTLE = errorInfo('RequestLimitExceeded', 503);
const FAULT = errorInfo('InternalError', 500);

function errorInfo(name: string, httpStatusCode: number): RetryErrorInfo {
  const error = Object.assign(new Error('because'), { name, $metadata: { httpStatusCode } }) as SdkError;
  // The SDK's own opinion, which must not count: it would repeat a change after a 500.
  return { error, errorType: 'TRANSIENT' };
}

function strategy(options: Partial<RetryOptions> = {}) {
  const clock = new FakeClock();
  clock.draws = [0.999999];
  const budget = { deadlineAt: Number.POSITIVE_INFINITY };
  const retry = new BudgetedRetry({ clock, budget, changing: false, attempts: 5, callTimeoutMs: 60_000, ...options });
  return { clock, budget, retry };
}

/** Fails again and again; returns how often it was allowed to try, the first time included. */
async function attemptsOf(retry: BudgetedRetry, info: RetryErrorInfo): Promise<number> {
  let token: RetryToken = await retry.acquireInitialRetryToken();
  for (let attempts = 1; ; attempts++) {
    try {
      token = await retry.refreshRetryTokenForRetry(token, info);
    } catch {
      return attempts;
    }
  }
}

describe('backoffMs', () => {
  it('should double from 50 ms up to 1 s for a passing fault', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7].map((retry) => backoffMs('unavailable', retry, 0.999999));
    expect(longest).toEqual([49, 99, 199, 399, 799, 999, 999]);
  });

  it('should double from 500 ms up to 5 s when throttled', () => {
    expect([1, 2, 3, 4, 5, 6].map((retry) => backoffMs('throttled', retry, 0.999999))).toEqual([
      499, 999, 1999, 3999, 4999, 4999,
    ]);
  });

  it('should spread over the whole interval', () => {
    expect([0, 0.25, 0.5].map((random) => backoffMs('throttled', 1, random))).toEqual([0, 125, 250]);
  });
});

describe('BudgetedRetry', () => {
  it('should begin with a token that counts no retry and asks for no delay', async () => {
    const token = await strategy().retry.acquireInitialRetryToken();
    expect([token.getRetryCount(), token.getRetryDelay()]).toEqual([0, 0]);
  });

  it('should pause through the clock and report no delay, which the SDK would sleep for itself', async () => {
    const { clock, retry } = strategy();
    const token = await retry.refreshRetryTokenForRetry(await retry.acquireInitialRetryToken(), FAULT);
    expect(clock.pauses).toEqual([49]);
    expect([token.getRetryCount(), token.getRetryDelay()]).toEqual([1, 0]);
  });

  it('should give up after the given number of attempts', async () => {
    const { clock, retry } = strategy({ attempts: 4 });
    expect(await attemptsOf(retry, FAULT)).toBe(4);
    expect(clock.pauses).toEqual([49, 99, 199]);
  });

  it('should pause longer when throttled', async () => {
    const { clock, retry } = strategy();
    expect(await attemptsOf(retry, THROTTLE)).toBe(5);
    expect(clock.pauses).toEqual([499, 999, 1999, 3999]);
  });

  it('should not begin a pause that ends after the run', async () => {
    const { clock, budget, retry } = strategy();
    budget.deadlineAt = clock.now() + 499 + 999;
    expect(await attemptsOf(retry, THROTTLE)).toBe(2);
    expect(clock.pauses).toEqual([499]);
  });

  it('should not begin a pause that ends after the call', async () => {
    const { clock, retry } = strategy({ callTimeoutMs: 499 + 999 + 1 });
    expect(await attemptsOf(retry, THROTTLE)).toBe(3);
    expect(clock.pauses).toEqual([499, 999]);
  });

  it('should read the budget anew for each call', async () => {
    const { clock, budget, retry } = strategy();
    budget.deadlineAt = clock.now();
    expect(await attemptsOf(retry, THROTTLE)).toBe(1);
    budget.deadlineAt = clock.now() + 60_000;
    expect(await attemptsOf(retry, THROTTLE)).toBe(5);
  });

  it('should not draw a random number for what is not repeated', async () => {
    const { clock, retry } = strategy({ changing: true });
    clock.draws = [0.1, 0.2];
    expect(await attemptsOf(retry, FAULT)).toBe(1);
    expect(clock.draws).toEqual([0.1, 0.2]);
  });

  const changes: [string, number, number][] = [
    ['RequestLimitExceeded', 503, 5],
    ['Throttling', 400, 5],
    ['ConcurrentTagAccess', 400, 5],
    ['InternalError', 500, 1],
    ['Unavailable', 503, 1],
    ['TimeoutError', 0, 1],
    ['ECONNRESET', 0, 1],
    ['UnauthorizedOperation', 403, 1],
    ['InvalidNetworkInterface.InUse', 400, 1],
    ['InvalidParameterValue', 400, 1],
    ['Novel', 400, 1],
  ];
  it.each(changes)('should attempt a change that meets %s (%i) %i time(s)', async (name, status, attempts) => {
    expect(await attemptsOf(strategy({ changing: true }).retry, errorInfo(name, status))).toBe(attempts);
  });

  const reads: [string, number, number][] = [
    ['RequestLimitExceeded', 503, 5],
    ['InternalError', 500, 5],
    ['TimeoutError', 0, 5],
    ['UnauthorizedOperation', 403, 1],
    ['InvalidInstanceID.NotFound', 400, 1],
    ['Novel', 400, 1],
  ];
  it.each(reads)('should attempt a read that meets %s (%i) %i time(s)', async (name, status, attempts) => {
    expect(await attemptsOf(strategy().retry, errorInfo(name, status))).toBe(attempts);
  });
});
