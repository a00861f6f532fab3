import { afterAll, beforeAll, expect, test } from 'vitest';
import { ElwatchError } from '../src/errors.ts';
import { createParserHere } from '../src/parser.ts';
import { createSourceTexts } from '../src/source-texts.ts';
import { saveVersion } from '../src/store/document-versions.ts';
import { upsertDocument } from '../src/store/documents.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { readFixture } from './helpers/fixtures.ts';
import { makeHead } from './store/facts.ts';

const AT = '2025-03-25T20:15:00.000Z';
const [{ open }] = backends as [(typeof backends)[number]];
let database: TestDatabase;

beforeAll(async () => {
  database = await open();
});
afterAll(() => database.close());

/** A store with one text, and what shows its instructions; `fail` throws in the place of the first readings. */
async function openTexts(bytes: Buffer, fail: (count: number) => void) {
  await database.empty();
  const head = makeHead();
  await upsertDocument(database.kysely, head, AT);
  const { number } = head;
  const publishedOn = head.publishedOn!;
  const version = { kind: 'xml' as const, url: 'u', contentType: null, bytes, fetchedAt: AT };
  await saveVersion(database.kysely, { number, publishedOn, ...version });
  const here = createParserHere();
  const asked = { count: 0 };
  const instructions: typeof here.instructions = async (text) => {
    asked.count += 1;
    fail(asked.count);
    return here.instructions(text);
  };
  const log = { info() {} } as never;
  const texts = createSourceTexts({ db: database.kysely, log, parser: { ...here, instructions } });
  return { asked, find: () => texts(number, publishedOn) };
}

const RULE = () => readFixture('rules/2025-05426/source.xml');

test('a text is read once, for all who ask at once and for those who come later', async () => {
  const { asked, find } = await openTexts(RULE(), () => {});
  const [one, other] = await Promise.all([find(), find()]);
  expect(one.size).toBeGreaterThan(0);
  expect(await find()).toEqual(other);
  expect(asked.count).toBe(1);
});

test('a reading that was given up says nothing of the text, which is read the next time', async () => {
  for (const fault of [
    new ElwatchError('reading-gave-up', 'too slow', { retry: true, hint: '' }),
    new Error('a fault of ours'),
  ]) {
    const { asked, find } = await openTexts(RULE(), (count) => {
      if (count === 1) throw fault;
    });
    expect((await find()).size).toBe(0);
    expect((await find()).size).toBeGreaterThan(0);
    expect(asked.count).toBe(2);
  }
});

test('a text that is not admitted has nothing to show, and is not read again', async () => {
  const { asked, find } = await openTexts(Buffer.from('<RULE><P>cut'), () => {});
  expect((await find()).size).toBe(0);
  expect((await find()).size).toBe(0);
  expect(asked.count).toBe(1);
});
