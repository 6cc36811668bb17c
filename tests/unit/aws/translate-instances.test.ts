import type { Instance, InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { toMembers, toTypeLimits } from '../../../lib/aws/translate-instances.ts';

const INSTANCE: Instance = {
  InstanceId: 'i-1',
  State: { Code: 16, Name: 'running' },
  InstanceType: 't3.micro',
  Placement: { AvailabilityZone: 'eu-central-1a' },
  VpcId: 'vpc-1',
  LaunchTime: new Date(1_700_000_000_000),
  NetworkInterfaces: [],
  Tags: [{ Key: 'eni-failover:group', Value: 'web db' }],
};

function memberOf(fields: Partial<Instance>) {
  return toMembers({ OwnerId: '111122223333', Instances: [{ ...INSTANCE, ...fields }] })[0];
}

const attachmentOf = (Status: 'attaching' | 'attached' | 'detaching' | 'detached', DeviceIndex: number) => ({
  NetworkInterfaceId: `eni-${DeviceIndex}`,
  Attachment: { Status, DeviceIndex, ...(DeviceIndex === 3 && { NetworkCardIndex: 1 }) },
});

describe('toMembers', () => {
  it('should translate every instance of a reservation', () => {
    const members = toMembers({ OwnerId: '111122223333', Instances: [INSTANCE, { ...INSTANCE, InstanceId: 'i-2' }] });
    expect(members.map(({ id }) => id)).toEqual(['i-1', 'i-2']);
    expect(members[0]).toEqual({
      id: 'i-1',
      state: 'running',
      type: 't3.micro',
      zone: 'eu-central-1a',
      vpcId: 'vpc-1',
      ownerId: '111122223333',
      launchedAt: 1_700_000_000_000,
      slots: [],
      tags: { 'eni-failover:group': 'web db' },
    });
  });

  it('should count every interface as a slot until it is detached', () => {
    const NetworkInterfaces = [
      attachmentOf('attached', 0),
      attachmentOf('attaching', 1),
      attachmentOf('detaching', 3),
      attachmentOf('detached', 4),
      { NetworkInterfaceId: 'eni-5' },
    ];
    expect(memberOf({ NetworkInterfaces })?.slots).toEqual([
      { interfaceId: 'eni-0', deviceIndex: 0, networkCardIndex: 0 },
      { interfaceId: 'eni-1', deviceIndex: 1, networkCardIndex: 0 },
      { interfaceId: 'eni-3', deviceIndex: 3, networkCardIndex: 1 },
    ]);
  });

  it.each(['shutting-down', 'terminated'] as const)('should accept that an instance that is %s has no VPC', (Name) => {
    expect(memberOf({ State: { Name }, VpcId: undefined })).toMatchObject({ state: Name, vpcId: '' });
  });

  it.each([
    ['InstanceId', { InstanceId: undefined }],
    ['State.Name', { State: undefined }],
    ['InstanceType', { InstanceType: undefined }],
    ['Placement.AvailabilityZone', { Placement: {} }],
    ['VpcId', { VpcId: undefined }],
    ['LaunchTime', { LaunchTime: undefined }],
    [
      'DeviceIndex',
      { NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1', Attachment: { Status: 'attached' as const } }] },
    ],
    ['NetworkInterfaceId', { NetworkInterfaces: [{ Attachment: { Status: 'attached' as const, DeviceIndex: 1 } }] }],
  ])('should refuse to guess %s', (field, fields) => {
    expect(() => memberOf(fields)).toThrow(
      expect.objectContaining({
        failure: 'invalid',
        action: 'ec2:DescribeInstances',
        message: expect.stringContaining(field),
      }),
    );
  });

  it('should refuse to guess the owner, and a state it does not know', () => {
    expect(() => toMembers({ Instances: [INSTANCE] })).toThrow('the reply has no OwnerId for i-1.');
    expect(() => memberOf({ State: { Name: 'dreaming' as 'running' } })).toThrow("State.Name of i-1 is 'dreaming'");
  });
});

const TYPE: InstanceTypeInfo = {
  InstanceType: 't3.micro',
  NetworkInfo: {
    MaximumNetworkInterfaces: 2,
    Ipv4AddressesPerInterface: 3,
    Ipv6AddressesPerInterface: 0,
    NetworkCards: [
      { NetworkCardIndex: 0, MaximumNetworkInterfaces: 1 },
      { NetworkCardIndex: 1, MaximumNetworkInterfaces: 1 },
    ],
  },
};

describe('toTypeLimits', () => {
  it('should translate the limits and every card', () => {
    expect(toTypeLimits(TYPE)).toEqual({
      maxInterfaces: 2,
      ipv4PerInterface: 3,
      ipv6PerInterface: 0,
      cards: [
        { index: 0, maxInterfaces: 1 },
        { index: 1, maxInterfaces: 1 },
      ],
    });
  });

  it('should give a type that lists no cards one', () => {
    const { NetworkCards: _, ...NetworkInfo } = TYPE.NetworkInfo ?? {};
    expect(toTypeLimits({ ...TYPE, NetworkInfo }).cards).toEqual([{ index: 0, maxInterfaces: 2 }]);
  });

  it.each(['MaximumNetworkInterfaces', 'Ipv4AddressesPerInterface', 'Ipv6AddressesPerInterface'])(
    'should refuse to guess %s',
    (field) => {
      const NetworkInfo = { ...TYPE.NetworkInfo, [field]: undefined };
      expect(() => toTypeLimits({ ...TYPE, NetworkInfo })).toThrow(`the reply has no ${field} for t3.micro.`);
    },
  );
});
