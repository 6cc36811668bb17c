import { type Candidate, elect } from './elect.ts';
import type { Facts } from './facts.ts';
import type { Ledger } from './ledger.ts';
import { preferredOf } from './preferred.ts';
import { doubts } from './signals.ts';
import type { Part } from './stray-notes.ts';

/** Whether a group that asks to go back to its preferred member could, and since when. */

/** Whether this group asks for it, and is not where it belongs: each sweep then takes a closer look. */
export function isAwayFromPreferred(facts: Facts): boolean {
  const { settings, holderId } = facts;
  const preferred = settings.failback === 'auto' ? preferredOf(facts) : undefined;
  return preferred !== undefined && holderId !== undefined && preferred.id !== holderId;
}

/** The preferred member, and where on it the interfaces would go, where the group is elsewhere and it could take them. */
export function fitPreferred(facts: Facts): Candidate | undefined {
  const { holderId, holderHealth, situation, signals } = facts;
  const isCalm = situation.kind === 'held' && holderHealth?.verdict === 'healthy';
  if (holderId === undefined || !isCalm || !isAwayFromPreferred(facts)) return undefined;
  const only = { instanceId: preferredOf(facts)?.id ?? '', because: 'not-requested' } as const;
  const [candidate] = elect(facts, { holder: { id: holderId, failed: false }, only }).eligible;
  if (!candidate || candidate.lastResort || candidate.partial) return undefined;
  return doubts(candidate.member.id, signals, 'schedule') > 0 ? undefined : candidate;
}

/** Since when the preferred member is noted to be fit for the group. */
export const fitSince = (ledger: Ledger | undefined, { member }: Candidate): number | undefined =>
  ledger?.fit?.instanceId === member.id ? ledger.fit.at : undefined;

/** From when on the preferred member is fit is noted, and forgotten as soon as it is not, or the group is there. */
export function fitChange(before: Ledger, facts: Facts): Part | undefined {
  const candidate = fitPreferred(facts);
  const { fit } = before;
  if (candidate ? fitSince(before, candidate) !== undefined : fit === undefined) return undefined;
  const next = candidate && { instanceId: candidate.member.id, at: facts.observation.now };
  const apply = ({ fit: _, ...ledger }: Ledger): Ledger => ({ ...ledger, ...(next && { fit: next }) });
  return { keys: ['notes'], news: [], apply };
}
