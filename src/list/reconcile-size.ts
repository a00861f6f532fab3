import { ElwatchError } from '../errors.ts';

/** A source may lose one row in a hundred between two looks (sources, §6: half the list once vanished for days). */
const MOST_LOST = 0.01;

export interface Size {
  /** What is counted, for the message: "eCFR's entity-list". */
  what: string;
  rows: number;
  /** Rows of the last accepted look; null before any. */
  before: number | null;
  /** Rows that rules took off the list since then: these may go. */
  removed?: number;
  /** Names of some rows that are gone, for the message. */
  lost?: readonly string[];
}

/**
 * Refuses what lost more than 1 % of its rows, but for those that rules removed.
 *
 * @throws ElwatchError `source-shrank`
 */
export function assertNotShrunk({ what, rows, before, removed = 0, lost = [] }: Size): void {
  if (before === null || rows >= (before - removed) * (1 - MOST_LOST)) return;
  const share = ((100 * (before - rows)) / before).toFixed(1);
  const names =
    lost.length > 0
      ? `, among them ${lost
          .slice(0, 3)
          .map((name) => `“${name}”`)
          .join(', ')}`
      : '';
  throw new ElwatchError(
    'source-shrank',
    `${what} has ${rows} rows where it had ${before} (${share} % fewer${removed > 0 ? `; rules removed ${removed}` : ''})${names}`,
    {
      retry: true,
      hint: 'nothing was compared and the last good snapshot is kept; where the source is right, run elwatch audit --accept-shrink',
    },
  );
}
