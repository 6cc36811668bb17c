import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { PLANTED_BUGS } from './bugs.ts';
import { hunt, plant } from './plant.ts';

/** Within so many seeds each planted bug has to be caught. */
export const MOST_SEEDS = 2_000;
/** The first seed that catches each bug, by the bug's name. */
export const FOUND_FILE = path.join(process.cwd(), 'tests/simulation/planted/found.json');

/** Searches afresh for every planted bug and prints which seed catches it, and how. */
export async function huntAll(record: boolean): Promise<boolean> {
  const found: Record<string, number> = {};
  for (const bug of PLANTED_BUGS) {
    const caught = await hunt(await plant(bug), 1, MOST_SEEDS);
    if (caught) found[bug.name] = caught.seed;
    const result = caught ? `seed ${caught.seed}: ${caught.by.split('\n')[0]}` : `NOT CAUGHT in ${MOST_SEEDS} seeds`;
    console.log(`${bug.name}\n    ${result}`);
  }
  if (record) writeFileSync(FOUND_FILE, `${JSON.stringify(found, undefined, 2)}\n`);
  console.log(`${Object.keys(found).length} of ${PLANTED_BUGS.length} planted bugs caught`);
  return Object.keys(found).length === PLANTED_BUGS.length;
}
