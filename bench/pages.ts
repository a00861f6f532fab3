import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import Fastify from 'fastify';
import { loadBaseline } from '../src/baseline.ts';
import { readSupplement } from '../src/parse/supplement.ts';
import { admitXml } from '../src/parse/xml.ts';
import { latestChangeSets } from '../src/store/change-sets.ts';
import { openApi, openApiParts, store } from '../test/helpers/api.ts';
import { findChromium, startChromium } from '../test/helpers/chromium.ts';
import { backends } from '../test/helpers/databases.ts';
import { sampleChanges } from '../test/helpers/sample-changes.ts';
import type { Figure } from './measure.ts';

const SUPPLEMENT = new URL('../fixtures/list/supplement-4-2025-03-24.xml.gz', import.meta.url);
const ON = '2025-03-24';
const REQUESTS = 40;
const GOAL_MS = 50;
const KEY_STROKE_MS = 100;
const MOST_BYTES = 60_000;
/** What somebody types, key by key; the last letters find nothing as they stand, and are searched for by likeness. */
const TYPED = 'beijing aeronautcs';

/** Pages over the whole list: the 95th percentile of the time in the server, and a search at each key stroke. */
export async function benchPages(): Promise<Figure[]> {
  const backend = backends.at(-1)!;
  const database = await backend.open();
  const parts = openApiParts(database);
  const server = openApi(parts);
  const bare = Fastify();
  try {
    const { entries } = readSupplement(admitXml(gunzipSync(readFileSync(SUPPLEMENT))));
    await loadBaseline(parts, { list: 'entity-list', on: ON, entries, issues: [] });
    const additions = sampleChanges().filter(({ kind }) => kind === 'added');
    await store(
      parts,
      {},
      additions.map(({ seq: _, changeSetId: __, knownAt: ___, ...change }) => change),
    );
    const [rule] = await latestChangeSets(parts.db, { limit: 1 });
    const headers = { 'accept-encoding': 'br' };
    const time = async (app: typeof bare, url: string) => {
      const start = performance.now();
      const { statusCode, rawPayload } = await app.inject({ url, headers });
      if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`);
      return { ms: performance.now() - start, bytes: rawPayload.length };
    };
    let body = Buffer.alloc(0);
    bare.get('/', (_request, reply) => reply.type('text/html').send(body));
    const measure = async (name: string, urls: readonly string[], goalMs: number): Promise<Figure> => {
      const own: number[] = [];
      const other: number[] = [];
      let heaviest = 0;
      for (let turn = -1; turn * urls.length < REQUESTS; turn += 1)
        for (const url of urls) {
          const ours = await time(server as unknown as typeof bare, url);
          heaviest = Math.max(heaviest, ours.bytes);
          body = Buffer.alloc(ours.bytes);
          const theirs = await time(bare, '/');
          if (turn < 0) continue;
          own.push(ours.ms);
          other.push(theirs.ms);
        }
      const milliseconds = percentile(own);
      const baselineMilliseconds = percentile(other);
      return {
        name: `${name} on ${backend.name}, 95th percentile, ${(heaviest / 1000).toFixed(0)} KB at most`,
        milliseconds,
        baseline: 'bare Fastify with as many bytes',
        baselineMilliseconds,
        ratio: milliseconds / baselineMilliseconds,
        goal: {
          text: `at most ${goalMs} ms and ${MOST_BYTES / 1000} KB`,
          reached: milliseconds <= goalMs && heaviest <= MOST_BYTES,
        },
      };
    };
    const strokes = Array.from(
      TYPED,
      (_letter, at) => `/list?q=${encodeURIComponent(TYPED.slice(0, at + 1))}`,
    );
    return [
      await measure('the first page', ['/'], GOAL_MS),
      await measure('the timeline', ['/changes', '/changes?q=example&destination=CN'], GOAL_MS),
      await measure('a rule', [`/changes/${rule!.changeSetId}`], GOAL_MS),
      await measure('the list', ['/list', '/list?destination=RU&page=3'], GOAL_MS),
      await measure('an entry', ['/entries/e101'], GOAL_MS),
      await measure('two days compared', [`/compare?from=${ON}&to=2025-03-30`], GOAL_MS),
      await measure('the charts', ['/charts'], GOAL_MS),
      await measure('the page of subscriptions with its preview', ['/subscriptions'], GOAL_MS),
      await measure('a search at each key stroke', strokes, KEY_STROKE_MS),
      ...(await typeInBrowser(await server.listen({ port: 0, host: '127.0.0.1' }), backend.name)),
    ];
  } finally {
    await server.close();
    await bare.close();
    await database.close();
  }
}

/** What code that runs in a page finds there. */
declare const document: {
  querySelector(selector: string): { value: string; dispatchEvent(event: object): void };
};
declare const Event: new (name: string, options: { bubbles: boolean }) => object;
declare const location: { search: string };
declare const requestAnimationFrame: (call: () => void) => void;

/** From a key in the browser to the frame that shows what was found; nothing where there is no Chromium. */
async function typeInBrowser(url: string, store: string): Promise<Figure[]> {
  const chromium = findChromium();
  if (chromium === null) return [];
  const browser = await startChromium(chromium);
  try {
    const page = await browser.newPage();
    await page.goto(`${url}/list`);
    const times = { own: [] as number[], fetched: [] as number[] };
    for (let turn = -1; turn < 3; turn += 1)
      for (let at = 1; at <= TYPED.length; at += 1) {
        const { own, fetched } = await page.evaluate(
          async (text) => {
            const asked = `?${new URLSearchParams({ q: text })}`;
            const start = performance.now();
            const field = document.querySelector('#q');
            field.value = text;
            field.dispatchEvent(new Event('input', { bubbles: true }));
            while (location.search !== asked) await new Promise<void>(requestAnimationFrame);
            const shown = performance.now();
            await (await fetch(`/list${asked}`)).text();
            return { own: shown - start, fetched: performance.now() - shown };
          },
          TYPED.slice(0, at),
        );
        if (turn < 0) continue;
        times.own.push(own);
        times.fetched.push(fetched);
      }
    const milliseconds = percentile(times.own);
    const baselineMilliseconds = percentile(times.fetched);
    return [
      {
        name: `from a key stroke to what is found in Chromium, on ${store}, 95th percentile`,
        milliseconds,
        baseline: 'the answer alone',
        baselineMilliseconds,
        ratio: milliseconds / baselineMilliseconds,
        goal: { text: `at most ${KEY_STROKE_MS} ms`, reached: milliseconds <= KEY_STROKE_MS },
      },
    ];
  } finally {
    await browser.close();
  }
}

function percentile(times: number[]): number {
  const sorted = times.sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1]!;
}
