import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBaseline } from '../src/baseline.ts';
import { type StandIn, startStandIn } from '../src/demo/stand-in.ts';
import { ingest } from '../src/ingest.ts';
import { entryHash, stateHash } from '../src/list/state-hash.ts';
import { LIST_NAMES, type ListName, type PlacedEntry } from '../src/model.ts';
import type { Parts } from '../src/parts.ts';
import { rebuild } from '../src/rebuild.ts';
import { changeSetsOf } from '../src/store/change-sets.ts';
import { latestSeq } from '../src/store/changes.ts';
import { currentEntries, entriesAsOf } from '../src/store/entries.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { openParts } from './helpers/parts.ts';
import { BASELINE, expectedAfter, SCRIPT } from './helpers/replay-script.ts';

const FROM = '2031-01-01';

const hashOf = (entries: readonly PlacedEntry[], list: ListName) =>
  stateHash(entries.filter((entry) => entry.list === list).map(entryHash));
const hashesOf = (entries: readonly PlacedEntry[]) =>
  Object.fromEntries(LIST_NAMES.map((list) => [list, hashOf(entries, list)]));

/** Entries without our ids, in an order of their own. */
function plainly(entries: readonly PlacedEntry[]): string[] {
  return entries
    .map(({ list, destination, country, name, ...text }) =>
      JSON.stringify({
        list,
        destination,
        country,
        name,
        aliases: text.aliases,
        addresses: text.addresses,
        seeAlso: text.seeAlso,
        licenseRequirement: text.licenseRequirement,
        licenseReviewPolicy: text.licenseReviewPolicy,
        footnotes: text.footnotes,
        citations: text.citations.map(({ volume, page, on }) => [volume, page, on]),
      }),
    )
    .sort();
}

describe('a script of rules in all forms, over HTTP into a store', () => {
  let database: TestDatabase;
  let upstream: StandIn;
  let outbox: string;
  let parts: Parts;
  let now = `${FROM}T14:00:00.000Z`;

  beforeAll(async () => {
    database = await backends[0]!.open();
    outbox = await mkdtemp(join(tmpdir(), 'elwatch-replay-'));
    upstream = await startStandIn({ documents: [], supplements: [], today: '2033-12-31' });
    parts = openParts({ database, upstream, outbox, now: () => now });
    for (const list of LIST_NAMES)
      await loadBaseline(parts, {
        list,
        on: FROM,
        entries: BASELINE.filter((entry) => entry.list === list),
        issues: [],
      });
  });
  afterAll(async () => {
    await parts.email.close();
    await upstream.close();
    await database.close();
    await rm(outbox, { recursive: true, force: true });
  });

  it('has at least forty rules and sixty entries', () => {
    expect(SCRIPT.length).toBeGreaterThanOrEqual(40);
    expect(BASELINE.length).toBeGreaterThanOrEqual(60);
  });

  for (const [at, act] of SCRIPT.entries())
    it(`${act.outcome === 'applied' ? 'applies' : act.outcome === 'held' ? 'holds' : 'ignores'} ${act.number}: ${act.what}`, async () => {
      upstream.addDocument(act.document);
      now = `${act.publishedOn}T14:00:00.000Z`;
      const done = await ingest(parts, act.number, act.publishedOn);
      expect(done).toMatchObject({ outcome: act.outcome });
      const expected = expectedAfter(SCRIPT.slice(0, at + 1));
      const found = await currentEntries(parts.db);
      expect(plainly(found)).toEqual(plainly(expected));
      const sets = await changeSetsOf(parts.db, act.number, act.publishedOn);
      for (const { outcome, stateHashes } of sets)
        if (outcome === 'applied') expect(hashesOf(expected)).toMatchObject(stateHashes ?? { none: true });
    });

  it('stands on each day as the rules said it would', async () => {
    const days = new Set(SCRIPT.flatMap((act) => act.turns.map((turn) => turn.on)));
    for (const on of [FROM, ...days]) {
      const found = (await Promise.all(LIST_NAMES.map((list) => entriesAsOf(parts.db, list, on)))).flat();
      expect(plainly(found), on).toEqual(plainly(expectedAfter(SCRIPT, on)));
    }
  });

  it('changes nothing when every document comes again, in another order', async () => {
    const before = [await latestSeq(parts.db), hashesOf(await currentEntries(parts.db))];
    const again = [...SCRIPT].sort((a, b) =>
      a.number.split('').reverse().join('') < b.number.split('').reverse().join('') ? -1 : 1,
    );
    for (const act of again) {
      now = `2033-12-30T14:00:00.000Z`;
      const done = await ingest(parts, act.number, act.publishedOn);
      expect(done.outcome, act.what).toBe(act.outcome === 'held' ? 'held' : 'unchanged');
    }
    expect([await latestSeq(parts.db), hashesOf(await currentEntries(parts.db))]).toEqual(before);
  });

  it('is rebuilt from its changes to the same hashes', async () => {
    const rebuilt = await rebuild(parts, { write: false });
    expect(rebuilt).toMatchObject({ disagreements: [], strayed: [], written: false });
    expect(rebuilt.hashes).toEqual(hashesOf(expectedAfter(SCRIPT)));
  });
});
