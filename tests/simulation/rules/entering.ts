import type { Instance, NetworkInterface } from '../../../lab/world/model.ts';
import { INSTANCE_TYPES } from '../../../lab/world/model.ts';
import { crowding, isExcludedBy, slotOf, slotsOf } from '../truth.ts';
import { TAG } from '../build.ts';
import { knownToLeave, readAsStopped } from './leaving.ts';
import { type Act, askedToMove, earlier, hasForgotten, openOperation } from './rule.ts';

/** What is asked of a member that is to take the interfaces. */
export type Terms = 'successor' | 'vouched' | 'old-holder';

/** Why the sender could not have thought that this member may take the interfaces; undefined when it could. */
export function forbids(act: Act, instanceId: string, arriving: readonly NetworkInterface[]): string | undefined {
  const member = act.view.member(instanceId);
  if (!member) return 'it is no member of the group';
  const terms = termsOf(act, instanceId, arriving);
  return (
    unreachable(member, arriving) ??
    (terms === 'old-holder' ? unsettled(member) : unfit(act, member, terms)) ??
    crowding(member, others(act, instanceId, arriving), arriving) ??
    lacksTheIndex(member, arriving) ??
    crowdedCard(act, member, arriving)
  );
}

/** Who gets its interface back need not be well; whom a person vouches for neither. */
function termsOf(act: Act, instanceId: string, arriving: readonly NetworkInterface[]): Terms {
  const operation = openOperation(act);
  const group = act.view.interfaces() ?? [];
  // By the world's truth; or this very run took it off there, and somebody else has not kept it.
  const cameFrom =
    group.some(({ id }) => act.attachments.last(id, act.view.lookedMs)?.instanceId === instanceId) ||
    earlier(act, 'DetachNetworkInterface').some(({ input, outcome }) => {
      const found = act.attachments.byId(input['AttachmentId'] as string);
      return (
        outcome === 'ok' &&
        found?.attachment.instanceId === instanceId &&
        group.some(({ id }) => id === found.interfaceId)
      );
    });
  // What the sender took for the last holder of a group that nobody holds.
  const remembered = group.every(({ attachment }) => !attachment) && act.view.ledger()?.holder === instanceId;
  if (operation?.from === instanceId || remembered || (cameFrom && arriving.every(({ attachment }) => !attachment))) {
    return 'old-holder';
  }
  if (operation?.to === instanceId && operation.healthIgnored) return 'vouched';
  const { cause } = act.invocation;
  const asked = askedToMove(act) && cause.kind === 'request' && cause.request.to === instanceId;
  return asked && cause.request.ignoreHealth === true ? 'vouched' : 'successor';
}

function unreachable(member: Instance, arriving: readonly NetworkInterface[]): string | undefined {
  if (arriving.some(({ zone }) => zone !== member.zone)) return `it is in another zone, ${member.zone}`;
  if (arriving.some(({ ownerId }) => ownerId !== member.ownerId)) return 'it belongs to another account';
  if (arriving.some(({ outpostArn }) => outpostArn !== member.outpostArn)) return 'it is on other hardware';
  if (member.managedBy !== undefined && arriving.length > 0) return `it is managed by ${member.managedBy}`;
  return undefined;
}

function unsettled({ state }: Instance): string | undefined {
  return state === 'running' || state === 'stopped' ? undefined : `it is ${state}`;
}

/** Why a member may not be chosen for its own sake; undefined when it may. */
export function unfit(act: Act, member: Instance, terms: Terms): string | undefined {
  const { view } = act;
  if (isExcludedBy(member)) return 'it is excluded';
  if (member.state !== 'running') return `it is ${member.state}`;
  if (terms === 'vouched') return undefined;
  if (knownToLeave(act, member.id) && !joinsAPart(act, member.id)) return 'EC2 has given notice that it takes it back';
  const read = view.checks(member.id).map(({ verdict }) => verdict);
  // Checks that are still initializing, or that nobody could read, will do where nobody serves.
  const enough = read.some((verdict) => verdict === 'ok' || (verdict === 'initializing' && servedByNobody(act)));
  // A run looks at several groups at once: what another one was told of this member is no read of this one's.
  const unread = read.length === 0 || view.missedChecks(member.id);
  if (!enough && !(unread && servedByNobody(act))) return 'no read said that its checks are ok';
  const alarms = view.alarms(member.id);
  // Alarms that could not be read do not rule out a member whom EC2 itself vouches for.
  // Somebody has said of a muted one that it is not to be believed: that will do where nobody serves.
  const counts = (name: string): boolean => !act.muted.has(name) || !servedByNobody(act);
  return alarms.length === 0 || alarms.some((raised) => !raised.some(counts)) ? undefined : 'it has an alarm';
}

/**
 * What it serves is taken off it by nothing that only the ledger says, and the rest goes where that is: for as long as
 * nobody else serves that rest, and not for the sake of what is on its way there itself.
 */
