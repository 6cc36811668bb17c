import type { Observation } from '../core/model.ts';
import { isPrimary } from '../core/tags.ts';
import { AwsCallError } from '../errors.ts';
import type { Run } from './run.ts';

/**
 * Clears DeleteOnTermination on floating interfaces: a holder that is terminated would take the interface, and with it
 * the address, along (EC2 User Guide, "Delete a network interface").
 * @returns one sentence for each interface that had it.
 */
export async function repairDeleteOnTermination(
  run: Run,
  { interfaces, members }: Observation,
): Promise<readonly string[]> {
  const risky = interfaces.flatMap(({ id, attachment }) => {
    // Neither a primary interface nor a stranger's is ours to change.
    const ours = attachment && !isPrimary(attachment) && members.some((member) => member.id === attachment.instanceId);
    return ours && attachment.deleteOnTermination && attachment.status === 'attached'
      ? [{ id, attachmentId: attachment.id }]
      : [];
  });
  return Promise.all(risky.map(({ id, attachmentId }) => repair(run, id, attachmentId)));
}

async function repair(run: Run, interfaceId: string, attachmentId: string): Promise<string> {
  try {
    await run.cloud.modifyDeleteOnTermination(interfaceId, attachmentId, false);
    return `DeleteOnTermination of ${interfaceId} was on and has been switched off.`;
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    return `DeleteOnTermination of ${interfaceId} is on and could not be switched off: ${error.message}`;
  }
}
