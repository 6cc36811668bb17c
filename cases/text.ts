import { readDuration } from './moments.ts';

const PLACEHOLDER = /\$\{([^}]*)\}/g;
/** `now`, `now-5m`, `now+300ms`. */
const NOW = /^now(?:([+-])(.+))?$/;

/** What stands between `${` and `}` in a text. */
export function placeholdersIn(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, inner = '']) => inner);
}

/** How far from now a placeholder is, in milliseconds; undefined when it is none of time. */
export function offsetOf(placeholder: string): number | undefined {
  const [whole, sign, duration] = NOW.exec(placeholder) ?? [];
  if (whole === undefined) return undefined;
  if (sign === undefined) return 0;
  const ms = readDuration(duration);
  return ms === undefined ? undefined : sign === '-' ? -ms : ms;
}

/** Fills in ids and times in every text of a value. @param nowMs the time of the world. */
export function filledIn<T>(value: T, ids: ReadonlyMap<string, string>, nowMs: number): T {
  return mapTexts(value, (text) =>
    text.replaceAll(PLACEHOLDER, (whole, inner: string) => {
      const offsetMs = offsetOf(inner);
      return offsetMs === undefined ? (ids.get(inner) ?? whole) : new Date(nowMs + offsetMs).toISOString();
    }),
  ) as T;
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, change)]));
}

/** Every text in a value, with its path from there. */
export function textsIn(value: unknown, path: string): readonly (readonly [path: string, text: string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((each, nth) => textsIn(each, `${path}[${nth}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => textsIn(each, path === '' ? key : `${path}.${key}`));
}
