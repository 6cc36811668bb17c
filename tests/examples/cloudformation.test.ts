import { isOurAlarm } from '../../lib/core/alarms.ts';
import { DEFAULT_SETTINGS } from '../../lib/core/settings.ts';
import { parseCfnYaml, references, schemaFaults } from '../support/cfn-schema.ts';
import { itWith, pathOf, run, textOf } from './support.ts';

const FILE = 'examples/nginx-pair/template.yml';
const template = parseCfnYaml(textOf(FILE));
const ofType = (type: string) => Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
const properties = (id: string) => template.Resources[id]?.Properties ?? {};

/** Everything that a resource is created after, and so deleted before. */
function createdAfter(id: string, seen = new Set<string>()): ReadonlySet<string> {
  const { DependsOn = [], Properties } = template.Resources[id] ?? {};
  for (const other of [...references(Properties), ...[DependsOn].flat()]) {
    if (seen.has(other) || !(other in template.Resources)) continue;
    seen.add(other);
    createdAfter(other, seen);
  }
  return seen;
}

describe('the nginx pair as a CloudFormation template', () => {
  it('should use only types and properties that exist, with all that are required', () => {
    expect(schemaFaults(template)).toEqual([]);
  });

  itWith(['cfn-lint'])(
    'should pass cfn-lint without a word',
    async () => expect(await run('cfn-lint', [pathOf(FILE)])).toEqual({ status: 0, output: '' }),
    120_000,
  );

  it('should be deployable without giving a parameter', () => {
    for (const parameter of Object.values(template.Parameters ?? {})) expect(parameter).toHaveProperty('Default');
  });

  it('should leave the attachment to the product', () => {
    expect(ofType('AWS::EC2::NetworkInterfaceAttachment')).toEqual([]);
    for (const [id] of ofType('AWS::EC2::Instance')) expect(properties(id)).not.toHaveProperty('NetworkInterfaces');
  });

  it('should associate the Elastic IP with the interface, not with an instance', () => {
    const [association] = ofType('AWS::EC2::EIPAssociation');
    expect(association?.[1].Properties).toEqual({
      AllocationId: { 'Fn::GetAtt': ['ElasticIp', 'AllocationId'] },
      NetworkInterfaceId: { Ref: 'FloatingInterface' },
    });
  });

  it('should delete the members before the interface they may hold, and the addresses before the gateway', () => {
    for (const [id] of ofType('AWS::EC2::Instance')) {
      expect(createdAfter(id)).toContain('FloatingInterface');
      expect(createdAfter(id)).toContain('InternetGatewayAttachment');
    }
    expect(createdAfter('ElasticIpAssociation')).toContain('InternetGatewayAttachment');
  });

  it('should have two members in the zone of the interface, on separate hardware, with IMDSv2', () => {
    const members = ofType('AWS::EC2::Instance').map(([, { Properties }]) => Properties);
    expect(members).toHaveLength(2);
    for (const member of members)
      expect(member).toMatchObject({
        SubnetId: properties('FloatingInterface')['SubnetId'],
        PlacementGroupName: { Ref: 'Spread' },
        LaunchTemplate: { LaunchTemplateId: { Ref: 'MemberTemplate' } },
      });
    expect(properties('Spread')).toEqual({ Strategy: 'spread' });
    expect(properties('MemberTemplate')).toMatchObject({
      LaunchTemplateData: { MetadataOptions: { HttpTokens: 'required' } },
    });
  });

  it('should open port 80 of the floating interface and nothing else', () => {
    expect(properties('FloatingSecurityGroup')['SecurityGroupIngress']).toMatchObject([{ FromPort: 80, ToPort: 80 }]);
    expect(properties('MemberSecurityGroup')).not.toHaveProperty('SecurityGroupIngress');
    expect(properties('FloatingInterface')['GroupSet']).toEqual([{ Ref: 'FloatingSecurityGroup' }]);
  });

  it('should give each member an alarm that is ours', () => {
    const alarms = ofType('AWS::CloudWatch::Alarm').map(([, alarm]) => alarm.Properties ?? {});
    const watched = alarms.map(({ Dimensions }) => references(Dimensions)[0]);
    expect(watched).toEqual(ofType('AWS::EC2::Instance').map(([id]) => id));
    for (const { AlarmName, Namespace, MetricName, Dimensions } of alarms) {
      const [instanceId] = references(Dimensions);
      const name = (AlarmName as { 'Fn::Sub': string })['Fn::Sub'];
      const byName = { name, metrics: [] };
      const metric = { namespace: String(Namespace), name: String(MetricName), instanceId: String(instanceId) };
      const byMetric = { name: '', metrics: [metric] };
      expect(isOurAlarm(byName, DEFAULT_SETTINGS.alarmPrefix)).toBe(true);
      expect(isOurAlarm(byMetric, DEFAULT_SETTINGS.alarmPrefix)).toBe(true);
    }
  });
});

describe('the schema check itself', () => {
  const broken = (change: (copy: { Resources: Record<string, Record<string, unknown>> }) => void) => {
    const copy = structuredClone(template) as unknown as { Resources: Record<string, Record<string, unknown>> };
    change(copy);
    return schemaFaults(copy as unknown as typeof template);
  };
  const propertiesOf = (resource: Record<string, unknown> | undefined) =>
    resource?.['Properties'] as Record<string, unknown>;

  it.each<[string, Parameters<typeof broken>[0], string]>([
    [
      'type',
      ({ Resources }) => void (Resources['X'] = { Type: 'AWS::EC2::Eni' }),
      'X: there is no resource type AWS::EC2::Eni.',
    ],
    [
      'property',
      ({ Resources }) => void (propertiesOf(Resources['Vpc'])['Cidr'] = 'x'),
      'Vpc: there is no property Cidr.',
    ],
    [
      'missing property',
      ({ Resources }) => void delete propertiesOf(Resources['FloatingInterface'])['SubnetId'],
      'FloatingInterface: SubnetId is required.',
    ],
    [
      'shape',
      ({ Resources }) => void (propertiesOf(Resources['FloatingInterface'])['GroupSet'] = 'sg'),
      'FloatingInterface.GroupSet: must be a list.',
    ],
    [
      'nested property',
      ({ Resources }) => void (propertiesOf(Resources['AlarmA'])['Dimensions'] = [{ Name: 'x', Values: 'y' }]),
      'AlarmA.Dimensions[0]: there is no property Values.',
    ],
    [
      'reference',
      ({ Resources }) => void (propertiesOf(Resources['Spread'])['Strategy'] = { Ref: 'Gone' }),
      'There is neither a resource nor a parameter Gone.',
    ],
  ])('should find a wrong %s', (_, change, fault) => {
    expect(broken(change)).toContain(fault);
  });
});
