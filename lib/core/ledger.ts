import type { InterfaceView } from './model.ts';
import { type Device, formatDevice, parseDevice } from './tags.ts';

/**
 * The ledger: what the product remembers, as tags a person can read in the EC2 console. It is memory, never a
 * lock. Every interface of a group carries the same one, written by one CreateTags call; the newest valid one
 * counts. Each value keeps to 256 portable characters (EC2 User Guide, "Tag restrictions").
 */
export interface Ledger {
  readonly phase: Phase;
  /** Who held the anchor when this was written. */
  readonly holder?: string;
  /** The intent while `moving`; afterwards the last operation. */
  readonly operation?: Intent;
  /** The device of each interface when the operation began, so that a detached one finds its place again. */
  readonly devices: Readonly<Record<string, Device>>;
  readonly reason: string;
  readonly changedAt: number;
  /** Number of completed moves. */
  readonly epoch: number;
  /** When the last move, of whatever kind, was completed. */
  readonly movedAt?: number;
  /** When automation began to move this group lately, oldest first: the cooldown counts these. */
  readonly moves: readonly number[];
  readonly pausedUntil?: number;
  /** Old holders that were detached by force; until they are launched anew they may refuse that index. */
  readonly forced: readonly ForcedDetach[];
}

/** `steady`: nothing under way. `moving`: an intent is recorded. `failed`: the last one left work to do. */
export type Phase = 'steady' | 'moving' | 'failed';

export type OperationAction = 'failover' | 'attach';

/** Written before the first step of a move; finished or rolled back by whoever comes next. */
export interface Intent {
  readonly id: string;
  readonly action: OperationAction;
  readonly from?: string;
  readonly to: string;
  /** The run that recorded it; Lambda's retry of an event keeps the run id. */
  readonly runId: string;
  /** Until then other runs may only complete this same move. */
  readonly deadlineAt: number;
  readonly automatic: boolean;
  readonly ignoreHealth: boolean;
}

export interface ForcedDetach {
  readonly instanceId: string;
  readonly launchedAt: number;
}

export type LedgerReading =
  | { readonly status: 'absent' }
  | { readonly status: 'valid'; readonly ledger: Ledger }
  | { readonly status: 'damaged'; readonly faults: readonly string[] };

const VERSION = '1';
const MAX_VALUE = 256;
const NONE = 'none';
const PHASES: readonly Phase[] = ['steady', 'moving', 'failed'];
const ACTIONS: readonly OperationAction[] = ['failover', 'attach'];

/** The ledger as tags, keys complete with their prefix. Always all keys, so one call replaces the whole ledger. */
export function encodeLedger(ledger: Ledger, statePrefix: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {
    version: VERSION,
    phase: ledger.phase,
    holder: ledger.holder ?? NONE,
    operation: ledger.operation ? encodeIntent(ledger.operation) : NONE,
    devices: list(Object.entries(ledger.devices).map(([id, device]) => `${shortId(id)}:${formatDevice(device)}`)),
    reason: portable(ledger.reason),
    'changed-at': isoTime(ledger.changedAt),
    epoch: `${ledger.epoch}`,
    'moved-at': ledger.movedAt === undefined ? NONE : isoTime(ledger.movedAt),
    moves: list(ledger.moves.slice(-MAX_LISTED).map(isoTime)),
    pause: ledger.pausedUntil === undefined ? NONE : `until ${isoTime(ledger.pausedUntil)}`,
    forced: list(ledger.forced.slice(-MAX_FORCED).map((f) => `${f.instanceId}@${isoTime(f.launchedAt)}`)),
  };
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [statePrefix + key, value]));
}

/** 10 times of 24 characters, or 5 of `i-<17>@<24>`, with their spaces, fit into one value. */
const MAX_LISTED = 10;
const MAX_FORCED = 5;

/** Reads the ledger from the tags of a group's interfaces: the newest valid one, else why there is none. */
export function readLedger(interfaces: readonly InterfaceView[], statePrefix: string): LedgerReading {
  const readings = interfaces.map((view) => decodeLedger(view, interfaces, statePrefix));
  const valid = readings.flatMap((reading) => (reading.status === 'valid' ? reading.ledger : []));
  const newest = [...valid].sort((a, b) => b.changedAt - a.changedAt)[0];
  if (newest) return { status: 'valid', ledger: newest };
  const faults = readings.flatMap((reading) => (reading.status === 'damaged' ? reading.faults : []));
  return faults.length > 0 ? { status: 'damaged', faults } : { status: 'absent' };
}

function decodeLedger(view: InterfaceView, group: readonly InterfaceView[], statePrefix: string): LedgerReading {
  const own = Object.entries(view.tags).filter(([key]) => key.startsWith(statePrefix));
  if (own.length === 0) return { status: 'absent' };
  const values = new Map(own.map(([key, value]) => [key.slice(statePrefix.length), value]));
  const version = values.get('version');
  if (version !== VERSION) {
    return {
      status: 'damaged',
      faults: [`The ledger of ${view.id} has version '${version ?? ''}', this is version ${VERSION}.`],
    };
  }
  const faults: string[] = [];
  const ledger = decodeValues(values, group, (key) => {
    faults.push(`The ledger of ${view.id} has an unreadable ${key}: '${values.get(key) ?? ''}'.`);
  });
  return ledger && faults.length === 0 ? { status: 'valid', ledger } : { status: 'damaged', faults };
}

type Fault = (key: string) => void;

