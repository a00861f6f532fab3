import { describe, expect, it } from 'vitest';
import { buildNameIndex } from '../../src/screen/name-index.ts';
import { partsOfName } from '../../src/screen/name-parts.ts';
import { PLACES } from '../../src/screen/places.ts';
import { screen } from '../../src/screen/screen.ts';
import { readRealList } from '../helpers/real-list.ts';

const subjects = readRealList();
const index = buildNameIndex(subjects);
const find = (name: string) => screen(index, [{ id: 'q', names: [name], addresses: [], country: null }]);
const found = (name: string) => find(name).map(({ matched }) => matched.ours);

/** What a bracket at the end of a name says without being a name. */
const NO_NAMES = new Set([
  ...['Group', 'JSC', 'United', 'Ershov', 'Beijing Co., Ltd.'],
  ...['a subsidiary of China National Offshore Oil Corporation', 'a subordinate institute of CETC-7'],
  ...['dlya 1-KSR', 'excluding Kundankulam 1 and 2', 'Kremlev'],
]);
const isPlace = (text: string) => text === 'Liyang' || PLACES.has(text.toLowerCase().replace(/[^a-z]/gu, ''));

/** Names "X (Y)" of the list, as nobody but a reader of brackets parts them. */
const bracketed = subjects.flatMap(({ id, names }) =>
  names.flatMap((name) => {
    const [, x, y] = /^([^()]{4,}) \(([^()]+)\)$/u.exec(name) ?? [];
    return x === undefined || isPlace(y!) ? [] : [{ id, name, x, y: y! }];
  }),
);
const misses = (of: 'x' | 'y') =>
  bracketed
    .filter((one) => !(of === 'y' && NO_NAMES.has(one.y)))
    .filter(({ id, [of]: part }) => !find(part).some(({ subjectId }) => subjectId === id))
    .map(({ name }) => name);

describe('a name of the list with a bracket at its end', () => {
  it('is found by what stands before the bracket', () => {
    expect(bracketed.length).toBeGreaterThan(100);
    expect(misses('x')).toEqual([]);
  });

  it('is found by the name within the bracket', () => {
    expect(misses('y')).toEqual([]);
  });

  it.each([
    ['YETRI', 'Yerevan Telecommunications Research Institute (YETRI) Closed Joint Stock Company (CJSC)'],
    ['PEC', 'Petersburg Electronic Company (PEC), LLC'],
    ['LTE', 'LT Engineering and Trade Services (Pvt) Ltd. (LTE)'],
    ['MSAS', 'Managed Systems and Services (MSAS)(FZC)'],
    ['TsNIIMash', 'JSC Central Research Institute of Machine Building (JSC TsNIIMash)'],
    ['ФСБ', 'Federal Security Service (FSB)'],
  ])('or by a short one, wherever it stands: “%s” finds “%s”', (short, name) => {
    expect(found(short)).toContain(name);
  });

  it('is shown as it is printed, with the part that was meant', () => {
    const [hit] = find('fsb');
    expect(hit).toMatchObject({
      score: 0.9,
      matched: { field: 'name', ours: 'Federal Security Service (FSB)', theirs: 'fsb' },
      reasons: ['the same short name', '“FSB” is a name of its own in “Federal Security Service (FSB)”'],
    });
    expect(find('Rostec')[0]).toMatchObject({
      score: 1,
      matched: { ours: 'Rostec (Russian Technologies State Corporation)' },
      reasons: [
        'the same name',
        '“Rostec” is a name of its own in “Rostec (Russian Technologies State Corporation)”',
      ],
    });
  });

  it('is not found by a short name with a letter off, or one among other words', () => {
    const shorts = subjects.flatMap(({ names }) =>
      names.flatMap((name) =>
        partsOfName(name)
          .filter(({ isShort, text }) => isShort && /^[A-Z]{3,}$/u.test(text))
          .map(({ text }) => ({ name, text })),
      ),
    );
    expect(shorts.length).toBeGreaterThan(80);
    const hit = shorts.filter(
      ({ name, text }) => found(`${text}Q`).includes(name) || found(`Quuxly ${text}`).includes(name),
    );
    expect(hit).toEqual([]);
  });

  it.each([
    'Hong Kong',
    'Shanghai',
    'Shanshan',
    'Liyang',
    'UAE',
    'Private',
    'Group',
    'United',
    'Kremlev',
    'Ershov',
  ])('a place, a form or a word of trade is none: “%s” finds nothing by it', (word) => {
    expect(found(word).filter((name) => name.includes(`(${word})`))).toEqual([]);
  });
});

describe('what a bracket says', () => {
  it.each([
    ['Acme Optics (formerly Quux Lenses)', ['Acme Optics', 'Quux Lenses']],
    ['Acme Optics (f.k.a. Quux Lenses)', ['Acme Optics', 'Quux Lenses']],
    ['Acme Optics (see also Quux Lenses)', ['Acme Optics']],
    ['Acme Optics (a subsidiary of Quux Lenses)', ['Acme Optics']],
    ['Acme Optics (Parent: Quux Lenses (QL))', ['Acme Optics']],
    ['Acme Optics (LLC)', ['Acme Optics']],
    ['Acme Optics (Pakistan)', []],
    ['Acme Optics (Liyang)', []],
    ['Acme Optics (2)', []],
    ['Acme Optics (华为)', ['Acme Optics', '华为']],
    ['(OOO) Acme Optics', []],
    ['Acme (Optics', []],
    ['Acme Optics（AOQX）', ['Acme Optics', 'AOQX']],
  ])('“%s” has the names %j', (name, parts) => {
    expect(partsOfName(name).map(({ text }) => text)).toEqual(parts);
  });

  it('is read of a name of any length', () => {
    expect(partsOfName(`Acme ${'(JSC) '.repeat(20_000)}x`).map(({ text }) => text)).toEqual(['Acme']);
    expect(partsOfName(`${'('.repeat(50_000)}x${')'.repeat(50_000)}`)).toEqual([]);
  });
});
