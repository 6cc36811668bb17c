import { ledgerEdit } from '../core/administer.ts';
import { analyze } from '../core/analyze.ts';
import type { Observation, PersonRequest } from '../core/model.ts';
import type { GroupResult } from './result.ts';
import type { Run } from './run.ts';

/**
 * Pause, resume, acknowledge: one tag write, told to whoever asked for it.
 * @returns undefined when the request is not of that kind, or the group has no interface to keep a ledger on.
 * @throws AwsCallError when the tags could not be written.
 */
export async function administer(
  run: Run,
  request: PersonRequest,
  observation: Observation,
): Promise<GroupResult | undefined> {
  const { group, interfaces, now } = observation;
  if (interfaces.length === 0) return undefined;
  const situation = analyze(observation, request, run.settings);
  const edit = ledgerEdit(request, situation, now);
  if (!edit) return undefined;
  await run.cloud.writeTags(
    interfaces.map((view) => view.id),
    edit.tags,
  );
  const { code, reason } = edit;
  return { group, analysis: situation.analysis, decision: 'act', code, reason, rejected: [], news: [reason] };
}
