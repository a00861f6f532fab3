import { matchFilter } from '../list/match-filter.ts';
import type { Subscription, ToldHit } from '../model.ts';
import type { Parts } from '../parts.ts';
import { chainBefore } from '../store/change-chain.ts';
import { findChangeSet } from '../store/change-sets.ts';
import { changesOf } from '../store/changes.ts';
import { hitsOfChangeSet, type NamedHit } from '../store/screening.ts';
import type { ToldChangeSet } from './told.ts';

/** A change set as a subscription is told of it. */
export async function findToldChangeSet(
  parts: Parts,
  changeSetId: string,
  subscription: Subscription,
): Promise<ToldChangeSet> {
  const changeSet = await findChangeSet(parts.db, changeSetId);
  if (changeSet === null) throw new Error(`the change set ${changeSetId} is missing`);
  const all = await changesOf(parts.db, changeSetId);
  const { organisationId, filter } = subscription;
  const hits = await hitsOfChangeSet(parts.db, changeSetId, organisationId, filter.watchlists);
  const hit = new Set(hits.map(({ changeSeq }) => changeSeq));
  const matching = matchFilter(
    filter,
    filter.watchlists.length > 0 ? all.filter(({ seq }) => hit.has(seq)) : all,
  );
  // A follow-up to a notice goes to all who got it; where nothing meets the filter, all of it is shown.
  const shown = matching.length > 0 ? matching : all;
  const seqs = new Set<number | null>(shown.map(({ seq }) => seq));
  return {
    changeSet,
    changes: shown,
    allChangesCount: all.length,
    earlier: await chainBefore(parts.db, changeSet),
    hits: hits.filter(({ changeSeq }) => seqs.has(changeSeq)).map(toTold),
  };
}

function toTold(hit: NamedHit): ToldHit {
  const { watchlistId, watchlistName, rowNumber, ref, theirName, entryName, changeSeq, score } = hit;
  const { matched, reasons, countryAgrees } = hit;
  return {
    ...{ watchlistId, watchlistName, rowNumber, ref, theirName, entryName, changeSeq, score },
    ...{ matched, reasons, countryAgrees },
  };
}