function decodeValues(
  values: ReadonlyMap<string, string>,
  group: readonly InterfaceView[],
  fault: Fault,
): Ledger | undefined {
  const read = <T>(key: string, parse: (text: string) => T | undefined): T | undefined => {
    const parsed = parse(values.get(key) ?? '');
    if (parsed === undefined) fault(key);
    return parsed;
  };
  const phase = read('phase', (text) => PHASES.find((known) => known === text));
  const holder = read('holder', optional(instanceId));
  const operation = read('operation', optional(decodeIntent));
  const devices = read('devices', listOf(parseDeviceEntry));
  const changedAt = read('changed-at', parseTime);
  const epoch = read('epoch', (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined));
  const moved = read('moved-at', optional(parseTime));
  const moves = read('moves', listOf(parseTime));
  const paused = read(
    'pause',
    optional((text) => parseTime(text.replace(/^until /, ''))),
  );
  const forced = read('forced', listOf(parseForced));
  if (!phase || !holder || !operation || !devices || changedAt === undefined) return undefined;
  if (epoch === undefined || !moved || !moves || !paused || !forced) return undefined;
  // A ledger that says moving but not what would make every later run act on nothing.
  if (phase === 'moving' && operation.value === undefined) fault('operation');
  return {
    phase,
    ...(holder.value && { holder: holder.value }),
    ...(operation.value && { operation: operation.value }),
    devices: devicesById(devices, group),
    reason: values.get('reason') ?? '',
    changedAt,
    epoch,
    ...(moved.value !== undefined && { movedAt: moved.value }),
    moves,
    ...(paused.value !== undefined && { pausedUntil: paused.value }),
    forced,
  };
}

function encodeIntent(intent: Intent): string {
  const by = intent.automatic ? 'automatic' : 'request';
  const flags = intent.ignoreHealth ? ' health=ignored' : '';
  const route = `from=${intent.from ?? NONE} to=${intent.to}`;
  return `${intent.action} ${route} id=${intent.id} run=${intent.runId} by=${by} deadline=${isoTime(intent.deadlineAt)}${flags}`;
}

function decodeIntent(text: string): Intent | undefined {
  const [action, ...pairs] = text.split(' ');
  const fields = new Map(pairs.map((pair) => [pair.split('=')[0], pair.slice(pair.indexOf('=') + 1)]));
  const known = ACTIONS.find((name) => name === action);
  const from = optional(instanceId)(fields.get('from') ?? '');
  const to = instanceId(fields.get('to') ?? '');
  const deadlineAt = parseTime(fields.get('deadline') ?? '');
  const [id, runId, by] = [fields.get('id'), fields.get('run'), fields.get('by')];
  if (!known || !from || !to || deadlineAt === undefined || !id || !runId) return undefined;
  if (by !== 'automatic' && by !== 'request') return undefined;
  const ignoreHealth = fields.get('health') === 'ignored';
  const origin = from.value ? { from: from.value } : {};
  return { id, action: known, ...origin, to, runId, deadlineAt, automatic: by === 'automatic', ignoreHealth };
}

/** `none` is a value, not a fault: it is told apart from text that cannot be read. */
function optional<T>(parse: (text: string) => T | undefined): (text: string) => { value: T | undefined } | undefined {
  return (text) => {
    if (text === NONE) return { value: undefined };
    const value = parse(text);
    return value === undefined ? undefined : { value };
  };
}

function listOf<T>(parse: (text: string) => T | undefined): (text: string) => readonly T[] | undefined {
  return (text) => {
    if (text === NONE) return [];
    const parsed = text.split(' ').map(parse);
    return parsed.some((item) => item === undefined) ? undefined : (parsed as T[]);
  };
}

const list = (items: readonly string[]): string => (items.length === 0 ? NONE : items.join(' '));
const instanceId = (text: string): string | undefined => (/^i-[0-9a-f]{8,17}$/.test(text) ? text : undefined);

/** The last 8 digits tell the interfaces of one group apart, and 15 of them fit into one value. */
const shortId = (id: string): string => id.slice(-8);

function parseDeviceEntry(text: string): readonly [string, Device] | undefined {
  const [short, notation] = text.split(':');
  const device = parseDevice(notation ?? '');
  return short && device ? [short, device] : undefined;
}

function devicesById(
  entries: readonly (readonly [string, Device])[],
  group: readonly InterfaceView[],
): Record<string, Device> {
  const byShort = new Map(entries);
  return Object.fromEntries(
    group.flatMap((view) => {
      const device = byShort.get(shortId(view.id));
      return device ? [[view.id, device]] : [];
    }),
  );
}

function parseForced(text: string): ForcedDetach | undefined {
  const [id, time] = text.split('@');
  const launchedAt = parseTime(time ?? '');
  return id && instanceId(id) && launchedAt !== undefined ? { instanceId: id, launchedAt } : undefined;
}

const isoTime = (ms: number): string => new Date(ms).toISOString();

function parseTime(text: string): number | undefined {
  const ms = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** Tag values may hold letters, digits, spaces and `+ - = . _ : / @` in every service; the rest becomes a dot. */
function portable(text: string): string {
  const clean = text
    .replace(/[;,]/g, ' -')
    .replace(/[^\p{L}\p{N} +\-=._:/@]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
  return clean.length <= MAX_VALUE ? clean || '-' : `${clean.slice(0, MAX_VALUE - 3).trimEnd()}...`;
}
