import { ElwatchError } from '../errors.ts';

/** What a command ends with. docs/command-line.md has the same table, and a test compares them. */
export const EXIT_CODES: readonly (readonly [code: number, means: string])[] = [
  [0, 'success'],
  [1, 'a failure that is explained in one line, or a comparison that found a difference'],
  [2, 'wrong usage'],
  [3, 'a counterparty is hit (screen, watchlists screen)'],
  [5, 'data that cannot be used: a file of an export (import); a data directory, or the disk it lies on'],
];

/** What stays so however often it is tried: data is wrong or has no room, unlike a store that is not ready. */
const BAD_DATA = new Set([
  ...['export-cut', 'export-changed', 'export-unknown', 'export-version'],
  ...['disk-full', 'data-dir-unwritable', 'database-damaged', 'database-other-version'],
]);

/** The exit code of what a command threw. */
export function exitCodeOf(error: unknown): number {
  return error instanceof ElwatchError && BAD_DATA.has(error.code) ? 5 : 1;
}
