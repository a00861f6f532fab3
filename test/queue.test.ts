import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ElwatchError } from '../src/errors.ts';
import { openQueue, type QueueConnection, type QueueJob, type QueueOpening } from '../src/queue.ts';
import { openDatabase } from '../src/store/db.ts';
import { backends, queueBackends } from './helpers/databases.ts';

const lines: { level: string; message: string }[] = [];
const keep = (level: string) => (_fields: object, message: string) => lines.push({ level, message });
const log = { info: keep('info'), warn: keep('warn'), error: keep('error') };

/** Collects what a worker was given, and waits for the next. */
function collect() {
  const seen: { job: QueueJob; at: number }[] = [];
  const wanted: (() => void)[] = [];
  return {
    seen,
    processor: async (job: QueueJob): Promise<void> => {
      seen.push({ job, at: performance.now() });
      for (const wake of wanted.splice(0)) wake();
    },
    until: async (count: number, milliseconds: number): Promise<void> => {
      const deadline = performance.now() + milliseconds;
      while (seen.length < count) {
        const left = deadline - performance.now();
        if (left <= 0) throw new Error(`${seen.length} of ${count} jobs came within ${milliseconds} ms`);
        await Promise.race([new Promise<void>((resolve) => wanted.push(resolve)), sleep(left)]);
      }
    },
  };
}

describe.each(queueBackends)('the queue on $name', ({ name, open }) => {
  let opening: Omit<QueueOpening, 'log'> & { forget(): Promise<void> };
  let queue: QueueConnection;
  let queueName = '';
  let counter = 0;

  beforeAll(async () => {
    opening = await open();
  });
  afterAll(() => opening.forget());
  afterEach(() => queue.close());

  async function start(): Promise<void> {
    queue = await openQueue({ ...opening, log });
    counter += 1;
    queueName = `test-${counter}`;
  }

  test('runs a job with its data and forgets it afterwards', async () => {
    await start();
    const { seen, processor, until } = collect();
    queue.worker(queueName, processor, { concurrency: 2 });
    await queue.add(queueName, 'ingest', { documentNumber: '2025-05427' }, { jobId: 'ingest_2025-05427' });
    await until(1, 5_000);
    expect(seen[0]?.job).toMatchObject({
      id: 'ingest_2025-05427',
      name: 'ingest',
      data: { documentNumber: '2025-05427' },
      attemptsMade: 0,
    });
    await sleep(100);
    expect(await queue.queue(queueName).getJobCounts()).toMatchObject({ completed: 0, failed: 0, active: 0 });
  });

  test('wakes an idle worker by an event, not by polling', async () => {
    await start();
    const { seen, processor, until } = collect();
    queue.worker(queueName, processor, { concurrency: 1 });
    await sleep(1_500);
    const waits: number[] = [];
    for (let round = 1; round <= 7; round += 1) {
      await sleep(60);
      const addedAt = performance.now();
      await queue.add(queueName, 'ping', {}, { jobId: `ping-${round}` });
      await until(round, 1_000);
      waits.push(seen[round - 1]!.at - addedAt);
    }
    const median = waits.toSorted((a, b) => a - b)[3]!;
    console.log(`${name}: an idle worker wakes after ${median.toFixed(1)} ms (median of 7)`);
    expect(Math.max(...waits)).toBeLessThan(1_000);
  });

  test('runs a job once that is added twice while it waits, and again when it is added after its end', async () => {
    await start();
    const { seen, processor, until } = collect();
    await queue.add(queueName, 'deliver', { n: 1 }, { jobId: 'deliver-1' });
    await queue.add(queueName, 'deliver', { n: 2 }, { jobId: 'deliver-1' });
    queue.worker(queueName, processor, { concurrency: 1 });
    await until(1, 5_000);
    await sleep(300);
    expect(seen.map(({ job }) => job.data.n)).toEqual([1]);
    await queue.add(queueName, 'deliver', { n: 3 }, { jobId: 'deliver-1' });
    await until(2, 5_000);
    expect(seen[1]?.job.data.n).toBe(3);
  });

  test('runs jobs that are added together each once and in order, but for one that waits already', async () => {
    await start();
    const { seen, processor, until } = collect();
    await queue.add(queueName, 'deliver', { n: 'waits already' }, { jobId: 'deliver-7' });
    const added = Array.from({ length: 40 }, (_none, n) =>
      // Each third is there twice.
      queue.add(queueName, 'deliver', { n }, { jobId: `deliver-${n - (n % 3 === 2 ? 1 : 0)}` }),
    );
    await expect(queue.add(queueName, 'deliver', {}, { jobId: 'no:id' })).rejects.toThrow(/no:id/u);
    await Promise.all(added);
    queue.worker(queueName, processor, { concurrency: 1 });
    const expected = Array.from({ length: 40 }, (_none, n) => n).filter((n) => n % 3 !== 2 && n !== 7);
    await until(expected.length + 1, 10_000);
    await sleep(300);
    expect(seen.map(({ job }) => job.data.n)).toEqual(['waits already', ...expected]);
  });

  test('retries a failing job with its attempts, then frees its id', async () => {
    await start();
    const attempts: number[] = [];
    const { processor, until } = collect();
    queue.worker(
      queueName,
      async (job) => {
        attempts.push(job.attemptsMade);
        await processor(job);
        throw new Error('not yet');
      },
      { concurrency: 1 },
    );
    const options = { jobId: 'stubborn', attempts: 3, backoffMs: 20 };
    await queue.add(queueName, 'deliver', {}, options);
    await until(3, 5_000);
    expect(attempts).toEqual([0, 1, 2]);
    await sleep(200);
    await queue.add(queueName, 'deliver', {}, options);
    await until(4, 5_000);
    expect(lines.some(({ message }) => message === 'job failed')).toBe(true);
  });

  test('does not retry what cannot succeed', async () => {
    await start();
    const { seen, processor, until } = collect();
    queue.worker(
      queueName,
      async (job) => {
        await processor(job);
        throw new ElwatchError('target-absent', 'No such entry.', { retry: false, hint: 'Look.' });
      },
      { concurrency: 1 },
    );
    await queue.add(queueName, 'ingest', {}, { jobId: 'hopeless', attempts: 5, backoffMs: 10 });
    await until(1, 5_000);
    await sleep(200);
    expect(seen).toHaveLength(1);
  });

  test('holds a delayed job back', async () => {
    await start();
    const { seen, processor, until } = collect();
    queue.worker(queueName, processor, { concurrency: 1 });
    const addedAt = performance.now();
    await queue.add(queueName, 'later', {}, { jobId: 'later-a', delayMs: 400 });
    await until(1, 5_000);
    expect(seen[0]!.at - addedAt).toBeGreaterThan(350);
  });

  test('runs a schedule again and again, once however often it is declared', async () => {
    await start();
    const { seen, processor, until } = collect();
    for (let times = 0; times < 3; times += 1) {
      await queue.schedule(queueName, 'poll', { everyMs: 300 }, 'poll', { source: 'federal-register' });
    }
    queue.worker(queueName, processor, { concurrency: 1 });
    await until(3, 5_000);
    expect(seen[0]?.job).toMatchObject({ name: 'poll', data: { source: 'federal-register' } });
    expect(await queue.queue(queueName).getJobSchedulersCount()).toBe(1);
    await queue.queue(queueName).removeJobScheduler('poll');
  });

  test('refuses ids that BullMQ would mistake for its own', async () => {
    await start();
    for (const jobId of ['a:b', '12345', '']) {
      await expect(queue.add(queueName, 'x', {}, { jobId })).rejects.toMatchObject({ code: 'bad-job-id' });
    }
  });

  test('waits for a running job before it closes', async () => {
    await start();
    let ended = false;
    const begun = new Promise<void>((resolve) => {
      queue.worker(
        queueName,
        async () => {
          resolve();
          await sleep(400);
          ended = true;
        },
        { concurrency: 1 },
      );
    });
    await queue.add(queueName, 'slow', {}, { jobId: 'slow-a' });
    await begun;
    await queue.close();
    expect(ended).toBe(true);
  });

  test('answers doctor', async () => {
    await start();
    const { kind, pingMs } = await queue.checkQueue();
    expect(kind).toBe(name === 'redis' ? 'redis' : 'postgres');
    expect(pingMs).toBeLessThan(1_000);
  });

  test('leaves no open handle behind when it closes', async () => {
    const handles = () => process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout/u.test(kind)).length;
    const before = handles();
    await start();
    const { processor, until } = collect();
    queue.worker(queueName, processor, { concurrency: 1 });
    await queue.add(queueName, 'x', {}, { jobId: 'x-1' });
    await until(1, 5_000);
    await queue.close();
    // A server's pool keeps the connections that it was given back for a while; Redis connections are ours.
    if (name === 'postgres') return;
    await expect.poll(handles, { timeout: 2_000 }).toBeLessThanOrEqual(before);
  });
});

