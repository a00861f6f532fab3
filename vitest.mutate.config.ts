import { defineConfig } from 'vitest/config';

/** Of parse and list: without a store, and without the tests that try thousands of slips. */
const READING = [
  'test/parse/**/!(tamper|hostile|generated).test.ts',
  'test/list/**/*.test.ts',
  'test/golden.test.ts',
  'test/forms.test.ts',
  'test/traps.test.ts',
];

/** The tests that each area stands by itself in, by its name in `bin/mutate-sample.mjs`. */
const TESTS: Record<string, string[]> = {
  parse: READING,
  list: READING,
  outbox: [
    'test/store/ledger.test.ts',
    'test/store/deliveries.test.ts',
    'test/store/presence.test.ts',
    'test/retry-wait.test.ts',
    'test/deliver.test.ts',
    'test/deliver-mail.test.ts',
    'test/digest.test.ts',
  ],
  guard: [
    'test/channel/address-guard.test.ts',
    'test/channel/guarded-connect.test.ts',
    'test/channel/guarded-post.test.ts',
    'test/channel/webhook.test.ts',
    'test/channel/chat.test.ts',
  ],
};

const area = process.env.MUTATED_AREA;

// The tests that Stryker runs against each mutant: those of one area, or of all (`npm run mutate`).
export default defineConfig({
  test: {
    include: area === undefined ? [...new Set(Object.values(TESTS).flat())] : TESTS[area]!,
    setupFiles: ['test/helpers/fixed-seed.ts'],
    // A mutant is found on the embedded store or on none, and costs half.
    env: { TEST_STORES: 'PGlite' },
    testTimeout: 60_000,
  },
});
