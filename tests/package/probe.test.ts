import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { type Package, packageOnce } from '../../build/packaging.ts';
import { type PackagedFunction, readTemplate, type Template } from '../../lab/package/template.ts';
import { readProbeFunctions, readProbeSettings, readWatchSettings } from '../../lib/config.ts';
import { MOST_RUN_MS } from '../../lib/probe/protocol.ts';
import { RUN_MS } from '../../lib/watch/watch.ts';
import { itWith, run } from '../examples/support.ts';
import { type CfnTemplate, schemaFaults } from '../support/cfn-schema.ts';

const SUBNETS = ['subnet-0123abcd', 'subnet-0123456789abcdef0'];
const GROUPS = ['sg-0123abcd', 'sg-0123456789abcdef0'];
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f';
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:pager';
const PROBE = { probeSubnetIds: SUBNETS.join(', '), probeSecurityGroupIds: GROUPS.join(',') };
const WITH_ALL = {
  ...PROBE,
  probeMemoryMb: '256',
  probeCidrs: '203.0.113.0/24, 2001:db8::/32',
  subnetIds: 'subnet-11111111',
  securityGroupIds: 'sg-11111111',
  reservedConcurrency: '5',
  kmsKeyArn: KEY,
  tags: 'team=network',
  alarmTopicArn: TOPIC,
  alarmPeriodSeconds: '120',
};

type Properties = Readonly<Record<string, unknown>>;
interface Raw {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Properties }>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
}

const read = (pkg: Package): Raw => JSON.parse(readFileSync(pkg.templatePath, 'utf8')) as Raw;
const ofType = ({ Resources }: Raw, type: string): Properties[] =>
  Object.values(Resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties] : []));
const bundlesOf = ({ zipPath }: Package): readonly string[] => Object.keys(unzipSync(readFileSync(zipPath))).toSorted();
const functionNamed = ({ functions }: Template, name: string): PackagedFunction => {
  const found = functions.find((each) => each.name === `eni-failover-prod-${name}`);
  if (!found) throw new Error(`the package has no function ${name}`);
  return found;
};
/** Of each function of the probe: what its properties say. */
const propertiesOf = (raw: Raw, property: string): readonly (readonly [unknown, unknown])[] =>
  ofType(raw, 'AWS::Lambda::Function').map((each) => [each['FunctionName'], each[property]] as const);

let without: Package;
let pkg: Package;
let raw: Raw;
let template: Template;
beforeAll(async () => {
  without = await packageOnce();
  pkg = await packageOnce({ params: PROBE });
  raw = read(pkg);
  template = readTemplate(pkg.templatePath);
}, 240_000);

