import type { Clock } from '../../../lib/clock.ts';
import { after, FLOATING, OWN, scene, START } from './watching.ts';

describe('a probe that is held up', () => {
  /** Its timers come late, by so much. */
  const late = (clock: Clock, byMs: () => number): Clock => ({
    ...clock,
    sleep: (ms, signal) => clock.sleep(ms + byMs(), signal),
  });

  it('should count no miss, and say that it is slow after three rounds, once', async () => {
    const { time, clock, network, call } = scene();
    for (const address of [FLOATING, OWN]) network.set(address, 'silent', START + 500);
    const stalled = { attempt: network.attempt(), on: late(clock, () => 150) };
    const rounds = await call({}, stalled);
    expect(rounds.ended).toBe('slow');
    expect(after(rounds)).toBeLessThan(4_500);
    expect(rounds.slowRounds).toBe(3);
    expect(rounds.targets[0]?.evidence.floating.missed).toBe(0);
    const known = await call({ isKnownSlow: true }, stalled);
    expect(known).toMatchObject({ ended: 'time' });
    expect(known.targets[0]?.evidence.floating.missed).toBe(0);
    // Once it is held up no more, it counts.
    expect((await call({ isKnownSlow: false })).ended).toBe('verdict');
    expect(time.now()).toBeGreaterThan(START);
  });

  it('should take an answer for one all the same', async () => {
    const { clock, network, call } = scene();
    const rounds = await call(
      { isKnownSlow: true, runMs: 5_000 },
      { attempt: network.attempt(), on: late(clock, () => 150) },
    );
    expect(rounds.targets[0]?.evidence.floating.answers).toBeGreaterThan(2);
  });

  it('should count again after one stall', async () => {
    const { clock, network, call } = scene();
    for (const address of [FLOATING, OWN]) network.set(address, 'silent', START + 500);
    const once = late(clock, () => (clock.now() >= START + 1_200 && clock.now() < START + 1_260 ? 400 : 0));
    const rounds = await call({}, { attempt: network.attempt(), on: once });
    expect(rounds.ended).toBe('verdict');
    // The look of that round, and the one that was under way, are left out.
    expect(after(rounds)).toBeGreaterThan(4_500);
    expect(after(rounds)).toBeLessThan(6_100);
  });
});
