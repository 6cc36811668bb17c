/**
 * One role for each function. JavaScript, because condition keys contain the tag prefix and neither CloudFormation nor
 * serverless.yml can compute a key.
 *
 * The whole grant hangs on the group tag: only what carries it can be changed, and a function may write only tags that
 * start with `statePrefix` (serverless/params.cjs keeps the two apart), so it can never give itself a resource.
 */
const arn = (service, rest) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`,
});
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

const log = (functionName) => ({
  Sid: 'Log',
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: arn('logs', `log-group:/aws/lambda/${functionName}:*`),
});

/** Lambda sends what every retry failed on with the function's own role. */
const giveUp = {
  Sid: 'GiveUp',
  Effect: 'Allow',
  Action: 'sqs:SendMessage',
  Resource: { 'Fn::GetAtt': ['UnhandledEvents', 'Arn'] },
};

/**
 * Lambda makes and deletes the interfaces through which a function reaches its VPC with the function's own role. The
 * function itself must not: Lambda sends the key `lambda:SourceFunctionArn` with what the code of a function calls, and
 * never with what Lambda calls for it (Lambda Developer Guide, "Giving Lambda functions access to resources in a VPC").
 */
const reachVpc = (functionName) => {
  const change = ['Create', 'Delete'].map((verb) => `ec2:${verb}NetworkInterface`);
  const addresses = ['ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'];
  const Action = [...change, ...addresses];
  return [
    { Sid: 'ReachVpc', Effect: 'Allow', Action: [...Action, 'ec2:DescribeSubnets'], Resource: '*' },
    {
      Sid: 'OnlyLambdaReachesVpc',
      Effect: 'Deny',
      Action,
      Resource: '*',
      Condition: { ArnEquals: { 'lambda:SourceFunctionArn': arn('lambda', `function:${functionName}`) } },
    },
  ];
};

/** Lambda decrypts the environment, and sends to the queue, with the function's own role. */
const useKey = (name, key) => ({
  Sid: 'UseKey',
  Effect: 'Allow',
  Action: name === 'failover' ? ['kms:Decrypt', 'kms:GenerateDataKey'] : 'kms:Decrypt',
  Resource: key,
});

const STATEMENTS = {
  failover: ({ inGroup, statePrefix, functionName }) => [
    observe,
    move(inGroup),
    record(inGroup, statePrefix),
    log(functionName),
    giveUp,
  ],
  sweep: ({ inGroup, statePrefix, functionName }) => [
    observe,
    move(inGroup),
    record(inGroup, statePrefix),
    ...keep(inGroup),
    log(functionName),
  ],
};

async function role(name, { resolveVariable }) {
  const needed = ['param:tagPrefix', 'param:statePrefix', 'param:subnetIds', 'param:kmsKeyArn'];
  const [tagPrefix, statePrefix, subnetIds, key] = await Promise.all(needed.map(resolveVariable));
  const [service, stage] = await Promise.all(['self:service', 'sls:stage'].map(resolveVariable));
  const inGroup = { [`aws:ResourceTag/${tagPrefix}group`]: 'false' };
  const functionName = `${service}-${stage}-${name}`;
  const Statement = [
    ...STATEMENTS[name]({ inGroup, statePrefix, functionName }),
    ...(subnetIds === 'none' ? [] : reachVpc(functionName)),
    ...(key === 'none' ? [] : [useKey(name, key)]),
  ];
  return {
    Type: 'AWS::IAM::Role',
    // Linters compare actions with lists that are older than cloudwatch:DescribeAlarmContributors.
    Metadata: { 'cfn-lint': { config: { ignore_checks: ['W3037'] } } },
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [{ PolicyName: name, PolicyDocument: { Version: '2012-10-17', Statement } }],
    },
  };
}

module.exports.failover = (context) => role('failover', context);
module.exports.sweep = (context) => role('sweep', context);
