import type { Answer, Asked } from './answer.ts';
import { cooldownOf } from './cooldown.ts';
import type { Facts } from './facts.ts';
import { fitPreferred, fitSince } from './fit.ts';
import { planMove } from './plan.ts';

/**
 * Automatic failback, for groups that ask for it: once the preferred member has been fit for the group for a while, the
 * group goes back to it by a plain move, as a person would have it go. Nothing is hurried: whatever speaks against it
 * puts it off.
 */

/** Whether a sweep brings the group back now, held up by everything that holds an automatic move up. */
export function isItToGoBack({ trigger, facts }: Asked): Answer | undefined {
  if (trigger.kind !== 'sweep') return undefined;
  const candidate = fitPreferred(facts);
  const since = candidate && fitSince(facts.ledger, candidate);
  if (candidate === undefined || since === undefined || isHeldUp(facts, since)) return undefined;
  const from = facts.holderId as string;
  const { id } = candidate.member;
  const terms = { action: 'switchover', from, automatic: true, ignoreHealth: false, plain: true } as const;
  const when = new Date(since).toISOString();
  const reason = `${facts.summary} ${id} is preferred and has been fit for the group since ${when}. It goes back to it.`;
  return { code: 'failback', reason, plan: planMove('new', candidate, facts, terms) };
}

function isHeldUp(facts: Facts, since: number): boolean {
  const { settings, pausedUntil = 0, ledger, observation, untaggable } = facts;
  const { now } = observation;
  const isTooEarly = now - since < settings.failbackAfterSeconds * 1000;
  const isPaused = settings.mode === 'manual' || pausedUntil > now;
  return (
    isTooEarly || isPaused || untaggable || ledger?.disarmedAt !== undefined || cooldownOf(facts).until !== undefined
  );
}
