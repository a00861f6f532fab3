import { expect, test } from 'vitest';
import { WHOLE_FILTER } from '../../src/model.ts';
import { describeReason } from '../../src/render/filter-words.ts';

const TAIWAN = { ...WHOLE_FILTER, countries: ['TW'] };

test.each([
  ['applied', null, 'every change under Taiwan'],
  ['held', null, 'every change under Taiwan; a notice of what is not confirmed goes to all who want notices'],
  [
    'provisional',
    null,
    'every change under Taiwan; a notice of what is not confirmed goes to all who want notices',
  ],
  [
    'applied',
    'a notice',
    'every change under Taiwan; who got the notice about a document is told how it ends',
  ],
] as const)('a mail about what is %s, after %s, says why it comes: %s', (outcome, follows, words) => {
  expect(describeReason(TAIWAN, { outcome, follows })).toBe(words);
});

test('who asked for everything is told no more than that', () => {
  const words = 'every change under every destination';
  expect(describeReason(WHOLE_FILTER, { outcome: 'held', follows: null })).toBe(words);
});
