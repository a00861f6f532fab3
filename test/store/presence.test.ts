import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { releaseAbandoned } from '../../src/store/abandoned.ts';
import { openDatabase } from '../../src/store/db.ts';
import { claimDelivery, dueDeliveries, findDelivery, insertDeliveries } from '../../src/store/deliveries.ts';
import { newDelivery } from '../../src/store/new-delivery.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';
import { sampleSubscription } from '../helpers/sample-subscription.ts';
import { until } from '../helpers/until.ts';

const T0 = '2025-03-28T12:45:00.000Z';
const HOURS_LATER = '2025-03-29T12:44:00.000Z';
const DAYS_LATER = '2025-03-29T12:46:00.000Z';

/** A number that no process has. */
const GONE = 7;

describe.each(backends)('claims on $name', ({ open }) => {
  let database: TestDatabase;
  let deliveryId: string;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.empty();
    const row = newDelivery(sampleSubscription(), { kind: 'test', subject: 'test' }, 'http://e.org', T0);
    await insertDeliveries(database.kysely, [row]);
    deliveryId = row.deliveryId;
  });

  const claim = (claimedBy: number | null, now = T0) =>
    claimDelivery(database.kysely, deliveryId, now, claimedBy);
  const release = (graceMs = 0) => releaseAbandoned(database.kysely, { ...database.presence, graceMs });

  test('of a process that is gone are given back, and say that it may have been sent', async () => {
    await claim(GONE);
    expect(await dueDeliveries(database.kysely, HOURS_LATER, 10)).toEqual([]);
    expect(await release()).toBe(1);
    expect(await dueDeliveries(database.kysely, T0, 10)).toMatchObject([
      { deliveryId, maybeDuplicate: true, claimedAt: null, claimedBy: null, attempts: 1 },
    ]);
    expect(await release()).toBe(0);
  });

  test('of a process that lives are its own, however slow it is, for a day', async () => {
    await claim(await database.presence.id());
    expect(await release()).toBe(0);
    expect(await claim(GONE, HOURS_LATER)).toBeNull();
    expect(await findDelivery(database.kysely, deliveryId)).toMatchObject({
      status: 'sending',
      maybeDuplicate: false,
    });
    expect(await claim(GONE, DAYS_LATER)).toMatchObject({ maybeDuplicate: true });
  });

  test('that name no process are left to their age', async () => {
    await claim(null);
    expect(await release()).toBe(0);
    expect(await claim(GONE, HOURS_LATER)).toMatchObject({ attempts: 2 });
  });
});

const server = backends.find(({ name }) => name === 'postgres');

describe.runIf(server !== undefined)('on a server', () => {
  test('a process that ends is gone, and one that was cut off from the server is back before it counts as gone', async () => {
    const database = await server!.open();
    const other = await openDatabase({ dataDir: '/nowhere', databaseUrl: database.databaseUrl! });
    try {
      const row = newDelivery(sampleSubscription(), { kind: 'test', subject: 'test' }, 'http://e.org', T0);
      await insertDeliveries(database.kysely, [row]);
      const id = await other.presence.id();
      await claimDelivery(other.kysely, row.deliveryId, T0, id);
      const holders = async () => {
        const { rows } = await sql<{ pid: number }>`
          select pid from pg_locks where locktype = 'advisory' and objid::bigint = ${id}`.execute(
          database.kysely,
        );
        return rows.map(({ pid }) => pid);
      };
      const [before] = await holders();
      await sql`select pg_terminate_backend(${before})`.execute(database.kysely);
      expect(await releaseAbandoned(database.kysely, database.presence)).toBe(0);
      await until('it is back', async () => (await holders()).length === 1);
      expect((await holders())[0]).not.toBe(before);

      await other.close();
      await until('the server has noticed', async () => (await holders()).length === 0);
      expect(await releaseAbandoned(database.kysely, { ...database.presence, graceMs: 0 })).toBe(1);
    } finally {
      await other.close();
      await database.close();
    }
  });
});
