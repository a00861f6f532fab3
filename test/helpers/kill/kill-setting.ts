import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { simpleParser } from 'mailparser';
import type { Parts } from '../../../src/parts.ts';
import { listDeliveries, type StoredDelivery } from '../../../src/store/deliveries.ts';
import { listRuns } from '../../../src/store/screening.ts';
import { findWatchlist } from '../../../src/store/watchlists.ts';
import type { Place } from '../databases.ts';
import { type DeliveryParts, type DeliveryPlace, openDeliveryParts } from './delivery-parts.ts';
import type { StatementKill } from './kill-at-statement.ts';
import {
  chatId,
  documentsIn,
  type Received,
  type Receivers,
  type Stage,
  startReceivers,
} from './receivers.ts';
import { addSubscriptions, type Story, tell } from './stories.ts';
import type { DigestCount, KillOutcome } from './tally.ts';
import { type Work, workOff } from './work-off.ts';
import type { WorkerOrder } from './worker.ts';

/** Where a worker is killed: at a statement of its own, or when a receiver is at a stage for the n-th time. */
export type Kill = { statement: StatementKill } | { stage: Stage; nth: number };

export interface KillSetting {
  /** Who must get each message of the story once. */
  recipients: string[];
  /**
   * Something is to be told, and workers begin to tell it, one after the other, each killed at its place; null lets one
   * end by itself. Then another process takes over.
   */
  run(kills: readonly (Kill | null)[], deliveriesAtOnce: number): Promise<KillOutcome>;
  close(): Promise<void>;
}

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
const WORKER_NAME = 'elwatch-kill-worker';
/** The first Sunday on which something is gathered. */
const FIRST_SUNDAY = Date.UTC(2025, 0, 5);
const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
/** As what the digest of one run counts. */
const DIGEST = 'digest';

