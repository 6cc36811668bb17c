import { simulate } from './elsewhere.ts';

/** Loaded machines are slow; a seed takes about a tenth of a second. */
const TIMEOUT_MS = 600_000;
/** `npm run simulate` plays 500, from which on every code has to be reached. */
const SEEDS = 100;

describe('histories drawn from seeds', () => {
  it(
    'should break no rule while faults are on, and come to rest once they are off',
    async () => {
      expect(await simulate('--seeds', `${SEEDS}`)).toContain(`${SEEDS} seeds, 0 with violations`);
    },
    TIMEOUT_MS,
  );
});
