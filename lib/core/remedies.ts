import type { BlockCode, DecisionCode } from './codes.ts';

/** What ends a block, for whoever asks what holds automation back. Others say so in their reason, or end by themselves. */
const REMEDIES: Readonly<Partial<Record<BlockCode, string>>> = {
  paused: "A 'resume' request ends the pause at once.",
  cooldown: "An 'acknowledge' request ends the cooldown at once; a 'failover' request is not held up by it.",
  'mode-manual':
    "Mode 'auto', in the tag or the deployment, ends it; a 'failover' request moves the group at any time.",
  'holder-not-member': 'Tag that instance as a member, or attach the interface to one.',
  'interfaces-span-zones': 'Put each interface into a group of its own zone.',
  'interface-primary': 'Take the group tag off that interface, and tag a secondary one.',
};

/** @returns a sentence, or nothing where the reason itself says what would have to happen. */
export function remedyFor(code: DecisionCode, { untaggable }: { readonly untaggable: boolean }): string | undefined {
  // What a person acknowledges would have to be written down.
  if (code === 'cooldown' && untaggable) return "A 'failover' request is not held up by it.";
  return REMEDIES[code as BlockCode];
}
