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
export function hasRoom(carrier: Carrier, statePrefix: string): boolean {
  const keys = LEDGER_KEYS.map((key) => statePrefix + key);
  return hasRoomFor(keys, carrier);
}

/** Whether each of these tags is there or may still be added. */
export const hasRoomFor = (keys: readonly string[], { tags }: Carrier): boolean =>
  countTags(tags) + missingOf(keys, tags) <= MAX_TAGS;

const missingOf = (keys: readonly string[], tags: Carrier['tags']): number =>
  keys.filter((key) => tags[key] === undefined).length;

/** One sentence on interfaces none of which has room for these tags. */
export function fullFor(keys: readonly string[], carriers: readonly Carrier[]): string {
  const each = carriers.map(({ id, tags }) => {
    const excess = countTags(tags) + missingOf(keys, tags) - MAX_TAGS;
    return `${id} has ${countTags(tags)} of the ${MAX_TAGS} tags that EC2 allows; delete ${excess} of them`;
  });
  return each.join(', or ');
}

/** One sentence on an interface that has no room for the ledger. */
export function fullTags({ id, tags }: Carrier, statePrefix: string): string {
  const room = `of the ${MAX_TAGS} tags that EC2 allows, and the ledger needs ${LEDGER_KEYS.length} under ${statePrefix}`;
  return `${id} has ${countTags(tags)} ${room}: moves are made, but not remembered there. Delete some of its tags.`;
}

const countTags = (tags: Carrier['tags']): number => Object.keys(tags).filter((key) => !key.startsWith(OF_AWS)).length;
