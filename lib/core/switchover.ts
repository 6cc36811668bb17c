import type { Answer, Asked } from './answer.ts';
import { elect, type Terms } from './elect.ts';
import type { Facts } from './facts.ts';
import { endOfDrill, homeOf } from './drill.ts';
import type { Intent } from './ledger.ts';
import type { PersonRequest, Trigger } from './model.ts';
import { preferredOf } from './preferred.ts';
import { isPlanned } from './requests.ts';
import { wayAnewClosed } from './way-back.ts';

/**
 * A planned move: from a holder that is well to a member that is well, by a plain detach. Whoever plans it can wait, so
 * what would be a risk in it is refused, and left to a failover request.
 */

/**
 * The request with the member that it is about, where it does not name one and it can be told: a failback leads to the
 * preferred member, and what is to end the waiting of a plain move leads to where that was to go, if that can still be. A sweep that finds a
 * drill cut short goes on with it, as whoever asked for it would.
 */
export function withTarget(trigger: Trigger, facts: Facts): Trigger {
  if (trigger.kind === 'sweep') return endOfDrill(facts) ?? trigger;
  if (trigger.kind !== 'request' || trigger.to !== undefined) return trigger;
  const to = targetOf(trigger, facts);
  return to === undefined ? trigger : { ...trigger, to };
}

function targetOf(request: PersonRequest, facts: Facts): string | undefined {
  switch (request.action) {
    case 'failback':
      return preferredOf(facts)?.id;
    case 'drill':
      return homeOf(facts);
    default:
      return waitingMove(request, facts);
  }
}

/** Where a recorded plain move goes that this request no longer wants to wait for. */
function waitingMove({ action, force }: PersonRequest, facts: Facts): string | undefined {
  const { situation } = facts;
  const isImpatient = action === 'failover' || (action === 'switchover' && force === true);
  return isImpatient && situation.kind === 'interrupted' && situation.intent.plain
    ? fitInsteadOf(facts, situation.intent)
    : undefined;
}

/** The recorded target, else whoever else can take the group, else its old holder, where that can have it anew. */
function fitInsteadOf(facts: Facts, { from, to }: Intent): string | undefined {
  const first = (terms: Terms): string | undefined => elect(facts, terms).eligible[0]?.member.id;
  const only = (instanceId: string): Terms => ({
    only: { instanceId, because: 'not-requested' },
    asked: 'for-this-member',
  });
  const anyone: Terms = { asked: 'for-a-move', ...(from !== undefined && { holder: { id: from, failed: true } }) };
  const next = first(only(to)) ?? first(anyone);
  if (next !== undefined || from === undefined || wayAnewClosed(from, facts) !== undefined) return next;
  return first(only(from));
}

/** A failback has somewhere to go only where one member is preferred to all others. */
export function isAnybodyPreferred({ trigger, facts }: Asked): Answer | undefined {
  if (trigger.kind !== 'request' || trigger.action !== 'failback' || trigger.to !== undefined) return undefined;
  const tag = `${facts.settings.tagPrefix}priority`;
  const reason = `No member is preferred: give the one to fail back to the highest ${tag}, and no other one the same.`;
  return { code: 'nobody-preferred', reason };
}

/** A planned move leaves a holder that is well and has the whole group: nothing is hurried, and nothing is guessed. */
export function isTheHolderWell({ trigger, facts }: Asked): Answer | undefined {
  if (!isPlanned(trigger)) return undefined;
  const trouble = troubleOf(facts);
  if (trouble === undefined) return undefined;
  const reason = `${trouble} A ${trigger.action} is for a holder that is well; a failover request moves the group as it is.`;
  return { code: 'holder-not-well', reason };
}

function troubleOf({ situation, holderHealth, summary }: Facts): string | undefined {
  if (situation.kind === 'in-transit')
    return `${summary} An interface of it is ${situation.way}: that has to end first.`;
  if (situation.kind === 'loose' || situation.kind === 'split' || situation.kind === 'parked') return summary;
  return holderHealth?.verdict === 'healthy' ? undefined : summary;
}
