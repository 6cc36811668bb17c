import { readFileSync } from 'node:fs';
import type { AlarmConfig } from '../world/model.ts';
import type { Transformer } from '../bus/transform.ts';
import { type Account, fail, type Resource, resolver, TemplateError } from './resolve.ts';
import type { PolicyDocument, Statement } from './statements.ts';
import { type PackagedTopic, readTopics } from './topics.ts';

export { type Account, TemplateError };
export type { PolicyDocument, Statement };

/** A Lambda function, with everything that decides how it is run. */
export interface PackagedFunction {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly handler: string;
  readonly runtime: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly roleArn: string;
  /** How Lambda treats an asynchronous invocation that fails. */
  readonly async: { readonly retries: number; readonly maximumAgeMs: number; readonly onFailureArn?: string };
}

export interface PackagedRule {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly pattern?: unknown;
  readonly schedule?: string;
  readonly targets: readonly {
    readonly arn: string;
    readonly deadLetterArn?: string;
    readonly transformer?: Transformer;
  }[];
}

export interface PackagedRole {
  readonly logicalId: string;
  readonly arn: string;
  /** Who may assume it. */
  readonly trusted: unknown;
  readonly policies: readonly PolicyDocument[];
}

export interface QueuePolicy {
  readonly queues: readonly string[];
  readonly document: PolicyDocument;
}

/** What a packaged service consists of, with every reference resolved. */
export interface Template {
  readonly functions: readonly PackagedFunction[];
  readonly rules: readonly PackagedRule[];
  readonly roles: readonly PackagedRole[];
  readonly queuePolicies: readonly QueuePolicy[];
  /** Names of the queues, by ARN. */
  readonly queues: ReadonlyMap<string, string>;
  readonly topics: readonly PackagedTopic[];
  readonly alarms: readonly AlarmConfig[];
}

type Properties = Readonly<Record<string, unknown>>;
type Entry = readonly [logicalId: string, properties: Properties];

/** How many runs a function may have at a time; the lab runs fewer than any. */
const RESERVED = 'ReservedConcurrentExecutions';
const HOUR_MS = 3_600_000;
const ACCOUNT: Account = { partition: 'aws', region: 'eu-west-1', accountId: '123456789012' };

/** Reads the CloudFormation template `serverless package` wrote. */
export function readTemplate(path: string, account: Account = ACCOUNT): Template {
  return parseTemplate(JSON.parse(readFileSync(path, 'utf8')) as object, account);
}

/** @throws TemplateError for anything in it that the lab does not know. */
export function parseTemplate(template: object, account: Account = ACCOUNT): Template {
  const { Resources } = template as { Resources: Record<string, Resource> };
  const resolve = resolver(Resources, account);
  const identity = (id: string): string => resolve({ 'Fn::GetAtt': [id, 'Arn'] }) as string;
  const ofType = (type: string): Entry[] =>
    Object.entries(Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, { Properties }]) => [id, resolve(Properties) as Properties]);

  const invokeConfigs = ofType('AWS::Lambda::EventInvokeConfig').map(([, properties]) => properties);
  const functions = ofType('AWS::Lambda::Function').map((entry) =>
    toFunction(entry, identity(entry[0]), invokeConfigs),
  );
  const rules = ofType('AWS::Events::Rule').map((entry) => toRule(entry, identity(entry[0])));
  const topics = readTopics(
    {
      topics: ofType('AWS::SNS::Topic'),
      policies: ofType('AWS::SNS::TopicPolicy'),
      keys: ofType('AWS::KMS::Key'),
    },
    (id) => resolve({ Ref: id }) as string,
  );
  const alarms = ofType('AWS::CloudWatch::Alarm').map(toAlarm);
  assertInvocable(rules, ofType('AWS::Lambda::Permission'));
  assertTold(topics, rules, alarms);
  return {
    functions,
    rules,
    roles: ofType('AWS::IAM::Role').map((entry) => toRole(entry, identity(entry[0]))),
    queuePolicies: ofType('AWS::SQS::QueuePolicy').map(toQueuePolicy),
    topics,
    alarms,
    queues: new Map(
      ofType('AWS::SQS::Queue').map(([id, { QueueName }]) => [identity(id), (QueueName ?? id) as string]),
    ),
  };
}

function toFunction([logicalId, properties]: Entry, arn: string, configs: readonly Properties[]): PackagedFunction {
  const { FunctionName, Handler, Runtime, Environment, Timeout, MemorySize, Role, ...rest } = properties;
  // Where it runs and what its environment is encrypted with makes no difference here.
  only(logicalId, rest, ['Code', 'Architectures', 'Description', 'Tags', 'VpcConfig', 'KmsKeyArn', RESERVED]);
  const config = configs.find((candidate) => candidate['FunctionName'] === FunctionName) ?? {};
  return {
    logicalId,
    arn,
    name: FunctionName as string,
    handler: Handler as string,
    runtime: Runtime as string,
    environment: ((Environment ?? {}) as { Variables?: Record<string, string> }).Variables ?? {},
    timeoutMs: ((Timeout as number | undefined) ?? 3) * 1000,
    memoryMb: (MemorySize as number | undefined) ?? 128,
    roleArn: Role as string,
    async: toAsync(logicalId, config),
  };
}

