import { matchFilter } from '../list/match-filter.ts';
import type { Subscription, ToldHit } from '../model.ts';
import type { Parts } from '../parts.ts';
import { hitsOfChangeSet, type NamedHit } from '../store/screening.ts';
import { readToldSource } from './read-told-source.ts';
import type { ToldChangeSet } from './told.ts';

/** A change set as a subscription is told of it. */
export async function findToldChangeSet(
  parts: Parts,
  changeSetId: string,
  subscription: Subscription,
): Promise<ToldChangeSet> {
  const source = await readToldSource(parts, changeSetId);
  const all = source.changes;
  const { organisationId, filter } = subscription;
  const hits =
    filter.watchlists.length === 0
      ? []
      : await hitsOfChangeSet(parts.db, changeSetId, organisationId, filter.watchlists);
  const hit = new Set(hits.map(({ changeSeq }) => changeSeq));
  const matching =
    filter.watchlists.length === 0
      ? source.matching(filter)
      : matchFilter(
          filter,
          all.filter(({ seq }) => hit.has(seq)),
        );
  // A follow-up to a notice goes to all who got it; where nothing meets the filter, all of it is shown.
  const shown = matching.length > 0 ? matching : all;
  const seqs = new Set<number | null>(shown.map(({ seq }) => seq));
  return {
    changeSet: source.changeSet,
    changes: shown,
    allChangesCount: all.length,
    earlier: source.earlier,
    corrected: source.corrected,
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
