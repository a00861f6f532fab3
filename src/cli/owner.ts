import type { App } from '../app.ts';
import { ElwatchError } from '../errors.ts';
import type { Watchlist } from '../model.ts';
import { findOrganisation } from '../store/organisations.ts';
import { findWatchlist } from '../store/watchlists.ts';

/** Whose watchlists or subscriptions are meant: the id of an organisation. */
export interface Owner {
  organisation: string;
}

/** @throws ElwatchError `organisation-unknown` */
export async function assertOrganisation({ parts }: App, { organisation }: Owner): Promise<void> {
  if ((await findOrganisation(parts.db, organisation)) !== null) return;
  throw new ElwatchError('organisation-unknown', `there is no organisation “${organisation}”`, {
    retry: false,
    hint: 'elwatch organisations list shows them all, and elwatch organisations add makes one',
  });
}

/**
 * A watchlist by its name or id.
 *
 * @throws ElwatchError `watchlist-unknown`
 */
export async function needWatchlist(
  { parts }: App,
  nameOrId: string,
  { organisation }: Owner,
): Promise<Watchlist> {
  const watchlist = await findWatchlist(parts.db, organisation, nameOrId);
  if (watchlist !== null) return watchlist;
  throw new ElwatchError('watchlist-unknown', `${organisation} has no watchlist “${nameOrId}”`, {
    retry: false,
    hint: 'elwatch watchlists list shows them all',
  });
}
