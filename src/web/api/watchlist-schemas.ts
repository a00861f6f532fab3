import { z } from 'zod';
import { LIST_NAMES } from '../../model.ts';
import { changeKind, day, digits, flag, instantOut, limit, listName } from './schemas.ts';

/** The words of the API about watchlists, their runs, hits and decisions. */

const threshold = z
  .number()
  .min(0.5)
  .max(1)
  .nullable()
  .meta({ description: 'Hits below it are left out; null for the default of the matcher.' });
const watchlistName = z.string().trim().min(1).max(80);

export const Watchlist = z
  .object({
    watchlistId: z.string(),
    name: z.string(),
    threshold,
    version: z.int().meta({ description: 'Counts the uploads; 0 before the first.' }),
    sha256: z.string().nullable().meta({ description: 'Of the bytes of the last upload.' }),
    rows: z.int(),
    createdAt: instantOut,
    uploadedAt: instantOut.nullable(),
    uploadedBy: z.string().nullable(),
  })
  .meta({ id: 'Watchlist' });

export const NewWatchlist = z
  .strictObject({ name: watchlistName, threshold: threshold.default(null) })
  .meta({ example: { name: 'suppliers', threshold: null } });
export const WatchlistEdit = z
  .strictObject({ name: watchlistName.optional(), threshold: threshold.optional() })
  .refine((edit) => Object.keys(edit).length > 0, 'needs a name or a threshold')
  .meta({ example: { threshold: 0.9 } });

export const Run = z
  .object({
    runId: z.string(),
    watchlistId: z.string(),
    version: z.int(),
    sha256: z.string(),
    cause: z.enum(['upload', 'demand', 'rule']),
    changeSetId: z.string().nullable(),
    stateHashes: z.partialRecord(z.enum(LIST_NAMES), z.string()).meta({
      description: 'State hash of each list that was compared.',
    }),
    lastSeq: z.int(),
    matcherVersion: z.string(),
    threshold: z.number(),
    names: z.int(),
    entries: z.int(),
    hits: z.int().meta({ description: 'In all; also where it is 0 the run is kept as evidence.' }),
    hidden: z.int().meta({ description: 'Of the hits, those that a decision hid.' }),
    startedAt: instantOut,
    endedAt: instantOut,
  })
  .meta({ id: 'ScreeningRun' });

export const WatchlistHit = z
  .object({
    hitId: z.int(),
    runId: z.string(),
    rowNumber: z
      .int()
      .meta({ description: 'Line of a CSV or NDJSON file, row of a sheet, place in an array.' }),
    ref: z.string().meta({ description: 'Your own id of the counterparty; empty without one.' }),
    theirName: z.string(),
    theirCountry: z.string().nullable(),
    entryId: z.string(),
    entryName: z.string(),
    list: listName,
    destination: z.string(),
    country: z.string().nullable(),
    changeSeq: z.int().nullable(),
    changeKind: changeKind.nullable(),
    score: z.number(),
    matched: z.object({ field: z.enum(['name', 'alias', 'address']), ours: z.string(), theirs: z.string() }),
    reasons: z.array(z.string()),
    countryAgrees: z.boolean().nullable(),
    decisionId: z.string().nullable(),
    isHidden: z.boolean(),
  })
  .meta({ id: 'WatchlistHit' });

export const Decision = z
  .object({
    decisionId: z.string(),
    entryId: z.string(),
    entryName: z.string(),
    theirName: z.string(),
    verdict: z.literal('not-a-match'),
    reason: z.string(),
    who: z.string(),
    madeAt: instantOut,
    expiresOn: z.string().nullable().meta({ format: 'date' }),
    endedAt: instantOut.nullable(),
  })
  .meta({ id: 'Decision' });
export const NewDecision = z
  .strictObject({
    hitId: z.int().min(1),
    reason: z.string().trim().min(3).max(1_000),
    expiresOn: day.nullable().default(null).meta({ description: 'The last day on which it hides the hit.' }),
  })
  .meta({ example: { hitId: 17, reason: 'Another company: other owners, other town', expiresOn: null } });

const Faults = z.object({
  count: z.int(),
  first: z.array(z.object({ row: z.int(), code: z.string(), message: z.string() })),
});
export const Upload = z
  .object({
    isTaken: z.boolean().meta({ description: 'False where rows have faults: then nothing was changed.' }),
    watchlist: Watchlist,
    format: z.enum(['csv', 'xlsx', 'json']),
    encoding: z.string(),
    rows: z.int().meta({ description: 'Rows without a fault.' }),
    faults: Faults,
    notes: Faults.meta({ description: 'Rows that were taken with something to know.' }),
    ignoredColumns: z.array(z.string()),
    run: Run.nullable().meta({
      description: 'The comparison with all lists; null where it is still to come.',
    }),
  })
  .meta({ id: 'WatchlistUpload' });

export const Page = z.strictObject({
  limit: limit(1_000, 100),
  offset: digits.default(0),
  hidden: flag.meta({ description: 'Whether hits that a decision hides are told too.' }),
});
