import type { Facts } from '../core/facts.ts';
import type { Triage } from '../core/first-look.ts';
import type { Observation } from '../core/model.ts';
import type { Run } from './run.ts';

/** In which order a sweep gives groups their turns. */

/** A group, or one set of its interfaces, as the first look found it. */
export interface Seen {
  readonly group: string;
  readonly seen: Observation;
  readonly found: Triage;
}

/** A group that is well, and something of which can wait. */
export interface Calm {
  readonly group: string;
  readonly kind: Triage['kind'];
  readonly facts: Facts;
}

/** In an order that no group can count on: those whose tags are refused for ever must not stand in front for ever. */
export function inTurn(run: Run, groups: readonly Calm[]): readonly Calm[] {
  const keyed = groups.map((each) => ({
    each,
    key: (run.process.unwritten.has(each.group) ? 1 : 0) + run.clock.random(),
  }));
  return keyed.sort((a, b) => a.key - b.key).map(({ each }) => each);
}

/** Whom nobody serves comes first, then whom the last sweep did not reach. */
export function inOrder(seen: readonly Seen[], unreached: ReadonlySet<string>): readonly string[] {
  const amiss = seen.flatMap(({ group, found }) =>
    found.kind === 'look' ? [{ group, unserved: found.unserved }] : [],
  );
  const rank = ({ group, unserved }: (typeof amiss)[number]): number =>
    (unserved ? 0 : 2) + (unreached.has(group) ? 0 : 1);
  return [...new Set(amiss.sort((a, b) => rank(a) - rank(b)).map(({ group }) => group))];
}
