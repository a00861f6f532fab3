/** Measures what grows with the number of users, and carries it to a million: `npm run scale`. */
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import { type Kysely, sql } from 'kysely';
import { pino } from 'pino';
import { enqueueDeliveries } from '../../jobs/deliver.ts';
import type { Enqueue } from '../../jobs/job.ts';
import { deliver } from '../../src/deliver.ts';
import { notify } from '../../src/notify.ts';
import type { Parts } from '../../src/parts.ts';
import { openQueue } from '../../src/queue.ts';
import { screenChangeSet } from '../../src/screening.ts';
import { appendChangeSet } from '../../src/store/changes.ts';
import type { Schema } from '../../src/store/schema.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { appendRows, beginVersion, completeVersion } from '../../src/store/watchlist-rows.ts';
import { addWatchlist } from '../../src/store/watchlists.ts';
import { subscribe } from '../../src/subscribe.ts';
import { readSubscriptionRequest } from '../../src/subscription-request.ts';
import { backends, queueBackends } from '../../test/helpers/databases.ts';
import { openDeliveryParts } from '../../test/helpers/kill/delivery-parts.ts';
import { makeChange, makeChangeSet, makeHead } from '../../test/store/facts.ts';
import { startChild } from '../child.ts';
import { addSubscriptions } from '../many-subscriptions.ts';
import { simulate, slope } from './simulate.ts';

const SUBSCRIPTIONS = [5_000, 20_000, 80_000];
const NAMES = [5_000, 20_000, 80_000];
const MAILS = [250, 1_000, 3_000];
const POSTS = [25, 50, 100];
const JOBS = [500, 2_000, 8_000];
const ENTRIES = 80;
const CHUNK = 1_000;
const FAR = { subscriptions: 1_000_000, names: 10_000_000 };

interface Slope {
  what: string;
  /** Milliseconds, or bytes, for one more. */
  each: number;
  unit: 'ms' | 'bytes';
  points: { size: number; value: number }[];
}

const slopes: Slope[] = [];
const note = (what: string, unit: Slope['unit'], points: Slope['points']) => {
  slopes.push({ what, unit, each: slope(points), points });
  process.stderr.write(`${what}: ${slope(points).toPrecision(3)} ${unit}\n`);
};

for (const backend of backends) {
  const database = await backend.open();
  const sink = startChild('./smtp-sink.ts');
  const smtpPort = Number(await sink.nextLine());
  const { parts: opened, close } = await openDeliveryParts({
    dataDir: 'memory://',
    databaseUrl: database.databaseUrl,
    smtpPort,
  });
  const parts: Parts = { ...opened, db: database.kysely };
  try {
    await measureSubscriptions(parts, backend.name);
    await measureMail(parts, backend.name);
    await measurePosts(parts, backend.name);
    await measureWatchlists(parts, backend.name);
  } finally {
    await close();
    await database.close();
    sink.child.kill();
  }
}
for (const backend of queueBackends) {
  const opening = await backend.open();
  const queue = await openQueue({ ...opening, log: pino({ level: 'silent' }) });
  try {
    const added: Slope['points'] = [];
    for (const size of JOBS)
      added.push({
        size,
        value: await time(async () => {
          const ids = Array.from({ length: size }, (_none, at) => `${size}-${at}`);
          const enqueue: Enqueue = (name, data, { jobId }) => queue.add('scale', name, data, { jobId });
          await enqueueDeliveries(enqueue, ids);
        }),
      });
    note(`a job put into the queue on ${backend.name}`, 'ms', added);
    const all = JOBS.reduce((sum, size) => sum + size, 0);
    let done = 0;
    const begun = performance.now();
    queue.worker(
      'scale',
      async () => {
        done += 1;
      },
      { concurrency: 4 },
    );
    while (done < all) await sleep(20);
    note(`a job taken from the queue and ended on ${backend.name}`, 'ms', [
      { size: 0, value: 0 },
      { size: all, value: performance.now() - begun },
    ]);
  } finally {
    await queue.close();
    await opening.forget();
  }
}

