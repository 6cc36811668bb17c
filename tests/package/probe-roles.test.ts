import { packageOnce } from '../../build/packaging.ts';
import { policyOf } from '../../lab/package/iam.ts';
import { type PackagedRole, readTemplate, type Statement, type Template } from '../../lab/package/template.ts';
import type { IamResource } from '../../lab/world/hooks.ts';
import { STAGE_ACCOUNT } from './deployed.ts';

/** The roles of a deployment with two probes, as the lab's IAM reads them. */
const HOME = 'arn:aws:lambda:us-east-1:123456789012:function';
const arnOf = (name: string, home = HOME): string => `${home}:eni-failover-prod-${name}`;
const NAMES = ['failover', 'sweep', 'probe-1', 'probe-2', 'watch'] as const;
type Name = (typeof NAMES)[number];
const OF_PROBE = ['probe-1', 'probe-2'] as const;

/** Whom each function may invoke. */
const INVOKES: Readonly<Record<Name, readonly Name[]>> = {
  failover: ['probe-1', 'probe-2'],
  sweep: ['watch'],
  'probe-1': [],
  'probe-2': [],
  watch: ['failover', 'probe-1', 'probe-2'],
};

/** What Lambda needs for the interfaces of a function (Lambda Developer Guide, "Giving Lambda functions access to …"). */
const REACH = [
  'AssignPrivateIpAddresses',
  'CreateNetworkInterface',
  'DeleteNetworkInterface',
  'DescribeNetworkInterfaces',
  'DescribeSubnets',
  'UnassignPrivateIpAddresses',
];
/** What the product does elsewhere, and some of what nobody here does. */
const NEVER: readonly (readonly ['ec2' | 'cloudwatch', string])[] = [
  ['ec2', 'AttachNetworkInterface'],
  ['ec2', 'DetachNetworkInterface'],
  ['ec2', 'CreateTags'],
  ['ec2', 'DescribeInstances'],
  ['ec2', 'ModifyNetworkInterfaceAttribute'],
  ['ec2', 'AuthorizeSecurityGroupIngress'],
  ['cloudwatch', 'DescribeAlarms'],
];

let template: Template;
beforeAll(async () => {
  const params = { probeSubnetIds: 'subnet-0123abcd, subnet-0123456789abcdef0', probeSecurityGroupIds: 'sg-0123abcd' };
  template = readTemplate((await packageOnce({ params })).templatePath, STAGE_ACCOUNT);
}, 120_000);

function roleOf(name: Name): PackagedRole {
  const { roleArn } = template.functions.find(({ arn }) => arn === arnOf(name)) ?? {};
  const found = template.roles.find(({ arn }) => arn === roleArn);
  if (!found) throw new Error(`the package has no role for ${name}`);
  return found;
}

const statementsOf = (name: Name): readonly Statement[] => roleOf(name).policies.flatMap((each) => each.Statement);
const actionsOf = ({ Action }: Statement): readonly string[] => [Action].flat();
const functionAt = (arn: string): IamResource => ({ type: 'function', arn, tags: {} });
const ANYTHING: IamResource = { type: '*', arn: '*', tags: { 'eni-failover:group': 'web' } };

interface Asked {
  readonly service?: 'ec2' | 'cloudwatch' | 'lambda';
  readonly resource?: IamResource;
  /** The function whose code asks; Lambda itself when not given. */
  readonly by?: Name;
}

function allows(role: PackagedRole, action: string, { service = 'ec2', resource = ANYTHING, by }: Asked): boolean {
  const source = by === undefined ? {} : { sourceFunctionArn: arnOf(by) };
  return policyOf(role)({ service, action, input: {}, caller: 'x', resources: [resource], ...source });
}

const mayInvoke = (name: Name, arn: string): boolean =>
  allows(roleOf(name), 'InvokeFunction', { service: 'lambda', resource: functionAt(arn), by: name });

