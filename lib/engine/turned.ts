import { judged } from '../core/first-look.ts';
import type { Observation } from '../core/model.ts';
import { AwsCallError } from '../errors.ts';
import type { Run } from './run.ts';

/** What a sweep has found, in numbers. */
export interface Count {
  readonly groups: number;
  /** Those of the groups that are well which could not fail over if they had to. */
  readonly unready: readonly string[];
}

/** What the groups that are well would come to, if they had to fail over. */
export interface Turned extends Pick<Count, 'unready'> {
  /** Those of which another thing was told: each is worth a full look, which tells it. */
  readonly groups: readonly string[];
}

/**
 * Judges the groups that are well by what was read of all of them. What a type takes is asked for once in the life of a
 * process.
 */
export async function turnedAmong(run: Run, quiet: readonly Observation[]): Promise<Turned> {
  const types = new Set(quiet.flatMap(({ members }) => members.map(({ type }) => type)));
  const limits = types.size === 0 ? {} : await limitsOf(run, [...types]);
  const judgements = quiet.map((seen) => ({ group: seen.group, ...judgedIn({ ...seen, limits }, run) }));
  const namesOf = (some: typeof judgements): readonly string[] => [...new Set(some.map(({ group }) => group))];
  return {
    groups: namesOf(judgements.filter(({ turned }) => turned)),
    unready: namesOf(judgements.filter(({ ready }) => !ready)),
  };
}

function judgedIn(seen: Observation, { settings }: Run): ReturnType<typeof judged> {
  try {
    return judged(seen, settings);
  } catch {
    // What it provokes is the affair of its own turn.
    return { ready: true, turned: true };
  }
}

/** Where nobody says what the types take, how ready a group is cannot be judged, and is not. */
async function limitsOf({ cloud }: Run, types: readonly string[]): Promise<Observation['limits']> {
  try {
    return await cloud.typeLimits(types);
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    return {};
  }
}
