import type { InterfaceView } from './model.ts';

/** Everything a team can tune. The deployment sets it; tags of a group's anchor override the last five. */
export interface Settings {
  /** Prefix of the tags people write, e.g. `eni-failover:`. */
  readonly tagPrefix: string;
  /** Prefix of the tags this product writes, e.g. `eni-failover-state:`. */
  readonly statePrefix: string;
  /** An alarm whose name starts with it is ours, whatever it measures. */
  readonly alarmPrefix: string;
  /** How long a plain detach may take before it is forced. 0: force at once. */
  readonly forceAfterSeconds: number;
  /** The window in which automation may make only {@link maxMoves} moves. */
  readonly cooldownSeconds: number;
  readonly maxMoves: number;
  /** How long status checks must have been impaired before the sweep acts on them alone. */
  readonly impairedAfterSeconds: number;
  /** `manual`: observe and report, but start no automatic move. */
  readonly mode: 'auto' | 'manual';
}

export const DEFAULT_SETTINGS: Settings = {
  tagPrefix: 'eni-failover:',
  statePrefix: 'eni-failover-state:',
  alarmPrefix: 'eni-failover/',
  forceAfterSeconds: 10,
  cooldownSeconds: 900,
  maxMoves: 2,
  impairedAfterSeconds: 120,
  mode: 'auto',
};

type WholeNumberSetting = 'forceAfterSeconds' | 'cooldownSeconds' | 'maxMoves' | 'impairedAfterSeconds';

/** Allowed range of each number, inclusive. The move list must fit into one tag value: hence at most 10. */
export const RANGES: Readonly<Record<WholeNumberSetting, readonly [min: number, max: number]>> = {
  forceAfterSeconds: [0, 600],
  cooldownSeconds: [0, 86_400],
  maxMoves: [1, 10],
  impairedAfterSeconds: [0, 3_600],
};

/** Tag key (behind the prefix) → the setting it overrides for one group. */
const TAG_OVERRIDES: Readonly<Record<string, WholeNumberSetting>> = {
  'force-after': 'forceAfterSeconds',
  cooldown: 'cooldownSeconds',
  'max-moves': 'maxMoves',
  'impaired-after': 'impairedAfterSeconds',
};

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
  for (const [key, setting] of Object.entries(TAG_OVERRIDES)) {
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
