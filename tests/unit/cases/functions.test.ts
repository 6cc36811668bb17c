import { Functions } from '../../../cases/functions.ts';
import type { MakeProduct, Product } from '../../../cases/product.ts';
import { VirtualClock } from '../../../lab/clock.ts';
import type { PackagedFunction } from '../../../lab/package/template.ts';
import { Random } from '../../../lab/random.ts';
import { World } from '../../../lab/world/world.ts';

const TARGET = { name: 'failover', handler: 'functions/failover.handler', environment: {}, timeoutMs: 55_000 };
const target = TARGET as unknown as PackagedFunction;

/** Functions whose product does what is given; `made` counts the processes. */
function stage(failover: (sleep: (ms: number) => Promise<void>, runId: string) => Promise<object>) {
  const clock = new VirtualClock(0);
  const counts = { made: 0 };
  const make: MakeProduct = (options) => {
    counts.made += 1;
    const sleep = (ms: number): Promise<void> => options.clock?.sleep(ms) ?? Promise.resolve();
    return {
      failover: (_input: unknown, { runId }: { runId: string }) => failover(sleep, runId),
    } as unknown as Product;
  };
  const functions = new Functions(new World({ clock, seed: 1 }), new Random(1), make);
  const invoke = (requestId = 'request-1') => functions.invoke(target, {}, requestId);
  return { clock, functions, invoke, counts };
}

describe('the functions of a case', () => {
  it('should keep one process warm for invocations that come one after the other', async () => {
    const { clock, invoke, counts } = stage(async (sleep, runId) => sleep(1_000).then(() => ({ runId })));
    expect(await clock.run(invoke('one'))).toEqual({ ok: true, payload: { runId: 'one' } });
    expect(await clock.run(invoke('two'))).toEqual({ ok: true, payload: { runId: 'two' } });
    expect(counts.made).toBe(1);
  });

  it('should start a process for an invocation that comes while the other is busy', async () => {
    const { clock, invoke, counts } = stage(async (sleep) => sleep(1_000).then(() => ({})));
    await clock.run(Promise.all([invoke(), invoke()]));
    expect(counts.made).toBe(2);
  });

  it('should end a process at its time-out, and go on with another', async () => {
    let slept = 0;
    const { clock, functions, invoke, counts } = stage(async (sleep) => {
      await sleep(60_000);
      slept += 1;
      return {};
    });
    const errorMessage = 'Task timed out after 55.00 seconds';
    expect(await clock.run(invoke())).toEqual({ ok: false, errorType: 'Sandbox.Timedout', errorMessage });
    expect(functions.invocations[0]).toMatchObject({ startMs: 0, endMs: 55_000 });
    await clock.run(invoke());
    expect([slept, counts.made]).toEqual([0, 2]);
  });

  it('should say what was thrown as Lambda does', async () => {
    const { clock, invoke } = stage(() => Promise.reject(new RangeError('too far')));
    expect(await clock.run(invoke())).toEqual({ ok: false, errorType: 'RangeError', errorMessage: 'too far' });
  });
});
