/** Mutation testing runs what speaks about the core itself: its unit tests and the golden cases. */
module.exports = {
  ...require('./jest.config.cjs'),
  roots: ['<rootDir>/tests/unit/core', '<rootDir>/tests/golden'],
};
