import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { openApp } from '../../src/app.ts';
import { loadBaseline } from '../../src/baseline.ts';
import { readConfig } from '../../src/config.ts';
import { easternDay } from '../../src/days.ts';
import { type StandIn, startStandIn } from '../../src/demo/stand-in.ts';
import { ingest } from '../../src/ingest.ts';
import { WHOLE_FILTER } from '../../src/model.ts';
import type { Parts } from '../../src/parts.ts';
import { poll } from '../../src/poll.ts';
import { changeSetsOf } from '../../src/store/change-sets.ts';
import { changesAfter } from '../../src/store/changes.ts';
import { listDeliveries } from '../../src/store/deliveries.ts';
import { currentEntries } from '../../src/store/entries.ts';
import { addSubscription } from '../../src/store/subscriptions.ts';
import { places } from '../helpers/databases.ts';
import type { Point } from '../helpers/kill/kill-at-point.ts';
import { type Receivers, type Stage, startReceivers } from '../helpers/kill/receivers.ts';
import type { ServiceOrder } from '../helpers/kill/service-worker.ts';
import { workOff } from '../helpers/kill/work-off.ts';
import { placedEntry } from '../helpers/placed-entry.ts';
import { makeSmallRule } from '../helpers/small-rule.ts';

const WORKER = fileURLToPath(new URL('../helpers/kill/service-worker.ts', import.meta.url));
const WORKER_NAME = 'elwatch-kill-ingest';
/** One: of two whose messages are under way at once, nobody could say how many came. */
const READERS = ['ana@example.org'];

const CHANGE_SET = { statement: '^insert into "change_set"', isCommit: true };
const DELIVERIES = { statement: '^insert into "delivery"', isCommit: true };
const VERSION = '^insert into "document_version"';
const SENT = '^update "delivery".*"sent_at"';

/** Where the process dies, with what it did last, and how many messages come a second time for it. */
const POINTS: [name: string, point: Point | Stage, repeats: number][] = [
  ['the record fetched', { statement: '^insert into "document"', moment: 'before' }, 0],
  ['the record saved', { statement: VERSION, moment: 'answered' }, 0],
  ['the text saved', { statement: VERSION, nth: 2, moment: 'answered' }, 0],
  ['the text parsed', { statement: 'pg_advisory_xact_lock', moment: 'before' }, 0],
  ['the changes written and not committed', { ...CHANGE_SET, moment: 'before' }, 0],
  ['the changes committed', { ...CHANGE_SET, moment: 'answered' }, 0],
  ['a job put into the queue', { enqueue: 'notify' }, 0],
  ['the deliveries written and not committed', { ...DELIVERIES, moment: 'before' }, 0],
  ['a delivery put into the queue', { enqueue: 'deliver' }, 0],
  ['a message that is had and not answered', 'mail whole', 1],
  ['a message that is taken and not in the ledger', { statement: SENT, moment: 'before' }, 1],
  ['a message in the ledger', { statement: SENT, moment: 'answered' }, 0],
];

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function settingsFor(upstream: StandIn, receivers: Receivers, dataDir: string) {
  const { url } = upstream;
  return {
    ...{ DATA_DIR: dataDir, PORT: '0', MAIL_FROM: 'alerts@example.org', LOG_LEVEL: 'silent' },
    ...{ FEDERAL_REGISTER_URL: url, ECFR_URL: url, GOVINFO_URL: url, CSL_URL: url },
    SMTP_URL: `smtp://127.0.0.1:${receivers.smtpPort}`,
  };
}

async function withParts<T>(
  settings: Record<string, string>,
  work: (parts: Parts) => Promise<T>,
): Promise<T> {
  const app = await openApp(readConfig(settings), { pace: { perSecond: 1000, xmlPerSecond: 1000 } });
  try {
    // Of those that were killed no connection is left when another one begins.
    return await work({ ...app.parts, presence: { id: app.parts.presence.id, graceMs: 0 } });
  } finally {
    await app.close();
  }
}

/** A store with a list of two and a reader. */
async function prepare(settings: Record<string, string>, today: string): Promise<void> {
  await withParts(settings, async (parts) => {
    await loadBaseline(parts, {
      ...{ list: 'entity-list', on: '2026-01-01', issues: [] },
      entries: [placedEntry('Old Lathe Works'), placedEntry('Older Lathe Works')],
    });
    for (const target of READERS)
      await addSubscription(parts.db, { target, filter: WHOLE_FILTER, createdAt: `${today}T00:00:00.000Z` });
  });
}

/** Does what is left to do, as the tables and the next poll say. */
async function finish(parts: Parts): Promise<void> {
  for (const { number, publishedOn } of await poll(parts)) await ingest(parts, number, publishedOn);
  await workOff(parts, { deliveriesAtOnce: 1, screens: false, gathers: false });
}

