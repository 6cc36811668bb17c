import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand, DescribePlacementGroupsCommand } from '@aws-sdk/client-ec2';
import { type Lab, outcome, startLab } from './support.ts';

const PLAIN = { Namespace: 'AWS/EC2', MetricName: 'StatusCheckFailed', Statistic: 'Maximum', Period: 60 } as const;
const RULE = { EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' } as const;
const put = (lab: Lab, AlarmName: string, team?: string): Promise<string> => {
  const Tags = team === undefined ? undefined : [{ Key: 'team', Value: team }];
  return outcome(lab, lab.cloudwatch.send(new PutMetricAlarmCommand({ AlarmName, ...PLAIN, ...RULE, Tags })));
};

describe('placement groups', () => {
  it('should be described with their strategies, and named by their instances', async () => {
    const lab = startLab();
    lab.world.placementGroups.set('apart', 'spread');
    const { id } = lab.world.addInstance({ placementGroup: 'apart' });
    const { PlacementGroups } = await lab.clock.run(lab.ec2.send(new DescribePlacementGroupsCommand({})));
    expect(PlacementGroups).toMatchObject([{ GroupName: 'apart', Strategy: 'spread' }]);
    const placed = await lab.clock.run(lab.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id, lab.holder] })));
    const names = placed.Reservations?.flatMap(({ Instances = [] }) =>
      Instances.map((each) => each.Placement?.GroupName),
    );
    expect(names?.toSorted()).toEqual(['', 'apart']);
  });
});

describe('alarms that are made and deleted', () => {
  it('should be no more than the quota, but one that is there may be changed', async () => {
    const lab = startLab({ quirks: { alarmQuota: 3 } });
    expect(await put(lab, 'third')).toBe('ok');
    expect(await put(lab, 'fourth')).toBe('LimitExceeded');
    expect(await put(lab, 'third')).toBe('ok');
  });

  it('should keep the tags that they were made with', async () => {
    const lab = startLab();
    await put(lab, 'tagged', 'network');
    await put(lab, 'tagged', 'storage');
    const { MetricAlarms } = await lab.clock.run(
      lab.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ['tagged'] })),
    );
    const ResourceARN = MetricAlarms?.[0]?.AlarmArn;
    const { Tags } = await lab.clock.run(lab.cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN })));
    expect(Tags).toEqual([{ Key: 'team', Value: 'network' }]);
  });

  it('should need the permission to tag where tags are given', async () => {
    const lab = startLab();
    lab.world.policy = ({ action }) => action !== 'TagResource';
    expect(await put(lab, 'plain')).toBe('ok');
    expect(await put(lab, 'tagged', 'network')).toBe('AccessDenied');
  });

  it('should be known to IAM by their tags', async () => {
    const lab = startLab();
    await put(lab, 'mine', 'network');
    await put(lab, 'other', 'storage');
    lab.world.policy = ({ resources }) => resources.every(({ tags }) => tags['team'] === 'network');
    const remove = (...AlarmNames: string[]) =>
      outcome(lab, lab.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames })));
    expect(await remove('mine', 'other')).toBe('AccessDenied');
    expect(await remove('mine')).toBe('ok');
  });
});
