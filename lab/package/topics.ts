import { fail } from './resolve.ts';
import type { PolicyDocument, Statement } from './statements.ts';

/** An SNS topic of a template, with whoever it tells. */
export interface PackagedTopic {
  readonly logicalId: string;
  readonly arn: string;
  readonly name: string;
  /** What a mail is from. */
  readonly displayName?: string;
  readonly subscriptions: readonly { readonly protocol: string; readonly endpoint: string }[];
  /** The services that may publish to it, by its own policy and by that of its key. */
  readonly publishers: readonly string[];
}

type Properties = Readonly<Record<string, unknown>>;
type Entry = readonly [logicalId: string, properties: Properties];

export interface TopicParts {
  readonly topics: readonly Entry[];
  readonly policies: readonly Entry[];
  readonly keys: readonly Entry[];
}

const SERVICES = ['events.amazonaws.com', 'cloudwatch.amazonaws.com'];

/** @param arnOf what a reference to a topic gives. */
export function readTopics(parts: TopicParts, arnOf: (logicalId: string) => string): readonly PackagedTopic[] {
  return parts.topics.map(([logicalId, properties]) => {
    const { TopicName, DisplayName, KmsMasterKeyId, Subscription = [], Tags: _, ...rest } = properties;
    if (Object.keys(rest).length > 0) fail(`${logicalId}: unknown ${Object.keys(rest).join(', ')}`);
    const arn = arnOf(logicalId);
    const policies = parts.policies.filter(([, p]) => (p['Topics'] as string[]).includes(arn));
    const statements = policies.flatMap(([, p]) => (p['PolicyDocument'] as PolicyDocument).Statement);
    const isEncrypted = KmsMasterKeyId !== undefined;
    const key = parts.keys.find(([id]) => id === KmsMasterKeyId);
    // The policy of a key from elsewhere is its owner's affair.
    const opens = (service: string): boolean => !isEncrypted || !key || mayUse(key[1], service);
    if (KmsMasterKeyId === 'alias/aws/sns')
      fail(`${logicalId}: neither CloudWatch nor EventBridge may use alias/aws/sns`);
    return {
      logicalId,
      arn,
      name: TopicName as string,
      ...(DisplayName !== undefined && { displayName: DisplayName as string }),
      subscriptions: (Subscription as readonly Record<'Protocol' | 'Endpoint', string>[]).map(
        ({ Protocol, Endpoint }) => ({ protocol: Protocol, endpoint: Endpoint }),
      ),
      publishers: SERVICES.filter(
        (service) => statements.some((each) => grants(each, service, ['sns:Publish'])) && opens(service),
      ),
    };
  });
}

/**
 * Both of the actions are needed. For EventBridge a condition on the source never holds (SNS Developer Guide, "Key
 * management").
 */
function mayUse({ KeyPolicy }: Properties, service: string): boolean {
  const { Statement } = KeyPolicy as PolicyDocument;
  return Statement.some((each) => {
    const holds = service !== 'events.amazonaws.com' || each.Condition === undefined;
    return holds && grants(each, service, ['kms:Decrypt', 'kms:GenerateDataKey*']);
  });
}

function grants({ Effect, Principal, Action }: Statement, service: string, actions: readonly string[]): boolean {
  const services = [(Principal as { Service?: string | string[] } | undefined)?.Service ?? []].flat();
  const allowed = [Action].flat();
  return Effect === 'Allow' && services.includes(service) && actions.every((action) => allowed.includes(action));
}
