import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBaseline, fetchBaseline, fetchBulkBaseline, loadBaseline } from '../src/baseline.ts';
import type { StandIn } from '../src/demo/stand-in.ts';
import { ElwatchError } from '../src/errors.ts';
import type { Parts } from '../src/parts.ts';
import { currentEntries, earliestDay } from '../src/store/entries.ts';
import { listSourceStates } from '../src/store/source-state.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { readFixture } from './helpers/fixtures.ts';
import { openParts } from './helpers/parts.ts';
import { openUpstream } from './helpers/upstream.ts';

const XML = readFixture('list/supplement-4-2025-03-24.xml.gz');
const FULL = '/api/versioner/v1/full';

describe('a list starts', () => {
  let database: TestDatabase;
  let outbox: string;
  let upstream: StandIn;
  let parts: Parts;

  beforeAll(async () => {
    database = await backends[0]!.open();
    outbox = await mkdtemp(join(tmpdir(), 'elwatch-baseline-'));
  });
  afterAll(async () => {
    await database.close();
    await rm(outbox, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await database.empty();
    upstream = await openUpstream({
      supplements: [{ list: 'entity-list', from: '2025-03-24', xml: XML }],
      today: '2025-04-02',
    });
    upstream.hasBulkFile = true;
    parts = openParts({ database, upstream, outbox, now: () => '2025-04-02T14:00:00.000Z' });
  });

  it('from eCFR on the day before the window of a poll', async () => {
    expect(await ensureBaseline(parts)).toBe(true);
    expect(await earliestDay(parts.db, 'entity-list')).toBe('2025-03-25');
    expect(await currentEntries(parts.db, 'entity-list')).toHaveLength(3_267);
  });

  it('from the bulk file of the whole title, with its own day, and says the same entries', async () => {
    const bulk = await fetchBulkBaseline(parts, 'entity-list');
    const { entries } = await fetchBaseline(parts, 'entity-list', '2025-03-24');
    expect(bulk).toMatchObject({ list: 'entity-list', on: '2025-04-02' });
    expect(bulk.entries).toEqual(entries);
    expect(await loadBaseline(parts, bulk)).toMatchObject({ entries: 3_267, stateOn: '2025-04-02' });
  });

  it('from the bulk file where the versioner does not answer', async () => {
    upstream.failNext(FULL, 403, 6);
    expect(await ensureBaseline(parts)).toBe(true);
    expect(await earliestDay(parts.db, 'entity-list')).toBe('2025-04-02');
  });

  it('not at all where the service ends meanwhile, and that is no failure of the source', async () => {
    const closed = new ElwatchError('closing', 'given up', { retry: true, hint: 'none' });
    const ecfr = {
      ...parts.ecfr,
      upToDateAsOf: () => Promise.reject(closed),
      fetchSupplement: () => Promise.reject(closed),
    };
    await expect(ensureBaseline({ ...parts, ecfr })).rejects.toBe(closed);
    expect((await listSourceStates(parts.db)).every(({ failure }) => failure === null)).toBe(true);
  });

  it('not at all while the title is half updated, and the failure is on record', async () => {
    upstream.processing = true;
    expect(await ensureBaseline(parts)).toBe(false);
    expect(await currentEntries(parts.db)).toEqual([]);
    const state = (await listSourceStates(parts.db)).find(({ source }) => source === 'ecfr');
    expect(state?.failure).toMatch(/503/u);
  });
});
