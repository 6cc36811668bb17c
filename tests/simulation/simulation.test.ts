import { describeFailure, runBatch } from './batch.ts';

/** Loaded machines are slow; a seed takes about a tenth of a second. */
const TIMEOUT_MS = 600_000;
/** `npm run simulate` plays 500, from which on every code has to be reached. */
const SEEDS = 100;

describe('histories drawn from seeds', () => {
  it(
    'should break no rule while faults are on, and come to rest once they are off',
    async () => {
      const seeds = Array.from({ length: SEEDS }, (_, nth) => nth + 1);
      const { seeds: played } = await runBatch(seeds, (report) => {
        if (report.violations.length > 0) throw new Error(describeFailure(report));
        return true;
      });
      expect(played).toBe(SEEDS);
    },
    TIMEOUT_MS,
  );
});
