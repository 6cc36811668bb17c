/** What a change shows first, in well under a minute: no package, no simulation, no other process. */
module.exports = {
  ...require('./jest.config.cjs'),
  roots: ['<rootDir>/tests/unit', '<rootDir>/tests/golden', '<rootDir>/tests/lint'],
  // Measurements, thousands of groups, random ledgers, and the lint rules' own violations: `npm test` has them all.
  testPathIgnorePatterns: ['figure', 'sweep-cost', 'adoption', 'properties', 'lint/lint'].map(
    (name) => `<rootDir>/tests/.*${name}.*\\.test\\.ts$`,
  ),
};
