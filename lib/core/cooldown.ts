import type { Facts } from './facts.ts';

/** Automatic moves that count towards the cooldown now, and until when they keep automation from another one. */
export function cooldownOf({ settings, ledger, observation: { now } }: Facts): {
  readonly moves: number;
  /** Milliseconds since the epoch; undefined when another move is allowed. */
  readonly until: number | undefined;
} {
  const windowMs = settings.cooldownSeconds * 1000;
  const recent = (ledger?.moves ?? []).filter((at) => now - at < windowMs);
  // The bound frees up when enough of the oldest moves have left the window.
  const lastToLeave = recent[recent.length - settings.maxMoves];
  return { moves: recent.length, until: lastToLeave === undefined ? undefined : lastToLeave + windowMs };
}
