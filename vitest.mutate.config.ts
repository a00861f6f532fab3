import { defineConfig } from 'vitest/config';

// The tests that Stryker runs against each mutant of src/parse and src/list (`npm run mutate`): those of the two
// folders without a store, and without the ones that try thousands of slips.
export default defineConfig({
  test: {
    include: [
      'test/parse/**/*.test.ts',
      'test/list/**/*.test.ts',
      'test/golden.test.ts',
      'test/forms.test.ts',
      'test/traps.test.ts',
    ],
    exclude: ['test/parse/tamper.test.ts', 'test/parse/hostile.test.ts', 'test/parse/generated.test.ts'],
    setupFiles: ['test/helpers/fixed-seed.ts'],
    testTimeout: 60_000,
  },
});
