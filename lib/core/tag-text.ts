/** How values are written into tags: readable in the console, at most 256 portable characters. */

export const MAX_VALUE = 256;
/** Stands for an absent value: a tag that says nothing would look like a mistake. */
export const NONE = 'none';

/** `none` is a value, not a fault: it is told apart from text that cannot be read. */
export function optional<T>(
  parse: (text: string) => T | undefined,
): (text: string) => { value: T | undefined } | undefined {
  return (text) => {
    if (text === NONE) return { value: undefined };
    const value = parse(text);
    return value === undefined ? undefined : { value };
  };
}

export function listOf<T>(parse: (text: string) => T | undefined): (text: string) => readonly T[] | undefined {
  return (text) => (text === NONE ? [] : parseAll(text.split(' '), parse));
}

/** Undefined as soon as one of them cannot be read. */
export function parseAll<T>(
  words: readonly string[],
  parse: (word: string) => T | undefined,
): readonly T[] | undefined {
  const parsed = words.map(parse);
  return parsed.some((item) => item === undefined) ? undefined : (parsed as T[]);
}

export const list = (items: readonly string[]): string => (items.length === 0 ? NONE : items.join(' '));

/** Several lists that share one value, each behind its mark, a word that no entry is; one without a mark stands first. */
export type Sections = readonly (readonly [mark: string, entries: readonly string[]])[];

/**
 * What is too long for one value is cut: the last list gives way first, and in each its first entry, the oldest.
 * @param first marks of lists that give way before the others, in this order.
 */
export function joinSections(sections: Sections, first: readonly string[] = []): string {
  const words = sections.flatMap(([mark, entries]) =>
    mark === '' || entries.length === 0 ? entries : [mark, ...entries],
  );
  const text = list(words);
  if (text.length <= MAX_VALUE) return text;
  const filled = sections.filter(([, entries]) => entries.length > 0).map(([mark]) => mark);
  const yields = first.find((mark) => filled.includes(mark)) ?? filled.at(-1);
  const cut = sections.map(([mark, entries]) => [mark, mark === yields ? entries.slice(1) : entries] as const);
  return joinSections(cut, first);
}

/** The words behind each of these marks, and under '' those before any of them. */
export function splitSections(text: string, marks: readonly string[]): (mark: string) => readonly string[] {
  const found = new Map<string, string[]>();
  let mark = '';
  for (const word of text === NONE ? [] : text.split(' ')) {
    if (marks.includes(word)) mark = word;
    else found.set(mark, [...(found.get(mark) ?? []), word]);
  }
  return (asked) => found.get(asked) ?? [];
}

/** To the second where that says it all: a tag has little room. */
export const isoTime = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

export function parseTime(text: string): number | undefined {
  const ms = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** Tag values may hold letters, digits, spaces and `+ - = . _ : / @` in every service; the rest is left out. */
export function portable(text: string): string {
  const clean = text
    .replace(/[;,]/g, ' -')
    .replace(/[^\p{L}\p{N} +\-=._:/@]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (clean.length <= MAX_VALUE) return clean || '-';
  // A letter outside the basic plane is two units long; half of one would not be valid text.
  const cut = clean.slice(0, MAX_VALUE - 3).replace(/[\uD800-\uDBFF]$/, '');
  return `${cut.trimEnd()}...`;
}
