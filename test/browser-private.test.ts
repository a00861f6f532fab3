import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBackfillRuns } from '../src/backfill-runs.ts';
import { loadBaseline } from '../src/baseline.ts';
import { type StandIn, startStandIn } from '../src/demo/stand-in.ts';
import { ingest } from '../src/ingest.ts';
import { WHOLE_FILTER } from '../src/model.ts';
import type { Parts } from '../src/parts.ts';
import { insertAuditRun } from '../src/store/audit.ts';
import { insertDeliveries, recordFailure, recordSent } from '../src/store/deliveries.ts';
import { openIssue } from '../src/store/issues.ts';
import { newDelivery } from '../src/store/new-delivery.ts';
import { recordFailure as recordSourceFailure, recordSuccess } from '../src/store/source-state.ts';
import { addSubscription } from '../src/store/subscriptions.ts';
import { inTransaction } from '../src/store/transaction.ts';
import { renewPageSalt } from '../src/store/watchlist-pages.ts';
import { addWatchlist } from '../src/store/watchlists.ts';
import { ADMIN_TOKEN, openApi, store, storeSample } from './helpers/api.ts';
import { findChromium, startChromium } from './helpers/chromium.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { freePort } from './helpers/free-port.ts';
import { axeFaults, noteComplaints, sizeFaults, widthOver } from './helpers/page-faults.ts';
import { openParts } from './helpers/parts.ts';
import { sampleAddition, sampleEntry } from './helpers/sample-changes.ts';
import { makeSmallRule } from './helpers/small-rule.ts';
import { until } from './helpers/until.ts';
import { uploadCsv } from './helpers/watchlist.ts';

const chromium = findChromium();
const NOW = '2025-04-01T15:00:00.000Z';
const RULE = 'cs_2025-05426_1';
const DAY = '2025-03-28';
/** A word that no line can be broken in, as addresses and codes of the real lists are. */
const LONG = 'Zhongguancunkexueyuanlu-Haidianqu'.repeat(3);
/** More than any page shows at once. */
const MANY = 60;

