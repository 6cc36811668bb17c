/**
 * Who is told in words (docs/monitoring.md): a topic with a mail address, another topic that is there already, or both.
 * Without either there is nothing of it in the template.
 */
const { arn } = require('./policy.cjs');

/** What a person is told of. Not the beginning of a move, whose end follows, and not what needs nobody. */
const MAILED = [
  'Failover Completed',
  'Failover Failed',
  'Failover Interrupted',
  'Failover Blocked',
  'Readiness Changed',
  'Member Joined',
  'Interface Joined',
];

/**
 * What a telephone shows first comes first. A text of several lines is written as a quoted string each, and arrives with
 * its quotes (EventBridge User Guide, "Input transformation"); every event has all of the words, without quotes of their
 * own.
 */
const TRANSFORMER = {
  InputPathsMap: {
    what: '$.detail.words.what',
    group: '$.detail.words.group',
    why: '$.detail.words.why',
    todo: '$.detail.words.todo',
    deployment: '$.detail.deployment',
    code: '$.detail.code',
    time: '$.time',
    account: '$.account',
    region: '$.region',
  },
  InputTemplate: [
    '<what>',
    'Group: <group>',
    'Why: <why>',
    'What to do: <todo>',
    '<code>, <time>, <deployment> in <region>, account <account>',
  ]
    .map((line) => `"${line}"`)
    .join('\n'),
};

const NAMES = ['notifyEmail', 'notifyTopicArn', 'kmsKeyArn'];

async function given({ resolveVariable }) {
  const values = await Promise.all(NAMES.map((name) => resolveVariable(`param:${name}`)));
  const [service, stage] = await Promise.all(['self:service', 'sls:stage'].map(resolveVariable));
  return { ...Object.fromEntries(NAMES.map((name, i) => [name, String(values[i])])), prefix: `${service}-${stage}` };
}

/** The topics that are told, as the template refers to them. */
const topicsOf = ({ notifyEmail, notifyTopicArn }) => [
  ...(notifyEmail === 'none' ? [] : [{ Ref: 'NotifyTopic' }]),
  ...(notifyTopicArn === 'none' ? [] : [notifyTopicArn]),
];

const ruleName = (prefix) => `${prefix}-notify`;

const rule = (prefix, topics) => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    Name: ruleName(prefix),
    Description: 'Tells a person what happened to a group, why, and what to do.',
    State: 'ENABLED',
    EventPattern: { source: ['eni-failover'], 'detail-type': MAILED, detail: { deployment: [prefix] } },
    Targets: topics.map((Arn, i) => ({
      Arn,
      Id: `notify-${i + 1}`,
      InputTransformer: TRANSFORMER,
      // What cannot be delivered lies where what cannot be handled does, and its alarm goes off.
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['UnhandledEvents', 'Arn'] } },
    })),
  },
});

/**
 * CloudWatch and EventBridge can publish to an encrypted topic only with a key whose policy lets them: the one that AWS
 * manages (alias/aws/sns) does not (SNS Developer Guide, "Key management": "Enable compatibility between event sources
 * from AWS services and encrypted topics"). Conditions on the source are not supported there for EventBridge.
 */
const key = (prefix) => ({
  Type: 'AWS::KMS::Key',
  Properties: {
    Description: `For the topic ${ruleName(prefix)}.`,
    EnableKeyRotation: true,
    PendingWindowInDays: 7,
    KeyPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Account',
          Effect: 'Allow',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: of CloudFormation
          Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } },
          Action: 'kms:*',
          Resource: '*',
        },
        {
          Sid: 'Events',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          Resource: '*',
        },
        {
          Sid: 'Alarms',
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          Resource: '*',
          Condition: OF_THIS_ACCOUNT,
        },
      ],
    },
  },
});

const OF_THIS_ACCOUNT = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };

const topicPolicy = (prefix) => ({
  Type: 'AWS::SNS::TopicPolicy',
  Properties: {
    Topics: [{ Ref: 'NotifyTopic' }],
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Events',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: { Ref: 'NotifyTopic' },
        },
        {
          Sid: 'Alarms',
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: { Ref: 'NotifyTopic' },
          Condition: { ...OF_THIS_ACCOUNT, ArnLike: { 'aws:SourceArn': arn('cloudwatch', `alarm:${prefix}-*`) } },
        },
      ],
    },
  },
});

function mail({ notifyEmail, kmsKeyArn, prefix }) {
  if (notifyEmail === 'none') return {};
  return {
    ...(kmsKeyArn === 'none' && { NotifyKey: key(prefix) }),
    NotifyTopic: {
      Type: 'AWS::SNS::Topic',
      Properties: {
        TopicName: ruleName(prefix),
        // What the mail says it is from.
        DisplayName: prefix,
        KmsMasterKeyId: kmsKeyArn === 'none' ? { Ref: 'NotifyKey' } : kmsKeyArn,
        Subscription: [{ Protocol: 'email', Endpoint: notifyEmail }],
      },
    },
    NotifyTopicPolicy: topicPolicy(prefix),
  };
}

/** What is merged into the resources of serverless.yml. */
async function resources(context) {
  const params = await given(context);
  const topics = topicsOf(params);
  if (topics.length === 0) return {};
  return { Resources: { NotifyRule: rule(params.prefix, topics), ...mail(params) } };
}

/** The statement by which the rule's dead letters reach the queue. */
const deadLetters = (prefix) => ({
  Sid: 'DeadLettersOfTheMail',
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: { 'Fn::GetAtt': ['UnhandledEvents', 'Arn'] },
  Condition: { ArnEquals: { 'aws:SourceArn': arn('events', `rule/${ruleName(prefix)}`) } },
});

module.exports = { MAILED, deadLetters, resources, topicsOf };
