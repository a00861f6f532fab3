import { brotliDecompressSync } from 'node:zlib';
import { load } from 'cheerio';
import type { FastifyInstance } from 'fastify';
import readWorkbook from 'read-excel-file/node';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Parts } from '../../../src/parts.ts';
import { insertAuditRun } from '../../../src/store/audit.ts';
import { insertDeliveries, recordSent } from '../../../src/store/deliveries.ts';
import { saveVersion } from '../../../src/store/document-versions.ts';
import { upsertDocument } from '../../../src/store/documents.ts';
import { newDelivery } from '../../../src/store/new-delivery.ts';
import { recordFailure, recordSuccess } from '../../../src/store/source-state.ts';
import { inTransaction } from '../../../src/store/transaction.ts';
import { openApi, openApiParts, store, storeSample } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';
import { hostileChanges, sampleDocument, sampleHeldSet } from '../../helpers/sample-changes.ts';
import { sampleSubscription } from '../../helpers/sample-subscription.ts';

const RULE = '/changes/cs_2025-05426_1';

describe.each(backends)('the pages on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  const clock = { now: '2025-03-31T15:00:00.000Z' };
  const page = async (url: string) => (await server.inject(url)).body;

  beforeAll(async () => {
    database = await open();
    parts = openApiParts(database, { clock });
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    clock.now = '2025-03-31T15:00:00.000Z';
    await database.empty();
    await storeSample(parts);
    server = openApi(parts);
  });

  describe('Today', () => {
    test('says plainly that there was no rule, and when that was checked', async () => {
      for (const source of ['federal-register', 'public-inspection'])
        await recordSuccess(parts.db, source, '2025-03-31T14:58:00.000Z');
      const html = await page('/');
      expect(html).toContain('No rule today, last check 2025-03-31 10:58 EDT');
      expect(html).toContain('2 minutes ago');
      expect(html).toContain('BIS adds 6 entities to the Entity List: China 3, Pakistan 2, UAE 1');
      expect(html).toMatch(/<b>7<\/b>.*on the Entity List/u);
    });

    test('does not call it quiet where the sources were not asked for an hour', async () => {
      await recordSuccess(parts.db, 'federal-register', '2025-03-31T14:58:00.000Z');
      await recordSuccess(parts.db, 'public-inspection', '2025-03-31T12:00:00.000Z');
      await recordFailure(parts.db, 'public-inspection', '2025-03-31T14:59:00.000Z', 'HTTP 503');
      const html = await page('/');
      expect(html).not.toContain('No rule today');
      expect(html).toContain('we cannot say whether there was a rule');
      expect(html).toContain('HTTP 503');
    });

    describe('says of each source', () => {
      /** The cells of a source's row, as text. */
      const rowOf = async (title: string) => {
        const $ = load(await page('/'));
        const row = $('table tr').filter((_, one) => $(one).find('th[scope=row]').text().startsWith(title));
        const cell = (head: string) => row.find(`td[data-head="${head}"]`).text().trim();
        return { last: cell('Last success'), lag: cell('Lag of its newest'), next: cell('Next check'), row };
      };

      test('when it was asked last and is asked next, and nothing of a lag that was never measured', async () => {
        await database.empty();
        for (const source of ['federal-register', 'ecfr'])
          await recordSuccess(parts.db, source, '2025-03-31T14:58:00.000Z');
        expect(await rowOf('Federal Register')).toMatchObject({
          last: '2025-03-31 10:58 EDT 2 minutes ago',
          lag: 'nothing to measure yet',
        });
        expect(await rowOf('eCFR')).toMatchObject({ lag: 'nothing to measure yet', next: 'each night' });
      });

      test('how long after the day of its print began the newest rule was known, whatever was loaded since', async () => {
        await recordSuccess(parts.db, 'federal-register', '2025-03-31T14:58:00.000Z');
        await store(
          parts,
          {
            changeSetId: 'cs_later',
            document: sampleDocument({ number: '2025-00001', publishedOn: '2025-01-02' }),
            knownAt: '2025-03-31T14:00:00.000Z',
          },
          [],
        );
        const { lag, row } = await rowOf('Federal Register');
        expect(lag).toBe('2025-05426 known here 8 hours 45 minutes after its day of print began');
        expect(row.find('a').attr('href')).toBe('/documents/2025-05426');
      });

      test('how long after its filing the newest filing was known', async () => {
        await recordSuccess(parts.db, 'public-inspection', '2025-03-31T14:58:00.000Z');
        for (const [at, number] of ['2025-05426', '2025-06001'].entries())
          await store(
            parts,
            {
              changeSetId: `filing.${number}.1`,
              outcome: 'provisional',
              knownAt: `2025-03-${25 + at}T20:15:40.000Z`,
              document: sampleDocument({ number }),
              filing: {
                ...{ filedAt: `2025-03-${25 + at}T20:15:00.000Z`, filingType: 'special', scheduledOn: null },
                ...{ seenAt: '2025-03-25T20:15:40.000Z', reading: null, letters: [], editorialNote: null },
              },
            },
            [],
          );
        expect((await rowOf('Public inspection')).lag).toBe(
          '2025-06001 known here 40 seconds after it was filed',
        );
      });

      test('which rules another publisher lacks, by its last comparison', async () => {
        await recordSuccess(parts.db, 'ecfr', '2025-03-31T10:00:00.000Z');
        const compare = (ranAt: string, there: number) =>
          inTransaction(parts.db, (tx) =>
            insertAuditRun(
              tx,
              {
                ...{ source: 'ecfr', list: 'entity-list', sourceOn: ranAt.slice(0, 10), ranAt },
                ...{ outcome: 'lag', rows: 7, reason: null },
                counts: { missingThere: 0, missingHere: 0, differs: 0, explained: 0 },
              },
              [{ number: '2025-05426', publishedOn: '2025-03-28', ours: 8, there, missing: [], day: 1 }],
            ),
          );
        await compare('2025-03-29T10:00:00.000Z', 0);
        expect((await rowOf('eCFR')).lag).toBe(
          'As of March 29, 2025: 1 rule is not there yet, 3 days after its print',
        );
        await compare('2025-03-31T10:00:00.000Z', 8);
        expect((await rowOf('eCFR')).lag).toBe('As of March 31, 2025: every rule is there');
      });

      test('when a look failed, and why', async () => {
        await recordSuccess(parts.db, 'public-inspection', '2025-03-31T14:50:00.000Z');
        await recordFailure(parts.db, 'public-inspection', '2025-03-31T14:59:00.000Z', 'HTTP 503');
        expect((await rowOf('Public inspection')).row.text()).toContain(
          'HTTP 503 (2025-03-31 10:59 EDT, 1 minute ago)',
        );
      });
    });

    test('tells what came today first, and what is held', async () => {
      clock.now = '2025-03-28T13:00:00.000Z';
      await upsertDocument(parts.db, sampleDocument(), clock.now);
      await parts.db.updateTable('document').set({ status: 'held' }).execute();
      await store(parts, sampleHeldSet(), []);
      const html = await page('/');
      expect(html).toContain('1 rule and 1 notice today');
      expect(html).toContain('Held: not confirmed');
    });
  });

  describe('Changes', () => {
    test.each([
      ['destination=PK', true],
      ['destination=JP', false],
      ['kind=removed', true],
      ['kind=editorial', false],
      ['q=hafenstrasse', true],
      ['q=Additions+and', true],
      ['q=%25', false],
      ['from=2025-03-28&to=2025-03-28', true],
      ['from=2025-03-29', false],
      ['effectiveFrom=2025-03-25&effectiveTo=2025-03-25', true],
      ['effectiveFrom=2025-03-26', false],
      ['effectiveTo=2025-03-24', false],
      ['effectiveTo=2025-03-24&from=2025-03-28', false],
      ['list=unverified-list', false],
      ['list=&destination=&kind=&from=&to=&q=', true],
    ])('%s finds the rule: %s', async (query, isFound) => {
      const html = await page(`/changes?${query}`);
      expect(html.includes(RULE)).toBe(isFound);
      expect(html.includes('No rule or notice meets these filters')).toBe(!isFound);
    });

    test('refuse a filter that cannot be meant, in a sentence', async () => {
      const answer = await server.inject('/changes?from=2025-02-30');
      expect(answer.statusCode).toBe(400);
      expect(answer.body).toContain('“from” must be a day, as 2025-03-28');
    });

    test('go on behind the last one of the page', async () => {
      for (let count = 0; count < 30; count += 1)
        await store(parts, { changeSetId: `cs_more_${count}`, knownAt: '2025-03-29T12:00:00.000Z' }, []);
      const first = await page('/changes');
      const next = /href="(\/changes\?before=[^"]+)"/u.exec(first)![1]!;
      const second = await page(next.replaceAll('&amp;', '&'));
      const ids = (html: string) => [...html.matchAll(/href="\/changes\/([^"]+)"/gu)].map(([, id]) => id);
      expect(ids(first)).toHaveLength(25);
      expect(new Set([...ids(first), ...ids(second)]).size).toBe(31);
      expect(second).not.toContain('Earlier changes');
    });
  });

  describe('a rule', () => {
    test('has its page, with marks, checks, places and both clocks', async () => {
      const html = await page(RULE);
      for (const fact of [
        '<del>ATF</del>',
        '<ins>Aerotechnic SAS</ins>',
        'paragraph 2.a, row 1, page 14036',
        '6 of 6 stated additions found',
        'China: 3',
        '✓ agrees',
        'Effective March 25, 2025, three days before publication',
        '2025-03-28 08:45 EDT',
        'Nobody: no subscription wanted it',
        'href="/entries/e108"',
      ])
        expect(html).toContain(fact);
    });

    test('shows what the document says beside what was read of it, with the paragraphs above', async () => {
      await upsertDocument(parts.db, sampleDocument(), clock.now);
      const xml = `<RULE><REGTEXT><AMDPAR>2. Supplement No. 4 is amended by:</AMDPAR>
        <AMDPAR>a. Adding entries for “Acme &lt;script&gt;”;</AMDPAR><AMDPAR>b. Something else.</AMDPAR></REGTEXT></RULE>`;
      await saveVersion(parts.db, {
        ...{ number: '2025-05426', publishedOn: '2025-03-28', kind: 'xml', url: 'https://x.example' },
        ...{ contentType: 'text/xml', bytes: Buffer.from(xml), fetchedAt: clock.now },
      });
      const html = await page(RULE);
      expect(html).toContain('<blockquote>2. Supplement No. 4 is amended by:</blockquote>');
      expect(html).toContain('<blockquote>a. Adding entries for “Acme &lt;script&gt;”;</blockquote>');
      expect(html).not.toContain('Something else');
    });

    test('counts who was told, and names nobody', async () => {
      const subscription = sampleSubscription();
      const changeSetId = 'cs_2025-05426_1';
      const told = { kind: 'alert', subject: changeSetId } as const;
      const [delivery] = await insertDeliveries(parts.db, [
        { ...newDelivery(subscription, told, parts.baseUrl, clock.now), changeSetId },
      ]);
      await recordSent(parts.db, delivery!.deliveryId, { at: clock.now, outcome: '250 ok' });
      const html = await page(RULE);
      expect(html).toContain('Mail, sent: 1');
      expect(html).not.toContain(subscription.target);
    });

    test('can be had as CSV, as a workbook and as JSON', async () => {
      const csv = await server.inject(`${RULE}/changes.csv`);
      expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
      expect(csv.body.trim().split('\r\n')).toHaveLength(9);
      const json = (await server.inject(`${RULE}/changes.json`)).json();
      expect(json.changes).toHaveLength(8);
      const book = await server.inject(`${RULE}/changes.xlsx`);
      const sheets = await readWorkbook(book.rawPayload);
      expect(sheets[0]!.data).toHaveLength(9);
      const again = await server.inject({
        url: `${RULE}/changes.xlsx`,
        headers: { 'if-none-match': String(book.headers.etag) },
      });
      expect(again.statusCode).toBe(304);
    });

    test('leads to the document that corrects it, and from there back, and to what was told before and later', async () => {
      await store(
        parts,
        {
          changeSetId: 'cs_correction',
          document: sampleDocument({ number: 'C1-2025-05426', publishedOn: '2025-04-02' }),
          corrects: ['2025-05426'],
          knownAt: '2025-04-02T12:45:00.000Z',
        },
        [],
      );
      await store(
        parts,
        {
          changeSetId: 'cs_again',
          cause: 'reparse',
          document: sampleDocument({ number: 'C1-2025-05426', publishedOn: '2025-04-02' }),
          follows: 'cs_correction',
          knownAt: '2025-04-03T12:45:00.000Z',
        },
        [],
      );
      const recordOf = async (path: string) => {
        const $ = load(await page(path));
        return (head: string) =>
          $('dt')
            .filter((_, one) => $(one).text() === head)
            .next('dd')
            .find('a')
            .map((_, one) => $(one).attr('href'))
            .get();
      };
      const corrected = await recordOf(RULE);
      expect(corrected('Corrected by')).toEqual(['/changes/cs_correction']);
      const correction = await recordOf('/changes/cs_correction');
      expect(correction('Corrects')).toEqual(['/documents/2025-05426']);
      expect(correction('Told later')).toEqual(['/changes/cs_again']);
      expect(correction('Corrected by')).toEqual([]);
      expect((await recordOf('/changes/cs_again'))('Told before')).toEqual(['/changes/cs_correction']);
    });

    test('is found by its document number', async () => {
      const answer = await server.inject('/documents/2025-05426');
      expect([answer.statusCode, answer.headers.location]).toEqual([302, RULE]);
      expect((await server.inject('/documents/2099-99999')).statusCode).toBe(404);
    });

    test('that is held says why', async () => {
      await store(parts, sampleHeldSet(), []);
      expect(await page('/changes/cs_2025-05426_0')).toContain('Why it is not confirmed');
      expect((await server.inject('/changes/none')).statusCode).toBe(404);
    });
  });

  test('hostile names are text, and the policy would stop them anyway', async () => {
    const changes = hostileChanges().map(({ seq: _, changeSetId: __, knownAt: ___, ...change }) => change);
    await store(parts, { changeSetId: 'cs_hostile', knownAt: '2025-03-31T14:00:00.000Z' }, changes);
    for (const url of [
      '/',
      '/changes',
      '/changes/cs_hostile',
      '/changes?q=%3Cscript%3Ealert(1)%3C/script%3E',
    ]) {
      const answer = await server.inject(url);
      expect(answer.statusCode).toBe(200);
      expect(answer.body).not.toMatch(/<script(?! src="\/assets\/)|<img|[\u202A-\u202E\u2066-\u2069\0]/u);
      expect(answer.body).not.toMatch(/ style=| on[a-z]+="/u);
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      expect(answer.headers['content-security-policy']).not.toContain('unsafe');
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      expect(answer.headers['referrer-policy']).toBe('no-referrer');
    }
  });

  test('a refusal says what was wrong and leads back to the page as it begins', async () => {
    const bad = await server.inject('/list?on=2025-99-99&q=inspur');
    expect(bad.statusCode).toBe(400);
    expect(bad.body).toContain('<h1>The address of this page cannot be read</h1>');
    expect(bad.body).toContain('<a href="/list">This page as it begins</a>');
    const large = await server.inject({
      method: 'POST',
      url: '/subscribe',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: `email=${'x'.repeat(20_000)}`,
    });
    expect([large.statusCode, large.body]).toEqual([
      413,
      expect.stringContaining('What you sent is too large'),
    ]);
  });

  test.each(['/changes/%ff', '/list/%'])(
    'an address that is none is refused with the same headers: %s',
    async (url) => {
      const answer = await server.inject(url);
      expect(answer.statusCode).toBe(400);
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      expect(answer.headers['content-type']).toContain('text/html');
      const api = await server.inject(`/api/v1${url}`);
      expect(api.statusCode).toBe(400);
      expect(api.headers['content-type']).toContain('application/problem+json');
      expect(api.headers['x-content-type-options']).toBe('nosniff');
    },
  );

  test('who asks far too often is told to wait', async () => {
    const codes = new Map<number, number>();
    for (let count = 0; count < 1_210; count += 1) {
      const { statusCode } = await server.inject('/changes?from=no-day');
      codes.set(statusCode, (codes.get(statusCode) ?? 0) + 1);
    }
    expect([...codes]).toEqual([
      [400, 1_200],
      [429, 10],
    ]);
    expect((await server.inject('/')).body).toMatch(/Too many requests\. Try again in \d+ seconds\./u);
  });

  test('answers are compressed, and known ones are not sent again', async () => {
    const answer = await server.inject({ url: RULE, headers: { 'accept-encoding': 'br' } });
    expect(answer.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(answer.rawPayload).toString()).toContain('<ins>Aerotechnic SAS</ins>');
    const etag = String(answer.headers.etag);
    const again = await server.inject({ url: RULE, headers: { 'if-none-match': `W/${etag}` } });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  test('what pages need is kept by browsers for good, under a name that follows from the content', async () => {
    const html = await page('/');
    const paths = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/gu)].map(([, path]) => path!);
    expect(paths).toHaveLength(3);
    for (const path of paths) {
      const answer = await server.inject(path);
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['cache-control']).toContain('immutable');
    }
  });
});
