import { carriersOf, fullTags, hasRoom } from './carriers.ts';
import { isWarning, type WarningCode } from './codes.ts';
import type { LedgerReading } from './ledger.ts';
import type { Observation } from './model.ts';
import { PROBE_TAGS } from './probe-settings.ts';
import { SETTING_TAGS, type Settings } from './settings.ts';
import { memberTagFaults } from './tags.ts';

/** Things to put right that do not stand in the way now, one sentence each. */
export function warningsOf(observation: Observation, reading: LedgerReading, settings: Settings): readonly string[] {
  const { tagPrefix, statePrefix } = settings;
  const risky = observation.interfaces.filter((view) => view.attachment?.deleteOnTermination);
  const full = carriersOf(observation).filter((each) => !hasRoom(each, statePrefix));
  return [
    ...ledgerFaults(reading),
    ...full.map((each) => warning('tags-full', fullTags(each, statePrefix))),
    ...risky.map((view) => `${view.id} has DeleteOnTermination set: it is deleted with its instance.`),
    ...observation.members.flatMap((member) => memberTagFaults(member, tagPrefix)),
    ...unknownTags(observation.interfaces, [...SETTING_TAGS, ...PROBE_TAGS, 'group', 'device-index'], tagPrefix),
    ...unknownTags(observation.members, ['group', 'priority', 'exclude'], tagPrefix),
    ...(observation.misnamed ?? []).map(({ id, tag }) => {
      return warning(
        'group-tag-malformed',
        `The group tag of ${id} is '${tag}'; names are separated by single spaces, and an interface has one.`,
      );
    }),
    ...unheardLimits(observation),
  ];
}

function unknownTags(
  resources: readonly { readonly id: string; readonly tags: Readonly<Record<string, string>> }[],
  known: readonly string[],
  tagPrefix: string,
): readonly string[] {
  return resources.flatMap(({ id, tags }) => {
    const keys = Object.keys(tags).filter(
      (key) => key.startsWith(tagPrefix) && !known.includes(key.slice(tagPrefix.length)),
    );
    return keys.map((key) => warning('unknown-tag', `Tag ${key} means nothing on ${id}.`));
  });
}

/** One sentence on each member that may refuse the only place the interfaces can have there. */
export function withheldWarnings(withheld: ReadonlyMap<string, string>): readonly string[] {
  return [...withheld].map(([id, why]) => warning('device-index-withheld', `${id} may refuse the group: ${why}.`));
}

/** A warning that has a code: `tags-full: …`. */
export const warning = (code: WarningCode, sentence: string): string => `${code}: ${sentence}`;

/** A warning in its parts; one that has no code says of itself what it is. */
export function codeOfWarning(text: string): { readonly code?: WarningCode; readonly sentence: string } {
  const [, code = '', sentence = ''] = /^([a-z-]+): (.+)$/s.exec(text) ?? [];
  return isWarning(code) ? { code, sentence } : { sentence: text };
}

function ledgerFaults(reading: LedgerReading): readonly string[] {
  return reading.status === 'damaged'
    ? reading.faults.map((fault) => `${fault} It counts as absent.`)
    : ignoredKeys(reading);
}

/** One sentence on the tags of an earlier version, or of somebody else, that stand where a ledger was looked for. */
export function ignoredKeys(reading: LedgerReading): readonly string[] {
  if (reading.status !== 'absent' || reading.ignored.length === 0) return [];
  return [
    `These tags are of no version that was released, and are ignored; delete them: ${reading.ignored.join(', ')}.`,
  ];
}

function unheardLimits({ members, limits }: Observation): readonly string[] {
  const types = [...new Set(members.map(({ type }) => type))];
  return types.flatMap((type) => {
    const { unheard } = limits[type] ?? {};
    return unheard === undefined ? [] : [`The limits of ${type} are those shipped with this version: ${unheard}`];
  });
}