describe.each(NAMES)('with a probe, %s', (name) => {
  it('should invoke those that it speaks to, and no others', () => {
    expect(NAMES.filter((other) => mayInvoke(name, arnOf(other))).toSorted()).toEqual(INVOKES[name]);
  });

  it('should invoke nothing elsewhere, and no version of it', () => {
    const homes = [HOME.replace('us-east-1', 'us-west-2'), HOME.replace('123456789012', '210987654321')];
    const elsewhere = homes.flatMap((home) => NAMES.map((other) => arnOf(other, home)));
    const versions = NAMES.map((other) => `${arnOf(other)}:1`);
    const others = [`${HOME}:somebody-elses`, `${HOME}:eni-failover-trial-watch`, `${arnOf('probe-1')}0`];
    expect([...elsewhere, ...versions, ...others].filter((arn) => mayInvoke(name, arn))).toEqual([]);
  });

  it('should be a function that Lambda alone runs', () => {
    expect(roleOf(name).trusted).toEqual({ Service: 'lambda.amazonaws.com' });
  });

  it('should write its own log, and no other', () => {
    const log = statementsOf(name).filter((each) => actionsOf(each).some((action) => action.startsWith('logs:')));
    expect(log.map(({ Resource }) => Resource)).toEqual([
      `arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/eni-failover-prod-${name}:*`,
    ]);
  });
});

describe('the role of watch', () => {
  it('should grant nothing but invoking and its log', () => {
    expect(statementsOf('watch').flatMap(actionsOf).toSorted()).toEqual([
      'lambda:InvokeFunction',
      'lambda:InvokeFunction',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
    const others = [...NEVER, ...REACH.map((action) => ['ec2', action] as const)];
    for (const [service, action] of others)
      expect([action, allows(roleOf('watch'), action, { service })]).toEqual([action, false]);
  });
});

describe.each(OF_PROBE)('the role of %s', (name) => {
  it('should grant what Lambda needs for its interfaces, and its log', () => {
    const granted = statementsOf(name)
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(actionsOf);
    expect(granted.toSorted()).toEqual([
      ...REACH.map((action) => `ec2:${action}`),
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
  });

  it.each(REACH)('should let Lambda call %s, and never its own code', (action) => {
    expect(allows(roleOf(name), action, {})).toBe(true);
    expect(allows(roleOf(name), action, { by: name })).toBe(false);
  });

  it('should let its code do nothing at all', () => {
    for (const [service, action] of NEVER) {
      expect([action, allows(roleOf(name), action, { service, by: name })]).toEqual([action, false]);
      expect([action, allows(roleOf(name), action, { service })]).toEqual([action, false]);
    }
  });

  it('should not keep its code from the interfaces if the denial were not there, or were about another function', () => {
    const role = (change: (each: Statement) => readonly Statement[]): PackagedRole => ({
      ...roleOf(name),
      policies: [{ Version: '2012-10-17', Statement: statementsOf(name).flatMap(change) }],
    });
    const undenied = role((each) => (each.Effect === 'Deny' ? [] : [each]));
    const Condition = { ArnEquals: { 'lambda:SourceFunctionArn': arnOf('watch') } };
    const misplaced = role((each) => (each.Effect === 'Deny' ? [{ ...each, Condition }] : [each]));
    for (const looser of [undenied, misplaced])
      expect(REACH.filter((action) => allows(looser, action, { by: name }))).toEqual(REACH);
  });
});

describe('the roles of failover and sweep', () => {
  it.each(['failover', 'sweep'] as const)(
    'should be what they are without a probe, and one statement',
    async (name) => {
      const plain = readTemplate((await packageOnce()).templatePath, STAGE_ACCOUNT);
      const before = plain.roles.find(({ logicalId }) => logicalId === roleOf(name).logicalId);
      const added = statementsOf(name).filter(
        ({ Action, Sid }) => Action === 'lambda:InvokeFunction' && Sid !== 'StartUpkeep',
      );
      expect(added).toHaveLength(1);
      expect(statementsOf(name).filter((each) => !added.includes(each))).toEqual(
        before?.policies.flatMap((each) => each.Statement),
      );
    },
    120_000,
  );
});
