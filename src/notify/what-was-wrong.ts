import { matchFilter } from '../list/match-filter.ts';
import type { ChangeSet, StoredChange, Subscription } from '../model.ts';
import type { Parts } from '../parts.ts';
import { changesOf } from '../store/changes.ts';

/**
 * Tells, for a correction, whether a message of ours said to a subscription what it corrects: the corrected change
 * meets its filter, or what is right now would have been in it. Who was told of other entries of the same document
 * was told nothing wrong.
 *
 * @param chain what was told before, the nearest first
 */
export async function readWhatWasWrong(
  parts: Parts,
  corrections: readonly StoredChange[],
  chain: readonly ChangeSet[],
): Promise<(subscription: Subscription) => boolean> {
  const corrected = new Set(corrections.map(({ ofSeq }) => ofSeq));
  const told = (await Promise.all(chain.map(({ changeSetId }) => changesOf(parts.db, changeSetId)))).flat();
  const wrong = told.filter(({ seq }) => corrected.has(seq));
  return ({ filter }) => {
    // What was hit on a watchlist then is not what is hit now; whoever was told is told.
    if (filter.watchlists.length > 0) return true;
    // The minimum is of a whole document; it was met when the message was sent.
    const any = { ...filter, minimumCount: 1 };
    return matchFilter(any, [...wrong, ...corrections]).length > 0;
  };
}
