import type { Clock } from '../clock.ts';

/**
 * Waits for work, but no longer than this; then the error is a `TimeoutError`, like those of the SDK.
 * @param start gets a signal that is aborted when the time is up.
 */
export async function withDeadline<Result>(
  clock: Clock,
  timeoutMs: number,
  start: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const work = new AbortController();
  const timer = new AbortController();
  const late = clock.sleep(timeoutMs, timer.signal).then(() => {
    work.abort();
    throw Object.assign(new Error(`no answer within ${timeoutMs} ms.`), { name: 'TimeoutError' });
  });
  try {
    return await Promise.race([start(work.signal), late]);
  } finally {
    // Work that is done must not leave its timer behind: it would hold up the process, or virtual time.
    timer.abort();
  }
}
