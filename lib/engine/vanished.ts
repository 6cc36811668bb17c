import { recordedHolders } from '../core/ledger.ts';
import { readLedger } from '../core/ledger-codec.ts';
import type { InterfaceView, MemberView, Signal } from '../core/model.ts';
import { stateSignals } from '../core/readers.ts';
import { AwsCallError } from '../errors.ts';
import type { Run } from './run.ts';

/**
 * What became of instances that hold an interface and are no tagged members any more. A terminated instance loses its
 * tags "after a short while" (EC2 User Guide, "Terminate Amazon EC2 instances"), at times before its attachments: so
 * one that the ledger names is looked at by its id. It is gone, or it is somebody's instance that is let be.
 * @returns a signal for each that is gone; nothing of one that could not be read.
 */
export async function vanishedHolders(
  { cloud, settings }: Run,
  interfaces: readonly InterfaceView[],
  members: readonly MemberView[],
): Promise<readonly Signal[]> {
  const ids = interfaces.flatMap((view) => {
    const holder = view.attachment?.instanceId;
    if (holder === undefined || members.some(({ id }) => id === holder)) return [];
    const reading = readLedger([view], settings.statePrefix);
    return reading.status === 'valid' && recordedHolders(reading.ledger).includes(holder) ? [holder] : [];
  });
  if (ids.length === 0) return [];
  const wanted = [...new Set(ids)];
  try {
    const { views, unreadable } = await cloud.instancesById(wanted);
    const known = [...views, ...unreadable];
    const forgotten = wanted.filter((id) => !known.some((each) => each.id === id));
    return [...stateSignals(views).filter(({ verdict }) => verdict === 'gone'), ...forgotten.map(noSuchInstance)];
  } catch (error) {
    if (error instanceof AwsCallError) return [];
    throw error;
  }
}

const noSuchInstance = (instanceId: string): Signal => {
  return { instanceId, source: 'state', verdict: 'gone', because: 'does not exist any more' };
};
