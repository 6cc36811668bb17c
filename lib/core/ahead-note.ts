import type { Ahead, AheadFinding } from './ahead.ts';
import { AHEAD, type AheadCode } from './codes-of-ahead.ts';
import { isoTime, NONE, parseTime } from './tag-text.ts';

/**
 * What was told of a look ahead, as the tag `ahead`, a key of its own: whoever looks ahead rewrites nothing that others
 * note (docs/decisions/007-keys.md).
 */
export interface AheadNote {
  /** When it was told. */
  readonly at: number;
  readonly told: readonly Told[];
}

/** What one part of a look found. */
export interface Told {
  readonly codes: readonly AheadCode[];
  /** Of the codes with whom they are about: what is told again only when it is another. */
  readonly digest: string;
}

export const AHEAD_KEY = 'ahead';

/** The parts of a look that are asked for, and so known or not, each by itself. */
type AheadPart = Exclude<keyof Ahead, 'missing' | 'unmade'>;

const PARTS: Readonly<Record<AheadCode, AheadPart>> = {
  'attach-denied': 'trials',
  'detach-denied': 'trials',
  'tagging-denied': 'trials',
  'alarm-missing': 'alarms',
  'alarm-disabled': 'alarms',
  'alarm-without-data': 'alarms',
  'alarm-muted': 'muted',
  'not-spread': 'strategies',
};

/** `<time> alarm-missing+alarm-disabled@1a2b3c4d not-spread@5e6f7a8b`. */
export function formatAhead({ at, told }: AheadNote): string {
  const words = told.map(({ codes, digest }) => `${codes.join('+')}@${digest}`);
  return [isoTime(at), ...(words.length === 0 ? [NONE] : words)].join(' ');
}

/** What cannot be read counts as nothing: what there is is told afresh. */
export function parseAhead(text = ''): AheadNote | undefined {
  const [time = '', ...words] = text.split(' ');
  const at = parseTime(time);
  if (at === undefined) return undefined;
  return { at, told: words.flatMap((word) => parseTold(word) ?? []) };
}

const isCode = (text: string): text is AheadCode => text in AHEAD || text === 'attach-denied';

function parseTold(word: string): Told | undefined {
  const [, codes = '', digest = ''] = /^([a-z+-]{1,90})@([0-9a-f]{8})$/.exec(word) ?? [];
  const known = codes.split('+').filter(isCode);
  return known.length === 0 ? undefined : { codes: known, digest };
}

/** What is new since it was told last, and what is to be remembered. */
export interface AheadChange {
  readonly note: AheadNote;
  readonly news: readonly string[];
  /** What is told. */
  readonly fresh: readonly AheadFinding[];
}

/**
 * Compares a look with what was told before. A part that was not looked at stays as it was told.
 * @returns undefined when there is nothing new.
 */
export function aheadChange(
  before: AheadNote | undefined,
  ahead: Ahead,
  findings: readonly AheadFinding[],
  now: number,
): AheadChange | undefined {
  const parts = [...new Set(Object.values(PARTS))].map((part) => changeOf(part, before, ahead, findings));
  if (parts.every(({ changed }) => !changed)) return undefined;
  return {
    note: { at: now, told: parts.flatMap(({ told }) => told ?? []) },
    news: parts.flatMap(({ news }) => news),
    fresh: parts.flatMap(({ fresh }) => fresh),
  };
}

function changeOf(
  part: AheadPart,
  before: AheadNote | undefined,
  ahead: Ahead,
  findings: readonly AheadFinding[],
): { told: Told | undefined; changed: boolean; news: readonly string[]; fresh: readonly AheadFinding[] } {
  const known = before?.told.find(({ codes }) => codes.some((code) => PARTS[code] === part));
  if (ahead[part] === undefined) return { told: known, changed: false, news: [], fresh: [] };
  const found = findings.filter(({ code }) => PARTS[code] === part);
  const told = toldOf(found);
  if (told?.digest === known?.digest) return { told, changed: false, news: [], fresh: [] };
  const codes = known?.codes ?? [];
  const added = found.filter(({ code }) => !codes.includes(code));
  const over = codes.filter((code) => !found.some((finding) => finding.code === code));
  // The same codes about others: whatever stands in the way now is told.
  const fresh = added.length + over.length > 0 ? added : found;
  const news = [
    ...fresh.map(({ reason, mend }) => `${reason} ${mend}`),
    ...over.map((code) => `No longer so: ${AHEAD_MEANING[code]}.`),
  ];
  return { told, changed: true, news, fresh };
}

const AHEAD_MEANING: Readonly<Record<AheadCode, string>> = { ...AHEAD, 'attach-denied': 'IAM denies the attach' };

function toldOf(found: readonly AheadFinding[]): Told | undefined {
  if (found.length === 0) return undefined;
  const codes = [...new Set(found.map(({ code }) => code))].sort();
  const pairs = found.map(({ code, about = '' }) => `${code} ${about}`).sort();
  return { codes, digest: digestOf(pairs.join('\n')) };
}

/** FNV-1a, 32 bits: it tells two lists apart, and nobody has a reason to forge one. */
function digestOf(text: string): string {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
