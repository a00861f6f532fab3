import { describe, expect, it } from 'vitest';
import { createInstructionReader } from '../../src/parse/instruction.ts';
import { matchRows } from '../../src/parse/match-rows.ts';

function read(...paragraphs: string[]) {
  const reader = createInstructionReader();
  for (const paragraph of paragraphs) reader.read(paragraph, '744');
  reader.finish();
  return {
    orders: reader.orders.map(
      ({ instruction, action, destination, names, count }) =>
        `${instruction} ${action} ${destination.country} ${names.join('|')}${names.length === 0 ? count : ''}`,
    ),
    codes: reader.issues.map((issue) => issue.code),
  };
}

const HEAD = '2. Supplement No. 4 to part 744 is amended:';

describe('instructions', () => {
  it('give each name the destination behind it', () => {
    expect(
      read(
        '2. Amend supplement no. 4 to part 744 by removing the entry for “X” under IRAN and the entry for “Y” under CHINA.',
      ),
    ).toEqual({ orders: ['2 remove IR X', '2 remove CN Y'], codes: [] });
  });

  it('give each name the destination before it', () => {
    expect(read(HEAD, 'a. By adding, under IRAN, “X,” and, under CHINA, “Y” and “Z”.')).toEqual({
      orders: ['2.a add IR X', '2.a add CN Y|Z'],
      codes: [],
    });
  });

  it('change the verb within one destination', () => {
    expect(
      read(
        HEAD,
        'a. Under IRAN, by adding an entry for “X” and revising the entry for “Y”; and',
        'b. Under CHINA, by removing “Z”.',
      ),
    ).toEqual({
      orders: ['2.a add IR X', '2.a revise IR Y', '2.b remove CN Z'],
      codes: [],
    });
  });

  it('count where they do not name, per destination', () => {
    expect(
      read(
        '2. Supplement No. 4 to part 744 is amended by adding two entities under IRAN and three entities under CHINA.',
      ),
    ).toEqual({
      orders: ['2 add IR 2', '2 add CN 3'],
      codes: [],
    });
  });

  it('take "i." behind "h." as a letter, and below an open paragraph as a numeral', () => {
    expect(read(HEAD, 'h. Removing “X” under IRAN;', 'i. Removing “Y” under IRAN.').orders).toEqual([
      '2.h remove IR X',
      '2.i remove IR Y',
    ]);
    expect(read(HEAD, 'h. Under IRAN:', 'i. Removing “X”;', 'ii. Removing “Y”.').orders).toEqual([
      '2.h.i remove IR X',
      '2.h.ii remove IR Y',
    ]);
  });

  it('speak for the lettered paragraphs below them also without a number', () => {
    expect(
      read('Supplement No. 4 to Part 744 is amended:', 'a. Under IRAN, by removing “X”.').orders,
    ).toEqual(['a remove IR X']);
  });

  it('of other sections and parts order nothing', () => {
    for (const text of [
      '2. Section 744.11 is amended by removing “entity” and adding “person” in its place.',
      '2. Supplement No. 4 to part 746 is amended by adding an entry for “8471”.',
      '1. The authority citation for part 744 continues to read as follows:',
      '2. Supplement No. 7 to part 748 is amended by removing “X”.',
    ])
      expect(read(text)).toEqual({ orders: [], codes: [] });
  });

  it.each([
    ['a. Under IRAN, by revising the footnote of “X”.', 'unknown-wording'],
    ['a. Under IRAN, by removing entries for “X” and “Y.', 'quote-unclosed'],
    ['a. Under IRAN, by transferring “X”.', 'unsupported-verb'],
    ['a. Under IRAN, by hiding “X”.', 'unknown-wording'],
    ['a. Under IRAN, by removing the following entries:', 'order-missing'],
    ['a. Under ATLANTIS, by removing “X”.', 'unknown-destination'],
    ['a. By removing “X”.', 'destination-missing'],
    ['a. Under IRAN, the entry for “X”.', 'verb-missing'],
    ['a. Under IRAN, by removing “§ 746.5” wherever it appears.', 'quoted-text'],
  ])('that are not understood are held: %s', (text, code) => {
    expect(read(HEAD, text, 'b. Under CHINA, by removing “Z”.').codes).toContain(code);
  });

  it('name a part of an entry without its new text only where a row shows it', () => {
    for (const text of [
      'a. Under IRAN, by removing an address from the entry for “X”.',
      'a. Under IRAN, by removing the license requirement for “X”.',
    ]) {
      const reader = createInstructionReader();
      reader.read(HEAD, '744');
      reader.read(text, '744');
      reader.finish();
      expect(reader.issues).toEqual([]);
      expect(reader.orders).toMatchObject([{ action: 'revise', names: ['X'], partial: true }]);
      const { issues } = matchRows(reader.orders, []);
      expect(issues.map(({ code, holds }) => [code, holds])).toEqual([['part-of-entry', true]]);
    }
  });

  it('name entries in single quotation marks, and unquoted between semicolons', () => {
    expect(read(HEAD, 'a. Under IRAN, by removing the entry for ‘Alpha’.').orders).toEqual([
      '2.a remove IR Alpha',
    ]);
    expect(read(HEAD, 'a. Under IRAN, by removing entries for Alpha Ltd.; Beta Ltd.').orders).toEqual([
      '2.a remove IR Alpha Ltd.|Beta Ltd.',
    ]);
  });

  it('give an entry another name', () => {
    const reader = createInstructionReader();
    reader.read(HEAD, '744');
    reader.read('a. Under IRAN, by renaming “X” as “Y”.', '744');
    expect(reader.orders).toMatchObject([{ action: 'alter', names: ['X'], alter: { name: 'Y' } }]);
  });

  it('that take effect on a day of their own say so', () => {
    const reader = createInstructionReader();
    reader.read(HEAD, '744');
    reader.read('a. Effective May 2, 2031, under IRAN, by removing the entry for “X”.', '744');
    expect([...reader.days]).toEqual([['2.a', { from: '2031-05-02', until: null, indefinite: false }]]);
    expect(reader.orders).toMatchObject([{ action: 'remove', names: ['X'] }]);
  });

  it('“the following entry” says nothing of where', () => {
    const text = 'a. Removing the following entry: Under RUSSIA, “Charlie LLC”.';
    expect(read(HEAD, text).codes).toEqual([]);
  });

  it('an entry named only to say where another goes is no order', () => {
    const text = 'a. Under IRAN, by adding, after the entry for “Zulu LLC,” an entry for “X”.';
    expect(read(HEAD, text)).toMatchObject({ codes: [] });
  });

  it.each([
    'Under IRAN, remove the entry for “X”.',
    'Further amend this supplement, under IRAN, by removing the entry for “X”.',
    'In the table to that supplement, under IRAN, remove the entry for “X”.',
    'Part 744 is amended by removing, under IRAN, the entry for “X”.',
    'Supplment No. 4 to part 744 is amended under IRAN by removing the entry for “X”.',
    'Supplement No. 5 to part 744 is amended under IRAN by removing the entry for “X”.',
    'Supplement No. 4 to part 774 is amended under IRAN by removing the entry for “X”.',
  ])('that speak of entries under a destination, and of no list, are held: %s', (text) => {
    expect(read(HEAD, 'a. Under CHINA, by removing “Z”.', `3. ${text}`).codes).toEqual(['target-unclear']);
  });

  it.each(['Supp. No. 4', 'Suppl. No. 4', 'Supplement 4', 'Supplement number four', 'Supplement no.4'])(
    'can call the supplement “%s”',
    (supplement) => {
      expect(
        read(`2. ${supplement} to part 744 is amended under IRAN by removing the entry for “X”.`),
      ).toEqual({ orders: ['2 remove IR X'], codes: [] });
    },
  );

  it('of the Validated End-User list and of country groups order nothing, and are not held', () => {
    for (const text of [
      '2. Supplement No. 7 to part 748 is amended under CHINA, PEOPLE’S REPUBLIC OF by removing the entry for “X”.',
      '2. In supplement no. 1 to part 740, Country Group D is amended by adding an entry for IRAN.',
      '2. In § 744.11, amend paragraph (b) by adding an entry for CHINA.',
    ])
      expect(read(text), text).toEqual({ orders: [], codes: [] });
  });

  it('that name a list and not its supplement are held', () => {
    expect(read('2. Amend the Entity List by removing “X” under IRAN.').codes).toEqual(['target-unclear']);
  });
});
