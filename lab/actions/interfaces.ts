import type {
  AttachNetworkInterfaceRequest,
  AttachNetworkInterfaceResult,
  DescribeNetworkInterfacesRequest,
  DescribeNetworkInterfacesResult,
  DetachNetworkInterfaceRequest,
  ModifyNetworkInterfaceAttributeRequest,
  NetworkInterface as Described,
} from '@aws-sdk/client-ec2';
import { attachedTo, slotName, startAttach, startDetach } from '../world/interfaces.ts';
import { INSTANCE_TYPES, type Instance, type NetworkInterface, type TypeLimits } from '../world/model.ts';
import type { WorldState } from '../world/state.ts';
import { AwsError } from './errors.ts';
import { applyFilters, type Fields } from './filters.ts';
import {
  anyResource,
  bucket,
  describeBucket,
  endDryRun,
  findInstance,
  findInterface,
  page,
  required,
  resource,
  row,
} from './row.ts';
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

export const describeNetworkInterfaces = row<DescribeNetworkInterfacesRequest, DescribeNetworkInterfacesResult>({
  service: 'ec2',
  members: 'NetworkInterfaceIds Filters.Name Filters.Values MaxResults NextToken DryRun',
  resources: anyResource,
  bucket: describeBucket,
  handle(world, input, atMs) {
    const ids = input.NetworkInterfaceIds;
    const named = ids?.length ? ids.map((id) => findInterface(world, id, atMs)) : world.interfaces.all(atMs);
    const found = applyFilters(named, input.Filters, FIELDS, ({ tags }) => tags);
    const { items, NextToken } = page(found, ({ id }) => id, input, { low: 5, high: 1000, ids });
    return { NetworkInterfaces: items.map(describe), NextToken };
  },
});

export const attachNetworkInterface = row<AttachNetworkInterfaceRequest, AttachNetworkInterfaceResult>({
  service: 'ec2',
  members: 'NetworkInterfaceId InstanceId DeviceIndex NetworkCardIndex DryRun',
  resources: (world, input) => [resource(world, input.InstanceId), resource(world, input.NetworkInterfaceId)],
  bucket: bucket(50, 5),
  handle(world, input) {
    const target = findInterface(world, required(input.NetworkInterfaceId, 'networkInterfaceId'));
    const instance = findInstance(world, required(input.InstanceId, 'instanceId'));
    const deviceIndex = required(input.DeviceIndex, 'deviceIndex');
    const slot = { instanceId: instance.id, deviceIndex, networkCardIndex: input.NetworkCardIndex ?? 0 };
    checkFree(world, target);
    checkPlace(world, target, instance);
    checkSlot(world, instance, slot, input.NetworkCardIndex === undefined);
    checkLimits(world, target, instance, slot.networkCardIndex);
    endDryRun(input);
    const attachment = startAttach(world, target, slot);
    return { AttachmentId: attachment.id, NetworkCardIndex: attachment.networkCardIndex };
  },
});

export const detachNetworkInterface = row<DetachNetworkInterfaceRequest, object>({
  service: 'ec2',
  members: 'AttachmentId Force DryRun',
  resources(world, input) {
    const target = byAttachment(world, input.AttachmentId);
    // A vanished attachment leads to no resource, so a policy that asks for tags refuses before EC2 can say "not found".
    if (target === undefined) return [resource(world, undefined), resource(world, 'eni-*')];
    return [resource(world, target.attachment?.instanceId), resource(world, target.id)];
  },
  bucket: bucket(50, 5),
  handle(world, input) {
    const id = required(input.AttachmentId, 'attachmentId');
    if (!/^eni-attach-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) {
      throw new AwsError('InvalidNetworkInterfaceAttachmentId.Malformed', `Invalid id: "${id}"`);
    }
    const target = byAttachment(world, id);
    if (target === undefined) {
      throw new AwsError('InvalidAttachmentID.NotFound', `The interface attachment '${id}' does not exist.`);
    }
    checkDetachable(world, target, input.Force === true);
    endDryRun(input);
    startDetach(world, target, input.Force === true);
    return {};
  },
});

export const modifyNetworkInterfaceAttribute = row<ModifyNetworkInterfaceAttributeRequest, object>({
  service: 'ec2',
  members:
    'NetworkInterfaceId Attachment.AttachmentId Attachment.DeleteOnTermination SourceDestCheck.Value Description.Value Groups DryRun',
  resources: (world, input) => [resource(world, input.NetworkInterfaceId)],
  bucket: bucket(100, 5),
  handle(world, input) {
    const target = findInterface(world, required(input.NetworkInterfaceId, 'networkInterfaceId'));
    const given = [input.Attachment, input.SourceDestCheck, input.Description, input.Groups];
    if (given.filter((attribute) => attribute !== undefined).length !== 1) {
      throw new AwsError('InvalidParameterCombination', 'Exactly one attribute must be specified');
    }
    const changed = withAttribute(target, input);
    endDryRun(input);
    world.interfaces.put(target.id, changed);
    return {};
  },
});

function withAttribute(target: NetworkInterface, input: ModifyNetworkInterfaceAttributeRequest): NetworkInterface {
  const { attachment } = target;
  if (input.SourceDestCheck) return { ...target, sourceDestCheck: input.SourceDestCheck.Value ?? true };
  if (input.Description) return { ...target, description: input.Description.Value ?? '' };
  if (input.Groups) return { ...target, groups: input.Groups };
  const id = required(input.Attachment?.AttachmentId, 'attachment.attachmentId');
  const deleteOnTermination = required(input.Attachment?.DeleteOnTermination, 'attachment.deleteOnTermination');
  if (attachment?.id === id) return { ...target, attachment: { ...attachment, deleteOnTermination } };
  throw new AwsError('InvalidAttachmentID.NotFound', `The interface attachment '${id}' does not exist.`);
}

