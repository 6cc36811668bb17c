import { BLIND, FIRST, type Ill, LIAR, Scene, SECOND, START } from '../../support/watching.ts';

/** All is well in the world: whatever is told, nothing may move. */
async function ofTheWell(first: Ill, second: Ill | undefined, groups = 4): Promise<Scene> {
  const scene = new Scene(second ? [FIRST, SECOND] : [FIRST]);
  for (let i = 1; i <= groups; i += 1) scene.add(i);
  // They are seen to answer before an eye breaks.
  await scene.run();
  scene.told.length = 0;
  scene.ill.set(FIRST, first);
  if (second) scene.ill.set(SECOND, second);
  await scene.run(scene.input());
  await scene.run(scene.input());
  return scene;
}

const WELL: Ill = {};

describe('when only the eyes are broken', () => {
  it.each<[what: string, first: Ill, second: Ill | undefined]>([
    ['the only one is blind', BLIND, undefined],
    ['the only one is dead', { fault: 'dead' }, undefined],
    ['the only one is throttled', { fault: 'throttled' }, undefined],
    ['the only one is starved of CPU', { lateMs: 180 }, undefined],
    ['the only one is late', { slowMs: 6_000 }, undefined],
    ['one is blind', BLIND, WELL],
    ['both are blind', BLIND, BLIND],
    ['one is dead', { fault: 'dead' }, WELL],
    ['both are dead', { fault: 'dead' }, { fault: 'dead' }],
    ['one is starved of CPU', { lateMs: 180 }, WELL],
    ['one of two lies', LIAR, WELL],
    ['one lies and the other is blind', LIAR, BLIND],
    ['one is late and the other lies', { slowMs: 6_000 }, LIAR],
  ])('nothing moves: %s', async (_, first, second) => {
    const scene = await ofTheWell(first, second);
    expect(scene.told.filter(({ acts }) => acts)).toEqual([]);
  });

  it('should hold four holders at once for blindness where the only probe lies about them', async () => {
    const scene = await ofTheWell(LIAR, undefined);
    expect(scene.told.every(({ acts, reason }) => !acts && reason === 'mass')).toBe(true);
    expect(scene.told.length).toBeGreaterThan(0);
  });

  it('should hold those for blindness that fall silent after the second, one after the other', async () => {
    const scene = new Scene([FIRST]);
    for (const nth of [1, 2, 3, 4, 5, 6]) scene.add(nth);
    for (const nth of [1, 2, 3, 4, 5, 6]) scene.hang(nth, 9_000 + nth * 1_500);
    await scene.run();
    expect(scene.told.map(({ acts, reason }) => (acts ? 'acts' : reason))).toEqual([
      'acts',
      'acts',
      ...Array.from({ length: 4 }, () => 'mass'),
    ]);
  });

  it('should hold four holders at once where one lies and the other cannot be asked', async () => {
    const scene = await ofTheWell(LIAR, { fault: 'throttled' });
    expect(scene.told.filter(({ acts }) => acts)).toEqual([]);
  });
});

