import type * as aws from '@aws-sdk/client-ec2';
import type { IamResource } from '../world/hooks.ts';
import { attachedTo, slotName, startAttach, startDetach } from '../world/interfaces.ts';
import {
  type Attachment,
  INSTANCE_TYPES,
  type Instance,
  type InstanceStateName,
  type NetworkInterface,
  type TypeLimits,
} from '../world/model.ts';
import type { WorldState } from '../world/state.ts';
import { AwsError, refuseIf } from './errors.ts';
import { bucket, endDryRun, findInstance, findInterface, required, resource, row } from './row.ts';

export const attachNetworkInterface = row<aws.AttachNetworkInterfaceRequest, aws.AttachNetworkInterfaceResult>({
  service: 'ec2',
  members: 'NetworkInterfaceId InstanceId DeviceIndex NetworkCardIndex DryRun',
  resources: (world, input) => [resource(world, input.InstanceId), resource(world, input.NetworkInterfaceId)],
  bucket: bucket(50, 5),
  handle(world, input, _atMs, course) {
    const target = findInterface(world, required(input.NetworkInterfaceId, 'networkInterfaceId'));
    const instance = findInstance(world, required(input.InstanceId, 'instanceId'));
    const deviceIndex = required(input.DeviceIndex, 'deviceIndex');
    const slot = { instanceId: instance.id, deviceIndex, networkCardIndex: input.NetworkCardIndex ?? 0 };
    checkFree(world, target);
    checkPlace(world, target, instance);
    checkSlot(world, instance, slot, input.NetworkCardIndex === undefined);
    checkLimits(world, target, instance, slot.networkCardIndex);
    endDryRun(input);
    const attachment = startAttach(world, target, slot, course);
    return { AttachmentId: attachment.id, NetworkCardIndex: attachment.networkCardIndex };
  },
});

export const detachNetworkInterface = row<aws.DetachNetworkInterfaceRequest, object>({
  service: 'ec2',
  members: 'AttachmentId Force DryRun',
  resources(world, { AttachmentId: id }) {
    // A vanished attachment leads to no resource, so a policy that asks for tags refuses before EC2 can say "not found".
    return [instanceOf(world, id), resource(world, byAttachment(world, id)?.id ?? 'eni-*')];
  },
  bucket: bucket(50, 5),
  handle(world, input, _atMs, course) {
    const id = required(input.AttachmentId, 'attachmentId');
    const force = input.Force === true;
    const wellFormed = /^eni-attach-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id);
    refuseIf(!wellFormed, 'InvalidNetworkInterfaceAttachmentId.Malformed', `Invalid id: "${id}"`);
    const target = byAttachment(world, id);
    if (target?.attachment === undefined) throw noSuchAttachment(id);
    checkDetachable(world, target, target.attachment, force);
    endDryRun(input);
    startDetach(world, target, force, course);
    return {};
  },
});

export const modifyNetworkInterfaceAttribute = row<aws.ModifyNetworkInterfaceAttributeRequest, object>({
  service: 'ec2',
  members:
    'NetworkInterfaceId Attachment.AttachmentId Attachment.DeleteOnTermination SourceDestCheck.Value Description.Value Groups DryRun',
  resources(world, input) {
    const target = resource(world, input.NetworkInterfaceId);
    // An attribute of the attachment is the instance's as well.
    return input.Attachment ? [instanceOf(world, input.Attachment.AttachmentId), target] : [target];
  },
  bucket: bucket(100, 5),
  handle(world, input) {
    const target = findInterface(world, required(input.NetworkInterfaceId, 'networkInterfaceId'));
    const given = [input.Attachment, input.SourceDestCheck, input.Description, input.Groups];
    const count = given.filter((attribute) => attribute !== undefined).length;
    refuseIf(count !== 1, 'InvalidParameterCombination', 'Exactly one attribute must be specified');
    const changed = withAttribute(target, input);
    endDryRun(input);
    world.interfaces.put(target.id, changed);
    return {};
  },
});

function withAttribute(target: NetworkInterface, input: aws.ModifyNetworkInterfaceAttributeRequest): NetworkInterface {
  const { attachment } = target;
  if (input.SourceDestCheck) return { ...target, sourceDestCheck: input.SourceDestCheck.Value ?? true };
  if (input.Description) return { ...target, description: input.Description.Value ?? '' };
  if (input.Groups) return { ...target, groups: input.Groups };
  const id = required(input.Attachment?.AttachmentId, 'attachment.attachmentId');
  const deleteOnTermination = required(input.Attachment?.DeleteOnTermination, 'attachment.deleteOnTermination');
  if (attachment?.id !== id) throw noSuchAttachment(id);
  return { ...target, attachment: { ...attachment, deleteOnTermination } };
}

