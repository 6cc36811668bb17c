import type { Instance, NetworkInterface } from '../../lab/world/model.ts';
import { INSTANCE_TYPES } from '../../lab/world/model.ts';
import { togetherWith } from './belonging.ts';
import type { CastGroup } from './build.ts';
import { GROUP_TAG, STATE, TAG } from './build.ts';
import { readLedgerTags } from './ledger-tags.ts';
import { wholeOn } from './rules/rule.ts';
import { holderOf, type Stage } from './stage.ts';
import { hasNoWayBack, hungBefore } from './tried-before.ts';
import { alarmsOn, checksOf, crowding, groupsOf, isExcludedBy, isOutOfReach, slotOf, slotsOf } from './truth.ts';
import { unsettled, untruth } from './unsettled.ts';

/**
 * What is wrong with a group that AWS no longer keeps from being right: an eligible healthy member exists and does
 * not hold it, or the ledger does not tell the truth. Empty when all is well, or when nobody could do better.
 */
export function unrest(stage: Stage, group: CastGroup): readonly string[] {
  const interfaces = interfacesOf(stage, group);
  if (interfaces.length === 0 || isImmovable(interfaces) || isBeyondRemedy(stage, interfaces)) return [];
  if (isWithStranger(stage, group, interfaces)) return [];
  const { world } = stage;
  const holder = wholeOn(interfaces);
  const instance = world.instance(holder ?? '');
  const isMember = instance !== undefined && groupsOf(instance).includes(group.name);
  // A group that people put on a stranger, or switched to manual, is theirs.
  if (holder !== undefined && !isMember) return [];
  const settled = instance !== undefined && !hasFailed(stage, instance);
  if (settled) return [...unsettled(interfaces), ...untruth(stage, group, interfaces, instance.id)];
  const better = thoseWhoCould(stage, group, interfaces);
  if (better.length === 0) return [];
  const where = interfaces.map(({ id, attachment }) => `${id} on ${attachment?.instanceId ?? 'nothing'}`).join(', ');
  return [`${better.map(({ id }) => id).join(' or ')} could hold ${group.name} (${where})`];
}

/** What belongs to the group now: what it began with, and what has joined it since. */
export function interfacesOf({ world, cast }: Stage, group: CastGroup): readonly NetworkInterface[] {
  const tagged = world.interfaces
    .all()
    .filter(({ tags, id }) => tags[GROUP_TAG] === group.name && (group.interfaces.includes(id) || cast.strays.has(id)));
  return tagged.some(({ id }) => group.interfaces.includes(id)) ? togetherWith('', tagged, cast.strays) : [];
}

/** A member that could hold the group now, for a person who is asked. */
export function someoneFit(stage: Stage, group: CastGroup): string | undefined {
  const interfaces = interfacesOf(stage, group);
  const fit = membersOf(stage, group).filter((member) => couldTake(stage, member, interfaces));
  const holder = holderOf(stage.world, group);
  return (fit.find(({ id }) => id === holder) ?? fit[0])?.id;
}

/** Whether some member could have all of the group now, what it serves on another one that is well left there. */
export function someoneTakes(stage: Stage, group: CastGroup): boolean {
  const interfaces = interfacesOf(stage, group);
  if (interfaces.length === 0 || isImmovable(interfaces) || isWithStranger(stage, group, interfaces)) return false;
  return thoseWhoCould(stage, group, interfaces).length > 0;
}

/** What a member that is well serves is not taken off it for the rest: it alone may have that, too. */
function thoseWhoCould(stage: Stage, group: CastGroup, interfaces: readonly NetworkInterface[]): readonly Instance[] {
  const server = serverOf(stage, group, interfaces);
  return membersOf(stage, group).filter(
    (member) => (server === undefined || member.id === server) && couldTake(stage, member, interfaces),
  );
}

/** A member that is well and serves part of the group, unless a recorded move leads away from it. */
function serverOf(stage: Stage, group: CastGroup, interfaces: readonly NetworkInterface[]): string | undefined {
  const { phase, operation } = readLedgerTags(interfaces[0]?.tags ?? {}) ?? {};
  const from = phase === 'steady' ? undefined : operation?.from;
  const serving = interfaces.flatMap(({ attachment }) => {
    const serves = attachment !== undefined && attachment.status !== 'detaching' && !attachment.stuck;
    return serves ? attachment.instanceId : [];
  });
  const well = membersOf(stage, group).filter((each) => each.state === 'running' && !hasFailed(stage, each));
  return serving.find((id) => id !== from && well.some((each) => each.id === id));
}

/** Whether this very member could, beyond doubt. */
export function couldHold(stage: Stage, group: CastGroup, instanceId: string): boolean {
  const interfaces = interfacesOf(stage, group);
  const isOurs = interfaces.every(({ attachment }) => {
    const holder = stage.world.instance(attachment?.instanceId ?? '');
    return attachment === undefined || (holder !== undefined && groupsOf(holder).includes(group.name));
  });
  if (interfaces.length === 0 || isImmovable(interfaces) || !isOurs) return false;
  const member = membersOf(stage, group).find(({ id }) => id === instanceId);
  return member !== undefined && couldTake(stage, member, interfaces);
}

/**
 * Somebody tagged what a stranger has, before a first look could tell it from the rest: it is told, and people's. So is
 * what somebody had detached before anything looked, beside a stray on a member: EC2 does not say that it ever served, and
 * a spare must not take the slot of what does.
 */
