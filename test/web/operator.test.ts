import { createHash } from 'node:crypto';
import { load } from 'cheerio';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBackfillRuns } from '../../src/backfill-runs.ts';
import { loadBaseline } from '../../src/baseline.ts';
import { type StandIn, startStandIn } from '../../src/demo/stand-in.ts';
import { exportLedger } from '../../src/export-ledger.ts';
import { ingest } from '../../src/ingest.ts';
import type { PlacedEntry } from '../../src/model.ts';
import type { Parts } from '../../src/parts.ts';
import { openQueue } from '../../src/queue.ts';
import { insertAuditRun } from '../../src/store/audit.ts';
import { findDelivery, insertDeliveries, recordFailure, recordSent } from '../../src/store/deliveries.ts';
import { findDocument, recordOutcome, upsertDocument } from '../../src/store/documents.ts';
import { openIssue } from '../../src/store/issues.ts';
import { newDelivery } from '../../src/store/new-delivery.ts';
import { overridesOf } from '../../src/store/overrides.ts';
import { recordFailure as recordSourceFailure } from '../../src/store/source-state.ts';
import type { QueueView } from '../../src/web/operator/operator-parts.ts';
import { ADMIN_TOKEN, openApi, storeSample, tokenFor } from '../helpers/api.ts';
import { type Browser, bareToken, openBrowser } from '../helpers/browser.ts';
import { backends, queueBackends, type TestDatabase } from '../helpers/databases.ts';
import { openParts } from '../helpers/parts.ts';
import { sampleSubscription } from '../helpers/sample-subscription.ts';
import { makeSmallRule, type SmallRule } from '../helpers/small-rule.ts';
import { until } from '../helpers/until.ts';

const DAY = '2025-03-28';
const PAGES = [
  '/operator',
  '/operator/held',
  '/operator/deliveries',
  '/operator/sources',
  '/operator/audit',
  '/operator/backfill',
  '/operator/queues',
];
const HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>\u202e';

const listed: PlacedEntry = {
  ...{ list: 'entity-list', destination: "CHINA, PEOPLE'S REPUBLIC OF", country: 'CN', name: 'Old Works' },
  ...{ aliases: [], addresses: ['Beijing, China'], seeAlso: [], footnotes: [] },
  licenseRequirement: 'For all items subject to the EAR.',
  licenseReviewPolicy: 'Presumption of denial',
  citations: [{ volume: 84, page: 1, on: '2019-01-02' }],
};

/** It states two additions and has one. */
const miscounted = makeSmallRule({
  ...{ number: '2025-00001', publishedOn: DAY, startPage: 100 },
  ...{ adds: ['Acme 1 Optics'], statedAdditions: 2 },
});
/** Nobody knows what "addding" does. */
const misspelt = misprinted(
  makeSmallRule({ number: '2025-00002', publishedOn: DAY, startPage: 200, adds: ['Acme 2 Optics'] }),
);

function misprinted(rule: SmallRule): SmallRule {
  const text = rule.xml.toString();
  return { ...rule, xml: Buffer.from(text.replace('by adding, in', 'by addding, in')) };
}

