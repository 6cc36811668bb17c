import { holders, type Situation } from './analyze.ts';
import { act, blocked, type Conclusion } from './conclusion.ts';
import { type Candidate, elect, type ElectionRules, type Rejection } from './elect.ts';
import type { Intent } from './ledger.ts';
import type { Observation, Trigger } from './model.ts';
import { type Plan, planMove } from './plan.ts';

/**
 * A move was begun and is not finished: by this run a moment ago, by a run that died, or by one that is at it now.
 * It is always finished or rolled back, pause or not. There is no separate resume path: this is what follows from
 * looking at the half-done state.
 */
export function decideIntent(trigger: Trigger, observation: Observation, situation: Situation): Conclusion {
  const { intent } = situation;
  if (!intent) return blocked('operation-in-progress', situation.summary);
  const resume: Resume = { trigger, observation, situation, intent, bound: isBound(observation, intent) };
  const [only, ...others] = holders(observation.interfaces);
  const whole = observation.interfaces.every((view) => view.attachment && view.attachment.status !== 'detaching');
  if (whole && others.length === 0 && only === intent.from) return decideUntouched(resume);
  if (observation.experience?.abandoned !== undefined) return rollBack(resume, observation.experience.abandoned);
  return converge(resume);
}

interface Resume {
  readonly trigger: Trigger;
  readonly observation: Observation;
  readonly situation: Situation;
  readonly intent: Intent;
  /** Another run's intent, before its deadline: only that same move may be completed. */
  readonly bound: boolean;
}

function isBound({ experience, now }: Observation, intent: Intent): boolean {
  return experience?.runId !== intent.runId && now < intent.deadlineAt;
}

/** Nothing was detached yet, so the question whether to move at all is still open. */
function decideUntouched(resume: Resume): Conclusion {
  const { observation, situation, intent, bound } = resume;
  const { abandoned } = observation.experience ?? {};
  if (abandoned !== undefined) return rollBack(resume, abandoned);
  const ownRequest = observation.experience?.runId === intent.runId && !intent.automatic;
  const wanted =
    ownRequest || situation.holderHealth?.verdict === 'failed' || resume.trigger.kind === 'spot-interruption';
  if (wanted) return converge(resume);
  if (bound)
    return blocked('operation-in-progress', `${situation.summary} Its run still has until ${deadline(intent)}.`);
  return rollBack(resume, 'its holder is not failed any more and nothing had been detached');
}

/** Brings every interface to one member: where the anchor went, else the recorded target, else the next best. */
function converge(resume: Resume): Conclusion {
  const { observation, situation, intent, bound } = resume;
  const rejected: Rejection[] = [];
  for (const rules of preferences(resume)) {
    const election = elect(observation, rules);
    const successor = election.eligible[0];
    if (successor)
      return act(
        'complete',
        `${situation.summary} ${successor.member.id} gets it.`,
        resumePlan('complete', resume, successor),
        election.rejected,
      );
    rejected.push(
      ...election.rejected.filter(({ instanceId }) => !rejected.some((known) => known.instanceId === instanceId)),
    );
  }
  if (bound) {
    const reason = `${situation.summary} ${intent.to} cannot take it now; until ${deadline(intent)} only its own run may choose another.`;
    return blocked('operation-in-progress', reason, rejected);
  }
  return rollBack(resume, 'no member could take over', rejected);
}

function preferences({ observation, situation, intent, bound }: Resume): readonly ElectionRules[] {
  const base = {
    settings: situation.settings,
    ...(situation.ledger && { ledger: situation.ledger }),
    ...(intent.ignoreHealth && { ignoreHealthOf: intent.to }),
  };
  const only = (instanceId: string): ElectionRules => ({ ...base, only: { instanceId, because: 'intent-pending' } });
  // The anchor settles a race: whoever holds it now holds the group, whatever the intent said.
  const anchorHolder = observation.interfaces[0]?.attachment?.instanceId;
  const settled = anchorHolder !== undefined && anchorHolder !== intent.from ? [only(anchorHolder)] : [];
  const anyone: ElectionRules = {
    ...base,
    ...(intent.from !== undefined && { holder: { id: intent.from, failed: true } }),
  };
  return bound ? [...settled, only(intent.to)] : [...settled, only(intent.to), anyone];
}

/** Puts everything back to where it was, if that member can take it; if not even that, the operation failed. */
function rollBack(resume: Resume, because: string, rejected: readonly Rejection[] = []): Conclusion {
  const { observation, situation, intent } = resume;
  const { from } = intent;
  const settings = situation.settings;
  const only = { instanceId: from ?? 'nobody', because: 'intent-pending' } as const;
  const { ledger } = situation;
  const election = elect(observation, { settings, ...(ledger && { ledger }), only, asRefuge: true });
  const refuge = election.eligible[0];
  const why = [
    ...rejected,
    ...election.rejected.filter(({ instanceId }) => !rejected.some((r) => r.instanceId === instanceId)),
  ];
  if (!refuge)
    return blocked(
      'no-candidate',
      `${situation.summary} ${capital(because)}, and ${from ?? 'nobody'} cannot take it back.`,
      why,
    );
  return act(
    'roll-back',
    `${situation.summary} It is rolled back to ${from}: ${because}.`,
    resumePlan('roll-back', resume, refuge),
    rejected,
  );
}

function resumePlan(kind: Plan['kind'], { observation, intent }: Resume, candidate: Candidate): Plan {
  return planMove(kind, candidate, observation.interfaces, {
    action: intent.action,
    ...(intent.from !== undefined && { from: intent.from }),
    automatic: intent.automatic,
    ignoreHealth: intent.ignoreHealth,
  });
}

const deadline = (intent: Intent): string => new Date(intent.deadlineAt).toISOString();
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
