import type { Kysely } from 'kysely';
import type { StoredChange, Subscription } from '../model.ts';
import type { Schema } from '../store/schema.ts';
import { changeHits } from '../store/screening.ts';

/** Tells, for some subscriptions, the changes that hit a watchlist which decides what a subscription is told. */
export async function readChangesHit(
  db: Kysely<Schema>,
  subscriptions: readonly Subscription[],
  changeSetId: string,
  changes: readonly StoredChange[],
): Promise<(subscription: Subscription) => StoredChange[]> {
  const watched = new Set(subscriptions.flatMap(({ filter }) => filter.watchlists));
  const hits = new Map<string, Set<number>>();
  for (const hit of await changeHits(db, changeSetId, [...watched]))
    hits.set(keyOf(hit), (hits.get(keyOf(hit)) ?? new Set()).add(hit.changeSeq));
  return ({ organisationId, filter }) => {
    // A watchlist of another organisation hits nothing, whoever names it.
    const theirs = filter.watchlists.map((watchlistId) => hits.get(keyOf({ organisationId, watchlistId })));
    return changes.filter(({ seq }) => theirs.some((hit) => hit?.has(seq)));
  };
}

function keyOf({ organisationId, watchlistId }: { organisationId: string; watchlistId: string }): string {
  return JSON.stringify([organisationId, watchlistId]);
}
