import { foldName } from '../fold.ts';
import type { StoredChange, SubscriptionFilter } from '../model.ts';

/**
 * The changes that a subscription wants of one document: by list, destination, kind and words, and none at all
 * where fewer than its minimum match. Editorial fixes only where it names them. Watchlists are for the caller,
 * who knows what they hit.
 */
export function matchFilter(filter: SubscriptionFilter, changes: readonly StoredChange[]): StoredChange[] {
  const kinds = filter.kinds.length === 0 ? ['added', 'revised', 'removed'] : filter.kinds;
  const keywords = filter.keywords.map(foldName).filter((keyword) => keyword !== '');
  const matching = changes.filter(
    (change) =>
      (filter.lists.length === 0 || filter.lists.includes(change.list)) &&
      (filter.countries.length === 0 || isUnder(change, filter.countries)) &&
      kinds.includes(change.kind) &&
      (keywords.length === 0 || mentions(change, keywords)),
  );
  return matching.length >= filter.minimumCount ? matching : [];
}

/** An entry that leaves a destination concerns those who watch it. */
function isUnder(change: StoredChange, countries: readonly string[]): boolean {
  return [change.country, change.movedFrom?.country ?? null].some(
    (country) => country !== null && countries.includes(country),
  );
}

/** Both of what it was and what it is: a name that is taken off an entry matters to whoever watches that name. */
function mentions(change: StoredChange, keywords: readonly string[]): boolean {
  const texts = [change.name];
  for (const text of [change.before, change.after])
    if (text)
      texts.push(
        text.name,
        ...text.aliases,
        ...text.addresses,
        text.licenseRequirement,
        text.licenseReviewPolicy,
      );
  return texts.some((text) => {
    const folded = foldName(text);
    return keywords.some((keyword) => folded.includes(keyword));
  });
}
