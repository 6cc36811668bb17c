import { watchRounds } from '../../../lib/probe/rounds.ts';
import { after, FLOATING, OWN, scene, STANDBY, START, WATCHED, watchRequest } from './watching.ts';

describe('the cadence', () => {
  it('should be one second from start to start, however long a look takes, with witnesses every five', async () => {
    const { network, call } = scene();
    network.set(FLOATING, 'slow', START + 100_000);
    const rounds = await call({ runMs: 10_000 });
    expect(rounds).toMatchObject({ ended: 'time', endedAt: START + 10_000, slowRounds: 0 });
    expect(network.looksAt(FLOATING)).toEqual(Array.from({ length: 10 }, (_, i) => START + i * 1_000));
    expect(network.looksAt(OWN)).toEqual([START, START + 5_000]);
    expect(network.looksAt(STANDBY)).toEqual([START, START + 5_000]);
  });

  it('should hold while looks wait for their answer', async () => {
    const { network, call } = scene();
    network.set(FLOATING, 'slow', START + 500);
    await call({ runMs: 6_000 });
    expect(network.looksAt(FLOATING)).toEqual(Array.from({ length: 6 }, (_, i) => START + i * 1_000));
  });

  it.each([0, 200, 400])('should go on from call to call: %d ms later', async (gapMs) => {
    const { time, network, call } = scene();
    await call({ runMs: 2_500 });
    await time.advance(gapMs);
    await call({ runMs: 3_000 });
    expect(network.looksAt(FLOATING).slice(0, 5)).toEqual([0, 1_000, 2_000, 3_000, 4_000].map((ms) => START + ms));
  });

  it('should catch up with a look that came late, and two are half a second apart at least', async () => {
    const { time, network, call } = scene();
    await call({ runMs: 2_500 });
    await time.advance(700);
    await call({ runMs: 2_500 });
    await time.advance(1_100);
    await call({ runMs: 2_500 });
    expect(network.looksAt(FLOATING).map((at) => at - START)).toEqual([
      0, 1_000, 2_000, 3_200, 4_000, 5_000, 6_800, 7_300, 8_300,
    ]);
  });

  it('should spread many targets over the second', async () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ ...WATCHED, id: `eni-${i}`, address: `10.0.1.${i}` }));
    const { network, call } = scene(many);
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation();
    await call({ runMs: 1_000 });
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
    const moments = new Map<number, number>();
    for (const { address, at } of network.looks)
      if (address.startsWith('10.0.1.')) moments.set(at, (moments.get(at) ?? 0) + 1);
    expect([...moments.values()]).toEqual(Array.from({ length: 20 }, () => 2));
    // One look at the standby serves all that ask the same, for half a second.
    expect(network.looksAt(STANDBY).length).toBeLessThan(5);
  });

  it('should end before the function does, whatever was asked for', async () => {
    const { time, clock, network } = scene();
    const ports = { clock, attempt: network.attempt() };
    const rounds = await time.run(watchRounds(watchRequest([WATCHED]), ports, START + 4_300));
    expect(rounds).toMatchObject({ ended: 'time', endedAt: START + 4_300 });
  });

  it('should end at its time with nothing to look at', async () => {
    expect(await scene([]).call({ runMs: 2_000 })).toMatchObject({ ended: 'time', endedAt: START + 2_000 });
  });
});

