import type { Facts } from '../core/facts.ts';
import type { PersonRequest } from '../core/model.ts';
import { isAboutMoving } from '../core/requests.ts';
import { runningIn } from '../core/situation.ts';
import { once } from './note.ts';
import type { GroupResult } from './result.ts';
import type { Run } from './run.ts';
import type { Look } from './turn.ts';

/** Names that several sets of interfaces claim, each of which is looked after on its own. */

/** Whether several sets claim a name: to begin a ledger on one would decide against another that cannot have any. */
export const isDisputed = (seen: readonly { readonly group: string }[], group: string): boolean =>
  seen.findIndex((each) => each.group === group) !== seen.findLastIndex((each) => each.group === group);

/**
 * Groups that nobody has seen before, and that are on several members: which of them is right, only a person can say.
 * @param fresh sets that are well and have no ledger.
 */
export function disputesAmong(
  run: Run,
  fresh: readonly { readonly group: string; readonly facts: Facts }[],
): readonly GroupResult[] {
  const groups = [...new Set(fresh.map(({ group }) => group))];
  return groups.flatMap((group) => {
    const sets = fresh.filter((each) => each.group === group);
    const holders = sets.flatMap(({ facts }) => facts.holderId ?? []);
    const isJoinable = sets.every(({ facts }) => !facts.untaggable) && !run.process.untaggable.has(group);
    if (holders.length < 2 || !isJoinable) return [];
    const reason = `The interfaces of the group are split between ${holders.join(' and ')}, and no sweep has seen it whole: each part is looked after on its own. A person has to decide: request a failover and name 'to'.`;
    const news = once(run, group, [reason], true);
    const said = { decision: 'blocked', code: 'group-split', reason, rejected: [] } as const;
    return [{ group, analysis: 'group-split', ...said, ...(news.length > 0 && { news }) }];
  });
}

/**
 * Whether a request is about these. What nothing but a name makes part of a group is taken off no member that runs for
 * a request that does not name that member: a drill of the group is none of it.
 */
export function isMeant(request: PersonRequest, { seen }: Look): boolean {
  if (!seen?.apart || !isAboutMoving(request)) return true;
  const { from } = request;
  const running = runningIn(seen);
  return !seen.interfaces.every(({ attachment: on }) => on?.instanceId !== from && running.has(on?.instanceId ?? ''));
}
