import type { Ledger, LedgerReading, LeftHolder, Notice, OfPeople } from './ledger.ts';
import { isoTime } from './tag-text.ts';
import { FIELDS, LEDGER_KEYS, type LedgerKey, VERSION } from './ledger-fields.ts';
import { noticesIn } from './ledger-notes.ts';

/** Whatever carries a ledger, as far as that is concerned. */
export interface Tagged {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What is the operations' own to write, and what is everybody's but people's. */
const OF_OPERATIONS: readonly LedgerKey[] = ['state', 'operation', 'moves', 'devices', 'reason'];
const OF_THE_PRODUCT: readonly LedgerKey[] = [...OF_OPERATIONS, 'members', 'notes'];

/** The ledger as it is begun, or given to an interface that lacks it: all but the pause, which is people's. */
export function encodeLedger(ledger: Ledger, statePrefix: string): Readonly<Record<string, string>> {
  return encodeKeys(ledger, OF_THE_PRODUCT, statePrefix);
}

/** The ledger as an operation writes it: the keys that are its own. Sweeps, events and people write the others. */
export function encodeOperation(ledger: Ledger, statePrefix: string): Readonly<Record<string, string>> {
  return encodeKeys(ledger, OF_OPERATIONS, statePrefix);
}

/** Some keys of the ledger: tags have no conditional write, so whoever notes one thing must not rewrite the others. */
export function encodeKeys(
  ledger: Ledger,
  keys: readonly LedgerKey[],
  statePrefix: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(keys.map((key) => [statePrefix + key, FIELDS[key].write(ledger)]));
}

/**
 * Reads the ledger from the tags of a group's interfaces: the newest valid one, else why there is none.
 * @param now one that is dated later than this, by more than clocks differ, is damaged.
 */
export function readLedger(interfaces: readonly Tagged[], statePrefix: string, now = Number.MAX_VALUE): LedgerReading {
  const decoded = interfaces.map((view) => decodeLedger(view, interfaces, statePrefix, now));
  const valid = decoded.flatMap(({ ledger }) => ledger ?? []);
  const newest = [...valid].sort((a, b) => b.changedAt - a.changedAt)[0];
  const people = readPeoples(interfaces, statePrefix);
  if (newest) {
    const ledger = inForce({ ...newest, ...people, notices: readNotices(interfaces, statePrefix) });
    const lacking = interfaces.filter((_, at) => !isSame(newest, decoded[at]?.ledger, statePrefix));
    const outdated = valid.some(({ condition }) => condition && isOver(condition.since, ledger));
    return { status: 'valid', ledger, missingOn: lacking.map(({ id }) => id), outdated };
  }
  const faults = decoded.flatMap((each) => each.faults ?? []);
  if (faults.length > 0) return { status: 'damaged', faults, ...people };
  return { status: 'absent', ignored: [...new Set(decoded.flatMap(({ ignored = [] }) => ignored))], ...people };
}

/** Told by every key, because notes change single keys and leave the date of the last operation as it is. */
function isSame(newest: Ledger, other: Ledger | undefined, statePrefix: string): boolean {
  const [wanted, found] = [newest, other].map((ledger) => ledger && encodeLedger(ledger, statePrefix));
  return JSON.stringify(wanted) === JSON.stringify(found);
}

/**
 * What a person has acknowledged does not count any more, however often an operation that was under way writes it
 * down again; and what stood in the way before the group was moved does not stand in the way now.
 */
export function inForce({ condition, loose, silent, disarmedAt, ...ledger }: Ledger): Ledger {
  const since = ledger.acknowledgedAt ?? Number.NEGATIVE_INFINITY;
  const counts = ({ at = Number.POSITIVE_INFINITY }: LeftHolder): boolean => at > since;
  const marks = (silent ?? []).filter(counts);
  return {
    ...ledger,
    moves: ledger.moves.filter((at) => at > since),
    refused: ledger.refused.filter(({ at }) => at > since),
    forced: ledger.forced.filter(counts),
    ...(marks.length > 0 && { silent: marks }),
    ...(disarmedAt !== undefined && disarmedAt > since && { disarmedAt }),
    ...(condition && !isOver(condition.since, ledger) && { condition }),
    ...(loose && !isOver(loose.lastAt, ledger) && { loose }),
  };
}

function isOver(at: number, { acknowledgedAt, movedAt }: Pick<Ledger, 'acknowledgedAt' | 'movedAt'>): boolean {
  return [acknowledgedAt, movedAt].some((end) => end !== undefined && at <= end);
}

/** Until when a person has paused automation, by whatever these interfaces carry. */
export const pausedUntilOn = (interfaces: readonly Tagged[], statePrefix: string): number | undefined =>
  readPeoples(interfaces, statePrefix).pausedUntil;

/** A person's words are read on their own: they count on whichever interface they stand, whatever else cannot be read. */
function readPeoples(interfaces: readonly Tagged[], statePrefix: string): OfPeople {
  const read = interfaces.flatMap((view) => FIELDS.pause.read(view.tags[`${statePrefix}pause`] ?? '') ?? []);
  const latest = (key: 'pausedUntil' | 'acknowledgedAt'): OfPeople => {
    const times = read.flatMap(({ [key]: time }) => time ?? []);
    return times.length === 0 ? {} : { [key]: Math.max(...times) };
  };
  const { pausedUntil } = latest('pausedUntil');
  const why = read.find((each) => each.pausedUntil === pausedUntil && each.pauseReason !== undefined)?.pauseReason;
  return {
    ...(pausedUntil !== undefined && { pausedUntil }),
    ...(why !== undefined && { pauseReason: why }),
    ...latest('acknowledgedAt'),
  };
}

/**
 * Notices are read on their own, too, entry by entry: whoever wrote the rest, or garbled it, a member under notice
 * stays one. The newest last.
 */
export function readNotices(interfaces: readonly Tagged[], statePrefix: string): readonly Notice[] {
  const told = interfaces.flatMap(({ tags }) => noticesIn(tags[`${statePrefix}notes`] ?? ''));
  const each = new Map(told.map((notice) => [`${notice.instanceId} ${notice.at}`, notice]));
  return [...each.values()].sort((a, b) => a.at - b.at);
}

interface Decoded {
  readonly ledger?: Ledger;
  readonly faults?: readonly string[];
  readonly ignored?: readonly string[];
}

/** How far two clocks may differ. */
const CLOCKS_DIFFER_MS = 10_000;

function decodeLedger(view: Tagged, group: readonly Tagged[], statePrefix: string, now: number): Decoded {
  const textOf = (key: string): string => view.tags[statePrefix + key] ?? '';
  const own = Object.keys(view.tags).filter((key) => key.startsWith(statePrefix));
  const ours = LEDGER_KEYS.filter((key) => own.includes(statePrefix + key));
  // An earlier version, never released, named its tag of that kind `version`.
  if (ours.length === 0 || (!ours.includes('state') && own.includes(`${statePrefix}version`))) return { ignored: own };
  // Where people's words are all there is, nothing of the product's is lost.
  if (ours.join() === 'pause' && FIELDS.pause.read(textOf('pause'))) return {};
  const version = textOf('state').split(' ')[0] ?? '';
  if (/^v\d+$/.test(version) && version !== VERSION)
    return { faults: [`The ledger of ${view.id} has version '${version}', this is version ${VERSION}.`] };
  const parts = LEDGER_KEYS.map((key) => [key, FIELDS[key].read(textOf(key), group)] as const);
  const ledger = Object.assign({}, ...parts.map(([, part]) => part)) as Ledger;
  // A ledger that says moving but not what would make every later run act on nothing.
  const silent = ledger.phase === 'moving' && !ledger.operation;
  const unreadable = parts.filter(([key, part]) => !part || (silent && key === 'operation')).map(([key]) => key);
  if (unreadable.length === 0 && ledger.changedAt > now + CLOCKS_DIFFER_MS)
    return { faults: [`The ledger of ${view.id} is dated in the future: ${isoTime(ledger.changedAt)}.`] };
  if (unreadable.length === 0) return { ledger };
  return { faults: unreadable.map((key) => `The ledger of ${view.id} has an unreadable ${key}: '${textOf(key)}'.`) };
}
