import { describe, expect, it } from 'vitest';
import {
  type EffectDays,
  readDateDoubts,
  readEffectiveDay,
  readEndDay,
  readInstructionDays,
} from '../../src/parse/dates.ts';

const JUNE: EffectDays = { from: '2025-06-30', until: null, indefinite: false };
const NEVER: EffectDays = { from: null, until: null, indefinite: true };
/** DATES names the instruction, and not its day. */
const UNSAID: EffectDays = { from: null, until: null, indefinite: false };

describe('days of their own for instructions', () => {
  it.each<[string, [string, EffectDays][]]>([
    ['This rule is effective May 6, 2025.', []],
    [
      'This rule is effective May 6, 2025, except for instruction 2, which is effective June 30, 2025.',
      [['2', JUNE]],
    ],
    [
      'This rule is effective on May 6, 2025, except that amendatory instruction no. 2 is effective on June 30, 2025.',
      [['2', JUNE]],
    ],
    [
      'This rule is effective May 6, 2025, except for amendatory instruction nos. 2 and 3, which are effective June 30, 2025.',
      [
        ['2', JUNE],
        ['3', JUNE],
      ],
    ],
    [
      'Amendatory instruction 1 is effective May 6, 2025. The amendments in instruction 2.a are effective June 30, 2025.',
      [
        ['1', { ...JUNE, from: '2025-05-06' }],
        ['2.a', JUNE],
      ],
    ],
    [
      'Effective May 6, 2025, except for instructions 2 through 4, which are delayed until June 30, 2025.',
      [
        ['2', JUNE],
        ['3', JUNE],
        ['4', JUNE],
      ],
    ],
    [
      'Effective May 6, 2025, except instructions 3 and 4, respectively, which are delayed indefinitely.',
      [
        ['3', NEVER],
        ['4', NEVER],
      ],
    ],
    ['Effective May 6, 2025, except for instruction number 7.', [['7', UNSAID]]],
  ])('%s', (dates, days) => {
    expect([...readInstructionDays(dates)]).toEqual(days);
  });
});

describe('the effective day', () => {
  it.each([
    'This rule is effective from May 6, 2025 through May 6, 2026.',
    'Effective date: May 6, 2025.',
    'This rule is effective at 11:15 a.m. on May 6, 2025.',
    'The effective date of this final rule is May 6, 2025.',
  ])('%s', (dates) => {
    expect(readEffectiveDay(dates)).toBe('2025-05-06');
  });
});

describe('the last day of effect', () => {
  it.each([
    'This rule is effective from May 6, 2025 through May 6, 2026.',
    'This rule is effective May 6, 2025, and will expire on May 6, 2026.',
    'This rule is effective May 6, 2025. This temporary rule expires on May 6, 2026.',
  ])('%s', (dates) => {
    expect(readEndDay(dates)).toBe('2026-05-06');
    expect(readEffectiveDay(dates)).toBe('2025-05-06');
    expect(readDateDoubts(dates)).toEqual([]);
  });

  it('is that of an instruction where DATES says so', () => {
    const dates =
      'This rule is effective May 6, 2025, except for instruction 5, which is effective from June 30, 2025, through January 1, 2026.';
    expect([...readInstructionDays(dates)]).toEqual([
      ['5', { from: '2025-06-30', until: '2026-01-01', indefinite: false }],
    ]);
    expect(readEndDay(dates)).toBeNull();
  });
});

it('takes the end of a rule for no effective day', () => {
  expect(readEffectiveDay('This rule stays effective until May 6, 2026.')).toBeNull();
});

describe('further days in DATES', () => {
  it.each<[string, string[]]>([
    [
      'This rule is effective May 6, 2025. The additions to supplement no. 4 to part 744 are effective June 30, 2025.',
      ['June 30, 2025'],
    ],
    [
      'This rule is effective May 6, 2025. The additions to supplement no. 4 to part 744 are effective June 30.',
      ['June 30'],
    ],
    ['This rule is effective May 6, 2025. Compliance is required from 6/30/2025.', ['6/30/2025']],
    [
      'The effective date of the rule published March 1, 2016 is delayed from April 15, 2016 to May 16, 2016.',
      ['March 1, 2016', 'April 15, 2016', 'May 16, 2016'],
    ],
  ])('%s', (dates, days) => {
    const doubts = readDateDoubts(dates);
    expect(doubts).toHaveLength(days.length);
    for (const [at, day] of days.entries()) expect(doubts[at]).toContain(`names ${day} `);
  });

  it.each([
    null,
    'This rule is effective May 6, 2025.',
    'This rule is effective May 6, 2025; May 6, 2025 is also the day of publication.',
    'This rule is effective May 8, 2025, and applicable beginning May 6, 2025.',
    'This rule is effective May 6, 2025. Comments must be received by BIS no later than 5 p.m. Eastern Time on July 7, 2025.',
    'This rule is effective May 6, 2025. Shipments of items that were en route aboard a carrier on May 6, 2025, pursuant to actual orders, may proceed so long as they have been exported before June 5, 2025.',
    'This rule is effective May 6, 2025, except for amendatory instruction 11, which is effective June 30, 2025.',
  ])('are not seen in: %s', (dates) => {
    expect(readDateDoubts(dates)).toEqual([]);
  });

  it('are seen behind a savings clause that gives a further effective day', () => {
    expect(
      readDateDoubts(
        'This rule is effective May 6, 2025. Exports en route may proceed, and the removals are effective July 1, 2025.',
      ),
    ).toHaveLength(1);
  });
});

it.each([
  'instructions 2, 3 and ',
  'effective on ',
  'May 6, 2026 ',
  'effective date of this final rule ',
  'applicable ',
])('%j costs no more than its length', (piece) => {
  const begun = performance.now();
  readDateDoubts(piece.repeat(100_000 / piece.length));
  expect(performance.now() - begun).toBeLessThan(1000);
});
