import type { Illness, Setup } from './setup.ts';
import { Vpc } from './vpc.ts';

const MINUTE = 60_000;
const SEEDS = Array.from({ length: 6 }, (_, nth) => nth + 1);
const ill = (kind: Illness['kind'], probe: number, fromMs = 90_000, untilMs = 4 * MINUTE): Illness => ({
  kind,
  probe,
  fromMs,
  untilMs,
});

async function played(setup: Omit<Setup, 'seed'>, seed: number, minutes = 5, before: (vpc: Vpc) => void = () => {}) {
  const vpc = new Vpc({ seed, ...setup });
  before(vpc);
  await vpc.play(minutes);
  return vpc;
}

describe('a guest that hangs while EC2 calls it well', () => {
  it.each(SEEDS)('should lose the interface within 20 s, and be left alone afterwards: seed %i', async (seed) => {
    const hangsMs = 70_000 + 7_000 * seed;
    const probes = seed % 2 === 0 ? 1 : 2;
    const vpc = await played({ probes }, seed, 5, (each) => each.host(each.scene.holder, 'silent', hangsMs));
    expect(vpc.taken).toEqual([{ at: expect.any(Number), from: vpc.scene.holder, wasDown: true }]);
    // Lambda's ways and starts are drawn: three misses, a look of the other probe, and one more.
    expect((vpc.taken[0]?.at ?? 0) - hangsMs).toBeLessThan(10_000);
    expect(vpc.holder).not.toBe(vpc.scene.holder);
    const { attachment } = vpc.world.interface(vpc.eni) ?? {};
    expect(attachment?.status).toBe('attached');
  });
});

describe('a history in which only the eyes are broken', () => {
  const BROKEN: readonly (readonly [string, Omit<Setup, 'seed'>])[] = [
    ['the only probe is blind', { probes: 1, ills: [ill('blind', 1)] }],
    ['one of two is blind', { probes: 2, ills: [ill('blind', 1)] }],
    ['both are blind', { probes: 2, ills: [ill('blind', 1), ill('blind', 2)] }],
    ['one of two lies', { probes: 2, ills: [ill('liar', 1)] }],
    ['one of two lies, and is the second', { probes: 2, ills: [ill('liar', 2)] }],
    ['the only one is starved', { probes: 1, ills: [ill('starved', 1)] }],
    ['both are starved', { probes: 2, ills: [ill('starved', 1), ill('starved', 2)] }],
    ['the only one is dead', { probes: 1, ills: [ill('dead', 1)] }],
    ['one of two is dead, and the other blind', { probes: 2, ills: [ill('dead', 1), ill('blind', 2)] }],
    ['one is throttled, and the other starved', { probes: 2, ills: [ill('throttled', 1), ill('starved', 2)] }],
    ['verdicts are doubled', { probes: 1, ills: [ill('blind', 1)], oddSends: { every: 1, how: 'doubled' } }],
    ['starts do not come', { probes: 2, ills: [ill('blind', 1)], missingStarts: [1, 3] }],
  ];

  it.each(BROKEN)('should move nothing where %s', async (_, setup) => {
    for (const seed of SEEDS.slice(0, 2)) {
      const vpc = new Vpc({ seed, ...setup });
      await vpc.play(4);
      expect([vpc.taken, vpc.holder]).toEqual([[], vpc.scene.holder]);
    }
  });

  it('should move once at most where the only probe lies', async () => {
    for (const seed of SEEDS.slice(0, 2)) {
      const { taken } = await played({ probes: 1, ills: [ill('liar', 1, 90_000, 8 * MINUTE)] }, seed, 8);
      expect(taken.length).toBeLessThanOrEqual(1);
    }
  });
});

