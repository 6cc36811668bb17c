import type { Instance, InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { toMembers, toTypeLimits } from '../../../lib/aws/translate-instances.ts';

const INSTANCE: Instance = {
  InstanceId: 'i-1',
  State: { Code: 16, Name: 'running' },
  InstanceType: 't3.micro',
  Placement: { AvailabilityZone: 'eu-central-1a' },
  LaunchTime: new Date(1_700_000_000_000),
  NetworkInterfaces: [],
  Tags: [{ Key: 'eni-failover:group', Value: 'web db' }],
};

function listingOf(fields: Partial<Instance>) {
  return toMembers([{ OwnerId: '111122223333', Instances: [{ ...INSTANCE, ...fields }] }]);
}

const attachmentOf = (Status: 'attaching' | 'attached' | 'detaching' | 'detached', DeviceIndex: number) => ({
  NetworkInterfaceId: `eni-${DeviceIndex}`,
  Attachment: { Status, DeviceIndex, ...(DeviceIndex === 3 && { NetworkCardIndex: 1 }) },
});

describe('toMembers', () => {
  it.each<[Instance['Placement'], object | undefined]>([
    [{ GroupName: '' }, undefined],
    [{ GroupName: 'apart' }, { group: 'apart' }],
    [
      { GroupName: 'racks', PartitionNumber: 2 },
      { group: 'racks', partition: 2 },
    ],
  ])('should know the placement group: %j', (Placement, placement) => {
    const { views } = listingOf({ Placement: { AvailabilityZone: 'eu-central-1a', ...Placement } });
    expect(views[0]?.placement).toEqual(placement);
  });

  it('should translate every instance of every reservation', () => {
    const { views, unreadable } = toMembers([
      { OwnerId: '111122223333', Instances: [INSTANCE, { ...INSTANCE, InstanceId: 'i-2' }] },
      { OwnerId: '444455556666', Instances: [{ ...INSTANCE, InstanceId: 'i-3' }] },
      {},
    ]);
    expect(views.map(({ id, ownerId }) => [id, ownerId])).toEqual([
      ['i-1', '111122223333'],
      ['i-2', '111122223333'],
      ['i-3', '444455556666'],
    ]);
    expect(unreadable).toEqual([]);
    expect(views[0]).toEqual({
      id: 'i-1',
      state: 'running',
      type: 't3.micro',
      zone: 'eu-central-1a',
      ownerId: '111122223333',
      launchedAt: 1_700_000_000_000,
      slots: [],
      volumes: 0,
      tags: { 'eni-failover:group': 'web db' },
    });
  });

  it('should count the volumes, and tell who manages an instance and which Outpost it is on', () => {
    const disks = [{ DeviceName: 'a', Ebs: { VolumeId: 'vol-1' } }, { DeviceName: 'b' }, { DeviceName: 'c', Ebs: {} }];
    const Operator = { Managed: true, Principal: 'eks.amazonaws.com' };
    const OutpostArn = 'arn:aws:outposts:eu-central-1:1:outpost/op-1';
    const view = listingOf({ BlockDeviceMappings: disks, Operator, OutpostArn }).views[0];
    expect(view).toMatchObject({ volumes: 2, managedBy: 'eks.amazonaws.com', outpost: OutpostArn });
    expect(listingOf({ Operator: { Managed: true } }).views[0]).toMatchObject({ managedBy: 'an AWS service' });
    expect(listingOf({ Operator: { Managed: false, Principal: 'x' } }).views[0]).not.toHaveProperty('managedBy');
  });

  it('should count every interface as a slot until it is detached', () => {
    const NetworkInterfaces = [
      attachmentOf('attached', 0),
      attachmentOf('attaching', 1),
      attachmentOf('detaching', 3),
      attachmentOf('detached', 4),
      { NetworkInterfaceId: 'eni-5' },
    ];
    expect(listingOf({ NetworkInterfaces }).views[0]?.slots).toEqual([
      { interfaceId: 'eni-0', deviceIndex: 0, networkCardIndex: 0 },
      { interfaceId: 'eni-1', deviceIndex: 1, networkCardIndex: 0 },
      { interfaceId: 'eni-3', deviceIndex: 3, networkCardIndex: 1 },
    ]);
  });

  it.each([
    ['State.Name', { State: undefined }],
    ['InstanceType', { InstanceType: undefined }],
    ['Placement.AvailabilityZone', { Placement: {} }],
    ['LaunchTime', { LaunchTime: undefined }],
    [
      'NetworkInterfaces[].Attachment.DeviceIndex',
      { NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1', Attachment: { Status: 'attached' as const } }] },
    ],
    [
      'NetworkInterfaces[].NetworkInterfaceId',
      { NetworkInterfaces: [{ Attachment: { Status: 'attached' as const, DeviceIndex: 1 } }] },
    ],
  ])('should name an instance without %s, and read the others', (field, fields) => {
    const others = ['i-0', 'i-2'].map((InstanceId) => ({ OwnerId: '1', Instances: [{ ...INSTANCE, InstanceId }] }));
    const bad = { OwnerId: '1', Instances: [{ ...INSTANCE, ...fields }] };
    const { views, unreadable } = toMembers([bad, ...others]);
    expect(views.map(({ id }) => id)).toEqual(['i-0', 'i-2']);
    expect(unreadable).toEqual([
      { id: 'i-1', reason: `The reply has no ${field} for i-1.`, tags: { 'eni-failover:group': 'web db' } },
    ]);
  });

  it('should name every instance of a reservation without an owner', () => {
    const Instances = [INSTANCE, { ...INSTANCE, InstanceId: 'i-2' }];
    const { views, unreadable } = toMembers([{ Instances }, { OwnerId: '1', Instances: [INSTANCE] }]);
    expect(views).toHaveLength(1);
    expect(unreadable.map(({ reason }) => reason)).toEqual([
      'The reply has no OwnerId for i-1.',
      'The reply has no OwnerId for i-2.',
    ]);
  });

  it('should refuse a state it does not know', () => {
    expect(listingOf({ State: { Name: 'dreaming' as 'running' } }).unreadable).toMatchObject([
      { id: 'i-1', reason: "State.Name of i-1 is 'dreaming', which this version does not know." },
    ]);
  });

  it('should tell the tags even of an instance that has no id, where it has tags', () => {
    const reason = 'The reply has no InstanceId for an instance.';
    const nameless = { InstanceId: undefined };
    expect(listingOf(nameless).unreadable).toEqual([
      { id: 'an instance', reason, tags: { 'eni-failover:group': 'web db' } },
    ]);
    expect(listingOf({ ...nameless, Tags: undefined }).unreadable).toEqual([{ id: 'an instance', reason, tags: {} }]);
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
    const limits = {
      maxInterfaces: 2,
      ipv4PerInterface: 3,
      ipv6PerInterface: 0,
      cards: [
        { index: 0, maxInterfaces: 1 },
        { index: 1, maxInterfaces: 1 },
      ],
    };
    expect(toTypeLimits([TYPE])).toEqual({ views: [{ type: 't3.micro', limits }], unreadable: [] });
  });

  it.each([
    ['shared', { AttachmentLimitType: 'shared', MaximumEbsAttachments: 27 }, 27],
    ['the volumes’ own', { AttachmentLimitType: 'dedicated', MaximumEbsAttachments: 32 }, undefined],
    ['not told', {}, undefined],
    ['shared, and not told', { AttachmentLimitType: 'shared' }, undefined],
  ] as const)('should translate the number of attachments that is %s', (_, EbsInfo, shared) => {
    expect(toTypeLimits([{ ...TYPE, EbsInfo }]).views[0]?.limits.sharedAttachments).toBe(shared);
  });

  it('should give a type that lists no cards one', () => {
    const { NetworkCards: _, ...NetworkInfo } = TYPE.NetworkInfo ?? {};
    expect(toTypeLimits([{ ...TYPE, NetworkInfo }]).views[0]?.limits.cards).toEqual([{ index: 0, maxInterfaces: 2 }]);
  });

  const info = (change: object): InstanceTypeInfo => ({ ...TYPE, NetworkInfo: { ...TYPE.NetworkInfo, ...change } });

  it.each<[string, InstanceTypeInfo]>([
    ['NetworkInfo', { ...TYPE, NetworkInfo: undefined }],
    ['MaximumNetworkInterfaces', info({ MaximumNetworkInterfaces: undefined })],
    ['Ipv4AddressesPerInterface', info({ Ipv4AddressesPerInterface: undefined })],
    ['Ipv6AddressesPerInterface', info({ Ipv6AddressesPerInterface: undefined })],
    ['NetworkCards[].NetworkCardIndex', info({ NetworkCards: [{ MaximumNetworkInterfaces: 1 }] })],
    ['NetworkCards[].MaximumNetworkInterfaces', info({ NetworkCards: [{ NetworkCardIndex: 0 }] })],
  ])('should name a type without %s, and read the others', (field, bad) => {
    const { views, unreadable } = toTypeLimits([bad, { ...TYPE, InstanceType: 'm5.large' }]);
    expect(views.map(({ type }) => type)).toEqual(['m5.large']);
    expect(unreadable).toEqual([{ id: 't3.micro', reason: `The reply has no ${field} for t3.micro.`, tags: {} }]);
  });

  it('should leave out limits without a type', () => {
    const { views, unreadable } = toTypeLimits([{ ...TYPE, InstanceType: undefined }]);
    expect(views).toEqual([]);
    expect(unreadable).toMatchObject([{ id: 'an instance type' }]);
  });
});
