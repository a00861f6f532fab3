import { expect, test } from 'vitest';
import {
  addBusinessDays,
  countBusinessDays,
  holidaysOf,
  isBusinessDay,
  isFilingHour,
} from '../src/calendar.ts';

test('federal holidays as Washington keeps them', () => {
  expect(holidaysOf(2025)).toEqual([
    '2025-01-01',
    '2025-01-20',
    '2025-02-17',
    '2025-05-26',
    '2025-06-19',
    '2025-07-04',
    '2025-09-01',
    '2025-10-13',
    '2025-11-11',
    '2025-11-27',
    '2025-12-25',
  ]);
  // Saturdays are kept on Friday, Sundays on Monday; 2022 begins on a Saturday, kept in 2021.
  expect(holidaysOf(2021)).toEqual(
    expect.arrayContaining(['2021-01-20', '2021-06-18', '2021-07-05', '2021-12-24', '2021-12-31']),
  );
  expect(holidaysOf(2022)).not.toContain('2022-01-01');
  expect(holidaysOf(2022)).toEqual(expect.arrayContaining(['2022-06-20', '2022-12-26']));
  expect(holidaysOf(2020)).not.toContain('2020-06-19');
  expect(holidaysOf(2013)).toContain('2013-01-21');
  expect(holidaysOf(2029)).not.toContain('2029-01-19');
});

test('filing hours follow the clock of Washington', () => {
  expect(isFilingHour('2025-03-25T12:00:00Z')).toBe(true);
  expect(isFilingHour('2025-03-25T11:59:59Z')).toBe(false);
  expect(isFilingHour('2025-03-25T22:59:59Z')).toBe(true);
  expect(isFilingHour('2025-03-25T23:00:00Z')).toBe(false);
  expect(isFilingHour('2025-01-14T12:30:00Z')).toBe(false);
  expect(isFilingHour('2025-01-14T13:00:00Z')).toBe(true);
  expect(isFilingHour('2025-03-29T15:00:00Z')).toBe(false);
  expect(isFilingHour('2025-07-04T15:00:00Z')).toBe(false);
});

test('business days leave out weekends and holidays', () => {
  expect(addBusinessDays('2025-03-28', 3)).toBe('2025-04-02');
  expect(addBusinessDays('2025-11-26', 1)).toBe('2025-11-28');
  expect(isBusinessDay('2026-07-03')).toBe(false);
  expect(countBusinessDays('2025-03-28', '2025-04-02')).toBe(3);
  expect(countBusinessDays('2025-03-28', '2025-03-30')).toBe(0);
  expect(countBusinessDays('2025-11-26', '2025-11-28')).toBe(1);
  expect(countBusinessDays('2025-11-28', '2025-11-26')).toBe(0);
});
