import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addDays } from '../../../src/days.ts';
import type { AuditSource, ChangeKind, LedgerLine } from '../../../src/model.ts';
import type { Parts } from '../../../src/parts.ts';
import { insertAuditRun } from '../../../src/store/audit.ts';
import type { CountedChange } from '../../../src/store/figures.ts';
import { inTransaction } from '../../../src/store/transaction.ts';
import {
  changesPerMonth,
  countOn,
  entriesOverTime,
  monthsBetween,
} from '../../../src/web/site/chart-data.ts';
import { openApi, openApiParts, store, storeSample } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';
import {
  hostileChanges,
  sampleAddition,
  sampleChanges,
  sampleDocument,
  sampleEntry,
} from '../../helpers/sample-changes.ts';

/** The part of the page under one heading. */
const sectionOf = (html: string, heading: RegExp) =>
  html.split('<section>').find((part) => heading.test(part.slice(0, 200))) ?? '';

describe.each(backends)('the charts on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  const clock = { now: '' };
  const page = async (url: string) => (await server.inject(url)).body;
  const tellFiling = (number: string, toldAt: string, scheduledOn: string) =>
    store(
      parts,
      {
        changeSetId: `filing.${number}.1`,
        outcome: 'provisional',
        knownAt: toldAt,
        document: sampleDocument({ number, publishedOn: scheduledOn }),
        filing: {
          filedAt: '2025-03-25T20:15:00.000Z',
          filingType: 'special',
          scheduledOn,
          seenAt: toldAt,
          reading: null,
          letters: [],
          editorialNote: null,
        },
      },
      [],
    );
  const audit = (source: AuditSource, ranAt: string, line: Pick<LedgerLine, 'there' | 'day'>) =>
    inTransaction(parts.db, (tx) =>
      insertAuditRun(
        tx,
        {
          source,
          list: 'entity-list',
          sourceOn: ranAt.slice(0, 10),
          ranAt,
          outcome: 'lag',
          rows: 7,
          reason: null,
          counts: { missingThere: 0, missingHere: 0, differs: 0, explained: 0 },
        },
        [{ number: '2025-05426', publishedOn: '2025-03-28', ours: 8, missing: [], ...line }],
      ),
    );

  beforeAll(async () => {
    database = await open();
    parts = openApiParts(database, { clock });
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    clock.now = '2025-04-10T15:00:00.000Z';
    await database.empty();
    await storeSample(parts);
    server = openApi(parts);
  });

  test('each drawing has a name, a description and its numbers in a table', async () => {
    await tellFiling('2025-05426', '2025-03-25T20:16:00.000Z', '2025-03-28');
    await audit('ecfr', '2025-04-01T10:00:00.000Z', { there: 8, day: 2 });
    const html = await page('/charts');
    const drawings = [...html.matchAll(/<svg class="chart"[^>]*aria-labelledby="([^"]+)">(.*?)<\/svg>/gsu)];
    expect(drawings).toHaveLength(4);
    for (const [, ids, inside] of drawings) {
      expect(html).toContain('role="img"');
      for (const id of ids!.split(' ')) expect(inside).toMatch(new RegExp(`id="${id}">[^<]{8,}`, 'u'));
      expect(inside).not.toMatch(/NaN|undefined|Infinity/u);
    }
    expect(html.match(/<table /gu)).toHaveLength(4);
    expect(html.match(/<h1/gu)).toHaveLength(1);
    expect(html).not.toMatch(/ style=/u);
  });

  test('counts the entries of each destination on each day', async () => {
    const part = sectionOf(await page('/charts?list=entity-list'), /by destination/u);
    expect(part).toContain('Today: China 3, Pakistan 2, France 1, UAE 1');
    expect(part).toMatch(
      /April 10, 2025<\/a><\/th><td class="number">3<\/td><td class="number">2<\/td>.*<td class="number">7<\/td><\/tr>/u,
    );
    expect(part).toMatch(
      /March 1, 2025<\/a><\/th><td class="number">0<\/td>.*<td class="number">2<\/td><\/tr>/u,
    );
  });

  test('the table has each day on which the drawing has a step, and the first of each month', async () => {
    const part = sectionOf(await page('/charts?list=entity-list'), /by destination/u);
    const days = [...part.matchAll(/&amp;on=([\d-]+)">/gu)].map(([, day]) => day);
    // The list is loaded as of March 1; the rule has effect on the 25th.
    expect(days).toEqual(['2025-04-10', '2025-04-01', '2025-03-25', '2025-03-01']);
    expect(part).toMatch(
      /March 25, 2025<\/a><\/th><td class="number">3<\/td><td class="number">2<\/td>.*<td class="number">7<\/td><\/tr>/u,
    );
  });

  test('a month leads to the rules that it counts, whenever they were known', async () => {
    const { seq: _, changeSetId: __, knownAt: ___, ...change } = sampleChanges()[0]!;
    await store(parts, { changeSetId: 'cs_ahead', knownAt: '2025-04-09T16:00:00.000Z' }, [
      { ...change, entryId: 'ahead', effectiveOn: '2025-03-31' },
    ]);
    const part = sectionOf(await page('/charts'), /per month/u);
    const linkOf = (month: string) =>
      new RegExp(`href="([^"]+)">${month}<`, 'u').exec(part)![1]!.replaceAll('&amp;', '&');
    expect(part).toContain('March 2025: 7 additions, 1 removal');
    const march = await page(linkOf('March 2025'));
    expect(march).toContain('/changes/cs_ahead');
    expect(march).toContain('/changes/cs_2025-05426_1');
    expect(await page(linkOf('April 2025'))).toContain('No rule or notice meets these filters');
  });

  test('counts additions and removals of each month, and not the first load of the list', async () => {
    const part = sectionOf(await page('/charts'), /per month/u);
    expect(part).toContain('March 2025: 6 additions, 1 removal');
    expect(part).toMatch(/April 2025<\/a><\/th><td class="number">0<\/td><td class="number">0<\/td>/u);
  });

  test('a new rule and a new day are seen at once', async () => {
    expect(sectionOf(await page('/charts'), /by destination/u)).toContain('Today: China 3,');
    const {
      seq: _,
      changeSetId: __,
      knownAt: ___,
      ...change
    } = sampleAddition(0, 'CN', 'CHINA', sampleEntry('Later Works'));
    await store(parts, { changeSetId: 'cs_later', knownAt: '2025-04-10T16:00:00.000Z' }, [
      { ...change, entryId: 'now', effectiveOn: '2025-04-10' },
      { ...change, entryId: 'later', effectiveOn: '2025-04-20' },
    ]);
    expect(sectionOf(await page('/charts'), /by destination/u)).toContain('Today: China 4,');
    clock.now = '2025-04-20T15:00:00.000Z';
    expect(sectionOf(await page('/charts'), /by destination/u)).toContain('Today: China 5,');
  });

  test('says how many days before publication a rule was told, and what is only scheduled', async () => {
    await tellFiling('2025-05426', '2025-03-25T20:16:00.000Z', '2025-03-27');
    await tellFiling('2025-06001', '2025-04-09T20:16:00.000Z', '2025-04-11');
    await tellFiling('2025-06002', '2025-04-08T20:16:00.000Z', '2025-04-09');
    await store(
      parts,
      {
        changeSetId: 'filing.2025-06002.2',
        outcome: 'withdrawn',
        knownAt: '2025-04-09T12:00:00.000Z',
        document: sampleDocument({ number: '2025-06002' }),
      },
      [],
    );
    const part = sectionOf(await page('/charts'), /From filing/u);
    // It was scheduled for the 27th, and printed on the 28th.
    expect(part).toContain('2025-06001: 2 days, scheduled; 2025-05426: 3 days');
    expect(part).toContain('2025-03-25 16:16 EDT');
    expect(part).toContain('March 28, 2025');
    expect(part).not.toContain('2025-06002');
  });

  test('says how long the others took, and who is not there yet', async () => {
    await audit('ecfr', '2025-03-31T10:00:00.000Z', { there: 0, day: 1 });
    await audit('csl', '2025-03-31T11:00:00.000Z', { there: 0, day: 1 });
    await audit('ecfr', '2025-04-01T10:00:00.000Z', { there: 8, day: 2 });
    await audit('ecfr', '2025-04-02T10:00:00.000Z', { there: 8, day: 3 });
    await audit('csl', '2025-04-04T11:00:00.000Z', { there: 5, day: 5 });
    const part = sectionOf(await page('/charts'), /followed/u);
    expect(part).toContain('2025-05426: eCFR 2 days, CSL not there by day 5');
    expect(part).toMatch(/<rect class="bar second open"/u);
  });

  test.each([
    ['where nothing is loaded', 'is not loaded here yet'],
    ['where nothing is loaded', 'No rule has been told by its filing yet'],
    ['where nothing is loaded', 'The nightly comparison has seen no rule yet'],
  ])('%s a sentence says what to do: %s', async (_, sentence) => {
    await database.empty();
    const answer = await server.inject('/charts');
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain(sentence);
    expect(answer.body).not.toContain('<svg class="chart"');
  });

  test('of another list are asked for in the address', async () => {
    expect(await page('/charts?list=unverified-list')).toContain(
      'The Unverified List is not loaded here yet',
    );
    expect((await server.inject('/charts?list=mine')).statusCode).toBe(400);
  });

  test('hostile names of destinations are text', async () => {
    const changes = hostileChanges().map(({ seq: _, changeSetId: __, knownAt: ___, ...change }) => ({
      ...change,
      country: null,
    }));
    // As many again under the longest, so that it has a line of its own.
    const long = changes.at(-1)!;
    changes.push({ ...long, entryId: 'long-1' }, { ...long, entryId: 'long-2' });
    await store(parts, { changeSetId: 'cs_hostile', knownAt: '2025-03-31T14:00:00.000Z' }, changes);
    const { body } = await server.inject('/charts');
    for (const [, label] of body.matchAll(/<text class="name[^>]*>([^<]*)</gu))
      expect(label!.replace(/&[a-z0-9#]+;/gu, '.').length).toBeLessThanOrEqual(27);
    expect(body).toContain('<text class="name');
    expect(body).not.toMatch(/<script(?! src="\/assets\/)|<img|[\u202A-\u202E\u2066-\u2069\0]/u);
    expect(body).not.toMatch(/ style=| on[a-z]+="/u);
  });
});

describe('counts over time', () => {
  const places = ['CN', 'RU', 'IR', 'PK'];
  const steps = fc
    .array(
      fc.record({
        kind: fc.constantFrom<ChangeKind>('added', 'removed', 'revised'),
        entry: fc.integer({ min: 0, max: 9 }),
        place: fc.constantFrom(...places),
        days: fc.integer({ min: 0, max: 90 }),
      }),
      { minLength: 1, maxLength: 60 },
    )
    .map((all) =>
      all
        .sort((a, b) => a.days - b.days)
        .map(
          ({ kind, entry, place, days }): CountedChange => ({
            ...{ kind, entryId: String(entry), destination: place, country: place },
            effectiveOn: addDays('2025-01-01', days),
            isBaseline: false,
            isSecondary: false,
          }),
        ),
    );

  /** What is there on a day, entry by entry, without any counting on the way. */
  const listOn = (changes: readonly CountedChange[], day: string) => {
    const there = new Map<string, string>();
    for (const { kind, entryId, destination, effectiveOn } of changes) {
      if (effectiveOn > day) continue;
      if (kind === 'removed') there.delete(entryId);
      else if (kind === 'added' ? !there.has(entryId) : there.has(entryId)) there.set(entryId, destination);
    }
    return there;
  };

  test('are those of the list on each day, whatever happened to its entries', () => {
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 0, max: 90 }),
        fc.integer({ min: 1, max: 4 }),
        (changes, at, most) => {
          const day = addDays('2025-01-01', at);
          const series = entriesOverTime(changes, most);
          const total = series.reduce((sum, { points }) => sum + countOn(points, day), 0);
          expect(total).toBe(listOn(changes, day).size);
          for (const { points } of series) {
            for (const { count } of points) expect(count).toBeGreaterThanOrEqual(0);
            const days = points.map((point) => point.day);
            expect(days).toEqual([...new Set(days)].sort());
          }
          expect(series.length).toBeLessThanOrEqual(most + 1);
        },
      ),
    );
  });

  test('per month add up to the changes, each in its month', () => {
    fc.assert(
      fc.property(steps, (changes) => {
        const months = changesPerMonth(changes, '2025-12-31');
        const count = (kind: ChangeKind) => changes.filter((change) => change.kind === kind).length;
        expect(months.reduce((sum, { added }) => sum + added, 0)).toBe(count('added'));
        expect(months.reduce((sum, { removed }) => sum + removed, 0)).toBe(count('removed'));
        expect(months.map(({ month }) => month)).toEqual(
          monthsBetween(changes[0]!.effectiveOn, '2025-12-31'),
        );
      }),
    );
  });

  test('leave out what only puts off or resumes another change', () => {
    const change: CountedChange = {
      ...{ kind: 'added', entryId: '1', destination: 'CN', country: 'CN', effectiveOn: '2025-01-05' },
      isBaseline: false,
      isSecondary: true,
    };
    expect(changesPerMonth([change], '2025-01-31')).toEqual([{ month: '2025-01', added: 0, removed: 0 }]);
  });

  test('months go on over the end of a year', () => {
    expect(monthsBetween('2024-11-30', '2025-02-01')).toEqual(['2024-11', '2024-12', '2025-01', '2025-02']);
  });
});
