import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { jobs } from '../jobs/index.ts';
import { openQueue, type QueueConnection } from '../src/queue.ts';
import { windowOf } from '../src/source-terms.ts';
import { recordFailure, recordSuccess } from '../src/store/source-state.ts';
import { openApi, openApiParts } from './helpers/api.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { until } from './helpers/until.ts';

describe.each(backends)('readiness on $name', ({ open }) => {
  let database: TestDatabase;
  const clock = { now: '' };
  beforeAll(async () => {
    database = await open();
  });
  afterAll(async () => database.close());
  beforeEach(async () => {
    await database.empty();
    clock.now = '2025-03-28T12:45:00.000Z';
  });

  const pass = (minutes: number) => {
    clock.now = new Date(Date.parse(clock.now) + minutes * 60_000).toISOString();
  };
  const ask = async () => {
    const answer = await openApi(openApiParts(database, { clock })).inject('/readyz');
    return { status: answer.statusCode, type: answer.headers['content-type'], body: answer.json() };
  };
  const sing = () => jobs.canary!.run(openApiParts(database, { clock }), {}, async () => undefined);
  const answerAll = async () => {
    for (const source of ['federal-register', 'public-inspection'])
      await recordSuccess(database.kysely, source, clock.now);
  };

  test('a service that never polled says what it waits for', async () => {
    const { status, type, body } = await ask();
    expect(status).toBe(503);
    expect(type).toBe('application/problem+json; charset=utf-8');
    expect(body).toMatchObject({
      type: '/problems/not-ready',
      detail:
        'The queue does not wake up: its canary never ran. Federal Register is late: it answered never. ' +
        'Public inspection is late: it answered never.',
    });
  });

  test('comes with the canary and the sources, and goes with any of them', async () => {
    await sing();
    await answerAll();
    expect(await ask()).toMatchObject({ status: 200, body: { status: 'ok' } });
    pass(3);
    expect((await ask()).status).toBe(200);
    pass(1);
    expect(await ask()).toMatchObject({
      status: 503,
      body: { detail: 'The queue does not wake up: its canary ran last at 2025-03-28T12:45:00.000Z.' },
    });
    await sing();
    expect((await ask()).status).toBe(200);
    pass(57);
    await sing();
    await recordSuccess(database.kysely, 'public-inspection', clock.now);
    await recordFailure(database.kysely, 'federal-register', clock.now, 'http-503: busy');
    expect(await ask()).toMatchObject({
      status: 503,
      body: { detail: 'Federal Register is late: it answered last at 2025-03-28T12:45:00.000Z.' },
    });
  });

  test('a source that only some services ask counts once it was asked', async () => {
    await sing();
    await answerAll();
    await recordFailure(database.kysely, 'bounce-mailbox', clock.now, 'login refused');
    expect((await ask()).body.detail).toBe('Mailbox for bounces is late: it answered never.');
  });

  test('the canary is shown to nobody as a source', async () => {
    await sing();
    await answerAll();
    const page = (await openApi(openApiParts(database, { clock })).inject('/')).body;
    expect(page).toContain('Public inspection');
    expect(page).not.toMatch(/canary/iu);
  });

  test('the canary of a queue that runs makes its way through it', async () => {
    const parts = openApiParts(database, { clock });
    const queue: QueueConnection = await openQueue({ postgresPool: database.queuePool, log: parts.log });
    try {
      queue.worker('canary', ({ data }) => jobs.canary!.run(parts, data, async () => undefined), {
        concurrency: 1,
      });
      await queue.schedule('canary', 'every-canary', { everyMs: jobs.canary!.everyMs! }, 'canary', {});
      await until('the canary', async () => !(await ask()).body.detail.includes('canary'));
    } finally {
      await queue.close();
    }
  });
});

describe('the window of a source', () => {
  test('is long enough for the turns of its job, by day and by night', async () => {
    expect(windowOf('federal-register', '2025-03-28T03:00:00Z')).toBeGreaterThan(2 * jobs.poll!.everyMs!);
    // 12:30 in Washington, and 3:00 in the night.
    expect(windowOf('public-inspection', '2025-03-28T16:30:00Z')).toBe(10 * 60_000);
    expect(windowOf('public-inspection', '2025-03-28T07:00:00Z')).toBe(45 * 60_000);
    // Five past eight: the last look was one of the night.
    expect(windowOf('public-inspection', '2025-03-28T12:05:00Z')).toBe(45 * 60_000);
    expect(windowOf('csl', '2025-03-28T12:05:00Z')).toBeNull();
  });
});