function isWithStranger(stage: Stage, group: CastGroup, interfaces: readonly NetworkInterface[]): boolean {
  const members = membersOf(stage, group).map(({ id }) => id);
  const isOn = (id: string): boolean => members.includes(stage.world.interface(id)?.attachment?.instanceId ?? '');
  const beside = [...stage.cast.strays].some(([id, name]) => name === group.name && isOn(id));
  const isSpare = ({ attachment, tags }: NetworkInterface): boolean =>
    !attachment && / holder=none /.test(tags[`${STATE}state`] ?? '');
  if (beside && interfaces.every(isSpare)) return true;
  return interfaces.some(
    ({ id, attachment }) => stage.cast.strays.has(id) && attachment && !members.includes(attachment.instanceId),
  );
}

/** The instances that carry the group's tag. */
export function membersOf({ world }: Stage, group: CastGroup): readonly Instance[] {
  return world.instances.all().filter((instance) => groupsOf(instance).includes(group.name));
}

/** More belong to no group. */
const MOST_INTERFACES = 15;

function isImmovable(interfaces: readonly NetworkInterface[]): boolean {
  const zones = new Set(interfaces.map(({ zone }) => zone));
  return (
    zones.size > 1 ||
    interfaces.length > MOST_INTERFACES ||
    interfaces.some(
      ({ attachment, requesterManaged, interfaceType }) =>
        requesterManaged || interfaceType !== 'interface' || attachment?.deviceIndex === 0,
    )
  );
}

/** A guest that hangs never lets go, and this AWS does not force what is already detaching. */
function isBeyondRemedy({ world }: Stage, interfaces: readonly NetworkInterface[]): boolean {
  return (
    world.quirks.forcedDetachWhileDetaching === 'refused' &&
    interfaces.some(({ attachment }) => {
      const hangs = attachment?.stuck || world.instance(attachment?.instanceId ?? '')?.hangsDetach;
      return attachment?.status === 'detaching' && hangs;
    })
  );
}

/** What a muted alarm says moves nobody. */
export function hasFailed({ world, hands }: Stage, instance: Instance): boolean {
  if (instance.state === 'pending') return false;
  if (instance.state !== 'running') return true;
  const now = world.clock.now();
  const raised = alarmsOn(world, instance.id, now).filter((name) => !hands.muted.has(name));
  return checksOf(instance, now).verdict === 'impaired' || raised.length > 0;
}

/** While faults are on, EC2 lets nobody attach anything, or not to this one. */
function isBarred({ world, scenario, cast }: Stage, instanceId: string): boolean {
  const sinceMs = world.clock.now() - world.startedMs;
  if (sinceMs >= scenario.phaseOneMs) return false;
  return scenario.injections.some(({ action, member, fromMs }) => {
    const about = member === undefined || cast.members[member] === instanceId;
    return about && sinceMs >= fromMs && action === 'AttachNetworkInterface';
  });
}

/** Beyond doubt: every question the product might ask has a favourable answer. */
function couldTake(stage: Stage, member: Instance, interfaces: readonly NetworkInterface[]): boolean {
  const { world } = stage;
  const now = world.clock.now();
  if (isBarred(stage, member.id) || hungBefore(stage, member)) return false;
  if (hasNoWayBack(stage, member, interfaces)) return false;
  const well = member.state === 'running' && checksOf(member, now).verdict === 'ok';
  if (!well || isExcludedBy(member) || alarmsOn(world, member.id, now).length > 0) return false;
  if (interfaces.some((each) => isOutOfReach(member, each))) return false;
  const arriving = interfaces.filter(({ attachment }) => attachment?.instanceId !== member.id);
  const present = world.interfacesOf(member.id);
  if (crowding(member, present, arriving) !== undefined) return false;
  return hasRoomAtEveryPlace(world.interfacesOf(member.id), member, arriving);
}

/** The places an interface may be meant to go to: where it is, where its tag says, and the low ones. */
function hasRoomAtEveryPlace(
  present: readonly NetworkInterface[],
  member: Instance,
  arriving: readonly NetworkInterface[],
): boolean {
  const cards = INSTANCE_TYPES[member.type]?.cards ?? [];
  const taken = [...present.map(({ attachment }) => attachment && slotOf(attachment)), ...member.refusedSlots];
  const isOpen = (slot: string): boolean => {
    const [card, index] = slot.split(':').map(Number);
    const onCard = present.filter(({ attachment }) => attachment?.networkCardIndex === card).length;
    const most = cards[card ?? 0] ?? 0;
    return index !== undefined && index < most && !taken.includes(slot) && onCard + arriving.length <= most;
  };
  // Interfaces that were put at one index by hand cannot all keep it.
  const fixed = slotsOf(arriving);
  const exists = (slot: string): boolean => {
    const [card = 0, index = 0] = slot.split(':').map(Number);
    return index < (cards[card] ?? 0);
  };
  // What a tag asks for, and the type does not have, is no place at all; any other gives way to one that it has.
  const refused = arriving.some(({ tags }) => tagged(tags).some((slot) => !exists(slot)));
  const open = arriving.every((each) => placesOf(each).filter(exists).every(isOpen));
  return !refused && new Set(fixed).size === fixed.length && open;
}

function placesOf({ attachment, tags }: NetworkInterface): readonly string[] {
  if (attachment) return [slotOf(attachment)];
  const ledger = (tags[`${STATE}devices`] ?? '').split(' ').flatMap((entry) => {
    const match = /:(\d+)(?:@(\d+))?$/.exec(entry);
    return match ? [`${match[2] ?? '0'}:${match[1]}`] : [];
  });
  return [...tagged(tags), ...ledger, '0:1', '0:2', '0:3'];
}

/** The place that the tag of an interface asks for, if it does. */
function tagged(tags: NetworkInterface['tags']): readonly string[] {
  const found = /(\d+)(?:@(\d+))?$/.exec(tags[`${TAG}device-index`] ?? '');
  return found ? [`${found[2] ?? '0'}:${found[1]}`] : [];
}
