import { packageOnce } from '../../build/packaging.ts';
import { policyOf } from '../../lab/package/iam.ts';
import { type PackagedRole, readTemplate, type Statement, type Template } from '../../lab/package/template.ts';
import { Deployed, type Handler, functionOf, roleOf, STAGE_ACCOUNT } from './deployed.ts';
import type { Flow } from './flow.ts';
import { FLOWS } from './flows.ts';
import { loosened } from './loosened.ts';

const HOME = 'arn:aws:ec2:us-east-1:123456789012';
const BOTH = [
  'cloudwatch:DescribeAlarmContributors',
  'cloudwatch:DescribeAlarms',
  'cloudwatch:ListAlarmMuteRules',
  'ec2:AttachNetworkInterface',
  'ec2:CreateTags',
  'ec2:DescribeInstanceStatus',
  'ec2:DescribeInstanceTypes',
  'ec2:DescribeInstances',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DetachNetworkInterface',
  'events:PutEvents',
];
const REMEMBERS = ['logs:GetQueryResults', 'logs:StartQuery'];
const CHECKS = 'ec2:DescribePlacementGroups';
const READS = [...BOTH.filter((call) => /:(Describe|List)/.test(call)), CHECKS, ...REMEMBERS].toSorted();
const CALLS: Readonly<Record<Handler, readonly string[]>> = {
  failover: [...BOTH, CHECKS, ...REMEMBERS].toSorted(),
  sweep: [...BOTH, 'ec2:ModifyNetworkInterfaceAttribute'].toSorted(),
  inspect: READS,
};
const NAMES = Object.keys(CALLS) as Handler[];
const EACH_CALL = NAMES.flatMap((name) => CALLS[name].map((call): [Handler, string] => [name, call]));

let template: Template;
beforeAll(async () => {
  template = readTemplate((await packageOnce()).templatePath, STAGE_ACCOUNT);
}, 120_000);

const statementsOf = (name: Handler): readonly Statement[] =>
  roleOf(template, name).policies.flatMap((policy) => policy.Statement);
const actionsOf = ({ Action }: Statement): readonly string[] => [Action].flat();
const allowed = (name: Handler): readonly Statement[] => statementsOf(name).filter(({ Effect }) => Effect === 'Allow');
const statement = (name: Handler, sid: string): Statement | undefined =>
  statementsOf(name).find(({ Sid }) => Sid === sid);

function roleWith(name: Handler, statements: readonly Statement[]): PackagedRole {
  return { ...roleOf(template, name), policies: [{ Version: '2012-10-17', Statement: statements }] };
}

/** Runs a flow to its end, good or bad. */
async function attempt(flow: Flow, role?: PackagedRole): Promise<{ failed: boolean; stage: Deployed }> {
  const stage = new Deployed(template, role && { [flow.of]: role });
  const failed = await flow.run(stage).then(
    () => false,
    () => true,
  );
  return { failed, stage };
}

/** Denied, they are told in a warning: the flows may come to their end with what is known without them. */
const DISPENSABLE: readonly string[] = [
  'ec2:DescribeInstanceTypes',
  'ec2:DescribePlacementGroups',
  'cloudwatch:DescribeAlarms',
  'cloudwatch:DescribeAlarmContributors',
  'events:PutEvents',
];

/** What a function says in those flows that fail because a call is denied to it. */
async function failuresOf(name: Handler, statements: readonly Statement[], call: string): Promise<string> {
  const failures: string[] = [];
  for (const flow of FLOWS.filter(({ of }) => of === name)) {
    const { failed, stage } = await attempt(flow, roleWith(name, statements));
    if ((failed || DISPENSABLE.includes(call)) && stage.denied().includes(call)) failures.push(...stage.said);
  }
  return failures.join('\n');
}

describe('what the functions do, under the packaged roles', () => {
  it.each(FLOWS.map((flow) => [flow.of, flow.name, flow] as const))('%s: %s', async (_of, _name, flow) => {
    const stage = new Deployed(template);
    await flow.run(stage);
    expect(stage.denied()).toEqual(flow.denials ?? []);
  });
});

