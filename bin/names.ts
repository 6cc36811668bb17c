import type { InvocationResult } from '../lib/app.ts';

/** Turns ids into the names by which people know them, in any text. */
export type Naming = (text: string) => string;

/** What the status of some groups tells of the names of their instances and interfaces. */
export function namingOf({ groups }: InvocationResult): Naming {
  const all = groups.flatMap(({ status }) => [...(status?.members ?? []), ...(status?.resources ?? [])]);
  const names = new Map(all.flatMap(({ id, name }) => (name ? [[id, name] as const] : [])));
  return (text) => text.replace(/\b(?:i|eni)-[0-9a-f]{8,17}\b/g, (id) => names.get(id) ?? id);
}
