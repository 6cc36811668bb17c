import { execFileSync } from 'node:child_process';
import { runSeed } from './simulate.ts';

/** One of them goes over the wire. */
const SEEDS = [9, 10, 11];

describe('a seed', () => {
  it('should give the same history twice in one process', async () => {
    for (const seed of SEEDS) {
      const first = await runSeed(seed);
      const second = await runSeed(seed);
      expect(second.digest()).toBe(first.digest());
      expect(second.history()).toBe(first.history());
    }
  }, 60_000);

  it('should give the same history in another process, whatever ran there before', async () => {
    const here: string[] = [];
    for (const seed of SEEDS) here.push(`${seed} ${(await runSeed(seed)).digest()}`);
    const backwards = [...SEEDS].reverse().join(',');
    const args = ['tsx', 'tests/simulation/cli.ts', '--digests', '--only', backwards];
    const there = execFileSync('npx', args, { encoding: 'utf8' }).trim().split('\n');
    expect(there.reverse()).toEqual(here);
  }, 120_000);
});