function toAsync(logicalId: string, config: Properties): PackagedFunction['async'] {
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig, ...rest } = config;
  only(`EventInvokeConfig of ${logicalId}`, rest, ['FunctionName', 'Qualifier']);
  const { OnFailure, ...others } = (DestinationConfig ?? {}) as { OnFailure?: { Destination: string } };
  only(`DestinationConfig of ${logicalId}`, others, []);
  return {
    retries: (MaximumRetryAttempts as number | undefined) ?? 2,
    maximumAgeMs: MaximumEventAgeInSeconds === undefined ? 6 * HOUR_MS : Number(MaximumEventAgeInSeconds) * 1000,
    ...(OnFailure && { onFailureArn: OnFailure.Destination }),
  };
}

function toRule([logicalId, properties]: Entry, arn: string): PackagedRule {
  const { Name, EventPattern, ScheduleExpression, State, Targets, ...rest } = properties;
  only(logicalId, rest, ['Description', 'Tags']);
  if (State !== 'ENABLED') fail(`${logicalId}: state ${String(State)}`);
  return {
    logicalId,
    arn,
    name: Name as string,
    ...(EventPattern !== undefined && { pattern: EventPattern }),
    ...(ScheduleExpression !== undefined && { schedule: ScheduleExpression as string }),
    targets: (Targets as Properties[]).map(({ Arn, DeadLetterConfig, InputTransformer, ...target }) => {
      only(`a target of ${logicalId}`, target, ['Id', 'RetryPolicy']);
      const deadLetterArn = (DeadLetterConfig as { Arn: string } | undefined)?.Arn;
      const transformer = InputTransformer as Transformer | undefined;
      return {
        arn: Arn as string,
        ...(deadLetterArn !== undefined && { deadLetterArn }),
        ...(transformer && { transformer }),
      };
    }),
  };
}

function toRole([logicalId, properties]: Entry, arn: string): PackagedRole {
  const { AssumeRolePolicyDocument, Policies, ...rest } = properties;
  // What a boundary takes away stands elsewhere: the lab gives what the role itself does.
  only(logicalId, rest, ['RoleName', 'PermissionsBoundary', 'Tags']);
  const policies = (Policies ?? []) as { PolicyDocument: PolicyDocument }[];
  const trust = (AssumeRolePolicyDocument as PolicyDocument).Statement.map(({ Principal }) => Principal);
  if (trust.length !== 1) fail(`${logicalId}: ${trust.length} statements say who may assume it`);
  return { logicalId, arn, trusted: trust[0], policies: policies.map(({ PolicyDocument }) => PolicyDocument) };
}

function toQueuePolicy([logicalId, properties]: Entry): QueuePolicy {
  const { Queues, PolicyDocument, ...rest } = properties;
  only(logicalId, rest, []);
  return { queues: Queues as string[], document: PolicyDocument as PolicyDocument };
}

/** Without a permission of its own EventBridge may not invoke a rule's target, and nobody would notice. */
function assertInvocable(rules: readonly PackagedRule[], permissions: readonly Entry[]): void {
  for (const rule of rules)
    for (const { arn } of rule.targets.filter(isFunction)) {
      const granted = permissions.some(([, p]) => p['FunctionName'] === arn && p['SourceArn'] === rule.arn);
      if (!granted) fail(`${rule.logicalId}: no AWS::Lambda::Permission lets it invoke ${arn}`);
    }
}

const isFunction = ({ arn }: { readonly arn: string }): boolean => arn.split(':')[2] === 'lambda';

/** The same for topics of the template, and for alarms. */
function assertTold(
  topics: readonly PackagedTopic[],
  rules: readonly PackagedRule[],
  alarms: readonly AlarmConfig[],
): void {
  const told = [
    ...rules.flatMap(({ targets }) => targets.map(({ arn }) => ['events.amazonaws.com', arn] as const)),
    ...alarms.flatMap(({ AlarmActions = [] }) => AlarmActions.map((arn) => ['cloudwatch.amazonaws.com', arn] as const)),
  ];
  for (const [service, arn] of told) {
    const topic = topics.find((each) => each.arn === arn);
    if (topic && !topic.publishers.includes(service))
      fail(`${topic.logicalId}: neither its policy and its key's let ${service} publish to it`);
  }
}

/** What is in minutes and thresholds may be written as text. */
function toAlarm([, { Tags: _, ...properties }]: Entry): AlarmConfig {
  const numbers = ['Period', 'EvaluationPeriods', 'DatapointsToAlarm', 'Threshold'].flatMap((name) =>
    properties[name] === undefined ? [] : [[name, Number(properties[name])] as const],
  );
  return { ...properties, ...Object.fromEntries(numbers) } as unknown as AlarmConfig;
}

function only(owner: string, properties: object, allowed: readonly string[]): void {
  const unknown = Object.keys(properties).filter((name) => !allowed.includes(name));
  if (unknown.length > 0) fail(`${owner}: unknown ${unknown.join(', ')}`);
}
