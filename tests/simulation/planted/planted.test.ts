import { readFileSync } from 'node:fs';
import { runSeed } from '../simulate.ts';
import type { PlantedBug } from './bug.ts';
import { PLANTED_BUGS } from './bugs.ts';
import { FOUND_FILE } from './hunt.ts';
import { hunt, patched, plant } from './plant.ts';

const found = JSON.parse(readFileSync(FOUND_FILE, 'utf8')) as Readonly<Record<string, number>>;
const SEEDS = [...new Set(Object.values(found))];
const AGAIN = 'npm run simulate -- --planted --record --bugs';

/** Each on its recorded seed alone; `npm run simulate -- --planted` searches for all of them. */
describe('a bug planted into the product', () => {
  it('should have a recorded seed, and no other one has', () => {
    expect(Object.keys(found).sort()).toEqual(PLANTED_BUGS.map(({ name }) => name).sort());
  });

  it.each(PLANTED_BUGS.map((bug) => [bug.name, bug] as const))('should be caught: %s', async (name, bug) => {
    const caught = await hunt(await plant(bug), found[name] ?? 1, 1);
    // After a change of the product or of the draw it may be another seed.
    if (!caught) throw new Error(`its seed does not catch it any more; search again: ${AGAIN} '${name}'`);
  });

  it.each(SEEDS)('should be what is wrong with seed %d: without any, it breaks no rule', async (seed) => {
    expect((await runSeed(seed)).violations).toEqual([]);
  });

  it('should be refused when its place is gone', () => {
    const [bug] = PLANTED_BUGS as readonly [PlantedBug];
    expect(() => patched({ ...bug, find: 'nowhere to be found' })).toThrow('occurs 0 times');
  });
});
