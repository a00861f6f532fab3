import { describe, expect, it } from 'vitest';
import type { Amendment } from '../../src/model.ts';
import { type EffectDays, takeEffectDays } from '../../src/parse/dates.ts';
import { applyEffectDays } from '../../src/parse/effect.ts';
import { bareText } from '../../src/parse/entry-text.ts';

const amendment = (instruction: string): Amendment => ({
  action: 'add',
  list: 'entity-list',
  destination: 'IRAN',
  country: 'IR',
  ...bareText(`Entry of ${instruction}`),
  locator: { instruction, row: 1, page: 100 },
});

function apply(
  dates: string | null,
  {
    prefixes = {},
    recordedOn = null,
  }: { prefixes?: Record<string, EffectDays>; recordedOn?: string | null } = {},
) {
  const amendments = ['2.a', '2.b', '3'].map(amendment);
  const issues = applyEffectDays(amendments, {
    dates,
    recordedOn,
    prefixes: new Map(Object.entries(prefixes)),
    labels: new Set(['1', '2', '2.a', '2.b', '3']),
    read: new Set(),
  });
  return {
    amendments,
    days: amendments.map(({ effectiveOn, endsOn }) => [effectiveOn ?? null, endsOn ?? null].join(' ').trim()),
    codes: issues.map(({ code, holds }) => `${code}${holds ? '' : ' (noted)'}`),
    messages: issues.map(({ message }) => message),
    issues,
  };
}

const from = (day: string): EffectDays => ({ from: day, until: null, indefinite: false });

describe('the days of effect of each instruction', () => {
  it('are those of the rule where nothing else is said', () => {
    expect(apply('This rule is effective May 6, 2025.')).toMatchObject({ days: ['', '', ''], codes: [] });
  });

  it('are those that DATES gives for the instruction or for the one above it', () => {
    expect(
      apply(
        'This rule is effective May 6, 2025, except for amendatory instruction 2, which is effective June 30, 2025.',
      ),
    ).toMatchObject({ days: ['2025-06-30', '2025-06-30', ''], codes: [] });
    expect(
      apply(
        'This rule is effective May 6, 2025, except for instruction 2.b, which is effective June 30, 2025.',
      ).days,
    ).toEqual(['', '2025-06-30', '']);
  });

  it.each([
    'effective from November 17, 2025, through January 74, 2026',
    'effective from November 17, 2025, through February 30, 2026',
    'effective from November 17, 2025, through January 1, 20261',
    'effective November 47, 2025',
    'effective from November 47, 2025, through January 1, 2026',
  ])('hold where DATES gives a day that no calendar has: %s', (days) => {
    const { codes } = apply(
      `This rule is effective May 6, 2025, except for amendatory instruction 3, which is ${days}.`,
    );
    expect(codes).not.toEqual([]);
    expect(codes.filter((code) => code.includes('noted'))).toEqual([]);
  });

  it('hold where the instruction gives a day that no calendar has', () => {
    for (const text of [
      '3. Effective November 17, 2025, through January 74, 2026, add an entry.',
      '3. Effective November 47, 2025, add an entry.',
    ]) {
      const { days } = takeEffectDays(text);
      expect(days).toMatchObject({ from: null });
      expect(apply('This rule is effective May 6, 2025.', { prefixes: { 3: days! } }).codes).toEqual([
        'instruction-dates',
      ]);
    }
  });

  it('end where DATES says so', () => {
    expect(
      apply(
        'This rule is effective May 6, 2025, except for instruction 3, which is effective from November 17, 2025, through January 1, 2026.',
      ).days,
    ).toEqual(['', '', '2025-11-17 2026-01-01']);
    expect(apply('This rule is effective May 6, 2025 through May 5, 2026.').days).toEqual([
      '2026-05-05',
      '2026-05-05',
      '2026-05-05',
    ]);
  });

  it('are those at the beginning of the instruction', () => {
    expect(
      apply('This rule is effective May 6, 2025.', { prefixes: { '2.a': from('2025-06-30') } }).days,
    ).toEqual(['2025-06-30', '', '']);
  });

  it.each<[string, string, Record<string, EffectDays>, string]>([
    [
      'an instruction without a day',
      'This rule is effective May 6, 2025, except for instruction number 3.',
      {},
      'instruction-dates',
    ],
    [
      'an instruction that is not there',
      'This rule is effective May 6, 2025, except for instruction 7, which is effective June 30, 2025.',
      {},
      'instruction-dates',
    ],
    [
      'two days for one instruction',
      'This rule is effective May 6, 2025, except for instruction 3, which is effective June 30, 2025.',
      { '3': from('2025-07-01') },
      'instruction-dates',
    ],
    [
      'an end before the beginning',
      'This rule is effective May 6, 2025 through May 5, 2025.',
      {},
      'instruction-dates',
    ],
    [
      'a delay without a day',
      'This rule is effective May 6, 2025, except instruction 3, which is delayed indefinitely.',
      {},
      'delayed-indefinitely',
    ],
    [
      'an end that is told as a length of time',
      'This rule is effective May 6, 2025, for a period of 180 days.',
      {},
      'date-unread',
    ],
    [
      'an end that hangs on another day',
      'This rule is effective May 6, 2025. It expires one year after that date.',
      {},
      'date-unread',
    ],
    [
      'a day that nothing explains',
      'This rule is effective May 6, 2025. Parts of it are effective June 30, 2025.',
      {},
      'date-unread',
    ],
  ])('hold the rule for %s', (_what, dates, prefixes, code) => {
    expect(apply(dates, { prefixes }).codes).toContain(code);
  });

  it('follow the document where the record differs, and say so', () => {
    expect(apply('This rule is effective May 6, 2025.', { recordedOn: '2025-05-08' })).toMatchObject({
      days: ['', '', ''],
      codes: ['effective-date-differs (noted)'],
      messages: ['DATES says 2025-05-06, the record says 2025-05-08; the document itself is followed'],
    });
  });

  it('are those of the record where DATES gives none', () => {
    expect(apply(null, { recordedOn: '2025-05-08', prefixes: { '3': from('2025-05-08') } })).toMatchObject({
      days: ['', '', ''],
      codes: [],
    });
  });

  it('are those of the nearest paragraph, whichever is told first', () => {
    const near = { '2': from('2025-06-30'), '2.a': from('2025-07-31') };
    const wanted = ['2025-07-31', '2025-06-30', ''];
    const dates = 'This rule is effective May 6, 2025.';
    expect(apply(dates, { prefixes: near }).days).toEqual(wanted);
    expect(apply(dates, { prefixes: { '2.a': near['2.a'], '2': near['2'], '3.a': near['2'] } }).days).toEqual(
      wanted,
    );
  });

  it('may be told twice alike', () => {
    const dates =
      'This rule is effective May 6, 2025, except for instruction 3, which is effective June 30, 2025.';
    expect(apply(dates, { prefixes: { '3': from('2025-06-30') } })).toMatchObject({
      days: ['', '', '2025-06-30'],
      codes: [],
    });
  });

  it('are not set where they are those of the rule', () => {
    const { amendments } = apply('This rule is effective May 6, 2025.', {
      prefixes: { '3': from('2025-05-06') },
    });
    expect(amendments.filter((one) => 'effectiveOn' in one || 'endsOn' in one)).toEqual([]);
  });

  it('may begin and end on one day', () => {
    expect(apply('This rule is effective May 6, 2025 through May 6, 2025.')).toMatchObject({
      days: ['2025-05-06', '2025-05-06', '2025-05-06'],
      codes: [],
    });
  });
});