/** A story, in a store of its own on PostgreSQL or in a PGlite directory, with its subscriptions and real receivers. */
export async function openKillSetting({ open }: Place, story: Story): Promise<KillSetting> {
  const receivers = await startReceivers();
  const dataDir = await mkdtemp(join(tmpdir(), 'elwatch-kill-'));
  const { environment, forget } = await open();
  const databaseUrl = environment.DATABASE_URL ?? null;
  const place = { dataDir, databaseUrl, smtpPort: receivers.smtpPort };
  const recipients = await withParts(place, null, ({ parts }) => addSubscriptions(parts, story, receivers));
  let runs = 0;
  /** What came after the digest of the run before, and belongs into the next one. */
  let carried: string[] = [];

  /** Prepares what is to be told; answers the change sets, the oldest first, and where the clock of workers stands. */
  async function begin(): Promise<{ changeSetIds: string[]; now: string | null }> {
    const number = (nth: number) => `2025-${10_000 + runs * 10 + nth}`;
    if (story !== 'digest')
      return withParts(place, null, async ({ parts }) => {
        if (story !== 'notice and rule') return { changeSetIds: [await tell(parts, number(0))], now: null };
        const notice = await tell(parts, number(0), { isHeld: true });
        return { changeSetIds: [notice, await tell(parts, number(0), { follows: notice })], now: null };
      });
    const sunday = FIRST_SUNDAY + runs * WEEK_MS;
    const gather = (hours: number, numbers: string[]) =>
      withParts(place, new Date(sunday + hours * HOUR_MS).toISOString(), async ({ parts }) => {
        const told: string[] = [];
        for (const one of numbers) told.push(await tell(parts, one));
        await workOff(parts, { deliveriesAtOnce: 1, screens: false, gathers: false });
        return told;
      });
    const changeSetIds = [...carried, ...(await gather(12, [number(0), number(1)]))];
    // The digest is of Monday at eight. This comes at half past, and before anything makes it.
    carried = await gather(32.5, [number(2)]);
    return { changeSetIds, now: new Date(sunday + 33 * HOUR_MS).toISOString() };
  }

  return {
    recipients,
    async run(kills, deliveriesAtOnce) {
      runs += 1;
      const { changeSetIds, now } = await begin();
      const work: Work = { deliveriesAtOnce, screens: story === 'screening', gathers: story === 'digest' };
      /** The deliveries of this run, as the receivers know them; a digest is about `DIGEST`. */
      const toLedger = (rows: readonly StoredDelivery[]): KillOutcome['ledger'] =>
        rows.flatMap((row) => {
          const isDigest =
            row.kind === 'digest' && now !== null && Date.parse(row.createdAt) === Date.parse(now);
          const changeSetId = isDigest ? DIGEST : row.changeSetId;
          if (
            changeSetId === null ||
            !(isDigest || (story !== 'digest' && changeSetIds.includes(changeSetId)))
          )
            return [];
          const to = row.channel === 'email' ? row.recipient : `/${row.channel}`;
          const documents = isDigest
            ? rows.filter(({ digestId }) => digestId === row.deliveryId).map(numberOf)
            : [numberOf(row)];
          return [{ ...row, changeSetId, to, id: idOnTheWire(row, to, documents) }];
        });
      const steps: string[] = [];
      const doubtful: string[] = [];
      let statements = 0;
      for (const kill of kills) {
        const seen = receivers.kept.length;
        const order = { place, now, work, kill: null };
        const ended = await runWorker(order, receivers, kill);
        if (ended.isKilled) steps.push(ended.said);
        else statements = Number(ended.said);
        await receivers.quiet();
        const rows = await withParts(place, now, async ({ parts, database }) => {
          if (database.kind === 'postgres') await untilGone(parts.db);
          return listDeliveries(parts.db, { limit: 100_000 });
        });
        const recorded = new Set(
          toLedger(rows)
            .filter(({ status }) => status === 'sent')
            .map(({ id }) => id),
        );
        for (const { id } of receivers.kept.slice(seen)) if (!recorded.has(id)) doubtful.push(id);
      }
      const [rows, screened] = await withParts(place, now, async ({ parts }) => {
        await workOff(parts, work);
        return [
          await listDeliveries(parts.db, { limit: 100_000 }),
          story === 'screening' ? await countScreened(parts, changeSetIds[0]!) : null,
        ];
      });
      await receivers.quiet();
      const messages = receivers.kept.splice(0);
      return {
        steps,
        statements,
        changeSetIds: story === 'digest' ? [DIGEST] : changeSetIds,
        corrections: [],
        messages,
        refused: receivers.refused.splice(0),
        doubtful,
        ledger: toLedger(rows),
        screened,
        digest: story === 'digest' ? await countDigests(rows, changeSetIds, messages) : null,
      };
    },
    async close() {
      await receivers.close();
      await forget();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function withParts<T>(
  place: DeliveryPlace,
  now: string | null,
  work: (delivery: DeliveryParts) => Promise<T>,
): Promise<T> {
  const delivery = await openDeliveryParts(place, now);
  try {
    return await work(delivery);
  } finally {
    await delivery.close();
  }
}

/** Runs a worker process until it ends or is killed; answers how many statements it made, or where it died. */
async function runWorker(
  given: WorkerOrder,
  receivers: Receivers,
  kill: Kill | null,
): Promise<{ isKilled: boolean; said: string }> {
  const { databaseUrl } = given.place;
  const named = databaseUrl && `${databaseUrl}?application_name=${WORKER_NAME}`;
  const order: WorkerOrder = {
    ...given,
    place: { ...given.place, databaseUrl: named },
    kill: kill !== null && 'statement' in kill ? kill.statement : null,
  };
  const child = spawn(process.execPath, ['--import', 'tsx', WORKER, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let times = 0;
  receivers.onStage = (stage) => {
    if (kill === null || !('stage' in kill) || stage !== kill.stage) return;
    times += 1;
    if (times === kill.nth) child.kill('SIGKILL');
  };
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  receivers.onStage = () => {};
  if (signal === null && code !== 0) throw new Error(`the worker failed: ${stderr}`);
  const said = kill !== null && 'stage' in kill && signal !== null ? kill.stage : stdout.trim();
  return { isKilled: signal === 'SIGKILL', said };
}

/** What a killed process had on the wire may still be carried out: waits until the server is done with it. */
async function untilGone(db: Parts['db']): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ count: string }>`select count(*) as count from pg_stat_activity
      where datname = current_database() and application_name = ${WORKER_NAME}`.execute(db);
    if (Number(rows[0]?.count) === 0) return;
    await sleep(10);
  }
}

/** The runs of a change set, and the hits that are stored with them, over all watchlists. */
async function countScreened(
  { db }: Parts,
  changeSetId: string,
): Promise<NonNullable<KillOutcome['screened']>> {
  const counts: NonNullable<KillOutcome['screened']> = {};
  for (const name of ['customers', 'other']) {
    const { watchlistId } = (await findWatchlist(db, 'operator', name))!;
    const runs = (await listRuns(db, watchlistId)).filter((run) => run.changeSetId === changeSetId);
    const { rows } = await sql<{ hits: number }>`select count(*)::int as hits from screening_hit
      where run_id in (select run_id from screening_run
        where watchlist_id = ${watchlistId} and change_set_id = ${changeSetId})`.execute(db);
    counts[name] = { runs: runs.length, hits: rows[0]!.hits };
  }
  return counts;
}

/** What the digests of a run hold, by the ledger and by the messages that came. */
async function countDigests(
  rows: readonly StoredDelivery[],
  changeSetIds: readonly string[],
  messages: readonly Received[],
): Promise<DigestCount> {
  const listed: DigestCount['listed'] = [];
  for (const { to, raw } of messages) {
    const text = to.startsWith('/') ? raw.toString('utf8') : ((await simpleParser(raw)).text ?? '');
    listed.push({ to, documents: documentsIn(text) });
  }
  return {
    documents: changeSetIds.map((changeSetId) => numberOf({ changeSetId })),
    listed,
    gathered: rows
      .filter(({ changeSetId }) => changeSetId !== null && changeSetIds.includes(changeSetId))
      .map((row) => ({
        to: row.channel === 'email' ? row.recipient : `/${row.channel}`,
        document: numberOf(row),
        status: row.status,
      })),
  };
}

function numberOf({ changeSetId }: Pick<StoredDelivery, 'changeSetId'>): string {
  return changeSetId!.replace(/^[a-z]+-/u, '');
}

/** The id that a receiver tells a repeat by. */
function idOnTheWire(
  { channel, messageId, deliveryId }: StoredDelivery,
  to: string,
  documents: readonly string[],
): string {
  if (channel === 'email') return messageId;
  return channel === 'webhook' ? deliveryId : chatId(to, documents);
}
