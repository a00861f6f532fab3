import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COPIES } from '../../bench/screen/copies.ts';
import { compareNames } from '../../src/screen/compare-names.ts';
import { LONGEST_NAME } from '../../src/screen/latin-readings.ts';
import { buildNameIndex, isAddressLabel } from '../../src/screen/name-index.ts';
import { MOST_TOKENS, normaliseName } from '../../src/screen/normalise.ts';
import { screen } from '../../src/screen/screen.ts';
import { readRealList } from '../helpers/real-list.ts';

const subjects = readRealList();
const index = buildNameIndex(subjects);
const names = subjects.flatMap(({ id, names: all }) => all.map((name) => ({ id, name })));

describe('every name of the real list finds its own entry', () => {
  it.each(COPIES)('%s', (_how, copy) => {
    const missed = names.filter(
      ({ id, name }) =>
        !isAddressLabel(name) &&
        !screen(index, [{ id: 'q', names: [copy(name)], addresses: [], country: null }]).some(
          ({ subjectId }) => subjectId === id,
        ),
    );
    expect(missed).toEqual([]);
    expect(names.length).toBeGreaterThan(8_000);
  });
});

const listed = fc.constantFrom(...names.map(({ name }) => name));
const text = fc.oneof(listed, fc.string({ maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 40 }));

describe('the score of two names', () => {
  it('is the same whichever comes first, and between 0 and 1', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const { score } = compareNames(a, b);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(compareNames(b, a).score).toBeCloseTo(score, 9);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is 1 for a name and itself', () => {
    fc.assert(
      fc.property(listed, (name) => {
        expect(compareNames(name, name).score).toBe(1);
      }),
    );
  });

  it('falls with every further letter that differs', () => {
    const scores = ['Kalashnikov', 'Kalashnikof', 'Kalushnikof'].map(
      (name) => compareNames('Kalashnikov Concern', `${name} Concern`).score,
    );
    expect(scores[0]).toBe(1);
    expect(scores[1]!).toBeLessThan(scores[0]!);
    expect(scores[2]!).toBeLessThan(scores[1]!);
  });

  it('comes with a reason wherever it is above 0', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const { score, reasons } = compareNames(a, b);
        if (score > 0) expect(reasons.every((reason) => reason !== '') && reasons.length > 0).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('whatever is sent', () => {
  const HOSTILE: [string, string][] = [
    ['a hundred thousand letters', 'a'.repeat(100_000)],
    ['a hundred thousand words', 'ab '.repeat(33_000)],
    ['nested brackets', '('.repeat(50_000) + ')'.repeat(50_000)],
    ['combining marks', `a${'\u0301'.repeat(50_000)}`],
    ['characters without end', '北京'.repeat(50_000)],
    ['letters that become many', 'ﷺ'.repeat(20_000)],
    ['lone surrogates', '\ud800'.repeat(10_000)],
    ['syllables', 'gong cheng '.repeat(9_000)],
    ['an address label that never ends', `address${' '.repeat(90_000)}x`],
  ];

  it.each(HOSTILE)('%s: the reading is bounded', (_what, name) => {
    const readings = normaliseName(name);
    expect(readings.length).toBeLessThanOrEqual(4);
    for (const { tokens } of readings) {
      // A phrase may end beyond the bound by a word.
      expect(tokens.length).toBeLessThanOrEqual(MOST_TOKENS + 1);
      for (const token of tokens) expect(token.text.length).toBeLessThanOrEqual(LONGEST_NAME * 2);
    }
  });

  it.each(HOSTILE)('%s: it is compared with the whole list', (_what, name) => {
    const hits = screen(index, [{ id: 'q', names: [name], addresses: [name], country: null }]);
    expect(hits.length).toBeLessThan(subjects.length);
  });

  it('a name without a letter or digit finds nothing', () => {
    for (const name of ['', ' ', '…', '—()', '\u200b', '()&'])
      expect(
        screen(index, [{ id: 'q', names: [name], addresses: [''], country: null }], { threshold: 0.5 }),
      ).toEqual([]);
  });

  it('names that are words of the language itself are names like others', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty'])
      expect(screen(index, [{ id: 'q', names: [name], addresses: [name], country: null }])).toEqual([]);
  });
});
