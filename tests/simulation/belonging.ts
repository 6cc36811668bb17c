import type { NetworkInterface } from '../../lab/world/model.ts';
import { STATE } from './build.ts';

/**
 * Which of the interfaces that carry a group's tag belong together, as docs/decisions/012-adopted-interfaces.md has it,
 * read from their tags without the product's own code: each names the other, or has no list and is on nobody, or where the other is.
 * @param id one that is about; where it carries the tag no more, those that the scenario began with are together.
 */
export function togetherWith(
  id: string,
  tagged: readonly NetworkInterface[],
  strays: ReadonlyMap<string, string>,
): readonly NetworkInterface[] {
  const isListed = isAnyListed(tagged);
  // One of the group's own may be apart from the others, too: its tags are full, or were deleted.
  if (!isListed && !tagged.some((each) => strays.has(each.id))) return tagged;
  const first = movableOf(tagged);
  const ours = first.filter((each) => !strays.has(each.id));
  if (!isListed) return unlisted(id, first, ours);
  const found = tagged.filter((each) => each.id === id);
  return reached(found.length > 0 ? found : ours, tagged);
}

/**
 * Nobody has a list: those in one place belong together, and what nobody holds goes with those that the scenario began
 * with, where it can.
 */
function unlisted(
  id: string,
  first: readonly NetworkInterface[],
  ours: readonly NetworkInterface[],
): readonly NetworkInterface[] {
  const places = new Set(ours.flatMap(({ attachment }) => attachment?.instanceId ?? []));
  const isWithOurs = ({ attachment, zone }: NetworkInterface): boolean =>
    attachment && places.size > 0 ? places.has(attachment.instanceId) : zone === ours[0]?.zone;
  const own = first.filter((each) => ours.includes(each) || isWithOurs(each));
  const found = first.find((each) => each.id === id);
  if (!found) return own;
  const isWith = ({ attachment, zone }: NetworkInterface): boolean =>
    attachment && found.attachment ? attachment.instanceId === found.attachment.instanceId : zone === found.zone;
  return own.includes(found) ? own.filter(isWith) : [found];
}

/** Whether one of them has a list of those that belong to it. */
export const isAnyListed = (tagged: readonly NetworkInterface[]): boolean =>
  tagged.some((each) => listOn(each)?.includes(shortOf(each.id)));

/** The short id by which a list names an interface. */
export const shortOf = (id: string): string => id.slice(-8);

/** The short ids that an interface names in its tag. */
export function listOn({ tags }: Pick<NetworkInterface, 'tags'>): readonly string[] | undefined {
  return listIn(tags[`${STATE}devices`]);
}

export function listIn(text = ''): readonly string[] | undefined {
  const [, list] = /^interface (.*?)(?: forced .*)?$/.exec(text) ?? [];
  return list?.split(' ').map((entry) => entry.slice(0, 8));
}

/** A primary interface is no part of the group beside others. */
function movableOf(tagged: readonly NetworkInterface[]): readonly NetworkInterface[] {
  const movable = tagged.filter(({ attachment }) => attachment?.deviceIndex !== 0);
  return movable.length > 0 ? movable : tagged;
}

function reached(from: readonly NetworkInterface[], tagged: readonly NetworkInterface[]): readonly NetworkInterface[] {
  const found = new Set(from);
  // What has no list, because there is no room for one, is with those that name it.
  for (const each of found) {
    for (const other of tagged)
      if (knows(each, other) || knows(other, each) || areUnlisted(each, other)) found.add(other);
  }
  return tagged.filter((each) => found.has(each));
}

/** Beside others that have a list, those without one are together where they are on one instance. */
const areUnlisted = (one: NetworkInterface, other: NetworkInterface): boolean =>
  !listOn(one) && !listOn(other) && isWith(one, other);

const isWith = (one: NetworkInterface, other: NetworkInterface): boolean =>
  one.attachment !== undefined && one.attachment.instanceId === other.attachment?.instanceId;

function knows(one: NetworkInterface, other: NetworkInterface): boolean {
  const back = listOn(other);
  return (
    listOn(one)?.includes(shortOf(other.id)) === true &&
    (back?.includes(shortOf(one.id)) ?? (!other.attachment || isWith(one, other)))
  );
}
