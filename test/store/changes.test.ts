import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changeSetsOf, findChangeSet, latestChangeSets, nextRevision } from '../../src/store/change-sets.ts';
import { appendChangeSet, changesAfter, changesOf, changesOfEntry } from '../../src/store/changes.ts';
import {
  currentEntries,
  earliestDay,
  entriesAsOf,
  findEntry,
  writeEntries,
} from '../../src/store/entries.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';
import { makeBaseline, makeChange, makeChangeSet, makeEntry, makeText } from './facts.ts';

describe.each(backends)('changes and lists on $name', ({ name, open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(() => database.empty());
  afterAll(() => database.close());
  const db = () => database.kysely;
  const append = (...args: [Parameters<typeof appendChangeSet>[1], Parameters<typeof appendChangeSet>[2]]) =>
    inTransaction(db(), (tx) => appendChangeSet(tx, ...args));

  test('a change set and its changes come back as they went in, numbered in order', async () => {
    const changes = ['a', 'b', 'c'].map((entryId) =>
      makeChange({ entryId, after: makeText({ name: entryId }) }),
    );
    const stored = await append(makeChangeSet(), changes);
    const seqs = stored.changes.map(({ seq }) => seq);
    expect(seqs).toEqual([seqs[0], seqs[0]! + 1, seqs[0]! + 2]);
    expect(stored.changeSet).toMatchObject({ firstSeq: seqs[0], lastSeq: seqs[2] });
    expect(await changesOf(db(), 'set-1')).toEqual(stored.changes);
    expect(await findChangeSet(db(), 'set-1')).toEqual({ ...stored.changeSet, revision: 1 });
    expect(await changesOfEntry(db(), 'b')).toEqual([stored.changes[1]]);
    expect(await findChangeSet(db(), 'none')).toBeNull();
  });

  test('a notice about a held document has no changes, and what follows it is revision 2', async () => {
    await append(makeChangeSet({ outcome: 'held' }), []);
    expect(await nextRevision(db(), '2025-05427', '2025-03-28')).toBe(2);
    await append(makeChangeSet({ changeSetId: 'set-2', follows: 'set-1' }), [makeChange()]);
    const sets = await changeSetsOf(db(), '2025-05427', '2025-03-28');
    expect(
      sets.map(({ changeSetId, revision, firstSeq }) => [changeSetId, revision, firstSeq === null]),
    ).toEqual([
      ['set-1', 1, true],
      ['set-2', 2, false],
    ]);
  });

  test('a reader that follows the numbers gets everything once, without the baseline unless asked', async () => {
    await append(makeBaseline(), [makeChange()]);
    await append(makeChangeSet(), [
      makeChange({ entryId: 'x' }),
      makeChange({ entryId: 'y', list: 'unverified-list' }),
    ]);
    const news = await changesAfter(db(), { after: 0, limit: 10 });
    expect(news.map(({ entryId }) => entryId)).toEqual(['x', 'y']);
    expect(await changesAfter(db(), { after: news[0]!.seq, limit: 10 })).toEqual([news[1]]);
    expect(await changesAfter(db(), { after: 0, limit: 10, list: 'unverified-list' })).toEqual([news[1]]);
    expect(await changesAfter(db(), { after: 0, limit: 10, includeBaseline: true })).toHaveLength(3);
    expect(await changesAfter(db(), { after: 0, limit: 1 })).toHaveLength(1);
  });

  test('the latest change sets come newest first, filtered by document and time', async () => {
    await append(makeBaseline({ knownAt: '2025-01-01T00:00:00.000Z' }), []);
    await append(makeChangeSet({ knownAt: '2025-02-01T00:00:00.000Z' }), [makeChange()]);
    await append(makeChangeSet({ changeSetId: 'set-2', knownAt: '2025-03-01T00:00:00.000Z' }), [
      makeChange(),
    ]);
    const ids = async (filter: Parameters<typeof latestChangeSets>[1]) =>
      (await latestChangeSets(db(), filter)).map(({ changeSetId }) => changeSetId);
    expect(await ids({ limit: 10 })).toEqual(['set-2', 'set-1']);
    expect(await ids({ limit: 10, includeBaseline: true })).toEqual(['set-2', 'set-1', 'baseline']);
    expect(await ids({ limit: 10, since: '2025-02-15T00:00:00.000Z' })).toEqual(['set-2']);
    expect(await ids({ limit: 10, document: 'other' })).toEqual([]);
  });

  test('changes are append-only: the database itself refuses to rewrite them', async () => {
    await append(makeChangeSet(), [makeChange()]);
    await expect(db().updateTable('change').set({ name: 'x' }).execute()).rejects.toThrow(/append-only/u);
    await expect(db().deleteFrom('change').execute()).rejects.toThrow(/append-only/u);
    await expect(sql`truncate change`.execute(db())).rejects.toThrow(/append-only/u);
    await expect(appendChangeSet(db(), makeChangeSet({ changeSetId: 'x' }), [])).rejects.toThrow(
      /transaction/u,
    );
  });

  test('a transaction that fails leaves neither changes nor entries', async () => {
    const failing = inTransaction(db(), async (tx) => {
      await appendChangeSet(tx, makeChangeSet(), [makeChange()]);
      await writeEntries(tx, { upsert: [makeEntry()], removeIds: [] });
      throw new Error('afterwards');
    });
    await expect(failing).rejects.toThrow('afterwards');
    expect(await currentEntries(db())).toEqual([]);
    expect(await changesAfter(db(), { after: 0, limit: 1 })).toEqual([]);
  });

  test('numbers are committed in order, however many append at once', async () => {
    let last = 0;
    const seen: number[] = [];
    let writing = true;
    const reader = (async () => {
      while (writing || seen.length < 40) {
        for (const { seq } of await changesAfter(db(), { after: last, limit: 100 })) {
          seen.push(seq);
          last = seq;
        }
      }
    })();
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    const stored = await Promise.all(
      numbers.map((n) => append(makeChangeSet({ changeSetId: `set-${n}` }), [makeChange(), makeChange()])),
    );
    writing = false;
    await reader;
    const all = stored.flatMap(({ changes }) => changes.map(({ seq }) => seq)).sort((a, b) => a - b);
    expect(seen).toEqual(all);
    const revisions = await changeSetsOf(db(), '2025-05427', '2025-03-28');
    expect(revisions.map(({ revision }) => revision)).toEqual(numbers.map((n) => n + 1));
  });

  test('entries are added, replaced and removed', async () => {
    const one = makeEntry();
    const two = makeEntry({ entryId: 'entry-2', name: 'Zhongke', list: 'unverified-list' });
    await writeEntries(db(), { upsert: [one, two], removeIds: [] });
    const renamed = makeEntry({ name: 'Inspur Group Co.', footnotes: [] });
    await writeEntries(db(), { upsert: [renamed], removeIds: ['entry-2', 'never-there'] });
    const { nameKey: _, ...expected } = renamed;
    expect(await currentEntries(db())).toEqual([expected]);
    expect(await currentEntries(db(), 'unverified-list')).toEqual([]);
    expect(await findEntry(db(), 'entry-1')).toEqual(expected);
    expect(await findEntry(db(), 'entry-2')).toBeNull();
  });

  test('a list can be had as it stood on any day since its baseline', async () => {
    const text = (name: string) => makeText({ name });
    expect(await earliestDay(db(), 'entity-list')).toBeNull();
    await append(makeBaseline({ effectiveOn: '2025-01-01' }), [
      makeChange({ entryId: 'a', after: text('A') }),
      makeChange({ entryId: 'b', after: text('B') }),
    ]);
    // Known first, in effect last: the two clocks are apart.
    await append(makeChangeSet({ changeSetId: 'later', effectiveOn: '2025-03-01' }), [
      makeChange({ kind: 'removed', entryId: 'a', before: text('A'), after: null }),
    ]);
    await append(makeChangeSet({ changeSetId: 'earlier', effectiveOn: '2025-02-01' }), [
      makeChange({ kind: 'revised', entryId: 'a', before: text('A'), after: text('A2'), fields: ['name'] }),
      makeChange({ entryId: 'c', after: text('C') }),
    ]);
    const namesOn = async (day: string) =>
      (await entriesAsOf(db(), 'entity-list', day)).map(({ name }) => name);
    expect(await namesOn('2024-12-31')).toEqual([]);
    expect(await namesOn('2025-01-01')).toEqual(['A', 'B']);
    expect(await namesOn('2025-02-01')).toEqual(['A2', 'B', 'C']);
    expect(await namesOn('2025-03-01')).toEqual(['B', 'C']);
    expect(await earliestDay(db(), 'entity-list')).toBe('2025-01-01');
    expect(await earliestDay(db(), 'unverified-list')).toBeNull();
    const [first] = await entriesAsOf(db(), 'entity-list', '2025-01-01');
    const { nameKey: _, ...entry } = makeEntry({ entryId: 'a', name: 'A' });
    expect(first).toEqual(entry);
  });

  test('a baseline of 3,500 entries is stored within seconds', async () => {
    const numbers = Array.from({ length: 3_500 }, (_, n) => n);
    const startedAt = performance.now();
    await inTransaction(db(), async (tx) => {
      await appendChangeSet(
        tx,
        makeBaseline(),
        numbers.map((n) => makeChange({ entryId: `e-${n}`, after: makeText({ name: `Firm ${n}` }) })),
      );
      const upsert = numbers.map((n) => makeEntry({ entryId: `e-${n}`, name: `Firm ${n}` }));
      await writeEntries(tx, { upsert, removeIds: [] });
    });
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(`${name}: a baseline of 3,500 entries is stored in ${seconds.toFixed(2)} s`);
    expect(seconds).toBeLessThan(10);
    expect(await entriesAsOf(db(), 'entity-list', '2025-03-28')).toHaveLength(3_500);
    const removeIds = numbers.map((n) => `e-${n}`);
    await writeEntries(db(), { upsert: [], removeIds });
    expect(await currentEntries(db())).toEqual([]);
  });
});
