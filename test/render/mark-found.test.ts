import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldName } from '../../src/fold.ts';
import { markFound } from '../../src/render/mark-found.ts';

const found = (text: string, phrase: string, words: string[] = []) =>
  markFound(text, phrase, words)
    .filter(({ isFound }) => isFound)
    .map((piece) => piece.text);

test.each([
  ['Beijing Example Institute', 'exampleinst', ['Example Inst']],
  ['Institut für Härte', 'furharte', ['für Härte']],
  ['Со., Ltd.', 'coltd', ['Со., Ltd']],
  ['北京示例研究所', '示例', ['示例']],
  ['Aero-Tech aero tech', 'aerotech', ['Aero-Tech', 'aero tech']],
  ['Straße', 'ss', ['ß']],
  ['Anything', '', []],
])('in “%s” the words %s are marked as they are printed', (text, phrase, marked) => {
  expect(found(text, phrase)).toEqual(marked);
});

test('single words are marked where the phrase does not stand as a whole', () => {
  expect(found('Institute of Beijing', 'beijinginstitute', ['beijing', 'institute'])).toEqual([
    'Institute',
    'Beijing',
  ]);
  expect(found('Beijing Institute of Beijing', 'beijinginstitute', ['beijing', 'institute'])).toEqual([
    'Beijing Institute',
  ]);
});

test('a short word is marked where a word begins, as it is found', () => {
  expect(found("Xi'an Baoxiang (Xianyang)", 'xian', ['xian'])).toEqual(["Xi'an", 'Xian']);
  expect(found('Repair of Air, Dalian', 'ofliair', ['air', 'li'])).toEqual(['Air']);
  expect(found('北京示例', '示例', ['示例'])).toEqual(['示例']);
});

test('the pieces spell the text, and those that are marked fold to what was searched for', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc
      .array(fc.constantFrom('a', 'b', 'ß', 'é', ' ', '-', 'İ', '京', '𝒜'), { maxLength: 40 })
      .map((all) => all.join('')),
  );
  fc.assert(
    fc.property(text, fc.constantFrom('a', 'ab', 'ba', 'ss', '京', 'e'), (within, needle) => {
      const pieces = markFound(within, needle, []);
      expect(pieces.map((piece) => piece.text).join('')).toBe(within);
      const marked = pieces.filter(({ isFound }) => isFound);
      expect(marked.length > 0).toBe(foldName(within).includes(needle));
      for (const piece of marked) expect(foldName(piece.text)).toContain(needle === 'ss' ? 's' : needle);
    }),
  );
});
