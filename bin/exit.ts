import type { GroupResult, InvocationResult } from '../lib/app.ts';
import type { Verb } from './verbs.ts';

/** Done or ready; failed, refused or not ready; wrong usage; Ctrl-C in the middle of something. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** What is asked for is nothing that could ever be. */
const NEVER_POSSIBLE: readonly string[] = ['not-a-member', 'other-zone', 'other-account', 'other-outpost'];

/**
 * The exit status that a result stands for.
 * @param to the member that the request names, if it names one.
 */
export function exitOf({ action, manner }: Verb, { groups }: InvocationResult, to?: unknown): number {
  const each = groups.map((result) => (isWrong(result, to) ? EXIT.usage : exitOfGroup(action, manner, result)));
  return Math.max(EXIT.done, ...each);
}

function exitOfGroup(action: string, manner: Verb['manner'], result: GroupResult): number {
  const { analysis, decision, code, operation, drill, readiness } = result;
  if (analysis === 'not-observed') return EXIT.failed;
  if (action === 'check') return readiness?.ready ? EXIT.done : EXIT.failed;
  if (action === 'plan') return decision === 'blocked' ? EXIT.failed : EXIT.done;
  if (manner === 'question') return EXIT.done;
  // A drill has two ways, and is done when the group is back.
  const last = drill ? drill.back : operation;
  if (operation) return last?.result === 'done' ? EXIT.done : EXIT.failed;
  return decision === 'act' || code === 'already-there' ? EXIT.done : EXIT.failed;
}

/** A group that is not there, or a target that no mend makes possible. */
export function isWrong({ analysis, code, rejected }: GroupResult, to?: unknown): boolean {
  if (analysis === 'group-unknown') return true;
  const isAbout = (each: GroupResult['rejected'][number]): boolean =>
    each.instanceId === to && NEVER_POSSIBLE.includes(each.code);
  return code === 'target-not-eligible' && rejected.some(isAbout);
}