describe('what is said of the probes', () => {
  const codes = async (first: Ill, second?: Ill): Promise<readonly unknown[]> =>
    (await ofTheWell(first, second)).codes();

  it('should be that it does not answer, once', async () => {
    expect(await codes({ fault: 'throttled' })).toEqual(['probe-unavailable']);
    expect(await codes({ fault: 'dead' })).toEqual(['probe-unavailable']);
  });

  it('should be that it is slow, once', async () => {
    expect(await codes({ lateMs: 180 })).toEqual(['probe-slow']);
  });

  it('should reach the groups as well when it goes on: one is told, the others take note, and so when it is over', async () => {
    const scene = await ofTheWell({ lateMs: 180 }, undefined, 3);
    const toldOf = () => scene.told.map(({ group, verdict, isOnlyNoted = false }) => [group, verdict, isOnlyNoted]);
    const each = (verdict: string) => [1, 2, 3].map((nth) => [`web-${nth}`, verdict, nth > 1]);
    expect(toldOf().slice(0, 3)).toEqual(each('probe-slow'));
    scene.ill.delete(FIRST);
    scene.told.length = 0;
    await scene.run(scene.input({ groups: scene.knowing({ verdict: 'probe-slow', acts: false }) }));
    expect(toldOf()).toEqual(each('serving'));
  });

  it('should not be taken back while it is so, whoever serves', async () => {
    const scene = await ofTheWell({ lateMs: 180 }, undefined, 1);
    scene.told.length = 0;
    await scene.run(scene.input({ groups: scene.knowing({ verdict: 'probe-slow', acts: false }) }));
    expect(scene.told).toEqual([]);
  });

  it('should be how much memory they need, told of every group at once', async () => {
    const scene = new Scene([FIRST]);
    for (let i = 1; i <= 60; i += 1) scene.add(i, {}, 'https:443/');
    await scene.run();
    const [first, second] = scene.told;
    expect(first).toMatchObject({ verdict: 'probe-over-capacity', neededMb: expect.any(Number) });
    expect(first?.isOnlyNoted).toBeUndefined();
    expect(second).toMatchObject({ verdict: 'probe-over-capacity', isOnlyNoted: true });
    expect(scene.told).toHaveLength(60);
    await scene.run(scene.input({ groups: scene.knowing({ verdict: 'probe-over-capacity', acts: false }) }));
    expect(scene.told).toHaveLength(60);
  });

  it('should leave alone a group of which something else was told', async () => {
    const scene = new Scene([FIRST]).add(1, { standbys: [] });
    scene.ill.set(FIRST, { lateMs: 180 });
    await scene.run();
    await scene.run(scene.input({ groups: scene.knowing({ verdict: 'probe-no-witness', acts: false }) }));
    expect(scene.codes()).toEqual(['probe-slow']);
    expect(scene.told.map(({ verdict }) => verdict)).toEqual(['probe-no-witness']);
  });

  it('should not keep a guest that hangs from being told', async () => {
    const scene = new Scene([FIRST]).add(1);
    await scene.run();
    scene.hang(1, scene.time.now() - START + 20_000);
    await scene.run(scene.input({ groups: scene.knowing({ verdict: 'probe-over-capacity', acts: false }) }));
    expect(scene.told.map(({ verdict }) => verdict)).toContain('unreachable');
  });

  it('should be that it is answered by nobody, once, and not to every group', async () => {
    const scene = await ofTheWell(BLIND, undefined);
    expect(scene.codes()).toEqual(['probe-sees-nothing']);
    expect(scene.told).toEqual([]);
  });

  it('should be that the two do not agree', async () => {
    const scene = await ofTheWell(LIAR, WELL, 1);
    expect(scene.codes()).toEqual(['probe-disagrees']);
  });

  it('should be told again when it was over', async () => {
    const scene = new Scene([FIRST]).add(1);
    scene.ill.set(FIRST, { fault: 'throttled' });
    await scene.run();
    scene.ill.clear();
    await scene.run(scene.input());
    scene.ill.set(FIRST, { fault: 'throttled' });
    await scene.run(scene.input());
    expect(scene.codes()).toEqual(['probe-unavailable', 'probe-unavailable']);
  });

  it('should be how much memory a probe with too many targets wants', async () => {
    const scene = new Scene([FIRST]);
    for (let i = 1; i <= 120; i += 1) scene.add(i, {}, 'https:443/');
    await scene.run();
    expect(scene.codes()).toEqual(['probe-over-capacity']);
    expect(scene.said[0]?.['news']).toMatch(
      /^probe-1 has more targets than 256 MB can bear: set its memory to \d+ MB\.$/,
    );
  });

  it('should be which interface has an address that is not probed', async () => {
    const scene = new Scene([FIRST]).add(1);
    const [group] = scene.groups;
    const odd = { id: 'eni-odd', attachmentId: 'eni-attach-odd', address: '8.8.8.8', target: 'tcp:443' };
    await scene.run(scene.input({ groups: group ? [{ ...group, interfaces: [...group.interfaces, odd] }] : [] }));
    expect(scene.said).toMatchObject([{ code: 'probe-refused-address', about: 'eni-odd' }]);
  });
});

