import { describe, expect, it } from 'vitest';
import type { DocumentHead } from '../../src/model.ts';
import { isCorrection, readCorrects } from '../../src/parse/corrects.ts';

const HEAD: DocumentHead = {
  number: '2031-00002',
  title: 'Additions to the Entity List',
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
const URL_OF = 'https://www.federalregister.gov/api/v1/documents/2031-00001.json';

describe('a document is a correction', () => {
  it.each<[string, Partial<DocumentHead>, string | null, string[]]>([
    ['by its type', { type: 'Correction' }, null, []],
    ['by its record', { correctionOf: URL_OF }, null, []],
    ['by its number', { number: 'C1-2031-00001' }, null, []],
    ['by its title', { title: 'Additions to the Entity List; Correction' }, null, []],
    ['by its ACTION', {}, 'Final rule; correcting amendment.', []],
    ['by its first words', {}, null, ['First.', 'This document makes the following corrections.']],
    ['by an error', {}, null, ['… to correct an editorial or technical error that appeared in the Code']],
  ])('%s', (_how, head, action, opening) => {
    expect(isCorrection({ head: { ...HEAD, ...head }, action, opening })).toBe(true);
  });

  it('not where it only speaks of one', () => {
    const opening = ['The correct name is printed below.', 'It appeared in 2030.'];
    expect(isCorrection({ head: HEAD, action: 'Final rule.', opening })).toBe(false);
    expect(isCorrection({ head: HEAD, action: null, opening: [] })).toBe(false);
  });
});

interface Said {
  head?: Partial<DocumentHead>;
  summary?: string;
  dates?: string;
  opening?: string[];
}

const correct = ({ head, summary, dates, opening }: Said) =>
  readCorrects({
    head: { ...HEAD, title: 'Additions to the Entity List; Correction', ...head },
    action: null,
    summary: summary ?? null,
    dates: dates ?? null,
    opening: opening ?? [],
  });

describe('the documents that it corrects', () => {
  const ONE = { number: '2031-00001', citation: null };

  it.each<[string, Said]>([
    ['its record', { head: { correctionOf: URL_OF } }],
    ['its number', { head: { number: 'C1-2031-00001' } }],
    ['its title', { head: { title: 'Correction of FR Doc. 2031-00001' } }],
    ['its abstract', { head: { abstract: 'This rule corrects\n  FR Doc. 2031-00001.' } }],
    ['its SUMMARY', { summary: 'BIS is correcting rule document 2031-00001.' }],
    ['DATES', { dates: 'This rule, effective now, is to correct FR Doc. 2031-00001.' }],
    ['its first words', { opening: ['In FR Doc. 2031-00001 an entry is hereby corrected.'] }],
  ])('are told by %s', (_where, said) => {
    expect(correct(said)).toEqual([ONE]);
  });

  it('are told by no first words where it is no correction', () => {
    const title = 'Additions to the Entity List';
    expect(correct({ head: { title }, opening: ['This corrects FR Doc. 2031-00001.'] })).toEqual([]);
    expect(correct({ head: { title }, summary: 'This corrects FR Doc. 2031-00001.' })).toEqual([ONE]);
  });

  it('are those of the sentences that correct', () => {
    expect(
      correct({ summary: 'BIS added entities at 95 FR 7. This rule corrects the rule at 96 FR 100.' }),
    ).toEqual([{ number: null, citation: '96 FR 100' }]);
  });

  it('are no documents of which it tells that they were corrected before', () => {
    expect(
      correct({ summary: 'This corrects the rule at 96 FR 100, which was amended by the one at 96 FR 200.' }),
    ).toEqual([{ number: null, citation: '96 FR 100' }]);
    // What was corrected before stands close: a long sentence begins anew.
    const between = 'and of all the others that speak of this matter in words of their own, '.repeat(2);
    expect(correct({ summary: `As was corrected, ${between}this corrects 96 FR 100.` })).toEqual([
      { number: null, citation: '96 FR 100' },
    ]);
  });

  it('are not the document itself', () => {
    expect(
      correct({ summary: 'This document 2031-00002 corrects the rule at 96 FR 100.' }),
    ).not.toContainEqual(expect.objectContaining({ number: '2031-00002' }));
    expect(correct({ summary: 'This corrects FR Doc. 2031-00002.' })).toEqual([]);
  });

  describe('by the record, with a place of print in the text', () => {
    const head = { correctionOf: URL_OF };

    it('are one document where the text cites one place', () => {
      expect(correct({ head, summary: 'This rule corrects the rule published at 96 FR 100.' })).toEqual([
        { number: '2031-00001', citation: '96 FR 100' },
      ]);
    });

    it.each<[string, { number: string | null; citation: string | null }[]]>([
      [
        'This rule corrects those published at 96 FR 100 and 96 FR 200.',
        [ONE, { number: null, citation: '96 FR 100' }, { number: null, citation: '96 FR 200' }],
      ],
      [
        'This rule corrects FR Doc. 2031-00007, published at 96 FR 100.',
        [ONE, { number: '2031-00007', citation: '96 FR 100' }],
      ],
      [
        'This rule corrects FR Doc. 2031-00001 (96 FR 100), and the one at 96 FR 200.',
        [
          { number: '2031-00001', citation: '96 FR 100' },
          { number: null, citation: '96 FR 200' },
        ],
      ],
    ])('are several where it names several: %s', (summary, wanted) => {
      expect(correct({ head, summary })).toEqual(wanted);
    });

    it('are told by two places alone where the record names none', () => {
      expect(correct({ summary: 'This rule corrects those at 96 FR 100 and 96 FR 200.' })).toEqual([
        { number: null, citation: '96 FR 100' },
        { number: null, citation: '96 FR 200' },
      ]);
      expect(correct({ summary: 'This rule corrects FR Doc. 2031-00001; and also 96 FR 200.' })).toEqual([
        ONE,
        { number: null, citation: '96 FR 200' },
      ]);
    });
  });
});