describe('a target that fails', () => {
  it('should end the call at its third miss, as unreachable where a witness answers', async () => {
    const { network, call } = scene();
    for (const address of [FLOATING, OWN]) network.set(address, 'silent', START + 4_500);
    const rounds = await call();
    expect(rounds.ended).toBe('verdict');
    // Looks at 5, 6 and 7 s; the last is given up at 8 s.
    expect(after(rounds)).toBe(8_020);
    expect(rounds.targets[0]?.judgement).toEqual({ verdict: 'unreachable', acts: true, witness: 'i-b' });
    // Witnesses are asked at once after the first miss, and then in each round.
    expect(network.looksAt(STANDBY).map((at) => at - START)).toEqual([0, 5_000, 6_000, 7_000, 8_000]);
  });

  it('should end the call once: what was told does not, until it changes', async () => {
    const { network, call, told } = scene();
    for (const address of [FLOATING, OWN]) network.set(address, 'silent', START + 500);
    expect(await call()).toMatchObject({ ended: 'verdict' });
    const second = await call(told({ verdict: 'unreachable', acts: true }));
    expect(second.ended).toBe('time');
    network.set(FLOATING, 'answered').set(OWN, 'answered');
    const third = await call();
    expect(third.ended).toBe('verdict');
    expect(third.targets[0]?.judgement).toEqual({ verdict: 'serving', acts: false });
    expect(third.endedAt - second.endedAt).toBeLessThan(3_500);
    expect((await call(told({ verdict: 'serving' }))).ended).toBe('time');
  });

  it('should not end the call while it is to be quiet', async () => {
    const { network, call } = scene();
    for (const address of [FLOATING, OWN]) network.set(address, 'silent', START + 500);
    const rounds = await call({ targets: [{ ...WATCHED, quietUntil: START + 9_000 }] });
    expect(rounds.ended).toBe('verdict');
    expect(after(rounds)).toBeGreaterThanOrEqual(9_000);
    expect(after(rounds)).toBeLessThan(11_000);
  });

  it('should be counted across calls', async () => {
    const { network, call } = scene();
    for (const address of [FLOATING, OWN]) network.set(address, 'silent', START + 500);
    expect((await call({ runMs: 2_100 })).ended).toBe('time');
    const rounds = await call({ runMs: 20_000 });
    expect(rounds.ended).toBe('verdict');
    // The look under way at the end of the first call was dropped, and made again.
    expect(after(rounds)).toBeLessThanOrEqual(4_200);
  });

  it('should need six misses where the count is doubled', async () => {
    const { network, call } = scene();
    for (const address of [FLOATING, OWN]) network.set(address, 'silent', START + 500);
    expect(after(await call({ count: 6 }))).toBe(7_020);
  });

  it('should end the call at its first miss where the other probe is asked meanwhile, and that once', async () => {
    const { network, call } = scene();
    for (const address of [FLOATING, OWN]) network.set(address, 'silent', START + 4_500);
    const first = await call({ endsOnSuspicion: true });
    expect(first.ended).toBe('suspicion');
    expect(after(first)).toBe(6_020);
    const second = await call();
    expect(second.ended).toBe('verdict');
    expect(after(second)).toBeLessThanOrEqual(8_100);
  });

  it('should not raise a suspicion where it never answered', async () => {
    const { call } = scene([{ ...WATCHED, address: '10.0.9.9' }]);
    expect((await call({ endsOnSuspicion: true, runMs: 5_000 })).ended).toBe('time');
  });

  it('should have failed for ten seconds where it answers wrongly', async () => {
    const { network, call } = scene();
    network.set(FLOATING, 'refused', START + 500);
    const rounds = await call();
    expect(rounds.targets[0]?.judgement).toEqual({ verdict: 'not-serving', reason: 'service', acts: true });
    expect(after(rounds)).toBeGreaterThanOrEqual(11_000);
    expect(after(rounds)).toBeLessThan(12_100);
  });

  it('should be nothing where nginx restarts: two seconds of refusals', async () => {
    const { network, call } = scene();
    network.set(FLOATING, 'refused', START + 500).set(FLOATING, 'answered', START + 2_500);
    expect((await call()).ended).toBe('time');
  });

  it('should be blind where nobody answers', async () => {
    const { network, call } = scene();
    for (const address of [FLOATING, OWN, STANDBY]) network.set(address, 'silent', START + 500);
    const rounds = await call();
    expect(rounds.targets[0]?.judgement).toEqual({ verdict: 'probe-blind', acts: false });
  });

  it('should be told together with those that fail at the same moment', async () => {
    const many = [1, 2, 3].map((i) => ({ ...WATCHED, id: `eni-${i}`, address: `10.0.1.${i}`, own: `10.0.2.${i}` }));
    const { network, call } = scene(many);
    for (const { address, own } of many)
      for (const each of [address, own]) network.set(each, 'answered').set(each, 'silent', START + 4_500);
    const rounds = await call();
    expect(rounds.ended).toBe('verdict');
    expect(rounds.targets.map(({ evidence }) => evidence.floating.missed).every((missed) => missed >= 2)).toBe(true);
  });
});
