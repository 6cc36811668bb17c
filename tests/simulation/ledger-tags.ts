import type { Tags } from '../../lab/world/model.ts';
import { STATE } from './build.ts';

/**
 * The ledger as docs/reference.md describes its tags, read a second time without the product's own codec: so that a
 * fault of that codec shows.
 */
export interface LedgerTags {
  readonly phase: string;
  readonly holder: string | undefined;
  readonly operation: OperationTag | undefined;
  readonly changedAtMs: number;
  readonly movedAtMs: number | undefined;
  readonly epoch: number;
  readonly movesMs: readonly number[];
  readonly pausedUntilMs: number | undefined;
  readonly acknowledgedAtMs: number;
  readonly condition: string | undefined;
  readonly members: readonly string[];
  readonly notices: readonly NoticeTag[];
}

/** EC2 said then that it takes this instance back. */
export interface NoticeTag {
  readonly instanceId: string;
  readonly atMs: number;
}

export interface OperationTag {
  readonly id: string;
  readonly from: string | undefined;
  readonly to: string;
  readonly run: string;
  /** When it was recorded. */
  readonly atMs: number;
  readonly automatic: boolean;
  /** A person has chosen its target. */
  readonly named: boolean;
  readonly healthIgnored: boolean;
}

const TIME = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z';
const INSTANCE = 'i-[0-9a-f]{17}';
const SINCE = `${INSTANCE}@${TIME}`;
const DEVICE = '(0@[1-9]\\d{0,2}|[1-9]\\d{0,2}(@[1-9]\\d{0,2})?)';
/** When it was launched, how many seconds later it was left by force, and which devices. */
const FORCED = `${SINCE}(\\+[\\d.]+)?(/${DEVICE}(\\+${DEVICE})*)?`;
const listOf = (item: string): string => `${item}( ${item})*`;
/** Lists behind their marks, each of which may be missing; `none` when all of them are. */
const sections = (...forms: readonly string[]): string => `none|(?=\\S)${forms.map((form) => `( ?${form})?`).join('')}`;

/** Each tag and what its value must look like; `?` marks those that may not have been written yet. */
const FORMS: Readonly<Record<string, string>> = {
  state: `v1 (steady|moving|failed) holder=(none|${INSTANCE}) epoch=\\d+ changed=${TIME} moved=(none|${TIME})`,
  operation: `none|(failover|attach|failback) from=(none|${INSTANCE}) to=${INSTANCE} id=\\S+ run=\\S+ by=(automatic|request)( at=${TIME})? deadline=${TIME}( health=ignored)?( target=named)?`,
  moves: sections(`${TIME}( \\+[\\d.]+)*`, `stuck ${listOf(SINCE)}`, `refused ${listOf(`${SINCE}/[a-z-]+`)}`),
  devices: sections(`interface ${listOf(`[0-9a-f]{8}(:${DEVICE})?`)}`, `forced ${listOf(FORCED)}`),
  reason: '.+',
  '?pause': sections(`until ${TIME}`, `acknowledged ${TIME}`),
  '?members': `none|${listOf(INSTANCE)}`,
  '?notes': sections(
    `condition \\S+/\\S+ since ${TIME}`,
    `loose \\d+@${TIME}(/throttled)?`,
    `due ${INSTANCE}`,
    `unready [a-z0-9-]+(\\+[a-z0-9-]+)*@${TIME}`,
    `strays ${listOf(`[0-9a-f]{8}@${TIME}/[a-z-]+`)}`,
    `notices ${listOf(SINCE)}`,
  ),
};
const PATTERNS = Object.entries(FORMS).map(([key, form]) => ({
  key: key.replace('?', ''),
  optional: key.startsWith('?'),
  pattern: new RegExp(`^(${form})$`),
}));

/** What is wrong with the ledger of one interface; empty when it has none or it is sound. */
export function ledgerFaults(tags: Tags): readonly string[] {
  if (!hasLedger(tags)) return [];
  const broken = PATTERNS.filter(({ key, optional, pattern }) => {
    const value = tags[STATE + key];
    return value === undefined ? !optional : value.length > 256 || !pattern.test(value);
  });
  const faults = broken.map(({ key }) => `${key}='${tags[STATE + key]}'`);
  const silent = phaseIn(tags[`${STATE}state`]) === 'moving' && tags[`${STATE}operation`] === 'none';
  return silent ? [...faults, 'it is moving without saying what'] : faults;
}

