import { FailoverError } from './errors.ts';
import { type Block, readBlock } from './probe/address.ts';
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
  refuseFaulty(faults);
  return settings;
}

/** `maxMoves` is the variable `MAX_MOVES`, and so on. */
const variableOf = (setting: string): string => setting.replace(/[A-Z]/g, '_$&').toUpperCase();

function readMode(text: string, faults: string[]): Settings['mode'] {
  if (text === 'auto' || text === 'manual') return text;
  faults.push(`MODE must be auto or manual, not '${text}'.`);
  return DEFAULT_SETTINGS.mode;
}

const overlap = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);

/** What a probe is told by its environment. */
export interface ProbeSettings {
  /** Blocks of addresses it may probe besides the private ones. */
  readonly blocks: readonly Block[];
  /** `host:port` where the runtime of the function listens, which it never probes. */
  readonly runtime?: string;
  /** Whether it runs in the lab, whose hosts are on the loopback. */
  readonly isLab?: true;
  readonly memoryMb: number;
}

/**
 * `PROBE_CIDRS`: blocks separated by commas, for a VPC whose ranges are not private ones. `PROBE_LAB`: set by the lab
 * alone. The others are set by Lambda (Lambda Developer Guide, "Defined runtime environment variables").
 * @throws FailoverError `InvalidConfiguration` with every fault listed.
 */
export function readProbeSettings(env: Environment = process.env): ProbeSettings {
  const texts = listOf(env['PROBE_CIDRS']);
  const faults = texts
    .filter((text) => readBlock(text) === undefined)
    .map((text) => `PROBE_CIDRS must be blocks like 10.0.0.0/16, separated by commas, not '${text}'.`);
  refuseFaulty(faults);
  const runtime = env['AWS_LAMBDA_RUNTIME_API'];
  return {
    blocks: texts.flatMap((text) => readBlock(text) ?? []),
    memoryMb: Number(env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'] ?? 128),
    ...(runtime !== undefined && { runtime }),
    ...(env['PROBE_LAB'] === 'loopback' && { isLab: true }),
  };
}

const DEFAULT_DEPLOYMENT = 'eni-failover';

/** What is told besides the log. */
export interface Announcing {
  /** What the deployment is called, by which its events and metrics are told from those of another one. */
  readonly deployment: string;
  /** Whether events are put on the default bus. */
  readonly events: boolean;
}

/** `DEPLOYMENT`: service and stage. `EVENT_BUS`: `default`, or anything else for none. */
export function readAnnouncing(env: Environment = process.env): Announcing {
  return { deployment: env['DEPLOYMENT'] ?? DEFAULT_DEPLOYMENT, events: env['EVENT_BUS'] === 'default' };
}

/** The other functions, as failover and sweep know them; those of the probe only where one is deployed. */
export interface ProbeFunctions {
  /** The names of the probe functions. */
  readonly probes: readonly string[];
  /** The name of the function that watches. */
  readonly watch?: string;
  /** The subnets that the probes are in, by which their VPC is found. */
  readonly subnets: readonly string[];
  /** The name of the function that looks after alarms, as the sweep knows it. */
  readonly upkeep?: string;
}

/** `PROBE_FUNCTIONS`, `PROBE_SUBNETS`: names separated by commas. `WATCH_FUNCTION`, `UPKEEP_FUNCTION`: one name. */
export function readProbeFunctions(env: Environment = process.env): ProbeFunctions {
  const { WATCH_FUNCTION: watch = '', UPKEEP_FUNCTION: upkeep = '' } = env;
  const subnets = listOf(env['PROBE_SUBNETS']);
  return {
    probes: listOf(env['PROBE_FUNCTIONS']),
    subnets,
    ...(watch !== '' && { watch }),
    ...(upkeep !== '' && { upkeep }),
  };
}

/** What `upkeep` is told by its environment, besides the settings. */
export interface UpkeepSettings {
  /** Whether each member is to have an alarm on its status checks. */
  readonly memberAlarms: boolean;
  /** `eni-failover-prod`: what the tag of those alarms says. */
  readonly deployment: string;
}

/**
 * `MEMBER_ALARMS`: on or off. `DEPLOYMENT`: the name of the stack.
 * @throws FailoverError `InvalidConfiguration` with every fault listed.
 */
export function readUpkeepSettings(env: Environment = process.env): UpkeepSettings {
  const { MEMBER_ALARMS: memberAlarms = 'on', DEPLOYMENT: deployment = '' } = env;
  const faults = [
    ...(['on', 'off'].includes(memberAlarms) ? [] : [`MEMBER_ALARMS must be on or off, not '${memberAlarms}'.`]),
    ...(deployment === '' ? ['DEPLOYMENT must name the stack.'] : []),
  ];
  refuseFaulty(faults);
  return { memberAlarms: memberAlarms === 'on', deployment };
}

/** What `watch` is told by its environment. */
export interface WatchSettings {
  /** The names of the probe functions, one or two. */
  readonly probes: readonly string[];
  /** The name of the failover function. */
  readonly failover: string;
}

/**
 * `PROBE_FUNCTIONS`: names separated by commas. `FAILOVER_FUNCTION`: one name.
 * @throws FailoverError `InvalidConfiguration` with every fault listed.
 */
export function readWatchSettings(env: Environment = process.env): WatchSettings {
  const probes = listOf(env['PROBE_FUNCTIONS']);
  const failover = env['FAILOVER_FUNCTION'] ?? '';
  const faults = [
    ...(probes.length === 1 || probes.length === 2 ? [] : ['PROBE_FUNCTIONS must name one or two functions.']),
    ...(failover === '' ? ['FAILOVER_FUNCTION must name a function.'] : []),
  ];
  refuseFaulty(faults);
  return { probes, failover };
}

/** @throws FailoverError `InvalidConfiguration` where there are faults. */
function refuseFaulty(faults: readonly string[]): void {
  if (faults.length > 0)
    throw new FailoverError('InvalidConfiguration', 'The function does not start with this configuration:', faults);
}

const listOf = (text = ''): readonly string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
