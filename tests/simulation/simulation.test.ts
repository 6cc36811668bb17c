import { describeFailure, runBatch } from './batch.ts';
import { ENOUGH_FOR_COVERAGE, notReached } from './coverage.ts';

/** Loaded machines are slow; a seed takes about a tenth of a second. */
const TIMEOUT_MS = 600_000;

describe('histories drawn from seeds', () => {
  it(
    'should break no rule while faults are on, come to rest once they are off, and reach every code',
    async () => {
      const seeds = Array.from({ length: ENOUGH_FOR_COVERAGE }, (_, nth) => nth + 1);
      const { counts } = await runBatch(seeds, (report) => {
        if (report.violations.length > 0) throw new Error(describeFailure(report));
        return true;
      });
      expect(notReached(counts)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
