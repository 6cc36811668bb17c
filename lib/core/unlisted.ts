import { hasRoom } from './carriers.ts';
import type { InterfaceView, MemberView } from './model.ts';
import { isPrimary } from './tags.ts';

/**
 * Interfaces that name nobody: their tags are full or refused, somebody has deleted them, or nobody has looked yet
 * (docs/decisions/012-adopted-interfaces.md). Such a one must not lose what it serves to a newcomer that has a list, or
 * to what that serves elsewhere: it is looked after on its own.
 */

type InterfaceSet = readonly InterfaceView[];

/** What is known of a group beside its interfaces. */
export interface Company {
  readonly members: readonly Pick<MemberView, 'id' | 'zone'>[];
  /** The tags of the group were refused lately, for a reason that does not pass. */
  readonly untaggable?: boolean;
  /** Ids of interfaces that this process has seen on a member, and whose tags it could not write. */
  readonly served?: ReadonlySet<string>;
  /** A person asks about all that carries the name, or for it: they decide what belongs together. */
  readonly isAsked?: boolean;
  /** Ids of interfaces that this run has seen together: without tags, a move in parts says nothing else. */
  readonly together?: ReadonlySet<string>;
}

/**
 * Sets among interfaces none of which has a list, by the instance they are on: whoever has tagged one of theirs before
 * anybody has looked must have no say over the others.
 * @returns none where they are in one place, or where none is on a member.
 */
export function neverListed(views: InterfaceSet, statePrefix: string, company: Company): readonly InterfaceSet[] {
  const isRefused = company.untaggable === true || views.some((view) => !hasRoom(view, statePrefix));
  const isOnePlace = new Set(views.flatMap((view) => placeOf(view, company) ?? [])).size <= 1;
  const isOneZone = new Set(views.map(({ zone }) => zone)).size <= 1;
  if (isOnePlace && isOneZone) return [];
  // What this run has in hand is on nobody at times, and is no stray for that.
  const counts = (view: InterfaceView): boolean =>
    isOnMember(view, company.members) || !hasRoom(view, statePrefix) || company.together?.has(view.id) === true;
  const isPlaced = (view: InterfaceView): boolean => placeOf(view, company) !== undefined;
  const [first, ...others] = [...byPlace(views.filter(isPlaced), company)]
    .filter((set) => set.some(counts))
    .sort((a, b) => sinceOf(a) - sinceOf(b));
  if (!first) return [];
  // What nobody holds goes with what has been held longest, as ever, where it can.
  const loose = views.filter((view) => !isPlaced(view) && view.zone === first[0]?.zone);
  // Who asks may bring together what can be on one instance, and no more.
  const isJoined = company.isAsked === true && !isRefused;
  const joined = others.filter((set) => isJoined && set[0]?.zone === first[0]?.zone);
  const ours = new Set([...first, ...joined.flat(), ...loose]);
  // In the order of their ids, by which the first is the anchor.
  return [views.filter((view) => ours.has(view)), ...others.filter((set) => !joined.includes(set))];
}

/**
 * Sets among interfaces that have no list and are in nobody's, beside others that have one. One on the instance of a
 * listed set is new there, and joins it. One on another member may be what the group was before somebody deleted its
 * tags, or a policy refused them: nothing that EC2 shows tells it from a newcomer.
 */
export function besideLists(
  rest: InterfaceSet,
  listed: readonly InterfaceSet[],
  statePrefix: string,
  company: Company,
): readonly InterfaceSet[] {
  const { members, served } = company;
  const places = new Set(listed.flat().map(({ attachment }) => attachment?.instanceId));
  const isElsewhere = !listed.flat().some(({ zone }) => members.some((member) => member.zone === zone));
  const counts = (view: InterfaceView): boolean => {
    const isHere = members.some(({ zone }) => zone === view.zone);
    if (!isMovable(view) || !isHere || (view.attachment && places.has(view.attachment.instanceId))) return false;
    if (!hasRoom(view, statePrefix) || isElsewhere) return true;
    // What nobody holds may never have been held: only a process that has seen it served knows better.
    return isOnMember(view, members) || (!view.attachment && served?.has(view.id) === true);
  };
  return byPlace(rest.filter(counts), company);
}

export const isMovable = ({ attachment }: InterfaceView): boolean => !attachment || !isPrimary(attachment);

export const isOnMember = ({ attachment }: InterfaceView, members: Company['members']): boolean =>
  members.some(({ id }) => id === attachment?.instanceId);

/** Since when the first of them has been attached by EC2's word, in milliseconds; for ever later where none is. */
export const sinceOf = (set: InterfaceSet): number =>
  Math.min(...set.map(({ attachment }) => attachment?.attachedAt ?? Number.MAX_VALUE));

/** Whether both are on one instance, or were seen together by this run. */
export function isInOnePlace(a: InterfaceView, b: InterfaceView, company: Company): boolean {
  const place = placeOf(a, company);
  return place !== undefined && place === placeOf(b, company);
}

const TOGETHER = 'together';

function placeOf({ id, attachment }: InterfaceView, { together }: Company): string | undefined {
  return together?.has(id) === true ? TOGETHER : attachment && (attachment.instanceId ?? attachment.id);
}

function byPlace(views: InterfaceSet, company: Company): readonly InterfaceSet[] {
  const places = new Map<string, InterfaceView[]>();
  for (const view of views) {
    const place = placeOf(view, company) ?? '';
    places.set(place, [...(places.get(place) ?? []), view]);
  }
  return [...places.values()];
}
