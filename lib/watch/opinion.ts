import type { Judgement } from '../probe/verdict.ts';
import type { Tracked } from './tracked.ts';

/** The other probe's look at an interface: whether there is one, and what is said where it sees something else. */

/** A look that began earlier is made again. */
const LOOK_FRESH_MS = 5_000;

/** Whether one is under way, or was made just now. */
export function isLooking({ look }: Tracked, now: number): boolean {
  return look !== undefined && now - look.at <= LOOK_FRESH_MS;
}

/** A look of another probe than the one that leads, which began when the target was missing already. */
export function hasUsableLook(tracked: Tracked, lead: string, now: number): boolean {
  const { look, evidence } = tracked;
  if (look === undefined || look.by === lead || !isLooking(tracked, now)) return false;
  return look.at >= (evidence?.floating.missingSince ?? now);
}

/** What is said where the two do not agree. */
export function disagreement(
  { tracked, judgement }: { readonly tracked: Tracked; readonly judgement: Judgement },
  weight: 'answers' | 'unknown',
): string {
  const seen = weight === 'answers' ? 'is answered' : 'cannot tell';
  return `One probe takes ${tracked.watched.id} for ${judgement.verdict}, and the other ${seen}: nothing follows.`;
}
