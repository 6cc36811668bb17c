import { Deadlock, RealClock, VirtualClock, WarpClock, withRandom } from '../../lab/clock.ts';
import { Random } from '../../lab/random.ts';

describe('VirtualClock', () => {
  it('should run timers by time, and those of one moment in the order they were scheduled', async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    clock.schedule(20, () => seen.push('late'));
    clock.schedule(10, () => seen.push('first'));
    clock.schedule(10, () => seen.push('second'));
    clock.schedule(10, () => seen.push('cancelled'))();
    await clock.advance(15);
    expect(seen).toEqual(['first', 'second']);
    expect(clock.now()).toBe(15);
    await clock.runUntil(20);
    expect(seen).toEqual(['first', 'second', 'late']);
  });

  it('should drive time until the work settles, and no further', async () => {
    const clock = new VirtualClock(0);
    clock.schedule(1_000, () => {});
    const work = async (): Promise<number> => {
      for (let i = 0; i < 3; i += 1) await clock.sleep(100);
      return clock.now();
    };
    await expect(clock.run(work())).resolves.toBe(300);
    expect(clock.now()).toBe(300);
  });

  it('should pass on a failure of the work', async () => {
    const clock = new VirtualClock(0);
    const work = clock.sleep(5).then(() => Promise.reject(new Error('no')));
    await expect(clock.run(work)).rejects.toThrow('no');
  });

  it('should call it a deadlock when nothing is left that could finish the work', async () => {
    await expect(new VirtualClock(0).run(new Promise(() => {}))).rejects.toThrow(Deadlock);
  });

  it('should call it a deadlock when only background ticks are left', async () => {
    const clock = new VirtualClock(0);
    const tick = (): void => void clock.schedule(clock.now() + 3_600_000, tick, true);
    tick();
    await expect(clock.run(new Promise(() => {}))).rejects.toThrow(Deadlock);
  });

  it('should reject a sleep with the reason of an abort and drop its timer', async () => {
    const clock = new VirtualClock(0);
    const controller = new AbortController();
    clock.schedule(10, () => controller.abort(new Error('enough')));
    await expect(clock.run(clock.sleep(1_000, controller.signal))).rejects.toThrow('enough');
    await expect(clock.run(clock.sleep(1, controller.signal))).rejects.toThrow('enough');
    expect(clock.now()).toBe(10);
  });

  it('should refuse to be driven twice at once', async () => {
    const clock = new VirtualClock(0);
    const first = clock.advance(10);
    await expect(clock.advance(10)).rejects.toThrow('already driving');
    await first;
  });
});

describe('real time', () => {
  it('should start where it is told, run timers and drop them on stop', async () => {
    const clock = new RealClock({ startMs: 1_000_000 });
    clock.schedule(clock.now() + 60_000, () => {
      throw new Error('was not dropped');
    });
    await clock.sleep(1);
    expect(clock.now()).toBeGreaterThanOrEqual(1_000_000);
    clock.stop();
  });

  it('should start nothing any more once it has been stopped', async () => {
    const clock = new RealClock();
    clock.stop();
    const woken: string[] = [];
    clock.schedule(clock.now(), () => woken.push('a task'));
    void clock.sleep(0).then(() => woken.push('a sleeper'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(woken).toEqual([]);
  });

  it('should go on in real time from the virtual moment that was reached', async () => {
    const clock = new WarpClock(0);
    await clock.advance(3_600_000);
    const due = new Promise<string>((resolve) => clock.schedule(clock.now() + 1, () => resolve('due')));
    clock.goLive();
    await expect(due).resolves.toBe('due');
    await clock.sleep(1);
    expect(clock.now()).toBeGreaterThanOrEqual(3_600_000);
    clock.stop();
  });
});

describe('Random', () => {
  it('should repeat itself for a seed, and fork streams that do not disturb each other', () => {
    const draw = (random: Random): number[] => [random.next(), random.int(1, 6), random.next()];
    expect(draw(new Random(7))).toEqual(draw(new Random(7)));
    expect(draw(new Random(7))).not.toEqual(draw(new Random(8)));
    const parent = new Random(7);
    const before = draw(parent.fork('a'));
    parent.next();
    expect(draw(parent.fork('a'))).toEqual(before);
    expect(draw(parent.fork('b'))).not.toEqual(before);
  });

  it('should stay in range', () => {
    const random = new Random('range');
    const drawn = Array.from({ length: 200 }, () => random.int(2, 4));
    expect(new Set(drawn)).toEqual(new Set([2, 3, 4]));
    expect(random.hex(17)).toMatch(/^[0-9a-f]{17}$/);
    expect(random.pick(['only'])).toBe('only');
    expect(() => random.pick([])).toThrow(RangeError);
    expect([random.chance(0), random.chance(1)]).toEqual([false, true]);
  });

  it('should give a clock the shape that code under test wants injected', async () => {
    const clock = new VirtualClock(5);
    const injected = withRandom(clock, new Random(1));
    await clock.run(injected.sleep(10));
    expect(injected.now()).toBe(15);
    expect(injected.random()).toBe(new Random(1).next());
  });
});
