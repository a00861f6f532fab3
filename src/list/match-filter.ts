import type { StoredChange, SubscriptionFilter } from '../model.ts';

/**
 * The changes that a subscriber wants of one document: by destination and kind, and none at all where fewer
 * than the minimum are left.
 */
export function matchFilter(filter: SubscriptionFilter, changes: readonly StoredChange[]): StoredChange[] {
  const matching = changes.filter(
    (change) =>
      (filter.countries.length === 0 ||
        (change.country !== null && filter.countries.includes(change.country))) &&
      (filter.kinds.length === 0 || filter.kinds.includes(change.kind)),
  );
  return matching.length >= filter.minimumCount ? matching : [];
}
