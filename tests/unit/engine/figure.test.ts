import { run } from '../../commands/run.ts';

const MEDIAN = /^event to attached ÷ \(detach \+ attach\) +median (\d+\.\d+) /m;

describe('the time from the event to the attached interface', () => {
  it('should be, in the median of 200 failovers, at most 1.10 times what EC2 itself needs', async () => {
    const { out, err } = await run('failover-overhead', '200');
    const median = Number(MEDIAN.exec(out)?.[1]);
    expect([err, median > 1, median <= 1.1]).toEqual(['', true, true]);
  }, 120_000);
});
