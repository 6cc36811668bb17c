import { attachedTo, type Slot, slotName } from '../world/interfaces.ts';
import {
  INSTANCE_TYPES,
  type Instance,
  type InstanceStateName,
  type NetworkInterface,
  type TypeLimits,
} from '../world/model.ts';
import type { WorldState } from '../world/state.ts';
import { refuseIf } from './errors.ts';

/** Interfaces that people attach; the others belong to the service that made them. */
const ATTACHABLE = ['interface', 'efa', 'efa-only', 'trunk'];

/**
 * Everything EC2 asks before it attaches an interface.
 * @param cardOmitted the call names no network card
 * @throws AwsError with EC2's code for what is wrong
 */
export function checkAttachable(
  world: WorldState,
  target: NetworkInterface,
  instance: Instance,
  slot: Slot & { readonly networkCardIndex: number },
  cardOmitted: boolean,
): void {
  checkFree(world, target);
  checkPlace(world, target, instance);
  checkSlot(world, instance, slot, cardOmitted);
  checkAddresses(target, instance);
  const asks = slot.enaSrd !== undefined || slot.enaQueueCount !== undefined;
  const cannot = `ENA Express and the ENA queue count are not supported by ${instance.type}`;
  refuseIf(asks && world.quirks.enaSettings === 'refused', 'UnsupportedOperation', cannot);
}

/** An interface that a service manages is that service's to attach and to detach. */
export function checkManaged(world: WorldState, target: NetworkInterface): void {
  const { id, requesterManaged, operatorManaged, interfaceType } = target;
  const managed = `The network interface '${id}' is managed by another service.`;
  const theirs = requesterManaged || operatorManaged || !ATTACHABLE.includes(interfaceType);
  refuseIf(theirs, world.quirks.managedCode, managed);
}

/** Whether EC2 attaches to and detaches from an instance in this state. */
export function isSettled(state: InstanceStateName | undefined): boolean {
  return state === 'running' || state === 'stopped';
}

function checkFree(world: WorldState, target: NetworkInterface): void {
  checkManaged(world, target);
  refuseIf(target.attachment !== undefined, world.quirks.inUseCode, `Interface: [${target.id}] in use.`);
}

function checkPlace(world: WorldState, target: NetworkInterface, instance: Instance): void {
  const { id, state, ownerId, zone, managedBy } = instance;
  refuseIf(managedBy !== undefined, world.quirks.managedCode, `The instance '${id}' is managed by ${managedBy}.`);
  const ready = isSettled(state) || (state === 'pending' && world.quirks.attachToPending === 'accepted');
  refuseIf(!ready, 'IncorrectState', `Instance '${id}' is not 'running' or 'stopped'.`);
  refuseIf(target.ownerId !== ownerId, 'AuthFailure', `You do not own network interface ${target.id}`);
  const apart = `Instance ${id} and interface ${target.id} are not in the same availability zone`;
  refuseIf(target.zone !== zone, 'InvalidParameterCombination', apart);
  const elsewhere = `Instance ${id} and interface ${target.id} are not on the same Outpost`;
  refuseIf(target.outpostArn !== instance.outpostArn, 'InvalidParameterCombination', elsewhere);
  const hotEfa = target.interfaceType.startsWith('efa') && state === 'running';
  refuseIf(hotEfa, 'IncorrectState', `An EFA interface cannot be attached while '${id}' is running.`);
}

function checkSlot(
  world: WorldState,
  instance: Instance,
  slot: { readonly deviceIndex: number; readonly networkCardIndex: number },
  cardOmitted: boolean,
): void {
  const { cards, ...limits } = limitsOf(instance);
  const { deviceIndex, networkCardIndex: card } = slot;
  const onCard = cards[card];
  if (onCard === undefined) return refuse(`Network card index ${card} is not valid for ${instance.type}`);
  const present = attachedTo(world, instance.id);
  const count = `Interface count ${present.length + 1} exceeds the limit for ${instance.type}`;
  const { sharedAttachments: shared = Infinity } = limits;
  const full = present.length >= limits.maximumInterfaces || present.length + instance.volumes >= shared;
  refuseIf(full, 'AttachmentLimitExceeded', count);
  if (deviceIndex < 0 || deviceIndex >= onCard) {
    return refuse(`Invalid value '${deviceIndex}' for device index: specify a number from 0 to ${onCard - 1}.`);
  }
  const falseConflict = cardOmitted && cards.length > 1 && world.quirks.omittedCardIndex === 'false-conflict';
  const name = slotName(slot);
  const occupied = present.some(({ attachment }) => attachment && slotName(attachment) === name);
  if (occupied || falseConflict || instance.refusedSlots.includes(name)) {
    refuse(`Instance '${instance.id}' already has an interface attached at device index '${deviceIndex}'.`);
  }
}

function checkAddresses(target: NetworkInterface, instance: Instance): void {
  const limits = limitsOf(instance);
  const tooMany =
    target.privateIps.length > limits.addressesPerInterface || target.ipv6.length > limits.ipv6PerInterface;
  const why = `Number of private addresses exceeds the limit for ${instance.type}`;
  refuseIf(tooMany, 'PrivateIpAddressLimitExceeded', why);
}

function refuse(message: string): void {
  refuseIf(true, 'InvalidParameterValue', message);
}

function limitsOf({ type }: Instance): TypeLimits {
  const limits = INSTANCE_TYPES[type];
  if (limits === undefined) throw new Error(`the lab does not know instance type ${type}`);
  return limits;
}
