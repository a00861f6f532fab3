import countries from 'i18n-iso-countries';
import { describe, expect, test } from 'vitest';
import { isSharedName, readDestination, splitDestinations } from '../../src/parse/read-destination.ts';
import { countryName } from '../../src/render/country-name.ts';

describe('a destination as people write it', () => {
  test.each([
    ['CN', 'CN'],
    [' hk ', 'HK'],
    ['ua-43', 'UA-43'],
    ['UA-09', 'UA-09'],
    ['China', 'CN'],
    ["CHINA, PEOPLE'S REPUBLIC OF", 'CN'],
    ['UAE', 'AE'],
    ['the United Arab Emirates', 'AE'],
    ['Hong Kong', 'HK'],
    ['south korea', 'KR'],
    ['Korea, South', 'KR'],
    ['Türkiye', 'TR'],
    ['UK', 'GB'],
    ['Atlantis', null],
    ['Congo', null],
    ['', null],
    ['x'.repeat(5_000), null],
  ])('%j is %s', (text, code) => {
    expect(readDestination(text)).toBe(code);
  });

  test('may be any name by which our pages call one', () => {
    const codes = [...Object.keys(countries.getAlpha2Codes()), 'UA-09', 'UA-14', 'UA-43'];
    expect(codes.filter((code) => readDestination(countryName(code)) !== code)).toEqual([]);
  });

  test('is told apart from a name that two share', () => {
    expect(isSharedName('Congo')).toBe(true);
    expect(isSharedName('DR Congo')).toBe(false);
    expect(isSharedName('Atlantis')).toBe(false);
  });

  test.each([
    ['', []],
    ['CN, HK', ['CN', 'HK']],
    ['CN HK;TW', ['CN', 'HK', 'TW']],
    ['China, UAE, Hong Kong', ['China', 'UAE', 'Hong Kong']],
    ["China, People's Republic of, Russia", ["China, People's Republic of", 'Russia']],
    ['Korea, South, Iran', ['Korea, South', 'Iran']],
    ['Sudan, South Africa', ['Sudan', 'South Africa']],
    ['China\r\nIran', ['China', 'Iran']],
    ['Atlantis, CN', ['Atlantis', 'CN']],
    ['Lost Atlantis CN', ['Lost Atlantis CN']],
  ])('%j is a line of %j', (line, parts) => {
    expect(splitDestinations(line)).toEqual(parts);
  });
});
