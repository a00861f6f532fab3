import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { insertAuditRun } from '../src/store/audit.ts';
import { inTransaction } from '../src/store/transaction.ts';
import { openApi, openApiParts, store, storeSample } from './helpers/api.ts';
import { findChromium, startChromium } from './helpers/chromium.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { freePort } from './helpers/free-port.ts';
import { axeFaults, noteComplaints, widthOver } from './helpers/page-faults.ts';
import { sampleChanges, sampleDocument } from './helpers/sample-changes.ts';

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
  height: number;
}
interface Shape {
  tagName: string;
  textContent: string;
  getBoundingClientRect(): Box;
}
interface Drawing extends Shape {
  querySelectorAll(selector: string): ArrayLike<Shape>;
  getScreenCTM(): { a: number };
}
/** What code that runs in a page finds there. */
declare const document: { querySelectorAll(selector: string): ArrayLike<Shape> };
declare const getComputedStyle: (of: unknown) => { fontSize: string };

const chromium = findChromium();
/** More than a year after the sample, so that the months have labels to leave out. */
const NOW = '2026-06-10T15:00:00.000Z';
/** Destinations of the sample, as the names of the lines have them. */
const NAMES = ['China 3', 'Pakistan 2', 'France 1', 'UAE 1'];

describe.runIf(chromium !== null)('charts in a browser', () => {
  let database: TestDatabase;
  let browser: Browser;
  let server: ReturnType<typeof openApi>;
  let url: string;
  let context: BrowserContext | undefined;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    database = await backends[0]!.open();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const parts = { ...openApiParts(database, { clock: { now: NOW } }), baseUrl: url };
    const tell = (number: string, toldAt: string, scheduledOn: string) =>
      store(
        parts,
        {
          ...{ changeSetId: `filing.${number}.1`, outcome: 'provisional', knownAt: toldAt },
          document: sampleDocument({ number, publishedOn: scheduledOn }),
          filing: {
            ...{ filedAt: '2025-03-25T20:15:00.000Z', filingType: 'special', scheduledOn, seenAt: toldAt },
            ...{ reading: null, letters: [], editorialNote: null },
          },
        },
        [],
      );
    await tell('2025-05426', '2025-03-25T20:16:00.000Z', '2025-03-28');
    await storeSample(parts);
    // A correction, which has a number as long as they come.
    await tell('C1-2025-05427', '2026-06-01T20:16:00.000Z', '2026-06-15');
    // An addition in this year, so that the drawing of the months has marks at both ends.
    const { seq: _, changeSetId: __, knownAt: ___, ...change } = sampleChanges()[0]!;
    const late = {
      ...{ changeSetId: 'cs_late', knownAt: '2026-05-09T16:00:00.000Z' },
      follows: 'filing.2025-05426.1',
    };
    await store(parts, late, [
      { ...change, entryId: 'late', effectiveOn: '2026-05-31' },
      {
        ...change,
        kind: 'removed',
        entryId: 'late',
        before: change.after,
        after: null,
        effectiveOn: '2026-06-01',
      },
    ]);
    for (const [source, there] of [
      ['ecfr', 8],
      ['csl', 5],
    ] as const)
      await inTransaction(parts.db, (tx) =>
        insertAuditRun(
          tx,
          {
            ...{ source, list: 'entity-list', sourceOn: '2025-04-15', ranAt: '2025-04-15T10:00:00.000Z' },
            ...{ outcome: 'lag', rows: 7, reason: null },
            counts: { missingThere: 0, missingHere: 0, differs: 0, explained: 0 },
          },
          [{ number: '2025-05426', publishedOn: '2025-03-28', ours: 8, there, missing: [], day: 12 }],
        ),
      );
    server = openApi(parts);
    await server.listen({ port, host: '127.0.0.1' });
    browser = await startChromium(chromium!);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await database?.close();
  });
  afterEach(async () => {
    await context?.close();
    expect(complaints).toEqual([]);
  });

  async function open(path: string, width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<void> {
    context = await browser.newContext({ baseURL: url, viewport: { width, height: 900 }, colorScheme });
    page = await context.newPage();
    complaints = await noteComplaints(page);
    await page.goto(path);
  }

  /** Of each drawing that is seen: its words, and what is out of the window, too small, or upon something else. */
  const drawings = () =>
    page.evaluate(() => {
      const edge = (globalThis as unknown as { innerWidth: number }).innerWidth;
      return Array.from(document.querySelectorAll('svg.chart') as unknown as ArrayLike<Drawing>)
        .filter((drawing) => drawing.getBoundingClientRect().height > 0)
        .map((drawing) => {
          const shapes = Array.from(drawing.querySelectorAll('rect, path, line, text'));
          const texts = shapes.filter(({ tagName }) => tagName === 'text');
          const box = (shape: Shape) => shape.getBoundingClientRect();
          const scale = drawing.getScreenCTM().a;
          return {
            marks: shapes.filter(({ tagName }) => tagName === 'rect' || tagName === 'path').length,
            words: texts.map(({ textContent }) => textContent),
            outside: shapes
              .filter((shape) => box(shape).left < 0 || box(shape).right > edge)
              .map(({ tagName, textContent }) => `${tagName} ${textContent}`),
            small: texts
              .filter((text) => Number.parseFloat(getComputedStyle(text).fontSize) * scale < 11)
              .map(({ textContent }) => textContent),
            touching: texts.flatMap((one, at) =>
              texts
                .slice(at + 1)
                .filter((other) => {
                  const [a, b] = [box(one), box(other)];
                  return a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom;
                })
                .map((other) => `${one.textContent} / ${other.textContent}`),
            ),
          };
        });
    });

  test.each([320, 375, 600, 800, 1280])(
    'at %i px all marks, axes and words of each drawing are in the window, and can be read',
    async (width) => {
      await open('/charts', width);
      const seen = await drawings();
      expect(seen).toHaveLength(4);
      for (const { marks, outside, small, touching } of seen) {
        expect(marks).toBeGreaterThan(0);
        expect({ outside, small, touching }).toEqual({ outside: [], small: [], touching: [] });
      }
      // Names stand once: where each line ends, or in the legend above where there is no room for that.
      const legend = page.locator('.bars.names');
      const listed = (await legend.isVisible()) ? await legend.innerText() : '';
      const drawn = seen[0]!.words;
      for (const name of NAMES)
        expect([listed.includes(name), drawn.includes(name)].sort()).toEqual([false, true]);
      for (const number of ['2025-05426', 'C1-2025-05427']) expect(seen[2]!.words).toContain(number);
      expect(seen[3]!.words).toContain('not there by day 12');
      expect(await widthOver(page)).toBe(0);
    },
  );

  test.each(['light', 'dark'] as const)('axe finds nothing in the narrow drawings, %s', async (scheme) => {
    await open('/charts', 320, scheme);
    expect(await axeFaults(page)).toEqual([]);
  });

  test('on a phone a table of counts is pushed aside by the keyboard, behind its first column', async () => {
    await open('/charts', 320);
    await page.locator('summary').first().press('Enter');
    const region = page.getByRole('region', { name: 'Entries at the end of the day' });
    const [first, last] = [
      region.locator('tbody th').first(),
      region.locator('tbody tr').first().locator('td').last(),
    ];
    expect((await last.boundingBox())!.x).toBeGreaterThan(320);
    await region.focus();
    await expect
      .poll(async () => {
        await page.keyboard.press('ArrowRight');
        const { x, width } = (await last.boundingBox())!;
        return x + width;
      })
      .toBeLessThanOrEqual(320);
    expect((await first.boundingBox())!.x).toBeGreaterThanOrEqual(0);
    // The days are above the counts that pass below them.
    const isOver = (await first.boundingBox())!.x + (await first.boundingBox())!.width;
    expect(isOver).toBeLessThan((await last.boundingBox())!.x);
  });

  test('on a phone a table of words needs no pushing', async () => {
    await open('/charts', 320);
    for (const name of ['Filing, first notice here, and publication', 'Business days from publication']) {
      const region = page.getByRole('region', { name });
      const over = await region.evaluate((one) => {
        const { scrollWidth, clientWidth } = one as unknown as { scrollWidth: number; clientWidth: number };
        return scrollWidth - clientWidth;
      });
      expect([name, over]).toEqual([name, 0]);
    }
    expect(await page.locator('td[data-head="Told here"]').first().innerText()).toContain(
      '2026-06-01 16:16 EDT',
    );
  });

  test.each([
    '/charts',
    '/',
    '/changes',
    '/changes/cs_2025-05426_1',
    '/list',
    '/compare?from=2025-03-01&to=2025-04-01',
  ])('printed, nothing of %s is wider than the page', async (path) => {
    await open(path, 700);
    await page.emulateMedia({ media: 'print' });
    const wide = await page.evaluate(() =>
      Array.from(document.querySelectorAll('main *'))
        .filter((one) => one.getBoundingClientRect().right > 700)
        .map(({ tagName, textContent }) => `${tagName} ${textContent.trim().slice(0, 60)}`),
    );
    expect(wide).toEqual([]);
    expect(await widthOver(page)).toBe(0);
  });

  test.each(['/', '/changes'])('on %s a badge that leads on is high enough for a finger', async (path) => {
    await open(path, 320);
    const badges = page.getByRole('link', { name: 'confirmed since' });
    expect(await badges.count()).toBeGreaterThan(0);
    for (const badge of await badges.all())
      expect((await badge.boundingBox())!.height).toBeGreaterThanOrEqual(24);
  });
});
