/** What builds real hosts in network namespaces: root and Linux only, and as long as real time takes. */
module.exports = {
  ...require('./jest.config.cjs'),
  roots: ['<rootDir>/tests/datapath'],
  testPathIgnorePatterns: [],
  testTimeout: 180_000,
  maxWorkers: 1,
};
