import type { FailedCode } from '../core/codes.ts';
import type { Observation, Trigger } from '../core/model.ts';
import { AwsCallError } from '../errors.ts';
import { observe, observeAgain, type ObserveOptions } from './observe.ts';
import { notObserved } from './report.ts';
import type { GroupResult } from './result.ts';
import type { Run } from './run.ts';

/** What one group's turn came to, and what ended it early, if something did. */
export interface Turn {
  readonly result: GroupResult;
  readonly error?: Error;
}

/** A group to take its turn: looked at together with others, or, where that could not be, by itself. */
export interface Look {
  readonly group: string;
  /** What was seen together with others. */
  readonly seen?: Observation;
  readonly observation: () => Promise<Observation>;
}

/**
 * Looks at several groups with as few reads as possible. Where what one of them is called makes AWS refuse the read
 * for all, each is looked at in its own turn.
 * @throws AwsCallError when nothing could be read for a reason that concerns all of them.
 */
export async function lookAt(
  run: Run,
  trigger: Trigger,
  groups: readonly string[] | undefined,
  options: ObserveOptions = {},
): Promise<readonly Look[]> {
  try {
    const seen = await observe(run, trigger, groups, options);
    return seen.map((each) => ({ group: each.group, seen: each, observation: async () => each }));
  } catch (error) {
    const ownTurn = error instanceof AwsCallError && error.failure === 'invalid' && groups;
    if (!ownTurn) throw error;
    return groups.map((group) => ({ group, observation: () => observeAgain(run, trigger, group) }));
  }
}

/** Gives a group its turn: whatever its tags or its resources provoke ends this turn, and no other. */
export async function takeTurn(group: string, work: () => Promise<GroupResult>): Promise<Turn> {
  try {
    return { result: await work() };
  } catch (error) {
    return {
      result: notObserved(group, ...describe(error)),
      error: error instanceof Error ? error : new Error(String(error)),
    };
  }
}

function describe(error: unknown): [code: FailedCode, reason: string] {
  if (error instanceof AwsCallError) return ['aws-call-failed', error.message];
  return ['internal-error', `A defect of this product ended the turn of this group: ${String(error)}`];
}
