import { VirtualClock, withRandom } from '../../../lab/clock.ts';
import { Random } from '../../../lab/random.ts';
import type { OwnEvent } from '../../../lib/engine/events.ts';
import { FLUSH_MS, Outbox } from '../../../lib/engine/outbox.ts';
import type { BusEntry } from '../../../lib/engine/ports.ts';

function place(take: (nth: number) => Promise<void> = async () => undefined) {
  const clock = new VirtualClock(0);
  const calls: (readonly BusEntry[])[] = [];
  const failures: string[] = [];
  const outbox = new Outbox({
    bus: {
      put: async (entries) => {
        calls.push(entries);
        await clock.sleep(20);
        await take(calls.length);
      },
    },
    clock: withRandom(clock, new Random(1)),
    onFailure: (message) => failures.push(message),
  });
  return { clock, calls, failures, outbox };
}

const event = (news: string, name: OwnEvent['name'] = 'Failover Notice', more: object = {}): OwnEvent =>
  ({ name, detail: { group: 'web', code: 'x', news: [news], ...more } }) as unknown as OwnEvent;

describe('an outbox', () => {
  it('should send at once, and what comes meanwhile together, ten at a time', async () => {
    const { clock, calls, outbox } = place();
    outbox.add(() => [event('first')]);
    expect(calls.map((entries) => entries.length)).toEqual([1]);
    outbox.add(() => Array.from({ length: 24 }, (_, n) => event(`sentence ${n}`)));
    await clock.run(outbox.flush());
    expect(calls.map((entries) => entries.length)).toEqual([1, 10, 10, 4]);
  });

  it('should tell the same once, until something else was told of the group, or half an hour has passed', async () => {
    const { clock, calls, outbox } = place();
    const tell = async (...events: OwnEvent[]): Promise<number> => {
      const before = calls.flat().length;
      outbox.add(() => events);
      await clock.run(outbox.flush());
      return calls.flat().length - before;
    };
    const denied = event('A call was denied.', 'Failover Blocked');
    expect([await tell(denied), await tell(denied)]).toEqual([1, 0]);
    expect(await tell(event('', 'Failover Completed', { operation: { id: 'op-1' } }))).toBe(1);
    expect([await tell(denied), await tell(denied)]).toEqual([1, 0]);
    await clock.advance(31 * 60_000);
    expect(await tell(denied)).toBe(1);
  });

  it('should tell the beginning of an operation once, and its end each time', async () => {
    const { clock, calls, outbox } = place();
    const of = (name: OwnEvent['name']): OwnEvent => event('', name, { operation: { id: 'op-1' } });
    for (const name of [
      'Failover Started',
      'Failover Started',
      'Failover Interrupted',
      'Failover Interrupted',
    ] as const)
      outbox.add(() => [of(name)]);
    await clock.run(outbox.flush());
    expect(calls.flat().map(({ detailType }) => detailType)).toEqual([
      'Failover Started',
      'Failover Interrupted',
      'Failover Interrupted',
    ]);
  });

  it('should say once that it fails, and again after it has worked', async () => {
    const broken = async (nth: number): Promise<void> => {
      if (nth !== 3) throw new Error(`denied ${nth}`);
    };
    const { clock, failures, outbox } = place(broken);
    for (const nth of [1, 2, 3, 4]) {
      outbox.add(() => [event(`sentence ${nth}`)]);
      await clock.run(outbox.flush());
    }
    expect(failures).toEqual([
      'Events could not be put on the bus: denied 1',
      'Events could not be put on the bus: denied 4',
    ]);
  });

  it('should wait for the end of a run no longer than it may, and say what was not sent', async () => {
    const { clock, failures, outbox } = place(() => clock.sleep(60_000));
    outbox.add(() => [event('first')]);
    outbox.add(() => [event('second')]);
    await clock.run(outbox.flush());
    expect(clock.now()).toBe(FLUSH_MS);
    expect(failures).toEqual([expect.stringMatching(/no answer from EventBridge .*; 1 more were not sent\.$/)]);
  });

  it('should have nobody fail for what it cannot make', () => {
    const { failures, outbox } = place();
    outbox.add(() => {
      throw new Error('no such field');
    });
    expect(failures).toEqual([expect.stringContaining('no such field')]);
  });
});
