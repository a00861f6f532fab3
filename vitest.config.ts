import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/helpers/say-what-is-left-out.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: each worker may hold a PGlite of its own.
    maxWorkers: 2,
  },
});
