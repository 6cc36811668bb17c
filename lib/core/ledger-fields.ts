import type { Ledger, Phase, RefusedAttach } from './ledger.ts';
import {
  formatDated,
  formatForced,
  formatIntent,
  formatPlace,
  formatTimes,
  parseDated,
  parseForced,
  parseInstanceId,
  parseIntent,
  parsePairs,
  parsePlaces,
  parseTimes,
  shortId,
  shortOf,
} from './ledger-entries.ts';
import { formatNotes, parseNotes } from './ledger-notes.ts';
import {
  isoTime,
  joinSections,
  list,
  listOf,
  NONE,
  optional,
  parseAll,
  parseTime,
  portable,
  splitSections,
} from './tag-text.ts';

/** The format of the ledger: the first word of its tag `state`. */
export const VERSION = 'v1';
const PHASES: readonly Phase[] = ['steady', 'moving', 'failed'];
/** As many as a group may ever make within its window, and as many members as fit into one value. */
const MAX_MOVES = 10;
export const MAX_MEMBERS = 12;
/** A group has no more interfaces: so many fit into one value. */
export const MAX_INTERFACES = 15;

/** How one tag is written, and read back: undefined for text that cannot be read, '' for a tag that is not there. */
interface Field {
  readonly write: (ledger: Ledger) => string;
  readonly read: (text: string, group: readonly { readonly id: string }[]) => Partial<Ledger> | undefined;
}

/** Each tag is written by one kind of writer, so that no two of them erase what the other has to say. */
export const FIELDS = {
  // Operations.
  state: { write: formatState, read: parseState },
  operation: {
    write: ({ operation }) => (operation ? formatIntent(operation) : NONE),
    read: (text) => {
      const read = optional(parseIntent)(text);
      return read && (read.value ? { operation: read.value } : {});
    },
  },
  moves: { write: formatMoves, read: parseMoves },
  devices: { write: formatDevices, read: parseDevices },
  reason: { write: ({ reason }) => portable(reason), read: (reason) => ({ reason }) },
  // People.
  pause: { write: formatPause, read: parsePause },
  // Sweeps, and events that bring a notice.
  members: {
    write: ({ members }) => list(members.slice(0, MAX_MEMBERS)),
    read: (text) => {
      const members = text === '' ? [] : listOf(parseInstanceId)(text);
      return members && { members };
    },
  },
  notes: { write: formatNotes, read: parseNotes },
} satisfies Readonly<Record<string, Field>>;

export type LedgerKey = keyof typeof FIELDS;
export const LEDGER_KEYS = Object.keys(FIELDS) as readonly LedgerKey[];

/** `v1 steady holder=i-… epoch=3 changed=<time> moved=<time>`. */
function formatState({ phase, holder = NONE, epoch, changedAt, movedAt }: Ledger): string {
  const moved = movedAt === undefined ? NONE : isoTime(movedAt);
  return `${VERSION} ${phase} holder=${holder} epoch=${epoch} changed=${isoTime(changedAt)} moved=${moved}`;
}

function parseState(text: string): Partial<Ledger> | undefined {
  const [version, word, ...pairs] = text.split(' ');
  const fields = parsePairs(pairs);
  const phase = PHASES.find((known) => known === word);
  const holder = optional(parseInstanceId)(fields.get('holder') ?? '');
  const epoch = /^\d{1,15}$/.test(fields.get('epoch') ?? '') ? Number(fields.get('epoch')) : undefined;
  const changedAt = parseTime(fields.get('changed') ?? '');
  const moved = optional(parseTime)(fields.get('moved') ?? '');
  if (version !== VERSION || !phase || !holder || epoch === undefined || changedAt === undefined || !moved)
    return undefined;
  return {
    phase,
    ...(holder.value !== undefined && { holder: holder.value }),
    epoch,
    changedAt,
    ...(moved.value !== undefined && { movedAt: moved.value }),
  };
}

