/**
 * One role for each function. JavaScript, because condition keys contain the tag prefix and neither CloudFormation nor
 * serverless.yml can compute a key.
 *
 * The whole grant hangs on the group tag: only what carries it can be changed, and a function may write only tags that
 * start with `statePrefix` (serverless/params.cjs keeps the two apart), so it can never give itself a resource.
 */
const { arn, asRole, invoke, log, reachVpc, useKey } = require('./policy.cjs');
const { namesOf } = require('./probe-names.cjs');

const INSTANCES = arn('ec2', 'instance/*');
const INTERFACES = arn('ec2', 'network-interface/*');

/** What AWS does not let a policy narrow to a resource. */
const observe = {
  Sid: 'Observe',
  Effect: 'Allow',
  Action: [
    'ec2:DescribeInstances',
    'ec2:DescribeInstanceStatus',
    'ec2:DescribeInstanceTypes',
    'ec2:DescribeNetworkInterfaces',
    'cloudwatch:DescribeAlarms',
    'cloudwatch:DescribeAlarmContributors',
    // Of its own alarm an event says whether it is muted; DescribeAlarms says it of none.
    'cloudwatch:ListAlarmMuteRules',
  ],
  Resource: '*',
};

/** A check looks ahead, too: whether the members are on different hardware. */
const observeAndCheck = { ...observe, Action: [...observe.Action, 'ec2:DescribePlacementGroups'] };

const move = (inGroup) => ({
  Sid: 'Move',
  Effect: 'Allow',
  Action: ['ec2:AttachNetworkInterface', 'ec2:DetachNetworkInterface'],
  Resource: [INSTANCES, INTERFACES],
  Condition: { Null: inGroup },
});

const record = (inGroup, statePrefix) => ({
  Sid: 'Record',
  Effect: 'Allow',
  Action: 'ec2:CreateTags',
  Resource: INTERFACES,
  Condition: {
    Null: { ...inGroup, 'aws:TagKeys': 'false' },
    'ForAllValues:StringLike': { 'aws:TagKeys': `${statePrefix}*` },
  },
});

/**
 * DeleteOnTermination belongs to the attachment, so EC2 asks for the instance as well as for the interface. An allow
 * cannot be narrowed to it: AWS documents the key `ec2:Attribute` for attributes of a single value only ("Condition keys
 * for Amazon EC2"), and this one has two. The others that have a single value are denied; security groups stay out of
 * reach, for they are resources of their own.
 */
const keep = (inGroup) => [
  {
    Sid: 'Keep',
    Effect: 'Allow',
    Action: 'ec2:ModifyNetworkInterfaceAttribute',
    Resource: [INSTANCES, INTERFACES],
    Condition: { Null: inGroup },
  },
  {
    Sid: 'KeepNothingElse',
    Effect: 'Deny',
    Action: 'ec2:ModifyNetworkInterfaceAttribute',
    Resource: '*',
    Condition: {
      StringEquals: { 'ec2:Attribute': ['AssociatePublicIpAddress', 'Description', 'SourceDestCheck'] },
    },
  },
];

/** What runs have said is the history of a group; the answer to a query is nobody's resource. */
const remember = (prefix) => [
  {
    Sid: 'Remember',
    Effect: 'Allow',
    Action: 'logs:StartQuery',
    Resource: ['failover', 'sweep'].map((name) => arn('logs', `log-group:/aws/lambda/${prefix}-${name}:*`)),
  },
  { Sid: 'ReadMemories', Effect: 'Allow', Action: 'logs:GetQueryResults', Resource: '*' },
];

/** What is read of groups and alarms at leisure; none of it can be narrowed. */
const observeAhead = {
  Sid: 'Observe',
  Effect: 'Allow',
  Action: [
    'ec2:DescribeInstances',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribePlacementGroups',
    'cloudwatch:DescribeAlarms',
    'cloudwatch:ListAlarmMuteRules',
  ],
  Resource: '*',
};

/**
 * The alarms on members, by their name and by the tag of this deployment: one is made only with that tag and no other,
 * and only one that carries it is deleted. IAM does not know a new alarm from one of the same name that is overwritten.
 */
