import { listOn } from '../core/adoption.ts';
import type { InterfaceView, MemberView, Observation } from '../core/model.ts';
import { holdersOf } from '../core/situation.ts';
import { isMovable, isOnMember } from '../core/unlisted.ts';
import type { ProcessMemory } from './run.ts';

/** What is known of the sets of interfaces that claim one name, beside who is in them. */

/** What this process has seen on a member, and could not write to, of what still carries the name. */
export function servedBefore(
  { served, refused }: ProcessMemory,
  group: string,
  views: readonly InterfaceView[],
  members: readonly MemberView[],
): ReadonlySet<string> {
  const before = served.get(group);
  const known = views.filter((view) => isOnMember(view, members) || before?.has(view.id) === true);
  const ids = known.map(({ id }) => id);
  served.set(group, new Set(ids));
  return new Set(ids.filter((id) => refused.has(id)));
}

/**
 * What this process has seen together on one member while no interface of that name had a list, and what still carries
 * the name: a ledger that could never be begun (the checks could not be read, say) is no reason to take a part that lost
 * its place for a stranger. It matters where one of them is on nobody, and else the places say it.
 * @returns their ids; none where each of them is attached.
 */
export function togetherBefore(
  { together }: ProcessMemory,
  group: string,
  views: readonly InterfaceView[],
  { members, statePrefix }: { readonly members: readonly MemberView[]; readonly statePrefix: string },
): ReadonlySet<string> {
  const before = together.get(group);
  const isListed = views.some((view) => listOn(view, statePrefix) !== undefined);
  const on = isListed ? [] : views.filter((view) => isOnMember(view, members) && isMovable(view));
  const seen = holdersOf(on).length === 1 ? on : [];
  const known = views.filter((view) => before?.has(view.id) === true || seen.includes(view));
  together.set(group, new Set(known.map(({ id }) => id)));
  return new Set(known.some(({ attachment }) => !attachment) ? known.map(({ id }) => id) : []);
}

export const withStrays = (strays: readonly InterfaceView[]): Pick<Observation, 'strays'> =>
  strays.length > 0 ? { strays } : {};

/**
 * Sets on the same instance will be one: whichever of them speaks for the group, what a person has said of one binds
 * the other until then. To attach an interface there takes permission on that instance.
 */
export function joining(
  set: readonly InterfaceView[],
  others: readonly (readonly InterfaceView[])[],
): Pick<Observation, 'joins'> {
  const [holder, second] = holdersOf(set);
  const joins = others.filter((other) => second === undefined && holdersOf(other).join() === holder).flat();
  return joins.length > 0 ? { joins } : {};
}
