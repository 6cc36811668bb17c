/**
 * The function's role. JavaScript, because condition keys contain the tag prefix and neither CloudFormation nor
 * serverless.yml can compute a key.
 *
 * The whole grant hangs on the group tag: only what carries it can be changed, and the function may write only tags
 * that start with `statePrefix`, so it can never give itself a resource.
 */
const arn = (service, rest) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}` });

/** @param {{tagPrefix: string, statePrefix: string, logGroup: string}} settings */
function statements({ tagPrefix, statePrefix, logGroup }) {
  const inGroup = { [`aws:ResourceTag/${tagPrefix}group`]: 'false' };
  return [
    {
      Sid: 'Observe',
      Effect: 'Allow',
      Action: [
        'ec2:DescribeInstances',
        'ec2:DescribeInstanceStatus',
        'ec2:DescribeInstanceTypes',
        'ec2:DescribeNetworkInterfaces',
        'cloudwatch:DescribeAlarms',
      ],
      Resource: '*',
    },
    {
      Sid: 'Move',
      Effect: 'Allow',
      Action: ['ec2:AttachNetworkInterface', 'ec2:DetachNetworkInterface'],
      Resource: [arn('ec2', 'instance/*'), arn('ec2', 'network-interface/*')],
      Condition: { Null: inGroup },
    },
    {
      Sid: 'Record',
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: arn('ec2', 'network-interface/*'),
      Condition: {
        Null: { ...inGroup, 'aws:TagKeys': 'false' },
        'ForAllValues:StringLike': { 'aws:TagKeys': `${statePrefix}*` },
      },
    },
    {
      Sid: 'Log',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: arn('logs', `log-group:${logGroup}:*`),
    },
    {
      Sid: 'GiveUp',
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Resource: { 'Fn::GetAtt': ['UnhandledEvents', 'Arn'] },
    },
  ];
}

/** A role that may write the tag which grants it would grant itself everything. */
function assertGroupTagIsSafe(tagPrefix, statePrefix) {
  if (/[*?]/.test(tagPrefix + statePrefix)) throw new Error('tagPrefix and statePrefix must not contain * or ?');
  if (statePrefix === '' || `${tagPrefix}group`.startsWith(statePrefix))
    throw new Error(`statePrefix "${statePrefix}" would let the function write the tag "${tagPrefix}group" that grants it`);
}

module.exports.failover = async ({ resolveVariable }) => {
  const [tagPrefix, statePrefix, service, stage] = await Promise.all(
    ['param:tagPrefix', 'param:statePrefix', 'self:service', 'sls:stage'].map(resolveVariable),
  );
  assertGroupTagIsSafe(tagPrefix, statePrefix);
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [
        {
          PolicyName: 'failover',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: statements({ tagPrefix, statePrefix, logGroup: `/aws/lambda/${service}-${stage}-failover` }),
          },
        },
      ],
    },
  };
};
