import type { Instance, InstanceStatus, InstanceTypeInfo, NetworkInterface } from '@aws-sdk/client-ec2';
import { toTags } from '../../../lib/aws/translate.ts';
import { toAlarm } from '../../../lib/aws/translate-alarms.ts';
import { toMembers, toTypeLimits } from '../../../lib/aws/translate-instances.ts';
import { toInterface } from '../../../lib/aws/translate-interfaces.ts';
import { toChecks } from '../../../lib/aws/translate-status.ts';

const ENI: NetworkInterface = {
  NetworkInterfaceId: 'eni-1',
  AvailabilityZone: 'eu-central-1a',
  VpcId: 'vpc-1',
  OwnerId: '111122223333',
  InterfaceType: 'interface',
  RequesterManaged: false,
  RequesterId: 'AIDAEXAMPLE',
  PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.10' }, { PrivateIpAddress: '10.0.0.11' }],
  Ipv6Addresses: [],
  TagSet: [{ Key: 'eni-failover:group', Value: 'web' }],
};

const ATTACHMENT = {
  AttachmentId: 'eni-attach-1',
  InstanceId: 'i-1',
  InstanceOwnerId: '111122223333',
  DeviceIndex: 1,
  NetworkCardIndex: 2,
  Status: 'attached',
  DeleteOnTermination: false,
} as const;

describe('toInterface', () => {
  it('should translate an available interface', () => {
    expect(toInterface(ENI)).toEqual({
      id: 'eni-1',
      zone: 'eu-central-1a',
      vpcId: 'vpc-1',
      ownerId: '111122223333',
      type: 'interface',
      privateIpv4Count: 2,
      ipv6Count: 0,
      tags: { 'eni-failover:group': 'web' },
    });
  });

  it('should translate an attachment', () => {
    expect(toInterface({ ...ENI, Attachment: ATTACHMENT }).attachment).toEqual({
      id: 'eni-attach-1',
      instanceId: 'i-1',
      deviceIndex: 1,
      networkCardIndex: 2,
      status: 'attached',
      deleteOnTermination: false,
    });
  });

  it.each(['attaching', 'attached', 'detaching', 'detached'] as const)('should keep the status %s', (Status) => {
    expect(toInterface({ ...ENI, Attachment: { ...ATTACHMENT, Status } }).attachment?.status).toBe(Status);
  });

  it('should accept an attachment to something that is not an instance, and count it to card 0', () => {
    const { InstanceId: _, NetworkCardIndex: __, ...rest } = ATTACHMENT;
    const { attachment } = toInterface({ ...ENI, Attachment: rest });
    expect(attachment).not.toHaveProperty('instanceId');
    expect(attachment?.networkCardIndex).toBe(0);
  });

  it('should count a delegated prefix as the address whose place it takes', () => {
    const view = toInterface({
      ...ENI,
      Ipv4Prefixes: [{ Ipv4Prefix: '10.0.1.0/28' }],
      Ipv6Addresses: [{ Ipv6Address: '2001:db8::1' }],
      Ipv6Prefixes: [{ Ipv6Prefix: '2001:db8:1::/80' }],
    });
    expect([view.privateIpv4Count, view.ipv6Count]).toEqual([3, 2]);
  });

  it.each([
    ['nobody', { RequesterManaged: false, Operator: { Managed: false } }, undefined],
    ['the operator', { Operator: { Managed: true, Principal: 'eks.amazonaws.com' } }, 'eks.amazonaws.com'],
    ['an unnamed operator', { Operator: { Managed: true } }, 'an AWS service'],
    ['the requester', { RequesterManaged: true, RequesterId: 'amazon-elb' }, 'amazon-elb'],
    ['an unnamed requester', { RequesterManaged: true, RequesterId: undefined }, 'an AWS service'],
  ])('should say that %s manages it', (_, fields, managedBy) => {
    expect(toInterface({ ...ENI, ...fields }).managedBy).toBe(managedBy);
  });

  it.each(['NetworkInterfaceId', 'AvailabilityZone', 'VpcId', 'OwnerId', 'InterfaceType'] as const)(
    'should refuse to guess %s',
    (field) => {
      expect(() => toInterface({ ...ENI, [field]: undefined })).toThrow(
        expect.objectContaining({
          failure: 'invalid',
          awsCode: 'IncompleteReply',
          message: expect.stringContaining(field),
        }),
      );
    },
  );

  it.each(['AttachmentId', 'DeviceIndex', 'Status', 'DeleteOnTermination'] as const)(
    'should refuse to guess Attachment.%s',
    (field) => {
      const Attachment = { ...ATTACHMENT, [field]: undefined };
      expect(() => toInterface({ ...ENI, Attachment })).toThrow(`the reply has no Attachment.${field} for eni-1.`);
    },
  );

  it('should refuse an attachment status it does not know', () => {
    const Attachment = { ...ATTACHMENT, Status: 'floating' as 'attached' };
    expect(() => toInterface({ ...ENI, Attachment })).toThrow(
      "UnknownValue: Attachment.Status of eni-1 is 'floating', which this version does not know.",
    );
  });
});

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

