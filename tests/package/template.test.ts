import { readFileSync } from 'node:fs';
import { readSettings } from '../../lib/config.ts';
import { DEFAULT_SETTINGS } from '../../lib/core/settings.ts';
import { policyOf } from '../../lab/package/iam.ts';
import { packageOnce } from '../../lab/package/build.ts';
import { parseTemplate, readTemplate, type Statement, type Template } from '../../lab/package/template.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:eni-failover-prod-unhandled-events';
const GROUP = { 'eni-failover:group': 'web' };

interface Raw {
  Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

describe('the packaged template', () => {
  let template: Template;
  let raw: Raw;
  beforeAll(async () => {
    const { templatePath } = await packageOnce();
    template = readTemplate(templatePath);
    raw = JSON.parse(readFileSync(templatePath, 'utf8')) as Raw;
  }, 120_000);

  it('should have one function, shorter than the time after which clients invoke again', () => {
    expect(template.functions).toHaveLength(1);
    expect(template.functions[0]).toMatchObject({ handler: 'functions/failover.handler', runtime: 'nodejs22.x' });
    expect(template.functions[0]?.timeoutMs).toBeLessThan(60_000);
  });

  it('should give the function every setting it reads, and by default the defaults', () => {
    const environment = template.functions[0]?.environment ?? {};
    expect(readSettings(environment)).toEqual(DEFAULT_SETTINGS);
    const read = readFileSync('lib/config.ts', 'utf8').match(/(?<=['"])[A-Z]+(?:_[A-Z]+)*(?=['"])/g) ?? [];
    expect(Object.keys(environment).toSorted()).toEqual([...new Set(read)].toSorted());
  });

  it('should retry a failed event twice and keep what failed for good', () => {
    expect(template.functions[0]?.async).toEqual({ retries: 2, maximumAgeMs: 900_000, onFailureArn: QUEUE });
    expect(template.rules.flatMap(({ targets }) => targets.map((target) => target.deadLetterArn))).toEqual([
      QUEUE,
      QUEUE,
    ]);
    const queue = Object.values(raw.Resources).find(({ Type }) => Type === 'AWS::SQS::Queue');
    expect(queue?.Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86_400 });
  });

  it('should let EventBridge send the dead letters of these rules, and only theirs', () => {
    const [statement] = template.queuePolicies.flatMap(({ document }) => document.Statement);
    expect(statement).toMatchObject({
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: QUEUE,
      Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:123456789012:rule/eni-failover-prod-*' } },
    });
  });

  it('should keep logs for a limited time', () => {
    const group = Object.values(raw.Resources).find(({ Type }) => Type === 'AWS::Logs::LogGroup');
    expect(group?.Properties['RetentionInDays']).toBe(30);
  });

  describe('its role', () => {
    const statements = (): readonly Statement[] =>
      template.roles.flatMap(({ policies }) => policies.flatMap((p) => p.Statement));

    it('should grant these actions and no others', () => {
      expect(
        statements()
          .flatMap(({ Action }) => Action)
          .toSorted(),
      ).toEqual([
        'cloudwatch:DescribeAlarms',
        'ec2:AttachNetworkInterface',
        'ec2:CreateTags',
        'ec2:DescribeInstanceStatus',
        'ec2:DescribeInstanceTypes',
        'ec2:DescribeInstances',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DetachNetworkInterface',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'sqs:SendMessage',
      ]);
    });

    it('should make every change depend on the group tag', () => {
      const changes = statements().filter(({ Action }) => /ec2:(?!Describe)/.test(String(Action)));
      for (const { Condition } of changes)
        expect(Condition?.['Null']).toMatchObject({ 'aws:ResourceTag/eni-failover:group': 'false' });
    });

    const instance = (tags: Record<string, string>) => ({
      type: 'instance' as const,
      arn: 'arn:aws:ec2:eu-west-1:123456789012:instance/i-1',
      tags,
    });
    const eni = (tags: Record<string, string>) => ({
      type: 'network-interface' as const,
      arn: 'arn:aws:ec2:eu-west-1:123456789012:network-interface/eni-1',
      tags,
    });
    const tagged = (...keys: string[]) => ({ Tags: keys.map((Key) => ({ Key, Value: 'x' })) });

    it.each<[string, string, object, ReturnType<typeof instance | typeof eni>[], boolean]>([
      ['attach within the group', 'AttachNetworkInterface', {}, [instance(GROUP), eni(GROUP)], true],
      ['attach to a stranger', 'AttachNetworkInterface', {}, [instance({}), eni(GROUP)], false],
      ['attach a stranger', 'AttachNetworkInterface', {}, [instance(GROUP), eni({})], false],
      ['detach within the group', 'DetachNetworkInterface', {}, [instance(GROUP), eni(GROUP)], true],
      ['detach from what is gone', 'DetachNetworkInterface', {}, [instance({}), eni({})], false],
      [
        'record its state',
        'CreateTags',
        tagged('eni-failover-state:phase', 'eni-failover-state:epoch'),
        [eni(GROUP)],
        true,
      ],
      ['record on an untagged interface', 'CreateTags', tagged('eni-failover-state:phase'), [eni({})], false],
      ['record on an instance', 'CreateTags', tagged('eni-failover-state:phase'), [instance(GROUP)], false],
      ['write the group tag', 'CreateTags', tagged('eni-failover:group'), [eni(GROUP)], false],
      [
        'slip the group tag in',
        'CreateTags',
        tagged('eni-failover-state:phase', 'eni-failover:group'),
        [eni(GROUP)],
        false,
      ],
      ['write no tag at all', 'CreateTags', {}, [eni(GROUP)], false],
      ['delete tags', 'DeleteTags', tagged('eni-failover-state:phase'), [eni(GROUP)], false],
      ['stop an instance', 'StopInstances', {}, [instance(GROUP)], false],
    ])('should decide whether the function may %s', (_, action, input, resources, expected) => {
      const [role] = template.roles;
      if (role === undefined) throw new Error('no role');
      const request = { service: 'ec2' as const, action, input: input as Record<string, unknown>, caller: 'function' };
      expect(policyOf(role)({ ...request, resources })).toBe(expected);
    });
  });

  it.each<[string, (resources: Raw['Resources']) => void]>([
    ['resource type', (resources) => void (resources['X'] = { Type: 'AWS::EC2::VPC', Properties: {} })],
    [
      'intrinsic',
      (resources) =>
        void ((resources['UnhandledEvents'] as Raw['Resources'][string]).Properties['QueueName'] = {
          'Fn::Select': [0, ['a']],
        }),
    ],
    [
      'property of a function',
      (resources) => void ((resources['FailoverLambdaFunction'] as Raw['Resources'][string]).Properties['Layers'] = []),
    ],
    [
      'reference',
      (resources) =>
        void ((resources['FailoverLambdaFunction'] as Raw['Resources'][string]).Properties['Role'] = { Ref: 'Nobody' }),
    ],
    ['permission', (resources) => void delete resources['FailoverEventBridgeLambdaPermission1']],
  ])('should be refused by the lab with an unknown or missing %s', (_, spoil) => {
    const copy = structuredClone(raw);
    spoil(copy.Resources);
    expect(() => parseTemplate(copy)).toThrow(/unknown|not a plain string|no AWS::Lambda::Permission/);
  });
});
