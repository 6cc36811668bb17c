import type { MemberView } from '../core/model.ts';
import type { OwnEvent } from './events.ts';

/** What a person calls an instance: its tag `Name`. */
const NAME = 'Name';
/** Not as a part of something else, such as the name of an alarm. */
const ID = /(?<![\w/-])i-[0-9a-f]{8,17}\b/g;

export type Names = ReadonlyMap<string, string>;

/** Remembers what the members are called that were just read. */
export function rememberNames(names: Map<string, string>, members: readonly MemberView[]): void {
  for (const { id, tags } of members) {
    const name = tags[NAME]?.trim();
    if (name) names.set(id, name);
    else names.delete(id);
  }
}

/** The same event, in whose words an instance is called by its name: alone in what happened, before its id elsewhere. */
export function withNames({ name, detail }: OwnEvent, names: Names): OwnEvent {
  const { what, why, todo, ...rest } = detail.words;
  const ids = [...new Set([what, why, todo].flatMap((text) => text.match(ID) ?? []))];
  const known = ids.flatMap((id) => {
    const called = names.get(id)?.replace(/["\s]+/g, ' ');
    return called === undefined ? [] : [[id, called] as const];
  });
  if (known.length === 0) return { name, detail };
  const called = new Map(known);
  const words = {
    what: what.replace(ID, (id) => called.get(id) ?? id),
    ...rest,
    why: why.replace(ID, (id) => (called.has(id) ? `${called.get(id)} (${id})` : id)),
    todo: todo.replace(ID, (id) => (called.has(id) ? `${called.get(id)} (${id})` : id)),
  };
  return { name, detail: { ...detail, names: Object.fromEntries(known), words } };
}
