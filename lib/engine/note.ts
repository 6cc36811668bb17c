import { adoption, type Note, noteOf } from '../core/notes.ts';
import type { Trigger } from '../core/model.ts';
import { AwsCallError } from '../errors.ts';
import type { Sight } from './operation.ts';
import type { Run } from './run.ts';

/**
 * Notes what changed although nothing was moved: a block and its reason, drift, new members. People's questions leave
 * no trace, and neither does an event that concerns another instance.
 * @returns the news to announce; empty when the ledger knew it all.
 */
export async function leaveNote(
  run: Run,
  { decision, observation }: Sight,
  trigger: Trigger,
): Promise<readonly string[]> {
  if (trigger.kind === 'request' || decision.code === 'not-the-holder') return [];
  const isNew = decision.situation.ledgerReading.status === 'absent' && decision.code === 'holder-healthy';
  // A sweep adopts most groups at a glance; this one needed a full look to be known as healthy (a muted alarm, say).
  const note =
    isNew && trigger.kind === 'sweep' ? adoption(decision.situation, observation) : noteOf(decision, observation);
  if (!note) return [];
  return writeNote(run, note);
}

/** Writes a note. One that could not be written is announced all the same, and tried again by the next sweep. */
export async function writeNote(run: Run, { writes, news }: Note): Promise<readonly string[]> {
  const wanted = writes.filter(({ interfaceIds }) => interfaceIds.length > 0);
  try {
    await Promise.all(wanted.map(({ interfaceIds, tags }) => run.cloud.writeTags(interfaceIds, tags)));
    return news;
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    return [...news, `This could not be noted in the tags: ${error.message}`];
  }
}
