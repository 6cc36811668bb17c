import type { InvocationResult } from '../../lib/app.ts';
import { makeProduct, type MakeProduct } from '../../cases/product.ts';
import { runSeed } from './simulate.ts';

const NOTHING: InvocationResult = { groups: [] };

/** The product with one of its functions replaced. */
function with_(replaced: Partial<ReturnType<MakeProduct>>): MakeProduct {
  return (options) => ({ ...makeProduct(options), ...replaced });
}

describe('the simulator itself', () => {
  it('should fail a run that waits for nothing, instead of waiting with it', async () => {
    const { violations } = await runSeed(3, { makeProduct: with_({ sweep: () => new Promise(() => undefined) }) });
    expect(violations[0]).toMatch(/waits for nothing: its work is pending/);
  });

  it('should fail a product that does nothing, once AWS is well again', async () => {
    const idle = with_({ sweep: async () => NOTHING, failover: async () => NOTHING });
    const { violations } = await runSeed(1, { makeProduct: idle });
    // Whichever is noticed first.
    expect(violations.join()).toMatch(/not at rest after \d+ sweeps|nobody holds eni-\w+ of \S+, and nobody is told/);
  });

  it('should fail a product that breaks', async () => {
    const broken = with_({ sweep: () => Promise.reject(new TypeError('undefined is not a function')) });
    const { violations } = await runSeed(1, { makeProduct: broken });
    expect(violations[0]).toMatch(/threw TypeError/);
  });

  it('should tell what happened up to the violation', async () => {
    const broken = with_({ sweep: () => Promise.reject(new TypeError('undefined is not a function')) });
    const story = (await runSeed(1, { makeProduct: broken })).history();
    expect(story).toMatch(/^00:00\.000 phase {6}one: faults are on/);
    expect(story).toMatch(/VIOLATION  #1 threw TypeError/);
  });
});
