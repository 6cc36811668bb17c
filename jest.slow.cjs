/** What takes a minute to say one thing: that each bug planted into the product is caught on its recorded seed. */
module.exports = {
  ...require('./jest.config.cjs'),
  roots: ['<rootDir>/tests/simulation/planted'],
  testPathIgnorePatterns: [],
};
