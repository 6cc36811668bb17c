import { simulate } from './elsewhere.ts';

/** One of them goes over the wire. */
const SEEDS = [9, 10, 11];

/** A digest is made of every call, reply and log line of a history, in their order and with their times. */
async function digestsOf(seeds: readonly number[]): Promise<readonly string[]> {
  return (await simulate('--digests', '--only', seeds.join(','))).trim().split('\n');
}

describe('a seed', () => {
  it('should give the same history twice in one process, and in another process, whatever ran there before', async () => {
    const [twice, backwards] = await Promise.all([digestsOf([...SEEDS, ...SEEDS]), digestsOf([...SEEDS].reverse())]);
    const first = twice.slice(0, SEEDS.length);
    expect(first.map((line) => line.split(' ')[0])).toEqual(SEEDS.map(String));
    expect(twice.slice(SEEDS.length)).toEqual(first);
    expect([...backwards].reverse()).toEqual(first);
  }, 120_000);
});
