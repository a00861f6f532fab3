import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBounceAddress, toBounceAddress } from '../src/bounce-address.ts';

const id = '0123456789abcdef0123456789abcdef';
const ids = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 32, maxLength: 32 })
  .map((signs) => signs.join(''));

test('what is written is read back, in any header and in any case', () => {
  fc.assert(
    fc.property(
      ids,
      fc.boolean(),
      fc.constantFrom('', '<', 'Bounces <', 'a@example.org, '),
      (one, upper, before) => {
        const address = toBounceAddress('bounces@example.org', one);
        const text = `${before}${upper ? address.toUpperCase() : address}${before.includes('<') ? '>' : ''}`;
        expect(readBounceAddress('bounces@example.org', text)).toBe(one);
      },
    ),
  );
});

test.each([
  ['another mailbox', `returns+${id}@example.org`],
  ['a longer name of the mailbox', `xbounces+${id}@example.org`],
  ['another domain', `bounces+${id}@example.net`],
  ['a longer domain', `bounces+${id}@example.org.evil.test`],
  ['a shorter id', `bounces+${id.slice(1)}@example.org`],
  ['a longer id', `bounces+0${id}@example.org`],
  ['other signs', `bounces+${id.replace('0', 'g')}@example.org`],
  ['no id', 'bounces@example.org'],
])('%s names no delivery', (_what, text) => {
  expect(readBounceAddress('bounces@example.org', text)).toBeNull();
});

test('a long header of near misses is read in linear time', () => {
  const started = performance.now();
  expect(readBounceAddress('bounces@example.org', 'bounces+'.repeat(100_000))).toBeNull();
  expect(performance.now() - started).toBeLessThan(500);
});
