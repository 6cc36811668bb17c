import type {
  Condition,
  Intent,
  Ledger,
  LedgerReading,
  Notice,
  OperationAction,
  Phase,
  RecordedResource,
} from './ledger.ts';
import { isoTime, list, listOf, NONE, optional, orAbsent, parseTime, portable } from './tag-text.ts';
import { formatDevice, parseDevice } from './tags.ts';

const VERSION = '1';
const PHASES: readonly Phase[] = ['steady', 'moving', 'failed'];
const ACTIONS: readonly OperationAction[] = ['failover', 'attach'];
/** 10 times of 24 characters, 5 of `i-<17>@<24>` or 12 ids of 19, with their spaces, fit into one value. */
const MAX_LISTED = 10;
const MAX_DATED = 5;
export const MAX_MEMBERS = 12;

/** Whatever carries a ledger, as far as that is concerned. */
export interface Tagged {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** How one tag is written, and read back: undefined for text that cannot be read. */
interface Field {
  readonly write: (ledger: Ledger) => string;
  readonly read: (text: string, group: readonly Tagged[]) => Partial<Ledger> | undefined;
}

/** A tag that always has a value. */
function always<Key extends keyof Ledger>(
  key: Key,
  write: (value: Ledger[Key]) => string,
  parse: (text: string, group: readonly Tagged[]) => Ledger[Key] | undefined,
): Field {
  const read: Field['read'] = (text, group) => {
    const value = parse(text, group);
    return value === undefined ? undefined : { [key]: value };
  };
  return { read, write: (ledger) => write(ledger[key]) };
}

/** A tag that may say `none`. One that is written on its own may also not have been written yet. */
function orNone<Key extends keyof Ledger>(
  key: Key,
  write: (value: NonNullable<Ledger[Key]>) => string,
  parse: (text: string) => Ledger[Key] | undefined,
  nothing: readonly string[] = [NONE],
): Field {
  const read = always(key, () => '', parse).read;
  return {
    read: (text, group) => (nothing.includes(text) ? {} : read(text, group)),
    write: ({ [key]: value }) => (value === undefined || value === null ? NONE : write(value)),
  };
}

/** Written on its own: an absent tag is no fault. */
const OR_ABSENT = [NONE, ''];

const FIELDS = {
  version: { write: () => VERSION, read: () => ({}) },
  phase: always('phase', String, (text) => PHASES.find((known) => known === text)),
  holder: orNone('holder', String, instanceId),
  operation: orNone('operation', encodeIntent, decodeIntent),
  resources: always('resources', encodeResources, decodeResources),
  reason: always('reason', portable, String),
  'changed-at': always('changedAt', isoTime, parseTime),
  epoch: always('epoch', String, (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined)),
  'moved-at': orNone('movedAt', isoTime, parseTime),
  moves: always('moves', (moves) => list(moves.slice(-MAX_LISTED).map(isoTime)), listOf(parseTime)),
  pause: orNone('pausedUntil', (until) => `until ${isoTime(until)}`, parsePause, OR_ABSENT),
  forced: always('forced', datedBy('launchedAt'), listOf(parseDated('launchedAt'))),
  // Read on their own, from every interface: see readNotices.
  notices: always('notices', datedBy('at'), () => []),
  condition: orNone('condition', ({ what, since }) => `${what} since ${isoTime(since)}`, parseCondition, OR_ABSENT),
  members: always('members', (ids) => list(ids.slice(0, MAX_MEMBERS)), orAbsent(listOf(instanceId))),
} satisfies Readonly<Record<string, Field>>;

export type LedgerKey = keyof typeof FIELDS;
/** Keys that somebody else may be writing at the same moment, a person or an event; an operation leaves them alone. */
const NOT_OF_AN_OPERATION: readonly LedgerKey[] = ['pause', 'notices'];

/** The ledger as an operation writes it: every key that is its own. */
export function encodeLedger(ledger: Ledger, statePrefix: string): Readonly<Record<string, string>> {
  const keys = (Object.keys(FIELDS) as LedgerKey[]).filter((key) => !NOT_OF_AN_OPERATION.includes(key));
  return encodeKeys(ledger, keys, statePrefix);
}

/** The same, with the notices there are: for whoever has no ledger yet, and for an intent, which carries them. */
export function encodeWithNotices(ledger: Ledger, statePrefix: string): Readonly<Record<string, string>> {
  const notices = ledger.notices.length > 0 ? encodeKeys(ledger, ['notices'], statePrefix) : {};
  return { ...encodeLedger(ledger, statePrefix), ...notices };
}

/** Some keys of the ledger: tags have no conditional write, so whoever notes one thing must not rewrite the others. */
export function encodeKeys(
  ledger: Ledger,
  keys: readonly LedgerKey[],
  statePrefix: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(keys.map((key) => [statePrefix + key, FIELDS[key].write(ledger)]));
}

/** Reads the ledger from the tags of a group's interfaces: the newest valid one, else why there is none. */
export function readLedger(interfaces: readonly Tagged[], statePrefix: string): LedgerReading {
  const readings = interfaces.map((view) => decodeLedger(view, interfaces, statePrefix));
  const valid = readings.flatMap((reading) => (reading.status === 'valid' ? reading.ledger : []));
  const newest = [...valid].sort((a, b) => b.changedAt - a.changedAt)[0];
  const pause = readPause(interfaces, statePrefix);
  if (newest) {
    // Told by every key, because notes change single keys and leave the date of the last operation as it is.
    const wanted = Object.entries(encodeLedger(newest, statePrefix));
    const lacking = interfaces.filter((view) => wanted.some(([key, value]) => view.tags[key] !== value));
    const notices = readNotices(interfaces, statePrefix);
    return { status: 'valid', ledger: { ...newest, ...pause, notices }, missingOn: lacking.map((view) => view.id) };
  }
  const faults = readings.flatMap((reading) => (reading.status === 'damaged' ? reading.faults : []));
  return faults.length > 0 ? { status: 'damaged', faults, ...pause } : { status: 'absent' };
}

/** A person's pause is read on its own: it counts on whichever interface it stands, whatever else cannot be read. */
function readPause(interfaces: readonly Tagged[], statePrefix: string): Pick<Ledger, 'pausedUntil'> {
  const ends = interfaces.flatMap((view) => parsePause(view.tags[`${statePrefix}pause`] ?? NONE) ?? []);
  return ends.length === 0 ? {} : { pausedUntil: Math.max(...ends) };
}

/**
 * Notices are read on their own, too, entry by entry: whoever wrote the rest, or garbled it, a member under notice
 * stays one. The newest last.
 */
export function readNotices(interfaces: readonly Tagged[], statePrefix: string): readonly Notice[] {
  const texts = interfaces.flatMap(({ tags }) => (tags[`${statePrefix}notices`] ?? NONE).split(' '));
  const notices = [...new Set(texts)].flatMap((text) => parseDated('at')(text) ?? []);
  return notices.sort((a, b) => a.at - b.at);
}

function parsePause(text: string): number | undefined {
  return parseTime(text.replace(/^until /, ''));
}

function decodeLedger(view: Tagged, group: readonly Tagged[], statePrefix: string): LedgerReading {
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
  const parts = (Object.entries(FIELDS) as [string, Field][]).map(([key, { read }]) => {
    return [key, read(values.get(key) ?? '', group)] as const;
  });
  const ledger = Object.assign({}, ...parts.map(([, part]) => part)) as Ledger;
  // A ledger that says moving but not what would make every later run act on nothing.
  const silent = ledger.phase === 'moving' && !ledger.operation;
  const unreadable = parts.filter(([key, part]) => !part || (silent && key === 'operation')).map(([key]) => key);
  if (unreadable.length === 0) return { status: 'valid', ledger, missingOn: [] };
  const faults = unreadable.map(
    (key) => `The ledger of ${view.id} has an unreadable ${key}: '${values.get(key) ?? ''}'.`,
  );
  return { status: 'damaged', faults };
}

function encodeIntent(intent: Intent): string {
  const by = intent.automatic ? 'automatic' : 'request';
  const flags = intent.ignoreHealth ? ' health=ignored' : '';
  const route = `from=${intent.from ?? NONE} to=${intent.to}`;
  const begun = intent.begunAt === undefined ? '' : ` at=${isoTime(intent.begunAt)}`;
  return `${intent.action} ${route} id=${intent.id} run=${intent.runId} by=${by}${begun} deadline=${isoTime(intent.deadlineAt)}${flags}`;
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
  const begunAt = parseTime(fields.get('at') ?? '');
  const dates = { ...(begunAt !== undefined && { begunAt }), deadlineAt };
  return { id, action: known, ...origin, to, runId, ...dates, automatic: by === 'automatic', ignoreHealth };
}

function instanceId(text: string): string | undefined {
  return /^i-[0-9a-f]{8,17}$/.test(text) ? text : undefined;
}

/** The last 8 digits tell the interfaces of one group apart, and 15 of them fit into one value. */
const shortId = (id: string): string => id.slice(-8);

/** `interface 12345678:1 9abcdef0:2@1`: the kind, then each of that kind with its device. */
function encodeResources(resources: readonly RecordedResource[]): string {
  if (resources.length === 0) return NONE;
  return list(['interface', ...resources.map((each) => `${shortId(each.id)}:${formatDevice(each)}`)]);
}

/** Those of the group's interfaces that are in the list; an entry of one that has left means nothing any more. */
function decodeResources(text: string, group: readonly Tagged[]): readonly RecordedResource[] | undefined {
  if (text === NONE) return [];
  const [kind, ...entries] = text.split(' ');
  if (kind !== 'interface') return undefined;
  const places = entries.map((entry) => {
    const [short, notation = ''] = entry.split(':');
    const device = parseDevice(notation);
    return short && device ? ([short, device] as const) : undefined;
  });
  if (places.includes(undefined)) return undefined;
  const known = new Map(places.flatMap((place) => (place ? [place] : [])));
  return group.flatMap(({ id }) => {
    const device = known.get(shortId(id));
    return device ? [{ kind, id, ...device } as const] : [];
  });
}

/** `i-…@<time>` for each instance, the newest few; `key` is what the time is called. */
function datedBy<Key extends string>(key: Key) {
  return (entries: readonly ({ readonly instanceId: string } & Readonly<Record<Key, number>>)[]): string =>
    list(entries.slice(-MAX_DATED).map((entry) => `${entry.instanceId}@${isoTime(entry[key])}`));
}

function parseDated<Key extends string>(key: Key) {
  return (text: string) => {
    const [id = '', time = ''] = text.split('@');
    const at = parseTime(time);
    if (!instanceId(id) || at === undefined) return undefined;
    return { instanceId: id, [key]: at } as { readonly instanceId: string } & Readonly<Record<Key, number>>;
  };
}

function parseCondition(text: string): Condition | undefined {
  const [what, time] = text.split(' since ');
  const since = parseTime(time ?? '');
  return what && since !== undefined ? { what, since } : undefined;
}
