import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffItems, wordDiff } from '../../src/render/word-diff.ts';

const side = (segments: ReturnType<typeof wordDiff>, without: 'added' | 'removed') =>
  segments
    .filter((segment) => segment.mark !== without)
    .map((segment) => segment.text)
    .join('');

test('marks the words that differ', () => {
  expect(wordDiff('Presumption of denial', 'Policy of denial')).toEqual([
    { text: 'Presumption', mark: 'removed' },
    { text: 'Policy', mark: 'added' },
    { text: ' of denial', mark: 'same' },
  ]);
});

test('the segments spell both texts exactly', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .array(fc.constantFrom('a', 'b', ' ', '  ', '\n', ',', 'é', '北京', '§'), { maxLength: 60 })
      .map((all) => all.join('')),
  );
  fc.assert(
    fc.property(text, text, (before, after) => {
      const segments = wordDiff(before, after);
      expect(side(segments, 'added')).toBe(before);
      expect(side(segments, 'removed')).toBe(after);
    }),
    { numRuns: 500 },
  );
});

test('never takes long: big texts come whole, hard ones time out', () => {
  const long = 'word '.repeat(10_000);
  expect(wordDiff(long, `${long}x`)).toHaveLength(2);
  const hard = (step: number) =>
    Array.from({ length: 3_500 }, (_, i) => String.fromCharCode(97 + ((i * step) % 26))).join(' ');
  const startedAt = performance.now();
  wordDiff(hard(7), hard(11));
  expect(performance.now() - startedAt).toBeLessThan(500);
});

test('items are compared as a multiset', () => {
  expect(diffItems(['a', 'b', 'b'], ['b', 'c'])).toEqual({ added: ['c'], removed: ['a', 'b'], unchanged: 1 });
  expect(diffItems(['a', 'b'], ['b', 'a'])).toEqual({ added: [], removed: [], unchanged: 2 });
});
