import { describe, expect, test } from 'vitest';
import { readFiling } from '../../src/parse/filing.ts';
import { compareWithFiling } from '../../src/parse/filing-differences.ts';
import { readRawLines } from '../../src/parse/raw-text.ts';
import { readFixture, readFixtureRule } from '../helpers/fixtures.ts';

const head = { title: 'Rule', type: 'Rule', filedAt: '2025-03-25T20:15:00.000Z' };
const text = (number: string) => readFixture(`filings/${number}.txt`).toString();

describe('the raw text of a filing', () => {
  test.each([
    ['2025-05426', 74, { CN: 42, IR: 2, PK: 19, ZA: 3, AE: 4 }],
    ['2025-05427', 12, { CN: 11, TW: 1 }],
  ])('%s gives counts, names and the day, and agrees with what was published', (number, names, counts) => {
    const reading = readFiling(text(number), head);
    expect(reading).toMatchObject({
      lists: ['entity-list'],
      effectiveOn: '2025-03-25',
      isDecoy: null,
      allNamed: true,
    });
    expect(reading.stated['entity-list']?.add?.byDestination).toEqual(counts);
    expect(reading.named).toHaveLength(names);
    expect(compareWithFiling(reading, readFixtureRule(number))).toEqual([]);
  });

  test('differences are said one by one', () => {
    const reading = readFiling(
      text('2025-05427')
        .replace('12 entities', '13 entities')
        .replace('March 25, 2025', 'March 26, 2025')
        .replace('“Beijing Academy', '“Peking Academy'),
      head,
    );
    const differences = compareWithFiling(reading, readFixtureRule('2025-05427')).join('\n');
    expect(differences).toContain(
      'The filing stated 13 additions to the Entity List; the published rule has 12.',
    );
    expect(differences).toContain('was to take effect on 2025-03-26');
    expect(differences).toMatch(/not in the published rule: “Peking Academy/u);
    expect(differences).toMatch(/not announced: “Beijing Academy/u);
  });

  test('a rule that only speaks of the list is a decoy', () => {
    expect(readFiling(text('2031-00101'), head)).toMatchObject({
      lists: [],
      isDecoy: 'its instructions amend none of the lists',
      effectiveOnPublication: true,
    });
  });

  test('one that also speaks of the UFLPA Entity List is no decoy', () => {
    const both = text('2025-05427').replace(
      'DATES:',
      'Some of these entities are also on the UFLPA Entity List.\n\nDATES:',
    );
    const reading = readFiling(both, head);
    expect(reading).toMatchObject({ isDecoy: null, lists: ['entity-list'] });
    expect(reading.stated['entity-list']?.add?.entries ?? reading.stated['entity-list']?.add?.entities).toBe(
      12,
    );
    const other = readFiling(both, { ...head, title: 'Uyghur Forced Labor Prevention Act Entity List' });
    expect(other.isDecoy).toMatch(/UFLPA/u);
  });

  test('a stay of an earlier rule is no decoy, though it amends no list', () => {
    const stay = [
      'BILLING CODE 3510-33-P',
      'Bureau of Industry and Security',
      '15 CFR Part 744',
      'SUMMARY: In this rule, BIS stays an earlier rule.',
      'DATES: Effective January 6, 2031, the amendments to 15 CFR part 744 in the rule published at 95 FR 100 are stayed until November 9, 2031.',
      'FOR FURTHER INFORMATION CONTACT: The Chair.',
    ].join('\n\n');
    expect(readFiling(stay, head).isDecoy).toBeNull();
  });

  describe('is no decoy, or is one for a reason', () => {
    const filing = (summary: string, instruction: string | null) =>
      [
        'BILLING CODE 3510-33-P',
        'Bureau of Industry and Security',
        '15 CFR Part 744',
        ...(summary === '' ? [] : [`SUMMARY: ${summary}`]),
        'DATES: This rule is effective January 6, 2031.',
        'FOR FURTHER INFORMATION CONTACT: The Chair.',
        ...(instruction === null
          ? []
          : ['PART 744—CONTROL POLICY', `1. ${instruction}`, 'Dated: January 3, 2031.']),
      ].join('\n\n');
    const decoyOf = (summary: string, instruction: string | null, own = head) =>
      readFiling(filing(summary, instruction), own).isDecoy;
    const OTHER = 'In this rule, BIS amends controls on lasers.';

    test.each([
      [
        'where a summary names no list and nothing is amended',
        OTHER,
        null,
        'it neither names a list nor amends one',
      ],
      [
        'where instructions amend something else',
        OTHER,
        'Section 744.11 is amended by removing paragraph (a).',
        'its instructions amend none of the lists',
      ],
      ['where the summary names a list', 'In this rule, BIS speaks of the Entity List.', null, null],
      ['where there is no summary to tell', '', null, null],
      [
        'where an instruction names a supplement of ours',
        OTHER,
        'SUPPLEMENT  No 6 shows how it is done.',
        null,
      ],
    ])('%s', (_when, summary, instruction, reason) => {
      expect(decoyOf(summary, instruction)).toBe(reason);
    });

    test('where its title names a list, and where its type is no law', () => {
      expect(decoyOf(OTHER, null, { ...head, title: 'Additions to the Entity List' })).toBeNull();
      expect(decoyOf('In this rule, BIS speaks of the Entity List.', null, { ...head, type: 'Notice' })).toBe(
        'a document of the type “Notice” changes no list',
      );
    });
  });

  test('broken words, form feeds and odd spaces are mended', () => {
    expect(readRawLines('alphabeti-\n\ncal order of end-\n\nuser\u00A0names\f12\n\nmore')).toEqual([
      'alphabetical order of end-user names',
      'more',
    ]);
    expect(readFiling('\f\f', head)).toMatchObject({ readable: false, isDecoy: null });
  });

  test('five megabytes are read in seconds', () => {
    const begun = Date.now();
    readFiling(`${text('2025-05426')}\n${'1. a. ii. “Name, under IRAN; adding \n\n'.repeat(140_000)}`, head);
    readFiling('-\n'.repeat(2_500_000), head);
    expect(Date.now() - begun).toBeLessThan(30_000);
  });
});
