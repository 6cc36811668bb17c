import type { Answer } from './answer.ts';
import type { Facts } from './facts.ts';

/** An attachment of a holder that is well hangs: it is told, and after a while it is attached anew. */
export function attachmentsHang({
  situation,
  overdue,
  observation,
  summary,
  settings,
}: Facts): Answer | 'overdue' | undefined {
  if (situation.kind !== 'in-transit') return undefined;
  if (overdue.size > 0) return 'overdue';
  if (situation.way === 'attaching') return undefined;
  const leaving = observation.interfaces.filter(({ attachment }) => attachment?.status === 'detaching');
  const ids = leaving.map(({ id }) => id).join(' and ');
  const reason = `${summary} ${ids} is detaching from it, and no recorded move explains that; what still hangs after ${settings.stuckAfterSeconds} seconds is attached anew.`;
  return { code: 'attachment-in-transit', reason };
}
