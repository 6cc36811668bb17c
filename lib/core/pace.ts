const MINUTE_MS = 60_000;
/** Sweeps come once a minute, and not to the millisecond. */
const SWEEPS_DIFFER_MS = 30_000;

/** From when on a sweep counts as the one that comes so many minutes after a moment, in milliseconds since the epoch. */
export const sweepAfter = (atMs: number, minutes: number): number => atMs + minutes * MINUTE_MS - SWEEPS_DIFFER_MS;