describe('what an operator reads of days that settle nothing', () => {
  const NEVER: EffectDays = { from: null, until: null, indefinite: true };

  it.each<[string, Record<string, EffectDays>, string[]]>([
    [
      'This rule is effective May 6, 2025, except for instruction 3.',
      {},
      ['the day on which instruction 3 takes effect was not read'],
    ],
    [
      'This rule is effective May 6, 2025, except for instruction 2.',
      {},
      ['the day on which instruction 2 takes effect was not read'],
    ],
    [
      'This rule is effective May 6, 2025, except for instruction 7, which is effective June 30, 2025.',
      {},
      ['DATES speaks of instruction 7, which the document does not have'],
    ],
    [
      'This rule is effective May 6, 2025, except for instruction 3, which is effective June 30, 2025.',
      { '3': from('2025-07-01') },
      ['DATES says 2025-06-30 for instruction 3, and the instruction 2025-07-01'],
    ],
    [
      'This rule is effective May 6, 2025, through May 5, 2025.',
      {},
      ['2.a', '2.b', '3'].map((one) => `instruction ${one} would end on 2025-05-05, before it takes effect`),
    ],
    [
      'This rule is effective May 6, 2025, through May 8, 2025.',
      { '3': from('2025-07-01') },
      ['instruction 3 would end on 2025-05-08, before it takes effect'],
    ],
    ['This rule is effective May 6, 2025.', { '2.b': NEVER }, ['instruction 2.b is delayed without a day']],
    ['The effective date of the rule is delayed indefinitely.', {}, ['the rule is delayed without a day']],
  ])('%s', (dates, prefixes, messages) => {
    const { issues } = apply(dates, { prefixes });
    expect(issues.map(({ message }) => message)).toEqual(messages);
    expect(issues.map(({ holds, locator, excerpt }) => [holds, locator, excerpt])).toEqual(
      messages.map(() => [true, null, dates]),
    );
  });

  it('is no more of DATES than an issue holds, and nothing where there is none', () => {
    const dates = `This rule is effective May 6, 2025, ${'by order of the Bureau, '.repeat(20)}and expires June 30, 2025.`;
    expect(apply(dates).issues[0]?.excerpt).toBe(dates.slice(0, 300));
    expect(apply(null, { prefixes: { '3': NEVER } }).issues).toEqual([
      {
        code: 'delayed-indefinitely',
        holds: true,
        message: 'instruction 3 is delayed without a day',
        excerpt: null,
        locator: null,
      },
    ]);
  });

  it('is nothing where the document amends no list', () => {
    const issues = applyEffectDays([], {
      dates: 'This rule is delayed indefinitely, except for instruction 7, which is effective June 30, 2025.',
      recordedOn: null,
      prefixes: new Map(),
      labels: new Set(),
      read: new Set(),
    });
    expect(issues).toEqual([]);
  });
});
