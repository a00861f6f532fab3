import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { jobs } from '../jobs/index.ts';
import type { Enqueue } from '../jobs/job.ts';
import { sweepJob } from '../jobs/sweep.ts';
import type { StandIn } from '../src/demo/stand-in.ts';
import type { Parts } from '../src/parts.ts';
import { openQueue } from '../src/queue.ts';
import { countByStatus, insertDeliveries } from '../src/store/deliveries.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { openParts } from './helpers/parts.ts';
import { until } from './helpers/until.ts';

/** Three pages of a thousand, the last of them not full. */
const MANY = 2_500;
const NOW = '2025-03-28T14:00:00.000Z';

describe.each(backends)('a backlog on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  const closers: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.empty();
    parts = openParts({
      database,
      upstream: { url: 'http://127.0.0.1:9' } as StandIn,
      outbox: '/nonexistent',
      now: () => NOW,
    });
    // Of subscriptions that are gone: a try of one ends it, and nobody is sent anything.
    await insertDeliveries(
      parts.db,
      Array.from({ length: MANY }, (_, at) => ({
        ...{ deliveryId: `d_${at}`, kind: 'alert' as const, subject: 'cs', changeSetId: null },
        ...{ subscriptionId: `gone-${at}`, channel: 'email' as const, recipient: `${at}@example.org` },
        ...{ messageId: `<${at}@example.org>`, dueAt: NOW, createdAt: NOW },
      })),
    );
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await parts.email.close();
  });
  const due = async () => (await countByStatus(parts.db)).due ?? 0;

  /** A queue of which each job is run by hand; one of an id that waits is not added again. */
  function openByHand() {
    const waiting = new Map<string, { name: string; data: Record<string, string>; delayMs: number }>();
    const enqueue: Enqueue = async (name, data, { jobId, delayMs = 0 }) => {
      if (!waiting.has(jobId)) waiting.set(jobId, { name, data: data as Record<string, string>, delayMs });
    };
    const namesOf = (name: string) => [...waiting].filter(([, job]) => job.name === name);
    return {
      sweep: (data: Record<string, string> = {}) => sweepJob.run(parts, data, enqueue),
      /** Takes so many deliveries out and ends them. */
      async work(count: number) {
        const taken = namesOf('deliver').slice(0, count);
        for (const [jobId] of taken) waiting.delete(jobId);
        await parts.db
          .updateTable('delivery')
          .set({ status: 'suppressed', outcome: 'done' })
          .where(
            'deliveryId',
            'in',
            taken.map(([, { data }]) => data.deliveryId!),
          )
          .execute();
      },
      deliveries: () => namesOf('deliver').length,
      /** The sweep that waits, and takes it out; null where none does. */
      next() {
        const [found] = namesOf('sweep');
        if (found === undefined) return null;
        waiting.delete(found[0]);
        return found[1];
      },
    };
  }

  test('is swept on as fast as it is worked off, page by page, until a page is not full', async () => {
    const queue = openByHand();
    await queue.sweep();
    const left: number[] = [];
    for (let next = queue.next(); next !== null; next = queue.next()) {
      expect(queue.deliveries()).toBe(1_000);
      expect(next.delayMs).toBe(1_000);
      await queue.work(1_000);
      await queue.sweep(next.data);
      left.push(queue.deliveries());
    }
    expect(left).toEqual([1_000, 500]);
    await queue.work(500);
    expect(await due()).toBe(0);
  });

  test('that is not worked off is swept ever more rarely, floods no queue, and is left to the schedule', async () => {
    const queue = openByHand();
    await queue.sweep();
    const waits: number[] = [];
    for (let next = queue.next(); next !== null; next = queue.next()) {
      waits.push(next.delayMs);
      await queue.sweep(next.data);
      expect(queue.deliveries()).toBe(1_000);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
    // The schedule comes by: as long as nothing moves, it stays alone.
    await queue.sweep();
    expect(queue.next()).toBeNull();
    await queue.work(600);
    await queue.sweep();
    expect(queue.next()).toMatchObject({ delayMs: 1_000 });
  });

  test('is swept as often as half a page is worked off', async () => {
    const queue = openByHand();
    await queue.sweep();
    const waits: number[] = [];
    for (const count of [100, 300, 600, 900]) {
      const next = queue.next()!;
      waits.push(next.delayMs);
      await queue.work(count);
      await queue.sweep(next.data);
    }
    expect([...waits, queue.next()?.delayMs]).toEqual([1_000, 2_000, 4_000, 4_000, undefined]);
    expect(queue.deliveries()).toBe(600);
  });

  test('of a process that died is begun under ids of its own, and the schedule goes on with it', async () => {
    const queue = openByHand();
    await queue.sweep({ again: '_7' });
    expect(queue.next()).toBeNull();
    expect(queue.deliveries()).toBe(1_000);
  });

  test('is worked off by one sweep in a real queue', async () => {
    // One page and a little more, which the first sweep does not take.
    await parts.db.deleteFrom('delivery').where('messageId', 'like', '<1___@%').execute();
    await parts.db.deleteFrom('delivery').where('messageId', 'like', '<20__@%').execute();
    expect(await due()).toBeGreaterThan(1_000);
    const silent = { info() {}, warn() {}, error() {} };
    const queue = await openQueue({ postgresPool: database.queuePool, log: silent });
    closers.push(() => queue.close());
    const enqueue: Enqueue = (name, data, { jobId, delayMs }) =>
      queue.add(name, name, data, { jobId, ...(delayMs === undefined ? {} : { delayMs }) });
    for (const name of ['sweep', 'deliver'])
      queue.worker(name, ({ data }) => jobs[name]!.run(parts, data, enqueue), {
        concurrency: jobs[name]!.concurrency,
      });
    await enqueue('sweep', {}, { jobId: 'sweep_once' });
    await until('the backlog to be gone', async () => (await due()) === 0, 170);
  }, 180_000);
});
