import type { Facts } from './facts.ts';

/** Automatic moves that count towards the cooldown now, and until when they keep automation from another one. */
export function cooldownOf(facts: CooldownFacts): {
  readonly moves: number;
  /** Milliseconds since the epoch; undefined when another move is allowed. */
  readonly until: number | undefined;
} {
  const { settings, past, untaggable, observation } = facts;
  const windowMs = settings.cooldownSeconds * 1000;
  const isRecent = (at: number): boolean => observation.now - at < windowMs;
  const recorded = past.moves.filter(isRecent);
  if (untaggable) return unrecordedCooldown(recorded, movedAsSeen(facts).filter(isRecent), windowMs);
  // The bound frees up when enough of the oldest moves have left the window.
  const lastToLeave = recorded[recorded.length - settings.maxMoves];
  return { moves: recorded.length, until: lastToLeave === undefined ? undefined : lastToLeave + windowMs };
}

export type CooldownFacts = Pick<Facts, 'settings' | 'past' | 'untaggable' | 'observation'>;

/**
 * Where no tag counts the moves, EC2 shows at least the last one, by the time of the attach, and another process may
 * have made more than this one knows of: one move in the window is all there is.
 */
function unrecordedCooldown(recorded: readonly number[], seen: readonly number[], windowMs: number) {
  const last = Math.max(...recorded, ...seen);
  return { moves: Math.max(recorded.length, Math.min(seen.length, 1)), until: last > 0 ? last + windowMs : undefined };
}

/** What is attached to an instance so soon was made with it: nobody moves a group to one that is just starting. */
const MADE_TOGETHER_MS = 120_000;

/** When interfaces came to where they are, by EC2's word, as far as they came there later than their instance did. */
function movedAsSeen({ observation: { interfaces, members } }: CooldownFacts): readonly number[] {
  return interfaces.flatMap(({ attachment }) => {
    const launchedAt = members.find(({ id }) => id === attachment?.instanceId)?.launchedAt;
    if (attachment?.attachedAt === undefined || launchedAt === undefined) return [];
    const ageMs = attachment.attachedAt - launchedAt;
    return ageMs >= 0 && ageMs < MADE_TOGETHER_MS ? [] : [attachment.attachedAt];
  });
}
