import { namesItself } from './adoption.ts';
import type { WarningCode } from './codes.ts';
import { MAX_INTERFACES } from './ledger-fields.ts';
import { MAX_STRAYS } from './ledger-notes.ts';
import type { InterfaceView, Observation } from './model.ts';
import { holdersOf } from './situation.ts';
import { isPrimary } from './tags.ts';

/** What keeps an interface with the group's tag out of it: a warning of its own, or nothing but that it is new. */
type StrayCode = (WarningCode & `stray-${string}`) | 'joining';

export interface Stray {
  readonly view: InterfaceView;
  readonly code: StrayCode;
  readonly sentence: string;
}

/** Judges the interfaces that carry the group's tag and do not belong to it: the first few by id. */
export function straysOf({ interfaces, strays = [], members }: Observation, statePrefix: string): readonly Stray[] {
  const [holder, ...others] = holdersOf(interfaces);
  const zone = interfaces[0]?.zone;
  const room = MAX_INTERFACES - interfaces.length;
  return strays.slice(0, MAX_STRAYS).map((view, nth) => {
    const { id, attachment } = view;
    const told = (code: StrayCode, why: string): Stray => {
      return { view, code, sentence: `${id} has the group's tag and does not belong to it: ${why}` };
    };
    if (attachment && isPrimary(attachment))
      return told('stray-primary', `it is the primary interface of ${attachment.instanceId}.`);
    if (view.zone !== zone) return told('stray-other-zone', `it is in ${view.zone}, the group is in ${zone}.`);
    if (!attachment) return told('stray-loose', `it is attached to nothing; attach it to ${holder ?? 'the holder'}.`);
    if (!members.some((member) => member.id === attachment.instanceId))
      return told(
        'stray-with-stranger',
        `it is attached to ${attachment.instanceId ?? 'no instance of this account'}, which is no member.`,
      );
    if (attachment.instanceId !== holder || others.length > 0)
      return told('stray-on-member', `it is attached to ${attachment.instanceId}, the group to ${holder ?? 'nobody'}.`);
    // It is looked after on its own: whoever joins is given the others' ledger, and must not lose one that counts.
    if (namesItself(view, statePrefix))
      return told(
        'stray-other-ledger',
        `it has a ledger of its own, which does not name the others; without its tags ${statePrefix}* it joins them.`,
      );
    if (nth >= room) return told('stray-too-many', `a group has at most ${MAX_INTERFACES} interfaces.`);
    return { view, code: 'joining', sentence: `${id} is a new interface of the group, and will move with it.` };
  });
}