describe('a role without one of its actions or resources', () => {
  it.each(EACH_CALL)('should keep %s from its work and have it name %s', async (name, call) => {
    const without = allowed(name)
      .map((each) => ({ ...each, Action: actionsOf(each).filter((action) => action !== call) }))
      .filter(({ Action }) => Action.length > 0);
    expect(await failuresOf(name, without, call)).toContain(call);
  });

  it.each([
    ['failover', 'Move', 'ec2:DetachNetworkInterface', 'instance'],
    ['failover', 'Move', 'ec2:DetachNetworkInterface', 'network-interface'],
    ['sweep', 'Move', 'ec2:AttachNetworkInterface', 'instance'],
    ['sweep', 'Move', 'ec2:AttachNetworkInterface', 'network-interface'],
    ['sweep', 'Keep', 'ec2:ModifyNetworkInterfaceAttribute', 'instance'],
    ['sweep', 'Keep', 'ec2:ModifyNetworkInterfaceAttribute', 'network-interface'],
  ] as const)('should keep %s from its work when %s allows %s on no %s', async (name, sid, call, type) => {
    const isOther = (arn: string): boolean => !arn.includes(`:${type}/`);
    // Of this call only: the others of the statement would be denied before it is made.
    const without = statementsOf(name).flatMap((each) => {
      if (each.Sid !== sid) return [each];
      const others = actionsOf(each).filter((action) => action !== call);
      const narrowed = { ...each, Action: [call], Resource: [each.Resource].flat().filter(isOther) };
      return others.length > 0 ? [{ ...each, Action: others }, narrowed] : [narrowed];
    });
    expect(await failuresOf(name, without, call)).toContain(call);
  });
});

describe.each(NAMES)('the statements of the role of %s', (name) => {
  it('should grant the calls that it needs and no others', () => {
    const granted = allowed(name).filter(({ Sid = '' }) => !['Log', 'GiveUp', 'StartUpkeep'].includes(Sid));
    expect(granted.flatMap(actionsOf).toSorted()).toEqual(CALLS[name]);
  });

  it('should let Lambda assume it, and nobody else', () => {
    expect(roleOf(template, name).trusted).toEqual({ Service: 'lambda.amazonaws.com' });
  });

  it('should name resources of this account and Region, but for what can only be read', () => {
    for (const each of allowed(name)) {
      if (each.Resource === '*')
        for (const action of actionsOf(each))
          expect(action).toMatch(/^((ec2|cloudwatch):(Describe|List)|logs:GetQueryResults$)/);
      else
        for (const arn of [each.Resource].flat())
          expect(arn).toMatch(/^arn:aws:(ec2|events|lambda|logs|sqs):us-east-1:123456789012:./);
    }
  });

  it('should let it write its own log', () => {
    const arn = `arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/${functionOf(template, name).name}:*`;
    const Action = ['logs:CreateLogStream', 'logs:PutLogEvents'];
    expect(statement(name, 'Log')).toEqual({ Sid: 'Log', Effect: 'Allow', Action, Resource: arn });
  });

  it('should let it send to its on-failure queue, if it has one', () => {
    const { onFailureArn } = functionOf(template, name).async;
    const send = { Sid: 'GiveUp', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: onFailureArn };
    expect(statement(name, 'GiveUp')).toEqual(onFailureArn === undefined ? undefined : send);
  });
});