/** What the list is and how it came to that, without the instants at which we knew. */
async function stateOf({ db }: Parts) {
  const changes = await changesAfter(db, { after: 0, limit: 1_000 });
  return {
    entries: (await currentEntries(db)).map(({ entryId, name, citations }) => ({ entryId, name, citations })),
    changes: changes.map(({ kind, entryId, changeSetId, effectiveOn, name }) => ({
      ...{ kind, entryId, changeSetId, effectiveOn, name },
    })),
  };
}

/** Runs the service until it is ended at its point. */
async function killAt(order: ServiceOrder, receivers: Receivers, stage: Stage | null): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', WORKER, JSON.stringify(order)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  closers.push(() => child.kill('SIGKILL'));
  receivers.onStage = (reached) => {
    if (reached === stage) child.kill('SIGKILL');
  };
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  receivers.onStage = () => {};
  expect(signal, stderr).toBe('SIGKILL');
  await receivers.quiet();
}

/** What a killed process had on the wire may still be carried out: waits until the server is done with it. */
async function untilGone({ db }: Parts): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from pg_stat_activity
      where datname = current_database() and application_name = ${WORKER_NAME}`.execute(db);
    if (rows[0]!.count === 0) return;
    await sleep(10);
  }
}

test.each(places.filter(({ name }) => name !== 'PGlite and Redis'))(
  'the service on $name that is killed at any step of a rule ends with the list and each message, as if it never was',
  { timeout: 900_000 },
  async ({ name, open }) => {
    const today = easternDay(new Date().toISOString());
    const upstream = await startStandIn({ documents: [], supplements: [], today });
    closers.push(() => upstream.close());
    const receivers = await startReceivers();
    closers.push(() => receivers.close());
    const { environment, redisPrefix = null, forget } = await open();
    closers.push(forget);
    const newDir = async () => {
      const dataDir = await mkdtemp(join(tmpdir(), 'elwatch-kill-ingest-'));
      closers.push(() => rm(dataDir, { recursive: true, force: true }));
      return dataDir;
    };
    const settings = { ...settingsFor(upstream, receivers, await newDir()), ...environment };
    await prepare(settings, today);
    const isServer = environment.DATABASE_URL !== undefined;
    const ofWorker: Record<string, string> = isServer
      ? { ...settings, DATABASE_URL: `${environment.DATABASE_URL}?application_name=${WORKER_NAME}` }
      : settings;
    // The store is the same with Redis: there the queue is what differs.
    const points = POINTS.filter(
      ([, point]) => redisPrefix === null || (typeof point === 'object' && 'enqueue' in point),
    );

    for (const [at, [step, point, repeats]] of points.entries()) {
      const number = `2031-0${7_100 + at}`;
      upstream.addDocument(
        makeSmallRule({
          number,
          publishedOn: today,
          startPage: 4_100 + 10 * at,
          adds: [`Round ${at} Optics`],
        }),
      );
      const stage = typeof point === 'string' ? point : null;
      const order = { settings: ofWorker, redisPrefix, pollId: `poll_${at}` };
      await killAt({ ...order, point: stage === null ? (point as Point) : null }, receivers, stage);
      await withParts(settings, async (parts) => {
        if (isServer) await untilGone(parts);
        await finish(parts);
        const sets = await changeSetsOf(parts.db, number, today);
        expect(
          sets.map(({ outcome }) => outcome),
          `${name}: ${step}`,
        ).toEqual(['applied']);
        const ledger = await listDeliveries(parts.db, { changeSetId: sets[0]!.changeSetId });
        expect(ledger.map(({ recipient, status }) => [recipient, status]).sort(), step).toEqual(
          READERS.map((reader) => [reader, 'sent']),
        );
        const came = receivers.kept.splice(0);
        for (const { messageId, recipient, maybeDuplicate } of ledger) {
          const copies = came.filter(({ id }) => id === messageId);
          expect(copies.every(({ to }) => to === recipient)).toBe(true);
          if (copies.length > 1) expect(maybeDuplicate, step).toBe(true);
        }
        expect(new Set(came.map(({ id }) => id)).size, step).toBe(READERS.length);
        expect(came.length - READERS.length, step).toBe(repeats);
      });
    }

    const killed = await withParts(settings, stateOf);
    const undisturbed = { ...settingsFor(upstream, receivers, await newDir()) };
    await prepare(undisturbed, today);
    const expected = await withParts(undisturbed, async (parts) => {
      await finish(parts);
      return stateOf(parts);
    });
    expect(killed).toEqual(expected);
    expect(killed.entries).toHaveLength(2 + points.length);
  },
);
