/** What a change shows first, in well under a minute: no package, no simulation, no other process but lint. */
module.exports = {
  ...require('./jest.config.cjs'),
  roots: ['<rootDir>/tests/unit', '<rootDir>/tests/golden', '<rootDir>/tests/lint'],
  // A measurement over 200 seeds.
  testPathIgnorePatterns: ['<rootDir>/tests/unit/engine/figure.test.ts'],
};
