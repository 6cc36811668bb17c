import type { Instance, NetworkInterface } from '../../lab/world/model.ts';
import { INSTANCE_TYPES } from '../../lab/world/model.ts';
import type { World } from '../../lab/world/world.ts';
import { STATE, TAG } from './build.ts';
import type { Stage } from './stage.ts';
import { alarmsOn, checksOf } from './truth.ts';

/** What may be held against a member for what came of an attach to it since it was launched. */

/** An attach to it hung or came undone: until it is launched anew that may be held against it. */
export function hungBefore({ world }: Stage, { id, launchMs }: Instance): boolean {
  return world.calls.some(
    ({ fault, input, atMs }) =>
      (fault === 'stuck' || fault === 'revert') && input['InstanceId'] === id && atMs >= launchMs,
  );
}

/**
 * It has refused an attach, and what is taken by force off a holder that hangs could not come back: every other place
 * there is taken, or was left by force. Nobody knows beforehand whether EC2 withholds the place. An address on a guest
 * that fails may still be served, one on nobody is not, so that a person has to say whether it is tried once more.
 */
export function hasNoWayBack(stage: Stage, member: Instance, interfaces: readonly NetworkInterface[]): boolean {
  const { world } = stage;
  const holders = interfaces.flatMap(({ attachment }) => world.instance(attachment?.instanceId ?? '') ?? []);
  const closed = holders.some((holder) => {
    const parts = interfaces.filter(({ attachment }) => attachment?.instanceId === holder.id);
    const stays = holder.id === member.id || holder.state !== 'running' || !seemsToHang(world, holder);
    // What asks for its place by a tag takes no other.
    const asks = parts.some(({ tags }) => tags[`${TAG}device-index`] !== undefined);
    return !stays && (asks || placesLeft(world, holder, interfaces) < parts.length);
  });
  return closed && hasRefused(world, member);
}

/** What only force takes off a holder that is well, and for which that holder has no other place: EC2 may withhold the one it has. */
export function hasNoWayAnew({ world }: Stage, holder: Instance, interfaces: readonly NetworkInterface[]): boolean {
  const hanging = interfaces.filter(
    ({ attachment }) => attachment?.status === 'detaching' && (attachment.stuck || holder.hangsDetach),
  );
  const asks = hanging.some(({ tags }) => tags[`${TAG}device-index`] !== undefined);
  return hanging.length > 0 && (asks || placesLeft(world, holder, interfaces) < hanging.length);
}

const NO_ANSWER: readonly (string | undefined)[] = ['throttle', 'deny', 'lost', 'timeout', 'server-error'];

function hasRefused({ calls }: World, { id, launchMs }: Instance): boolean {
  return calls.some(
    ({ action, input, outcome, fault, atMs }) =>
      action === 'AttachNetworkInterface' &&
      input['InstanceId'] === id &&
      input['DryRun'] !== true &&
      atMs >= launchMs &&
      outcome !== 'ok' &&
      !NO_ANSWER.includes(fault),
  );
}

/** EC2, or an alarm on its word, says that nobody is there who would let go. */
function seemsToHang(world: World, holder: Instance): boolean {
  const now = world.clock.now();
  const raised = alarmsOn(world, holder.id, now).some((name) => !name.startsWith('eni-failover/heartbeat'));
  return raised || checksOf(holder, now).verdict === 'impaired';
}

/** Places of an instance that are free, but for those that the ledger knows to have been left by force. */
function placesLeft(world: World, holder: Instance, interfaces: readonly NetworkInterface[]): number {
  const cards = INSTANCE_TYPES[holder.type]?.cards ?? [];
  const all = cards.reduce((sum, most) => sum + most, 0);
  const forced = new RegExp(`${holder.id}@[^ /]+/([^ ]+)`).exec(interfaces[0]?.tags[`${STATE}devices`] ?? '')?.[1];
  const left = (forced?.split('+') ?? []).filter((device) => !isTaken(world, holder, device));
  return all - world.interfacesOf(holder.id).length - left.length;
}

function isTaken(world: World, holder: Instance, device: string): boolean {
  const [index, card = '0'] = device.split('@');
  return world.interfacesOf(holder.id).some(({ attachment }) => {
    return `${attachment?.deviceIndex}` === index && `${attachment?.networkCardIndex}` === card;
  });
}
