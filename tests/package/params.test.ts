import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { inCopy, PackageError, serverless } from '../../build/packaging.ts';
import { readSettings } from '../../lib/config.ts';
import { DEFAULT_SETTINGS, RANGES } from '../../lib/core/settings.ts';
import * as params from '../../serverless/params.cjs';
import { parseCfnYaml } from '../support/cfn-schema.ts';

type Values = Readonly<Record<string, string>>;

const { params: declared } = parseCfnYaml(readFileSync('serverless.yml', 'utf8')) as unknown as {
  params: { default: Record<string, string | number> };
};
const DEFAULTS: Values = Object.fromEntries(
  Object.entries(declared.default).map(([name, value]) => [name, `${value}`]),
);
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f';
const many = (count: number): string => Array.from({ length: count }, (_, i) => `key${i}=value`).join(',');
const HERE = { names: 'eni-failover-prod-', region: 'eu-west-1' };
const faultsOf = (given: Values, where = HERE) => params.faultsOf({ ...DEFAULTS, ...given }, where);

describe('the parameters', () => {
  it('should have a check and a default each, and by default nothing wrong', () => {
    expect(Object.keys(DEFAULTS).toSorted()).toEqual(params.PARAMETERS.toSorted());
    expect(faultsOf({})).toEqual([]);
  });

  it('should allow the ranges that the product allows', () => {
    expect(params.RANGES).toEqual(RANGES);
  });

  it.each<[string, string[], string[]]>([
    [
      'region',
      ['none', 'eu-west-1', 'us-gov-east-1', 'ap-southeast-7', 'eusc-de-east-1', 'us-isob-west-1', 'xyz-new-north-12'],
      ['', 'Frankfurt', 'eu-west', 'eu-west-1a'],
    ],
    ['tagPrefix', ['a', 'acme/failover:', 'x'.repeat(64)], ['', '*', 'a b', 'aws:x', 'AWS:x', '$x', 'x'.repeat(65)]],
    ['statePrefix', ['s'], ['', '?', 'aws:x']],
    ['alarmPrefix', ['a/'], ['', '*', 'é']],
    ['forceAfterSeconds', ['0', '600'], ['-1', '601', '1.5', '', 'ten', '1e2', '0x10']],
    ['cooldownSeconds', ['0', '86400'], ['86401']],
    ['maxMoves', ['1', '10'], ['0', '11']],
    ['forceFailedAfterSeconds', ['0', '600'], ['601']],
    ['stuckAfterSeconds', ['10', '600'], ['9', '601']],
    ['impairedAfterSeconds', ['0', '3600'], ['3601']],
    ['mode', ['auto', 'manual'], ['', 'Auto', 'off']],
    [
      'sweepRate',
      ['rate(1 minute)', 'rate(2 minutes)', 'rate(5 minutes)'],
      ['', '1 minute', 'rate(1 minutes)', 'rate(2 minute)', 'rate(0 minutes)', 'rate(61 minutes)', 'cron(* * * * ? *)'],
    ],
    ['logRetentionDays', ['1', '30', '3653'], ['0', '2', '31', 'never']],
    ['memoryMb', ['128', '10240'], ['127', '10241', '512 MB']],
    ['alarmPeriodSeconds', ['60', '300', '3600'], ['0', '10', '30', '59', '90', '3660', '']],
    [
      'alarmTopicArn',
      ['none', 'arn:aws:sns:eu-west-1:123456789012:pager', 'arn:aws-new-kind:sns:eu-west-1:123456789012:pager.fifo'],
      [
        '',
        'pager',
        'arn:other:sns:eu-west-1:123456789012:pager',
        'arn:aws:sqs:eu-west-1:123456789012:pager',
        'arn:aws:sns:eu-west-1:1:pager',
      ],
    ],
    [
      'notifyEmail',
      ['none', 'ops@example.com', 'first.last+failover@mail.example.co.uk'],
      ['', 'ops', 'ops@example', 'a b@example.com', 'a@b.c,d@e.f', 'Ops <ops@example.com>', '@example.com'],
    ],
    [
      'notifyTopicArn',
      ['none', 'arn:aws:sns:eu-west-1:123456789012:pager'],
      ['', 'pager', 'arn:aws:sns:eu-west-1:123456789012:pager.fifo', 'arn:aws:sqs:eu-west-1:123456789012:pager'],
    ],
    ['eventBus', ['default', 'none'], ['', 'orders']],
    ['dashboard', ['on', 'off'], ['', 'true', 'none']],
    ['architecture', ['arm64', 'x86_64'], ['', 'none', 'arm']],
    [
      'permissionsBoundary',
      ['none', 'arn:aws:iam::123456789012:policy/teams/network/boundary', 'arn:aws:iam::aws:policy/PowerUserAccess'],
      ['', 'boundary', 'arn:aws:iam::123456789012:role/boundary', 'arn:aws:iam::1:policy/boundary'],
    ],
    [
      'tags',
      ['none', 'team=network', 'team=network, cost centre=42,empty='],
      ['', 'team', 'aws:x=1', 'a=1,a=2', 'a=1,,b=2', 'a=*'],
    ],
    ['tags', [many(45)], [many(46), `a=${'x'.repeat(257)}`]],
    ['deploymentBucket', ['none', 'my-bucket.packages'], ['', 'My-Bucket', 'x', '-x-', 's3://my-bucket']],
    ['kmsKeyArn', ['none', KEY], ['', 'alias/mine', KEY.replace('key/', 'alias/'), KEY.replace(':kms:', ':sns:')]],
    ['reservedConcurrency', ['none', '1', '1000'], ['', '0', '1001', 'two']],
  ])('should take %s only as it may be', (name, good, bad) => {
    for (const value of good) expect([value, faultsOf({ [name]: value })]).toEqual([value, []]);
    for (const value of bad)
      expect([value, faultsOf({ [name]: value })]).toEqual([
        value,
        [expect.stringMatching(`^${name} must be .*not '`)],
      ]);
  });

  it.each<[string, Values, RegExp]>([
    ['a state prefix that begins the tag prefix', { statePrefix: 'eni-fail' }, /must not begin with one another/],
    ['a tag prefix that begins the state prefix', { tagPrefix: 'eni-failover-' }, /must not begin with one another/],
    ['prefixes that differ in case only', { statePrefix: 'ENI-failover:' }, /must not begin with one another/],
    [
      'an alarm prefix that takes in our own alarms',
      { alarmPrefix: 'eni-failover-' },
      /names of this stack's own alarms/,
    ],
    ['alarms that look more often than a sweep comes', { sweepRate: 'rate(10 minutes)' }, /not be shorter than rate/],
    ['a topic in another Region', { alarmTopicArn: 'arn:aws:sns:us-east-1:123456789012:pager' }, /in us-east-1/],
    [
      'a topic of the mail in another Region',
      { notifyTopicArn: 'arn:aws:sns:us-east-1:123456789012:pager' },
      /^notifyTopicArn is in us-east-1/,
    ],
    ['a mail without events', { notifyEmail: 'ops@example.com', eventBus: 'none' }, /^eventBus must be default/],
    ['a key in another Region', { kmsKeyArn: KEY.replace('eu-west-1', 'us-east-1') }, /^kmsKeyArn is in us-east-1/],
    ['subnets without security groups', { subnetIds: 'subnet-0123abcd' }, /go together/],
    ['security groups without subnets', { securityGroupIds: 'sg-0123abcd' }, /go together/],
    [
      'a boundary in another partition',
      { permissionsBoundary: 'arn:aws-cn:iam::123456789012:policy/boundary' },
      /in the partition aws-cn; eu-west-1 is in aws\.$/,
    ],
    ['a name that is none', { memoryMB: '512' }, /^There is no parameter 'memoryMB'\.$/],
  ])('should refuse %s', (_, given, fault) => {
    expect(faultsOf(given)).toEqual([expect.stringMatching(fault)]);
  });

  it('should take subnets and security groups together, as lists of ids', () => {
    const ids = (kind: string, count: number) =>
      Array.from({ length: count }, (_, i) => `${kind}-${String(i).padStart(17, '0')}`).join(', ');
    const given = (subnetIds: string, securityGroupIds = ids('sg', 5)) => faultsOf({ subnetIds, securityGroupIds });
    expect(given(ids('subnet', 16))).toEqual([]);
    for (const bad of ['', 'subnet-1', ids('sg', 1), `${ids('subnet', 1)},${ids('subnet', 1)}`, ids('subnet', 17)])
      expect([bad, given(bad)]).toEqual([bad, [expect.stringMatching(/^subnetIds must be at most 16 subnet ids/)]]);
    expect(given(ids('subnet', 1), ids('sg', 6))).toEqual([
      expect.stringMatching(/^securityGroupIds must be at most 5/),
    ]);
  });

  it.each([
    ['eusc-de-east-1', 'aws-eusc'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['xyz-new-north-1', 'aws-xyz'],
  ])('should be right for %s in the partition %s', (region, partition) => {
    const given = {
      region,
      permissionsBoundary: `arn:${partition}:iam::123456789012:policy/boundary`,
      alarmTopicArn: `arn:${partition}:sns:${region}:123456789012:pager`,
      kmsKeyArn: `arn:${partition}:kms:${region}:123456789012:key/mrk-1`,
    };
    expect(faultsOf(given, { ...HERE, region })).toEqual([]);
  });

  it('should let nothing through that the functions would not start with', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 4 }),
      fc.stringMatching(/^[A-Za-z:/-]{1,3}$/),
      fc.integer({ min: -2, max: 100_000 }).map(String),
      fc.constantFrom('auto', 'manual', 'aws:', 'eni-failover:'),
    );
    const names = Object.keys(DEFAULT_SETTINGS);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), text), (given) => {
        fc.pre(faultsOf(given).length === 0);
        const environment = Object.entries(given).map(([name, value]) => [
          name.replaceAll(/[A-Z]/g, '_$&').toUpperCase(),
          value,
        ]);
        expect(readSettings(Object.fromEntries(environment) as Values)).toMatchObject({});
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('packaging with wrong parameters', () => {
  /** The faults that packaging stops with. */
  async function refused(...args: string[]): Promise<readonly string[]> {
    const error = await inCopy((folder) => serverless(folder, ['package', ...args])).catch((reason: unknown) => reason);
    if (!(error instanceof PackageError)) throw new Error('it was packaged');
    return error.message.split('\n').filter((line) => line.startsWith('- '));
  }

  it('should stop with every fault at once', async () => {
    const given = [
      'memoryMb=1',
      'cooldownSeconds=soon',
      'logRetentionDays=2',
      'sweepRate=hourly',
      'tagPrefix=a*',
      'memory=1',
    ];
    expect(await refused(...given.map((pair) => `--param=${pair}`))).toEqual([
      expect.stringMatching(/^- tagPrefix must be/),
      expect.stringMatching(/^- cooldownSeconds must be/),
      expect.stringMatching(/^- sweepRate must be/),
      expect.stringMatching(/^- logRetentionDays must be/),
      expect.stringMatching(/^- memoryMb must be/),
      "- There is no parameter 'memory'.",
    ]);
  }, 120_000);

  it('should stop for prefixes that overlap, and a stage too long for a name', async () => {
    expect(await refused('--param=statePrefix=eni-failover', '--stage', 'x'.repeat(33))).toEqual([
      expect.stringMatching(/^- statePrefix 'eni-failover' and tagPrefix/),
      expect.stringMatching(/^- The stage must be/),
    ]);
  }, 120_000);

  it('should stop for a Region that is none, wherever it comes from', async () => {
    expect(await refused('--region', 'Frankfurt')).toEqual([expect.stringMatching(/^- region must be .*'Frankfurt'/)]);
  }, 120_000);
});
