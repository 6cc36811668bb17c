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
  /** How long status checks must have been impaired before the sweep acts on them alone. */
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
  const value = Number(text);
  const valid = /^\d+$/.test(text) && value >= min && value <= max;
  return valid ? value : `${label} must be a whole number from ${min} to ${max}, not '${text}'.`;
}

export interface GroupSettings {
  readonly settings: Settings;
  /** One sentence for each malformed tag; the deployment's value is used in its place. */
  readonly faults: readonly string[];
}

/** The settings of one group: the deployment's, overridden by the tags on its anchor. */
export function groupSettings(deployment: Settings, anchor: InterfaceView | undefined): GroupSettings {
  const faults: string[] = [];
  const overrides: { -readonly [K in keyof Settings]?: Settings[K] } = {};
  const tag = (key: string): string | undefined => anchor?.tags[deployment.tagPrefix + key];
  for (const { tag: key, setting } of ROWS) {
    const text = tag(key);
    if (text === undefined) continue;
    const value = readWholeNumber(`Tag ${deployment.tagPrefix}${key}`, text, setting);
    if (typeof value === 'number') overrides[setting] = value;
    else faults.push(`${value} The deployment's ${deployment[setting]} is used.`);
  }
  const mode = tag('mode');
  if (mode === 'auto' || mode === 'manual') overrides.mode = mode;
  else if (mode !== undefined) {
    faults.push(`Tag ${deployment.tagPrefix}mode must be auto or manual, not '${mode}'. '${deployment.mode}' is used.`);
  }
  return { settings: { ...deployment, ...overrides }, faults };
}
