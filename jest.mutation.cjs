/** Mutation testing runs what speaks about the core itself: its unit tests and the golden cases. */
module.exports = {
  ...require('./jest.config.cjs'),
  testMatch: ['<rootDir>/tests/core-in-one.ts'],
};
