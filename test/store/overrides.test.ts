import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isHistory, quietOldChangeSets } from '../../src/store/backfill.ts';
import { changeSetsToNotify } from '../../src/store/change-sets.ts';
import { appendChangeSet } from '../../src/store/changes.ts';
import { upsertDocument } from '../../src/store/documents.ts';
import { addOverride, endOverrides, overridesOf } from '../../src/store/overrides.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';
import { makeChangeSet, makeHead } from './facts.ts';

const at = (minute: number) => `2025-03-29T10:${String(minute).padStart(2, '0')}:00.000Z`;
const decision = { reason: 'looked at', who: 'ana', madeAt: at(0) };

describe.each(backends)('overrides on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  test('count from when they are made, in that order, for one document of one day', async () => {
    const { kysely } = database;
    const of = { number: '2025-00001', publishedOn: '2025-03-28' };
    await addOverride(kysely, { ...of, ...decision, kind: 'replace', find: 'colour', by: 'color' });
    await addOverride(kysely, { ...of, ...decision, kind: 'accept' });
    await addOverride(kysely, { ...of, ...decision, publishedOn: '1999-03-28', kind: 'ignore' });
    const rows = await overridesOf(kysely, of.number, of.publishedOn);
    expect(rows).toMatchObject([
      { ...of, kind: 'replace', find: 'colour', by: 'color', who: 'ana', madeAt: at(0), endedAt: null },
      { ...of, kind: 'accept', find: null, by: null, reason: 'looked at' },
    ]);
    expect(rows[0]!.id).toBeLessThan(rows[1]!.id);
    expect(await overridesOf(kysely, '2025-00002', of.publishedOn)).toEqual([]);
  });

  test('end together and stay on record', async () => {
    const { kysely } = database;
    const of = { number: '2025-00003', publishedOn: '2025-03-28' };
    await addOverride(kysely, { ...of, ...decision, kind: 'accept' });
    await addOverride(kysely, { ...of, ...decision, kind: 'ignore' });
    expect(await endOverrides(kysely, of.number, of.publishedOn, at(5))).toBe(2);
    expect(await endOverrides(kysely, of.number, of.publishedOn, at(6))).toBe(0);
    expect(await overridesOf(kysely, of.number, of.publishedOn)).toEqual([]);
    const all = await overridesOf(kysely, of.number, of.publishedOn, { ended: true });
    expect(all.map((row) => row.endedAt)).toEqual([at(5), at(5)]);
    await addOverride(kysely, { ...of, ...decision, kind: 'accept' });
    expect(await overridesOf(kysely, of.number, of.publishedOn)).toHaveLength(1);
  });

  test('keep hostile words as they are', async () => {
    const { kysely } = database;
    const of = { number: '2025-00004', publishedOn: '2025-03-28' };
    const find = `'; drop table override; -- <AMDPAR>&amp; “Ünï” \\`;
    await addOverride(kysely, { ...of, ...decision, kind: 'replace', find, by: '' });
    expect(await overridesOf(kysely, of.number, of.publishedOn)).toMatchObject([{ find, by: '' }]);
  });

  test('a kind that is none is refused', async () => {
    const of = { number: '2025-00005', publishedOn: '2025-03-28' };
    await expect(
      addOverride(database.kysely, { ...of, ...decision, kind: 'destroy' as 'accept' }),
    ).rejects.toThrow();
  });

  test('change sets of documents first seen late are told to nobody, and only those', async () => {
    const { kysely } = database;
    const seen = async (number: string, publishedOn: string, firstSeenAt: string) => {
      const head = makeHead({ number, publishedOn });
      await upsertDocument(kysely, head, firstSeenAt);
      const set = makeChangeSet({
        changeSetId: `${publishedOn}.${number}.1`,
        document: head,
        knownAt: at(1),
      });
      await kysely.transaction().execute((tx) => appendChangeSet(tx, set, []));
    };
    await seen('2025-00010', '2025-03-28', at(0));
    await seen('2025-00011', '2025-03-15', at(0));
    await seen('2025-00012', '2025-03-14', at(0));
    await seen('2025-00013', '2022-03-14', at(0));
    // Midnight in London is still the day before in Washington.
    await seen('2025-00014', '2025-03-14', '2025-03-29T01:00:00.000Z');
    await seen('2025-00015', '2025-03-14', '2025-03-15T01:00:00.000Z');
    expect(await isHistory(kysely, '2025-03-14.2025-00012.1')).toBe(true);
    expect(await isHistory(kysely, '2025-03-15.2025-00011.1')).toBe(false);
    expect(await isHistory(kysely, 'nothing')).toBe(false);
    expect(await quietOldChangeSets(kysely, at(2))).toBe(2);
    expect(await quietOldChangeSets(kysely, at(3))).toBe(0);
    expect((await changeSetsToNotify(kysely, 100)).sort()).toEqual([
      '2025-03-14.2025-00014.1',
      '2025-03-14.2025-00015.1',
      '2025-03-15.2025-00011.1',
      '2025-03-28.2025-00010.1',
    ]);
  });
});
