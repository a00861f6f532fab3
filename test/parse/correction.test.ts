import { describe, expect, it } from 'vitest';
import type { DocumentHead } from '../../src/model.ts';
import { createCorrectionReader } from '../../src/parse/correction.ts';
import { isCorrection, readCorrects } from '../../src/parse/corrects.ts';

const HEAD: DocumentHead = {
  number: '2031-00002',
  title: 'Additions to the Entity List; Correction',
  type: 'Rule',
  abstract: null,
  dates: null,
  citation: '96 FR 900',
  volume: 96,
  startPage: 900,
  endPage: 901,
  publishedOn: '2031-02-03',
  effectiveOn: '2031-02-03',
  htmlUrl: null,
  xmlUrl: null,
  pdfUrl: null,
  correctionOf: null,
};
const NOTHING = { action: null, summary: null, dates: null, opening: [] };

describe('what a document corrects', () => {
  it('is the document of its record', () => {
    const head = {
      ...HEAD,
      correctionOf:
        'https://www.federalregister.gov/api/v1/documents/2031-00001.json?publication_date=2031-01-06',
    };
    expect(readCorrects({ ...NOTHING, head })).toEqual([{ number: '2031-00001', citation: null }]);
  });

  it('stands in the number of an OFR correction', () => {
    const head = { ...HEAD, number: 'C1-2031-00001', title: 'Additions to the Entity List' };
    expect(isCorrection({ ...NOTHING, head })).toBe(true);
    expect(readCorrects({ ...NOTHING, head })).toEqual([{ number: '2031-00001', citation: null }]);
  });

  // 2023-13196 corrects 2023-12726, and its record does not say so (sources, §1.8).
  it('is found by its words where its record says nothing', () => {
    const opening = [
      'In FR Doc. 2031-00001, published at 96 FR 100, on January 6, 2031, one entity was omitted; this rule makes the following correction.',
    ];
    expect(readCorrects({ ...NOTHING, head: HEAD, opening })).toEqual([
      { number: '2031-00001', citation: '96 FR 100' },
    ]);
  });

  it('is not a document that it only cites', () => {
    const head = { ...HEAD, title: 'Additions to the Entity List' };
    const opening = ['BIS added this entity in a rule published at 90 FR 100, as corrected at 90 FR 200.'];
    expect(isCorrection({ ...NOTHING, head, opening })).toBe(false);
    expect(readCorrects({ ...NOTHING, head, opening })).toEqual([]);
  });
});

const OPENS =
  'In rule document 2031-00001, beginning on page 100 in the issue of January 6, 2031, make the following corrections:';

function read(...paragraphs: string[]) {
  const reader = createCorrectionReader('entity-list');
  return { outcomes: [OPENS, ...paragraphs].map((text) => reader.read(text, 900)), reader };
}

describe('a correction in plain paragraphs', () => {
  it('has wrong words and right ones in the entry that it names', () => {
    const { reader } = read(
      '1. On page 103, in the table, under IRAN, in the entry for “Acme LLC”, the address “1 Raod” should read “1 Road”.',
    );
    expect(reader.amendments).toMatchObject([
      {
        action: 'alter',
        list: 'entity-list',
        country: 'IR',
        name: 'Acme LLC',
        alter: { words: [{ find: '1 Raod', by: '1 Road', field: 'addresses' }] },
        locator: { instruction: '1', page: 900 },
      },
    ]);
  });

  it('keeps the entry of a paragraph for those below it', () => {
    const { reader } = read(
      '2. On page 103, third column, in the entry for “Acme LLC”:',
      'a. Line 2, “Acme Ldt.” should read “Acme Ltd.”',
    );
    expect(reader.amendments).toMatchObject([
      { name: 'Acme LLC', alter: { words: [{ find: 'Acme Ldt.', by: 'Acme Ltd.' }] } },
    ]);
  });

  it('prints entries anew', () => {
    const { outcomes } = read(
      '3. On page 103, in the table, the entries for “Acme LLC” and “Bravo” are replaced in their entirety with the following:',
    );
    expect(outcomes.at(-1)).toEqual({
      kind: 'reprint',
      list: 'entity-list',
      destination: null,
      names: ['Acme LLC', 'Bravo'],
    });
  });

  it('hands on what reads like an ordinary instruction', () => {
    const { outcomes } = read(
      '4. On page 103, in the table, under IRAN, add an entry for “Charlie” in alphabetical order.',
    );
    expect(outcomes.at(-1)).toEqual({
      kind: 'instruction',
      list: 'entity-list',
      text: 'In supplement no. 4 to part 744, under IRAN, add an entry for “Charlie” in alphabetical order.',
    });
  });

  it('leaves sections and the preamble alone', () => {
    const { outcomes } = read(
      '1. On page 101, in § 744.11(a), “who” should read “which”.',
      '2. On page 101, in the preamble, first column, “tow” should read “two”.',
    );
    expect(outcomes.slice(1).map(({ kind }) => kind)).toEqual(['elsewhere', 'elsewhere']);
  });

  it('is not understood where it names no entry, or says nothing known', () => {
    for (const text of [
      '1. On page 103, second column, line 4, “Acme” should read “Acme Ltd.”',
      '1. On page 103, the entry for “Acme LLC” is turned around.',
      '1. On page 103, in the entry for “Acme LLC”, “1 Raod should read “1 Road”.',
    ])
      expect(read(text).outcomes.at(-1), text).toEqual({ kind: 'unread' });
  });

  it('does not begin before it says so', () => {
    const reader = createCorrectionReader('entity-list');
    expect(reader.read('BIS adds an entry for “Acme LLC”.', 900)).toEqual({ kind: 'outside' });
  });
});