const keepAlarms = ({ alarmPrefix, statePrefix, prefix }) => {
  const Resource = arn('cloudwatch', `alarm:${alarmPrefix}member/i-*`);
  const key = `${statePrefix}deployment`;
  return [
    {
      Sid: 'MakeAlarms',
      Effect: 'Allow',
      Action: ['cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource'],
      Resource,
      Condition: {
        StringEquals: { [`aws:RequestTag/${key}`]: prefix },
        'ForAllValues:StringEquals': { 'aws:TagKeys': [key] },
      },
    },
    { Sid: 'KnowAlarms', Effect: 'Allow', Action: 'cloudwatch:ListTagsForResource', Resource },
    {
      Sid: 'DeleteAlarms',
      Effect: 'Allow',
      Action: 'cloudwatch:DeleteAlarms',
      Resource,
      Condition: { StringEquals: { [`aws:ResourceTag/${key}`]: prefix } },
    },
  ];
};

/** Lambda sends what every retry failed on with the function's own role. */
const giveUp = {
  Sid: 'GiveUp',
  Effect: 'Allow',
  Action: 'sqs:SendMessage',
  Resource: { 'Fn::GetAtt': ['UnhandledEvents', 'Arn'] },
};

/** Events of ours, and of nobody else, on the default bus. */
const tell = {
  Sid: 'Tell',
  Effect: 'Allow',
  Action: 'events:PutEvents',
  Resource: arn('events', 'event-bus/default'),
  Condition: { StringEquals: { 'events:source': 'eni-failover' } },
};

const STATEMENTS = {
  failover: ({ inGroup, statePrefix, functionName, prefix }) => [
    observeAndCheck,
    ...remember(prefix),
    move(inGroup),
    record(inGroup, statePrefix),
    log(functionName),
    giveUp,
  ],
  sweep: ({ inGroup, statePrefix, functionName, prefix }) => [
    observe,
    move(inGroup),
    record(inGroup, statePrefix),
    ...keep(inGroup),
    invoke('StartUpkeep', [`${prefix}-upkeep`]),
    log(functionName),
  ],
  // It moves nothing: it asks, with DryRun, whether the moves to come are allowed, and AWS has no permission for that alone.
  upkeep: ({ inGroup, statePrefix, functionName, alarmPrefix, prefix }) => [
    observeAhead,
    move(inGroup),
    record(inGroup, statePrefix),
    ...keepAlarms({ alarmPrefix, statePrefix, prefix }),
    log(functionName),
  ],
  inspect: ({ functionName, prefix }) => [observeAndCheck, ...remember(prefix), log(functionName)],
};

/** What a function does with the probe, where there is one: failover asks for one more look, the sweep has it watch. */
const PROBE_STATEMENTS = {
  failover: ({ probes }) => [invoke('LookAgain', probes)],
  sweep: ({ watch }) => [invoke('StartWatch', [watch])],
  inspect: () => [],
  upkeep: () => [],
};

async function role(name, { resolveVariable }) {
  const needed = ['tagPrefix', 'statePrefix', 'alarmPrefix', 'subnetIds', 'kmsKeyArn', 'probeSubnetIds', 'eventBus'];
  const [tagPrefix, statePrefix, alarmPrefix, subnetIds, key, probeSubnetIds, bus] = await Promise.all(
    needed.map((param) => resolveVariable(`param:${param}`)),
  );
  const [service, stage] = await Promise.all(['self:service', 'sls:stage'].map(resolveVariable));
  const inGroup = { [`aws:ResourceTag/${tagPrefix}group`]: 'false' };
  const prefix = `${service}-${stage}`;
  const functionName = `${prefix}-${name}`;
  return asRole(name, [
    ...STATEMENTS[name]({ inGroup, statePrefix, alarmPrefix, functionName, prefix }),
    ...(bus === 'none' || name === 'inspect' ? [] : [tell]),
    ...(probeSubnetIds === 'none' ? [] : PROBE_STATEMENTS[name](namesOf(prefix, probeSubnetIds))),
    ...(subnetIds === 'none' ? [] : reachVpc(functionName)),
    ...(key === 'none' ? [] : [useKey(key, name === 'failover')]),
  ]);
}

module.exports.failover = (context) => role('failover', context);
module.exports.sweep = (context) => role('sweep', context);
module.exports.inspect = (context) => role('inspect', context);
module.exports.upkeep = (context) => role('upkeep', context);
