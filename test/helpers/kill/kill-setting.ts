import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { WHOLE_FILTER } from '../../../src/model.ts';
import type { Parts } from '../../../src/parts.ts';
import { appendChangeSet } from '../../../src/store/changes.ts';
import { listDeliveries, type StoredDelivery } from '../../../src/store/deliveries.ts';
import { addSubscription } from '../../../src/store/subscriptions.ts';
import { inTransaction } from '../../../src/store/transaction.ts';
import { subscribe } from '../../../src/subscribe.ts';
import { readSubscriptionRequest } from '../../../src/subscription-request.ts';
import { makeChange, makeChangeSet, makeHead } from '../../store/facts.ts';
import type { Place } from '../databases.ts';
import { type DeliveryParts, type DeliveryPlace, openDeliveryParts } from './delivery-parts.ts';
import type { StatementKill } from './kill-at-statement.ts';
import { type Receivers, type Stage, startReceivers } from './receivers.ts';
import type { KillOutcome } from './tally.ts';
import { workOff } from './work-off.ts';
import type { WorkerOrder } from './worker.ts';

/** Where a worker is killed: at a statement of its own, or when a receiver is at a stage for the n-th time. */
export type Kill = { statement: StatementKill } | { stage: Stage; nth: number };

/** What is to be told: a rule, or first the notice that it is held, which nobody was told yet. */
export type Story = 'rule' | 'notice and rule';

export interface KillSetting {
  /** Who must get each change set once: two by mail and one by webhook. Another gathers a digest and gets none. */
  recipients: string[];
  /**
   * A rule is applied, and workers begin to tell it, one after the other, each killed at its place; null lets one end
   * by itself. Then another process takes over. Claims of the dead are old at once.
   */
  run(kills: readonly (Kill | null)[], deliveriesAtOnce: number, story?: Story): Promise<KillOutcome>;
  close(): Promise<void>;
}

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
const WORKER_NAME = 'elwatch-kill-worker';

/** A store of its own, on PostgreSQL or in a PGlite directory, with its subscriptions and real receivers. */
export async function openKillSetting({ open }: Place): Promise<KillSetting> {
  const receivers = await startReceivers();
  const dataDir = await mkdtemp(join(tmpdir(), 'elwatch-kill-'));
  const { environment, forget } = await open();
  const databaseUrl = environment.DATABASE_URL ?? null;
  const place = { dataDir, databaseUrl, smtpPort: receivers.smtpPort };
  const webhook = await withParts(place, (delivery) => addSubscriptions(delivery, receivers));
  let runs = 0;
  return {
    recipients: ['ana@example.org', 'bo@example.org', webhook],
    async run(kills, deliveriesAtOnce, story = 'rule') {
      runs += 1;
      const number = `2025-${10_000 + runs}`;
      const changeSetIds = await withParts(place, ({ parts }) => tellStory(parts, story, number));
      const steps: string[] = [];
      const doubtful: string[] = [];
      let statements = 0;
      for (const kill of kills) {
        const seen = receivers.kept.length;
        const ended = await runWorker(place, receivers, kill, deliveriesAtOnce);
        if (ended.isKilled) steps.push(ended.said);
        else statements = Number(ended.said);
        await receivers.quiet();
        const rows = await withParts(place, async ({ parts, database }) => {
          if (database.kind === 'postgres') await untilGone(parts.db);
          await ageClaims(parts.db);
          return listDeliveries(parts.db);
        });
        const recorded = new Set(rows.filter(({ status }) => status === 'sent').map(idOnTheWire));
        for (const { id } of receivers.kept.slice(seen)) if (!recorded.has(id)) doubtful.push(id);
      }
      const ledger = await withParts(place, async ({ parts }) => {
        await workOff(parts, deliveriesAtOnce);
        return listDeliveries(parts.db);
      });
      await receivers.quiet();
      return {
        steps,
        statements,
        changeSetIds,
        messages: receivers.kept.splice(0),
        refused: receivers.refused.splice(0),
        doubtful,
        ledger: ledger
          .filter(({ changeSetId }) => changeSetId !== null && changeSetIds.includes(changeSetId))
          .map((row) => ({
            ...row,
            to: row.channel === 'email' ? row.recipient : webhook,
            id: idOnTheWire(row),
          })),
      };
    },
    async close() {
      await receivers.close();
      await forget();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function withParts<T>(place: DeliveryPlace, work: (delivery: DeliveryParts) => Promise<T>): Promise<T> {
  const delivery = await openDeliveryParts(place);
  try {
    return await work(delivery);
  } finally {
    await delivery.close();
  }
}

/** Answers the path of the webhook. */
async function addSubscriptions({ parts }: DeliveryParts, receivers: Receivers): Promise<string> {
  for (const target of ['ana@example.org', 'bo@example.org'])
    await addSubscription(parts.db, { target, filter: WHOLE_FILTER, createdAt: parts.now() });
  await addSubscription(parts.db, {
    target: 'daily@example.org',
    filter: WHOLE_FILTER,
    schedule: { mode: 'daily', at: '08:00', timeZone: 'UTC' },
    createdAt: parts.now(),
  });
  const path = '/hook';
  const request = readSubscriptionRequest({
    channel: 'webhook',
    target: `${receivers.webhookOrigin}${path}`,
  });
  const { signingSecret } = await subscribe(parts, request, 'operator');
  receivers.secrets.set(path, signingSecret!);
  return path;
}

/** Appends what is to be told; answers the change sets, the oldest first. */
async function tellStory(parts: Parts, story: Story, number: string): Promise<string[]> {
  const notice = story === 'notice and rule' ? `notice-${number}` : null;
  const head = makeHead({ number });
  await inTransaction(parts.db, async (tx) => {
    const fields = { document: head, knownAt: parts.now() };
    if (notice !== null)
      await appendChangeSet(tx, makeChangeSet({ ...fields, changeSetId: notice, outcome: 'held' }), []);
    const rule = makeChangeSet({ ...fields, changeSetId: `rule-${number}`, follows: notice });
    await appendChangeSet(tx, rule, [makeChange()]);
  });
  return [...(notice === null ? [] : [notice]), `rule-${number}`];
}

/** Runs a worker process until it ends or is killed; answers how many statements it made, or where it died. */
async function runWorker(
  place: DeliveryPlace,
  receivers: Receivers,
  kill: Kill | null,
  deliveriesAtOnce: number,
): Promise<{ isKilled: boolean; said: string }> {
  const named = place.databaseUrl && `${place.databaseUrl}?application_name=${WORKER_NAME}`;
  const order: WorkerOrder = {
    place: { ...place, databaseUrl: named },
    deliveriesAtOnce,
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

/** Lets the time pass during which the claim of a process that is gone is respected. */
async function ageClaims(db: Parts['db']): Promise<void> {
  await sql`update delivery set claimed_at = claimed_at - interval '11 minutes' where status = 'sending'`.execute(
    db,
  );
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

/** The id that a receiver tells a repeat by. */
function idOnTheWire({ channel, messageId, deliveryId }: StoredDelivery): string {
  return channel === 'email' ? messageId : deliveryId;
}
