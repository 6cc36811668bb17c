import { FIRST, Scene, SECOND, START } from '../../support/watching.ts';

describe('a run of watch', () => {
  it('should last 75 s whatever comes, call after call, and say nothing while all is well', async () => {
    const scene = new Scene().add(1);
    const summary = await scene.run();
    expect(scene.time.now() - START).toBeGreaterThanOrEqual(74_000);
    expect(scene.time.now() - START).toBeLessThan(76_000);
    expect(summary).toEqual({ calls: 4, unanswered: 0, told: 0 });
    expect(scene.said).toEqual([]);
    // No look is lost between two calls.
    const looks = scene.network.looksAt('10.0.1.10');
    const gaps = looks.slice(1).map((at, i) => at - (looks[i] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1_100);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(500);
  });

  it('should have its probes lead in turns, minute by minute', async () => {
    const scene = new Scene().add(1);
    await scene.run();
    expect(new Set(scene.leads().slice(0, 3))).toEqual(new Set([FIRST]));
    expect(scene.leads().at(-1)).toBe(SECOND);
  });

  it.each([
    [60_000, 51_000],
    [12_000, 3_000],
  ])('should end in time when %d ms are left', async (remainingMs, atMostMs) => {
    const scene = new Scene().add(1);
    await scene.run(scene.input(), { remainingMs });
    expect(scene.time.now() - START).toBeLessThan(atMostMs);
  });

  it('should do nothing with nothing to watch, and with what is more than a minute old', async () => {
    const scene = new Scene();
    expect(await scene.run()).toMatchObject({ calls: 0, reason: 'No group has a probe.' });
    scene.add(1);
    const old = await scene.run(scene.input({ readAt: START - 60_001 }));
    expect(old).toMatchObject({ calls: 0, reason: expect.stringContaining('more than a minute old') });
  });
});

describe('a guest that hangs', () => {
  it('should be told in seconds, once, with all that is known', async () => {
    const scene = new Scene().add(1).add(2).hang(1, 10_500);
    await scene.run();
    expect(scene.told).toHaveLength(1);
    const [told] = scene.told;
    expect(told).toMatchObject({
      version: 1,
      group: 'web-1',
      interfaceId: 'eni-1',
      attachmentId: 'eni-attach-1',
      instanceId: 'i-a1',
      verdict: 'unreachable',
      acts: true,
      found: 'silent',
      witness: { id: 'i-b1' },
      standbys: [{ instanceId: 'i-b1', answers: true, passes: true }],
      confirmed: 'both',
    });
    // From its last answer: half a second until it is missed, three rounds, and the way.
    expect(told?.toldAt).toBeLessThan(START + 10_500 + 4_500);
    expect(scene.said.map(({ code }) => code)).toEqual(['verdict']);
  });

  it('should have the other probe asked at the first suspicion, so that its look costs no time', async () => {
    const scene = new Scene().add(1).hang(1, 10_500);
    await scene.run();
    const confirm = scene.calls.find(({ kind }) => kind === 'confirm');
    expect(confirm?.name).toBe(SECOND);
    expect(confirm?.at).toBeLessThan(START + 12_500);
    expect(scene.calls.filter(({ kind }) => kind === 'confirm')).toHaveLength(1);
  });

  it('should be told as fast with one probe', async () => {
    const scene = new Scene([FIRST]).add(1).hang(1, 10_500);
    await scene.run();
    expect(scene.told).toMatchObject([{ verdict: 'unreachable', confirmed: 'single', acts: true }]);
    expect(scene.told[0]?.toldAt).toBeLessThan(START + 10_500 + 4_000);
  });

  it('should be watched no more in this run: the next one knows where it is', async () => {
    const scene = new Scene().add(1).add(2).hang(1, 10_500);
    await scene.run();
    const looks = scene.network.looksAt('10.0.1.10');
    expect(Math.max(...looks)).toBeLessThan(START + 16_000);
    expect(Math.max(...scene.network.looksAt('10.0.2.10'))).toBeGreaterThan(START + 70_000);
  });

  it('should be told again by the next run, which is not told that it was told', async () => {
    const scene = new Scene().add(1).hang(1, 10_500);
    await scene.run();
    await scene.run(scene.input());
    expect(scene.told).toHaveLength(2);
    const told = { verdict: 'unreachable', acts: true } as const;
    const groups = scene.groups.map((group) => ({
      ...group,
      interfaces: group.interfaces.map((each) => ({ ...each, told })),
    }));
    const calls = scene.calls.length;
    await scene.run(scene.input({ groups }));
    expect(scene.told).toHaveLength(2);
    // A target that stays down does not end every call.
    expect(scene.calls.length - calls).toBeLessThanOrEqual(5);
  });

  it('should be told by a run that begins after it has hung, where this process has seen it answer', async () => {
    const scene = new Scene().add(1);
    await scene.run();
    scene.hang(1, scene.time.now() - START + 100);
    await scene.time.advance(1_000);
    await scene.run(scene.input());
    expect(scene.told).toMatchObject([{ verdict: 'unreachable' }]);
  });

  it('should not be taken for down where nobody has seen it answer since this attachment', async () => {
    const scene = new Scene().add(1).hang(1, -1);
    await scene.run();
    expect(scene.told).toMatchObject([{ verdict: 'probe-never-answered', acts: false, confirmed: 'unasked' }]);
    // What is known is known of one attachment.
    const other = new Scene().add(1);
    await other.run();
    other.hang(1, other.time.now() - START);
    const groups = other.groups.map((group) => ({
      ...group,
      interfaces: group.interfaces.map((each) => ({ ...each, attachmentId: 'eni-attach-new' })),
    }));
    await other.run(other.input({ groups }));
    expect(other.told).toMatchObject([{ verdict: 'probe-never-answered' }]);
  });

  it('should count as heard before where it was told of this attachment, whichever process looks', async () => {
    for (const [told, hosts] of [
      [{ verdict: 'unreachable', acts: false }, [1, 10]],
      [{ verdict: 'not-serving', reason: 'service', acts: false }, []],
    ] as const) {
      const scene = new Scene().add(1);
      for (const host of hosts) scene.network.set(`10.0.1.${host}`, 'silent', START - 1);
      if (hosts.length === 0) scene.network.set('10.0.1.10', 'refused', START - 1);
      const toldAt = START - 60_000;
      const groups = scene.knowing(told).map((group) => ({
        ...group,
        interfaces: group.interfaces.map((each) => ({ ...each, toldAt })),
      }));
      await scene.run(scene.input({ groups }));
      expect(scene.told).toMatchObject([{ verdict: told.verdict, acts: true, lastAnswerAt: toldAt }]);
    }
  });

  it('should not be called anything else by a process that has not seen it answer, where nothing may follow', async () => {
    const scene = new Scene().add(1);
    for (const host of [1, 2, 10]) scene.network.set(`10.0.1.${host}`, 'silent', START - 1);
    const groups = scene.knowing({ verdict: 'probe-blind', acts: false }).map((group) => ({
      ...group,
      interfaces: group.interfaces.map((each) => ({ ...each, toldAt: START - 60_000 })),
    }));
    await scene.run(scene.input({ groups }));
    expect(scene.told).toEqual([]);
  });

  it('should not be taken for heard by what was told of one that never was', async () => {
    const scene = new Scene().add(1).hang(1, -1);
    const groups = scene.knowing({ verdict: 'probe-no-witness', acts: false }).map((group) => ({
      ...group,
      interfaces: group.interfaces.map((each) => ({ ...each, toldAt: START - 60_000 })),
    }));
    await scene.run(scene.input({ groups }));
    expect(scene.told).toMatchObject([{ verdict: 'probe-never-answered', acts: false }]);
  });

  it.each([
    ['report', false],
    ['unreachable-only', true],
  ] as const)('should be told, and a move follow as the group wants: %s', async (acts, follows) => {
    const scene = new Scene().add(1, { acts }).hang(1, 10_500);
    await scene.run();
    expect(scene.told).toMatchObject([{ verdict: 'unreachable', acts: follows }]);
  });

  it('should be told once for a group with two interfaces', async () => {
    const scene = new Scene().add(1);
    const [group] = scene.groups;
    const second = { id: 'eni-1b', attachmentId: 'eni-attach-1b', address: '10.0.1.11', target: 'tcp:443' };
    scene.network.set('10.0.1.11', 'answered', START - 1).set('10.0.1.11', 'silent', START + 10_500);
    scene.hang(1, 10_500);
    await scene.run(scene.input({ groups: group ? [{ ...group, interfaces: [...group.interfaces, second] }] : [] }));
    expect(scene.told).toHaveLength(1);
  });

  it('should be told as one of thirty', async () => {
    const scene = new Scene();
    // Far more holders than those, or all of them at once would need both probes; they have both.
    for (let i = 1; i <= 100; i += 1) scene.add(i);
    for (let i = 1; i <= 30; i += 1) scene.hang(i, 10_500);
    await scene.run();
    // That it is a lot for such a probe is told as well.
    const told = scene.told.filter(({ verdict }) => verdict !== 'probe-over-capacity');
    expect(new Set(told.map(({ group }) => group)).size).toBe(30);
    expect(told.every(({ confirmed }) => confirmed === 'both')).toBe(true);
    expect(Math.max(...told.map(({ toldAt }) => toldAt))).toBeLessThan(START + 10_500 + 6_500);
  });
});

describe('a service that fails', () => {
  it('should be told after ten seconds, and its recovery, too', async () => {
    const scene = new Scene().add(1, { acts: 'report' });
    scene.network.set('10.0.1.10', 'refused', START + 5_500).set('10.0.1.10', 'answered', START + 30_500);
    await scene.run();
    expect(scene.told).toMatchObject([
      { verdict: 'not-serving', reason: 'service', acts: false, found: 'refused', confirmed: 'both' },
      { verdict: 'serving', acts: false, found: 'answered', confirmed: 'unasked' },
    ]);
    expect(scene.told[0]?.toldAt).toBeGreaterThanOrEqual(START + 15_500);
    expect(scene.told[0]?.toldAt).toBeLessThan(START + 18_500);
    expect(scene.told[1]?.toldAt).toBeLessThan(START + 35_000);
  });

  it('should be told without a move where the standby fails the same, and with one once it passes', async () => {
    const scene = new Scene().add(1);
    scene.network.set('10.0.1.10', 'refused', START + 5_500).set('10.0.1.2', 'refused', START + 5_500);
    scene.network.set('10.0.1.2', 'answered', START + 40_500);
    await scene.run();
    expect(scene.told).toMatchObject([
      { verdict: 'not-serving', acts: false, standbys: [{ passes: false }] },
      { verdict: 'not-serving', acts: true, standbys: [{ passes: true }] },
    ]);
  });

  it('should be told as a path, and move nothing, where the host answers and its floating address does not', async () => {
    const scene = new Scene().add(1);
    scene.network.set('10.0.1.10', 'silent', START + 5_500);
    await scene.run();
    expect(scene.told).toMatchObject([{ verdict: 'not-serving', reason: 'path', acts: false }]);
  });
});
