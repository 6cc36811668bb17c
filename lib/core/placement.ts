import type { RejectionCode } from './codes.ts';
import type { RecordedResource } from './ledger.ts';
import type { InterfaceView, MemberView, TypeLimits } from './model.ts';
import { type Device, deviceTag } from './tags.ts';

/** Where each interface of a group goes on one candidate. */
export interface PlacedInterface extends Device {
  readonly interfaceId: string;
}

/** Why a candidate cannot take the interfaces; each names what a person would change. */
export type PlacementFault = {
  readonly code: RejectionCode & ('no-free-slot' | 'device-index-taken' | 'too-few-addresses' | 'limits-unreadable');
  readonly reason: string;
};

export type Placement = { readonly placed: readonly PlacedInterface[] } | { readonly fault: PlacementFault };

export interface PlacementContext {
  readonly tagPrefix: string;
  /** Where the ledger says they were, for interfaces that are detached now. */
  readonly remembered: readonly RecordedResource[];
}

/** What every check looks at. */
interface Arrival {
  readonly interfaces: readonly InterfaceView[];
  /** Those that are not there yet. */
  readonly arriving: readonly InterfaceView[];
  readonly candidate: MemberView;
  readonly limits: TypeLimits;
  readonly context: PlacementContext;
}

/**
 * Finds a device for every interface on the candidate: the index it has now, else the remembered one, else its
 * `device-index` tag, else the lowest free index from 1 up on card 0. Interfaces the candidate already holds stay
 * where they are. Limits: DescribeInstanceTypes `NetworkInfo`.
 */
export function place(
  interfaces: readonly InterfaceView[],
  member: MemberView,
  limits: TypeLimits | undefined,
  context: PlacementContext,
): Placement {
  if (!limits) {
    const reason = `the limits of instance type ${member.type} could not be read`;
    return { fault: { code: 'limits-unreadable', reason } };
  }
  const arriving = interfaces.filter((view) => view.attachment?.instanceId !== member.id);
  const arrival = { interfaces, arriving, candidate: withoutStaleSlots(member, arriving), limits, context };
  const crowded = tooFewAddresses(arrival) ?? noFreeSlot(arrival) ?? strangersInPlace(arrival);
  if (crowded) return { fault: crowded };
  const placed = assign(arrival);
  const overfull = fullCard(arrival, placed);
  return overfull ? { fault: overfull } : { placed };
}

/** Two reads may be of different age: an interface that is known to be elsewhere takes no slot from itself. */
function withoutStaleSlots(candidate: MemberView, arriving: readonly InterfaceView[]): MemberView {
  const slots = candidate.slots.filter((slot) => !arriving.some((view) => view.id === slot.interfaceId));
  return { ...candidate, slots };
}

/** Where an interface wants to go, best first: guests are configured by device index, so it is kept if possible. */
function preferredDevices(view: InterfaceView, context: PlacementContext): readonly Device[] {
  if (view.attachment) return [presentDevice(view)];
  const remembered = context.remembered.find(({ id }) => id === view.id);
  return [remembered, deviceTag(view, context.tagPrefix)].filter((device) => device !== undefined);
}

/** An index that somebody else's interface has is not ours to give away: a person has to decide. */
function strangersInPlace({ interfaces, arriving, candidate, context }: Arrival): PlacementFault | undefined {
  const strangers = candidate.slots.filter((slot) => !interfaces.some((view) => view.id === slot.interfaceId));
  const theirs = new Set(strangers.map(deviceKey));
  for (const { id, device } of arriving.map((view) => ({ id: view.id, device: preferredDevices(view, context)[0] }))) {
    if (!device || !theirs.has(deviceKey(device))) continue;
    const which = `device index ${device.deviceIndex} on network card ${device.networkCardIndex}`;
    return { code: 'device-index-taken', reason: `${id} needs ${which}, which is taken` };
  }
  return undefined;
}

/** Between interfaces of the group itself a preference may give way: any place beats none. */
function assign({ interfaces, arriving, candidate, context }: Arrival): readonly PlacedInterface[] {
  const taken = new Set(candidate.slots.map(deviceKey));
  const granted = new Map<string, Device>();
  // Preferred places go first, then free indexes, so that the order of ids cannot cause a clash.
  for (const view of arriving) {
    const device = preferredDevices(view, context).find((preferred) => !taken.has(deviceKey(preferred)));
    if (!device) continue;
    taken.add(deviceKey(device));
    granted.set(view.id, device);
  }
  return interfaces.map((view) => {
    const device = arriving.includes(view) ? (granted.get(view.id) ?? takeFreeDevice(taken)) : presentDevice(view);
    return { interfaceId: view.id, ...device };
  });
}

function presentDevice(view: InterfaceView): Device {
  const { deviceIndex = 1, networkCardIndex = 0 } = view.attachment ?? {};
  return { deviceIndex, networkCardIndex };
}

function takeFreeDevice(taken: Set<string>): Device {
  const device = { deviceIndex: 1, networkCardIndex: 0 };
  while (taken.has(deviceKey(device))) device.deviceIndex += 1;
  taken.add(deviceKey(device));
  return device;
}

function tooFewAddresses({ arriving, candidate, limits }: Arrival): PlacementFault | undefined {
  const needs = arriving.flatMap(({ id, privateIpv4Count, ipv6Count }) => [
    { id, kind: 'IPv4', has: privateIpv4Count, allowed: limits.ipv4PerInterface },
    { id, kind: 'IPv6', has: ipv6Count, allowed: limits.ipv6PerInterface },
  ]);
  const short = needs.find(({ has, allowed }) => has > allowed);
  if (!short) return undefined;
  const { id, kind, has, allowed } = short;
  const reason = `${id} has ${has} ${kind} addresses and a ${candidate.type} allows ${allowed} per interface`;
  return { code: 'too-few-addresses', reason };
}

function noFreeSlot({ arriving, candidate, limits }: Arrival): PlacementFault | undefined {
  const free = limits.maxInterfaces - candidate.slots.length;
  if (arriving.length <= free) return undefined;
  const has = `has ${candidate.slots.length} of the ${limits.maxInterfaces} interfaces a ${candidate.type} allows`;
  return { code: 'no-free-slot', reason: `it ${has} and needs room for ${arriving.length} more` };
}

function fullCard(
  { arriving, candidate, limits }: Arrival,
  placed: readonly PlacedInterface[],
): PlacementFault | undefined {
  const arrivals = placed.filter((each) => arriving.some((view) => view.id === each.interfaceId));
  for (const cardIndex of new Set(arrivals.map((each) => each.networkCardIndex))) {
    const card = limits.cards.find((known) => known.index === cardIndex);
    if (!card) return { code: 'no-free-slot', reason: `a ${candidate.type} has no network card ${cardIndex}` };
    const count = [...candidate.slots, ...arrivals].filter((slot) => slot.networkCardIndex === cardIndex).length;
    if (count <= card.maxInterfaces) continue;
    return { code: 'no-free-slot', reason: `its network card ${cardIndex} allows ${card.maxInterfaces} interfaces` };
  }
  return undefined;
}

const deviceKey = (device: Device): string => `${device.networkCardIndex}/${device.deviceIndex}`;
