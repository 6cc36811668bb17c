import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PLANTED_BUGS } from './bugs.ts';
import { hunt, plant } from './plant.ts';

/** Within so many seeds each planted bug has to be caught. */
export const MOST_SEEDS = 2_000;
/** The first seed that catches each bug, by the bug's name. */
export const FOUND_FILE = path.join(process.cwd(), 'tests/simulation/planted/found.json');

/** What became of one planted bug, as a line of JSON: the seed that catches it, if its recorded one does. */
export interface Verdict {
  readonly name: string;
  readonly seed?: number;
}

/** Plays each planted bug on its recorded seed alone, and prints a {@link Verdict} for each. */
export async function checkRecorded(): Promise<boolean> {
  const recorded = JSON.parse(readFileSync(FOUND_FILE, 'utf8')) as Readonly<Record<string, number>>;
  for (const bug of PLANTED_BUGS) {
    const caught = await hunt(await plant(bug), recorded[bug.name] ?? 1, 1);
    const verdict: Verdict = { name: bug.name, ...(caught && { seed: caught.seed }) };
    console.log(JSON.stringify(verdict));
  }
  return true;
}

/**
 * Searches for every planted bug and prints which seed catches it, and how: its recorded seed comes first, because a
 * whole search takes long.
 * @param record searches afresh and notes the seeds for the tests
 * @param part only bugs whose name has this in it; what is noted of the others stays
 */
export async function huntAll(record: boolean, part = ''): Promise<boolean> {
  const recorded = JSON.parse(readFileSync(FOUND_FILE, 'utf8')) as Readonly<Record<string, number>>;
  const known = part === '' ? {} : recorded;
  const found: Record<string, number> = {};
  const wanted = PLANTED_BUGS.filter(({ name }) => name.includes(part));
  for (const bug of wanted) {
    const makeProduct = await plant(bug);
    const first = record ? undefined : recorded[bug.name];
    const again = first === undefined ? undefined : await hunt(makeProduct, first, 1);
    const caught = again ?? (await hunt(makeProduct, 1, MOST_SEEDS, bug.needs));
    if (caught) found[bug.name] = caught.seed;
    const result = caught ? `seed ${caught.seed}: ${caught.by.split('\n')[0]}` : `NOT CAUGHT in ${MOST_SEEDS} seeds`;
    console.log(`${bug.name}\n    ${result}`);
  }
  if (record) writeFileSync(FOUND_FILE, `${JSON.stringify({ ...known, ...found }, undefined, 2)}\n`);
  console.log(`${Object.keys(found).length} of ${wanted.length} planted bugs caught`);
  return Object.keys(found).length === wanted.length;
}
