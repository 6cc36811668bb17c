import {
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeNetworkInterfacesCommand,
  type Instance,
} from '@aws-sdk/client-ec2';
import { INSTANCE_TYPES } from '../../lab/world/model.ts';
import { type Lab, startLab } from './support.ts';

const HOUR_MS = 3_600_000;

async function instanceOf(lab: Lab, id: string): Promise<Instance> {
  const reply = await lab.clock.run(lab.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] })));
  return reply.Reservations?.[0]?.Instances?.[0] ?? {};
}

async function checkOf(lab: Lab, id: string): Promise<string | undefined> {
  const command = new DescribeInstanceStatusCommand({ InstanceIds: [id], IncludeAllInstances: true });
  return (await lab.clock.run(lab.ec2.send(command))).InstanceStatuses?.[0]?.InstanceStatus?.Status;
}

describe('an instance', () => {
  it('should show its volumes, the root volume first', async () => {
    const lab = startLab();
    const { id } = lab.world.addInstance({ volumes: 3 });
    const { BlockDeviceMappings = [] } = await instanceOf(lab, id);
    expect(BlockDeviceMappings.map(({ DeviceName }) => DeviceName)).toEqual(['/dev/xvda', '/dev/sd1', '/dev/sd2']);
    expect(new Set(BlockDeviceMappings.map(({ Ebs }) => Ebs?.VolumeId)).size).toBe(3);
    expect((await instanceOf(lab, lab.holder)).BlockDeviceMappings).toHaveLength(1);
  });

  it('should show who manages it, and its Outpost', async () => {
    const lab = startLab();
    const { id } = lab.world.addInstance({ managedBy: 'eks.amazonaws.com', outpostArn: 'arn:aws:outposts:::op-1' });
    expect(await instanceOf(lab, id)).toMatchObject({
      Operator: { Managed: true, Principal: 'eks.amazonaws.com' },
      OutpostArn: 'arn:aws:outposts:::op-1',
    });
    expect((await instanceOf(lab, lab.holder)).Operator).toMatchObject({ Managed: false });
  });

  it.each([
    ['user', 'Client.UserInitiatedShutdown', 'Client.UserInitiatedShutdown'],
    ['guest', 'Client.InstanceInitiatedShutdown', 'Client.InstanceInitiatedShutdown'],
    ['aws', 'Server.ScheduledStop', 'Server.InternalError'],
    ['spot', 'Server.SpotInstanceShutdown', 'Server.SpotInstanceTermination'],
  ] as const)(
    'should say why it stopped or ended when it was by the %s, until it is started',
    async (by, stop, end) => {
      const lab = startLab();
      lab.world.stopInstance(lab.holder, by);
      lab.world.terminateInstance(lab.standby, by);
      expect((await instanceOf(lab, lab.holder)).StateReason?.Code).toBe(stop);
      expect((await instanceOf(lab, lab.standby)).StateReason?.Code).toBe(end);
      await lab.clock.advance(HOUR_MS);
      expect((await instanceOf(lab, lab.holder)).StateReason?.Code).toBe(stop);
      lab.world.startInstance(lab.holder);
      expect((await instanceOf(lab, lab.holder)).StateReason).toBeUndefined();
    },
  );

  it('should keep the health it was given through everything', async () => {
    const lab = startLab();
    const sick = lab.world.addInstance({ health: 'impaired' });
    const young = lab.world.addInstance({ health: 'initializing' });
    for (const id of [sick.id, young.id]) {
      lab.world.recoverInstance(id);
      lab.world.rebootInstance(id);
    }
    await lab.clock.advance(HOUR_MS);
    expect([await checkOf(lab, sick.id), await checkOf(lab, young.id)]).toEqual(['impaired', 'initializing']);
    lab.world.failInstance(young.id, { noticedAfterMs: 0 });
    expect(await checkOf(lab, young.id)).toBe('impaired');
  });

  it('should put interfaces of its own where nothing is attached', () => {
    const { world, holder, standby } = startLab();
    const indexes = (id: string): (number | undefined)[] =>
      world.interfacesOf(id).map(({ attachment }) => attachment?.deviceIndex);
    world.addOwnInterfaces(holder, 1);
    world.addOwnInterfaces(standby, 2);
    expect(new Set(indexes(holder))).toEqual(new Set([0, 1, 2]));
    expect(indexes(standby)).toEqual([0, 1, 2]);
    expect(() => world.addOwnInterfaces('i-nobody', 1)).toThrow('no such instance');
  });
});

describe('instance types', () => {
  it.each([
    ['c5.large', { cards: [3], maximumInterfaces: 3, addressesPerInterface: 10, sharedAttachments: 27 }],
    ['m5.2xlarge', { cards: [4], maximumInterfaces: 4, addressesPerInterface: 15 }],
    ['p4d.24xlarge', { cards: [15, 15, 15, 15], maximumInterfaces: 60, sharedAttachments: undefined }],
    ['c1.medium', { cards: [2], ipv6PerInterface: 0 }],
  ])('should know the limits of every real type: %s', (name, limits) => {
    expect(INSTANCE_TYPES[name]).toMatchObject(limits);
    expect(Object.keys(INSTANCE_TYPES).length).toBeGreaterThan(1_000);
  });

  it('should say whether volumes and interfaces share their attachments', async () => {
    const lab = startLab();
    const ask = async (name: 't3.small' | 'm7i.large'): Promise<object | undefined> => {
      const command = new DescribeInstanceTypesCommand({ InstanceTypes: [name] });
      return (await lab.clock.run(lab.ec2.send(command))).InstanceTypes?.[0]?.EbsInfo;
    };
    expect(await ask('t3.small')).toEqual({ AttachmentLimitType: 'shared', MaximumEbsAttachments: 27 });
    expect(await ask('m7i.large')).toMatchObject({ AttachmentLimitType: 'dedicated' });
  });
});

describe('pages', () => {
  it.each(['short', 'empty'] as const)('should be %s where told so, and lose nothing', async (pages) => {
    const lab = startLab({ quirks: { pages }, buckets: false });
    for (let i = 0; i < 20; i += 1) lab.world.addInterface();
    const sizes: number[] = [];
    const seen = new Set<string | undefined>();
    let NextToken: string | undefined;
    do {
      const command = new DescribeNetworkInterfacesCommand({ MaxResults: 5, NextToken });
      const reply = await lab.clock.run(lab.ec2.send(command));
      for (const { NetworkInterfaceId } of reply.NetworkInterfaces ?? []) seen.add(NetworkInterfaceId);
      sizes.push(reply.NetworkInterfaces?.length ?? -1);
      ({ NextToken } = reply);
    } while (NextToken !== undefined);
    expect(seen.size).toBe(lab.world.interfaces.all().length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(3);
    expect(Math.min(...sizes)).toBe(pages === 'empty' ? 0 : 1);
  });
});
