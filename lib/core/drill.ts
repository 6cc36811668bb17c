import type { Facts } from './facts.ts';
import type { PersonRequest } from './model.ts';

/**
 * A drill takes the group to a standby and back: both ways are planned moves. Each intent names the member that it began
 * with, so that whoever finds one cut short can bring the group back.
 */

/** For so long a drill that was cut short is brought to its end; afterwards the group is where people have left it. */
const LASTS_MS = 60 * 60_000;

/**
 * The member to which a drill has yet to bring the group back: it is whole where the drill has taken it, and nobody has
 * moved or acknowledged it since. Undefined where none has.
 */
export function homeOf({ ledger, intent, holderId, observation: { now } }: Facts): string | undefined {
  const { operation, holder, acknowledgedAt, movedAt = Number.NEGATIVE_INFINITY } = ledger ?? {};
  const home = operation?.drill;
  if (home === undefined || intent || holderId === undefined) return undefined;
  if (holderId === home || holderId !== holder) return undefined;
  const isOver = (acknowledgedAt ?? Number.NEGATIVE_INFINITY) >= movedAt || now - movedAt >= LASTS_MS;
  return isOver ? undefined : home;
}

/**
 * What a sweep asks for, in the name of whoever asked for the drill, once its run is not at it any more. A holder that is
 * not well is automation's to leave, as any.
 */
export function endOfDrill(facts: Facts): PersonRequest | undefined {
  const { ledger, situation, holderHealth, observation } = facts;
  const home = homeOf(facts);
  const isLeft = observation.now >= (ledger?.operation?.deadlineAt ?? Number.NEGATIVE_INFINITY);
  const isWell = situation.kind === 'held' && holderHealth?.verdict === 'healthy';
  return home !== undefined && isLeft && isWell
    ? { kind: 'request', action: 'drill', group: observation.group, to: home, ignoreHealth: false }
    : undefined;
}
