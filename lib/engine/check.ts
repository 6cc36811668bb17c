import { findingsAhead } from '../core/ahead.ts';
import { decide, type Decision } from '../core/decide.ts';
import type { PersonRequest } from '../core/model.ts';
import { type Finding, type Readiness, readinessOf, unread } from '../core/readiness.ts';
import { AwsCallError } from '../errors.ts';
import { lookAhead } from './ahead.ts';
import type { GroupResult } from './result.ts';
import type { Run } from './run.ts';

/**
 * Adds whether the group could fail over now, and everything that should be put right before it has to: what the
 * decision would be, and what a look ahead finds. That takes a second for each dry run, and is cut short with the run.
 */
export async function checkReport(
  run: Run,
  request: PersonRequest,
  result: GroupResult,
  { facts }: Decision,
): Promise<GroupResult> {
  const ifFailed = decide({ kind: 'if-holder-failed' }, facts.observation, facts.memory, run.settings);
  const isThere = facts.observation.interfaces.length > 0;
  const readiness = readinessOf(ifFailed, isThere ? await foundAhead(run, request, facts) : []);
  const to = ifFailed.succession.successor?.member.id;
  return { ready: readiness.ready, ...result, reason: sentence(readiness, result.group, to), readiness };
}

/** Of one group all that can be found out; of all groups at once what a few calls tell of all of them. */
async function foundAhead(
  run: Run,
  { group }: PersonRequest,
  { observation }: Decision['facts'],
): Promise<readonly Finding[]> {
  try {
    const ahead = await lookAhead(run, observation, {
      ...(run.ahead && { sources: run.ahead }),
      closely: group !== undefined,
      dryRuns: !run.looksOnly,
    });
    return [...findingsAhead(observation, ahead, run.settings), ...(ahead.missing ?? []).map(unread)];
  } catch (error) {
    // The group was to be looked at a second time.
    if (!(error instanceof AwsCallError)) throw error;
    return [unread(error.message)];
  }
}

function sentence({ ready, findings }: Readiness, group: string | null, to: string | undefined): string {
  if (ready) return `The group '${group}' is ready: ${to} would take over.${noted(findings.length)}`;
  const blocking = findings.filter(({ severity }) => severity === 'blocking').map(({ reason }) => reason);
  return `The group '${group}' is not ready. ${blocking.join(' ')}`;
}

const noted = (count: number): string => {
  if (count === 0) return '';
  return count === 1 ? ' One thing should be put right.' : ` ${count} things should be put right.`;
};
