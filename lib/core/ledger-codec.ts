import type { Condition, ForcedDetach, Intent, Ledger, LedgerReading, OperationAction, Phase } from './ledger.ts';
import type { InterfaceView } from './model.ts';
import { absentOr, isoTime, list, listOf, NONE, optional, parseTime, portable } from './tag-text.ts';
import { type Device, formatDevice, parseDevice } from './tags.ts';

const VERSION = '1';
const PHASES: readonly Phase[] = ['steady', 'moving', 'failed'];
const ACTIONS: readonly OperationAction[] = ['failover', 'attach'];

/** Keys that belong to a person (pause) or are noted on their own; an operation does not write over them. */
export type LedgerKey = keyof typeof ENCODERS;
const NOT_OF_AN_OPERATION: readonly LedgerKey[] = ['pause'];

const ENCODERS = {
  version: () => VERSION,
  phase: (ledger: Ledger) => ledger.phase,
  holder: (ledger: Ledger) => ledger.holder ?? NONE,
  operation: (ledger: Ledger) => (ledger.operation ? encodeIntent(ledger.operation) : NONE),
  devices: ({ devices }: Ledger) =>
    list(Object.entries(devices).map(([id, device]) => `${shortId(id)}:${formatDevice(device)}`)),
  reason: (ledger: Ledger) => portable(ledger.reason),
  'changed-at': (ledger: Ledger) => isoTime(ledger.changedAt),
  epoch: (ledger: Ledger) => `${ledger.epoch}`,
  'moved-at': (ledger: Ledger) => (ledger.movedAt === undefined ? NONE : isoTime(ledger.movedAt)),
  moves: (ledger: Ledger) => list(ledger.moves.slice(-MAX_LISTED).map(isoTime)),
  pause: (ledger: Ledger) => (ledger.pausedUntil === undefined ? NONE : `until ${isoTime(ledger.pausedUntil)}`),
  forced: (ledger: Ledger) =>
    list(ledger.forced.slice(-MAX_FORCED).map((f) => `${f.instanceId}@${isoTime(f.launchedAt)}`)),
  condition: ({ condition }: Ledger) => (condition ? `${condition.what} since ${isoTime(condition.since)}` : NONE),
  members: (ledger: Ledger) => list(ledger.members.slice(0, MAX_MEMBERS)),
} satisfies Readonly<Record<string, (ledger: Ledger) => string>>;

/** The ledger as an operation writes it: every key but those a person may be writing at the same moment. */
export function encodeLedger(ledger: Ledger, statePrefix: string): Readonly<Record<string, string>> {
  const keys = (Object.keys(ENCODERS) as LedgerKey[]).filter((key) => !NOT_OF_AN_OPERATION.includes(key));
  return encodeKeys(ledger, keys, statePrefix);
}

/** Some keys of the ledger: tags have no conditional write, so whoever notes one thing must not rewrite the others. */
export function encodeKeys(
  ledger: Ledger,
  keys: readonly LedgerKey[],
  statePrefix: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(keys.map((key) => [statePrefix + key, ENCODERS[key](ledger)]));
}

/** 10 times of 24 characters, 5 of `i-<17>@<24>` or 12 ids of 19, with their spaces, fit into one value. */
const MAX_LISTED = 10;
const MAX_FORCED = 5;
export const MAX_MEMBERS = 12;

/** Reads the ledger from the tags of a group's interfaces: the newest valid one, else why there is none. */
export function readLedger(interfaces: readonly InterfaceView[], statePrefix: string): LedgerReading {
  const readings = interfaces.map((view) => decodeLedger(view, interfaces, statePrefix));
  const valid = readings.flatMap((reading) => (reading.status === 'valid' ? reading.ledger : []));
  const newest = [...valid].sort((a, b) => b.changedAt - a.changedAt)[0];
  const pause = readPause(interfaces, statePrefix);
  if (newest) {
    // Told by every key, because notes change single keys and leave the date of the last operation as it is.
    const wanted = Object.entries(encodeLedger(newest, statePrefix));
    const lacking = interfaces.filter((view) => wanted.some(([key, value]) => view.tags[key] !== value));
    return { status: 'valid', ledger: { ...newest, ...pause }, missingOn: lacking.map((view) => view.id) };
  }
  const faults = readings.flatMap((reading) => (reading.status === 'damaged' ? reading.faults : []));
  return faults.length > 0 ? { status: 'damaged', faults, ...pause } : { status: 'absent' };
}

/** A person's pause is read on its own: it counts on whichever interface it stands, whatever else cannot be read. */
function readPause(interfaces: readonly InterfaceView[], statePrefix: string): Pick<Ledger, 'pausedUntil'> {
  const ends = interfaces.flatMap((view) => parsePause(view.tags[`${statePrefix}pause`] ?? NONE) ?? []);
  return ends.length === 0 ? {} : { pausedUntil: Math.max(...ends) };
}

const parsePause = (text: string): number | undefined => parseTime(text.replace(/^until /, ''));

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
  if (!ledger || faults.length > 0) return { status: 'damaged', faults };
  return { status: 'valid', ledger, missingOn: [] };
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
  const paused = read('pause', absentOr(parsePause));
  const forced = read('forced', listOf(parseForced));
  const condition = read('condition', absentOr(parseCondition));
  const members = read('members', (text) => (text === '' ? [] : listOf(instanceId)(text)));
  if (!phase || !holder || !operation || !devices || changedAt === undefined) return undefined;
  if (epoch === undefined || !moved || !moves || !paused || !forced) return undefined;
  if (!condition || !members) return undefined;
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
    ...(condition.value && { condition: condition.value }),
    members,
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

function parseCondition(text: string): Condition | undefined {
  const [what, time] = text.split(' since ');
  const since = parseTime(time ?? '');
  return what && since !== undefined ? { what, since } : undefined;
}