describe.each(backends)('the operator pages on $name', ({ open }) => {
  let database: TestDatabase;
  let upstream: StandIn;
  let parts: Parts;
  let server: FastifyInstance;
  let browser: Browser;
  let runs: ReturnType<typeof createBackfillRuns>;
  const clock = { now: '' };
  const page = async (url: string) => load((await browser.get(url)).body);
  const textOf = async (url: string) => (await page(url))('main').text().replace(/\s+/gu, ' ');

  beforeAll(async () => {
    database = await open();
    upstream = await startStandIn({
      documents: [miscounted, misspelt],
      supplements: [],
      today: '2025-04-01',
    });
    parts = openParts({ database, upstream, outbox: '/nonexistent', now: () => clock.now });
  });
  afterAll(async () => {
    await upstream.close();
    await database.close();
  });
  beforeEach(async () => {
    clock.now = '2025-03-31T15:00:00.000Z';
    await database.empty();
    runs = createBackfillRuns(parts);
    server = openApi(parts, {}, { backfill: runs });
    browser = openBrowser(() => server);
    await browser.signIn(ADMIN_TOKEN);
  });
  afterEach(async () => {
    await runs.stop();
    await server.close();
  });

  async function hold(): Promise<void> {
    await loadBaseline(parts, { list: 'entity-list', on: '2025-01-01', issues: [], entries: [listed] });
    for (const number of ['2025-00001', '2025-00002'])
      expect((await ingest(parts, number, DAY)).outcome).toBe('held');
  }
  /** Sends a form of a page as it stands there, with some of its fields filled in. */
  async function send(url: string, action: string, fields: Record<string, string> = {}) {
    const form = (await page(url))(`form[action="${action}"]`);
    expect(form).toHaveLength(1);
    const held = Object.fromEntries(form.serializeArray().map(({ name, value }) => [name, value]));
    return browser.post(action, { ...held, ...fields });
  }

  describe('open to', () => {
    test('nobody who has not signed in', async () => {
      browser.cookies.clear();
      for (const url of PAGES) {
        const answer = await browser.get(url);
        expect([url, answer.statusCode]).toEqual([url, 303]);
        expect(answer.headers.location).toBe(`/sign-in?next=${encodeURIComponent(url)}`);
      }
      for (const url of ['/operator/queues/api/queues', '/operator/deliveries/ledger.csv'])
        expect((await browser.get(url)).statusCode).toBe(303);
      expect((await browser.post('/operator/backfill', {})).statusCode).toBe(403);
    });

    test('no token of another scope, and no administrator of another organisation', async () => {
      for (const token of [
        await tokenFor(parts, ['read', 'subscriptions', 'watchlists']),
        await tokenFor(parts, ['admin'], { organisationId: 'acme' }),
      ]) {
        await browser.signIn(bareToken(token));
        for (const url of [...PAGES, '/operator/queues/api/queues'])
          expect([url, (await browser.get(url)).statusCode]).toEqual([url, 403]);
        expect((await browser.send('/operator/sources/check')).statusCode).toBe(403);
      }
    });

    test('no form without the mark of the session, and none of another site', async () => {
      await hold();
      const action = `/operator/held/${DAY}/2025-00001/ignore`;
      expect((await browser.post(action, { reason: 'a reason' })).statusCode).toBe(403);
      const csrf = (await page(`/operator/held/${DAY}/2025-00001`))('input[name=csrf]')
        .first()
        .attr('value')!;
      const headers = { origin: 'https://evil.example' };
      expect((await browser.post(action, { reason: 'a reason', csrf }, headers)).statusCode).toBe(403);
      expect((await findDocument(parts.db, '2025-00001'))!.status).toBe('held');
      expect(await overridesOf(parts.db, '2025-00001', DAY)).toEqual([]);
    });
  });

  test('each say in a sentence that they are empty', async () => {
    expect(await textOf('/operator')).toContain('Nothing waits for you.');
    expect(await textOf('/operator')).toContain('This process does not see the queue yet');
    expect(await textOf('/operator/held')).toContain('No document is held.');
    expect(await textOf('/operator/deliveries')).toContain('Nothing was sent yet.');
    expect(await textOf('/operator/sources')).toContain('No source was asked yet.');
    expect(await textOf('/operator/sources')).toContain('elwatch poll');
    expect(await textOf('/operator/audit')).toContain('No audit ran yet.');
    expect(await textOf('/operator/backfill')).toContain('No backfill ran since this process began.');
    const queues = await browser.get('/operator/queues');
    expect([queues.statusCode, queues.body.includes('This process does not see the queue yet')]).toEqual([
      404,
      true,
    ]);
  });

  test('are kept by nobody and run no script of theirs', async () => {
    for (const url of PAGES) {
      const { headers, body } = await browser.get(url);
      expect([url, headers['cache-control']]).toEqual([url, 'no-store']);
      expect(headers['x-robots-tag']).toBe('noindex');
      expect(headers['content-encoding']).toBeUndefined();
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(body).not.toMatch(/<script(?! src="\/assets\/)| style=| on[a-z]+="/u);
    }
  });

  test('the overview counts what needs a person', async () => {
    await hold();
    await makeDeliveries();
    await recordSourceFailure(parts.db, 'federal-register', clock.now, 'HTTP 503');
    await openIssue(parts.db, drift());
    const text = await textOf('/operator');
    expect(text).toContain('2 documents wait for a decision; 1 audit issue is open; 1 delivery failed');
    expect(text).toContain('late: Federal Register');
    expect(text).toContain('HTTP 503');
  });

  /** Asks for each page of a list by its links, and answers what stands on each. */
  async function turn(url: string, links: string, rows: string): Promise<string[][]> {
    const pages: string[][] = [];
    for (let next: string | undefined = url; next !== undefined; ) {
      expect(pages.length).toBeLessThan(9);
      const $ = await page(next);
      pages.push(
        $(rows)
          .map((_, one) => $(one).text().trim())
          .get(),
      );
      next = $(`nav[aria-label="${links}"] a`)
        .filter((_, one) => $(one).text() === 'Next')
        .attr('href')
        ?.replace(/#.*$/u, '');
    }
    return pages;
  }

  test('the held queue has pages, the oldest first', async () => {
    await hold();
    const { head } = (await findDocument(parts.db, '2025-00001'))!;
    for (let at = 10; at < 45; at += 1) {
      const number = `2024-000${at}`;
      await upsertDocument(parts.db, { ...head, number, publishedOn: '2024-05-01' }, clock.now);
      await recordOutcome(parts.db, number, '2024-05-01', { status: 'held', statusReason: 'not understood' });
    }
    const pages = await turn('/operator/held', 'Pages of held documents', '.rows > li > a');
    expect(pages.map((one) => one.length)).toEqual([30, 7]);
    expect(pages[0]![0]).toContain('2024-00010');
    expect(pages[1]!.at(-1)).toContain('2025-00002');
    expect(await textOf('/operator/held?page=2')).toContain('37 documents');
    // Behind the end stands the last page.
    expect((await page('/operator/held?page=99'))('.rows > li')).toHaveLength(7);
    expect(await textOf('/operator')).toContain('37 documents wait for a decision');
  });

  test('issues, ledger and runs of the audit each have pages', async () => {
    for (let at = 0; at < 35; at += 1) {
      await openIssue(parts.db, { ...drift(), excerpt: `ecfr ${at}` });
      await insertAuditRun(
        parts.db,
        {
          ...{ source: 'csl', list: 'entity-list', sourceOn: '2025-03-30', ranAt: clock.now, rows: at },
          ...{ outcome: 'lag', reason: null },
          counts: { missingThere: 0, missingHere: 0, differs: 0, explained: 0 },
        },
        [1, 2].map((one) => ({
          ...{
            number: `2025-1${at + 100}${one}`,
            publishedOn: DAY,
            ours: 70,
            there: 58,
            missing: [],
            day: 3,
          },
        })),
      );
    }
    const ledger = await turn('/operator/audit', 'Pages of the ledger', 'td[data-head=Document]');
    expect(ledger.map((one) => one.length)).toEqual([30, 30, 10]);
    expect(new Set(ledger.flat()).size).toBe(70);
    const runs = await turn('/operator/audit', 'Pages of audits', 'td[data-head=Rows]');
    expect(runs.map((one) => one.length)).toEqual([30, 5]);
    expect([runs[0]![0], runs[1]!.at(-1)]).toEqual(['34', '0']);
    const issues = await turn('/operator/audit', 'Pages of open issues', 'ul.rows > li');
    expect(issues.map((one) => one.length)).toEqual([30, 5]);
    // Turning the one leaves the others where they are.
    const $ = await page('/operator/audit?page=2');
    expect($('nav[aria-label="Pages of audits"] a').last().attr('href')).toContain('page=2');
  });

  describe('a held document', () => {
    const url = (number: string) => `/operator/held/${DAY}/${number}`;
    beforeEach(hold);

    test('stands in the queue with its reason and the words that were not understood', async () => {
      const $ = await page('/operator/held');
      const items = $('.rows > li');
      expect(items).toHaveLength(2);
      expect(items.eq(0).text()).toContain('2025-00001');
      expect(items.eq(1).find('blockquote').text()).toContain('addding');
      expect(items.eq(1).find('a').attr('href')).toBe(url('2025-00002'));
      // Each decision is a link to its form.
      for (const [label, mark] of [
        ['Accept', 'accept'],
        ['Edit', 'edit'],
        ['Ignore', 'ignore'],
      ] as const) {
        const link = items.eq(1).find(`a[aria-label="${label} 2025-00002"]`).attr('href')!;
        expect(link).toBe(`${url('2025-00002')}#${mark}`);
        const what = mark === 'edit' ? 'replace' : mark;
        const form = (await page(url('2025-00002')))(`[aria-labelledby=${mark}] form[action$="/${what}"]`);
        expect([mark, form.length]).toEqual([mark, 1]);
      }
    });

    test('shows what the document says beside each order that was read of it', async () => {
      const $ = await page(url('2025-00001'));
      const said = $('table[aria-labelledby=read] tbody tr .source');
      expect(said).toHaveLength(1);
      expect(said.text()).toContain('The document says');
      expect(said.find('blockquote').text()).toContain('Acme 1 Optics');
    });

    test('shows what accepting would do to the list, before it is done', async () => {
      const $ = await page(url('2025-00001'));
      const rows = $('table[aria-labelledby=read] tbody tr');
      expect(rows).toHaveLength(1);
      expect(rows.text()).toContain('Acme 1 Optics');
      expect(rows.find('td').first().text()).toBe('add');
      expect(rows.text()).toContain('China');
      expect(rows.text()).toMatch(/paragraph \d/u);
    });

    test('leads nowhere but to the web, whatever address upstream gives', async () => {
      const { head } = (await findDocument(parts.db, '2025-00001'))!;
      await upsertDocument(parts.db, { ...head, htmlUrl: 'javascript:alert(1)' }, clock.now);
      expect((await browser.get(url('2025-00001'))).body).not.toContain('javascript:');
    });

    test('can be accepted, and is applied at once; who and why is on record', async () => {
      const reason = 'the abstract counts an alias as an entity';
      const answer = await send(url('2025-00001'), `${url('2025-00001')}/accept`, { reason });
      expect([answer.statusCode, answer.headers.location]).toEqual([303, `${url('2025-00001')}?done=yes`]);
      expect((await findDocument(parts.db, '2025-00001'))!.status).toBe('applied');
      expect(await overridesOf(parts.db, '2025-00001', DAY)).toMatchObject([
        { kind: 'accept', who: 'admin token', reason, madeAt: clock.now },
      ]);
      const text = await textOf(`${url('2025-00001')}?done=yes`);
      expect(text).toContain('Your decision is recorded. The document is applied now');
      expect(text).toContain(reason);
      const added = await parts.db
        .selectFrom('entry')
        .select('name')
        .where('name', '=', 'Acme 1 Optics')
        .execute();
      expect(added).toHaveLength(1);
    });

    test('can be edited, beginning with the words as they stand there', async () => {
      const form = (await page(url('2025-00002')))(`form[action="${url('2025-00002')}/replace"]`);
      const find = form.find('textarea[name=find]').text();
      expect(find).toContain('by addding, in');
      const answer = await send(url('2025-00002'), `${url('2025-00002')}/replace`, {
        ...{ find: find.replaceAll('\n', '\r\n'), by: find.replace('addding', 'adding') },
        reason: 'a slip of print',
      });
      expect(answer.statusCode).toBe(303);
      expect((await findDocument(parts.db, '2025-00002'))!.status).toBe('applied');
      expect(await overridesOf(parts.db, '2025-00002', DAY)).toMatchObject([
        { kind: 'replace', who: 'admin token', reason: 'a slip of print' },
      ]);
    });

    test('can be ignored, and that can be ended', async () => {
      const reason = 'it repeats another';
      await send(url('2025-00001'), `${url('2025-00001')}/ignore`, { reason });
      expect((await findDocument(parts.db, '2025-00001'))!.status).toBe('ignored');
      const answer = await send(url('2025-00001'), `${url('2025-00001')}/undo`);
      expect(answer.statusCode).toBe(303);
      expect((await findDocument(parts.db, '2025-00001'))!.status).toBe('held');
      expect(await overridesOf(parts.db, '2025-00001', DAY)).toEqual([]);
      expect(await overridesOf(parts.db, '2025-00001', DAY, { ended: true })).toHaveLength(1);
    });

    test.each([
      ['accept', { reason: ' ' }, 'A decision needs a reason'],
      ['replace', { find: 'nowhere to be found', by: 'x', reason: 'a reason' }, 'do not stand in the source'],
      ['replace', { find: '<P>', by: '<P', reason: 'a reason' }, 'in the source'],
      ['replace', { find: 'by addding, in', by: 'by <b>adding, in', reason: 'why' }, 'can no longer be read'],
      ['undo', {}, 'no override that counts'],
    ])('%s with %o is refused in a sentence, and nothing is recorded', async (what, fields, said) => {
      const answer = await browser.send(`${url('2025-00002')}/${what}`, {}, fields as Record<string, string>);
      expect(answer.statusCode).toBe(422);
      const $ = load(answer.body);
      expect($('[role=alert]').text()).toContain(said);
      // What was typed stands in the form again.
      if ('find' in fields) expect($('textarea[name=find]').text()).toBe(fields.find);
      expect(await overridesOf(parts.db, '2025-00002', DAY, { ended: true })).toEqual([]);
      expect((await findDocument(parts.db, '2025-00002'))!.status).toBe('held');
    });

    test('that is not held any more takes no decision', async () => {
      await send(url('2025-00001'), `${url('2025-00001')}/ignore`, { reason: 'it repeats another' });
      expect((await page(url('2025-00001')))(`form[action$="/accept"]`)).toHaveLength(0);
      const answer = await browser.send(`${url('2025-00001')}/accept`, {}, { reason: 'a reason' });
      expect(answer.statusCode).toBe(422);
      expect(answer.body).toContain('is not held, it is ignored');
    });

    test('that nobody knows is not found', async () => {
      expect((await browser.get(url('2099-00001'))).statusCode).toBe(404);
      expect((await browser.get('/operator/held/yesterday/2025-00001')).statusCode).toBe(404);
      expect((await browser.send(`${url('2025-00001')}/burn`, {}, { reason: 'why' })).statusCode).toBe(404);
    });
  });

  async function makeDeliveries(count = 1): Promise<string[]> {
    await storeSample(parts);
    const ids: string[] = [];
    for (let at = 0; at < count; at += 1) {
      const rows = ['sent', 'failed'].map((name) =>
        sampleSubscription({
          ...{ subscriptionId: `s_${name}_${at}`, target: `${name}${at}@example.org` },
        }),
      );
      const made = await insertDeliveries(
        parts.db,
        rows.map((one) => ({
          ...newDelivery(one, { kind: 'alert', subject: 'cs_2025-05426_1' }, parts.baseUrl, clock.now),
          changeSetId: 'cs_2025-05426_1',
        })),
      );
      for (const { deliveryId, recipient } of made)
        if (recipient.startsWith('sent'))
          await recordSent(parts.db, deliveryId, { at: clock.now, outcome: '250 ok' });
        else await recordFailure(parts.db, deliveryId, { outcome: `550 ${HOSTILE}`, retryAt: null });
      ids.push(
        ...made.filter(({ recipient }) => recipient.startsWith('failed')).map((one) => one.deliveryId),
      );
    }
    return ids;
  }

  describe('deliveries', () => {
    test.each([
      ['', ['failed0@example.org', 'sent0@example.org']],
      ['?status=failed', ['failed0@example.org']],
      ['?status=due', []],
      ['?channel=email', ['failed0@example.org', 'sent0@example.org']],
      ['?channel=slack', []],
      ['?q=SENT0', ['sent0@example.org']],
      ['?q=250+ok', ['sent0@example.org']],
      ['?q=%25', []],
      ['?status=&channel=&q=', ['failed0@example.org', 'sent0@example.org']],
    ])('%j are %j', async (query, expected) => {
      await makeDeliveries();
      const $ = await page(`/operator/deliveries${query}`);
      const found = $('tbody tr td[data-head=To]')
        .map((_, cell) => $(cell).text())
        .get();
      expect(found.sort()).toEqual(expected);
      expect($('main').text().includes('No delivery meets these filters')).toBe(expected.length === 0);
    });

    test('go on behind the last one of the page', async () => {
      await makeDeliveries(40);
      const seen: string[] = [];
      let url: string | undefined = '/operator/deliveries?channel=email';
      for (let pages = 0; url !== undefined; pages += 1) {
        expect(pages).toBeLessThan(3);
        const $ = await page(url);
        seen.push(
          ...$('tbody tr td[data-head=To]')
            .map((_, cell) => $(cell).text())
            .get(),
        );
        url = $('a.button').attr('href');
      }
      expect([seen.length, new Set(seen).size]).toEqual([80, 80]);
    });

    test('that failed can be sent again; what was sent cannot', async () => {
      const [failed] = await makeDeliveries();
      const answer = await send('/operator/deliveries?status=failed', `/operator/deliveries/${failed}/retry`);
      expect(answer.headers.location).toBe('/operator/deliveries?status=failed&done=retry');
      expect(await findDelivery(parts.db, failed!)).toMatchObject({
        status: 'due',
        attempts: 0,
        dueAt: clock.now,
      });
      expect(await textOf(String(answer.headers.location))).toContain('It is to be sent again');
      const sent = (await page('/operator/deliveries?status=sent'))('form[action$=retry]');
      expect(sent).toHaveLength(0);
      const [row] = await parts.db.selectFrom('delivery').selectAll().where('status', '=', 'sent').execute();
      const refused = await browser.send(`/operator/deliveries/${row!.deliveryId}/retry`);
      expect(refused.statusCode).toBe(409);
      expect(refused.body).toContain('nothing was done');
      expect((await findDelivery(parts.db, row!.deliveryId))!.status).toBe('sent');
    });

    test.each(['csv', 'json'] as const)('are a file of %s that is named by its hash', async (format) => {
      await makeDeliveries(3);
      const answer = await browser.get(`/operator/deliveries/ledger.${format}`);
      const named = /filename="deliveries-([0-9a-f]{64})\.(\w+)"/u.exec(
        String(answer.headers['content-disposition']),
      )!;
      expect(named[2]).toBe(format);
      expect(createHash('sha256').update(answer.rawPayload).digest('hex')).toBe(named[1]);
      const exported = [];
      for await (const { text } of exportLedger(parts.db, { format, since: null })) exported.push(text);
      expect(answer.body).toBe(exported.join(''));
      expect(answer.body).toContain('failed2@example.org');
    });

    test('refuse a filter that cannot be meant, in a sentence', async () => {
      const answer = await browser.get('/operator/deliveries?status=lost');
      expect(answer.statusCode).toBe(400);
      expect(answer.body).toContain('“status” is no state of a delivery');
    });
  });

  const drift = () => ({
    ...{ code: 'drift-differs', holds: false, message: `eCFR differs ${HOSTILE}`, excerpt: 'ecfr Acme' },
    ...{ locator: null, number: null, publishedOn: null, openedAt: clock.now },
  });

  test('the audit shows open issues, the ledger and each run', async () => {
    await openIssue(parts.db, drift());
    await openIssue(parts.db, {
      ...drift(),
      code: 'parser-failed',
      message: 'of a document',
      number: '2025-1',
    });
    await insertAuditRun(
      parts.db,
      {
        ...{ source: 'csl', list: 'entity-list', sourceOn: '2025-03-30', ranAt: clock.now, rows: 3267 },
        ...{ outcome: 'lag', reason: null },
        counts: { missingThere: 12, missingHere: 0, differs: 0, explained: 12 },
      },
      [{ number: '2025-05426', publishedOn: DAY, ours: 70, there: 58, missing: ['Acme'], day: 3 }],
    );
    const text = await textOf('/operator/audit');
    expect(text).toContain('eCFR differs');
    expect(text).not.toContain('of a document');
    expect(text).toContain('12 of 70 not yet in the CSL, day 3');
    expect(text).toContain('recent rules are not there yet');
    expect(text).toContain('12 missing in the CSL');
    expect(text).toContain('3,267');
  });

  describe('a backfill', () => {
    test('runs in the background and says how it went', async () => {
      await loadBaseline(parts, { list: 'entity-list', on: '2025-01-01', issues: [], entries: [listed] });
      const answer = await send('/operator/backfill', '/operator/backfill', {
        from: '2025-02-01',
        to: '2025-03-31',
      });
      expect([answer.statusCode, answer.headers.location]).toEqual([303, '/operator/backfill']);
      await until('the backfill to end', async () => runs.last()?.endedAt !== null);
      const $ = await page('/operator/backfill');
      expect($('main').text()).toContain('begun 2025-03-31 11:00 EDT by admin token');
      expect([$('progress').attr('value'), $('progress').attr('max')]).toEqual(['2', '2']);
      expect($('[role=status]').text()).toBe('2 found, 2 held.');
      expect($('tbody tr')).toHaveLength(2);
      expect((await findDocument(parts.db, '2025-00002'))!.status).toBe('held');
      expect($('form[action="/operator/backfill"]')).toHaveLength(1);
    });

    test('goes on alone: a second one is refused until it has ended', async () => {
      await loadBaseline(parts, { list: 'entity-list', on: '2025-01-01', issues: [], entries: [listed] });
      const window = { from: '2025-01-01', to: '2025-03-31' };
      await browser.send('/operator/backfill', {}, window);
      const second = await browser.send('/operator/backfill', {}, window);
      expect(second.statusCode).toBe(409);
      expect(second.body).toContain('goes on');
      expect(load(second.body)('form[action="/operator/backfill"]')).toHaveLength(0);
      await until('the backfill to end', async () => runs.last()?.endedAt !== null);
      expect((await browser.send('/operator/backfill', {}, window)).statusCode).toBe(303);
    });

    test('that ends early says why and what to do', async () => {
      await browser.send('/operator/backfill', {}, { from: '2025-03-01', to: '2025-03-31' });
      await until('the backfill to end', async () => runs.last()?.endedAt !== null);
      expect(await textOf('/operator/backfill')).toMatch(/no list was loaded yet.*elwatch baseline/u);
    });

    test('is stopped with the service, and says so', async () => {
      await loadBaseline(parts, { list: 'entity-list', on: '2025-01-01', issues: [], entries: [listed] });
      await browser.send('/operator/backfill', {}, { from: '2025-01-01', to: '2025-03-31' });
      await runs.stop();
      expect(runs.last()!.endedAt).not.toBeNull();
      expect(runs.last()!.error).toBe('It was stopped with the service.');
      expect(await findDocument(parts.db, '2025-00001')).toBeNull();
    });

    test.each([
      ['', '2025-03-31', 'both days are needed'],
      ['2025-03-31', '2025-03-01', 'is no window that can be read'],
      ['2025-03-01', '2025-04-01', 'is no window that can be read'],
    ])('from %j to %j is refused', async (from, to, said) => {
      const answer = await browser.send('/operator/backfill', {}, { from, to });
      expect(answer.statusCode).toBe(422);
      expect(load(answer.body)('[role=alert]').text().toLowerCase()).toContain(said);
      expect(runs.last()).toBeNull();
    });
  });

  test('hostile words are text on every page', async () => {
    upstream.addDocument(
      misprinted(
        makeSmallRule({
          ...{ number: '2025-00009', publishedOn: DAY, startPage: 900 },
          adds: ['&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;\u202e'],
        }),
      ),
    );
    await loadBaseline(parts, { list: 'entity-list', on: '2025-01-01', issues: [], entries: [listed] });
    await ingest(parts, '2025-00009', DAY);
    await makeDeliveries();
    await openIssue(parts.db, drift());
    await recordSourceFailure(parts.db, 'federal-register', clock.now, HOSTILE);
    const seen: string[] = [];
    for (const url of [...PAGES, `/operator/held/${DAY}/2025-00009`, '/operator/deliveries?q=%3Cscript%3E']) {
      const { body } = await browser.get(url);
      seen.push(body);
      expect(body).not.toMatch(/<script(?! src="\/assets\/)|<img|\u202e/u);
    }
    expect(seen.join('').match(/&lt;script&gt;/gu)!.length).toBeGreaterThan(5);
  });
});

describe.each(queueBackends)('the queues on $name', ({ name: backend, open }) => {
  test('can be looked at and not changed, and their scripts are files of theirs', async () => {
    const opened = await open();
    const connection = await openQueue({ ...opened, log: pino({ level: 'silent' }) });
    const store = await backends[0]!.open();
    const upstream = await startStandIn({ documents: [], supplements: [], today: DAY });
    const parts = openParts({
      database: store,
      upstream,
      outbox: '/nonexistent',
      now: () => `${DAY}T15:00:00Z`,
    });
    const checked: string[] = [];
    const view: QueueView = {
      connection,
      names: ['poll', 'ingest'],
      canListWorkers: backend !== 'pglite',
      checkSources: async () => {
        checked.push('all');
        await connection.add('poll', 'poll', {}, { jobId: 'poll_now' });
      },
    };
    const held: { view: QueueView | null } = { view: null };
    const server = openApi(parts, {}, { queues: () => held.view });
    const browser = openBrowser(() => server);
    try {
      await browser.signIn(ADMIN_TOKEN);
      expect((await browser.get('/operator/queues')).statusCode).toBe(404);
      held.view = view;
      expect((await browser.send('/operator/sources/check')).headers.location).toBe(
        '/operator/sources?done=yes',
      );
      expect(checked).toEqual(['all']);

      const { headers, body } = await browser.get('/operator/queues');
      expect(headers['content-type']).toContain('text/html');
      expect(headers['cache-control']).toBe('no-store');
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toMatch(/unsafe|https?:|data:/u);
      expect(load(body)('[style], style, link[href^="http"]')).toHaveLength(0);
      const scripts = load(body)('script[src]')
        .map((_, one) => one.attribs.src)
        .get();
      expect(scripts.length).toBeGreaterThan(0);
      for (const path of scripts) {
        const { pathname } = new URL(path!, 'http://host/operator/queues/');
        expect([pathname, (await browser.get(pathname)).statusCode]).toEqual([pathname, 200]);
      }
      const theirs = scripts.find((path) => !path!.startsWith('/assets/'));

      for (const path of ['', '/', `/${theirs}`, '/api/queues', '/api/redis/stats', '/queue/poll'])
        expect([path, (await server.inject(`/operator/queues${path}`)).statusCode]).toEqual([path, 303]);

      const listed = (await browser.get('/operator/queues/api/queues')).json();
      expect(
        listed.queues.map(({ name, readOnlyMode }: Record<string, unknown>) => [name, readOnlyMode]),
      ).toEqual([
        ['poll', true],
        ['ingest', true],
      ]);
      expect(listed.queues[0].counts.waiting).toBe(1);
      const text = load((await browser.get('/operator')).body)('main').text();
      expect(text).toMatch(/poll\s*1\s*0\s*0\s*0/u);
      // With a session and its mark, as a script of these pages would have them.
      const csrf = load((await browser.get('/operator/sources')).body)('input[name=csrf]')
        .first()
        .attr('value')!;
      const act = (method: 'PUT' | 'POST' | 'PATCH' | 'DELETE', path: string) =>
        server.inject({
          method,
          url: `/operator/queues/api/queues${path}`,
          headers: {
            cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
            'content-type': 'application/x-www-form-urlencoded',
          },
          payload: new URLSearchParams({ csrf }).toString(),
        });
      for (const [method, path] of [
        ['PUT', '/pause'],
        ['PUT', '/resume'],
        ['PUT', '/poll/pause'],
        ['PUT', '/poll/empty'],
        ['PUT', '/poll/obliterate'],
        ['PUT', '/poll/clean/waiting'],
        ['PUT', '/poll/poll_now/clean'],
        ['PUT', '/poll/poll_now/promote'],
        ['PATCH', '/poll/poll_now/update-data'],
        ['POST', '/poll/add'],
      ] as const)
        expect([path, (await act(method, path)).statusCode]).toEqual([path, 405]);
      expect(await connection.queue('poll').getWaitingCount()).toBe(1);
      expect(await connection.queue('poll').isPaused()).toBe(false);

      // Who works is never said to be missing, least of all where it cannot be known.
      for (const name of view.names) {
        connection.worker(name, async () => undefined, { concurrency: 1 });
        if (view.canListWorkers)
          await until(
            `the worker of ${name}`,
            async () => (await connection.queue(name).getWorkersCount()) > 0,
          );
      }
      const { queues } = (await browser.get('/operator/queues/api/queues')).json();
      expect(queues.map((one: { hasWorkers: boolean | null }) => one.hasWorkers)).not.toContain(false);
    } finally {
      await server.close();
      await connection.close();
      await upstream.close();
      await store.close();
      await opened.forget();
    }
  });
});
