import { measure, quantile } from '../../../bench/failover-overhead.ts';

describe('the time from the event to the attached interface', () => {
  it('should be, in the median of 200 failovers, at most 1.10 times what EC2 itself needs', async () => {
    const ratios = (await measure(200)).map(({ ratio }) => ratio);
    expect(ratios.every((ratio) => ratio > 1)).toBe(true);
    expect(quantile(ratios, 0.5)).toBeLessThanOrEqual(1.1);
  }, 60_000);
});
