/** How values are written into tags: readable in the console, at most 256 portable characters. */

export const MAX_VALUE = 256;
/** Stands for an absent value: a tag that says nothing would look like a mistake. */
export const NONE = 'none';

/** `none` is a value, not a fault: it is told apart from text that cannot be read. */
export function optional<T>(
  parse: (text: string) => T | undefined,
  nothing: readonly string[] = [NONE],
): (text: string) => { value: T | undefined } | undefined {
  return (text) => {
    if (nothing.includes(text)) return { value: undefined };
    const value = parse(text);
    return value === undefined ? undefined : { value };
  };
}

/** A list under a key that is written on its own may not have been written yet. */
export function orAbsent<T>(parse: (text: string) => readonly T[] | undefined): typeof parse {
  return (text) => (text === '' ? [] : parse(text));
}

export function listOf<T>(parse: (text: string) => T | undefined): (text: string) => readonly T[] | undefined {
  return (text) => {
    if (text === NONE) return [];
    const parsed = text.split(' ').map(parse);
    return parsed.some((item) => item === undefined) ? undefined : (parsed as T[]);
  };
}

export const list = (items: readonly string[]): string => (items.length === 0 ? NONE : items.join(' '));

export const isoTime = (ms: number): string => new Date(ms).toISOString();

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
