import type { EbsInfo, Instance, InstanceNetworkInterface, InstanceTypeInfo, Reservation } from '@aws-sdk/client-ec2';
import type { InstanceState, Listing, MemberView, OccupiedSlot, TypeLimits } from '../core/model.ts';
import { readEach, required, requiredOneOf, type Subject, toTags } from './translate.ts';

const INSTANCE_STATES: readonly InstanceState[] = [
  'pending',
  'running',
  'stopping',
  'stopped',
  'shutting-down',
  'terminated',
];

/** The owner is a field of the reservation, not of the instance. */
interface OwnedInstance {
  readonly instance: Instance;
  readonly ownerId: string | undefined;
}

/** DescribeInstances `Reservations[]` → members; one that cannot be understood is `unreadable`, by its id. */
export function toMembers(reservations: readonly Reservation[]): Listing<MemberView> {
  const owned = reservations.flatMap(({ Instances = [], OwnerId }) =>
    Instances.map((instance): OwnedInstance => ({ instance, ownerId: OwnerId })),
  );
  return readEach(owned, toMember, ({ instance }) => ({ id: idOf(instance), tags: toTags(instance.Tags) }));
}

const idOf = (instance: Instance): string => instance.InstanceId ?? 'an instance';

function toMember({ instance, ownerId }: OwnedInstance): MemberView {
  const subject = { action: 'ec2:DescribeInstances', id: idOf(instance) };
  return {
    id: required(instance.InstanceId, 'InstanceId', subject),
    state: requiredOneOf(instance.State?.Name, INSTANCE_STATES, 'State.Name', subject),
    type: required(instance.InstanceType, 'InstanceType', subject),
    zone: required(instance.Placement?.AvailabilityZone, 'Placement.AvailabilityZone', subject),
    ownerId: required(ownerId, 'OwnerId', subject),
    ...(instance.StateReason?.Message && { stateReason: instance.StateReason.Message }),
    launchedAt: required(instance.LaunchTime, 'LaunchTime', subject).getTime(),
    slots: toNetworkInterfaces(instance, subject).flatMap((each) => toSlots(each, subject)),
    ...(instance.PrivateIpAddress !== undefined && { address: instance.PrivateIpAddress }),
    volumes: (instance.BlockDeviceMappings ?? []).filter(({ Ebs }) => Ebs !== undefined).length,
    ...(instance.Operator?.Managed && { managedBy: instance.Operator.Principal ?? 'an AWS service' }),
    ...(instance.OutpostArn !== undefined && { outpost: instance.OutpostArn }),
    ...toPlacement(instance),
    tags: toTags(instance.Tags),
  };
}

/** An instance in no placement group has an empty name for it. */
function toPlacement({ Placement }: Instance): Pick<MemberView, 'placement'> {
  const { GroupName: group, PartitionNumber: partition } = Placement ?? {};
  if (!group) return {};
  return { placement: { group, ...(partition !== undefined && { partition }) } };
}

/** What an instance has is what its slots and indexes are taken by; only one that ends has none to show. */
function toNetworkInterfaces({ NetworkInterfaces, State }: Instance, subject: Subject): InstanceNetworkInterface[] {
  const ends = State?.Name === 'terminated' || State?.Name === 'shutting-down';
  return ends ? (NetworkInterfaces ?? []) : required(NetworkInterfaces, 'NetworkInterfaces', subject);
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

/** The limits of a type, with its name. */
export interface NamedLimits {
  readonly type: string;
  readonly limits: TypeLimits;
}

/** DescribeInstanceTypes `InstanceTypes[]` → limits; a type that cannot be understood is `unreadable`. */
export function toTypeLimits(types: readonly InstanceTypeInfo[]): Listing<NamedLimits> {
  return readEach(types, toNamedLimits, (type) => ({ id: typeOf(type), tags: {} }));
}

const typeOf = (type: InstanceTypeInfo): string => type.InstanceType ?? 'an instance type';

function toNamedLimits(info: InstanceTypeInfo): NamedLimits {
  const subject = { action: 'ec2:DescribeInstanceTypes', id: typeOf(info) };
  return { type: required(info.InstanceType, 'InstanceType', subject), limits: toLimits(info, subject) };
}

function toLimits({ NetworkInfo, EbsInfo }: InstanceTypeInfo, subject: Subject): TypeLimits {
  const info = required(NetworkInfo, 'NetworkInfo', subject);
  const maxInterfaces = required(info.MaximumNetworkInterfaces, 'MaximumNetworkInterfaces', subject);
  return {
    maxInterfaces,
    ipv4PerInterface: required(info.Ipv4AddressesPerInterface, 'Ipv4AddressesPerInterface', subject),
    ipv6PerInterface: required(info.Ipv6AddressesPerInterface, 'Ipv6AddressesPerInterface', subject),
    cards: toCards(info.NetworkCards, maxInterfaces, subject),
    ...toShared(EbsInfo),
  };
}

/** Replies of Regions, and of emulators, that do not speak of it yet have no such limit. */
function toShared({ AttachmentLimitType, MaximumEbsAttachments }: EbsInfo = {}): Pick<TypeLimits, 'sharedAttachments'> {
  if (AttachmentLimitType !== 'shared' || MaximumEbsAttachments === undefined) return {};
  return { sharedAttachments: MaximumEbsAttachments };
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
