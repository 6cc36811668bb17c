/** What deploys for real, to an independent emulator of AWS: minutes instead of seconds, so CI runs it on its own. */
module.exports = {
  ...require('./jest.config.cjs'),
  roots: ['<rootDir>/tests/deploy'],
  testPathIgnorePatterns: [],
  maxWorkers: 1,
};
