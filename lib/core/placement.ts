import type { RejectionCode } from './codes.ts';
import type { InterfaceView, MemberView, TypeLimits } from './model.ts';
import { type Device, deviceTag } from './tags.ts';

/** Where each interface of a group goes on one candidate. */
export interface PlacedInterface extends Device {
  readonly interfaceId: string;
}

/** Why a candidate cannot take the interfaces; each names what a person would change. */
export type PlacementFault = {
  readonly code: Extract<
    RejectionCode,
    'no-free-slot' | 'device-index-taken' | 'too-few-addresses' | 'limits-unreadable'
  >;
  readonly reason: string;
};

export type Placement = { readonly placed: readonly PlacedInterface[] } | { readonly fault: PlacementFault };

export interface PlacementContext {
  readonly tagPrefix: string;
  /** Devices remembered in the ledger, for interfaces that are detached now. */
  readonly remembered: Readonly<Record<string, Device>>;
}

/**
 * Finds a device for every interface on the candidate: the index it has now, else the remembered one, else its
 * `device-index` tag, else the lowest free index from 1 up on card 0. Interfaces the candidate already holds stay
 * where they are. Limits: DescribeInstanceTypes `NetworkInfo`.
 */
export function place(
  interfaces: readonly InterfaceView[],
  candidate: MemberView,
  limits: TypeLimits | undefined,
  context: PlacementContext,
): Placement {
  if (!limits) return fault('limits-unreadable', `the limits of instance type ${candidate.type} could not be read`);
  const arriving = interfaces.filter((view) => view.attachment?.instanceId !== candidate.id);
  const host = withoutGhosts(candidate, arriving);
  const crowded = tooFewAddresses(arriving, host, limits) ?? noFreeSlot(arriving, host, limits);
  if (crowded) return { fault: crowded };
  const taken = strangersOnWishes(interfaces, arriving, host, context);
  if (taken) return { fault: taken };
  const placed = assign(interfaces, arriving, host, context);
  const overfull = fullCard(placed, arriving, host, limits);
  return overfull ? { fault: overfull } : { placed };
}

/** Two reads may be of different age: an interface that is known to be elsewhere takes no slot from itself. */
function withoutGhosts(candidate: MemberView, arriving: readonly InterfaceView[]): MemberView {
  const slots = candidate.slots.filter((slot) => !arriving.some((view) => view.id === slot.interfaceId));
  return { ...candidate, slots };
}

/** Where an interface wants to go, best first: guests are configured by device index, so it is kept if possible. */
function wishes(view: InterfaceView, context: PlacementContext): readonly Device[] {
  if (view.attachment) return [presentDevice(view)];
  return [context.remembered[view.id], deviceTag(view, context.tagPrefix)].filter((device) => device !== undefined);
}

/** An index that somebody else's interface has is not ours to give away: a person has to decide. */
function strangersOnWishes(
  interfaces: readonly InterfaceView[],
  arriving: readonly InterfaceView[],
  candidate: MemberView,
  context: PlacementContext,
): PlacementFault | undefined {
  const strangers = candidate.slots.filter((slot) => !interfaces.some((view) => view.id === slot.interfaceId));
  const theirs = new Set(strangers.map(deviceKey));
  for (const view of arriving) {
    const [first] = wishes(view, context);
    if (first && theirs.has(deviceKey(first)))
      return { code: 'device-index-taken', reason: indexTaken(view.id, first) };
  }
  return undefined;
}

/** Between interfaces of the group itself a wish may give way: any place beats none. */
function assign(
  interfaces: readonly InterfaceView[],
  arriving: readonly InterfaceView[],
  candidate: MemberView,
  context: PlacementContext,
): readonly PlacedInterface[] {
  const taken = new Set(candidate.slots.map(deviceKey));
  const granted = new Map<string, Device>();
  // Wishes are granted before free indexes are given out, so that the order of ids cannot cause a clash.
  for (const view of arriving) {
    const device = wishes(view, context).find((wish) => !taken.has(deviceKey(wish)));
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
  let deviceIndex = 1;
  while (taken.has(deviceKey({ deviceIndex, networkCardIndex: 0 }))) deviceIndex += 1;
  taken.add(deviceKey({ deviceIndex, networkCardIndex: 0 }));
  return { deviceIndex, networkCardIndex: 0 };
}

function tooFewAddresses(
  arriving: readonly InterfaceView[],
  candidate: MemberView,
  limits: TypeLimits,
): PlacementFault | undefined {
  for (const view of arriving) {
    const need = view.privateIpv4Count > limits.ipv4PerInterface ? 'IPv4' : 'IPv6';
    const [has, allowed] =
      need === 'IPv4' ? [view.privateIpv4Count, limits.ipv4PerInterface] : [view.ipv6Count, limits.ipv6PerInterface];
    if (has > allowed) {
      const reason = `${view.id} has ${has} ${need} addresses and a ${candidate.type} allows ${allowed} per interface`;
      return { code: 'too-few-addresses', reason };
    }
  }
  return undefined;
}

function noFreeSlot(
  arriving: readonly InterfaceView[],
  candidate: MemberView,
  limits: TypeLimits,
): PlacementFault | undefined {
  const free = limits.maxInterfaces - candidate.slots.length;
  if (arriving.length <= free) return undefined;
  const has = `has ${candidate.slots.length} of the ${limits.maxInterfaces} interfaces a ${candidate.type} allows`;
  return { code: 'no-free-slot', reason: `it ${has} and needs room for ${arriving.length} more` };
}

function fullCard(
  placed: readonly PlacedInterface[],
  arriving: readonly InterfaceView[],
  candidate: MemberView,
  limits: TypeLimits,
): PlacementFault | undefined {
  const arrivals = placed.filter((place) => arriving.some((view) => view.id === place.interfaceId));
  for (const cardIndex of new Set(arrivals.map((place) => place.networkCardIndex))) {
    const card = limits.cards.find((known) => known.index === cardIndex);
    const onCard = (slot: Device): boolean => slot.networkCardIndex === cardIndex;
    const count = candidate.slots.filter(onCard).length + arrivals.filter(onCard).length;
    if (!card) return { code: 'no-free-slot', reason: `a ${candidate.type} has no network card ${cardIndex}` };
    if (count > card.maxInterfaces) {
      return { code: 'no-free-slot', reason: `its network card ${cardIndex} allows ${card.maxInterfaces} interfaces` };
    }
  }
  return undefined;
}

const deviceKey = (device: Device): string => `${device.networkCardIndex}/${device.deviceIndex}`;

function indexTaken(interfaceId: string, device: Device): string {
  return `${interfaceId} needs device index ${device.deviceIndex} on network card ${device.networkCardIndex}, which is taken`;
}

function fault(code: PlacementFault['code'], reason: string): Placement {
  return { fault: { code, reason } };
}
