/** Seen by one sweep and still so at the next: nobody is at it. */
export const CONFIRMED_AFTER_MS = 30_000;