async function measureSubscriptions(parts: Parts, store: string): Promise<void> {
  const made: Slope['points'] = [];
  const subscriptionBytes: Slope['points'] = [];
  const deliveryBytes: Slope['points'] = [];
  let there = 0;
  let deliveries = 0;
  for (const [at, size] of SUBSCRIPTIONS.entries()) {
    await addSubscriptions(parts.db, there, size);
    there = size;
    const number = `2025-2000${at}`;
    await applyRule(parts, number);
    let count = 0;
    const value = await time(async () => {
      count = (await notify(parts, number)).length;
    });
    deliveries += count;
    made.push({ size: count, value });
    subscriptionBytes.push({ size, value: await bytesOf(parts.db, 'subscription') });
    deliveryBytes.push({ size: deliveries, value: await bytesOf(parts.db, 'delivery') });
  }
  note(`the delivery of one more subscription made on ${store}`, 'ms', made);
  note(`a subscription stored on ${store}`, 'bytes', subscriptionBytes);
  note(`a delivery stored on ${store}`, 'bytes', deliveryBytes);
}

async function measureMail(parts: Parts, store: string): Promise<void> {
  const { rows } = await sql<{ deliveryId: string }>`select delivery_id from delivery where status = 'due'
    order by delivery_id limit ${MAILS.reduce((sum, size) => sum + size, 0)}`.execute(parts.db);
  const ids = rows.map((row) => (row as unknown as { delivery_id?: string }).delivery_id ?? row.deliveryId);
  const sent: Slope['points'] = [];
  for (const size of MAILS) {
    const batch = ids.splice(0, size);
    sent.push({
      size,
      value: await time(async () => {
        const lane = async () => {
          for (let id = batch.pop(); id !== undefined; id = batch.pop()) await deliver(parts, id);
        };
        await Promise.all(Array.from({ length: 4 }, lane));
      }),
    });
  }
  note(`a mail about ${ENTRIES} entries rendered, sent and recorded on ${store}`, 'ms', sent);
}

