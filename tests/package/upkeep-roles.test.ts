import { packageOnce } from '../../build/packaging.ts';
import { policyOf } from '../../lab/package/iam.ts';
import { type PackagedRole, readTemplate, type Statement, type Template } from '../../lab/package/template.ts';
import { at } from '../support/stage.ts';
import { Deployed, roleOf, STAGE_ACCOUNT } from './deployed.ts';

const CALLS = [
  'cloudwatch:DeleteAlarms',
  'cloudwatch:DescribeAlarms',
  'cloudwatch:ListAlarmMuteRules',
  'cloudwatch:ListTagsForResource',
  'cloudwatch:PutMetricAlarm',
  'cloudwatch:TagResource',
  'ec2:AttachNetworkInterface',
  'ec2:CreateTags',
  'ec2:DescribeInstances',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribePlacementGroups',
  'ec2:DetachNetworkInterface',
  'events:PutEvents',
];
const MINUTE_MS = 60_000;

let template: Template;
beforeAll(async () => {
  template = readTemplate((await packageOnce()).templatePath, STAGE_ACCOUNT);
}, 120_000);

const actionsOf = ({ Action }: Statement): readonly string[] => [Action].flat();
const statements = (): readonly Statement[] => roleOf(template, 'upkeep').policies.flatMap((each) => each.Statement);
const roleWith = (Statement: readonly Statement[]): PackagedRole => {
  return { ...roleOf(template, 'upkeep'), policies: [{ Version: '2012-10-17', Statement }] };
};

/** All that upkeep does: alarms made and deleted, a member gone, a look ahead that has something to tell. */
async function everything(role?: PackagedRole): Promise<Deployed> {
  const stage = new Deployed(template, role && { upkeep: role });
  const { members } = stage.build('pair');
  for (const { config } of stage.world.alarms.all()) stage.world.alarms.delete(config.AlarmName);
  await stage.sweep();
  await stage.upkeep().catch(() => undefined);
  stage.world.terminateInstance(at(members, 1));
  await stage.clock.advance(2 * MINUTE_MS);
  await stage.upkeep().catch(() => undefined);
  return stage;
}

describe('upkeep under its packaged role', () => {
  it('should be denied nothing that it does', async () => {
    const stage = await everything();
    expect(stage.denied()).toEqual([]);
    expect(stage.callsOf('PutMetricAlarm')).toHaveLength(2);
    expect(stage.callsOf('DeleteAlarms')).toHaveLength(1);
    expect(stage.dryRuns().length).toBeGreaterThan(2);
  });

  it('should have no more than it needs', () => {
    const granted = statements().filter(({ Sid }) => Sid !== 'Log');
    expect(granted.flatMap(actionsOf).toSorted()).toEqual(CALLS);
  });

  it.each(CALLS)('should say so where it may not call %s', async (call) => {
    const without = statements()
      .map((each) => ({ ...each, Action: actionsOf(each).filter((action) => action !== call) }))
      .filter(({ Action }) => Action.length > 0);
    const stage = await everything(roleWith(without));
    // An alarm with tags needs both; CloudWatch names the one that was called.
    const named = call === 'cloudwatch:TagResource' ? 'cloudwatch:PutMetricAlarm' : call;
    expect(stage.denied()).toContain(named);
    expect(stage.said.join('\n')).toContain(named);
  });
});

describe('the alarms within reach of upkeep', () => {
  const KEY = 'eni-failover-state:deployment';
  const ARN = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:';
  const tagged = (Key = KEY, Value = 'eni-failover-prod') => ({ Tags: [{ Key, Value }] });
  const OURS = { [KEY]: 'eni-failover-prod' };
  type Row = readonly [what: string, action: string, input: object, name: string, tags: Record<string, string>];
  const NAME = 'eni-failover/member/i-0123456789abcdef0';

  const REFUSED: readonly Row[] = [
    ['an alarm under another name', 'PutMetricAlarm', tagged(), 'eni-failover/web/i-0123456789abcdef0', {}],
    ['one without the tag', 'PutMetricAlarm', {}, NAME, {}],
    ['one with the tag of another deployment', 'PutMetricAlarm', tagged(KEY, 'eni-failover-trial'), NAME, {}],
    ['one with a further tag', 'PutMetricAlarm', { Tags: [...tagged().Tags, ...tagged('team').Tags] }, NAME, {}],
    ['a tag of another kind', 'TagResource', tagged('team'), NAME, {}],
    ['the end of somebody else’s', 'DeleteAlarms', {}, NAME, {}],
    ['the end of another deployment’s', 'DeleteAlarms', {}, NAME, { [KEY]: 'eni-failover-trial' }],
    ['the end of one under another name', 'DeleteAlarms', {}, 'eni-failover/own', OURS],
    ['the state of its own', 'SetAlarmState', {}, NAME, OURS],
    ['the silence of its own', 'DisableAlarmActions', {}, NAME, OURS],
  ];
  const allows = (role: PackagedRole, [, action, input, name, tags]: Row): boolean =>
    policyOf(role)({
      service: 'cloudwatch',
      action,
      input: input as Record<string, unknown>,
      caller: 'upkeep',
      resources: [{ type: 'alarm', arn: `${ARN}${name}`, tags }],
    });

  it('should be those that it has made', () => {
    const role = roleOf(template, 'upkeep');
    expect(allows(role, ['make', 'PutMetricAlarm', tagged(), NAME, {}])).toBe(true);
    expect(allows(role, ['delete', 'DeleteAlarms', {}, NAME, OURS])).toBe(true);
  });

  it.each(REFUSED.map((row) => [row[0], row] as const))('should not be: %s', (_, row) => {
    expect(allows(roleOf(template, 'upkeep'), row)).toBe(false);
  });

  it.each(['MakeAlarms', 'DeleteAlarms'])('should be more if any part of %s were looser', (sid) => {
    const given = statements();
    for (const looser of given.flatMap((each) => (each.Sid === sid ? loosened(each) : []))) {
      const role = roleWith(given.map((each) => (each.Sid === sid ? looser : each)));
      expect(REFUSED.filter((row) => allows(role, row))).not.toEqual([]);
    }
  });

  /** A condition less, or all resources. */
  function loosened({ Condition = {}, ...rest }: Statement): readonly Statement[] {
    const without = Object.keys(Condition).map((operator) => {
      const { [operator]: _, ...others } = Condition;
      return { ...rest, Condition: others };
    });
    return [...without, { ...rest, Condition, Resource: '*' }];
  }
});
