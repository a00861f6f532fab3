import { defineConfig } from 'vitest/config';

// The tests that Stryker runs against each mutant of src/parse and src/list (`npm run mutate`).
export default defineConfig({
  test: {
    include: ['test/parse/**/*.test.ts', 'test/list/**/*.test.ts', 'test/golden.test.ts'],
    setupFiles: ['test/helpers/fixed-seed.ts'],
    testTimeout: 60_000,
  },
});
