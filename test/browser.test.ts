import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findChromium, startChromium } from './helpers/chromium.ts';
import { type Demo, startDemo } from './helpers/demo.ts';
import { axeFaults, noteComplaints, sizeFaults, widthOver } from './helpers/page-faults.ts';

/** The controls of a page, as code that runs there finds them. */
interface Focusable {
  document: { activeElement: unknown; querySelectorAll(selector: string): Control[] };
  getComputedStyle(of: Control): { outlineStyle: string; boxShadow: string };
}
interface Control {
  disabled?: boolean;
  type?: string;
  tabIndex: number;
  outerHTML: string;
  checkVisibility(): boolean;
  focus(options: object): void;
}

/** What code that runs in a page finds there. */
declare const getComputedStyle: (of: unknown) => { color: string };
declare const document: {
  querySelector(selector: string): unknown;
  querySelectorAll(selector: string): ArrayLike<unknown>;
  activeElement: { id: string; textContent: string } | null;
};
declare const location: { search: string };

const chromium = findChromium();
const RULES = ['/changes/2025-03-28.2025-05426.2', '/changes/2025-03-28.2025-05427.2'];
/** Every page that anybody may open, as an address of the demo. */
const PUBLIC = [
  '/',
  '/changes',
  '/changes?q=inspur&destination=CN',
  '/changes?q=nothing+of+that+name',
  ...RULES,
  '/changes/filing.2025-05426.1',
  '/list',
  '/list?q=inspur',
  '/compare?from=2025-03-24&to=2025-03-28',
  '/charts',
  '/screening',
  '/subscriptions',
  '/subscribe',
  '/sign-in',
  '/problems/not-found',
  '/no-such-page',
];
const OPERATOR = [
  '/operator',
  '/operator/held',
  '/operator/sources',
  '/operator/deliveries',
  '/operator/audit',
  '/operator/backfill',
];