describe('a package without subnets for a probe', () => {
  /** The template as text, with nothing in it that differs from one packaging to the next. */
  const text = (value: Raw): string => JSON.stringify(value).replaceAll(/"S3Key":"[^"]*"/g, '"S3Key":""');

  it('should have nothing of it', () => {
    expect(text(read(without)).match(/probe|"[^"]*(?<!cloud)watch"/gi)).toBeNull();
    expect(bundlesOf(without)).toEqual(
      ['failover', 'inspect', 'sweep', 'upkeep'].map((name) => `functions/${name}.js`),
    );
  });

  it('should be byte for byte what one with a probe is when the probe is taken out of it', () => {
    const isOfProbe = (id: string): boolean => /^(Probe|Watch)/.test(id);
    const Resources = Object.fromEntries(Object.entries(raw.Resources).filter(([id]) => !isOfProbe(id)));
    const rest = JSON.parse(JSON.stringify({ ...raw, Resources }), (key, value: unknown) => {
      if (['PROBE_FUNCTIONS', 'PROBE_SUBNETS', 'WATCH_FUNCTION'].includes(key)) return undefined;
      if (key === 'Statement')
        return (value as { Sid?: string }[]).filter(({ Sid = '' }) => !['LookAgain', 'StartWatch'].includes(Sid));
      return value;
    }) as Raw & { Outputs: { Parameters: { Value: string } } };
    expect(JSON.parse(rest.Outputs.Parameters.Value)).toEqual(PROBE);
    rest.Outputs.Parameters.Value = '{}';
    expect(text(rest)).toBe(text(read(without)));
  });
});

describe('a package with two subnets for a probe', () => {
  it('should use only types and properties that exist', () => {
    expect(schemaFaults(raw as unknown as CfnTemplate)).toEqual([]);
  });

  itWith(['cfn-lint'])(
    'should pass cfn-lint without a word',
    async () =>
      expect(await run('cfn-lint', ['--ignore-checks', 'W3037', '--', pkg.templatePath])).toEqual({
        status: 0,
        output: '',
      }),
    120_000,
  );

  it('should have a function in each of them, and watch in none', () => {
    const place = (subnet: string) => ({ SubnetIds: [subnet], SecurityGroupIds: GROUPS });
    expect(Object.fromEntries(propertiesOf(raw, 'VpcConfig'))).toEqual({
      'eni-failover-prod-failover': undefined,
      'eni-failover-prod-inspect': undefined,
      'eni-failover-prod-sweep': undefined,
      'eni-failover-prod-upkeep': undefined,
      'eni-failover-prod-probe-1': place('subnet-0123abcd'),
      'eni-failover-prod-probe-2': place('subnet-0123456789abcdef0'),
      'eni-failover-prod-watch': undefined,
    });
    expect(bundlesOf(pkg)).toEqual(
      ['failover', 'inspect', 'probe', 'sweep', 'upkeep', 'watch'].map((name) => `functions/${name}.js`),
    );
  });

  it.each(['probe-1', 'probe-2'])('should let %s end its longest call and reply', (name) => {
    const { handler, memoryMb, timeoutMs, environment } = functionNamed(template, name);
    expect({ handler, memoryMb, environment }).toEqual({
      handler: 'functions/probe.handler',
      memoryMb: 128,
      environment: {},
    });
    // It keeps half a second for the reply (lib/probe/serve.ts); watch gives a call up 4 s after it should have ended.
    expect(timeoutMs).toBeGreaterThanOrEqual(MOST_RUN_MS + 4_000);
    expect(timeoutMs).toBeLessThanOrEqual(30_000);
  });

  it('should let watch end its longest run', () => {
    const { handler, memoryMb, timeoutMs, async } = functionNamed(template, 'watch');
    expect({ handler, memoryMb, timeoutMs }).toEqual({
      handler: 'functions/watch.handler',
      memoryMb: 128,
      timeoutMs: 90_000,
    });
    // What it keeps for its last call and for what it has to tell.
    expect(timeoutMs).toBeGreaterThanOrEqual(RUN_MS + 10_000);
    expect(async).toEqual({ retries: 0, maximumAgeMs: 60_000 });
  });

  it('should tell each function of the others that it speaks to', () => {
    const probes = ['eni-failover-prod-probe-1', 'eni-failover-prod-probe-2'];
    expect(readWatchSettings(functionNamed(template, 'watch').environment)).toEqual({
      probes,
      failover: 'eni-failover-prod-failover',
    });
    const of = (name: string) => readProbeFunctions(functionNamed(template, name).environment);
    expect(of('failover')).toEqual({ probes, subnets: [] });
    const upkeep = 'eni-failover-prod-upkeep';
    expect(of('sweep')).toEqual({ probes: [], watch: 'eni-failover-prod-watch', subnets: SUBNETS, upkeep });
  });

  it('should reserve no concurrency: an account with 10 could not deploy it', () => {
    expect(propertiesOf(raw, 'ReservedConcurrentExecutions').filter(([, value]) => value !== undefined)).toEqual([]);
  });

  it('should keep the logs of each function for a limited time, and tell when one fails again and again', () => {
    const names = template.functions.map(({ name }) => name);
    expect(
      ofType(raw, 'AWS::Logs::LogGroup')
        .map((each) => String(each['LogGroupName']))
        .toSorted(),
    ).toEqual(names.map((name) => `/aws/lambda/${name}`).toSorted());
    const alarms = ofType(raw, 'AWS::CloudWatch::Alarm').filter(({ AlarmName }) =>
      /probe|watch/.test(String(AlarmName)),
    );
    expect(alarms).toMatchObject(
      ['probe-1', 'probe-2', 'watch'].map((name) => ({
        AlarmName: `eni-failover-prod-${name}-errors`,
        MetricName: 'Errors',
        Dimensions: [{ Name: 'FunctionName', Value: `eni-failover-prod-${name}` }],
        TreatMissingData: 'notBreaching',
        Period: 300,
      })),
    );
  });
});

describe('a package with one subnet for a probe', () => {
  it('should have one function for it', async () => {
    const { templatePath } = await packageOnce({ params: { ...PROBE, probeSubnetIds: SUBNETS[0] ?? '' } });
    const one = readTemplate(templatePath);
    expect(one.functions.map(({ name }) => name).toSorted()).toEqual(
      ['failover', 'inspect', 'probe-1', 'sweep', 'upkeep', 'watch'].map((name) => `eni-failover-prod-${name}`),
    );
    expect(readWatchSettings(functionNamed(one, 'watch').environment).probes).toEqual(['eni-failover-prod-probe-1']);
  }, 120_000);
});

describe('a package with a probe and every other parameter', () => {
  let all: Raw;
  let path: string;
  beforeAll(async () => {
    const packaged = await packageOnce({ params: WITH_ALL });
    path = packaged.templatePath;
    all = read(packaged);
  }, 120_000);

  it('should use only types and properties that exist', () => {
    expect(schemaFaults(all as unknown as CfnTemplate)).toEqual([]);
  });

  it('should leave the probe where it is, and reserve nothing for it', () => {
    const subnets = propertiesOf(all, 'VpcConfig').map(([name, place]) => [
      name,
      (place as { SubnetIds: string[] } | undefined)?.SubnetIds,
    ]);
    expect(Object.fromEntries(subnets)).toEqual({
      'eni-failover-prod-failover': ['subnet-11111111'],
      'eni-failover-prod-inspect': ['subnet-11111111'],
      'eni-failover-prod-sweep': ['subnet-11111111'],
      'eni-failover-prod-upkeep': ['subnet-11111111'],
      'eni-failover-prod-probe-1': ['subnet-0123abcd'],
      'eni-failover-prod-probe-2': ['subnet-0123456789abcdef0'],
      'eni-failover-prod-watch': undefined,
    });
    const reserved = propertiesOf(all, 'ReservedConcurrentExecutions').filter(([, value]) => value !== undefined);
    expect(reserved.map(([name]) => name)).toEqual(['eni-failover-prod-failover', 'eni-failover-prod-sweep']);
  });

  it('should give the probes their memory, and the blocks they may probe', () => {
    for (const name of ['probe-1', 'probe-2']) {
      const { memoryMb, environment } = functionNamed(readTemplate(path), name);
      expect(memoryMb).toBe(256);
      expect(readProbeSettings(environment).blocks).toHaveLength(2);
      expect(readProbeSettings(environment).isLab).toBeUndefined();
    }
  });

  it('should encrypt and tag what is of the probe like everything else, and tell the same topic', () => {
    for (const [, key] of propertiesOf(all, 'KmsKeyArn')) expect(key).toBe(KEY);
    const roles = readTemplate(path).roles.filter(({ logicalId }) => /^(Probe|Watch)/.test(logicalId));
    expect(roles).toHaveLength(3);
    for (const { policies } of roles)
      expect(policies[0]?.Statement).toContainEqual({
        Sid: 'UseKey',
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: KEY,
      });
    for (const [, tags] of propertiesOf(all, 'Tags')) expect(tags).toEqual([{ Key: 'team', Value: 'network' }]);
    for (const alarm of ofType(all, 'AWS::CloudWatch::Alarm'))
      expect(alarm).toMatchObject({ AlarmActions: [TOPIC], Tags: [{ Key: 'team', Value: 'network' }] });
    // Upkeep comes once an hour.
    const often = ofType(all, 'AWS::CloudWatch::Alarm').filter(
      ({ AlarmName }) => !String(AlarmName).includes('-upkeep-'),
    );
    for (const { Period } of often) expect(Number(Period)).toBe(120);
  });
});