describe.runIf(chromium !== null)('pages for who signed in or has a link, with what they show', () => {
  let database: TestDatabase;
  let upstream: StandIn;
  let browser: Browser;
  let parts: Parts;
  let server: ReturnType<typeof openApi>;
  let runs: ReturnType<typeof createBackfillRuns>;
  let url: string;
  /** Paths by what stands there. */
  let paths: Record<string, string>;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];
  /** Cookies of who signed in as operator. */
  let session: Awaited<ReturnType<BrowserContext['storageState']>>;
  /** The next answers of the Federal Register about one document wait for it. */
  const gate: { held: Promise<void> | null } = { held: null };

  beforeAll(async () => {
    database = await backends[0]!.open();
    upstream = await startStandIn({
      documents: [
        makeSmallRule({
          number: '2025-00001',
          publishedOn: '2025-02-10',
          startPage: 90,
          adds: [`Optics ${LONG}`],
        }),
        makeSmallRule({
          ...{ number: '2025-00002', publishedOn: DAY, startPage: 100, statedAdditions: MANY + 1 },
          adds: Array.from({ length: MANY }, (_, at) => `Acme ${at} ${LONG}`),
        }),
      ],
      supplements: [],
      today: NOW.slice(0, 10),
    });
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const plain = openParts({ database, upstream, outbox: '/nonexistent', now: () => NOW });
    const { federalRegister } = plain;
    parts = {
      ...plain,
      baseUrl: url,
      federalRegister: {
        ...federalRegister,
        fetchRecord: async (...asked) => {
          await gate.held;
          return federalRegister.fetchRecord(...asked);
        },
      },
    };
    await fill();
    runs = createBackfillRuns(parts);
    server = openApi(parts, {}, { backfill: runs });
    await server.listen({ port, host: '127.0.0.1' });
    browser = await startChromium(chromium!);
    await open();
    await page.goto('/sign-in');
    await page.getByLabel('Token').fill(ADMIN_TOKEN);
    await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/operator');
    session = await context.storageState();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await runs?.stop();
    await server?.close();
    await upstream?.close();
    await database?.close();
  });
  beforeEach(() => open({ storageState: session }));
  afterEach(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });

  async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<void> {
    await context?.close();
    context = await browser.newContext({ baseURL: url, viewport: { width: 320, height: 640 }, ...options });
    page = await context.newPage();
    complaints = await noteComplaints(page);
  }

  /** One of everything that a page can show, and of what it shows in rows more than it shows at once. */
  async function fill(): Promise<void> {
    await loadBaseline(parts, {
      ...{ list: 'entity-list', on: '2025-01-01', issues: [] },
      entries: [
        {
          ...{ list: 'entity-list', destination: "CHINA, PEOPLE'S REPUBLIC OF", country: 'CN' },
          ...sampleEntry('Old Works', { aliases: [LONG], addresses: [LONG] }),
        },
      ],
    });
    await storeSample(parts);
    const {
      seq: _,
      changeSetId: __,
      knownAt: ___,
      ...long
    } = sampleAddition(
      ...([900, 'CN', "CHINA, PEOPLE'S REPUBLIC OF"] as const),
      sampleEntry(`Institute ${LONG}`, { aliases: [LONG, '北京示例研究所'], addresses: [LONG] }),
    );
    await store(parts, { changeSetId: 'cs_long', knownAt: '2025-03-29T12:00:00.000Z' }, [
      { ...long, entryId: 'long' },
    ]);
    expect((await ingest(parts, '2025-00002', DAY)).outcome).toBe('held');

    const rows = Array.from({ length: MANY }, (_none, at) => `${at},Beijing Example Institute ${at}`);
    const watchlist = await uploadCsv(
      parts,
      'Suppliers',
      `id,name\n${rows.join('\n')}\nx,Institute ${LONG}\n`,
    );

    const empty = await addWatchlist(parts.db, {
      ...{ organisationId: 'operator', name: LONG, threshold: null, createdAt: NOW },
    });
    const add = (target: string, status: 'active' | 'unconfirmed' = 'active') =>
      addSubscription(parts.db, { target, filter: WHOLE_FILTER, createdAt: NOW, status });
    const subscription = await add(`${LONG.slice(0, 60)}@example.org`);
    const made = await insertDeliveries(
      parts.db,
      Array.from({ length: MANY }, (_none, at) => ({
        ...newDelivery(subscription, { kind: 'alert', subject: `${RULE} ${at}` }, url, NOW),
        changeSetId: RULE,
      })),
    );
    for (const [at, { deliveryId }] of made.entries())
      if (at % 2 === 0) await recordSent(parts.db, deliveryId, { at: NOW, outcome: `250 ok ${LONG}` });
      else await recordFailure(parts.db, deliveryId, { outcome: `smtp-550: ${LONG}`, retryAt: null });
    const asked = await add('asked@example.org', 'unconfirmed');

    await recordSuccess(parts.db, 'federal-register', NOW);
    await recordSuccess(parts.db, 'public-inspection', NOW);
    await recordSourceFailure(parts.db, 'public-inspection', NOW, `HTTP 503: ${LONG}`);
    for (let night = 1; night <= 28; night += 1)
      for (const source of ['ecfr', 'csl'] as const)
        await inTransaction(parts.db, (tx) =>
          insertAuditRun(
            tx,
            {
              ...{ source, list: 'entity-list', rows: 3_267, reason: night % 5 === 0 ? LONG : null },
              sourceOn: `2025-03-${String(night).padStart(2, '0')}`,
              ranAt: `2025-03-${String(night).padStart(2, '0')}T10:00:00.000Z`,
              outcome: 'drift',
              counts: { missingThere: 12, missingHere: 1, differs: 2, explained: 0 },
            },
            [{ number: '2025-05426', publishedOn: DAY, ours: 8, there: 2, missing: [LONG], day: night }],
          ),
        );
    await openIssue(parts.db, {
      ...{ number: '2025-00002', publishedOn: DAY, code: 'drift-missing-there', holds: false },
      ...{ message: `is missing in eCFR: ${LONG}`, excerpt: LONG, locator: null, openedAt: NOW },
    });

    const sign = (purpose: 'preferences' | 'confirm', { subscriptionId, token }: typeof asked) =>
      `/${purpose}/${parts.secrets.signLink(purpose, subscriptionId, token, NOW, 7)}`;
    const salt = await renewPageSalt(parts.db, watchlist.watchlistId, NOW);
    paths = {
      entry: '/entries/long',
      watchlist: `/screening/${watchlist.watchlistId}`,
      'page of the watchlist': `/watchlists/${parts.secrets.signLink('watchlist-page', watchlist.watchlistId, salt, NOW, 7)}`,
      'empty watchlist': `/screening/${empty.watchlistId}`,
      'own subscriptions': '/subscriptions/own',
      'own subscription': `/subscriptions/own/${subscription.subscriptionId}`,
      preferences: sign('preferences', subscription),
      confirm: sign('confirm', asked),
      unsubscribe: `/unsubscribe/${subscription.token}`,
      overview: '/operator',
      'held documents': '/operator/held',
      'held document': `/operator/held/${DAY}/2025-00002`,
      deliveries: '/operator/deliveries',
      sources: '/operator/sources',
      audit: '/operator/audit',
      backfill: '/operator/backfill',
    };
  }

  const progress = () =>
    page.getByRole('progressbar', { name: 'Months' }).evaluate((bar) => {
      const { value, max } = bar as unknown as { value: number; max: number };
      return [value, max];
    });

  test('the progress of a backfill is seen to move, until it has ended', async () => {
    await page.goto('/operator/backfill');
    let release = () => {};
    gate.held = new Promise((resolve) => {
      release = resolve;
    });
    await page.getByLabel('Published from').fill('2025-01-01');
    await page.getByLabel('to', { exact: true }).fill('2025-03-31');
    await page.getByRole('button', { name: 'Begin' }).click();
    const again = page.getByRole('link', { name: 'Look again' });
    const look = async (what: string, isSo: () => boolean) => {
      await until(what, isSo);
      await again.click();
    };
    // January has no rule; the one of February waits.
    await look('January to be done', () => runs.last()?.done === 1);
    await expect.poll(progress).toEqual([1, 3]);
    release();
    gate.held = null;
    await look('the backfill to end', () => runs.last()?.endedAt !== null);
    await expect.poll(progress).toEqual([3, 3]);
    await page.getByRole('button', { name: 'Begin' }).waitFor();
    expect(await again.count()).toBe(0);
  });

  test.each([
    'entry',
    'watchlist',
    'page of the watchlist',
    'empty watchlist',
    'own subscriptions',
    'own subscription',
    'preferences',
    'confirm',
    'unsubscribe',
    'overview',
    'held documents',
    'held document',
    'deliveries',
    'sources',
    'audit',
    'backfill',
  ])('%s: fits a small phone, weighs little, breaks no policy, and axe finds nothing', async (what) => {
    expect(await sizeFaults(page, paths[what]!)).toEqual([]);
    expect(await axeFaults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axeFaults(page)).toEqual([]);
  });

  test('a screening fits a small phone, breaks no policy, and axe finds nothing in its result', async () => {
    await page.goto('/screening');
    await page.getByLabel('Names, one a line').fill(`Beijing Example Institute\nInstitute ${LONG}\n${LONG}`);
    const [answer] = await Promise.all([
      page.waitForResponse((one) => one.request().method() === 'POST'),
      page.getByRole('button', { name: 'Compare with the lists' }).click(),
    ]);
    await page.getByRole('heading', { name: 'Result' }).waitFor();
    expect((await answer.request().sizes()).responseBodySize).toBeLessThanOrEqual(60_000);
    expect(await widthOver(page)).toBe(0);
    expect(await axeFaults(page)).toEqual([]);
  });

  test('the progress of an upload is seen to move, until its hits are there', async () => {
    await page.goto(paths['empty watchlist']!);
    const network = await context.newCDPSession(page);
    const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 60_000 };
    await network.send('Network.enable');
    const padding = 'x'.repeat(1_000);
    const rows = Array.from({ length: 2_000 }, (_none, at) => `${at},Bakery ${at},${padding}`);
    await page.setInputFiles('input[type=file]', {
      name: 'suppliers.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`id,name,padding\nx,Beijing Example Institute,\n${rows.join('\n')}\n`),
    });
    await network.send('Network.emulateNetworkConditions', slow);
    const bar = page.getByRole('progressbar', { name: 'Sent' });
    await page.getByRole('button', { name: 'Upload and compare' }).click();
    const seen = () =>
      bar.evaluate((one) => {
        const { value, max } = one as unknown as { value: number; max: number };
        return { value, max };
      });
    const first = await (async () => {
      let now = { value: 0, max: 0 };
      await until('the first bytes to be sent', async () => {
        now = await seen();
        return now.max > 1 && now.value > 0;
      });
      return now;
    })();
    expect(first.value).toBeLessThan(first.max);
    await until('more of them to be sent', async () => (await seen()).value > first.value);
    expect(await bar.isVisible()).toBe(true);
    await network.send('Network.emulateNetworkConditions', { ...slow, uploadThroughput: -1 });
    await page.getByText('2,001 rows were taken.').waitFor({ timeout: 60_000 });
    await page.getByRole('heading', { name: 'Hits' }).waitFor();
    expect(await page.locator('td[data-head=Entry]').first().innerText()).toContain(
      'Beijing Example Institute',
    );
  }, 120_000);
});
