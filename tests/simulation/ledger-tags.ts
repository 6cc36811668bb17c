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
  readonly automatic: boolean;
  readonly healthIgnored: boolean;
}

const TIME = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';
const INSTANCE = 'i-[0-9a-f]{17}';
const listOf = (item: string): string => `none|${item}( ${item})*`;

/** Each key and what its value must look like; `?` marks those that may not have been written yet. */
const FORMS: Readonly<Record<string, string>> = {
  version: '1',
  phase: 'steady|moving|failed',
  holder: `none|${INSTANCE}`,
  operation: `none|(failover|attach|failback) from=(none|${INSTANCE}) to=${INSTANCE} id=\\S+ run=\\S+ by=(automatic|request)( at=${TIME})? deadline=${TIME}( health=ignored)?`,
  resources: 'none|interface( [0-9a-f]{8}:((0|[1-9]\\d{0,2})@)?[1-9]\\d{0,2})+',
  reason: '.+',
  'changed-at': TIME,
  epoch: '\\d+',
  'moved-at': `none|${TIME}`,
  moves: listOf(TIME),
  forced: listOf(`${INSTANCE}@${TIME}`),
  '?pause': `none|until ${TIME}`,
  '?condition': `none|\\S+/\\S+ since ${TIME}`,
  '?members': listOf(INSTANCE),
  '?notices': listOf(`${INSTANCE}@${TIME}`),
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
  const silent = tags[`${STATE}phase`] === 'moving' && tags[`${STATE}operation`] === 'none';
  return silent ? [...faults, 'it is moving without saying what'] : faults;
}

export function hasLedger(tags: Tags): boolean {
  return Object.keys(tags).some((key) => key.startsWith(STATE));
}

/** The ledger of one interface, or undefined when it has none that is sound. */
export function readLedgerTags(tags: Tags): LedgerTags | undefined {
  if (!hasLedger(tags) || ledgerFaults(tags).length > 0) return undefined;
  const value = (key: string): string | undefined => {
    const text = tags[STATE + key];
    return text === 'none' ? undefined : text;
  };
  const time = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));
  const list = (key: string): readonly string[] => value(key)?.split(' ') ?? [];
  return {
    phase: value('phase') ?? '',
    holder: value('holder'),
    operation: readOperation(value('operation')),
    changedAtMs: time(value('changed-at')) ?? 0,
    movedAtMs: time(value('moved-at')),
    epoch: Number(value('epoch')),
    movesMs: list('moves').map((text) => Date.parse(text)),
    pausedUntilMs: time(value('pause')?.replace('until ', '')),
    condition: value('condition'),
    members: list('members'),
    notices: readNotices(value('notices')),
  };
}

export function readNotices(text: string | undefined): readonly NoticeTag[] {
  if (text === undefined || text === 'none') return [];
  return text.split(' ').map((entry) => {
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
    automatic: field('by') === 'automatic',
    healthIgnored: field('health') === 'ignored',
  };
}
