/** Statements that the roles of several functions have, and a role made of statements. */

const arn = (service, rest) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`,
});

const log = (functionName) => ({
  Sid: 'Log',
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: arn('logs', `log-group:/aws/lambda/${functionName}:*`),
});

/** Invoking these functions, as they are now: no version of them, no alias. */
const invoke = (Sid, functionNames) => ({
  Sid,
  Effect: 'Allow',
  Action: 'lambda:InvokeFunction',
  Resource: functionNames.map((name) => arn('lambda', `function:${name}`)),
});

/**
 * Lambda makes and deletes the interfaces through which a function reaches its VPC with the function's own role. The
 * function itself must not: Lambda sends the key `lambda:SourceFunctionArn` with what the code of a function calls, and
 * never with what Lambda calls for it (Lambda Developer Guide, "Giving Lambda functions access to resources in a VPC").
 * @param reads what Lambda has to read for it
 * @param denied which of these reads the function itself has no use for
 */
const reachVpc = (functionName, { reads = ['ec2:DescribeSubnets'], denied = [] } = {}) => {
  const change = ['Create', 'Delete'].map((verb) => `ec2:${verb}NetworkInterface`);
  const addresses = ['ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'];
  const Action = [...change, ...addresses];
  return [
    { Sid: 'ReachVpc', Effect: 'Allow', Action: [...Action, ...reads], Resource: '*' },
    {
      Sid: 'OnlyLambdaReachesVpc',
      Effect: 'Deny',
      Action: [...Action, ...denied],
      Resource: '*',
      Condition: { ArnEquals: { 'lambda:SourceFunctionArn': arn('lambda', `function:${functionName}`) } },
    },
  ];
};

/** Lambda decrypts the environment, and sends to the queue where there is one, with the function's own role. */
const useKey = (key, sends) => ({
  Sid: 'UseKey',
  Effect: 'Allow',
  Action: sends ? ['kms:Decrypt', 'kms:GenerateDataKey'] : 'kms:Decrypt',
  Resource: key,
});

/** A role for Lambda, with these statements as its only policy. */
const asRole = (name, Statement) => ({
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
});

module.exports = { arn, asRole, invoke, log, reachVpc, useKey };
