import type { NetworkInterface } from '@aws-sdk/client-ec2';
import { toInterfaces } from '../../../lib/aws/translate-interfaces.ts';

const ENI: NetworkInterface = {
  NetworkInterfaceId: 'eni-1',
  AvailabilityZone: 'eu-central-1a',
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

/** The view of an interface that can be understood. */
function toInterface(eni: NetworkInterface) {
  const { views, unreadable } = toInterfaces([eni]);
  expect(unreadable).toEqual([]);
  return views[0];
}

describe('toInterfaces', () => {
  it('should translate an available interface', () => {
    expect(toInterface(ENI)).toEqual({
      id: 'eni-1',
      zone: 'eu-central-1a',
      ownerId: '111122223333',
      type: 'interface',
      privateIpv4Count: 2,
      moreAddresses: ['10.0.0.10', '10.0.0.11'],
      ipv6Count: 0,
      tags: { 'eni-failover:group': 'web' },
    });
  });

  it('should translate an attachment', () => {
    expect(toInterface({ ...ENI, Attachment: ATTACHMENT })?.attachment).toEqual({
      id: 'eni-attach-1',
      instanceId: 'i-1',
      deviceIndex: 1,
      networkCardIndex: 2,
      status: 'attached',
      deleteOnTermination: false,
    });
  });

  it.each([
    ['ENA Express, and for UDP', { EnaSrdEnabled: true, EnaSrdUdpSpecification: { EnaSrdUdpEnabled: true } }, true],
    ['ENA Express', { EnaSrdEnabled: true, EnaSrdUdpSpecification: { EnaSrdUdpEnabled: false } }, false],
    ['ENA Express, without a word on UDP', { EnaSrdEnabled: true }, false],
  ])('should tell what the attachment was asked for with: %s', (_, EnaSrdSpecification, udp) => {
    const attached = toInterface({ ...ENI, Attachment: { ...ATTACHMENT, EnaSrdSpecification, EnaQueueCount: 4 } });
    expect(attached?.attachment?.ena).toEqual({ express: { udp }, queues: 4 });
  });

  it.each([{}, { EnaSrdSpecification: { EnaSrdEnabled: false } }, { EnaSrdSpecification: {} }])(
    'should tell nothing of what an attach gives by itself: %j',
    (fields) => {
      const attached = toInterface({ ...ENI, Attachment: { ...ATTACHMENT, ...fields } });
      expect(attached?.attachment).not.toHaveProperty('ena');
    },
  );

  it('should tell which Outpost an interface is on', () => {
    expect(toInterface({ ...ENI, OutpostArn: 'arn:op-1' })?.outpost).toBe('arn:op-1');
  });

  it.each(['attaching', 'attached', 'detaching', 'detached'] as const)('should keep the status %s', (Status) => {
    expect(toInterface({ ...ENI, Attachment: { ...ATTACHMENT, Status } })?.attachment?.status).toBe(Status);
  });

  it('should accept an attachment to something that is not an instance, and count it to card 0', () => {
    const { InstanceId: _, NetworkCardIndex: __, ...rest } = ATTACHMENT;
    const attachment = toInterface({ ...ENI, Attachment: rest })?.attachment;
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
    expect([view?.privateIpv4Count, view?.ipv6Count]).toEqual([3, 2]);
  });

  it.each([
    ['nobody', { RequesterManaged: false, Operator: { Managed: false } }, undefined],
    ['the operator', { Operator: { Managed: true, Principal: 'eks.amazonaws.com' } }, 'eks.amazonaws.com'],
    ['an unnamed operator', { Operator: { Managed: true } }, 'an AWS service'],
    ['the requester', { RequesterManaged: true, RequesterId: 'amazon-elb' }, 'amazon-elb'],
    ['an unnamed requester', { RequesterManaged: true, RequesterId: undefined }, 'an AWS service'],
  ])('should say that %s manages it', (_, fields, managedBy) => {
    expect(toInterface({ ...ENI, ...fields })?.managedBy).toBe(managedBy);
  });

  it.each(['AvailabilityZone', 'OwnerId', 'InterfaceType'] as const)(
    'should name an interface without %s, and read the others',
    (field) => {
      const others = [
        { ...ENI, NetworkInterfaceId: 'eni-0' },
        { ...ENI, NetworkInterfaceId: 'eni-2' },
      ] as const;
      const { views, unreadable } = toInterfaces([others[0], { ...ENI, [field]: undefined }, others[1]]);
      expect(views.map(({ id }) => id)).toEqual(['eni-0', 'eni-2']);
      expect(unreadable).toEqual([
        { id: 'eni-1', reason: `The reply has no ${field} for eni-1.`, tags: { 'eni-failover:group': 'web' } },
      ]);
    },
  );

  it.each(['AttachmentId', 'DeviceIndex', 'Status', 'DeleteOnTermination'] as const)(
    'should refuse to guess Attachment.%s',
    (field) => {
      const { views, unreadable } = toInterfaces([{ ...ENI, Attachment: { ...ATTACHMENT, [field]: undefined } }]);
      expect(views).toEqual([]);
      expect(unreadable).toMatchObject([
        {
          id: 'eni-1',
          reason: `The reply has no Attachment.${field} for eni-1.`,
          tags: { 'eni-failover:group': 'web' },
        },
      ]);
    },
  );

  it('should refuse an attachment status it does not know', () => {
    const Attachment = { ...ATTACHMENT, Status: 'floating' as 'attached' };
    expect(toInterfaces([{ ...ENI, Attachment }]).unreadable).toMatchObject([
      { id: 'eni-1', reason: "Attachment.Status of eni-1 is 'floating', which this version does not know." },
    ]);
  });

  it('should tell the tags even of an interface that has no id, as far as they can be read', () => {
    const TagSet = [{ Key: 'eni-failover:group', Value: 'web' }, { Value: 'keyless' }, { Key: 'empty' }];
    expect(toInterfaces([{ ...ENI, NetworkInterfaceId: undefined, TagSet }, {}]).unreadable).toEqual([
      {
        id: 'an interface',
        reason: 'The reply has no NetworkInterfaceId for an interface.',
        tags: { 'eni-failover:group': 'web', '': 'keyless', empty: '' },
      },
      { id: 'an interface', reason: 'The reply has no NetworkInterfaceId for an interface.', tags: {} },
    ]);
  });
});
