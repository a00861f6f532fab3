import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAddress } from '../../src/channel/address.ts';

test.each([
  ['ana@example.org', 'ana@example.org'],
  ["o'brien+tag@Mail.Example.ORG", "o'brien+tag@mail.example.org"],
  ['ana@bücher.example', 'ana@xn--bcher-kva.example'],
  ['ana@例え.jp', 'ana@xn--r8jz45g.jp'],
])('takes %s', (given, address) => {
  expect(parseAddress(given)).toBe(address);
});

test.each([
  '',
  'ana',
  '@example.org',
  'ana@',
  'ana@localhost',
  'ana@127.0.0.1',
  'ana@[127.0.0.1]',
  'ana@example.org\r\nBcc: evil@x.test',
  'ana@example.org, evil@x.test',
  'ana@example.org;evil@x.test',
  '"a b"@example.org',
  'a@b(x)evil.test',
  'Ana <ana@example.org>',
  'ana@evil.test@example.org',
  ' ana@example.org',
  'ana@example.org ',
  'a..b@example.org',
  '.a@example.org',
  'a.@example.org',
  'ana@-example.org',
  'ana@example..org',
  'ana@exam\u00ADple.org',
  'ana@example.org\0',
  '用户@例え.jp',
  `${'a'.repeat(65)}@example.org`,
  `ana@${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.org`,
])('refuses %j', (given) => {
  expect(() => parseAddress(given)).toThrow(
    expect.objectContaining({ code: 'invalid-address', retry: false }),
  );
});

test('whatever passes is one plain ASCII address', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.emailAddress(),
        fc.string().map((text) => `a@${text}.org`),
      ),
      (text) => {
        let address: string;
        try {
          address = parseAddress(text);
        } catch {
          return;
        }
        expect(address).toMatch(/^[!-~]+$/u);
        expect(address).not.toMatch(/[",;:<>()[\]\\]/u);
        expect(address.split('@')).toHaveLength(2);
      },
    ),
    { numRuns: 1000 },
  );
});
