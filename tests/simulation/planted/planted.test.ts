import { readFileSync } from 'node:fs';
import path from 'node:path';
import { simulate } from '../elsewhere.ts';
import type { PlantedBug } from './bug.ts';
import { PLANTED_BUGS } from './bugs.ts';
import { FOUND_FILE, type Verdict } from './hunt.ts';
import { patched } from './plant.ts';

const found = JSON.parse(readFileSync(FOUND_FILE, 'utf8')) as Readonly<Record<string, number>>;
const SEEDS = [...new Set(Object.values(found))];
const AGAIN = 'npm run simulate -- --planted --record --bugs';
const TIMEOUT_MS = 600_000;

/** Each on its recorded seed alone; `npm run simulate -- --planted` searches for all of them. */
describe('a bug planted into the product', () => {
  let verdicts: readonly Verdict[] = [];

  beforeAll(async () => {
    const printed = await simulate('--planted', '--json');
    verdicts = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Verdict);
  }, TIMEOUT_MS);

  it('should stand in docs/reliability.md with its seed', () => {
    const page = readFileSync(path.join(process.cwd(), 'docs/reliability.md'), 'utf8');
    const [, table = ''] = page.split('| planted bug | caught by seed |\n|---|---|\n');
    const rows = (table.split('\n\n')[0] ?? '').split('\n');
    expect(rows).toEqual(Object.entries(found).map(([name, seed]) => `| ${name} | ${seed} |`));
  });

  it('should have a recorded seed, and no other one has', () => {
    expect(Object.keys(found).sort()).toEqual(PLANTED_BUGS.map(({ name }) => name).sort());
  });

  it.each(PLANTED_BUGS.map(({ name }) => name))('should be caught: %s', (name) => {
    const verdict = verdicts.find((each) => each.name === name);
    // After a change of the product or of the draw it may be another seed.
    if (verdict?.seed === undefined) throw new Error(`its seed does not catch it any more: ${AGAIN} '${name}'`);
    expect(verdict).toEqual({ name, seed: found[name] });
  });

  it(
    'should be what is wrong with those seeds: without any, they break no rule',
    async () => {
      expect(await simulate('--only', SEEDS.join(','))).toContain(`${SEEDS.length} seeds, 0 with violations`);
    },
    TIMEOUT_MS,
  );

  it('should be refused when its place is gone', () => {
    const [bug] = PLANTED_BUGS as readonly [PlantedBug];
    expect(() => patched({ ...bug, find: 'nowhere to be found' })).toThrow('occurs 0 times');
  });
});
