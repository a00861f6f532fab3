import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { tooManyRequests } from './form-scope.ts';
import { addChangesPage } from './site/changes.ts';
import { addCharts } from './site/charts.ts';
import { addCompare } from './site/compare.ts';
import { addEntry } from './site/entry.ts';
import { addList } from './site/list.ts';
import { addRule } from './site/rule.ts';
import type { AddPage, SiteParts } from './site/site-parts.ts';
import { addSubscriptionsPage } from './site/subscriptions.ts';
import { addToday } from './site/today.ts';

/** Each adds one page. What stands in its address is all that it goes by. */
const PAGES: AddPage[] = [
  addToday,
  addChangesPage,
  addRule,
  addSubscriptionsPage,
  addList,
  addEntry,
  addCompare,
  addCharts,
];

const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

/** Requests a minute of one address: a search asks at each key, some ten a second while somebody types. */
const PER_MINUTE = 1_200;

/**
 * Adds the public pages, in a scope of their own: they are compressed, which pages with secrets must not be, since the
 * length of an answer would tell of them (BREACH).
 */
export function addSite(server: FastifyInstance, parts: SiteParts): void {
  server.register(async (site) => {
    // Brotli at its default takes longer than the page.
    await site.register(compress, { threshold: 1_400, encodings: ['br', 'gzip'], brotliOptions: BROTLI });
    await site.register(rateLimit, {
      timeWindow: 60_000,
      max: PER_MINUTE,
      errorResponseBuilder: (_request, { ttl }) => tooManyRequests(ttl),
    });
    for (const add of PAGES) add(site, parts);
  });
}
