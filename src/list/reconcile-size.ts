import { ElwatchError } from '../errors.ts';
import { foldName } from '../fold.ts';

/** A source may lose one row in a hundred between two looks (sources, §6: half the list once vanished for days). */
const MOST_LOST = 0.01;
/**
 * Rows that a first look must have, as a share of our own: one row of the Consolidated Screening List covers
 * several entries of ours, so it has fewer; a partial copy of 2023 had 919 for 3,409.
 */
const LEAST_AT_FIRST = 0.5;

const NEXT =
  'nothing was compared and the last good snapshot is kept; where the source is right, run elwatch audit --accept-shrink';

function countNames(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(foldName(name), (counts.get(foldName(name)) ?? 0) + 1);
  return counts;
}

/**
 * Names of the rows that a source had and has no more, but for those that left our list too (`left`): rules
 * removed or renamed these. Rows are counted by name, so that new ones cannot hide a loss, and one that moves
 * is none.
 */
export function lostRows(
  before: readonly string[],
  now: readonly string[],
  left: readonly string[],
): string[] {
  const still = countNames(now);
  const excused = countNames(left);
  return before.filter((name) => {
    const key = foldName(name);
    for (const counts of [still, excused]) {
      const count = counts.get(key) ?? 0;
      if (count > 0) {
        counts.set(key, count - 1);
        return false;
      }
    }
    return true;
  });
}

export interface Shrinkage {
  /** What is counted, for the message: "eCFR's entity-list". */
  what: string;
  rows: number;
  /** Rows of the last accepted look. */
  before: number;
  lost: readonly string[];
}

/**
 * Refuses what lost more than 1 % of its rows. One row alone is never refused: a list of fewer than a hundred
 * would go blind at each entry that is missing there.
 *
 * @throws ElwatchError `source-shrank`
 */
export function assertNotShrunk({ what, rows, before, lost }: Shrinkage): void {
  if (lost.length <= Math.max(1, before * MOST_LOST)) return;
  const share = ((100 * lost.length) / before).toFixed(1);
  const names = lost.slice(0, 3).map((name) => `“${name.slice(0, 100)}”`);
  throw new ElwatchError(
    'source-shrank',
    `${what} has ${rows} rows where it had ${before}: it lost ${lost.length} (${share} %) that no rule removed, among them ${names.join(', ')}`,
    { retry: true, hint: NEXT },
  );
}

/**
 * Refuses a first look that has far fewer rows than our own list.
 *
 * @param ours entries of ours that the source cannot but have: without those of rules it may not show yet
 * @throws ElwatchError `source-too-small`
 */
export function assertLargeEnough(what: string, rows: number, ours: number): void {
  if (rows >= ours * LEAST_AT_FIRST) return;
  throw new ElwatchError(
    'source-too-small',
    `${what} has ${rows} rows at the first look, and our list has ${ours} entries`,
    { retry: true, hint: NEXT },
  );
}

/**
 * Refuses a source without a row of a list that has entries. No person can accept this: it is never right.
 *
 * @throws ElwatchError `source-empty`
 */
export function assertNotEmpty(what: string, rows: number, ours: number): void {
  if (rows > 0 || ours === 0) return;
  throw new ElwatchError('source-empty', `${what} has no row, and our list has ${ours} entries`, {
    retry: true,
    hint: 'nothing was compared; open the source and look: its form may have changed',
  });
}
