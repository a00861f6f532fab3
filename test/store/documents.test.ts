import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { latestVersion, listVersions, saveVersion } from '../../src/store/document-versions.ts';
import {
  documentsToRecheck,
  findDocument,
  listDocuments,
  recordOutcome,
  upsertDocument,
} from '../../src/store/documents.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';
import { makeHead } from './facts.ts';

const MORNING = '2025-03-28T12:45:00.000Z';
const NOON = '2025-03-28T16:00:00.000Z';

describe.each(backends)('documents on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(() => database.empty());
  afterAll(() => database.close());
  const db = () => database.kysely;

  test('a document is new once; its next sight keeps status and outcome and takes the newer head', async () => {
    const first = await upsertDocument(db(), makeHead(), MORNING);
    expect(first).toMatchObject({
      isNew: true,
      document: { status: 'new', firstSeenAt: MORNING, checks: [] },
    });
    const check = { name: 'a', list: null, status: 'pass' as const, expected: 1, found: 1, message: 'One.' };
    await recordOutcome(db(), '2025-05427', '2025-03-28', {
      status: 'applied',
      verdict: 'verified',
      checks: [check],
      amendments: [],
      xmlSha256: 'abc',
      parserVersion: '1',
    });
    const second = await upsertDocument(db(), makeHead({ title: 'Corrected' }), NOON);
    expect(second.isNew).toBe(false);
    expect(second.document).toEqual({
      ...first.document,
      head: makeHead({ title: 'Corrected' }),
      status: 'applied',
      verdict: 'verified',
      checks: [check],
      amendments: [],
      xmlSha256: 'abc',
      parserVersion: '1',
      lastCheckedAt: NOON,
    });
  });

  test('of documents that share a number the newest is meant, unless the day is given', async () => {
    await upsertDocument(db(), makeHead({ number: '05-1', publishedOn: '2005-01-03' }), MORNING);
    await upsertDocument(db(), makeHead({ number: '05-1', publishedOn: '2005-06-01' }), MORNING);
    expect((await findDocument(db(), '05-1'))?.publishedOn).toBe('2005-06-01');
    expect((await findDocument(db(), '05-1', '2005-01-03'))?.publishedOn).toBe('2005-01-03');
    expect(await findDocument(db(), '05-2')).toBeNull();
  });

  test('a document without a day is refused, and an outcome of an unknown one too', async () => {
    const undated = upsertDocument(db(), makeHead({ publishedOn: null }), MORNING);
    await expect(undated).rejects.toMatchObject({ code: 'document-undated' });
    const unknown = recordOutcome(db(), 'none', '2025-01-01', { status: 'held' });
    await expect(unknown).rejects.toMatchObject({ code: 'document-unknown' });
  });

  test('documents are listed newest first, by day and status', async () => {
    for (const [number, publishedOn] of [
      ['a', '2025-01-01'],
      ['b', '2025-02-01'],
      ['c', '2025-03-01'],
    ] as const) {
      await upsertDocument(db(), makeHead({ number, publishedOn }), MORNING);
    }
    await recordOutcome(db(), 'b', '2025-02-01', { status: 'held' });
    const numbers = async (filter: Parameters<typeof listDocuments>[1]) =>
      (await listDocuments(db(), filter)).map(({ number }) => number);
    expect(await numbers({ limit: 10 })).toEqual(['c', 'b', 'a']);
    expect(await numbers({ limit: 1 })).toEqual(['c']);
    expect(await numbers({ limit: 10, since: '2025-02-01' })).toEqual(['c', 'b']);
    expect(await numbers({ limit: 10, status: 'held' })).toEqual(['b']);
    expect(await numbers({ limit: 10, status: ['new', 'held'] })).toEqual(['c', 'b', 'a']);
  });

  test('those to look at again are recent and the longest unseen first', async () => {
    await upsertDocument(db(), makeHead({ number: 'old', publishedOn: '2020-01-01' }), MORNING);
    await upsertDocument(db(), makeHead({ number: 'seen' }), NOON);
    await upsertDocument(db(), makeHead({ number: 'due' }), MORNING);
    const due = await documentsToRecheck(db(), { since: '2025-03-01', checkedBefore: NOON, limit: 10 });
    expect(due.map(({ number }) => number)).toEqual(['due']);
  });

  test('bytes are kept once per content, and the last answer of upstream is the latest', async () => {
    await upsertDocument(db(), makeHead(), MORNING);
    const save = (text: string, fetchedAt: string) =>
      saveVersion(db(), {
        number: '2025-05427',
        publishedOn: '2025-03-28',
        kind: 'xml',
        url: 'https://www.federalregister.gov/x.xml',
        contentType: 'text/xml',
        bytes: Buffer.from(text),
        fetchedAt,
      });
    expect((await save('<a/>', MORNING)).isNew).toBe(true);
    expect((await save('<b/>', NOON)).isNew).toBe(true);
    const back = await save('<a/>', '2025-03-29T00:00:00.000Z');
    expect(back.isNew).toBe(false);
    const latest = await latestVersion(db(), '2025-05427', '2025-03-28', 'xml');
    expect(latest).toMatchObject({ id: back.versionId, sha256: back.sha256, fetchedAt: MORNING });
    expect(latest?.bytes.toString()).toBe('<a/>');
    expect(await latestVersion(db(), '2025-05427', '2025-03-28', 'meta')).toBeNull();
    const versions = await listVersions(db(), '2025-05427', '2025-03-28');
    expect(versions.map(({ size }) => size)).toEqual([4, 4]);
    expect(versions[0]).not.toHaveProperty('bytes');
  });
});
