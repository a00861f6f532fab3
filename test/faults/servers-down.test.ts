import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { createApiToken } from '../../src/store/api-tokens.ts';
import { openDatabase } from '../../src/store/db.ts';
import {
  hasPrivatePostgres,
  hasPrivateRedis,
  type PrivateServer,
  startPrivatePostgres,
  startPrivateRedis,
} from '../helpers/faults/private-servers.ts';
import { type RunningService, startRunningService } from '../helpers/faults/running-service.ts';
import { until } from '../helpers/until.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function opened<Server extends PrivateServer>(server: Promise<Server>): Promise<Server> {
  const one = await server;
  closers.push(() => one.close());
  return one;
}

async function onServer(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** As a restart, a failover or an administrator does; LISTEN goes with its connection. */
const CUT_ALL = `select pg_terminate_backend(pid) from pg_stat_activity
  where backend_type = 'client backend' and pid <> pg_backend_pid()`;
/** A page, and a path of the API. */
const PAGES = ['/', '/list'];
const READS = ['/api/v1/changes?after=0', '/api/v1/documents', '/api/v1/entries', '/readyz'];
/** The row says two seconds; what is on top is a machine with other tests on it. */
const SOON_MS = 2_000 + 6_000;

test.runIf(hasPrivatePostgres)(
  'whoever begins to listen to a connection that was just lost is told of the loss',
  async () => {
    const postgres = await opened(startPrivatePostgres());
    const database = await openDatabase({ dataDir: '/nowhere', databaseUrl: postgres.url });
    closers.push(() => database.close());
    const client = (await database.queuePool.connect()) as pg.PoolClient;
    const isLost = new Promise((resolve) => client.once('end', resolve));
    await onServer(postgres.url, CUT_ALL);
    await isLost;
    const told = new Promise((resolve) => client.on('error', resolve));
    expect(await told).toBeInstanceOf(Error);
    client.release(true);
    expect((await database.queuePool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  },
);

const queues = [
  { name: 'PostgreSQL', withRedis: false },
  { name: 'PostgreSQL and Redis', withRedis: true },
].filter(({ withRedis }) => hasPrivatePostgres && (!withRedis || hasPrivateRedis));

describe.runIf(queues.length > 0).each(queues)(
  'a service on $name',
  { timeout: 150_000 },
  ({ withRedis }) => {
    async function start() {
      const postgres = await opened(startPrivatePostgres());
      const redis = withRedis ? await opened(startPrivateRedis()) : null;
      const running = await startRunningService(
        { DATABASE_URL: postgres.url, ...(redis === null ? {} : { REDIS_URL: redis.url }) },
        closers,
      );
      await running.apply('2025-00001');
      await until('the first message', () => running.told().length === 1);
      return { postgres, redis, ...running };
    }
    async function get(url: string, headers: Record<string, string> = {}) {
      const answer = await fetch(url, { headers, signal: AbortSignal.timeout(SOON_MS) });
      return {
        status: answer.status,
        type: answer.headers.get('content-type') ?? '',
        text: await answer.text(),
      };
    }
    /** All who read are refused soon and properly, and the process lives. */
    async function expectRefused({ url }: RunningService): Promise<void> {
      for (const path of READS) {
        const { status, type, text } = await get(url + path);
        expect([path, status, type]).toEqual([
          path,
          503,
          expect.stringContaining('application/problem+json'),
        ]);
        expect(JSON.parse(text)).toMatchObject({ type: '/problems/not-ready', status: 503 });
      }
      for (const path of PAGES) {
        const { status, type } = await get(url + path);
        expect([path, status, type]).toEqual([path, 503, expect.stringContaining('text/html')]);
      }
      expect((await get(`${url}/livez`)).status).toBe(200);
    }
    /** A rule that comes now is told, each one once, and pages are served. */
    async function expectRecovered({ url, apply, told }: RunningService): Promise<void> {
      await apply('2025-00002');
      await until('the second message', () => told().length > 1, 60);
      expect(told()).toEqual(['2025-00001', '2025-00002']);
      await until(
        'the service to be ready for readers',
        async () => (await get(`${url}${READS[0]}`)).status === 200,
      );
    }

    test('whose database is killed refuses readers at once, and goes on when it is back', async () => {
      const running = await start();
      await running.postgres.kill();
      await expectRefused(running);
      await sleep(3_000);
      await expectRefused(running);
      await running.postgres.start();
      await expectRecovered(running);
    });

    test('whose database hangs without a word refuses readers soon, and goes on when it answers', async () => {
      const running = await start();
      running.postgres.freeze();
      try {
        await expectRefused(running);
      } finally {
        running.postgres.thaw();
      }
      await expectRecovered(running);
    });

    test('whose connections are cut, LISTEN too, opens others and wakes up as before', async () => {
      const running = await start();
      for (let cut = 0; cut < 3; cut += 1) await onServer(running.postgres.url, CUT_ALL);
      await expectRecovered(running);
    });

    test('one of whose connections is cut in the middle of its work fails that work and lives on', async () => {
      const running = await start();
      const { db } = running.app.parts;
      const cut = db.transaction().execute(async (tx) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
        await onServer(running.postgres.url, `select pg_terminate_backend(${rows[0]!.pid})`);
        // It is told of the end while it asks nothing.
        await sleep(300);
        await sql`select 1`.execute(tx);
      });
      await expect(cut).rejects.toThrow();
      await expectRecovered(running);
    });

    test('whose database takes no writes after a failover is read on, with tokens too, and tells when it does', async () => {
      const running = await start();
      const { app, url, postgres, apply, told } = running;
      const { secret } = await createApiToken(app.parts.db, {
        ...{
          organisationId: 'operator',
          name: 'reader',
          scopes: ['read', 'subscriptions'],
          perMinute: 1_000,
        },
        createdAt: app.parts.now(),
      });
      const headers = { authorization: `Bearer ${secret}` };
      await apply('2025-00002');
      await onServer(
        postgres.url,
        'alter system set default_transaction_read_only = on',
        'select pg_reload_conf()',
        CUT_ALL,
      );
      await until('the database to refuse writes', async () => {
        const { rows } = await app.database.queuePool
          .query('show transaction_read_only')
          .catch(() => ({ rows: [] }));
        return rows[0]?.transaction_read_only === 'on';
      });
      for (const path of READS.slice(0, 2))
        expect([path, (await get(url + path, headers)).status]).toEqual([path, 200]);
      expect((await get(`${url}/`)).status).toBe(200);
      const refused = await fetch(`${url}/api/v1/subscriptions`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ target: 'bo@example.org' }),
      });
      expect([refused.status, ((await refused.json()) as { type: string }).type]).toEqual([
        503,
        '/problems/not-ready',
      ]);
      await onServer(
        postgres.url,
        'set default_transaction_read_only = off',
        'alter system reset default_transaction_read_only',
        'select pg_reload_conf()',
        CUT_ALL,
      );
      await until('the message', () => told().length > 1, 60);
      await sleep(1_000);
      expect(told()).toEqual(['2025-00001', '2025-00002']);
    });

    test.runIf(withRedis)('whose Redis hangs serves readers, and goes on when it answers', async () => {
      const running = await start();
      running.redis!.freeze();
      try {
        await running.apply('2025-00002');
        for (const path of READS.slice(0, 2))
          expect([path, (await get(running.url + path)).status]).toEqual([path, 200]);
        await sleep(3_000);
        expect(running.told()).toEqual(['2025-00001']);
      } finally {
        running.redis!.thaw();
      }
      await until('the message', () => running.told().length > 1, 60);
      expect(running.told()).toEqual(['2025-00001', '2025-00002']);
    });
  },
);
