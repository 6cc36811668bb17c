import { LEDGER_KEYS } from './ledger-fields.ts';
import type { InterfaceView, Observation } from './model.ts';

/** What carries the ledger of a group, and what has no room for it. */

export type Carrier = Pick<InterfaceView, 'id' | 'tags'>;

/** EC2 allows so many tags on a resource; those of AWS do not count (EC2 User Guide, "Tag restrictions"). */
const MAX_TAGS = 50;
const OF_AWS = 'aws:';

/** Whatever carries the ledger: an interface that cannot be understood still has tags. */
export function carriersOf({
  interfaces,
  unreadable,
}: Pick<Observation, 'interfaces' | 'unreadable'>): readonly Carrier[] {
  return [...interfaces, ...unreadable.filter(({ id }) => id.startsWith('eni-'))];
}

/** Those of them that have room for it: EC2 refuses a write for all resources because of one. */
export function writableOf(observation: Observation, statePrefix: string): readonly Carrier[] {
  return carriersOf(observation).filter((each) => hasRoom(each, statePrefix));
}

/** The interfaces that a write of the ledger goes to. */
export function carrierIds(observation: Observation, statePrefix: string): readonly string[] {
  return writableOf(observation, statePrefix).map(({ id }) => id);
}

/** Whether every tag of the ledger is there or may still be added. */
export function hasRoom({ tags }: Carrier, statePrefix: string): boolean {
  const missing = LEDGER_KEYS.filter((key) => tags[statePrefix + key] === undefined);
  return countTags(tags) + missing.length <= MAX_TAGS;
}

/** One sentence on an interface that has no room for the ledger. */
export function fullTags({ id, tags }: Carrier, statePrefix: string): string {
  const room = `of the ${MAX_TAGS} tags that EC2 allows, and the ledger needs ${LEDGER_KEYS.length} under ${statePrefix}`;
  return `${id} has ${countTags(tags)} ${room}: moves are made, but not remembered there. Delete some of its tags.`;
}

const countTags = (tags: Carrier['tags']): number => Object.keys(tags).filter((key) => !key.startsWith(OF_AWS)).length;
