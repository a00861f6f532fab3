import { describe, expect, it } from 'vitest';
import {
  findReferences,
  mergeReferences,
  numberCorrectedBy,
  numberInUrl,
  paddedNumber,
} from '../../src/parse/reference.ts';

describe('a document number', () => {
  it.each([
    ['2012-7333', '2012-07333'],
    ['2012-07333', '2012-07333'],
    ['2012–7', '2012-00007'],
    ['C1-2012-7333', 'C1-2012-07333'],
    ['E8-19102', 'E8-19102'],
    ['97-2503', '97-2503'],
  ])('%s is compared as %s', (printed, compared) => {
    expect(paddedNumber(printed)).toBe(compared);
  });

  it.each([
    [
      'https://www.federalregister.gov/api/v1/documents/2025-05426.json?publication_date=2025-03-28',
      '2025-05426',
    ],
    ['https://www.federalregister.gov/api/v1/documents/2025-05426#top', '2025-05426'],
    ['https://www.federalregister.gov/documents/2012-7333//', '2012-07333'],
    ['https://www.federalregister.gov/documents/C1-2025-05426.json', 'C1-2025-05426'],
    ['https://www.federalregister.gov/documents/E8-19102', 'E8-19102'],
    ['https://www.federalregister.gov/documents/97-2503', '97-2503'],
    ['2025-05426', '2025-05426'],
    ['https://www.federalregister.gov/documents/2025-05426.pdf', null],
    ['https://www.federalregister.gov/documents/2025-05426/additions', null],
    ['https://www.federalregister.gov/documents/X2025-05426', null],
    ['', null],
    [null, null],
  ])('in the address %s is %s', (url, number) => {
    expect(numberInUrl(url)).toBe(number);
  });

  it.each([
    ['C1-2025-05426', '2025-05426'],
    ['R2-2012-7333', '2012-07333'],
    ['2025-05426', null],
    ['EC1-2025-05426', null],
  ])('%s corrects %s', (number, corrected) => {
    expect(numberCorrectedBy(number)).toBe(corrected);
  });
});

describe('the documents that a text refers to', () => {
  const found = (text: string) =>
    findReferences(text).map(({ number, citation, start, end }) => [
      number,
      citation,
      text.slice(start, end),
    ]);

  it.each<[string, (string | null)[][]]>([
    ['the rule published at 90 FR 47,201', [[null, '90 FR 47201', '90 FR 47,201']]],
    ['the rule at 9 FR 1, and 90 FR 1/2', []],
    [
      'see 90 Fed. Reg. at 14032, and 87 F.R. 6022',
      [
        [null, '90 FR 14032', '90 Fed. Reg. at 14032'],
        [null, '87 FR 6022', '87 F.R. 6022'],
      ],
    ],
    ['In rule document 2012-7333, make', [['2012-07333', null, 'rule document 2012-7333']]],
    [
      'In FR Doc. 2022–03029, published at 87 FR 6022, on',
      [['2022-03029', '87 FR 6022', 'FR Doc. 2022–03029, published at 87 FR 6022']],
    ],
    ['at 87 FR 6022 (FR Doc. 2022-03029), on', [['2022-03029', '87 FR 6022', 'FR Doc. 2022-03029']]],
    // The citation behind the first number is the first one's; what follows stands alone.
    [
      'FR Doc. 2022-03029 (87 FR 6022), and 88 FR 1',
      [
        ['2022-03029', '87 FR 6022', 'FR Doc. 2022-03029 (87 FR 6022'],
        [null, '88 FR 1', '88 FR 1'],
      ],
    ],
    // A semicolon, or a quotation, ends what belongs together.
    [
      'FR Doc. 2022-03029; and 88 FR 1',
      [
        ['2022-03029', null, 'FR Doc. 2022-03029'],
        [null, '88 FR 1', '88 FR 1'],
      ],
    ],
    [
      'at 88 FR 1, as FR Doc. 2022-03029 says',
      [
        [null, '88 FR 1', '88 FR 1'],
        ['2022-03029', null, 'FR Doc. 2022-03029'],
      ],
    ],
    [
      `FR Doc. 2022-03029 ${'of that day '.repeat(9)}88 FR 1`,
      [
        ['2022-03029', null, 'FR Doc. 2022-03029'],
        [null, '88 FR 1', '88 FR 1'],
      ],
    ],
    ['nothing of the kind', []],
  ])('%s', (text, wanted) => {
    expect(found(text)).toEqual(wanted);
  });
});

describe('references without doubles', () => {
  const a = { number: '2022-03029', citation: null };
  const at = { number: null, citation: '87 FR 6022' };
  const both = { number: '2022-03029', citation: '87 FR 6022' };

  it.each([
    [[a, a], [a]],
    [[at, at], [at]],
    [[a, both], [both]],
    [[at, both], [both]],
    [[both, a, at], [both]],
    [
      [a, at],
      [a, at],
    ],
    [
      [a, { number: '2022-03030', citation: null }],
      [a, { number: '2022-03030', citation: null }],
    ],
    [
      [at, { number: null, citation: '87 FR 6023' }],
      [at, { number: null, citation: '87 FR 6023' }],
    ],
  ])('%j are %j', (given, merged) => {
    expect(mergeReferences(given)).toEqual(merged);
  });
});