function checkFree(world: WorldState, target: NetworkInterface): void {
  checkManaged(world, target);
  refuseIf(target.attachment !== undefined, world.quirks.inUseCode, `Interface: [${target.id}] in use.`);
}

function checkPlace(world: WorldState, target: NetworkInterface, { id, state, ownerId, zone }: Instance): void {
  const ready = isSettled(state) || (state === 'pending' && world.quirks.attachToPending === 'accepted');
  refuseIf(!ready, 'IncorrectState', `Instance '${id}' is not 'running' or 'stopped'.`);
  refuseIf(target.ownerId !== ownerId, 'AuthFailure', `You do not own network interface ${target.id}`);
  const apart = `Instance ${id} and interface ${target.id} are not in the same availability zone`;
  refuseIf(target.zone !== zone, 'InvalidParameterCombination', apart);
  const hotEfa = target.interfaceType === 'efa' && state === 'running';
  refuseIf(hotEfa, 'IncorrectState', `An EFA interface cannot be attached while '${id}' is running.`);
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
  const occupied = attachedTo(world, instance.id).some(({ attachment }) => attachment && slotName(attachment) === name);
  const taken = `Instance '${instance.id}' already has an interface attached at device index '${slot.deviceIndex}'.`;
  refuseIf(occupied || falseConflict || instance.refusedSlots.includes(name), 'InvalidParameterValue', taken);
  const outside = `Network card index ${slot.networkCardIndex} is not valid for ${instance.type}`;
  refuseIf(slot.networkCardIndex < 0 || slot.networkCardIndex >= cards, 'InvalidParameterValue', outside);
}

function checkLimits(world: WorldState, target: NetworkInterface, instance: Instance, card: number): void {
  const limits = limitsOf(instance);
  const present = attachedTo(world, instance.id);
  const onCard = present.filter(({ attachment }) => attachment?.networkCardIndex === card);
  const full = present.length >= limits.maximumInterfaces || onCard.length >= (limits.cards[card] ?? 0);
  const count = `Interface count ${present.length + 1} exceeds the limit for ${instance.type}`;
  refuseIf(full, 'AttachmentLimitExceeded', count);
  const addresses = Math.max(target.privateIps.length, target.ipv6.length);
  const tooMany = `Number of private addresses exceeds the limit for ${instance.type}`;
  refuseIf(addresses > limits.addressesPerInterface, 'PrivateIpAddressLimitExceeded', tooMany);
}

function checkDetachable(world: WorldState, target: NetworkInterface, attachment: Attachment, force: boolean): void {
  const { quirks } = world;
  const primary = 'The network interface at device index 0 and networkCard index 0 cannot be detached.';
  refuseIf(attachment.deviceIndex === 0, 'OperationNotPermitted', primary);
  checkManaged(world, target);
  const again = force ? quirks.forcedDetachWhileDetaching : quirks.plainDetachWhileDetaching;
  const busy = `The interface attachment '${attachment.id}' is already detaching.`;
  refuseIf(attachment.status === 'detaching' && again === 'refused', 'IncorrectState', busy);
  const settled = isSettled(world.instances.get(attachment.instanceId)?.state);
  const moving = `Instance '${attachment.instanceId}' is not 'running' or 'stopped'.`;
  refuseIf(!settled && quirks.detachInTransition === 'refused', 'IncorrectState', moving);
}

function checkManaged(world: WorldState, { id, requesterManaged, operatorManaged }: NetworkInterface): void {
  const managed = `The network interface '${id}' is managed by another service.`;
  refuseIf(requesterManaged || operatorManaged, world.quirks.managedCode, managed);
}

function isSettled(state: InstanceStateName | undefined): boolean {
  return state === 'running' || state === 'stopped';
}

function noSuchAttachment(id: string): AwsError {
  return new AwsError('InvalidAttachmentID.NotFound', `The interface attachment '${id}' does not exist.`);
}

function byAttachment(world: WorldState, attachmentId: string | undefined): NetworkInterface | undefined {
  return world.interfaces.all().find(({ attachment }) => attachment !== undefined && attachment.id === attachmentId);
}

function instanceOf(world: WorldState, attachmentId: string | undefined): IamResource {
  return resource(world, byAttachment(world, attachmentId)?.attachment?.instanceId);
}

function limitsOf({ type }: Instance): TypeLimits {
  const limits = INSTANCE_TYPES[type];
  if (limits === undefined) throw new Error(`the lab does not know instance type ${type}`);
  return limits;
}