describe('toTags', () => {
  it('should keep any key, and a value that is empty', () => {
    const tags = toTags([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '' },
      { Key: 'c' },
      { Key: '__proto__', Value: 'x' },
    ]);
    expect(Object.entries(tags)).toEqual([
      ['a', '1'],
      ['b', ''],
      ['c', ''],
      ['__proto__', 'x'],
    ]);
    expect(toTags()).toEqual({});
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

const OK: InstanceStatus = {
  SystemStatus: { Status: 'ok' },
  InstanceStatus: { Status: 'ok' },
  AttachedEbsStatus: { Status: 'ok' },
  ApplicationStatus: { Status: 'ok' },
};

const detailsSince = (...times: number[]) => times.map((time) => ({ ImpairedSince: new Date(time) }));

describe('toChecks', () => {
  it('should tell the four checks apart', () => {
    const checks = toChecks({
      SystemStatus: { Status: 'impaired' },
      InstanceStatus: { Status: 'initializing' },
      AttachedEbsStatus: { Status: 'insufficient-data' },
      ApplicationStatus: { Status: 'suppressed' as 'ok' },
    });
    expect(checks).toEqual({
      system: 'impaired',
      instance: 'initializing',
      attachedEbs: 'insufficient-data',
      application: 'suppressed',
      scheduledEvents: [],
    });
  });

  it('should read nothing into a check that is missing', () => {
    expect(toChecks({})).toEqual({
      system: 'unreadable',
      instance: 'unreadable',
      attachedEbs: 'not-applicable',
      application: 'not-applicable',
      scheduledEvents: [],
    });
  });

  it.each(['ok', 'impaired', 'initializing', 'insufficient-data', 'not-applicable'] as const)(
    'should know %s',
    (Status) => {
      expect(toChecks({ ...OK, SystemStatus: { Status } }).system).toBe(Status);
    },
  );

  it('should read a status it does not know as unreadable', () => {
    expect(toChecks({ ...OK, InstanceStatus: { Status: 'unwell' as 'ok' } }).instance).toBe('unreadable');
  });

  it('should take the earliest time of the checks that are impaired', () => {
    const checks = toChecks({
      SystemStatus: { Status: 'ok', Details: detailsSince(100) },
      InstanceStatus: { Status: 'impaired', Details: [{}, ...detailsSince(400, 300)] },
      ApplicationStatus: { Status: 'impaired', ImpairedSince: new Date(500) },
    });
    expect(checks.impairedSince).toBe(300);
  });

  it('should take the time of the application, which has no details', () => {
    const ApplicationStatus = { Status: 'impaired' as const, ImpairedSince: new Date(500) };
    expect(toChecks({ ...OK, ApplicationStatus }).impairedSince).toBe(500);
    expect(toChecks(OK)).not.toHaveProperty('impairedSince');
  });

  it('should list the events that are still to come', () => {
    const checks = toChecks({
      ...OK,
      Events: [
        { Code: 'instance-retirement', Description: 'The instance is running on degraded hardware' },
        { Code: 'instance-reboot', Description: '[Completed] done' },
        { Code: 'instance-stop', Description: '[Canceled] never mind' },
        { Code: 'system-reboot' },
        { Description: 'no code' },
      ],
    });
    expect(checks.scheduledEvents).toEqual(['instance-retirement', 'system-reboot']);
  });
});

describe('toAlarm', () => {
  it('should translate an alarm on one metric', () => {
    const alarm = toAlarm({
      AlarmName: 'web-a',
      Namespace: 'AWS/EC2',
      MetricName: 'StatusCheckFailed',
      Dimensions: [
        { Name: 'Other', Value: 'x' },
        { Name: 'InstanceId', Value: 'i-1' },
      ],
      Metrics: [],
    });
    expect(alarm).toEqual({
      name: 'web-a',
      metrics: [{ namespace: 'AWS/EC2', name: 'StatusCheckFailed', instanceId: 'i-1' }],
    });
  });

  it('should translate metric math, an entry for each', () => {
    const alarm = toAlarm({
      AlarmName: 'math',
      Metrics: [
        { Id: 'e', Expression: 'MAX([a, b])' },
        {
          Id: 'a',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/EC2',
              MetricName: 'StatusCheckFailed_System',
              Dimensions: [{ Name: 'InstanceId', Value: 'i-1' }],
            },
            Period: 60,
            Stat: 'Maximum',
          },
        },
        { Id: 'b', MetricStat: { Metric: { Namespace: 'Mine', MetricName: 'Heartbeat' }, Period: 10, Stat: 'Sum' } },
      ],
    });
    expect(alarm.metrics).toEqual([
      {},
      { namespace: 'AWS/EC2', name: 'StatusCheckFailed_System', instanceId: 'i-1' },
      { namespace: 'Mine', name: 'Heartbeat' },
    ]);
  });

  it('should accept an alarm that names no metric, and none without a name', () => {
    expect(toAlarm({ AlarmName: 'query' })).toEqual({ name: 'query', metrics: [] });
    expect(() => toAlarm({})).toThrow('the reply has no AlarmName');
  });
});
