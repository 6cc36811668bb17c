import type { Delivery } from '../lab/bus/bus.ts';
import type { CallRecord } from '../lab/world/hooks.ts';
import type { Fact } from '../lab/world/model.ts';

/** One thing that happened. Times count from the fault. */
export interface TimelineEntry {
  readonly atMs: number;
  readonly kind: Fact['kind'] | 'rule' | 'function' | 'log' | 'mail';
  readonly text: string;
}

/** What is worth telling of the input of a call. */
interface CallInput {
  readonly AttachmentId: string;
  readonly NetworkInterfaceId: string;
  readonly InstanceId: string;
  readonly Force: boolean;
  readonly DryRun: boolean;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly Resources: readonly string[];
}

/** What the world says of itself, in a line. */
export function describeFact({ kind, text, data }: Fact): string {
  return kind === 'call' ? describeCall(data['record'] as CallRecord) : text.trim();
}

function describeCall({ action, input, outcome }: CallRecord): string {
  const { AttachmentId, NetworkInterfaceId, InstanceId, Force, DryRun, Tags, Resources } = input as Partial<CallInput>;
  const manner = Force ? 'by force' : DryRun ? 'as a dry run' : undefined;
  const subject = [AttachmentId, NetworkInterfaceId, InstanceId, manner];
  // Without the prefix, which all of them have in common.
  const tags = Tags?.map(({ Key, Value }) => `${Key.slice(Key.lastIndexOf(':') + 1)}='${Value}'`);
  const written = tags && `${Resources?.join(', ')}: ${tags.join(' ')}`;
  const failed = outcome === 'ok' ? undefined : `-> ${outcome}`;
  return [action, ...subject, written, failed].filter((part) => part !== undefined).join(' ');
}

/** What EventBridge and Lambda do with an event, in a line. */
export function describeDelivery(delivery: Delivery): string {
  const { functionName, kind } = delivery;
  switch (kind) {
    case 'matched':
      return `${delivery.rule} matches`;
    case 'ticked':
      return `${delivery.rule}: its minute has come`;
    case 'invoked':
      return `${functionName} is invoked${delivery.attempt > 1 ? ` (attempt ${delivery.attempt})` : ''}`;
    case 'returned':
      return `${functionName} returns`;
    case 'failed': {
      const { errorType, errorMessage, retryInMs } = delivery;
      const next = retryInMs === undefined ? '' : `; Lambda tries again in ${retryInMs / 1000} s`;
      return `${functionName} fails: ${errorType}: ${errorMessage}${next}`;
    }
    case 'gave-up':
      return `${functionName} has failed for good; the event goes to ${delivery.destinationArn ?? 'nowhere'}`;
  }
}