function joinsAPart(act: Act, instanceId: string): boolean {
  const interfaces = act.view.interfaces() ?? [];
  const serves = interfaces.some(
    ({ attachment }) => attachment?.instanceId === instanceId && attachment.status === 'attached',
  );
  const others = interfaces.filter(({ attachment }) => attachment?.instanceId !== instanceId);
  return serves && others.every((view) => view.attachment?.status !== 'attached' || !isServed(act, view));
}

function servedByNobody(act: Act): boolean {
  return (act.view.interfaces() ?? []).every((view) => !isServed(act, view));
}

/** What hangs on its way to a member, or is on its way off one, is served by nobody. */
function isServed(act: Act, { attachment }: NetworkInterface): boolean {
  if (attachment === undefined || attachment.status === 'detaching') return false;
  const hangs = attachment.status === 'attaching' && attachment.stuck;
  return !hangs && !readAsStopped(act, attachment.instanceId);
}

/** What a tag asks for is given; else an index gives way where the type lacks it, or nobody serves with it. */
function mayChangePlace(act: Act, view: NetworkInterface, { type }: Instance): boolean {
  const { attachment } = view;
  const lacks = attachment && attachment.deviceIndex >= (INSTANCE_TYPES[type]?.cards[attachment.networkCardIndex] ?? 0);
  return view.tags[`${TAG}device-index`] === undefined && (lacks === true || !isServed(act, view));
}

/** Why an interface that was at this place cannot have it on an instance, whoever asks. */
export function isNotToBeHad(act: Act, instanceId: string, slot: Place): boolean {
  const type = act.view.member(instanceId)?.type ?? '';
  const most = INSTANCE_TYPES[type]?.cards[slot.networkCardIndex] ?? 0;
  const own = new Set((act.view.interfaces() ?? []).map(({ id }) => id));
  const strangers = act.view.occupants(instanceId).filter(({ id }) => !own.has(id));
  return slot.deviceIndex >= most || slotsOf(strangers).includes(slotOf(slot));
}

/** What a tag asks for is given, or the interface stays: where it is now will not do there either. */
function lacksTheIndex({ type, id }: Instance, arriving: readonly NetworkInterface[]): string | undefined {
  const isThere = ({ deviceIndex, networkCardIndex }: Place): boolean =>
    deviceIndex < (INSTANCE_TYPES[type]?.cards[networkCardIndex] ?? 0);
  const found = arriving.find(({ attachment, tags }) => {
    const asked = [placeNamed(tags[`${TAG}device-index`])].flat();
    return attachment && attachment.instanceId !== id && ![attachment, ...asked].some(isThere) && asked.length > 0;
  });
  return found && `${found.id} asks by its tag for a device index that a ${type} does not have`;
}

interface Place {
  readonly deviceIndex: number;
  readonly networkCardIndex: number;
}

/** The place that a tag names: `2`, or `2@1` for index 2 on network card 1. */
function placeNamed(text: string | undefined): Place | readonly [] {
  const [, index, card = '0'] = /^(\d+)(?:@(\d+))?$/.exec(text ?? '') ?? [];
  return index === undefined ? [] : { deviceIndex: Number(index), networkCardIndex: Number(card) };
}

function others({ view }: Act, instanceId: string, arriving: readonly NetworkInterface[]): NetworkInterface[] {
  const coming = new Set(arriving.map(({ id }) => id));
  return view.occupants(instanceId).filter(({ id }) => !coming.has(id));
}

/** Every device index has to be free, and no card may get more than it takes. */
function crowdedCard(act: Act, member: Instance, arriving: readonly NetworkInterface[]): string | undefined {
  const present = others(act, member.id, arriving).flatMap(({ attachment }) => attachment ?? []);
  const remembered = (id: string) => (hasForgotten(act) ? undefined : act.attachments.left(id, act.view.lookedMs));
  // Among themselves the interfaces of a group give way.
  const own = new Set((act.view.interfaces() ?? []).map(({ id }) => id));
  const strangers = others(act, member.id, arriving).filter(({ id }) => !own.has(id));
  const taken = new Set(slotsOf(strangers));
  const wanted = arriving
    .filter((view) => !mayChangePlace(act, view, member))
    .flatMap((view): Place | readonly Place[] => {
      // What nobody holds goes where it was, or where its tag says.
      const places = [view.attachment ?? [remembered(view.id) ?? [], placeNamed(view.tags[`${TAG}device-index`])]].flat(
        2,
      );
      return places.find((place) => !taken.has(slotOf(place))) ?? places[0] ?? [];
    });
  const clash = wanted.find((slot) => taken.has(slotOf(slot)));
  if (clash) return `its device index ${slotOf(clash)} is taken`;
  const cards = INSTANCE_TYPES[member.type]?.cards ?? [];
  const full = wanted.find(({ networkCardIndex: card }) => {
    const count = [...present, ...wanted].filter((slot) => slot.networkCardIndex === card).length;
    return count > (cards[card] ?? 0);
  });
  return full && `its network card ${full.networkCardIndex} is full`;
}
