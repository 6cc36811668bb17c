import type * as aws from '@aws-sdk/client-ec2';
import type { Attachment, NetworkInterface } from '../world/model.ts';
import { applyFilters, type Fields } from './filters.ts';
import { anyResource, describeBucket, findInterface, page, row } from './row.ts';
import { toTagList } from './tags.ts';

const FIELDS: Fields<NetworkInterface> = {
  'network-interface-id': ({ id }) => id,
  status: ({ attachment }) => (attachment ? 'in-use' : 'available'),
  'attachment.instance-id': ({ attachment }) => attachment?.instanceId,
  'attachment.attachment-id': ({ attachment }) => attachment?.id,
  'attachment.status': ({ attachment }) => attachment?.status,
  'attachment.device-index': ({ attachment }) => attachment?.deviceIndex,
  'availability-zone': ({ zone }) => zone,
  'subnet-id': ({ subnetId }) => subnetId,
  'vpc-id': ({ vpcId }) => vpcId,
  'owner-id': ({ ownerId }) => ownerId,
  'mac-address': ({ macAddress }) => macAddress,
  'private-ip-address': ({ privateIps }) => privateIps[0],
  'addresses.private-ip-address': ({ privateIps }) => privateIps,
  'interface-type': ({ interfaceType }) => interfaceType,
  'requester-managed': ({ requesterManaged }) => requesterManaged,
  description: ({ description }) => description,
};

export const describeNetworkInterfaces = row<aws.DescribeNetworkInterfacesRequest, aws.DescribeNetworkInterfacesResult>(
  {
    service: 'ec2',
    members: 'NetworkInterfaceIds Filters.Name Filters.Values MaxResults NextToken DryRun',
    resources: anyResource,
    bucket: describeBucket,
    handle(world, input, atMs) {
      const ids = input.NetworkInterfaceIds;
      const named = ids?.length ? ids.map((id) => findInterface(world, id, atMs)) : world.interfaces.all(atMs);
      const found = applyFilters(named, input.Filters, FIELDS, ({ tags }) => tags);
      const { items, NextToken } = page(world, found, ({ id }) => id, input, { low: 5, high: 1000, ids });
      return { NetworkInterfaces: items.map(describe), NextToken };
    },
  },
);

function describe(target: NetworkInterface): aws.NetworkInterface {
  const { attachment, elasticIp } = target;
  const association = elasticIp && {
    PublicIp: elasticIp.publicIp,
    AllocationId: elasticIp.allocationId,
    AssociationId: elasticIp.associationId,
    IpOwnerId: target.ownerId,
  };
  return {
    NetworkInterfaceId: target.id,
    AvailabilityZone: target.zone,
    SubnetId: target.subnetId,
    VpcId: target.vpcId,
    OutpostArn: target.outpostArn,
    OwnerId: target.ownerId,
    Description: target.description,
    MacAddress: target.macAddress,
    PrivateIpAddress: target.privateIps[0],
    PrivateIpAddresses: target.privateIps.map((address, index) => ({
      PrivateIpAddress: address,
      Primary: index === 0,
      Association: index === 0 ? association : undefined,
    })),
    Ipv6Addresses: target.ipv6.map((Ipv6Address) => ({ Ipv6Address })),
    Association: association,
    Groups: target.groups.map((GroupId) => ({ GroupId, GroupName: 'default' })),
    InterfaceType: target.interfaceType as aws.NetworkInterface['InterfaceType'],
    RequesterManaged: target.requesterManaged,
    Operator: { Managed: target.operatorManaged },
    SourceDestCheck: target.sourceDestCheck,
    Status: attachment ? 'in-use' : 'available',
    TagSet: toTagList(target.tags),
    Attachment: attachment && {
      ...describeAttachment(attachment),
      InstanceId: attachment.instanceId,
      InstanceOwnerId: target.ownerId,
    },
  };
}

/** The part of an attachment that both DescribeNetworkInterfaces and DescribeInstances show. */
export function describeAttachment(attachment: Attachment): aws.InstanceNetworkInterfaceAttachment {
  return {
    AttachmentId: attachment.id,
    DeviceIndex: attachment.deviceIndex,
    NetworkCardIndex: attachment.networkCardIndex,
    Status: attachment.status,
    // EC2 keeps whole seconds.
    AttachTime: new Date(Math.floor(attachment.attachMs / 1000) * 1000),
    DeleteOnTermination: attachment.deleteOnTermination,
    EnaSrdSpecification: attachment.enaSrd,
    EnaQueueCount: attachment.enaQueueCount,
  };
}
