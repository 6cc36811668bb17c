import { judgeGroups, judgeSubnets, lookAtGroups, lookAtSubnets } from '../../serverless/subnets.cjs';

const subnet = (SubnetId: string, VpcId = 'vpc-1', zone = 'a') => ({
  SubnetId,
  VpcId,
  AvailabilityZone: `eu-west-1${zone}`,
  AvailabilityZoneId: `euw1-az-${zone}`,
});

describe('the subnets of the probes', () => {
  it.each([
    ['one', [subnet('subnet-1')]],
    ['two of one VPC, in two zones', [subnet('subnet-1'), subnet('subnet-2', 'vpc-1', 'b')]],
  ])('should be right: %s', (_, subnets) => {
    expect(judgeSubnets(subnets)).toEqual({ faults: [], warnings: [] });
  });

  it('should not be of two VPCs', () => {
    expect(judgeSubnets([subnet('subnet-1'), subnet('subnet-2', 'vpc-2', 'b')])).toEqual({
      faults: [expect.stringContaining('subnet-1 in vpc-1, subnet-2 in vpc-2')],
      warnings: [],
    });
  });

  it('should better not be in one zone', () => {
    expect(judgeSubnets([subnet('subnet-1'), subnet('subnet-2')])).toEqual({
      faults: [],
      warnings: [expect.stringContaining('subnet-1 in eu-west-1a, subnet-2 in eu-west-1a')],
    });
  });
});

describe('a look at them', () => {
  const failing = (name: string) => () => Promise.reject(Object.assign(new Error('AWS says so.'), { name }));

  it('should judge what EC2 says', async () => {
    const two = [subnet('subnet-1'), subnet('subnet-2', 'vpc-2', 'b')];
    const { faults } = await lookAtSubnets(['subnet-1', 'subnet-2'], (ids) =>
      Promise.resolve(two.slice(0, ids.length)),
    );
    expect(faults).toHaveLength(1);
  });

  it('should not be taken where there is no probe', async () => {
    expect(await lookAtSubnets([], failing('Unexpected'))).toEqual({ faults: [], warnings: [] });
  });

  it('should refuse a subnet that is not there', async () => {
    expect(await lookAtSubnets(['subnet-1'], failing('InvalidSubnetID.NotFound'))).toEqual({
      faults: ['probeSubnetIds: AWS says so.'],
      warnings: [],
    });
  });

  it('should hold nothing up where it may not be taken, and say what is not checked', async () => {
    expect(await lookAtSubnets(['subnet-1'], failing('UnauthorizedOperation'))).toEqual({
      faults: [],
      warnings: [expect.stringMatching(/is not checked: AWS says so\.$/)],
    });
  });
});

describe('the security groups of the probes', () => {
  const subnets = () => Promise.resolve([subnet('subnet-1'), subnet('subnet-2', 'vpc-1', 'b')]);
  const failing = (name: string) => () => Promise.reject(Object.assign(new Error('AWS says so.'), { name }));
  const look = (groups: Parameters<typeof lookAtGroups>[2]['groups'], ids = ['sg-1', 'sg-2']) =>
    lookAtGroups(ids, ['subnet-1', 'subnet-2'], { subnets, groups });

  it('should be of the VPC of the subnets', async () => {
    const well = [{ GroupId: 'sg-1', VpcId: 'vpc-1' }];
    expect(judgeGroups([subnet('subnet-1')], well)).toEqual([]);
    const { faults } = await look(() => Promise.resolve([...well, { GroupId: 'sg-2', VpcId: 'vpc-2' }]));
    expect(faults).toEqual([expect.stringMatching(/of the VPC of probeSubnetIds, vpc-1: sg-2 in vpc-2\.$/)]);
  });

  it('should be there', async () => {
    expect(await look(failing('InvalidGroup.NotFound'))).toEqual({
      faults: ['probeSecurityGroupIds: AWS says so.'],
      warnings: [],
    });
  });

  it('should hold nothing up where they may not be looked at, nor where there are none', async () => {
    expect(await look(failing('UnauthorizedOperation'))).toEqual({
      faults: [],
      warnings: [expect.stringMatching(/is not checked: AWS says so\.$/)],
    });
    expect(await look(failing('Unexpected'), [])).toEqual({ faults: [], warnings: [] });
  });
});