describe('a holder that is down', () => {
  const down = (vpc: Vpc) => vpc.host(vpc.scene.holder, 'silent', 95_000);

  it.each([
    ['one of two probes is dead', { probes: 2, ills: [ill('dead', 1)] }],
    ['one of two probes is blind', { probes: 2, ills: [ill('blind', 2)] }],
    ['the confirmation is throttled for a while', { probes: 1, ills: [ill('throttled', 1, 99_500, 104_000)] }],
    ['verdicts come twice', { probes: 2, oddSends: { every: 1, how: 'doubled' } }],
  ] as const)('should be left, once, although %s', async (_, setup) => {
    for (const seed of SEEDS.slice(0, 2)) {
      const { taken, holder, scene } = await played(setup, seed, 5, down);
      expect(taken.map(({ wasDown }) => wasDown)).toEqual([true]);
      expect(holder).not.toBe(scene.holder);
    }
  });

  it('should be left by the next run of the watch where a verdict got lost', async () => {
    const vpc = await played({ probes: 1, oddSends: { every: 4, how: 'lost' } }, 1, 6, down);
    expect(vpc.taken).toHaveLength(1);
  });

  it('should not be left for a verdict that comes half a minute late', async () => {
    const vpc = await played({ probes: 1, oddSends: { every: 1, how: 'late' } }, 1, 2, down);
    expect(vpc.told.length).toBeGreaterThan(0);
    expect(vpc.taken).toEqual([]);
  });

  it('should stay down for an hour without ending every call, or being told every minute', async () => {
    const vpc = await played({ probes: 1, tags: { 'probe-acts': 'report' } }, 1, 20, down);
    expect(vpc.taken).toEqual([]);
    expect(vpc.told.length).toBeLessThanOrEqual(2);
  });

  it('should not get the interface back while it hangs, and EC2 calls it well, when the new holder fails', async () => {
    const vpc = new Vpc({ seed: 1, probes: 1, members: 3 });
    down(vpc);
    const { holder } = vpc.scene;
    await vpc.play(3);
    const second = vpc.holder ?? '';
    vpc.host(second, 'silent', 5 * MINUTE);
    await vpc.play(4);
    const [third] = vpc.scene.members.filter((id) => id !== holder && id !== second);
    expect(vpc.taken.map(({ from }) => from)).toEqual([holder, second]);
    expect(vpc.holder).toBe(third);
  });
});

describe('a move that is held up', () => {
  it('should be told once, be made when nothing stands in its way any more, and be forgotten where it answers', async () => {
    const vpc = new Vpc({ seed: 1, probes: 1 });
    const { holder } = vpc.scene;
    await vpc.play(1);
    void vpc.failover({ action: 'pause', group: 'web', minutes: 60 });
    vpc.host(holder, 'silent', 3 * 60_000 + 5_000).host(holder, 'answered', 6 * 60_000);
    await vpc.play(3);
    expect([vpc.taken, vpc.condition]).toEqual([[], 'holder-unreachable/paused']);
    await vpc.play(2);
    expect([vpc.taken, vpc.condition]).toEqual([[], undefined]);
    vpc.host(holder, 'silent', 10 * 60_000);
    await vpc.play(2);
    expect(vpc.condition).toBe('holder-unreachable/paused');
    void vpc.failover({ action: 'resume', group: 'web' });
    await vpc.play(2);
    expect([vpc.taken.length, vpc.holder === holder]).toEqual([1, false]);
  });
});

describe('a service that is down', () => {
  it('should be moved after ten seconds, and not for a restart that takes four', async () => {
    const moved = await played({ probes: 2 }, 1, 4, (vpc) => vpc.host(vpc.scene.holder, 'refused', 95_000));
    expect(moved.taken).toMatchObject([{ wasDown: true }]);
    expect(moved.taken[0]?.at).toBeGreaterThan(105_000);
    const short = await played({ probes: 2 }, 1, 4, (vpc) =>
      vpc.host(vpc.scene.holder, 'refused', 95_000).host(vpc.scene.holder, 'answered', 99_000),
    );
    expect(short.taken).toEqual([]);
  });

  it('should be told from a closed path where it is stuck, and its queue is full on the floating address alone', async () => {
    for (const probes of [1, 2] as const) {
      const vpc = await played({ probes, tags: { probe: 'http:80/' } }, 1, 4, (each) =>
        each.host(each.scene.holder, 'stuck', 95_000),
      );
      expect(vpc.taken).toMatchObject([{ wasDown: true }]);
      expect(vpc.taken[0]?.at).toBeGreaterThan(105_000);
      expect(vpc.taken[0]?.at).toBeLessThan(120_000);
    }
  });

  it('should be told only under unreachable-only', async () => {
    const tags = { 'probe-acts': 'unreachable-only' };
    const vpc = await played({ probes: 1, tags }, 1, 4, (each) => each.host(each.scene.holder, 'refused', 95_000));
    expect(vpc.taken).toEqual([]);
    expect(vpc.told.map(({ detail }) => detail.verdict)).toContain('not-serving');
  });
});
