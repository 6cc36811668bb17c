import { FailoverError } from './errors.ts';
import { DEFAULT_SETTINGS, RANGES, readWholeNumber, type Settings } from './core/settings.ts';

/** Characters that tags, alarm names and IAM conditions all take literally: no `*` or `?`, no `$`. */
const PREFIX = /^[A-Za-z0-9+\-=._:/@]{1,64}$/;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The deployment's settings from the function's environment. An absent variable takes its default; a wrong one is
 * a refusal to start, because a failover that runs on a guess is worse than one that never deployed.
 * @throws FailoverError `InvalidConfiguration` with every fault listed.
 */
export function readSettings(env: Environment = process.env): Settings {
  const faults: string[] = [];
  const prefix = (name: string, fallback: string): string => {
    const text = env[name] ?? fallback;
    if (!PREFIX.test(text)) faults.push(`${name} must be 1 to 64 letters, digits or + - = . _ : / @, not '${text}'.`);
    if (/^aws:/i.test(text)) faults.push(`${name} must not start with 'aws:', which AWS reserves.`);
    return text;
  };
  const number = (setting: keyof typeof RANGES): number => {
    const name = variableOf(setting);
    const value = readWholeNumber(name, env[name] ?? `${DEFAULT_SETTINGS[setting]}`, setting);
    if (typeof value === 'number') return value;
    faults.push(value);
    return DEFAULT_SETTINGS[setting];
  };
  const numbers = Object.fromEntries((Object.keys(RANGES) as (keyof typeof RANGES)[]).map((key) => [key, number(key)]));
  const settings: Settings = {
    tagPrefix: prefix('TAG_PREFIX', DEFAULT_SETTINGS.tagPrefix),
    statePrefix: prefix('STATE_PREFIX', DEFAULT_SETTINGS.statePrefix),
    alarmPrefix: prefix('ALARM_PREFIX', DEFAULT_SETTINGS.alarmPrefix),
    ...(numbers as Record<keyof typeof RANGES, number>),
    mode: readMode(env['MODE'] ?? DEFAULT_SETTINGS.mode, faults),
  };
  if (overlap(settings.tagPrefix, settings.statePrefix)) {
    faults.push(
      'STATE_PREFIX and TAG_PREFIX must not begin with one another: the function may write the one and never the other.',
    );
  }
  if (faults.length === 0) return settings;
  throw new FailoverError('InvalidConfiguration', 'The function does not start with this configuration:', faults);
}

/** `maxMoves` is the variable `MAX_MOVES`, and so on. */
const variableOf = (setting: string): string => setting.replace(/[A-Z]/g, '_$&').toUpperCase();

function readMode(text: string, faults: string[]): Settings['mode'] {
  if (text === 'auto' || text === 'manual') return text;
  faults.push(`MODE must be auto or manual, not '${text}'.`);
  return DEFAULT_SETTINGS.mode;
}

const overlap = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);
