import { analyze, type Situation } from './analyze.ts';
import type { Observation, StatusChecks } from './model.ts';
import { memberIds } from './notes.ts';
import type { Settings } from './settings.ts';

const ALL_OK: StatusChecks = {
  system: 'ok',
  instance: 'ok',
  attachedEbs: 'ok',
  application: 'ok',
  scheduledEvents: [],
};

/**
 * Checks for a first glance at many groups: only impaired ones were asked for, so every other running member passes
 * for healthy. Good enough to leave a group alone, never enough to act.
 */
export function assumedChecks(
  members: Observation['members'],
  impaired: Readonly<Record<string, StatusChecks>>,
): Readonly<Record<string, StatusChecks>> {
  return Object.fromEntries(members.map((member) => [member.id, impaired[member.id] ?? ALL_OK]));
}

/** `quiet`: nothing to do or to say. `new`: healthy, and never seen before. `look`: worth the reads of a full look. */
export type Glance = { readonly kind: 'quiet' | 'look' } | { readonly kind: 'new'; readonly situation: Situation };

/** Sorts out, on a first glance, the groups that need a full look: the cost of a sweep is theirs alone. */
export function glance(observation: Observation, deployment: Settings): Glance {
  const { interfaces, members } = observation;
  // Members without an interface are a group in the making, or one being torn down: nothing to look after yet.
  if (interfaces.length === 0) return { kind: 'quiet' };
  const situation = analyze(observation, { kind: 'sweep' }, deployment);
  const { ledger, ledgerReading, analysis, holderId, holderHealth } = situation;
  const calm = analysis === 'group-parked' || (holderHealth?.verdict === 'healthy' && isHeld(analysis));
  const repair = interfaces.some((view) => view.attachment?.deleteOnTermination);
  const incomplete =
    ledgerReading.status === 'damaged' || (ledgerReading.status === 'valid' && ledgerReading.missingOn.length > 0);
  if (!calm || repair || incomplete) return { kind: 'look' };
  if (!ledger) return analysis === 'group-parked' ? { kind: 'quiet' } : { kind: 'new', situation };
  const told = ledger.phase === 'steady' && ledger.holder === holderId && ledger.condition === undefined;
  return told && ledger.members.join() === memberIds(members).join() ? { kind: 'quiet' } : { kind: 'look' };
}

const isHeld = (analysis: Situation['analysis']): boolean =>
  analysis === 'holder-healthy' || analysis === 'members-span-zones';
