import { hasRoom } from './carriers.ts';
import { shortId, shortOf } from './ledger-entries.ts';
import { MAX_INTERFACES } from './ledger-fields.ts';
import type { InterfaceView } from './model.ts';
import { splitSections } from './tag-text.ts';
import { besideLists, type Company, isInOnePlace, isMovable, isOnMember, neverListed, sinceOf } from './unlisted.ts';

/**
 * Who may tag an interface of their own with a group's name must not have a say over the group's other interfaces. So
 * an interface belongs to those that name it, and that it names itself: each carries the list in its tag `devices`,
 * which only who may tag that very interface can write (docs/decisions/012-adopted-interfaces.md).
 */
export interface Belonging {
  /** Sets of interfaces that name each other: the foremost first. */
  readonly sets: readonly (readonly InterfaceView[])[];
  /** Those of the sets that have no list beside others that have one, although there is room for it. */
  readonly apart: readonly (readonly InterfaceView[])[];
  /** Those that no set names. */
  readonly strays: readonly InterfaceView[];
}

/**
 * Sorts the interfaces that carry one group's tag. Where none names any, nobody has looked yet: all of them count that
 * are in one place, but primary ones, which no list ever names. For those that have no list, see `unlisted.ts`.
 */
export function belonging(views: readonly InterfaceView[], statePrefix: string, company: Company): Belonging {
  const lists = new Map(views.map((view) => [shortId(view.id), listOn(view, statePrefix)]));
  const own = views.filter((view) => namesItself(view, statePrefix));
  if (own.length === 0) return seenFirst(views, statePrefix, company);
  // One that has another list contradicts. One that has none cannot: what serves elsewhere is not theirs for being named,
  // because anybody can write a list. What nobody holds is: more often than not it is a part that lost its place.
  const knows = (a: InterfaceView, b: InterfaceView): boolean => {
    const back = lists.get(shortId(b.id));
    const named = lists.get(shortId(a.id))?.includes(shortId(b.id)) ?? false;
    return named && (back === undefined ? !b.attachment || isInOnePlace(a, b, company) : back.includes(shortId(a.id)));
  };
  const listed: (readonly InterfaceView[])[] = [];
  for (const view of own) {
    if (listed.some((set) => set.includes(view))) continue;
    listed.push(reached(view, views, knows));
  }
  const rest = views.filter((view) => lists.get(shortId(view.id)) === undefined && !listed.flat().includes(view));
  const unlisted = besideLists(rest, listed, statePrefix, company);
  const apart = unlisted.filter((set) => set.every((view) => hasRoom(view, statePrefix)));
  const sets = [...listed, ...unlisted];
  // What nobody has ever held, beside others of that name, is somebody's spare: it must not take a slot that they need.
  const counted = sets.length > 1 ? sets.filter((set) => !isSpare(set, statePrefix)) : sets;
  const foremostFirst = [...(counted.length > 0 ? counted : sets)].sort(foremost(company, apart));
  const taken = new Set(foremostFirst.flat());
  return { sets: foremostFirst, apart, strays: views.filter((view) => !taken.has(view)) };
}

/** A primary interface cannot be moved with the others, so it is not one of them; alone it is all that there is. */
function seenFirst(views: readonly InterfaceView[], statePrefix: string, company: Company): Belonging {
  const movable = views.filter(isMovable);
  if (movable.length === 0) return { sets: [views], apart: [], strays: [] };
  const apart = neverListed(movable, statePrefix, company);
  const sets = apart.length > 0 ? [...apart].sort(foremost(company, [])) : [movable];
  return { sets, apart: [], strays: views.filter((view) => !sets.some((set) => set.includes(view))) };
}

function reached(
  from: InterfaceView,
  views: readonly InterfaceView[],
  knows: (a: InterfaceView, b: InterfaceView) => boolean,
): readonly InterfaceView[] {
  const found = new Set([from]);
  for (const each of found) for (const other of views) if (knows(each, other)) found.add(other);
  return views.filter((view) => found.has(view));
}

/** Whether an interface has a list of its own, by which it belongs to those that are named there. */
export function namesItself(view: InterfaceView, statePrefix: string): boolean {
  return listOn(view, statePrefix)?.includes(shortId(view.id)) ?? false;
}

/** The short ids in the tag `devices` of an interface; undefined where there is no such tag, or none that can be read. */
export function listOn(view: Pick<InterfaceView, 'tags'>, statePrefix: string): readonly string[] | undefined {
  const words = wordsOn(view, statePrefix);
  return words.length === 0 ? undefined : words.slice(0, MAX_INTERFACES).map(shortOf);
}

/** Each is a short id, with the place that the interface had, if it had one: `1234abcd:1`. */
const wordsOn = ({ tags }: Pick<InterfaceView, 'tags'>, statePrefix: string): readonly string[] =>
  splitSections(tags[`${statePrefix}devices`] ?? '', ['interface', 'forced'])('interface');

/** On nobody, and by its own ledger never on anybody: that knows of no holder, or of no place that it had. */
function isSpare(set: readonly InterfaceView[], statePrefix: string): boolean {
  return set.every(({ id, attachment, tags }) => {
    const hadHolder = !/ holder=none /.test(tags[`${statePrefix}state`] ?? '');
    const hadPlace = !wordsOn({ tags }, statePrefix).includes(shortId(id));
    return !attachment && !(hadHolder && hadPlace);
  });
}

/**
 * What is on a member, then what has a list or no room for one, then the larger one, then the one attached longest by
 * EC2's word, then the lowest id.
 */
const foremost =
  ({ members }: Company, apart: readonly (readonly InterfaceView[])[]) =>
  (a: readonly InterfaceView[], b: readonly InterfaceView[]): number => {
    const served = (set: readonly InterfaceView[]): number => Number(set.some((view) => isOnMember(view, members)));
    const byId = (a[0]?.id ?? '') < (b[0]?.id ?? '') ? -1 : 1;
    const known = (set: readonly InterfaceView[]): number => Number(!apart.includes(set));
    return served(b) - served(a) || known(b) - known(a) || b.length - a.length || sinceOf(a) - sinceOf(b) || byId;
  };
