import { hasTurned } from '../core/first-look.ts';
import type { Observation } from '../core/model.ts';
import { AwsCallError } from '../errors.ts';
import type { Run } from './run.ts';

/**
 * The groups among those that are well whose readiness is another than was told: each is worth a full look, which tells
 * it. What a type takes is asked for once in the life of a process.
 */
export async function turnedAmong(run: Run, quiet: readonly Observation[]): Promise<readonly string[]> {
  const types = new Set(quiet.flatMap(({ members }) => members.map(({ type }) => type)));
  if (types.size === 0) return [];
  const limits = await limitsOf(run, [...types]);
  const isTurned = (seen: Observation): boolean => {
    try {
      return hasTurned({ ...seen, limits }, run.settings);
    } catch {
      // What it provokes is the affair of its own turn.
      return true;
    }
  };
  return [...new Set(quiet.filter(isTurned).map(({ group }) => group))];
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
