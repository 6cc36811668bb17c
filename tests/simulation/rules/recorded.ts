import { STATE } from '../build.ts';
import { readOperation } from '../ledger-tags.ts';
import { mayLeave } from './leaving.ts';
import { earlier, openOperation, type Rule, writtenTags } from './rule.ts';

/**
 * Whoever may write the tags of one interface has no say over another: one leaves a holder that passes its checks only
 * for an operation that this run has recorded, or that stands on that very interface.
 */
export const leavesForItsOwnOperation: Rule = (act) => {
  const { interfaceId = '' } = act.attachments.byId(act.call.input['AttachmentId'] as string) ?? {};
  const { attachment, tags = {} } = act.view.interface(interfaceId) ?? {};
  const operation = openOperation(act);
  if (attachment?.status !== 'attached' || !operation || mayLeave(act, attachment.instanceId)) return undefined;
  const checks = act.view.checks(attachment.instanceId);
  const isWell = checks.length > 0 && checks.every(({ verdict }) => verdict === 'ok');
  const begun = earlier(act, 'CreateTags').some(
    (write) => readOperation(writtenTags(write).get('operation'))?.id === operation.id,
  );
  const stands = readOperation(tags[`${STATE}operation`])?.id === operation.id;
  return !isWell || begun || stands
    ? undefined
    : `${interfaceId} leaves ${attachment.instanceId}, which is healthy, for an operation that is not recorded on it`;
};
