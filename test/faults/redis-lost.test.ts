import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { openQueue, type QueueOpening } from '../../src/queue.ts';
import { places } from '../helpers/databases.ts';
import { hasPrivateRedis, type PrivateServer, startPrivateRedis } from '../helpers/faults/private-servers.ts';
import { type RunningService, startRunningService } from '../helpers/faults/running-service.ts';
import { until } from '../helpers/until.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openRedis(settings?: Record<string, string>): Promise<PrivateServer> {
  const server = await startPrivateRedis(settings);
  closers.push(() => server.close());
  return server;
}

async function command(url: string, name: string, ...args: string[]): Promise<void> {
  const redis = new Redis(url);
  try {
    await redis.call(name, ...args);
  } finally {
    redis.disconnect();
  }
}

const ALL = ['2025-00001', '2025-00002', '2025-00003', '2025-00004'];
const stores = places.filter(({ name }) => name === 'PGlite' || name === 'PostgreSQL');

describe.runIf(hasPrivateRedis).each(stores)('with its store on $name, a service whose Redis', (store) => {
  /** Three messages were refused and wait in Redis; the receiver would take them now. */
  async function startWithWaiting(): Promise<RunningService & { redis: PrivateServer }> {
    const redis = await openRedis();
    const { environment, forget } = await store.open();
    closers.push(forget);
    const running = await startRunningService({ ...environment, REDIS_URL: redis.url }, closers);
    running.answer.status = 503;
    for (const number of ALL.slice(0, 3)) await running.apply(number);
    await until('the messages to wait', async () => (await running.waiting()) === 3);
    running.answer.status = 204;
    return { redis, ...running };
  }
  /** What waited and a rule that comes now, each once. */
  async function expectAll({ apply, told }: RunningService): Promise<void> {
    await apply(ALL[3]!);
    await until('the messages', () => told().length >= ALL.length, 60);
    expect(told()).toEqual(ALL);
  }

  test('is emptied sends all that waited there, and its schedules run on', { timeout: 120_000 }, async () => {
    const running = await startWithWaiting();
    await command(running.redis.url, 'FLUSHALL');
    await expectAll(running);
  });

  test('is killed and comes back without its data does too', { timeout: 120_000 }, async () => {
    const running = await startWithWaiting();
    await running.redis.kill();
    await running.redis.start();
    await expectAll(running);
  });

  test('is full loses nothing, and goes on when there is room again', { timeout: 120_000 }, async () => {
    const running = await startWithWaiting();
    const { redis, apply, told } = running;
    await command(redis.url, 'CONFIG', 'SET', 'maxmemory', '1');
    await apply('2025-00005');
    const refuses = async () => {
      try {
        await command(redis.url, 'SET', 'x', 'y');
        return false;
      } catch (error) {
        return String(error).includes('OOM');
      }
    };
    await until('Redis to be full', refuses);
    expect((await fetch(`${running.url}/livez`)).status).toBe(200);
    expect((await fetch(`${running.url}/api/v1/changes?after=0`)).status).toBe(200);
    expect(told()).not.toContain('2025-00005');
    await command(redis.url, 'CONFIG', 'SET', 'maxmemory', '0');
    await apply(ALL[3]!);
    await until('the messages', () => told().length >= 5, 60);
    expect(told()).toEqual([...ALL, '2025-00005']);
  });
});

test.runIf(hasPrivateRedis).each(['allkeys-lru', 'volatile-ttl'])(
  'a Redis that may drop keys by %s is named at the start, with what to set',
  async (policy) => {
    const redis = await openRedis({ 'maxmemory-policy': policy });
    const warnings: [object, string][] = [];
    const queue = await openQueue({
      redisUrl: redis.url,
      postgresPool: {} as QueueOpening['postgresPool'],
      log: { info() {}, error() {}, warn: (...line) => void warnings.push(line) },
    });
    await queue.close();
    expect(warnings).toEqual([[{ policy }, expect.stringContaining(`${policy}; set it to noeviction`)]]);
  },
);
