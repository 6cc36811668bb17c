import type { NetworkInterface, NetworkInterfaceAttachment } from '@aws-sdk/client-ec2';
import type { AttachmentView, InterfaceView } from '../core/model.ts';
import { required, requiredOneOf, type Subject, toTags } from './translate.ts';

const ATTACHMENT_STATUSES: readonly AttachmentView['status'][] = ['attaching', 'attached', 'detaching', 'detached'];

/** DescribeNetworkInterfaces `NetworkInterfaces[]` → view. */
export function toInterface(eni: NetworkInterface): InterfaceView {
  const subject = { action: 'ec2:DescribeNetworkInterfaces', id: eni.NetworkInterfaceId ?? 'an interface' };
  const managedBy = managerOf(eni);
  return {
    id: required(eni.NetworkInterfaceId, 'NetworkInterfaceId', subject),
    zone: required(eni.AvailabilityZone, 'AvailabilityZone', subject),
    vpcId: required(eni.VpcId, 'VpcId', subject),
    ownerId: required(eni.OwnerId, 'OwnerId', subject),
    type: required(eni.InterfaceType, 'InterfaceType', subject),
    ...(managedBy !== undefined && { managedBy }),
    // A delegated prefix takes the place of one address ("Assign prefixes to network interfaces", EC2 User Guide).
    privateIpv4Count: countOf(eni.PrivateIpAddresses) + countOf(eni.Ipv4Prefixes),
    ipv6Count: countOf(eni.Ipv6Addresses) + countOf(eni.Ipv6Prefixes),
    ...(eni.Attachment !== undefined && { attachment: toAttachment(eni.Attachment, subject) }),
    tags: toTags(eni.TagSet),
  };
}

function toAttachment(attachment: NetworkInterfaceAttachment, subject: Subject): AttachmentView {
  return {
    id: required(attachment.AttachmentId, 'Attachment.AttachmentId', subject),
    ...(attachment.InstanceId !== undefined && { instanceId: attachment.InstanceId }),
    deviceIndex: required(attachment.DeviceIndex, 'Attachment.DeviceIndex', subject),
    networkCardIndex: attachment.NetworkCardIndex ?? 0,
    status: requiredOneOf(attachment.Status, ATTACHMENT_STATUSES, 'Attachment.Status', subject),
    deleteOnTermination: required(attachment.DeleteOnTermination, 'Attachment.DeleteOnTermination', subject),
  };
}

/** A requester id alone says nothing: it is there for an interface that a role of this account created, too. */
function managerOf({ Operator, RequesterManaged, RequesterId }: NetworkInterface): string | undefined {
  if (Operator?.Managed) return Operator.Principal ?? 'an AWS service';
  if (RequesterManaged) return RequesterId ?? 'an AWS service';
  return undefined;
}

function countOf(list: readonly unknown[] = []): number {
  return list.length;
}