describe('what the roles refuse', () => {
  type Resource = Parameters<ReturnType<typeof policyOf>>[0]['resources'][number];
  const GROUP = { 'eni-failover:group': 'web' };
  const instance = (tags: Record<string, string>, home = HOME): Resource => {
    return { type: 'instance', arn: `${home}:instance/i-1`, tags };
  };
  const eni = (tags: Record<string, string>, home = HOME): Resource => ({
    type: 'network-interface',
    arn: `${home}:network-interface/eni-1`,
    tags,
  });
  const tagged = (...keys: string[]) => ({ Tags: keys.map((Key) => ({ Key, Value: 'x' })) });
  const STATE = tagged('eni-failover-state:state', 'eni-failover-state:moves');
  const ELSEWHERE = [HOME.replace('us-east-1', 'us-west-2'), HOME.replace('123456789012', '210987654321')];

  const BUSES = 'arn:aws:events:us-east-1:123456789012:event-bus';
  const bus = (name = 'default'): Resource => ({ type: 'event-bus', arn: `${BUSES}/${name}`, tags: {} });
  const from = (...sources: string[]) => ({ Entries: sources.map((Source) => ({ Source })) });

  type Row = readonly [what: string, action: string, input: object, resources: readonly Resource[]];
  const onBoth = (verb: string, action: string): readonly Row[] => [
    [`${verb} with a stranger’s instance`, action, {}, [instance({}), eni(GROUP)]],
    [`${verb} with a stranger’s interface`, action, {}, [instance(GROUP), eni({})]],
    [`${verb} with what is gone`, action, {}, [instance({}), eni({})]],
    ...ELSEWHERE.map((home): Row => [`${verb} in ${home}`, action, {}, [instance(GROUP, home), eni(GROUP, home)]]),
  ];
  const REFUSED: readonly Row[] = [
    ...onBoth('attach', 'AttachNetworkInterface'),
    ...onBoth('detach', 'DetachNetworkInterface'),
    ...onBoth('keep', 'ModifyNetworkInterfaceAttribute'),
    ['record on a stranger’s interface', 'CreateTags', STATE, [eni({})]],
    ['record on an instance', 'CreateTags', STATE, [instance(GROUP)]],
    ['write the group tag', 'CreateTags', tagged('eni-failover:group'), [eni(GROUP)]],
    ['slip the group tag in', 'CreateTags', tagged('eni-failover-state:state', 'eni-failover:group'), [eni(GROUP)]],
    ['write no tag at all', 'CreateTags', {}, [eni(GROUP)]],
    ...[{ SourceDestCheck: { Value: false } }, { Description: { Value: 'x' } }, { AssociatePublicIpAddress: true }].map(
      (input): Row => [
        `change ${Object.keys(input).join()}`,
        'ModifyNetworkInterfaceAttribute',
        input,
        [instance(GROUP), eni(GROUP)],
      ],
    ),
    ['delete tags', 'DeleteTags', STATE, [eni(GROUP)]],
    ['stop an instance', 'StopInstances', {}, [instance(GROUP)]],
    ['put an event of another source on the bus', 'PutEvents', from('shop'), [bus()]],
    ['slip an event of another source in', 'PutEvents', from('eni-failover', 'shop'), [bus()]],
    ['put an event on another bus', 'PutEvents', from('eni-failover'), [bus('orders')]],
  ];
  const WHOLE = [instance(GROUP), eni(GROUP)];
  const ALLOWED: readonly Row[] = [
    ['attach', 'AttachNetworkInterface', {}, WHOLE],
    ['detach', 'DetachNetworkInterface', {}, WHOLE],
    ['record', 'CreateTags', STATE, [eni(GROUP), eni(GROUP)]],
    ['tell', 'PutEvents', from('eni-failover', 'eni-failover'), [bus()]],
  ];

  function allows(role: PackagedRole, [, action, input, resources]: Row): boolean {
    const service = action === 'PutEvents' ? ('events' as const) : ('ec2' as const);
    const request = { service, action, input: input as Record<string, unknown>, caller: 'function' };
    return policyOf(role)({ ...request, resources });
  }

  const SWEEPS_OWN: Row = ['keep', 'ModifyNetworkInterfaceAttribute', { Attachment: {} }, WHOLE];

  it('should be all that changes anything, for inspect', () => {
    for (const row of [...ALLOWED, SWEEPS_OWN])
      expect([row[0], allows(roleOf(template, 'inspect'), row)]).toEqual([row[0], false]);
  });

  it.each(['failover', 'sweep'] as const)('should be nothing that %s needs', (name) => {
    for (const row of ALLOWED) expect([row[0], allows(roleOf(template, name), row)]).toEqual([row[0], true]);
    expect(allows(roleOf(template, name), SWEEPS_OWN)).toBe(name === 'sweep');
  });

  it.each(NAMES.flatMap((name) => REFUSED.map((row) => [name, row[0], row] as const)))(
    'should keep %s from: %s',
    (name, _, row) => expect(allows(roleOf(template, name), row)).toBe(false),
  );

  it.each([
    ['failover', 'Move', 2],
    ['failover', 'Record', 4],
    ['failover', 'Tell', 2],
    ['sweep', 'Move', 2],
    ['sweep', 'Record', 4],
    ['sweep', 'Tell', 2],
    ['sweep', 'Keep', 2],
    ['sweep', 'KeepNothingElse', 1],
  ] as const)('should be granted if %s’s statement %s were looser', (name, sid, ways) => {
    const given = statementsOf(name);
    const looser = given.flatMap((each) => (each.Sid === sid ? loosened(each) : []));
    expect(looser).toHaveLength(ways);
    for (const [what, replacement] of looser) {
      const role = roleWith(
        name,
        given.map((each) => (each.Sid === sid ? replacement : each)),
      );
      expect([what, REFUSED.some((row) => allows(role, row))]).toEqual([what, true]);
    }
  });
});
