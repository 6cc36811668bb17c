import { readFileSync } from 'node:fs';
import { packageOnce } from '../../build/packaging.ts';
import { readTemplate, type Statement } from '../../lab/package/template.ts';
import { type CfnTemplate, schemaFaults } from '../support/cfn-schema.ts';
import { itWith, run } from '../examples/support.ts';

const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f';
const BOUNDARY = 'arn:aws:iam::123456789012:policy/boundary';
const PARAMS = {
  permissionsBoundary: BOUNDARY,
  subnetIds: 'subnet-0123abcd, subnet-0123456789abcdef0',
  securityGroupIds: 'sg-0123abcd',
  architecture: 'x86_64',
  tags: 'team=network,cost centre=42',
  deploymentBucket: 'my-bucket',
  kmsKeyArn: KEY,
  reservedConcurrency: '5',
};

interface Raw {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>>;
}

let path: string;
let raw: Raw;
beforeAll(async () => {
  path = (await packageOnce({ params: PARAMS })).templatePath;
  raw = JSON.parse(readFileSync(path, 'utf8')) as Raw;
}, 120_000);

const ofType = (type: string): Record<string, unknown>[] =>
  Object.values(raw.Resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties] : []));
const statements = (): readonly Statement[] =>
  readTemplate(path).roles.flatMap(({ policies }) => policies.flatMap(({ Statement }) => Statement));

describe('the packaged template with every optional parameter', () => {
  it('should use only types and properties that exist', () => {
    expect(schemaFaults(raw as unknown as CfnTemplate)).toEqual([]);
  });

  // W3037 compares actions with a list that is older than cloudwatch:DescribeAlarmContributors.
  itWith(['cfn-lint'])(
    'should pass cfn-lint without a word',
    async () =>
      expect(await run('cfn-lint', ['--ignore-checks', 'W3037', '--', path])).toEqual({ status: 0, output: '' }),
    120_000,
  );

  it('should bound each role', () => {
    for (const role of ofType('AWS::IAM::Role')) expect(role['PermissionsBoundary']).toBe(BOUNDARY);
  });

  it('should run each function in the VPC, on the architecture, with a share of the concurrency', () => {
    const wanted = {
      VpcConfig: { SubnetIds: ['subnet-0123abcd', 'subnet-0123456789abcdef0'], SecurityGroupIds: ['sg-0123abcd'] },
      Architectures: ['x86_64'],
    };
    for (const each of ofType('AWS::Lambda::Function')) {
      expect(each).toMatchObject(wanted);
      const isKept = /-(failover|sweep)$/.test(String(each['FunctionName']));
      expect([each['FunctionName'], each['ReservedConcurrentExecutions']]).toEqual([
        each['FunctionName'],
        isKept ? 5 : undefined,
      ]);
    }
  });

  it('should let Lambda reach the VPC for each function, and no function do it itself', () => {
    const allow = statements().filter(({ Sid }) => Sid === 'ReachVpc');
    const deny = statements().filter(({ Sid }) => Sid === 'OnlyLambdaReachesVpc');
    expect(allow.map(({ Effect }) => Effect)).toEqual(deny.map(() => 'Allow'));
    expect(deny.map(({ Effect, Resource, Condition }) => [Effect, Resource, Condition])).toEqual(
      ['failover', 'sweep', 'inspect', 'upkeep'].map((name) => {
        const arn = `arn:aws:lambda:eu-west-1:123456789012:function:eni-failover-prod-${name}`;
        return ['Deny', '*', { ArnEquals: { 'lambda:SourceFunctionArn': arn } }];
      }),
    );
    const changes = [allow[0]?.Action ?? []].flat().filter((action) => !action.includes(':Describe'));
    expect(changes).toContain('ec2:DeleteNetworkInterface');
    for (const { Action } of deny) expect(Action).toEqual(changes);
  });

  it('should encrypt the environment, the logs and the queue with the key, and let each function use it', () => {
    for (const each of ofType('AWS::Lambda::Function')) expect(each['KmsKeyArn']).toBe(KEY);
    for (const each of ofType('AWS::Logs::LogGroup')) expect(each['KmsKeyId']).toBe(KEY);
    const [queue] = ofType('AWS::SQS::Queue');
    expect(queue).toMatchObject({ KmsMasterKeyId: KEY });
    expect(queue).not.toHaveProperty('SqsManagedSseEnabled');
    const uses = statements().filter(({ Sid }) => Sid === 'UseKey');
    expect(uses.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [['kms:Decrypt', 'kms:GenerateDataKey'], KEY],
      ['kms:Decrypt', KEY],
      ['kms:Decrypt', KEY],
      ['kms:Decrypt', KEY],
    ]);
  });

  it('should tag everything that takes tags', () => {
    const Tags = [
      { Key: 'team', Value: 'network' },
      { Key: 'cost centre', Value: '42' },
    ];
    const untagged = Object.entries(raw.Resources).filter(([, { Properties }]) => Properties['Tags'] === undefined);
    expect([...new Set(untagged.map(([, { Type }]) => Type))].toSorted()).toEqual([
      'AWS::CloudWatch::Dashboard',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::Lambda::Permission',
      'AWS::SQS::QueuePolicy',
    ]);
    for (const { Tags: given } of ofType('AWS::Lambda::Function')) expect(given).toEqual(Tags);
  });

  it('should put the package into the bucket that is there, and make none', () => {
    expect(ofType('AWS::S3::Bucket')).toEqual([]);
    for (const each of ofType('AWS::Lambda::Function')) expect(each).toMatchObject({ Code: { S3Bucket: 'my-bucket' } });
  });
});
