import type { CallRecord } from '../../lab/world/hooks.ts';

/** What a view has to know besides the replies that its run had. */
export interface ViewOptions {
  /** Interfaces that somebody else tagged with the group. */
  readonly strays?: ReadonlyMap<string, string>;
  /** What the call is about. */
  readonly subject?: string;
  /** Whether replies described a resource at a moment as nobody understands it. */
  readonly isOdd?: (id: string, atMs: number) => boolean;
}

interface FilterInput {
  readonly Name?: string;
  readonly Values?: readonly string[];
}

/** Whether a read asked for one of these values, or for whatever has the tag. */
export function filterValues({ input }: CallRecord, name: string, values: readonly string[]): boolean {
  const filters = (input['Filters'] ?? []) as readonly FilterInput[];
  return filters.some(
    ({ Name, Values = [] }) => Name === 'tag-key' || (Name === name && values.some((value) => Values.includes(value))),
  );
}

/** Whether a read asked for this very interface. */
export function names({ action, input }: CallRecord, interfaceId: string): boolean {
  if (action !== 'DescribeNetworkInterfaces') return false;
  const filters = (input['Filters'] ?? []) as readonly FilterInput[];
  return filters.some(({ Name, Values = [] }) => Name === 'network-interface-id' && Values.includes(interfaceId));
}
