import type { Upkeep } from '../engine/ports.ts';
import type { Invoker } from '../watch/ports.ts';

/** A name has 64 letters at most, and an asynchronous invocation takes 256 KB (Lambda Developer Guide, "Lambda quotas"). */
const MOST_GROUPS = 2_000;

/** The function that looks after alarms and looks ahead, as the sweep sees it. */
export function createUpkeep(name: string, invoker: Pick<Invoker, 'send'>): Upkeep {
  // Those beyond have their turn with the schedule.
  return { start: (groups) => invoker.send(name, { version: 1, groups: groups.slice(0, MOST_GROUPS) }) };
}
