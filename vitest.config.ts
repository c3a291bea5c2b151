import { defineConfig } from 'vitest/config';

/** Where .ci/run wants every test's name and outcome. */
const report = process.env.DLINT_TEST_REPORT;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    // Patience, not a bar: a busy machine runs several of these at once.
    testTimeout: 120_000,
    ...(report && { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});
