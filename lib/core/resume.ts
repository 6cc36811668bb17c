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
  const holder = soleHolder(observation);
  if (holder !== undefined && holder === intent.from) return decideUntouched(resume);
  if (holder !== undefined) return arrived(resume, holder);
  const { abandoned } = observation.experience ?? {};
  if (abandoned === undefined) return converge(resume);
  return resume.bound ? leaveToItsRun(resume, abandoned) : rollBack(resume, abandoned);
}

/** The one member that holds every interface of the group, none of them on its way off. */
function soleHolder({ interfaces }: Observation): string | undefined {
  const [holder, ...others] = holders(interfaces);
  const whole = interfaces.every((view) => view.attachment && view.attachment.status !== 'detaching');
  return whole && others.length === 0 ? holder : undefined;
}

interface Resume {
  readonly trigger: Trigger;
  readonly observation: Observation;
  readonly situation: Situation;
  readonly intent: Intent;
  /** Another run's intent, before its deadline: only that same move may be completed. */
  readonly bound: boolean;
}

/** No run lasts longer (Lambda quotas): a deadline further off than this was not written by one. */
const LONGEST_RUN_MS = 15 * 60_000;

function isBound({ experience, now }: Observation, intent: Intent): boolean {
  const leftMs = intent.deadlineAt - now;
  return experience?.runId !== intent.runId && leftMs > 0 && leftMs <= LONGEST_RUN_MS;
}

/** Nothing was detached yet, so the question whether to move at all is still open. */
function decideUntouched(resume: Resume): Conclusion {
  const { observation, situation, intent, trigger } = resume;
  const { abandoned, runId } = observation.experience ?? {};
  const failed = situation.holderHealth?.verdict === 'failed';
  const wanted = failed || (runId === intent.runId && !intent.automatic) || isNotice(trigger, intent.from);
  if (abandoned === undefined && wanted) return converge(resume);
  if (resume.bound) return leaveToItsRun(resume, abandoned ?? 'nothing has been detached yet');
  if (abandoned !== undefined) return rollBack(resume, abandoned);
  const reason = `${situation.summary} It is closed: the holder is not failed any more, and nothing was detached.`;
  return act('roll-back', reason, ledgerPlan('close', resume, intent.from ?? intent.to), []);
}

/** A Spot warning about the very member the group is being moved away from. */
function isNotice(trigger: Trigger, from: string | undefined): boolean {
  return trigger.kind === 'spot-interruption' && trigger.instanceId === from;
}

/** Everything is in one place already; how that member feels is a question for the next decision. */
function arrived(resume: Resume, holder: string): Conclusion {
  return act('complete', `${resume.situation.summary} ${holder} holds it.`, ledgerPlan('complete', resume, holder), []);
}

function leaveToItsRun(
  { situation, intent }: Resume,
  because: string,
  rejected: readonly Rejection[] = [],
): Conclusion {
  const until = `until ${new Date(intent.deadlineAt).toISOString()} its own run may still be at it`;
  return blocked('operation-in-progress', `${explained(situation.summary, because)}; ${until}.`, rejected);
}

/** Brings every interface to one member: where the anchor went, else the recorded target, else the next best. */
function converge(resume: Resume): Conclusion {
  const { observation, situation, intent, bound } = resume;
  let rejected: readonly Rejection[] = [];
  for (const rules of preferences(resume)) {
    const election = elect(observation, rules);
    const successor = election.eligible[0];
    if (successor) {
      const plan = resumePlan('complete', resume, successor);
      return act('complete', `${situation.summary} ${successor.member.id} gets it.`, plan, election.rejected);
    }
    rejected = joined(rejected, election.rejected);
  }
  return bound
    ? leaveToItsRun(resume, `${intent.to} cannot take it now`, rejected)
    : rollBack(resume, 'no member could take over', rejected);
}

function preferences({ trigger, observation, situation, intent, bound }: Resume): readonly ElectionRules[] {
  const base = {
    settings: situation.settings,
    ...(situation.ledger && { ledger: situation.ledger }),
    ...(trigger.kind === 'spot-interruption' && { leaving: trigger.instanceId }),
    ...(intent.ignoreHealth && { ignoreHealthOf: intent.to }),
  };
  const only = (instanceId: string): ElectionRules => ({ ...base, only: { instanceId, because: 'intent-pending' } });
  const toIntent = only(intent.to);
  const anyone = { ...base, ...(intent.from !== undefined && { holder: { id: intent.from, failed: true } }) };
  const anchorHolder = observation.interfaces[0]?.attachment?.instanceId;
  const wishes = bound ? [toIntent] : [toIntent, anyone];
  if (anchorHolder === undefined || anchorHolder === intent.from) return wishes;
  // The anchor settles a race: whoever holds it holds the group, whatever the intent said, unless it has failed.
  const failed = situation.holderHealth?.verdict === 'failed';
  return [{ ...only(anchorHolder), ...(!failed && { asRefuge: true }) }, ...wishes];
}

/** Puts everything back to where it was, if that member can take it; if not even that, the operation failed. */
function rollBack(resume: Resume, because: string, rejected: readonly Rejection[] = []): Conclusion {
  const { observation, situation, intent } = resume;
  const { settings, ledger, summary } = situation;
  const from = intent.from ?? 'nobody';
  const only = { instanceId: from, because: 'intent-pending' } as const;
  const election = elect(observation, { settings, ...(ledger && { ledger }), only, asRefuge: true });
  const refuge = election.eligible[0];
  if (!refuge) {
    const reason = `${explained(summary, because)}, and ${from} cannot take it back.`;
    return blocked('no-candidate', reason, joined(rejected, election.rejected));
  }
  const plan = resumePlan('roll-back', resume, refuge);
  return act('roll-back', `${summary} It is rolled back to ${from}: ${because}.`, plan, rejected);
}

function resumePlan(kind: Plan['kind'], resume: Resume, candidate: Candidate): Plan {
  return planMove(kind, candidate, resume.observation.interfaces, restOf(resume.intent));
}

/** A plan that moves nothing: only the ledger has something left to say. */
function ledgerPlan(kind: Plan['kind'], { observation, intent }: Resume, to: string): Plan {
  return { kind, ...restOf(intent), to, interfaces: observation.interfaces.map((view) => ({ interfaceId: view.id })) };
}

function restOf({
  action,
  from,
  automatic,
  ignoreHealth,
}: Intent): Pick<Plan, 'action' | 'from' | 'automatic' | 'ignoreHealth'> {
  return { action, ...(from !== undefined && { from }), automatic, ignoreHealth };
}

/** The first reason given for each member. */
function joined(first: readonly Rejection[], more: readonly Rejection[]): readonly Rejection[] {
  return [...first, ...more.filter(({ instanceId }) => !first.some((known) => known.instanceId === instanceId))];
}

/** Goes on with a sentence: "It was begun. x" becomes "It was begun: x". */
const explained = (summary: string, because: string): string => `${summary.replace(/\.$/, '')}: ${because}`;