/** The receiver is in this process, so that its share is in the figure too. */
async function measurePosts(parts: Parts, store: string): Promise<void> {
  const receiver = createServer((request, response) => {
    request.resume().on('end', () => response.end('ok'));
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  await parts.db.deleteFrom('subscription').execute();
  for (const channel of ['webhook', 'slack'] as const) {
    const target = `http://127.0.0.1:${port}/${channel}`;
    await subscribe(parts, readSubscriptionRequest({ channel, target }), 'operator', 'the operator');
    const posted: Slope['points'] = [];
    for (const [at, size] of POSTS.entries()) {
      const ids: string[] = [];
      for (let nth = 0; nth < size; nth += 1) {
        const number = `2025-${channel}-${at}-${nth}`;
        await applyRule(parts, number);
        ids.push(...(await notify(parts, number)));
      }
      posted.push({
        size,
        value: await time(async () => {
          for (const id of ids)
            if ((await deliver(parts, id)) !== 'sent') throw new Error(`${id} is not sent`);
        }),
      });
    }
    note(`a rule of ${ENTRIES} entries posted to ${channel} on ${store}`, 'ms', posted);
    await parts.db.deleteFrom('subscription').execute();
  }
  receiver.closeAllConnections();
  receiver.close();
}

async function measureWatchlists(parts: Parts, store: string): Promise<void> {
  const compared: Slope['points'] = [];
  const stored: Slope['points'] = [];
  const bytes: Slope['points'] = [];
  const kept = await bytesOf(parts.db, 'watchlist_row');
  let rows = 0;
  for (const [at, size] of NAMES.entries()) {
    await parts.db.deleteFrom('watchlist').execute();
    const watchlist = await addWatchlist(parts.db, {
      organisationId: 'operator',
      name: `scale ${at}`,
      threshold: null,
      createdAt: parts.now(),
    });
    const value = await time(async () => {
      const { watchlistId } = watchlist;
      const begun = { sha256: '0'.repeat(64), at: parts.now(), who: 'scale' };
      const version = await beginVersion(parts.db, watchlistId, begun);
      for (let start = 0; start < size; start += CHUNK)
        await appendRows(
          parts.db,
          watchlistId,
          version,
          Array.from({ length: CHUNK }, (_none, nth) => counterparty(start + nth)),
        );
      await completeVersion(parts.db, watchlistId, version, {
        rows: size,
        format: 'csv',
        encoding: 'utf-8',
        skipped: 0,
      });
    });
    stored.push({ size, value });
    rows += size;
    bytes.push({ size: rows, value: (await bytesOf(parts.db, 'watchlist_row')) - kept });
    const number = `2025-3000${at}`;
    await applyRule(parts, number);
    compared.push({ size, value: await time(() => screenChangeSet(parts, number)) });
  }
  note(`a counterparty stored on ${store}`, 'ms', stored);
  note(`the rows of a counterparty on ${store}`, 'bytes', bytes);
  note(`a counterparty compared with ${ENTRIES} entries of a rule on ${store}`, 'ms', compared);
}

function counterparty(nth: number) {
  const words = [
    'Northern',
    'Bright',
    'Harbour',
    'Delta',
    'Summit',
    'Orion',
    'Maple',
    'Cedar',
    'Global',
    'Prime',
  ];
  const word = (step: number) => words[Math.floor(nth / step) % words.length]!;
  return {
    rowNumber: nth + 1,
    rowKey: `row-${nth}`,
    ref: String(nth),
    name: `${word(1)} ${word(10)} Trading ${word(100)} ${nth} Co., Ltd.`,
    aliases: [],
    addresses: [`${nth} Example Road, Example City`],
    country: 'CN',
    note: '',
  };
}

async function applyRule(parts: Parts, number: string): Promise<void> {
  const changes = Array.from({ length: ENTRIES }, (_none, at) =>
    makeChange({ entryId: `${number}-${at}`, name: `Example Optics ${at} Research Institute` }),
  );
  const changeSet = makeChangeSet({
    changeSetId: number,
    document: makeHead({ number }),
    knownAt: parts.now(),
  });
  await inTransaction(parts.db, (tx) => appendChangeSet(tx, changeSet, changes));
}

/** A table with its indexes. */
async function bytesOf(db: Kysely<Schema>, table: string): Promise<number> {
  const { rows } = await sql<{ bytes: string }>`select pg_total_relation_size(${table}) as bytes`.execute(db);
  return Number(rows[0]!.bytes);
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

const table = new Table({ head: ['what', 'one more', `for a million`], style: { head: [], border: [] } });
for (const { what, each, unit } of slopes)
  table.push([
    what,
    unit === 'ms' ? `${each.toFixed(3)} ms` : `${each.toFixed(0)} bytes`,
    unit === 'ms' ? `${(each * 1_000).toFixed(0)} s` : `${(each / 1_000).toFixed(1)} GB`,
  ]);
process.stdout.write(`${table.toString()}\n`);

const eachOf = (start: string, place: string) =>
  slopes.find(({ what }) => what.startsWith(start) && what.endsWith(place))!.each;
const store = backends.at(-1)!.name;
const queueStore = queueBackends.at(-1)!.name;
const costs = {
  fanOutMs: eachOf('the delivery of one more', store),
  enqueueMs: eachOf('a job put', queueStore),
  mailMs: eachOf('a mail about', store),
  screenMs: eachOf('a counterparty compared', store),
};
const courses = new Table({
  head: [
    'subscriptions',
    'names',
    'workers',
    'mails/s taken',
    'fanned out',
    'first',
    'half',
    'last mail',
    'screened',
    'most waiting',
  ],
  style: { head: [], border: [] },
});
const simulated = [];
for (const [workers, mailsPerSecond] of [
  [2, 100],
  [2, 1_000],
  [8, 1_000],
  [32, 5_000],
] as const)
  for (const size of [0.01, 0.1, 1]) {
    const setting = {
      subscriptions: FAR.subscriptions * size,
      names: FAR.names * size,
      workers,
      mailsPerSecond,
    };
    const course = simulate(costs, setting);
    simulated.push({ ...setting, ...course });
    courses.push([
      setting.subscriptions,
      setting.names,
      workers,
      mailsPerSecond,
      ...[course.fannedOut, course.firstMail, course.halfOfMails, course.lastMail, course.screened].map(
        (seconds) => `${seconds} s`,
      ),
      Math.round(course.mostWaiting),
    ]);
  }
process.stdout.write(`${courses.toString()}\n`);
const results = new URL('../results/', import.meta.url);
mkdirSync(results, { recursive: true });
writeFileSync(
  new URL('scale.json', results),
  `${JSON.stringify({ node: process.version, store, queue: queueStore, slopes, costs, simulated }, null, 2)}\n`,
);
process.stdout.write('Written to bench/results/scale.json\n');
