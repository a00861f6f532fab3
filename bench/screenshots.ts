import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium, installChromium, startChromium } from '../test/helpers/chromium.ts';
import { startDemo } from '../test/helpers/demo.ts';

const FOLDER = fileURLToPath(new URL('../screenshots/', import.meta.url));
const README_FOLDER = fileURLToPath(new URL('../docs/images/', import.meta.url));
const WIDTHS = [1200, 360];
const PAGES = {
  today: '/',
  changes: '/changes',
  rule: '/changes/2025-03-28.2025-05426.2',
  list: '/list?q=inspur',
  compare: '/compare?from=2025-03-24&to=2025-03-28',
  charts: '/charts',
  screening: '/screening',
  subscriptions: '/subscriptions',
} as const;
/** Those that stand in the README, wide. */
const IN_README: (keyof typeof PAGES)[] = ['rule', 'list'];

if (findChromium() === null) installChromium();
const chromium = findChromium();
if (chromium === null) {
  console.error('There is no Chromium to take pictures with. Debian has it: apt-get install chromium');
  process.exit(1);
}
await mkdir(FOLDER, { recursive: true });
await mkdir(README_FOLDER, { recursive: true });
const demo = await startDemo();
const browser = await startChromium(chromium);
try {
  for (const width of WIDTHS) {
    const page = await browser.newPage({ baseURL: demo.url, viewport: { width, height: 900 } });
    for (const [name, path] of Object.entries(PAGES)) {
      await page.goto(path);
      await page.screenshot({ path: join(FOLDER, `${name}-${width}.png`) });
      if (width === WIDTHS[0] && IN_README.some((one) => one === name))
        await page.screenshot({ path: join(README_FOLDER, `${name}.jpg`), type: 'jpeg', quality: 75 });
    }
    await page.close();
  }
  console.log(
    `Pictures of ${Object.keys(PAGES).length} pages at ${WIDTHS.join(' and ')} pixels in screenshots/`,
  );
} finally {
  await browser.close();
  await demo.close();
}
