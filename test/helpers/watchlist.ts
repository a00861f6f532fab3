import { expect } from 'vitest';
import { loadWatchlist } from '../../src/load-watchlist.ts';
import type { Watchlist } from '../../src/model.ts';
import type { Parts } from '../../src/parts.ts';
import { addWatchlist, findWatchlist } from '../../src/store/watchlists.ts';
import { spoolUpload } from '../../src/watchlist/spool.ts';
import { inPieces } from './upload.ts';

/** Loads a CSV file into a watchlist of the operator, or of another organisation, and makes it where it is new. */
export async function uploadCsv(
  parts: Parts,
  name: string,
  csv: string,
  {
    organisationId = 'operator',
    threshold = null,
  }: { organisationId?: string; threshold?: number | null } = {},
): Promise<Watchlist> {
  const watchlist =
    (await findWatchlist(parts.db, organisationId, name)) ??
    (await addWatchlist(parts.db, { organisationId, name, threshold, createdAt: parts.now() }));
  const file = await spoolUpload(inPieces(Buffer.from(csv)));
  try {
    const loaded = await loadWatchlist(parts, watchlist, file, { who: 'test' });
    expect(loaded).toMatchObject({ isTaken: true });
    return loaded.isTaken ? loaded.watchlist : watchlist;
  } finally {
    await file.remove();
  }
}
