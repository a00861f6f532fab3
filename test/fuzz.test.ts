import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FuzzedReader, fuzzedReaders } from '../bench/fuzz/readers.ts';
import { fuzzedRequests } from '../bench/fuzz/requests.ts';
import { fuzz, textOfTry } from '../bench/fuzz/run-fuzz.ts';
import { ElwatchError } from '../src/errors.ts';
import { openApi, openApiParts, storeSample, tokenFor } from './helpers/api.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';

/** Of each reader; `npm run fuzz` goes on for minutes. */
const TRIES = 40;
const SEED = 744;

describe('what comes from outside, changed at random', () => {
  let folder: string;
  let database: TestDatabase;
  let readers: FuzzedReader[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'elwatch-fuzz-'));
    database = await backends[0]!.open();
    const parts = openApiParts(database, { outbox: folder });
    await storeSample(parts);
    const token = await tokenFor(parts, ['watchlists'], { organisationId: 'acme' });
    readers = [...(await fuzzedReaders(folder)), fuzzedRequests(openApi(parts), token)];
  });
  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('is read, refused by name or held, and no rule gives another list in silence', {
    timeout: 300_000,
  }, async () => {
    expect(readers.length).toBeGreaterThan(9);
    for (const reader of readers) {
      const { broken, tries } = await fuzz(reader, SEED, (done) => done >= TRIES);
      expect(broken, reader.name).toEqual([]);
      expect(tries).toBe(TRIES);
    }
  });

  test('comes again by its seed and number', () => {
    const [reader] = readers;
    expect(textOfTry(reader!, 5, 17)).toEqual(textOfTry(reader!, 5, 17));
    expect(textOfTry(reader!, 6, 17)).not.toEqual(textOfTry(reader!, 5, 17));
  });
});

describe('the fuzzer', () => {
  const reader = (read: FuzzedReader['read']): FuzzedReader => ({ name: 'x', samples: ['a text'], read });

  test('counts what is refused by its code, and keeps what throws anything else, with the number of the try', async () => {
    const refusing = reader(() => {
      throw new ElwatchError('no-list', 'none', { retry: false, hint: 'none' });
    });
    expect((await fuzz(refusing, 1, (tries) => tries === 3)).outcomes).toEqual({ 'refused: no-list': 3 });
    const failing = reader(() => {
      throw new TypeError('x is undefined');
    });
    const { broken, outcomes } = await fuzz(failing, 1, (tries) => tries === 2);
    expect(outcomes).toEqual({ broken: 2 });
    expect(broken).toMatchObject([
      { try: 0, message: expect.stringContaining('TypeError: x is undefined') },
      { try: 1 },
    ]);
  });
});