export function hasLedger(tags: Tags): boolean {
  return Object.keys(tags).some((key) => key.startsWith(STATE));
}

/** The ledger of one interface, or undefined when it has none that is sound. */
export function readLedgerTags(tags: Tags): LedgerTags | undefined {
  if (!hasLedger(tags) || ledgerFaults(tags).length > 0) return undefined;
  const state = tags[`${STATE}state`] ?? '';
  const pause = tags[`${STATE}pause`] ?? '';
  const acknowledgedAtMs = time(after('acknowledged ', pause)) ?? Number.NEGATIVE_INFINITY;
  const movedAtMs = time(after('moved=', state));
  const [condition, sinceMs = 0] = readCondition(tags[`${STATE}notes`]);
  const isOver = sinceMs <= Math.max(acknowledgedAtMs, movedAtMs ?? Number.NEGATIVE_INFINITY);
  return {
    phase: phaseIn(state) ?? '',
    holder: after('holder=', state),
    operation: readOperation(tags[`${STATE}operation`]),
    changedAtMs: time(after('changed=', state)) ?? 0,
    movedAtMs,
    epoch: Number(after('epoch=', state)),
    movesMs: readMoves(tags[`${STATE}moves`]).filter((atMs) => atMs > acknowledgedAtMs),
    pausedUntilMs: time(after('until ', pause)),
    acknowledgedAtMs,
    condition: isOver ? undefined : condition,
    members: (tags[`${STATE}members`] ?? 'none').split(' ').filter((id) => id !== 'none'),
    notices: readNotices(tags[`${STATE}notes`]),
  };
}

const time = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));

/** The word behind a mark; undefined where there is none, or it says `none`. */
function after(mark: string, text: string): string | undefined {
  const word = new RegExp(`(^| )${mark}(\\S+)`).exec(text)?.[2];
  return word === 'none' ? undefined : word;
}

/** What the tag `state` says of the phase. */
export const phaseIn = (state: string | undefined): string | undefined => state?.split(' ')[1];

/** Whom the tag `state` names, and the number of moves it counts. */
export const holderIn = (state: string | undefined): string | undefined => after('holder=', state ?? '');
export const epochIn = (state: string | undefined): string | undefined => after('epoch=', state ?? '');

/** When the moves were begun: the first in full, the others in seconds after it. */
export function readMoves(text: string | undefined): readonly number[] {
  const [first = 'none', ...more] = (text ?? 'none').split(/ ?(?:stuck|refused) /)[0]?.split(' ') ?? [];
  const startMs = Date.parse(first);
  return Number.isNaN(startMs) ? [] : [startMs, ...more.map((word) => startMs + Math.round(Number(word) * 1_000))];
}

function readCondition(text: string | undefined): [what?: string, sinceMs?: number] {
  const [, what, since = ''] = /^condition (\S+) since (\S+)/.exec(text ?? '') ?? [];
  return what === undefined ? [] : [what, Date.parse(since)];
}

export function readNotices(text: string | undefined): readonly NoticeTag[] {
  const listed = /(?:^| )notices (.+)$/.exec(text ?? '')?.[1];
  if (listed === undefined) return [];
  return listed.split(' ').map((entry) => {
    const [instanceId = '', time = ''] = entry.split('@');
    return { instanceId, atMs: Date.parse(time) };
  });
}

export function readOperation(text: string | undefined): OperationTag | undefined {
  if (text === undefined || text === 'none') return undefined;
  const field = (name: string): string | undefined => new RegExp(` ${name}=(\\S+)`).exec(text)?.[1];
  const from = field('from');
  return {
    id: field('id') ?? '',
    from: from === 'none' ? undefined : from,
    to: field('to') ?? '',
    run: field('run') ?? '',
    atMs: time(field('at')) ?? Number.POSITIVE_INFINITY,
    automatic: field('by') === 'automatic',
    named: field('target') === 'named',
    healthIgnored: field('health') === 'ignored',
  };
}
