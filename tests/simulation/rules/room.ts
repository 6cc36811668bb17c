import type { Instance, NetworkInterface } from '../../../lab/world/model.ts';
import { INSTANCE_TYPES } from '../../../lab/world/model.ts';
import { TAG } from '../build.ts';
import { crowding, slotOf, slotsOf } from '../truth.ts';
import { isServed } from './leaving.ts';
import { type Act, hasForgotten } from './rule.ts';

/** Why a member has no place for these interfaces, by what the sender could have known; undefined when it has. */
export function hasNoPlace(act: Act, member: Instance, arriving: readonly NetworkInterface[]): string | undefined {
  return (
    crowding(member, others(act, member.id, arriving), arriving) ??
    lacksTheIndex(member, arriving) ??
    crowdedCard(act, member, arriving)
  );
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
