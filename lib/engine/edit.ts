import { type EditCode, isEdit } from '../core/codes.ts';
import type { Decision } from '../core/decide.ts';
import { notKept } from '../core/edits.ts';
import { AwsCallError } from '../errors.ts';
import { isForGood, write } from './note.ts';
import { groupReport } from './report.ts';
import type { GroupResult } from './result.ts';
import type { Run } from './run.ts';

/** A decision that a person's request changes the ledger, and nothing else. */
export type EditDecision = Decision & { readonly code: EditCode };

export const isEditDecision = (decision: Decision): decision is EditDecision => isEdit(decision.code);

/**
 * Writes what a person asked for: it is done, or refused in words that say what to do.
 * @throws AwsCallError when the tags could not be written for a reason that may pass.
 */
export async function edit(run: Run, decision: EditDecision): Promise<GroupResult> {
  const { code, write: note, facts } = decision;
  try {
    if (note) await write(run, note);
  } catch (error) {
    if (!(error instanceof AwsCallError) || !isForGood(error)) throw error;
    return {
      ...groupReport(decision),
      decision: 'blocked',
      code: 'request-not-kept',
      reason: notKept(code, facts, error.message),
    };
  }
  const { news = [] } = note ?? {};
  return { ...groupReport(decision), ...(news.length > 0 && { news }) };
}
