import { draw, KINDS } from './draw.ts';
import { play } from './history.ts';

/** A few; `.ci/run` plays a hundred in a process of their own, where each is several times as quick. */
const SEEDS = Array.from({ length: 4 }, (_, nth) => nth + 1);

describe('a drawn history in which only the eyes are broken', () => {
  it.each(SEEDS)(
    'should move nothing, or once where the only one lies, and notice what fails later: %i',
    async (seed) => {
      expect((await play(seed)).violations).toEqual([]);
    },
  );

  it('should be the same each time', async () => {
    expect(await play(3)).toEqual(await play(3));
  });

  it('should be of each kind, alone and with others', () => {
    const drawn = Array.from({ length: 300 }, (_, seed) => draw(seed).kinds);
    for (const kind of KINDS) {
      const some = drawn.filter((kinds) => kinds.includes(kind));
      expect([kind, some.some(({ length }) => length === 1), some.some(({ length }) => length > 1)]).toEqual([
        kind,
        true,
        true,
      ]);
    }
  });

  it('should count a move, where the only probe lies', async () => {
    // Lies are believed at times: what bounds them is worth nothing otherwise.
    const seeds = Array.from({ length: 40 }, (_, nth) => nth + 1).filter((seed) => draw(seed).allowed === 1);
    const moves = await seeds.slice(0, 4).reduce<Promise<number>>(async (sum, seed) => {
      return (await sum) + (await play(seed)).moves;
    }, Promise.resolve(0));
    expect(moves).toBeGreaterThan(0);
  });
});