describe('a guest that hangs while an eye is broken', () => {
  /** From the moment it hangs until it is told. */
  async function toldAfter(first: Ill, second: Ill | undefined): Promise<readonly [number, string] | undefined> {
    const scene = new Scene(second ? [FIRST, SECOND] : [FIRST]).add(1).add(2);
    await scene.run();
    scene.ill.set(FIRST, first);
    if (second) scene.ill.set(SECOND, second);
    const at = scene.time.now() + 2_500;
    scene.hang(1, at - START);
    await scene.run(scene.input());
    const told = scene.told.find(({ acts }) => acts);
    return told && [told.toldAt - at, told.confirmed];
  }

  it('should be told at twice the count where the other probe cannot be asked', async () => {
    const told = await toldAfter({ fault: 'throttled' }, WELL);
    expect(told?.[1]).toBe('doubled');
    expect(told?.[0]).toBeGreaterThan(6_000);
    expect(told?.[0]).toBeLessThan(9_500);
    const dead = await toldAfter({ fault: 'dead' }, WELL);
    expect(dead?.[1]).toBe('doubled');
    // A call that is never answered is waited for once.
    expect(dead?.[0]).toBeLessThan(34_000);
  });

  it('should be told where the other probe is starved of CPU, as if it could not be asked', async () => {
    expect((await toldAfter(WELL, { lateMs: 180 }))?.[1]).toBe('doubled');
    expect((await toldAfter({ lateMs: 180 }, WELL))?.[1]).toBe('doubled');
  });

  it('should be told by the other where the one that leads is blind, and agree with nobody', async () => {
    expect(await toldAfter(BLIND, WELL)).toBeUndefined();
  });
});

describe('a probe that answers at once', () => {
  it.each<[what: string, answers: object, unanswered: boolean]>([
    [
      'that there is something, and does not say what',
      { version: 1, kind: 'watch', ended: 'verdict', endedAt: START, slowRounds: 0, refused: [], targets: [] },
      false,
    ],
    ['what no probe of this version says', { version: 2 }, true],
    ['with an error of its own', { errorMessage: 'InvalidRequest' }, true],
  ])('should not be called without a pause: %s', async (_, answers, unanswered) => {
    const scene = new Scene([FIRST]).add(1);
    scene.ill.set(FIRST, { answers });
    const summary = await scene.run();
    expect(summary.told).toBe(0);
    expect(summary.calls === 0).toBe(unanswered);
    expect(scene.calls.length).toBeLessThan(260);
  });
});

describe('two runs at once', () => {
  it('should do no harm: what both tell is the same', async () => {
    const scene = new Scene().add(1).hang(1, 10_500);
    const other = scene.begin(scene.input());
    await scene.run();
    await scene.time.run(other);
    expect(scene.told.map(({ verdict, attachmentId }) => [verdict, attachmentId])).toEqual([
      ['unreachable', 'eni-attach-1'],
      ['unreachable', 'eni-attach-1'],
    ]);
  });
});

describe('a failover function that cannot be told', () => {
  it('should be told as soon as it can, once', async () => {
    const scene = new Scene().add(1).hang(1, 5_500);
    scene.isDeaf = true;
    const run = scene.begin();
    await scene.time.advance(30_000);
    scene.isDeaf = false;
    await scene.time.run(run);
    expect(scene.told).toMatchObject([{ verdict: 'unreachable', acts: true }]);
    expect(scene.told[0]?.toldAt).toBeLessThan(START + 40_000);
    // What was reached long ago is not what is told.
    expect((scene.told[0]?.toldAt ?? 0) - (scene.told[0]?.at ?? 0)).toBeLessThan(5_000);
    expect(scene.codes()).toEqual(['verdict-not-delivered']);
  });
});