describe.runIf(chromium !== null)('the demo in a browser', () => {
  let demo: Demo;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** What the console said: a policy that was broken, a script that failed. */
  let complaints: string[];

  beforeAll(async () => {
    browser = await startChromium(chromium!);
    demo = await startDemo();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });
  beforeEach(() => open());
  afterEach(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });

  async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<void> {
    await context?.close();
    context = await browser.newContext({
      baseURL: demo.url,
      viewport: { width: 1200, height: 900 },
      ...options,
    });
    page = await context.newPage();
    complaints = await noteComplaints(page);
  }
  const status = () => page.locator('[role=status]').first().innerText();
  async function download(link: string): Promise<string> {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: link }).first().click(),
    ]);
    return readFile((await file.path())!, 'utf8');
  }
  async function signIn(next: string): Promise<void> {
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await page.locator('input[name=token]').fill(demo.adminToken);
    await page.locator('main form button[type=submit]').last().click();
    await page.waitForURL((url) => url.pathname === next);
  }

  test('the 82 additions of March 2025 are seen, filtered as one types, opened and exported', async () => {
    await page.goto('/');
    await page.getByRole('link', { name: 'Changes', exact: true }).click();
    expect(await page.locator('.rows .title').allInnerTexts()).toEqual(
      expect.arrayContaining([
        expect.stringContaining('BIS adds 12 entities'),
        expect.stringContaining('BIS adds 70 entities'),
      ]),
    );
    await page.getByLabel('Name, address or title').fill('inspur taiwan');
    await page.waitForFunction(() => document.querySelectorAll('.rows > li').length === 1);
    expect(new URL(page.url()).searchParams.get('q')).toBe('inspur taiwan');
    await page.locator('.rows .title').click();
    await expect.poll(() => page.locator('h1').innerText()).toContain('China 11, Taiwan 1');
    // What the document says stands beside what was read of it.
    expect(await page.locator('blockquote').allInnerTexts()).toContainEqual(
      expect.stringContaining('Under TAIWAN, an entry for “Inspur Taiwan”'),
    );
    const twelve = await download('All changes as CSV');
    await page.goto(RULES[0]!);
    const seventy = await download('All changes as CSV');
    const additions = `${twelve}${seventy}`.split('\r\n').filter((line) => /^\d+,added,/u.test(line));
    expect(additions).toHaveLength(82);
  });

  test('what was told of the filings is sent, and dated, on the day on which they were filed', async () => {
    const datesOf = async (subject: RegExp) =>
      (await demo.mails())
        .filter((mail) => subject.test(mail))
        .map((mail) => /^Date: (.*?) \d\d:/mu.exec(mail)?.[1]);
    const [filed, printed] = ['Tue, 25 Mar 2025', 'Fri, 28 Mar 2025'];
    expect(await datesOf(/^Subject: Provisional:/mu)).toEqual([filed, filed, filed, filed]);
    expect(await datesOf(/^Subject: Confirmed:/mu)).toEqual([printed, printed, printed, printed]);
  });

  test('an address that was typed into can be sent to somebody else', async () => {
    await page.goto('/list');
    await page.getByLabel('Name, alias or address').fill('inspur');
    await page.waitForFunction(() => location.search.includes('inspur'));
    const found = await status();
    await page.goto(page.url());
    expect(await status()).toBe(found);
  });

  test.each([
    ['breaks off', (route: Route) => route.abort()],
    [
      'is refused',
      (route: Route) => route.fulfill({ status: 429, contentType: 'text/html', body: '<p>Wait.</p>' }),
    ],
    ['never comes', () => undefined],
  ])(
    'a search whose answer %s says so in place of old entries, and its button leads on',
    async (_what, fail) => {
      await page.goto('/list');
      await page.route('**/list?**', fail);
      await page.getByLabel('Name, alias or address').fill('inspur taiwan');
      const alert = page.getByRole('alert');
      await alert.waitFor();
      expect(await alert.innerText()).toContain('There was no answer to what you entered.');
      expect(await page.locator('table').count()).toBe(0);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await page.getByRole('button', { name: 'Show' }).click();
      await page.waitForURL('**/list?q=inspur*');
      expect(await page.locator('table').innerText()).toContain('Inspur Taiwan');
    },
  );

  test('what is typed beside a search stays while it answers', async () => {
    await page.goto('/subscriptions');
    await page.getByLabel('Mail address').fill('ana@example.org');
    await page.getByLabel(/^Destinations/).fill('TW');
    await page.getByText('under Taiwan').first().waitFor();
    expect(await page.getByLabel('Mail address').inputValue()).toBe('ana@example.org');
  });

  test('the list is searched in any script, on any day, and an entry opened with what touched it', async () => {
    await page.goto('/list?q=北京智源人工智能研究院');
    expect(await page.locator('table').innerText()).toContain('Beijing Academy of Artificial Intelligence');
    await page.goto('/list?q=Beijing Academy of Artificial Intelligence&on=2025-03-24');
    expect(await page.locator('main').innerText()).not.toMatch(
      /^Beijing Academy of Artificial Intelligence$/mu,
    );
    await page.goto('/list?q=Beijing Academy of Artificial Intelligence');
    await page.locator('table .title').first().click();
    await expect
      .poll(() => page.locator('h1').innerText())
      .toContain('Beijing Academy of Artificial Intelligence');
    await page.locator(`a[href^="${RULES[1]}"]`).first().click();
    await page.waitForURL((url) => url.pathname === RULES[1]);
  });

  test('two days are compared', async () => {
    await page.goto('/compare?from=2025-03-24&to=2025-03-28');
    const words = await page.locator('main').innerText();
    expect(words).toMatch(/82\s+added|82\s+additions|added:?\s+82/iu);
    const csv = await download('All differences as CSV');
    expect(csv.split('\r\n').filter((line) => line.includes('added'))).toHaveLength(82);
  });

  test('names are screened, and a small watchlist is uploaded with its hits, a decision and the evidence', async () => {
    await signIn('/screening');
    await page.getByLabel('Names, one a line').fill('Suma Technology Co.\nSome Bakery of Lyon');
    await page.getByRole('button', { name: 'Compare with the lists' }).click();
    await expect.poll(status).toContain('2 names compared');
    expect(await page.locator('main').innerText()).toContain('Like no entry of the lists.');
    await page.getByLabel('Name of a new watchlist').fill('Suppliers');
    await page.getByRole('button', { name: 'Add it' }).click();
    await page.setInputFiles('input[type=file]', {
      name: 'suppliers.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('id,name\n1,INSPUR TAIWAN\n2,Some Bakery of Lyon\n'),
    });
    await page.getByRole('button', { name: 'Upload and compare' }).click();
    await page.getByText('2 rows were taken.').waitFor();
    expect(await page.locator('td[data-head=Entry]').first().innerText()).toContain('Inspur Taiwan');
    await page.getByLabel('Reason').first().fill('another firm, see file 12');
    await page.getByRole('button', { name: 'Not a match' }).first().click();
    await page.getByRole('heading', { name: 'Decisions' }).waitFor();
    const evidence = await download('As JSON, with the decisions');
    expect(JSON.parse(evidence)).toMatchObject({
      runs: [{ cause: 'upload' }],
      decisions: [{ reason: 'another firm, see file 12' }],
    });
  });

  test('somebody subscribes to what the preview shows, says yes, and unsubscribes', async () => {
    await page.goto('/subscriptions');
    await page.getByLabel(/^Destinations/).fill('TW');
    await page.getByText('under Taiwan').first().waitFor();
    await expect.poll(() => page.locator('details pre').first().innerText()).toContain('Inspur Taiwan');
    await page.getByLabel('Mail address').fill('ana@example.org');
    await page.getByRole('button', { name: 'Subscribe' }).click();
    await page.getByRole('heading', { name: 'Look into your mailbox' }).waitFor();
    const linkIn = async (kind: string) => {
      const mails = (await demo.mails()).filter((mail) => /^To: .*ana@example\.org/mu.test(mail));
      // Soft line breaks of quoted-printable, and its equals signs.
      const text =
        mails
          .at(-1)
          ?.replaceAll(/=\r?\n/gu, '')
          .replaceAll('=3D', '=') ?? '';
      return new RegExp(`/${kind}/[\\w.-]+`, 'u').exec(text)?.[0];
    };
    await expect.poll(() => linkIn('confirm'), { timeout: 60_000 }).toBeDefined();
    await page.goto((await linkIn('confirm'))!);
    await page.getByRole('button', { name: 'Begin the alerts' }).click();
    await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
    await page.getByRole('link', { name: 'Change what comes, or send yourself a test message' }).click();
    await page.getByRole('button', { name: 'Send a test message' }).click();
    await page.getByText('A test message is on its way to you.').waitFor();
    await page.goto((await linkIn('unsubscribe'))!);
    await page.locator('main form button').click();
    await page.getByText('ana@example.org').first().waitFor({ state: 'detached' });
    expect(await page.locator('h1').innerText()).toMatch(/unsubscribed/iu);
    await page.goto((await linkIn('preferences'))!);
    await page.getByRole('button', { name: 'Send a test message' }).click();
    await page.getByText('This subscription has ended.').waitFor();
  }, 120_000);

  test('no page breaks the policy, is wider than a small phone, or weighs more than 60 KB', async () => {
    await open({ viewport: { width: 320, height: 640 } });
    const faults: string[] = [];
    for (const path of PUBLIC)
      faults.push(...(await sizeFaults(page, path)).map((fault) => `${path} ${fault}`));
    // An address without a page answers so.
    expect(faults).toEqual(['/no-such-page answers 404']);
  }, 120_000);

  test.each(['light', 'dark'] as const)(
    'axe finds nothing on any public page, %s',
    async (colorScheme) => {
      await open({ colorScheme });
      expect(await faultsOn(PUBLIC)).toEqual([]);
    },
    180_000,
  );

  test('axe finds nothing on the pages of the operator, and none is wider than a small phone', async () => {
    await open({ viewport: { width: 320, height: 640 } });
    await signIn('/operator');
    expect(await faultsOn(OPERATOR)).toEqual([]);
    for (const path of OPERATOR) {
      await page.goto(path);
      expect([path, await widthOver(page)]).toEqual([path, 0]);
    }
  }, 120_000);

  test.each(['light', 'dark'] as const)(
    'axe finds nothing on the dashboard of the queues either, in %s colours',
    async (colorScheme) => {
      await open({ colorScheme, viewport: { width: 1000, height: 800 } });
      await signIn('/operator');
      for (const path of ['/operator/queues', '/operator/queues/queue/deliver']) {
        await page.setViewportSize({ width: 1000, height: 800 });
        await page.goto(path);
        await page.getByRole('button', { name: 'Whole screen' }).waitFor();
        await page.getByText('canary').first().waitFor();
        expect(await axeFaults(page)).toEqual([]);
        await page.setViewportSize({ width: 320, height: 640 });
        expect([path, await widthOver(page)]).toEqual([path, 0]);
      }
      expect(complaints).toEqual([]);
    },
    60_000,
  );

  /** What axe calls serious or critical on each of the pages. */
  async function faultsOn(paths: readonly string[]): Promise<string[]> {
    const faults: string[] = [];
    for (const path of paths) {
      await page.goto(path);
      faults.push(...(await axeFaults(page)).map((fault) => `${path}: ${fault}`));
    }
    return faults;
  }

  test('a keyboard alone goes past the head, filters and opens', async () => {
    await page.goto('/changes');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('q');
    await page.keyboard.type('inspur taiwan');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelectorAll('.rows > li').length === 1);
    await page.locator('.rows .title').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${RULES[1]}`);
  });

  test('everything is there without a script', async () => {
    await open({ javaScriptEnabled: false });
    await page.goto('/changes');
    await page.getByLabel('Name, address or title').fill('inspur taiwan');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await page.locator('.rows > li').count()).toBe(1);
    await page.goto('/list');
    await page.getByLabel('Name, alias or address').fill('inspur');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await page.locator('main').innerText()).toContain('Inspur');
    await page.goto('/subscriptions');
    await page.getByLabel(/^Destinations/).fill('TW');
    await page.getByRole('button', { name: 'Show what comes' }).click();
    expect(await page.locator('main').innerText()).toContain('under Taiwan');
  });

  test('nothing moves while a page loads', async () => {
    const shifts: string[] = [];
    await signIn('/operator');
    for (const path of [...PUBLIC, ...OPERATOR]) {
      await page.goto(path);
      const shift = await page.evaluate(
        () =>
          new Promise<number>((settle) => {
            let sum = 0;
            new PerformanceObserver((list) => {
              for (const one of list.getEntries()) sum += (one as unknown as { value: number }).value;
            }).observe({ type: 'layout-shift' as never, buffered: true });
            setTimeout(() => settle(sum), 300);
          }),
      );
      if (shift > 0.01) shifts.push(`${path}: ${shift}`);
    }
    expect(shifts).toEqual([]);
  }, 120_000);

  test('without a script every page says what it is about, and shows nothing that only a script could do', async () => {
    await open({ javaScriptEnabled: false });
    await signIn('/operator');
    for (const path of [...PUBLIC, ...OPERATOR]) {
      await page.goto(path);
      expect((await page.locator('main h1').first().innerText()).length, path).toBeGreaterThan(2);
      const dead = page.locator('main button[type=button]:visible, main a[href="#"]:visible');
      expect([path, await dead.count()]).toEqual([path, 0]);
    }
  }, 120_000);

  test('a keyboard alone reaches every control of every page, and shows where it is', async () => {
    await signIn('/operator');
    for (const path of [...PUBLIC, ...OPERATOR]) {
      await page.goto(path);
      const missed = await page.evaluate(() => {
        const { document, getComputedStyle } = globalThis as unknown as Focusable;
        const faults: string[] = [];
        for (const one of document.querySelectorAll('a[href], button, input, select, textarea, summary')) {
          if (one.disabled || one.type === 'hidden' || !one.checkVisibility()) continue;
          if (one.tabIndex < 0) faults.push(`out of reach: ${one.outerHTML.slice(0, 90)}`);
          one.focus({ focusVisible: true });
          const { outlineStyle, boxShadow } = getComputedStyle(one);
          if (document.activeElement !== one) faults.push(`takes no focus: ${one.outerHTML.slice(0, 90)}`);
          else if (outlineStyle === 'none' && boxShadow === 'none')
            faults.push(`shows no focus: ${one.outerHTML.slice(0, 90)}`);
        }
        return faults;
      });
      expect([path, missed]).toEqual([path, []]);
    }
  }, 120_000);

  test('printed, a list says what it is of, on light paper, without its form', async () => {
    await open({ colorScheme: 'dark' });
    await page.goto('/list?q=inspur&destination=CN');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('form.filters').isVisible()).toBe(false);
    expect(await status()).toContain('under China and with “inspur”');
    const ink = await page.evaluate(() => getComputedStyle(document.querySelector('.brand')).color);
    expect(ink).toBe('rgb(0, 0, 0)');
  });

  test('printed, a rule has no forms and no navigation', async () => {
    await page.goto(RULES[0]!);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('nav').first().isVisible()).toBe(false);
    expect(await page.getByText('70 of 70 stated additions found').first().isVisible()).toBe(true);
  });
});
