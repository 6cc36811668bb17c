import { readFileSync } from 'node:fs';
import { packageOnce } from '../../build/packaging.ts';
import { parseTemplate, readTemplate, type Template } from '../../lab/package/template.ts';
import { readAnnouncing, readSettings } from '../../lib/config.ts';
import { DEFAULT_SETTINGS } from '../../lib/core/settings.ts';
import { type CfnTemplate, schemaFaults } from '../support/cfn-schema.ts';
import { functionOf } from './deployed.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:eni-failover-prod-unhandled-events';
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:pager';

interface Raw {
  Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

async function packaged(params: Record<string, string> = {}): Promise<{ template: Template; raw: Raw }> {
  const { templatePath } = await packageOnce({ params });
  return { template: readTemplate(templatePath), raw: JSON.parse(readFileSync(templatePath, 'utf8')) as Raw };
}

const ofType = ({ Resources }: Raw, type: string): Record<string, unknown>[] =>
  Object.values(Resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties] : []));

describe('the packaged template', () => {
  let template: Template;
  let raw: Raw;
  beforeAll(async () => {
    ({ template, raw } = await packaged());
  }, 120_000);

  it('should use only types and properties that exist, with all that are required', () => {
    expect(schemaFaults(raw as unknown as CfnTemplate)).toEqual([]);
  });

  it.each(['failover', 'sweep', 'inspect'] as const)(
    'should run %s shorter than the time after which clients invoke again, or the next sweep comes',
    (name) => {
      const { handler, runtime, timeoutMs } = functionOf(template, name);
      expect({ handler, runtime }).toEqual({ handler: `functions/${name}.handler`, runtime: 'nodejs22.x' });
      expect(timeoutMs).toBeLessThan(60_000);
    },
  );

  it('should run nothing else, on arm64', () => {
    const functions = ofType(raw, 'AWS::Lambda::Function');
    expect(functions).toHaveLength(4);
    for (const { Architectures } of functions) expect(Architectures).toEqual(['arm64']);
  });

  it.each(['failover', 'sweep', 'inspect'] as const)(
    'should give %s every setting it reads, and by default the defaults',
    (name) => {
      const { environment } = functionOf(template, name);
      expect(readSettings(environment)).toEqual(DEFAULT_SETTINGS);
      expect(readAnnouncing(environment)).toEqual({ deployment: 'eni-failover-prod', events: true });
      const read = new Set<string>();
      const env = new Proxy({}, { get: (_, variable) => void read.add(String(variable)) });
      readSettings(env);
      readAnnouncing(env);
      const others = name === 'sweep' ? ['UPKEEP_FUNCTION'] : [];
      expect(Object.keys(environment).toSorted()).toEqual([...read, ...others].toSorted());
    },
  );

  it('should retry a failed event twice and keep what failed for good', () => {
    const delivery = { retries: 2, maximumAgeMs: 900_000, onFailureArn: QUEUE };
    expect(functionOf(template, 'failover').async).toEqual(delivery);
    const rules = template.rules.filter(({ pattern }) => pattern !== undefined);
    expect(rules.flatMap(({ targets }) => targets.map((target) => target.deadLetterArn))).toEqual([
      QUEUE,
      QUEUE,
      QUEUE,
      QUEUE,
    ]);
    const [queue] = ofType(raw, 'AWS::SQS::Queue');
    expect(queue).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86_400 });
  });

  it('should neither retry nor keep a sweep: the next one comes', () => {
    expect(functionOf(template, 'sweep').async).toEqual({ retries: 0, maximumAgeMs: 60_000 });
  });

  it('should let EventBridge send the dead letters of these rules, and only theirs', () => {
    const statements = template.queuePolicies.flatMap(({ document }) => document.Statement);
    const withPattern = template.rules.filter(({ pattern }) => pattern !== undefined);
    expect(statements.filter(({ Effect }) => Effect === 'Allow')).toEqual([
      {
        Sid: 'DeadLettersOfOurRules',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: QUEUE,
        Condition: { ArnEquals: { 'aws:SourceArn': withPattern.map(({ arn }) => arn) } },
      },
    ]);
  });

  it('should take events over TLS only, whoever sends them', () => {
    const statements = template.queuePolicies.flatMap(({ document }) => document.Statement);
    expect(statements.filter(({ Effect }) => Effect === 'Deny')).toEqual([
      {
        Sid: 'OnlyOverTls',
        Effect: 'Deny',
        Principal: '*',
        Action: 'sqs:*',
        Resource: QUEUE,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ]);
  });

  it('should keep the logs of each function for a limited time', () => {
    expect(ofType(raw, 'AWS::Logs::LogGroup')).toEqual(
      template.functions.map(({ name }) => ({ LogGroupName: `/aws/lambda/${name}`, RetentionInDays: 30 })),
    );
  });

  it('should watch itself and its groups: events nobody handled, errors, missing sweeps, what does not move', () => {
    const alarms = ofType(raw, 'AWS::CloudWatch::Alarm');
    const watched = alarms.map((a) => [
      a['AlarmName'],
      a['MetricName'],
      a['ComparisonOperator'],
      a['TreatMissingData'],
    ]);
    expect(watched).toEqual([
      ['eni-failover-prod-unhandled-events', 'NumberOfMessagesSent', 'GreaterThanOrEqualToThreshold', 'notBreaching'],
      ['eni-failover-prod-failover-errors', 'Errors', 'GreaterThanOrEqualToThreshold', 'notBreaching'],
      ['eni-failover-prod-sweep-errors', 'Errors', 'GreaterThanOrEqualToThreshold', 'notBreaching'],
      ['eni-failover-prod-sweep-missing', 'Invocations', 'LessThanThreshold', 'breaching'],
      ['eni-failover-prod-failed-move', 'FailedMoves', 'GreaterThanOrEqualToThreshold', 'notBreaching'],
      ['eni-failover-prod-group-not-ready', 'NotReadyGroups', 'GreaterThanOrEqualToThreshold', 'ignore'],
      ['eni-failover-prod-blocked-move', 'BlockedGroups', 'GreaterThanOrEqualToThreshold', 'ignore'],
      ['eni-failover-prod-upkeep-errors', 'Errors', 'GreaterThanOrEqualToThreshold', 'notBreaching'],
    ]);
    const names = [...template.functions.map(({ name }) => name), ...template.queues.values()];
    const dimensions = alarms.flatMap(({ Dimensions = [] }) => Dimensions as { Value: string }[]);
    for (const { Value } of dimensions) expect(names).toContain(Value);
  });

  it('should tell of events that arrive in the queue, and be quiet again while they lie there', () => {
    const [arrivals] = ofType(raw, 'AWS::CloudWatch::Alarm');
    expect(arrivals).toMatchObject({ Statistic: 'Sum', Threshold: 1, EvaluationPeriods: 3, DatapointsToAlarm: 1 });
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

describe('the packaged template with parameters of its own', () => {
  it('should follow them', async () => {
    const { template, raw } = await packaged({
      memoryMb: '1024',
      logRetentionDays: '365',
      sweepRate: 'rate(5 minutes)',
      alarmPeriodSeconds: '600',
      alarmTopicArn: TOPIC,
      cooldownSeconds: '1800',
      mode: 'manual',
    });
    expect(schemaFaults(raw as unknown as CfnTemplate)).toEqual([]);
    for (const { memoryMb, environment, handler } of template.functions) {
      expect(memoryMb).toBe(handler === 'functions/upkeep.handler' ? 256 : 1024);
      expect(readSettings(environment)).toEqual({ ...DEFAULT_SETTINGS, cooldownSeconds: 1800, mode: 'manual' });
    }
    expect(template.rules.flatMap(({ schedule }) => schedule ?? [])).toEqual(['rate(5 minutes)', 'rate(1 hour)']);
    for (const group of ofType(raw, 'AWS::Logs::LogGroup')) expect(group['RetentionInDays']).toBe(365);
    for (const alarm of ofType(raw, 'AWS::CloudWatch::Alarm')) {
      // Upkeep comes once an hour.
      expect(Number(alarm['Period'])).toBe(alarm['AlarmName'] === 'eni-failover-prod-upkeep-errors' ? 3_600 : 600);
      expect(alarm['AlarmActions']).toEqual([TOPIC]);
    }
  }, 120_000);
});
