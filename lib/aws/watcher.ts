import type { Watcher } from '../engine/ports.ts';
import type { Invoker } from '../watch/ports.ts';

/**
 * Groups in one start. An asynchronous invocation takes 256 KB (Lambda Developer Guide, "Lambda quotas"), and a group
 * of two with long names and a path is about 600 bytes. Two runs at once do each other no harm.
 */
const MOST_GROUPS = 300;

/** The function that watches, as the sweep sees it. */
export function createWatcher(name: string, invoker: Pick<Invoker, 'send'>): Watcher {
  return {
    start: async ({ groups, ...input }) => {
      for (let from = 0; from < groups.length; from += MOST_GROUPS)
        await invoker.send(name, { ...input, groups: groups.slice(from, from + MOST_GROUPS) });
    },
  };
}
