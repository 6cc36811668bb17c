import { TAKEN_BY } from '../lib/triggers/request.ts';

/** How a field of a request is given on the command line. */
export interface Field {
  /** The field of the request. */
  readonly name: string;
  /** In the words of commander. */
  readonly flags: string;
  readonly help: string;
  /** Reads what was given, where a text is not what the request takes. */
  readonly read?: (text: string) => unknown;
}

/** The request parser's own table: which actions take a field. */
const TAKEN: Readonly<Record<string, readonly string[]>> = TAKEN_BY;

type Row = Omit<Field, 'name'>;

const ROWS: Readonly<Record<string, Row>> = {
  to: { flags: '--to <member>', help: 'the member that takes over: its Name or its id' },
  from: {
    flags: '--from <member>',
    help: 'the member it leaves, if it still holds the group; the holder, if not said',
  },
  reason: { flags: '--reason <text>', help: 'why, in your words: it is kept with the move' },
  // What is no number stays none, and the parser of requests says what it has to be.
  minutes: { flags: '--minutes <number>', help: 'how long', read: Number },
  ignoreHealth: { flags: '--ignore-health', help: 'you vouch for the health of --to' },
  force: { flags: '--force', help: 'detach by force where a plain detach hangs' },
  as: { flags: '--as <who>', help: 'automation: what it would do now, and what holds it' },
};

/** The option of a field: `ignoreHealth` is `--ignore-health`. */
export const optionOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The fields that a verb takes, as the request parser has it. */
export function fieldsOf(action: string): readonly Field[] {
  const names = Object.keys(TAKEN).filter((name) => TAKEN[name]?.includes(action));
  const order = Object.keys(ROWS);
  const sorted = names.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
  return sorted.map((name) => ({
    name,
    ...(ROWS[name] ?? { flags: `${optionOf(name)} <value>`, help: `the request's '${name}'` }),
  }));
}
