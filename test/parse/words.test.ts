import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldedPrefixLength, foldName } from '../../src/fold.ts';
import { readCitations, readPrintedDate } from '../../src/parse/citation.ts';
import { findDestination, readLeadingDestination } from '../../src/parse/destinations.ts';
import { NUMBER_PATTERN, readNumber } from '../../src/parse/numbers.ts';

const UNITS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

function inWords(value: number): string {
  if (value < 20) return UNITS[value]!;
  if (value < 100) return TENS[Math.floor(value / 10) - 2]! + (value % 10 ? `-${UNITS[value % 10]}` : '');
  const rest = value % 100;
  return `${UNITS[Math.floor(value / 100)]} hundred${rest ? ` and ${inWords(rest)}` : ''}`;
}

describe('number words', () => {
  it('read back every whole number from 0 to 999', () => {
    const whole = new RegExp(`^${NUMBER_PATTERN}$`, 'u');
    for (let value = 0; value < 1000; value += 1) {
      expect(inWords(value)).toMatch(whole);
      expect(readNumber(inWords(value))).toBe(value);
    }
  });

  it('read numerals, with and without a comma, and a numeral that repeats the word', () => {
    expect(readNumber('1,106')).toBe(1106);
    expect(readNumber('thirty-three (33)')).toBe(33);
    expect(readNumber('several')).toBeNull();
  });
});

describe('destinations', () => {
  it.each([
    ["CHINA, PEOPLE'S REPUBLIC OF", 'CN'],
    ['CHINA, PEOPLE’S REPUBLIC OF', 'CN'],
    ['the Peoples Republic of China', 'CN'],
    ['the Russian Federation', 'RU'],
    ['T[uuml]rkiye', 'TR'],
    ['Türkiye', 'TR'],
    ['UAE', 'AE'],
    ['KOREA, SOUTH', 'KR'],
    ['Crimea Region of Ukraine', 'UA-43'],
    ['HONG KONG', 'HK'],
    ["COTE D'IVOIRE", 'CI'],
    ['Burma', 'MM'],
    ['CONGO (BRAZZAVILLE)', 'CG'],
    ['Congo, Republic of the', 'CG'],
    ['CONGO, DEMOCRATIC REPUBLIC OF', 'CD'],
    ['CONGO, DEMOCRATIC REPUBLIC OF THE', 'CD'],
    ['Congo (Democratic Republic of the)', 'CD'],
    ["KOREA, DEMOCRATIC PEOPLE'S REPUBLIC OF", 'KP'],
    ['KOREA, REPUBLIC OF', 'KR'],
    ['KOREA (NORTH)', 'KP'],
    ['BRITISH VIRGIN ISLANDS', 'VG'],
    ['SUDAN', 'SD'],
    ['SUDAN, SOUTH', 'SS'],
    ['Swaziland', 'SZ'],
    ['BOSNIA', 'BA'],
    ['MICRONESIA', 'FM'],
    ['ST. KITTS AND NEVIS', 'KN'],
    ['Holland', 'NL'],
    ['GUINEA', 'GN'],
    ['GUINEA-BISSAU', 'GW'],
    ['EQUATORIAL GUINEA', 'GQ'],
    ['PAPUA NEW GUINEA', 'PG'],
    ['NIGER', 'NE'],
    ['NIGERIA', 'NG'],
    ['CHINA (PRC)', 'CN'],
    ["CHINA, PEOPLE'S REPUBLIC OF (CHINA)", 'CN'],
    ['UNITED ARAB EMIRATES (the UAE)', 'AE'],
    ['RUSSIAN FEDERATION (RUSSIA)', 'RU'],
    ['TURKEY (TÜRKIYE)', 'TR'],
    ['IRAN (ISLAMIC REPUBLIC OF)', 'IR'],
    ['CRIMEA (OCCUPIED)', 'UA-43'],
  ])('%s is %s', (text, country) => {
    expect(findDestination(text)?.country).toBe(country);
  });

  it('are not guessed from firms whose names look like headings', () => {
    for (const name of ['DJI', 'APEX', 'IFLYTEK', 'AGAT-SYSTEM', 'China Shipping', ''])
      expect(findDestination(name)).toBeNull();
  });

  it.each([
    'CONGO',
    'KOREA',
    'CHINA (TAIWAN)',
    'CHINA (HONG KONG)',
    'HONG KONG (CHINA)',
    'GUINEA (BISSAU)',
    'GUINEA BISSAU',
    'NEW GUINEA',
    'RUSSIA (CRIMEA)',
    'UKRAINE (CRIMEA REGION)',
    'VIRGIN ISLANDS',
  ])('are not guessed where another place may be meant: %s', (text) => {
    expect(findDestination(text)).toBeNull();
    // Of a text that runs on, words are left over at least.
    expect(readLeadingDestination(text)?.length ?? 0).toBeLessThan(text.length);
  });

  it('are two where a comma stands between them', () => {
    expect(readLeadingDestination('Sudan, South Africa, and')).toMatchObject({
      destination: { country: 'SD' },
      length: 5,
    });
    expect(readLeadingDestination('Sudan, South (2)')?.destination.country).toBe('SS');
  });

  it('take the longest name in running text, with its repetition in parentheses', () => {
    expect(readLeadingDestination("China, People's Republic of (China) (42); Iran (2)")?.length).toBe(
      "China, People's Republic of (China)".length,
    );
    expect(readLeadingDestination('North Macedonia, and')?.destination.country).toBe('MK');
    expect(readLeadingDestination('the United Arab Emirates (UAE) (4)')?.length).toBe(30);
    expect(readLeadingDestination('Iran (2)')?.length).toBe(4);
    expect(readLeadingDestination('Chinatown')).toBeNull();
    expect(readLeadingDestination('Nigeria')?.destination.country).toBe('NG');
  });
});

