import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Kysely, sql } from 'kysely';
import { notify } from '../src/notify.ts';
import type { Parts } from '../src/parts.ts';
import { appendChangeSet } from '../src/store/changes.ts';
import type { Schema } from '../src/store/schema.ts';
import { inTransaction } from '../src/store/transaction.ts';
import { backends } from '../test/helpers/databases.ts';
import { openDeliveryParts } from '../test/helpers/kill/delivery-parts.ts';
import { makeChange, makeChangeSet, makeHead } from '../test/store/facts.ts';
import { addSubscriptions } from './many-subscriptions.ts';
import type { Figure } from './measure.ts';

const MANY = 100_000;
const FEW = 10_000;
const ENTRIES = 70;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/**
 * The deliveries of one rule for 100,000 subscriptions, against one statement that writes as many rows of the same
 * table from what is in the database; and the memory that it takes, against that for a tenth of them.
 */
export async function benchFanOut(): Promise<Figure[]> {
  const backend = backends.at(-1)!;
  const database = await backend.open();
  const { parts, close } = await openDeliveryParts({
    dataDir: 'memory://',
    databaseUrl: database.databaseUrl,
    smtpPort: 9,
  });
  try {
    await addSubscriptions(parts.db, 0, FEW);
    const fewBytes = await heapOf(() => fanOut(parts, '2025-00001', FEW));
    await addSubscriptions(parts.db, FEW, MANY);
    const milliseconds = await fanOut(parts, '2025-00002', MANY);
    const baselineMilliseconds = await insertBare(parts.db);
    const manyBytes = await heapOf(() => fanOut(parts, '2025-00003', MANY));
    const perSecond = Math.round(MANY / (milliseconds / 1000));
    return [
      {
        name: `the deliveries of one rule for ${MANY} subscriptions on ${backend.name} (${perSecond} rows a second)`,
        milliseconds,
        baseline: 'one statement that writes as many rows from a table',
        baselineMilliseconds,
        ratio: milliseconds / baselineMilliseconds,
        goal: {
          text: `memory at most twice that of ${FEW} (${megabytes(fewBytes)} MB); it is ${megabytes(manyBytes)} MB`,
          reached: manyBytes <= 2 * fewBytes,
        },
      },
    ];
  } finally {
    await close();
    await database.close();
  }
}

/** Applies a rule and makes its deliveries; answers how long the second took, in milliseconds. */
async function fanOut(parts: Parts, number: string, expected: number): Promise<number> {
  const changes = Array.from({ length: ENTRIES }, (_none, at) =>
    makeChange({ entryId: `${number}-${at}`, name: `Example ${at} Co., Ltd.` }),
  );
  const changeSet = makeChangeSet({
    changeSetId: number,
    document: makeHead({ number }),
    knownAt: parts.now(),
  });
  await inTransaction(parts.db, (tx) => appendChangeSet(tx, changeSet, changes));
  const begun = performance.now();
  const ids = await notify(parts, number);
  if (ids.length !== expected) throw new Error(`${ids.length} deliveries were made, not ${expected}`);
  return performance.now() - begun;
}

/** How much the heap grows at most, in bytes, without what nobody had time to collect. Looking takes time itself. */
async function heapOf(work: () => Promise<unknown>): Promise<number> {
  collect();
  const before = process.memoryUsage().heapUsed;
  let most = before;
  const look = setInterval(() => {
    collect();
    most = Math.max(most, process.memoryUsage().heapUsed);
  }, 500);
  await work();
  clearInterval(look);
  return most - before;
}

async function insertBare(db: Kysely<Schema>): Promise<number> {
  const begun = performance.now();
  await sql`insert into delivery
      (delivery_id, kind, subject, change_set_id, subscription_id, channel, recipient, message_id, status, attempts,
       maybe_duplicate, due_at, created_at)
    select md5('bare' || subscription_id), 'alert', 'bare', '2025-00001', subscription_id, channel, target,
      '<bare.' || md5('bare' || subscription_id) || '@example.org>', 'due', 0, false, now(), now()
    from subscription`.execute(db);
  return performance.now() - begun;
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}
