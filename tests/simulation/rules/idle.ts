import type { Instance, NetworkInterface } from '../../../lab/world/model.ts';
import { shortOf } from '../belonging.ts';
import { STATE } from '../build.ts';
import { hasNoPlace } from './room.ts';
import { type Act, earlier, hasForgotten, writtenTags } from './rule.ts';

/**
 * What nobody holds and, as far as the sender could have known, nobody ever held. The last place of a member is for what
 * serves, or did, so that it waits where there is none for all (docs/decisions/012-adopted-interfaces.md): in truth it
 * may have served, and have been detached by hand before the first ledger was written.
 */
function isIdle(act: Act, { id, attachment }: NetworkInterface): boolean {
  // What the product itself took off somebody it has to remember, unless people made it forget.
  const isOurs = !hasForgotten(act) && act.attachments.left(id, act.call.sentMs) !== undefined;
  if (attachment !== undefined || isOurs) return false;
  const places = placesKnown(act);
  const names = new RegExp(`(^| )${shortOf(id)}:`);
  if (places.length > 0) return !places.some((text) => names.test(text));
  return (act.view.interfaces() ?? []).some((other) => {
    return other.attachment !== undefined || act.attachments.left(other.id, act.call.sentMs) !== undefined;
  });
}

/** The tag `devices`, as the sender's last look showed it on the group, or as it wrote it itself. */
function placesKnown(act: Act): readonly string[] {
  const group = act.view.interfaces() ?? [];
  const read = group.flatMap(({ tags }) => tags[`${STATE}devices`] ?? []);
  const written = earlier(act, 'CreateTags').flatMap((call) => {
    const about = (call.input['Resources'] ?? []) as readonly string[];
    return group.some(({ id }) => about.includes(id)) ? (writtenTags(call).get('devices') ?? []) : [];
  });
  return [...read, ...written];
}

/** Those of the interfaces that go to a member, if any do: all, or where it has no place for all, those that served. */
export function thoseWithPlace(
  act: Act,
  member: Instance,
  interfaces: readonly NetworkInterface[],
): readonly NetworkInterface[] {
  const others = interfaces.filter((view) => !isIdle(act, view));
  const waits = others.length > 0 && others.length < interfaces.length && hasNoPlace(act, member, interfaces);
  return waits ? others : interfaces;
}

/** The interfaces of the group that belong on a member, as far as its sender could have known; the anchor of them first. */
export function thoseThatGo(act: Act, instanceId: string): readonly NetworkInterface[] {
  const group = act.view.interfaces() ?? [];
  const member = act.view.member(instanceId);
  return member ? thoseWithPlace(act, member, group) : group;
}
