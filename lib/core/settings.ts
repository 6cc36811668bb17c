import type { InterfaceView } from './model.ts';
import table from './settings.json';

/** Everything a team can tune. The deployment sets it; tags of a group's anchor override the last seven. */
export interface Settings {
  /** Prefix of the tags people write, e.g. `eni-failover:`. */
  readonly tagPrefix: string;
  /** Prefix of the tags this product writes, e.g. `eni-failover-state:`. */
  readonly statePrefix: string;
  /** An alarm whose name starts with it is ours, whatever it measures. */
  readonly alarmPrefix: string;
  /** How long a plain detach may take before it is forced. 0: force at once. */
  readonly forceAfterSeconds: number;
  /** The same for a holder that fails its system or instance check, or is gone; never longer than the other. */
  readonly forceFailedAfterSeconds: number;
  /** How long an attachment may stay `attaching` (or `detaching`, where no move explains it) before it is given up. */
  readonly stuckAfterSeconds: number;
  /** The window in which automation may make only {@link maxMoves} moves. */
  readonly cooldownSeconds: number;
  readonly maxMoves: number;
  /** How long status checks must have been impaired, from `ImpairedSince`, before automation acts on them alone. */
  readonly impairedAfterSeconds: number;
  /** `manual`: observe and report, but start no automatic move. */
  readonly mode: 'auto' | 'manual';
}

type WholeNumberSetting =
  | 'forceAfterSeconds'
  | 'forceFailedAfterSeconds'
  | 'stuckAfterSeconds'
  | 'cooldownSeconds'
  | 'maxMoves'
  | 'impairedAfterSeconds';

/** One row of `settings.json`, which the packaging reads as well. The move list has to fit into a tag: at most 10. */
interface Row {
  readonly setting: WholeNumberSetting;
  /** Its tag's key, behind the prefix, which overrides it for one group. */
  readonly tag: string;
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

const ROWS = table as readonly Row[];

const byName = <T>(pick: (row: Row) => T) =>
  Object.fromEntries(ROWS.map((row) => [row.setting, pick(row)])) as Readonly<Record<WholeNumberSetting, T>>;

export const DEFAULT_SETTINGS: Settings = {
  tagPrefix: 'eni-failover:',
  statePrefix: 'eni-failover-state:',
  alarmPrefix: 'eni-failover/',
  ...byName((row) => row.default),
  mode: 'auto',
};

/** Allowed range of each number, inclusive. */
export const RANGES = byName(({ min, max }): readonly [min: number, max: number] => [min, max]);

/**
 * A whole number within its range, or the sentence that says what is wrong with it.
 * @param label the name the person who wrote it knows it by.
 */
export function readWholeNumber(label: string, text: string, setting: WholeNumberSetting): number | string {
  const [min, max] = RANGES[setting];
  return wholeNumberIn(text, min, max) ?? `${label} must be a whole number from ${min} to ${max}, not '${text}'.`;
}

/** The whole number that a text is, if it is one within these bounds. */
export function wholeNumberIn(text: string, min: number, max: number): number | undefined {
  const value = Number(text);
  return /^\d+$/.test(text) && value >= min && value <= max ? value : undefined;
}

export interface GroupSettings {
  readonly settings: Settings;
  /** One sentence for each malformed tag; the deployment's value is used in its place. */
  readonly faults: readonly string[];
}

type Overrides = { -readonly [K in keyof Settings]?: Settings[K] };

/**
 * The settings of one group: the deployment's, overridden by the tags on its interfaces. The same value is wanted on
 * all of them; where they differ, the safer one counts, so that whoever may tag one of them can only slow things down.
 */
export function groupSettings(deployment: Settings, interfaces: readonly InterfaceView[]): GroupSettings {
  const overrides: Overrides = {};
  const tag = (key: string) => valuesOf(interfaces, deployment.tagPrefix + key);
  const faults = ROWS.flatMap(({ tag: key, setting }) => {
    const { texts, differ } = tag(key);
    const read = texts.map((text) => readWholeNumber(`Tag ${deployment.tagPrefix}${key}`, text, setting));
    const values = read.filter((value) => typeof value === 'number');
    const safest = setting === 'maxMoves' ? Math.min : Math.max;
    if (values.length > 0) overrides[setting] = safest(...values);
    const counts = overrides[setting] ?? deployment[setting];
    return [
      ...read.flatMap((fault) =>
        typeof fault === 'string' ? `${fault} ${insteadOf(values, deployment[setting])}` : [],
      ),
      ...(differ && values.length > 0 ? [differing(deployment.tagPrefix + key, counts)] : []),
    ];
  });
  return {
    faults: [...faults, ...modeFaults(deployment, overrides, tag('mode'))],
    settings: { ...deployment, ...overrides },
  };
}

function modeFaults(deployment: Settings, overrides: Overrides, { texts, differ }: TagValues): readonly string[] {
  const modes = texts.filter((text) => text === 'auto' || text === 'manual');
  if (modes.length > 0) overrides.mode = modes.includes('manual') ? 'manual' : 'auto';
  const key = `${deployment.tagPrefix}mode`;
  const odd = texts.filter((text) => text !== 'auto' && text !== 'manual');
  return [
    ...odd.map(
      (text) => `Tag ${key} must be auto or manual, not '${text}'. '${overrides.mode ?? deployment.mode}' is used.`,
    ),
    ...(differ && modes.length > 0 ? [differing(key, overrides.mode ?? deployment.mode)] : []),
  ];
}

/** What a tag says on the interfaces of a group. */
interface TagValues {
  /** Each value once. */
  readonly texts: readonly string[];
  readonly differ: boolean;
}

export function valuesOf(interfaces: readonly InterfaceView[], key: string): TagValues {
  const all = new Set(interfaces.map(({ tags }) => tags[key]));
  return { texts: [...all].filter((text) => text !== undefined), differ: all.size > 1 };
}

const insteadOf = (values: readonly number[], deployed: number): string =>
  values.length > 0 ? 'It is left out.' : `The deployment's ${deployed} is used.`;

export const differing = (key: string, counts: number | string): string =>
  `settings-differ: Tag ${key} should be the same on every interface of the group. The safest value counts: ${counts}.`;

/** The settings that tags override for one group, each with its key behind the prefix. */
export const OVERRIDES: readonly { readonly setting: WholeNumberSetting | 'mode'; readonly tag: string }[] = [
  ...ROWS.map(({ setting, tag }) => ({ setting, tag })),
  { setting: 'mode', tag: 'mode' },
];

/** Keys of the tags that override settings, behind the prefix. */
export const SETTING_TAGS: readonly string[] = OVERRIDES.map(({ tag }) => tag);
