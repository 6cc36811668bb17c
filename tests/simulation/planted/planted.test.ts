import { readFileSync } from 'node:fs';
import { runSeed } from '../simulate.ts';
import type { PlantedBug } from './bug.ts';
import { PLANTED_BUGS } from './bugs.ts';
import { FOUND_FILE, MOST_SEEDS } from './hunt.ts';
import { hunt, patched, plant } from './plant.ts';

const found = JSON.parse(readFileSync(FOUND_FILE, 'utf8')) as Readonly<Record<string, number>>;

describe('a bug planted into the product', () => {
  it('should have at least ten companions', () => {
    expect(PLANTED_BUGS.length).toBeGreaterThanOrEqual(10);
  });

  it.each(PLANTED_BUGS.map((bug) => [bug.name, bug] as const))(
    'should be caught: %s',
    async (_, bug) => {
      const makeProduct = await plant(bug);
      const known = await hunt(makeProduct, found[bug.name] ?? 1, 1);
      // The recorded seed saves the search; after a change of the product or of the draw it may be another one.
      const caught = known ?? (await hunt(makeProduct, 1, MOST_SEEDS, bug.needs));
      expect(caught).toBeDefined();
      expect((await runSeed(caught?.seed ?? 0)).violations).toEqual([]);
    },
    600_000,
  );

  it('should be refused when its place is gone', () => {
    const [bug] = PLANTED_BUGS as readonly [PlantedBug];
    expect(() => patched({ ...bug, find: 'nowhere to be found' })).toThrow('occurs 0 times');
  });
});
