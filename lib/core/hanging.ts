import type { Answer, Asked } from './answer.ts';
import { wayAnewClosed } from './way-back.ts';

/**
 * An attachment of a holder that is well hangs: it is told, and after a while it is attached anew, if it then finds a
 * place.
 */
export function attachmentsHang({ facts, succession }: Asked): Answer | 'overdue' | undefined {
  const { situation, overdue, observation, summary, settings, holderId = '' } = facts;
  if (situation.kind !== 'in-transit') return undefined;
  const isLeaving = situation.way === 'detaching';
  const closed = isLeaving && !succession.successor ? wayAnewClosed(holderId, facts) : undefined;
  if (overdue.size > 0 && closed === undefined) return 'overdue';
  if (!isLeaving) return undefined;
  const leaving = observation.interfaces.filter(({ attachment }) => attachment?.status === 'detaching');
  const ids = leaving.map(({ id }) => id).join(' and ');
  const remedy =
    closed === undefined
      ? `what still hangs after ${settings.stuckAfterSeconds} seconds is attached anew`
      : `it is not ended by force while no other member can take over: ${closed}. If it hangs, stop and start ${holderId}`;
  const reason = `${summary} ${ids} is detaching from it, and no recorded move explains that; ${remedy}.`;
  const { rejected } = succession;
  return { code: 'attachment-in-transit', reason, ...(closed !== undefined && { rejected }) };
}
