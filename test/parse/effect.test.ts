import { describe, expect, it } from 'vitest';
import type { Amendment } from '../../src/model.ts';
import type { EffectDays } from '../../src/parse/dates.ts';
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
    days: amendments.map(({ effectiveOn, endsOn }) => [effectiveOn ?? null, endsOn ?? null].join(' ').trim()),
    codes: issues.map(({ code, holds }) => `${code}${holds ? '' : ' (noted)'}`),
  };
}

const from = (day: string): EffectDays => ({ from: day, until: null, indefinite: false });

describe('the days of effect of each instruction', () => {
  it('are those of the rule where nothing else is said', () => {
    expect(apply('This rule is effective May 6, 2025.')).toEqual({ days: ['', '', ''], codes: [] });
  });

  it('are those that DATES gives for the instruction or for the one above it', () => {
    expect(
      apply(
        'This rule is effective May 6, 2025, except for amendatory instruction 2, which is effective June 30, 2025.',
      ),
    ).toEqual({ days: ['2025-06-30', '2025-06-30', ''], codes: [] });
    expect(
      apply(
        'This rule is effective May 6, 2025, except for instruction 2.b, which is effective June 30, 2025.',
      ).days,
    ).toEqual(['', '2025-06-30', '']);
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
    expect(apply('This rule is effective May 6, 2025.', { recordedOn: '2025-05-08' })).toEqual({
      days: ['', '', ''],
      codes: ['effective-date-differs (noted)'],
    });
  });
});
