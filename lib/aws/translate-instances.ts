import type { Instance, InstanceNetworkInterface, InstanceTypeInfo, Reservation } from '@aws-sdk/client-ec2';
import type { InstanceState, MemberView, OccupiedSlot, TypeLimits } from '../core/model.ts';
import { required, requiredOneOf, type Subject, toTags } from './translate.ts';

const INSTANCE_STATES: readonly InstanceState[] = [
  'pending',
  'running',
  'stopping',
  'stopped',
  'shutting-down',
  'terminated',
];

/** DescribeInstances `Reservations[]` → members. The owner is a field of the reservation, not of the instance. */
export function toMembers(reservation: Reservation): MemberView[] {
  return (reservation.Instances ?? []).map((instance) => toMember(instance, reservation.OwnerId));
}

function toMember(instance: Instance, ownerId: string | undefined): MemberView {
  const subject = { action: 'ec2:DescribeInstances', id: instance.InstanceId ?? 'an instance' };
  const state = requiredOneOf(instance.State?.Name, INSTANCE_STATES, 'State.Name', subject);
  return {
    id: required(instance.InstanceId, 'InstanceId', subject),
    state,
    type: required(instance.InstanceType, 'InstanceType', subject),
    zone: required(instance.Placement?.AvailabilityZone, 'Placement.AvailabilityZone', subject),
    vpcId: toVpcId(instance, state, subject),
    ownerId: required(ownerId, 'OwnerId', subject),
    launchedAt: required(instance.LaunchTime, 'LaunchTime', subject).getTime(),
    slots: (instance.NetworkInterfaces ?? []).flatMap((each) => toSlots(each, subject)),
    tags: toTags(instance.Tags),
  };
}

/** An instance that is being terminated loses its VPC at some point; it is no target any more, so '' does no harm. */
function toVpcId({ VpcId }: Instance, state: InstanceState, subject: Subject): string {
  if (state === 'terminated' || state === 'shutting-down') return VpcId ?? '';
  return required(VpcId, 'VpcId', subject);
}

/** None for an interface that has left already. One that is attaching or detaching occupies its place. */
function toSlots({ Attachment, NetworkInterfaceId }: InstanceNetworkInterface, subject: Subject): OccupiedSlot[] {
  if (Attachment === undefined || Attachment.Status === 'detached') return [];
  return [
    {
      interfaceId: required(NetworkInterfaceId, 'NetworkInterfaces[].NetworkInterfaceId', subject),
      deviceIndex: required(Attachment.DeviceIndex, 'NetworkInterfaces[].Attachment.DeviceIndex', subject),
      networkCardIndex: Attachment.NetworkCardIndex ?? 0,
    },
  ];
}

/** DescribeInstanceTypes `InstanceTypes[].NetworkInfo` → limits. */
export function toTypeLimits(type: InstanceTypeInfo): TypeLimits {
  const subject = { action: 'ec2:DescribeInstanceTypes', id: type.InstanceType ?? 'an instance type' };
  const info = required(type.NetworkInfo, 'NetworkInfo', subject);
  const maxInterfaces = required(info.MaximumNetworkInterfaces, 'MaximumNetworkInterfaces', subject);
  return {
    maxInterfaces,
    ipv4PerInterface: required(info.Ipv4AddressesPerInterface, 'Ipv4AddressesPerInterface', subject),
    ipv6PerInterface: required(info.Ipv6AddressesPerInterface, 'Ipv6AddressesPerInterface', subject),
    cards: toCards(info.NetworkCards, maxInterfaces, subject),
  };
}

/** Types of an old generation list no cards: they have one, and it takes all the interfaces. */
function toCards(
  cards: NonNullable<InstanceTypeInfo['NetworkInfo']>['NetworkCards'] = [],
  maxInterfaces: number,
  subject: Subject,
): TypeLimits['cards'] {
  if (cards.length === 0) return [{ index: 0, maxInterfaces }];
  return cards.map((card) => ({
    index: required(card.NetworkCardIndex, 'NetworkCards[].NetworkCardIndex', subject),
    maxInterfaces: required(card.MaximumNetworkInterfaces, 'NetworkCards[].MaximumNetworkInterfaces', subject),
  }));
}
