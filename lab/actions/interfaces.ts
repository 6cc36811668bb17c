import type * as aws from '@aws-sdk/client-ec2';
import type { IamResource } from '../world/hooks.ts';
import { startAttach, startDetach } from '../world/interfaces.ts';
import type { Attachment, NetworkInterface } from '../world/model.ts';
import type { WorldState } from '../world/state.ts';
import { checkAttachable, checkManaged, isSettled } from './attachable.ts';
import { AwsError, refuseIf } from './errors.ts';
import { bucket, findInstance, findInterface, required, resource, row } from './row.ts';

export const attachNetworkInterface = row<aws.AttachNetworkInterfaceRequest, aws.AttachNetworkInterfaceResult>({
  service: 'ec2',
  members:
    'NetworkInterfaceId InstanceId DeviceIndex NetworkCardIndex EnaSrdSpecification.EnaSrdEnabled EnaSrdSpecification.EnaSrdUdpSpecification.EnaSrdUdpEnabled EnaQueueCount DryRun',
  needs: 'NetworkInterfaceId InstanceId DeviceIndex',
  resources: (world, input) => [resource(world, input.InstanceId), resource(world, input.NetworkInterfaceId)],
  bucket: bucket(50, 5),
  handle(world, input, _atMs, course) {
    const target = findInterface(world, required(input.NetworkInterfaceId, 'networkInterfaceId'));
    const instance = findInstance(world, required(input.InstanceId, 'instanceId'));
    const deviceIndex = required(input.DeviceIndex, 'deviceIndex');
    const { NetworkCardIndex: card, EnaSrdSpecification: enaSrd, EnaQueueCount: enaQueueCount } = input;
    const slot = { instanceId: instance.id, deviceIndex, networkCardIndex: card ?? 0, enaSrd, enaQueueCount };
    checkAttachable(world, target, instance, slot, card === undefined);
    const attachment = startAttach(world, target, slot, course);
    return { AttachmentId: attachment.id, NetworkCardIndex: attachment.networkCardIndex };
  },
});

export const detachNetworkInterface = row<aws.DetachNetworkInterfaceRequest, object>({
  service: 'ec2',
  members: 'AttachmentId Force DryRun',
  needs: 'AttachmentId',
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
    startDetach(world, target, force, course);
    return {};
  },
});

export const modifyNetworkInterfaceAttribute = row<aws.ModifyNetworkInterfaceAttributeRequest, object>({
  service: 'ec2',
  members:
    'NetworkInterfaceId Attachment.AttachmentId Attachment.DeleteOnTermination SourceDestCheck.Value Description.Value Groups DryRun',
  needs: 'NetworkInterfaceId',
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

function checkDetachable(world: WorldState, target: NetworkInterface, attachment: Attachment, force: boolean): void {
  const { quirks } = world;
  const primary = 'The network interface at device index 0 and networkCard index 0 cannot be detached.';
  const isPrimary = attachment.deviceIndex === 0 && attachment.networkCardIndex === 0;
  refuseIf(isPrimary, 'OperationNotPermitted', primary);
  checkManaged(world, target);
  const again = force ? quirks.forcedDetachWhileDetaching : quirks.plainDetachWhileDetaching;
  const busy = `The interface attachment '${attachment.id}' is already detaching.`;
  refuseIf(attachment.status === 'detaching' && again === 'refused', 'IncorrectState', busy);
  const settled = isSettled(world.instances.get(attachment.instanceId)?.state);
  const moving = `Instance '${attachment.instanceId}' is not 'running' or 'stopped'.`;
  refuseIf(!settled && quirks.detachInTransition === 'refused', 'IncorrectState', moving);
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
