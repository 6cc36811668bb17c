import { type Ledger, renewed, type SilentHolder } from './ledger.ts';
import type { MemberView, Signal } from './model.ts';

/** Marks the members that are left because nobody there answers the probe: EC2 may go on calling them well. */
export function withSilent(
  known: readonly SilentHolder[],
  {
    members,
    signals,
    now,
  }: { readonly members: readonly MemberView[]; readonly signals: readonly Signal[]; readonly now: number },
): Pick<Ledger, 'silent'> {
  const left = members.filter(({ id }) => isUnreachable(id, signals));
  const marks = left.map(({ id, launchedAt }) => ({ instanceId: id, launchedAt, at: now }));
  const silent = renewed(known, marks);
  return silent.length > 0 ? { silent } : {};
}

const isUnreachable = (instanceId: string, signals: readonly Signal[]): boolean =>
  signals.some((each) => each.instanceId === instanceId && `${each.source}/${each.verdict}` === 'probe/unreachable');

/** Whether the last move brought the group to this holder, and the probe's verdict led to it. */
export function wasMovedByProbe(ledger: Ledger | undefined, holder: string): boolean {
  const { operation, phase } = ledger ?? {};
  return phase === 'steady' && operation?.probed === true && operation.to === holder;
}
