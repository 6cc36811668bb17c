import type { EnaOptions, InterfaceView, MemberView, TypeLimits } from './model.ts';
import { type Arrival, crowding, type PlacementContext, type PlacementFault } from './room.ts';
import { type Device, deviceTag } from './tags.ts';

/** Where each interface of a group goes on one candidate, and what its attachment there is asked for with. */
export interface PlacedInterface extends Device {
  readonly interfaceId: string;
  readonly ena?: EnaOptions;
}

export interface Placed {
  readonly placed: readonly PlacedInterface[];
  /** How many of them do not get the device they had, or should have. */
  readonly displaced: number;
}

export type Placement = Placed | { readonly fault: PlacementFault };

/**
 * Finds a device for every interface on the candidate: the index it has now, else the remembered one, else its
 * `device-index` tag; where the candidate's type does not have it, or nobody serves with it, the lowest free index from
 * 1 up on any card, unless a tag asks for it. Interfaces the candidate already holds stay where they are. Limits:
 * DescribeInstanceTypes `NetworkInfo` and `EbsInfo`.
 * @param interfaces those that have to find a place; any other one on the candidate is a stranger's, and stays.
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
  const crowded = crowding(arrival);
  return crowded ? { fault: crowded } : assign(arrival);
}

/** Two reads may be of different age: an interface that is known to be elsewhere takes no slot from itself. */
function withoutStaleSlots(candidate: MemberView, arriving: readonly InterfaceView[]): MemberView {
  const slots = candidate.slots.filter((slot) => !arriving.some((view) => view.id === slot.interfaceId));
  return { ...candidate, slots };
}

/**
 * Preferred devices go first, then free ones, so that the order of ids cannot cause a clash. Between interfaces of the
 * group itself a preference may give way: any place beats none.
 */
function assign(arrival: Arrival): Placement {
  const { interfaces, arriving, candidate, limits, context } = arrival;
  const taken = new Set([...candidate.slots, ...context.withheld].map(deviceKey));
  const granted = new Map<string, Device>();
  const grant = ({ id }: InterfaceView, device: Device): void => {
    taken.add(deviceKey(device));
    granted.set(id, device);
  };
  const isFree = (device: Device): boolean => {
    const card = limits.cards.find(({ index }) => index === device.networkCardIndex);
    return card !== undefined && hasRoom(card, taken) && !taken.has(deviceKey(device));
  };
  for (const view of arriving) {
    const wanted = wantedDevices(view, context);
    const device = wanted.find((each) => objection(each, arrival) === undefined && isFree(each));
    if (device) grant(view, device);
  }
  const others = arriving.filter(({ id }) => !granted.has(id));
  for (const view of others) {
    const fault = insistence(view, arrival);
    if (fault) return { fault };
    const device = freeDevice(arrival, taken);
    if (!device) return { fault: { code: 'no-free-slot', reason: `no device index of it is free for ${view.id}` } };
    grant(view, device);
  }
  const displaced = others.filter((view) => wantedDevices(view, context).length > 0).length;
  return {
    placed: interfaces.map((view) => placedAt(view, granted.get(view.id) ?? presentDevice(view), context)),
    displaced,
  };
}

/** Where an interface wants to go, best first: guests are configured by device index, so it is kept if possible. */
function wantedDevices(view: InterfaceView, { remembered, tagPrefix }: PlacementContext): readonly Device[] {
  const before = view.attachment ? presentDevice(view) : remembered.find(({ id }) => id === view.id);
  return [before, deviceTag(view, tagPrefix)].filter((device) => device !== undefined);
}

/** Why the candidate does not have a device to give, whatever else the group wants of it. */
function objection(device: Device, { interfaces, candidate, limits, context }: Arrival): PlacementFault | undefined {
  const { deviceIndex, networkCardIndex } = device;
  const card = limits.cards.find(({ index }) => index === networkCardIndex);
  const code = 'device-index-beyond-limit';
  if (!card) return { code, reason: `a ${candidate.type} has no network card ${networkCardIndex}` };
  if (deviceIndex >= card.maxInterfaces) {
    const range = `indexes 0 to ${card.maxInterfaces - 1} on network card ${networkCardIndex}`;
    return { code, reason: `a ${candidate.type} has the device ${range}` };
  }
  const withheld = context.withheld.some((each) => deviceKey(each) === deviceKey(device));
  if (withheld) return { code: 'device-index-taken', reason: `EC2 did not give it on ${candidate.id}` };
  const owner = candidate.slots.find((slot) => deviceKey(slot) === deviceKey(device));
  if (!owner || interfaces.some(({ id }) => id === owner.interfaceId)) return undefined;
  return { code: 'device-index-taken', reason: `${owner.interfaceId} has it` };
}

/**
 * Why an interface that does not get what it wants takes nothing else. What a tag asks for is asked for. An index that
 * somebody else's interface has is not ours to give away while the interface serves where it is: a person has to
 * decide. Where nobody serves with it, any index beats none.
 */
function insistence(view: InterfaceView, arrival: Arrival): PlacementFault | undefined {
  const { context } = arrival;
  const asked = deviceTag(view, context.tagPrefix);
  const [wanted] = wantedDevices(view, context);
  const device = asked ?? wanted;
  const fault = device && objection(device, arrival);
  if (!fault) return undefined;
  const serves = view.attachment?.instanceId !== undefined && context.running.has(view.attachment.instanceId);
  if (!asked && (fault.code === 'device-index-beyond-limit' || !serves)) return undefined;
  const { deviceIndex, networkCardIndex } = device;
  const which = `device index ${deviceIndex} on network card ${networkCardIndex}`;
  const need = asked ? `${view.id} asks by its tag for ${which}` : `${view.id} needs ${which}`;
  return { code: fault.code, reason: `${need}, and ${fault.reason}` };
}

/** Of a card that is full every index is taken; two reads of different age may show it otherwise. */
function hasRoom({ index, maxInterfaces }: TypeLimits['cards'][number], taken: ReadonlySet<string>): boolean {
  return [...taken].filter((key) => key.startsWith(`${index}/`)).length < maxInterfaces;
}

/** The lowest free index from 1 up on any card; index 0 is the primary interface's, but only on card 0. */
function freeDevice({ limits }: Arrival, taken: ReadonlySet<string>): Device | undefined {
  const onCard = (networkCardIndex: number, indexes: readonly number[]): readonly Device[] =>
    indexes.map((deviceIndex) => ({ deviceIndex, networkCardIndex }));
  const cards = limits.cards.filter((card) => hasRoom(card, taken));
  const ordinary = cards.flatMap(({ index, maxInterfaces }) =>
    onCard(
      index,
      Array.from({ length: maxInterfaces - 1 }, (_, at) => at + 1),
    ),
  );
  const first = cards.filter(({ index }) => index > 0).flatMap(({ index }) => onCard(index, [0]));
  return [...ordinary, ...first].find((device) => !taken.has(deviceKey(device)));
}

function placedAt(view: InterfaceView, device: Device, { carried }: PlacementContext): PlacedInterface {
  const ena = view.attachment ? view.attachment.ena : carried[view.id];
  const { deviceIndex, networkCardIndex } = device;
  return { interfaceId: view.id, deviceIndex, networkCardIndex, ...(ena && { ena }) };
}

function presentDevice(view: InterfaceView): Device {
  const { deviceIndex = 1, networkCardIndex = 0 } = view.attachment ?? {};
  return { deviceIndex, networkCardIndex };
}

const deviceKey = (device: Device): string => `${device.networkCardIndex}/${device.deviceIndex}`;
