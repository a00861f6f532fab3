import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

/** What code that runs in a page finds there. */
declare const document: {
  addEventListener(type: string, listener: (event: { violatedDirective: string }) => void): void;
  documentElement: { scrollWidth: number };
};
declare const innerWidth: number;

interface Axe {
  run(options: object): Promise<{
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  }>;
}

/** What a page knows of what was fetched for it. */
interface Loaded {
  getEntriesByType(type: string): { name: string; encodedBodySize: number }[];
}

const AXE = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const MOST_BYTES = 60_000;

/**
 * Notes what a page complains of from now on: a policy that was broken, a script that failed. An answer that refuses
 * is none, since some tests ask for it.
 */
export async function noteComplaints(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', ({ violatedDirective }) =>
      console.error(`policy broken: ${violatedDirective}`),
    ),
  );
  return complaints;
}

/** What axe calls serious or critical on the page that is open, by the rules of WCAG 2.2 AA. */
export async function axeFaults(page: Page): Promise<string[]> {
  // By the debugger, which no policy of the page holds up.
  await page.evaluate(await AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run({ runOnly: { type: 'tag', values: tags } });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 160)}`);
  });
}

/** By how many pixels the page that is open is wider than its window. */
export function widthOver(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

/**
 * Opens a page and says whether it is wider than its window, or heavier than 60 KB on the wire with its stylesheet and
 * script, also where the browser has these already. Pictures do not count.
 */
export async function sizeFaults(page: Page, path: string): Promise<string[]> {
  const answer = await page.goto(path);
  const bytes = await page.evaluate(() => {
    const { performance } = globalThis as unknown as { performance: Loaded };
    return ['navigation', 'resource']
      .flatMap((type) => performance.getEntriesByType(type))
      .filter(({ name }) => !/\.(?:svg|png|jpg)$/u.test(name))
      .map(({ encodedBodySize }) => encodedBodySize);
  });
  const weight = bytes.reduce((sum, size) => sum + size, 0);
  const over = await widthOver(page);
  return [
    ...(answer!.ok() ? [] : [`answers ${answer!.status()}`]),
    ...(bytes.length < 3 || bytes.includes(0) ? [`has parts that were not weighed: ${bytes.join()}`] : []),
    ...(weight > MOST_BYTES ? [`weighs ${weight} bytes`] : []),
    ...(over > 0 ? [`is ${over} px wider than its window`] : []),
  ];
}
