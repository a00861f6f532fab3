import { describe, expect, test } from 'vitest';
import { lastBoundary } from '../../src/digest/boundary.ts';

const daily = (at: string, timeZone: string) => ({ mode: 'daily', at, timeZone }) as const;

describe('the boundary of a digest', () => {
  test.each([
    [
      'the local time of the day',
      daily('08:00', 'Europe/Berlin'),
      '2025-01-15T07:00:00Z',
      '2025-01-15T07:00:00.000Z',
    ],
    [
      'that of the day before until then',
      daily('08:00', 'Europe/Berlin'),
      '2025-01-15T06:59:59Z',
      '2025-01-14T07:00:00.000Z',
    ],
    [
      'an hour earlier in UTC in summer',
      daily('08:00', 'Europe/Berlin'),
      '2025-07-15T12:00:00Z',
      '2025-07-15T06:00:00.000Z',
    ],
    [
      'on the local day where UTC has another',
      daily('08:00', 'Asia/Tokyo'),
      '2025-01-15T23:30:00Z',
      '2025-01-15T23:00:00.000Z',
    ],
    [
      'later where summer time leaves the time out',
      daily('02:30', 'Europe/Berlin'),
      '2025-03-30T12:00:00Z',
      '2025-03-30T01:30:00.000Z',
    ],
    [
      'the first of the two where it is repeated',
      daily('02:30', 'Europe/Berlin'),
      '2025-10-26T12:00:00Z',
      '2025-10-26T00:30:00.000Z',
    ],
    [
      'the weekday',
      { mode: 'weekly', at: '09:00', timeZone: 'America/New_York', weekday: 1 },
      '2025-03-13T12:00:00Z',
      '2025-03-10T13:00:00.000Z',
    ],
    [
      'a week earlier until its time',
      { mode: 'weekly', at: '09:00', timeZone: 'America/New_York', weekday: 1 },
      '2025-03-10T12:59:00Z',
      '2025-03-03T14:00:00.000Z',
    ],
    [
      'now for who is told at once',
      { mode: 'immediate' },
      '2025-03-10T12:59:00.000Z',
      '2025-03-10T12:59:00.000Z',
    ],
  ] as const)('is %s', (_what, schedule, now, expected) => {
    expect(lastBoundary(schedule, now)).toBe(expected);
  });

  test('comes once on each day of a year, also on those of the change of summer time', () => {
    const schedule = daily('02:30', 'America/New_York');
    const seen = new Set<string>();
    for (
      let at = Date.parse('2025-01-01T12:00:00Z');
      at < Date.parse('2026-01-01T00:00:00Z');
      at += 1_800_000
    )
      seen.add(lastBoundary(schedule, new Date(at).toISOString()));
    expect(seen.size).toBe(365);
  });
});
