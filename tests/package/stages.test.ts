import { readFileSync } from 'node:fs';
import { DetachNetworkInterfaceCommand, EC2Client } from '@aws-sdk/client-ec2';
import { packageOnce } from '../../build/packaging.ts';
import { readTemplate, type Template } from '../../lab/package/template.ts';
import { inProcessProtocol } from '../../lab/wire/in-process.ts';
import { only } from '../support/stage.ts';
import { Deployed, STAGE_ACCOUNT } from './deployed.ts';

/** Two deployments in one account and Region, each with tags of its own. */
const STAGES = ['prod', 'trial'] as const;
type StageName = (typeof STAGES)[number];
const TAG_PREFIXES: Readonly<Record<StageName, string>> = { prod: 'eni-failover:', trial: 'trial-failover:' };
const OTHER: Readonly<Record<StageName, StageName>> = { prod: 'trial', trial: 'prod' };
/** CloudFormation makes these names of the name of the stack. */
const NAMED_BY_STACK = ['AWS::IAM::Role', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy'];
const NO_NAME = ['AWS::Lambda::Permission', 'AWS::Lambda::EventInvokeConfig'];

interface Raw {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, string | undefined>>;
}

const paths: Partial<Record<StageName, string>> = {};
const templateOf = (stage: StageName): Template => readTemplate(paths[stage] ?? '', STAGE_ACCOUNT);

beforeAll(async () => {
  const params = {
    tagPrefix: TAG_PREFIXES.trial,
    statePrefix: 'trial-failover-state:',
    alarmPrefix: 'trial-failover/',
  };
  paths.prod = (await packageOnce()).templatePath;
  paths.trial = (await packageOnce({ stage: 'trial', params })).templatePath;
}, 120_000);

function namesOf(stage: StageName): string[] {
  const { Resources } = JSON.parse(readFileSync(paths[stage] ?? '', 'utf8')) as { Resources: Record<string, Raw> };
  return Object.entries(Resources).flatMap(([id, { Type, Properties }]) => {
    if (NO_NAME.includes(Type) || NAMED_BY_STACK.includes(Type)) return [];
    const { FunctionName, Name, QueueName, LogGroupName, AlarmName, DashboardName } = Properties;
    return [FunctionName ?? Name ?? QueueName ?? LogGroupName ?? AlarmName ?? DashboardName ?? id];
  });
}

/** A pair in the group `web` whose tags begin with the prefix of a stage; the holder fails. */
async function failedPair(stage: Deployed, of: StageName) {
  const tags = { [`${TAG_PREFIXES[of]}group`]: 'web' };
  const [holder, standby] = [stage.world.addInstance({ tags }), stage.world.addInstance({ tags })];
  const eni = stage.world.addInterface({ tags }, { instanceId: holder.id, deviceIndex: 1 });
  stage.world.addAlarm({
    AlarmName: `${of}-status`,
    Namespace: 'AWS/EC2',
    MetricName: 'StatusCheckFailed',
    Dimensions: [{ Name: 'InstanceId', Value: holder.id }],
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 2,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  });
  return { holder: holder.id, standby: standby.id, eni: eni.id, event: await stage.fail(holder.id) };
}

describe('two stages in one account', () => {
  it('should have no name in common', () => {
    const [prod, trial] = STAGES.map(namesOf);
    expect(prod).toHaveLength(24);
    expect(trial).toHaveLength(24);
    expect(prod?.filter((name) => trial?.includes(name))).toEqual([]);
    for (const name of prod ?? []) expect(name).toContain('eni-failover-prod');
    for (const name of trial ?? []) expect(name).toContain('eni-failover-trial');
  });

  // Events say which deployment they are of; to tell changes nothing of another's.
  it('should grant nothing in common but to tell', () => {
    const granted = STAGES.map((stage) => {
      const statements = templateOf(stage).roles.flatMap(({ policies }) => policies.flatMap((p) => p.Statement));
      const changes = statements.filter(({ Resource, Sid }) => Resource !== '*' && Sid !== 'Tell');
      return changes.map(({ Resource, Condition }) => JSON.stringify([Resource, Condition]));
    });
    expect(granted[0]?.filter((grant) => granted[1]?.includes(grant))).toEqual([]);
  });

  it.each(STAGES)('should move the groups of %s, which is one of them', async (name) => {
    const stage = new Deployed(templateOf(name));
    const { event, standby, eni } = await failedPair(stage, name);
    expect((await stage.result(event)).operation?.result).toBe('done');
    expect(stage.world.holderOf(eni)).toBe(standby);
  });

  it.each(STAGES)('should leave %s blind to the groups of the other one', async (name) => {
    const stage = new Deployed(templateOf(name));
    const { event, holder, eni } = await failedPair(stage, OTHER[name]);
    expect(only((await stage.invoke(event)).groups)).toMatchObject({ group: null, code: 'in-no-group' });
    expect((await stage.invoke({ action: 'status' })).groups).toEqual([]);
    expect((await stage.sweep()).groups).toEqual([]);
    expect(stage.changes()).toEqual([]);
    expect(stage.world.holderOf(eni)).toBe(holder);
  });

  it('should refuse each the other one’s resources', async () => {
    const stage = new Deployed(templateOf('trial'));
    const { eni } = await failedPair(stage, 'prod');
    const credentials = { accessKeyId: 'lab', secretAccessKey: 'lab' };
    const ec2 = new EC2Client({ region: 'us-east-1', credentials, ...inProcessProtocol(stage.world, 'failover') });
    const AttachmentId = stage.world.interface(eni)?.attachment?.id;
    const detach = ec2.send(new DetachNetworkInterfaceCommand({ AttachmentId }));
    await expect(stage.clock.run(detach)).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
  });
});
