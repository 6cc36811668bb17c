import { groupOfInterface } from '../core/tags.ts';
import { AwsCallError } from '../errors.ts';
import type { GroupResult } from './result.ts';
import type { Run } from './run.ts';

/** As many groups as one sentence can name. */
const MOST_NAMED = 20;

/**
 * Whoever asks for a group that there is none of has mostly misspelt it: the answer names those that there are.
 * @returns the results, with that added to the reason of each that is about an unknown group.
 */
export async function withKnownGroups(run: Run, results: readonly GroupResult[]): Promise<readonly GroupResult[]> {
  if (results.every(({ analysis }) => analysis !== 'group-unknown')) return results;
  const known = await knownGroups(run);
  return results.map((result) =>
    result.analysis === 'group-unknown' && known !== undefined
      ? { ...result, reason: `${result.reason} ${known}` }
      : result,
  );
}

/** A sentence; undefined where the interfaces could not be read: the answer is right without it. */
async function knownGroups({ cloud, settings }: Run): Promise<string | undefined> {
  try {
    const { views } = await cloud.interfaces();
    const names = [...new Set(views.flatMap((view) => groupOfInterface(view, settings.tagPrefix) ?? []))].sort();
    const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
    return names.length === 0
      ? `No interface of this Region carries the tag ${settings.tagPrefix}group.`
      : `The groups that there are: ${names.slice(0, MOST_NAMED).join(', ')}${more}.`;
  } catch (error) {
    if (error instanceof AwsCallError) return undefined;
    throw error;
  }
}
