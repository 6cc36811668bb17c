const PARTS = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$/;
const MILLISECONDS = [3_600_000, 60_000, 1_000, 1];

/** What a duration has to look like, for whoever wrote it otherwise. */
export const DURATION = 'must be a duration such as 90s, 5m or 1m30s';

/** Reads `90s`, `5m`, `1h`, `500ms` and their sums, such as `1m30s`. @returns milliseconds; undefined for anything else. */
export function readDuration(text: unknown): number | undefined {
  const match = typeof text === 'string' && text !== '' ? PARTS.exec(text) : null;
  if (match === null) return undefined;
  return match.slice(1).reduce((sum, part, nth) => sum + Math.round(Number(part ?? 0) * (MILLISECONDS[nth] ?? 0)), 0);
}

/** `2m`, `130s`, `1m30.250s`: a moment as people write it. */
export function tellMoment(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const seconds = (ms % 60_000) / 1_000;
  const exact = Number.isInteger(seconds) ? `${seconds}s` : `${seconds.toFixed(3)}s`;
  if (minutes === 0) return exact;
  return seconds === 0 ? `${minutes}m` : `${minutes}m${exact}`;
}