function checkFree(world: WorldState, target: NetworkInterface): void {
  checkManaged(world, target);
  if (target.attachment !== undefined) throw new AwsError(world.quirks.inUseCode, `Interface: [${target.id}] in use.`);
}

function checkPlace(world: WorldState, target: NetworkInterface, instance: Instance): void {
  const { state } = instance;
  const ready = state === 'running' || state === 'stopped';
  if (!ready && !(state === 'pending' && world.quirks.attachToPending === 'accepted')) {
    throw new AwsError('IncorrectState', `Instance '${instance.id}' is not 'running' or 'stopped'.`);
  }
  if (target.ownerId !== instance.ownerId) {
    throw new AwsError('AuthFailure', `You do not own network interface ${target.id}`);
  }
  if (target.zone !== instance.zone) {
    const what = `Instance ${instance.id} and interface ${target.id} are not in the same availability zone`;
    throw new AwsError('InvalidParameterCombination', what);
  }
  if (target.interfaceType === 'efa' && state === 'running') {
    throw new AwsError('IncorrectState', `An EFA interface cannot be attached while '${instance.id}' is running.`);
  }
}

function checkSlot(
  world: WorldState,
  instance: Instance,
  slot: { readonly deviceIndex: number; readonly networkCardIndex: number },
  cardOmitted: boolean,
): void {
  const name = slotName(slot);
  const cards = limitsOf(instance).cards.length;
  const falseConflict = cardOmitted && cards > 1 && world.quirks.omittedCardIndex === 'false-conflict';
  const taken = attachedTo(world, instance.id).some(({ attachment }) => attachment && slotName(attachment) === name);
  if (taken || falseConflict || instance.refusedSlots.includes(name)) {
    const where = `device index '${slot.deviceIndex}'`;
    throw new AwsError(
      'InvalidParameterValue',
      `Instance '${instance.id}' already has an interface attached at ${where}.`,
    );
  }
  if (slot.networkCardIndex < 0 || slot.networkCardIndex >= cards) {
    throw new AwsError(
      'InvalidParameterValue',
      `Network card index ${slot.networkCardIndex} is not valid for ${instance.type}`,
    );
  }
}

function checkLimits(world: WorldState, target: NetworkInterface, instance: Instance, card: number): void {
  const limits = limitsOf(instance);
  const present = attachedTo(world, instance.id);
  const onCard = present.filter(({ attachment }) => attachment?.networkCardIndex === card);
  if (present.length >= limits.maximumInterfaces || onCard.length >= (limits.cards[card] ?? 0)) {
    const count = `Interface count ${present.length + 1} exceeds the limit for ${instance.type}`;
    throw new AwsError('AttachmentLimitExceeded', count);
  }
  if (Math.max(target.privateIps.length, target.ipv6.length) > limits.addressesPerInterface) {
    const count = `Number of private addresses exceeds the limit for ${instance.type}`;
    throw new AwsError('PrivateIpAddressLimitExceeded', count);
  }
}

function checkDetachable(world: WorldState, target: NetworkInterface, force: boolean): void {
  const { attachment } = target;
  const state = world.instances.get(attachment?.instanceId ?? '')?.state ?? 'terminated';
  const { quirks } = world;
  if (attachment?.deviceIndex === 0) {
    throw new AwsError('OperationNotPermitted', 'The network interface at device index 0 cannot be detached.');
  }
  checkManaged(world, target);
  const again = force ? quirks.forcedDetachWhileDetaching : quirks.plainDetachWhileDetaching;
  if (attachment?.status === 'detaching' && again === 'refused') {
    throw new AwsError('IncorrectState', `The interface attachment '${attachment.id}' is already detaching.`);
  }
  if (state !== 'running' && state !== 'stopped' && quirks.detachInTransition === 'refused') {
    throw new AwsError('IncorrectState', `Instance '${attachment?.instanceId}' is not 'running' or 'stopped'.`);
  }
}

function checkManaged(world: WorldState, target: NetworkInterface): void {
  if (!target.requesterManaged && !target.operatorManaged) return;
  throw new AwsError(world.quirks.managedCode, `The network interface '${target.id}' is managed by another service.`);
}

function byAttachment(world: WorldState, attachmentId: string | undefined): NetworkInterface | undefined {
  return world.interfaces.all().find(({ attachment }) => attachment !== undefined && attachment.id === attachmentId);
}

function limitsOf({ type }: Instance): TypeLimits {
  const limits = INSTANCE_TYPES[type];
  if (limits === undefined) throw new Error(`the lab does not know instance type ${type}`);
  return limits;
}

function describe(target: NetworkInterface): Described {
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
    InterfaceType: target.interfaceType as Described['InterfaceType'],
    RequesterManaged: target.requesterManaged,
    Operator: { Managed: target.operatorManaged },
    SourceDestCheck: target.sourceDestCheck,
    Status: attachment ? 'in-use' : 'available',
    TagSet: toTagList(target.tags),
    Attachment: attachment && {
      AttachmentId: attachment.id,
      InstanceId: attachment.instanceId,
      InstanceOwnerId: target.ownerId,
      DeviceIndex: attachment.deviceIndex,
      NetworkCardIndex: attachment.networkCardIndex,
      Status: attachment.status,
      AttachTime: new Date(attachment.attachMs),
      DeleteOnTermination: attachment.deleteOnTermination,
    },
  };
}