describe('citations', () => {
  const hole = { volume: 96, page: 103, on: '2031-01-06' };

  it('read dates in every printed form, and none where there is none', () => {
    expect(readCitations('78 FR 75463 12/12/13. 87 FR 77508, 12/19/2022; 86 FR 67319', null)).toEqual({
      citations: [
        { volume: 78, page: 75463, on: '2013-12-12' },
        { volume: 87, page: 77508, on: '2022-12-19' },
        { volume: 86, page: 67319, on: null },
      ],
      rest: '',
      unresolved: false,
    });
    expect(readPrintedDate('9/7/97')).toBe('1997-09-07');
    expect(readPrintedDate('2/30/25')).toBeNull();
  });

  it.each([
    '[INSERT FEDERAL REGISTER CITATION]',
    '96 FR [INSERT FR PAGE NUMBER], January 6, 2031.',
    '[Insert Federal Register citation]',
    '96 FR [INSERT FIRST PAGE OF FEDERAL REGISTER DOCUMENT], 1/6/31.',
  ])('resolve %s to the page and day of the document', (text) => {
    expect(readCitations(text, hole).citations).toEqual([hole]);
    expect(readCitations(text, null)).toMatchObject({ citations: [], unresolved: true });
  });

  it('leave over what they do not understand', () => {
    expect(readCitations('90 FR 1, 1/2/25, see also docket', null).rest).toBe('see also docket');
  });
});

describe('folding names', () => {
  it('is idempotent and does not see case', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(foldName(foldName(text))).toBe(foldName(text));
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(foldName(text.toUpperCase())).toBe(foldName(text.toLowerCase()));
      }),
    );
  });

  it('makes look-alike letters, accents and dotless letters meet', () => {
    expect(foldName('Shenzhen Ditai Technology Со., Ltd.')).toBe(
      foldName('Shenzhen Ditai Technology Co., Ltd.'),
    );
    expect(foldName('İÇ KAPI')).toBe(foldName('Iç Kapı'));
  });

  it('finds a name at the beginning of a text only as a whole', () => {
    expect(foldedPrefixLength('Foo Ltd., Kabul', 'FOO LTD.')).toBe(8);
    expect(foldedPrefixLength('Foobar, Kabul', 'Foo')).toBeNull();
    expect(foldedPrefixLength('Foo Bar, Kabul', 'Foo')).toBeNull();
  });
});
