import type { NetworkInterface, NetworkInterfaceAttachment } from '@aws-sdk/client-ec2';
import type { AttachmentView, InterfaceView, Listing } from '../core/model.ts';
import { readEach, required, requiredOneOf, type Subject, toTags } from './translate.ts';

const ATTACHMENT_STATUSES: readonly AttachmentView['status'][] = ['attaching', 'attached', 'detaching', 'detached'];

/** DescribeNetworkInterfaces `NetworkInterfaces[]` → views; one that cannot be understood is `unreadable`, by its id. */
export function toInterfaces(enis: readonly NetworkInterface[]): Listing<InterfaceView> {
  return readEach(enis, toInterface, (eni) => ({ id: idOf(eni), tags: toTags(eni.TagSet) }));
}

const idOf = (eni: NetworkInterface): string => eni.NetworkInterfaceId ?? 'an interface';

function toInterface(eni: NetworkInterface): InterfaceView {
  const subject = { action: 'ec2:DescribeNetworkInterfaces', id: idOf(eni) };
  const managedBy = managerOf(eni);
  return {
    id: required(eni.NetworkInterfaceId, 'NetworkInterfaceId', subject),
    zone: required(eni.AvailabilityZone, 'AvailabilityZone', subject),
    ownerId: required(eni.OwnerId, 'OwnerId', subject),
    type: required(eni.InterfaceType, 'InterfaceType', subject),
    ...(managedBy !== undefined && { managedBy }),
    ...(eni.OutpostArn !== undefined && { outpost: eni.OutpostArn }),
    // A delegated prefix takes the place of one address ("Assign prefixes to network interfaces", EC2 User Guide).
    privateIpv4Count: countOf(eni.PrivateIpAddresses) + countOf(eni.Ipv4Prefixes),
    ipv6Count: countOf(eni.Ipv6Addresses) + countOf(eni.Ipv6Prefixes),
    ...(eni.PrivateIpAddress !== undefined && { address: eni.PrivateIpAddress }),
    ...addressesOf(eni),
    ...(eni.SubnetId !== undefined && { subnetId: eni.SubnetId }),
    ...(eni.VpcId !== undefined && { vpcId: eni.VpcId }),
    ...toAttached(eni, subject),
    tags: toTags(eni.TagSet),
  };
}

/** What a person knows it by; the primary private one is there already. */
function addressesOf(eni: NetworkInterface): Pick<InterfaceView, 'moreAddresses' | 'publicAddresses'> {
  const { PrivateIpAddresses = [], Association, Ipv6Addresses = [] } = eni;
  const own = [
    ...PrivateIpAddresses.map((each) => each.PrivateIpAddress),
    ...Ipv6Addresses.map((each) => each.Ipv6Address),
  ];
  const mapped = [Association, ...PrivateIpAddresses.map((each) => each.Association)].map((each) => each?.PublicIp);
  const more = own.filter((address) => address !== undefined && address !== eni.PrivateIpAddress);
  const known = mapped.filter((address) => address !== undefined);
  return {
    ...(more.length > 0 && { moreAddresses: more as string[] }),
    ...(known.length > 0 && { publicAddresses: [...new Set(known)] }),
  };
}

/** An interface in use that does not say by whom is not a loose one. */
function toAttached({ Attachment, Status }: NetworkInterface, subject: Subject): Pick<InterfaceView, 'attachment'> {
  if (Attachment === undefined && Status !== 'in-use') return {};
  return { attachment: toAttachment(required(Attachment, 'Attachment', subject), subject) };
}

function toAttachment(attachment: NetworkInterfaceAttachment, subject: Subject): AttachmentView {
  return {
    id: required(attachment.AttachmentId, 'Attachment.AttachmentId', subject),
    ...(attachment.InstanceId !== undefined && { instanceId: attachment.InstanceId }),
    deviceIndex: required(attachment.DeviceIndex, 'Attachment.DeviceIndex', subject),
    networkCardIndex: attachment.NetworkCardIndex ?? 0,
    status: requiredOneOf(attachment.Status, ATTACHMENT_STATUSES, 'Attachment.Status', subject),
    deleteOnTermination: required(attachment.DeleteOnTermination, 'Attachment.DeleteOnTermination', subject),
    ...(attachment.AttachTime && { attachedAt: attachment.AttachTime.getTime() }),
    ...toEna(attachment),
  };
}

/** ENA Express that is off, and UDP over it that is, is what an attach gives by itself. */
function toEna({ EnaSrdSpecification: srd, EnaQueueCount }: NetworkInterfaceAttachment): Pick<AttachmentView, 'ena'> {
  const udp = srd?.EnaSrdUdpSpecification?.EnaSrdUdpEnabled === true;
  const ena = {
    ...(srd?.EnaSrdEnabled === true && { express: { udp } }),
    ...(EnaQueueCount !== undefined && { queues: EnaQueueCount }),
  };
  return Object.keys(ena).length > 0 ? { ena } : {};
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
