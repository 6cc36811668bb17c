import { repairsOf } from './afterwards.ts';
import { isAtRest, readinessNow } from './decide.ts';
import { homeOf } from './drill.ts';
import { dueHolder, establish, type Facts } from './facts.ts';
import { isAwayFromPreferred } from './fit.ts';
import { freshMemory } from './memory.ts';
import type { MemberView, Observation } from './model.ts';
import type { StatusChecks } from './readers.ts';
import { probeChanges } from './probe-notes.ts';
import type { Settings } from './settings.ts';
import { readinessChange } from './readiness-notes.ts';
import { strayChanges } from './stray-notes.ts';
import { currentLedger, memberIds } from './transitions.ts';

const ALL_OK: StatusChecks = {
  system: 'ok',
  instance: 'ok',
  attachedEbs: 'ok',
  application: 'ok',
  scheduledEvents: [],
};

const SWEEP = { kind: 'sweep' } as const;

/**
 * Checks for a first look at many groups: only those that are not well were asked for, so every other running member passes
 * for healthy. Good enough to leave a group alone, never enough to act.
 */
export function assumedChecks(
  members: readonly MemberView[],
  impaired: Readonly<Record<string, StatusChecks>>,
): Readonly<Record<string, StatusChecks>> {
  return Object.fromEntries(members.map((member) => [member.id, impaired[member.id] ?? ALL_OK]));
}

/**
 * `quiet`: nothing to do or to say. `look`: worth the reads of a full look. `repair`: well, but for an interface that
 * would be deleted with its holder. `new`: well, and never seen before.
 */
export type Triage =
  | { readonly kind: 'quiet' }
  /** `unserved`: something of it is on nobody, or on a holder that is gone or stopped. */
  | { readonly kind: 'look'; readonly unserved: boolean }
  | { readonly kind: 'repair' | 'new'; readonly facts: Facts };

/** Sorts out, at a first look, the groups that need a full one: the cost of a sweep is theirs alone. */
export function triage(observation: Observation, deployment: Settings): Triage {
  const { interfaces, members, unreadable } = observation;
  // Members without an interface are a group in the making, or one being torn down: nothing to look after yet.
  if (interfaces.length === 0 && unreadable.length === 0) return { kind: 'quiet' };
  const facts = establish(SWEEP, observation, freshMemory(''), deployment);
  const { ledger, analysis, holderId } = facts;
  if (!isCalm(facts)) return { kind: 'look', unserved: isUnserved(facts) };
  if (repairsOf(observation).length > 0) return { kind: 'repair', facts };
  if (interfaces.some((view) => view.attachment?.deleteOnTermination)) return { kind: 'look', unserved: false };
  if (!ledger) return analysis === 'group-parked' ? { kind: 'quiet' } : { kind: 'new', facts };
  if (dueHolder(facts) !== ledger.due) return { kind: 'look', unserved: false };
  if (homeOf(facts) !== undefined || ledger.fit !== undefined || isAwayFromPreferred(facts))
    return { kind: 'look', unserved: false };
  const told = ledger.phase === 'steady' && ledger.holder === holderId && ledger.condition === undefined;
  const sameMembers = ledger.members.join() === memberIds(members).join();
  const isQuiet =
    told &&
    sameMembers &&
    strayChanges(facts, ledger).length === 0 &&
    probeChanges(SWEEP, facts, ledger, '').length === 0;
  return isQuiet ? { kind: 'quiet' } : { kind: 'look', unserved: false };
}

/**
 * Whether a group that is quiet is ready, and whether another thing was told of it. Where the limits of a type are not
 * known, nobody can say.
 */
export function judged(
  observation: Observation,
  deployment: Settings,
): { readonly ready: boolean; readonly turned: boolean } {
  const { interfaces, members, limits } = observation;
  const unknown = { ready: true, turned: false };
  if (interfaces.length === 0 || members.some(({ type }) => limits[type] === undefined)) return unknown;
  const facts = establish(SWEEP, observation, freshMemory(''), deployment);
  if (!isAtRest(facts)) return unknown;
  const readiness = readinessNow(observation, freshMemory(''), deployment);
  return { ready: readiness.ready, turned: readinessChange(currentLedger(facts), readiness, facts) !== undefined };
}

function isUnserved({ observation: { interfaces }, holderHealth }: Facts): boolean {
  const loose = interfaces.some(({ attachment }) => attachment === undefined);
  return loose || holderHealth?.code === 'gone' || holderHealth?.code === 'stopped';
}

/** Parked, or held by somebody healthy for good, with a ledger that is absent or stands on every interface. */
function isCalm({ analysis, situation, holderHealth, ledgerReading }: Facts): boolean {
  if (situation.kind === 'in-transit') return false;
  const held = analysis === 'holder-healthy' || analysis === 'members-span-zones';
  const incomplete =
    ledgerReading.status === 'damaged' ||
    (ledgerReading.status === 'valid' && (ledgerReading.missingOn.length > 0 || ledgerReading.outdated));
  return !incomplete && (analysis === 'group-parked' || (held && holderHealth?.verdict === 'healthy'));
}
