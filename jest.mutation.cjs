/**
 * Mutation testing runs what speaks about the core itself: its unit tests and the golden cases. The properties are
 * left out: they run hundreds of decisions each, which two thousand mutants would turn into hours.
 */
module.exports = {
  ...require('./jest.config.cjs'),
  roots: ['<rootDir>/tests/unit/core', '<rootDir>/tests/golden'],
  testPathIgnorePatterns: ['properties.test.ts'],
};