test('jobs in an embedded queue survive a restart of the process', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'elwatch-queue-'));
  try {
    const first = await openDatabase({ dataDir });
    const before = await openQueue({ postgresPool: first.queuePool, log });
    await before.add('ingest', 'ingest', { documentNumber: '2025-05427' }, { jobId: 'ingest_a' });
    await before.close();
    await first.close();

    const second = await openDatabase({ dataDir });
    const after = await openQueue({ postgresPool: second.queuePool, log });
    const { seen, processor, until } = collect();
    after.worker('ingest', processor, { concurrency: 1 });
    await until(1, 5_000);
    expect(seen[0]?.job.data).toEqual({ documentNumber: '2025-05427' });
    await after.close();
    await second.close();
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

for (const { open } of backends.filter(({ name }) => name === 'postgres')) {
  test('a worker listens again when the server has ended its connections', async () => {
    const database = await open();
    onTestFinished(() => database.close());
    const queue = await openQueue({ postgresPool: database.queuePool, log });
    const { processor, until } = collect();
    queue.worker('news', processor, { concurrency: 1 });
    await sleep(500);
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()
    `.execute(database.kysely);
    await sleep(1_500);
    await queue.add('news', 'ping', {}, { jobId: 'after-the-cut' });
    await until(1, 10_000);
    await sleep(1_000);
    const addedAt = performance.now();
    await queue.add('news', 'ping', {}, { jobId: 'later' });
    await until(2, 1_000);
    expect(performance.now() - addedAt).toBeLessThan(1_000);
    await queue.close();
  });
}

test('a Redis that does not answer is named, with what to do', async () => {
  const opening = openQueue({
    redisUrl: 'redis://127.0.0.1:1',
    postgresPool: {} as QueueOpening['postgresPool'],
    log,
  });
  await expect(opening).rejects.toMatchObject({ code: 'queue-unreachable', retry: true });
});
