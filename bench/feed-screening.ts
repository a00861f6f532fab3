import { rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { loadBaseline } from '../src/baseline.ts';
import { loadWatchlist } from '../src/load-watchlist.ts';
import type { Watchlist } from '../src/model.ts';
import { readSupplement } from '../src/parse/supplement.ts';
import { admitXml } from '../src/parse/xml.ts';
import type { Parts } from '../src/parts.ts';
import { screenWatchlist } from '../src/screening.ts';
import { addWatchlist } from '../src/store/watchlists.ts';
import { measureFile } from '../src/watchlist/spool.ts';
import { openApi, openApiParts } from '../test/helpers/api.ts';
import { backends } from '../test/helpers/databases.ts';
import { startChild } from './child.ts';
import { addChangeSets } from './feed.ts';
import { readSupplementInput } from './inputs.ts';
import type { Figure } from './measure.ts';
import { makeCounterparties, readListed } from './screen.ts';

const NAMES = 100_000;
/** As many at a time as fall into a part of a second. */
const REQUESTS = 200;
const QUIET_MS = 5_000;
const GOAL_MS = 10;

const number = (count: number) => count.toLocaleString('en');

/**
 * How long a reader waits for a feed, at 20 connections that never rest, while this process screens a large watchlist
 * against the whole list; beside it the same while nothing is screened. The asking process and the store run on the
 * same machine, so on two cores three of them, and the thread that screens, share what there is.
 */
export async function benchFeedScreening(): Promise<Figure[]> {
  const backend = backends.at(-1)!;
  const database = await backend.open();
  const load = startChild('./http-load.ts');
  const parts = openApiParts(database);
  const server = openApi(parts) as unknown as FastifyInstance;
  try {
    const { entries } = readSupplement(admitXml(readSupplementInput()));
    await loadBaseline(parts, { list: 'entity-list', on: '2025-03-24', entries, issues: [] });
    await addChangeSets(database);
    const watchlist = await loadCounterparties(parts);
    await server.listen({ port: 0, host: '127.0.0.1' });
    const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}/feed.atom`;
    const first = await fetch(url);
    const etag = first.headers.get('etag')!;
    await first.text();

    const feeds = [
      { name: 'a feed that the client has', headers: { 'if-none-match': etag }, status: '304' },
      { name: 'a feed that is rendered already', headers: {}, status: '200' },
    ];
    /** Asks for one after the other until it is over; answers the milliseconds of each answer, by feed. */
    const ask = async (isOver: () => boolean): Promise<number[][]> => {
      const times: number[][] = feeds.map(() => []);
      do
        for (const [at, { headers, status }] of feeds.entries()) {
          load.child.stdin!.write(`${JSON.stringify({ url, requests: REQUESTS, headers })}\n`);
          const [answered, , took] = (await load.nextLine()).split(' ');
          if (answered !== status) throw new Error(`${url} answered ${answered}, not ${status}`);
          for (const time of took!.split(',')) times[at]!.push(Number(time));
        }
      while (!isOver());
      return times;
    };
    await ask(() => true);
    const asked = performance.now();
    const quiet = await ask(() => performance.now() - asked > QUIET_MS);
    let isScreened = false;
    const screening = screenWatchlist(parts, watchlist, 'demand').finally(() => {
      isScreened = true;
    });
    const during = await ask(() => isScreened);
    await screening;
    return feeds.map(({ name }, at) => {
      const ours = percentile(during[at]!);
      const baseline = percentile(quiet[at]!);
      return {
        name: `${name}, 99th percentile of ${number(during[at]!.length)} answers while ${number(NAMES)} names are screened, on ${backend.name}`,
        milliseconds: ours,
        baseline: 'the same while nothing is screened',
        baselineMilliseconds: baseline,
        ratio: ours / baseline,
        goal: { text: `at most ${GOAL_MS} ms`, reached: ours <= GOAL_MS },
      };
    });
  } finally {
    load.child.kill();
    await server.close();
    await database.close();
  }
}

async function loadCounterparties(parts: Parts): Promise<Watchlist> {
  const watchlist = await addWatchlist(parts.db, {
    organisationId: 'operator',
    name: 'counterparties',
    threshold: null,
    createdAt: parts.now(),
  });
  const rows = makeCounterparties(readListed().listed, NAMES).map(
    ({ names }) => `"${names[0]!.replaceAll('"', '""')}"`,
  );
  const path = join(tmpdir(), `elwatch-bench-${process.pid}.csv`);
  try {
    await writeFile(path, ['name', ...rows].join('\n'), { mode: 0o600 });
    const loaded = await loadWatchlist(parts, watchlist, await measureFile(path), { who: 'bench' });
    if (!loaded.isTaken) throw new Error('the watchlist was refused');
    return loaded.watchlist;
  } finally {
    await rm(path, { force: true });
  }
}

function percentile(times: number[]): number {
  const sorted = times.sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1]!;
}
