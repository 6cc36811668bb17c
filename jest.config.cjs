// The suite runs on Node 20 as well; the SDK's notice about it would drown what the tests say.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  // Two, because CI machines often have two cores and jest would leave one of them idle.
  maxWorkers: 2,
  // Nothing waits for the clock on the wall; this is only for a machine that is busy.
  testTimeout: 60_000,
  roots: ['<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  testPathIgnorePatterns: ['deploy', 'datapath', 'simulation/planted'].map((folder) => `<rootDir>/tests/${folder}`),
  modulePathIgnorePatterns: ['<rootDir>/.esbuild', '<rootDir>/.serverless', '<rootDir>/.build'],
};
