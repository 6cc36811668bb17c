import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';

/** No lines around anything: what is printed can be cut, grepped and pasted. */
const LINES = ['top', 'bottom', 'left', 'right', 'mid', 'middle'];
const PLACES = ['-mid', '-left', '-right'];
const PLAIN = Object.fromEntries(
  LINES.flatMap((line) => [line, ...PLACES.map((place) => line + place)]).map((name) => [name, '']),
);
/** Between two columns. */
const GAP = 2;
/** A column that has to make room keeps as much. */
const LEAST = 10;

const lengthOf = (text: string): number =>
  Math.max(
    0,
    ...stripVTControlCharacters(text)
      .split('\n')
      .map((line) => line.length),
  );

/**
 * Rows under a head, in columns that together are no wider than this: what does not fit is wrapped, in the widest column
 * first.
 * @param width in columns of the terminal.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const natural = head.map((_, at) => Math.max(...[head, ...rows].map((row) => lengthOf(row[at] ?? ''))) + GAP);
  const made = new Table({
    chars: PLAIN,
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [], compact: true },
    colWidths: fitted(natural, width + GAP),
    wordWrap: true,
  });
  made.push([...head], ...rows.map((row) => [...row]));
  return made
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Takes from the widest column, one by one, what is too much. */
function fitted(natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  for (;;) {
    const widest = Math.max(...widths);
    if (widths.reduce((sum, each) => sum + each, 0) <= width || widest <= LEAST) return widths;
    widths[widths.lastIndexOf(widest)] = widest - 1;
  }
}

/** A text in lines that are no longer than this; each begins with as much as the first has in front of its words. */
export function wrapped(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.trim().split(/\s+/)) {
    const isFirst = line === indent;
    if (!isFirst && lengthOf(`${line} ${word}`) > width) {
      lines.push(line);
      line = indent + word;
    } else line += isFirst ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}
