import { ElwatchError } from '../errors.ts';

/** What a command ends with. docs/command-line.md has the same table, and a test compares them. */
export const EXIT_CODES: readonly (readonly [code: number, means: string])[] = [
  [0, 'success'],
  [1, 'a failure that is explained in one line, or a comparison that found a difference'],
  [2, 'wrong usage'],
  [3, 'a counterparty is hit (screen, watchlists screen)'],
  [5, 'a file of an export that was cut, changed, or is none (import)'],
];

/** A file that can never be imported, unlike a store that is not ready for it. */
const BAD_FILE = new Set(['export-cut', 'export-changed', 'export-unknown', 'export-version']);

/** The exit code of what a command threw. */
export function exitCodeOf(error: unknown): number {
  return error instanceof ElwatchError && BAD_FILE.has(error.code) ? 5 : 1;
}
