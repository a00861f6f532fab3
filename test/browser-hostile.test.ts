import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApi, openApiParts, store, storeBaseline } from './helpers/api.ts';
import { findChromium, startChromium } from './helpers/chromium.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { freePort } from './helpers/free-port.ts';
import { HOSTILE_NAMES, hostileChanges, sampleDocument } from './helpers/sample-changes.ts';

/** What code that runs in a page finds there. */
declare const document: {
  querySelectorAll(selector: string): ArrayLike<unknown>;
  documentElement: { scrollWidth: number; outerHTML: string };
};
declare const innerWidth: number;

const chromium = findChromium();

describe.runIf(chromium !== null)('names that attack their reader', () => {
  let database: TestDatabase;
  let browser: Browser;
  let server: ReturnType<typeof openApi>;
  let url: string;
  let page: Page;
  /** Dialogs, faults and what the policy stopped. */
  const noted: string[] = [];

  beforeAll(async () => {
    database = await backends[0]!.open();
    const port = await freePort();
    // Forms are taken from pages of this address alone.
    url = `http://127.0.0.1:${port}`;
    const parts = { ...openApiParts(database), baseUrl: url };
    await storeBaseline(parts);
    const changes = hostileChanges().map(({ seq: _, changeSetId: __, knownAt: ___, ...change }) => change);
    await store(
      parts,
      { changeSetId: 'cs_hostile', document: sampleDocument({ title: HOSTILE_NAMES[1]! }) },
      changes,
    );
    server = openApi(parts);
    await server.listen({ port, host: '127.0.0.1' });
    browser = await startChromium(chromium!);
    page = await browser.newPage({ viewport: { width: 320, height: 640 } });
    page.on('dialog', async (dialog) => {
      noted.push(`dialog: ${dialog.message()}`);
      await dialog.dismiss();
    });
    page.on('pageerror', (error) => noted.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load'))
        noted.push(message.text());
    });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await database?.close();
  });

  const attack = encodeURIComponent(HOSTILE_NAMES[1]!);
  test.each([
    '/',
    '/changes',
    `/changes?q=${attack}`,
    '/changes/cs_hostile',
    '/list',
    `/list?q=${attack}`,
    `/list?q=${encodeURIComponent(HOSTILE_NAMES[0]!)}`,
    ...hostileChanges().map(({ entryId }) => `/entries/${entryId}`),
    '/compare?from=2025-03-20&to=2025-03-30',
    '/charts',
    `/subscriptions?keywords=${attack}&destination=${attack}`,
    `/no/such/${attack}`,
    `/changes?from=${attack}`,
  ])('are harmless on %s, and fit a small phone', async (path) => {
    noted.length = 0;
    await page.goto(url + path);
    const seen = await page.evaluate(() => ({
      foreign: document.querySelectorAll('img, iframe, script:not([src^="/assets/"]), [onerror], [style]')
        .length,
      marks: /[\u202A-\u202E\u2066-\u2069\0]/u.test(document.documentElement.outerHTML),
      over: document.documentElement.scrollWidth - innerWidth,
    }));
    expect({ ...seen, noted }).toEqual({ foreign: 0, marks: false, over: 0, noted: [] });
  });

  test('are harmless among the names of a screening', async () => {
    noted.length = 0;
    await page.goto(`${url}/screening`);
    await page.getByLabel('Names, one a line').fill(HOSTILE_NAMES.slice(0, 9).join('\n'));
    await page.getByRole('button', { name: 'Compare with the lists' }).click();
    await page.getByRole('heading', { name: 'Result' }).waitFor();
    expect(noted).toEqual([]);
    const foreign = await page.evaluate(
      () => document.querySelectorAll('img, script:not([src^="/assets/"]), [onerror]').length,
    );
    expect(foreign).toBe(0);
  });
});