/** `<time> +55 disarmed <time> stuck i-…@<time> refused i-…@<time>/denied`: moves, and what members made of their attach. */
function formatMoves({ moves, stuck, refused, disarmedAt }: Ledger): string {
  return joinSections([
    ['', formatTimes(moves.slice(-MAX_MOVES))],
    ['disarmed', disarmedAt === undefined ? [] : [isoTime(disarmedAt)]],
    ['stuck', stuck.map(formatDated('launchedAt'))],
    ['refused', refused.map((entry) => `${formatDated('at')(entry)}/${entry.code}`)],
  ]);
}

function parseMoves(text: string): Partial<Ledger> | undefined {
  if (text === '') return undefined;
  const wordsOf = splitSections(text, ['disarmed', 'stuck', 'refused']);
  const disarmed = parseAll(wordsOf('disarmed'), parseTime);
  const moves = parseTimes(wordsOf(''));
  const stuck = parseAll(wordsOf('stuck'), parseDated('launchedAt'));
  const refused = parseAll(wordsOf('refused'), parseRefusal);
  const [disarmedAt] = disarmed ?? [];
  return moves && disarmed && stuck && refused && { moves, stuck, refused, ...(disarmedAt && { disarmedAt }) };
}

function parseRefusal(text: string): RefusedAttach | undefined {
  const [dated = '', code = ''] = text.split('/');
  const entry = parseDated('at')(dated);
  return entry && /^[a-z-]{1,24}$/.test(code) ? { ...entry, code } : undefined;
}

/** `interface 12345678:1 9abcdef0:2@1 forced i-…@<time>+3605/1`: places, and old holders that were left by force. */
function formatDevices({ resources, others = [], forced }: Ledger): string {
  const placed = new Set(resources.map(({ id }) => shortId(id)));
  const rest = others.filter((entry) => !placed.has(shortOf(entry)));
  return joinSections([
    ['interface', [...resources.map(formatPlace), ...rest].slice(0, MAX_INTERFACES)],
    ['forced', forced.map(formatForced)],
  ]);
}

function parseDevices(text: string, group: readonly { readonly id: string }[]): Partial<Ledger> | undefined {
  if (text === '') return undefined;
  const wordsOf = splitSections(text, ['interface', 'forced']);
  const places = parsePlaces(wordsOf('interface'), group);
  const forced = parseAll(wordsOf('forced'), parseForced);
  return wordsOf('').length > 0 || !places || !forced ? undefined : { ...places, forced };
}

/** What begins a person's own words, which end the value. */
const BECAUSE = ' because ';

/** `until <time> acknowledged <time> because <words>`, or some of it. */
function formatPause({ pausedUntil, pauseReason, acknowledgedAt }: Ledger): string {
  const times = joinSections([
    ['until', pausedUntil === undefined ? [] : [isoTime(pausedUntil)]],
    ['acknowledged', acknowledgedAt === undefined ? [] : [isoTime(acknowledgedAt)]],
  ]);
  return pausedUntil === undefined || !pauseReason ? times : portable(`${times}${BECAUSE}${pauseReason}`);
}

function parsePause(text: string): Pick<Ledger, 'pausedUntil' | 'pauseReason' | 'acknowledgedAt'> | undefined {
  const [times = '', ...words] = text.split(BECAUSE);
  const wordsOf = splitSections(times === '' ? NONE : times, ['until', 'acknowledged']);
  const [plain, until, acknowledged] = ['', 'until', 'acknowledged'].map((mark) => parseAll(wordsOf(mark), parseTime));
  if (!plain || !until || !acknowledged) return undefined;
  // A person who writes the tag by hand may leave the word out.
  const [pausedUntil] = [...until, ...plain];
  const [acknowledgedAt] = acknowledged;
  return {
    ...(pausedUntil !== undefined && { pausedUntil }),
    ...(words.length > 0 && { pauseReason: words.join(BECAUSE) }),
    ...(acknowledgedAt !== undefined && { acknowledgedAt }),
  };
}
