import type * as z from 'zod';
import type { alarmSchema, documentSchema, EXPECTATIONS, instanceSchema, interfaceSchema, VERBS } from './format.ts';

export type InstanceCase = z.output<typeof instanceSchema>;
export type InterfaceCase = z.output<typeof interfaceSchema>;
export type AlarmCase = z.output<typeof alarmSchema>;

/** What happens, without its moment: `{ verb: 'stop', given: { instance: 'a', by: 'user' } }`. */
export type Happening = {
  [Name in keyof typeof VERBS]: { readonly verb: Name; readonly given: z.output<(typeof VERBS)[Name]> };
}[keyof typeof VERBS];

/** A line of the timeline. `as` names the answer to a request. */
export type Line = Happening & { readonly atMs: number; readonly as?: string };

export type Expectation = {
  [Name in keyof typeof EXPECTATIONS]: {
    readonly expected: Name;
    readonly given: z.output<(typeof EXPECTATIONS)[Name]>;
    /** For `holder`: when; since the beginning. */
    readonly byMs?: number;
  };
}[keyof typeof EXPECTATIONS];

/** A case file that has been read; times count from its beginning. */
export interface Case
  extends Pick<z.output<typeof documentSchema>, 'name' | 'deployment' | 'sweeps' | 'upkeep' | 'placementGroups'> {
  readonly untilMs: number;
  readonly instances: Readonly<Record<string, InstanceCase>>;
  readonly interfaces: Readonly<Record<string, InterfaceCase>>;
  readonly alarms: readonly AlarmCase[];
  readonly timeline: readonly Line[];
  readonly expect: readonly Expectation[];
}

/** What could be read of a document, each piece in its place. */
export interface Pieces extends Omit<Case, 'alarms' | 'timeline' | 'expect'> {
  readonly alarms: readonly (AlarmCase | undefined)[];
  readonly timeline: readonly (Line | undefined)[];
  readonly expect: readonly (Expectation | undefined)[];
}

/** Something wrong with a document, and where in it. */
export interface Fault {
  /** `timeline[2].stop.instance`; empty for the document as a whole. */
  readonly path: string;
  readonly sentence: string;
}

/** The groups whose tag an instance has: EC2 knows only the text. */
export function groupsOf({ groups }: Pick<InstanceCase, 'groups'>): readonly string[] {
  return (groups ?? '').split(/\s+/).filter((name) => name !== '');
}

/** The names of the instances of an interface's group. */
export function membersFor(
  { instances, interfaces }: Pick<Case, 'instances' | 'interfaces'>,
  name: string,
): readonly string[] {
  const group = interfaces[name]?.group ?? '';
  return Object.keys(instances).filter((each) => groupsOf(instances[each] ?? { groups: null }).includes(group));
}
