import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findDelivery } from '../../src/store/deliveries.ts';
import { findSubscription } from '../../src/store/subscriptions.ts';
import { openApi } from '../helpers/api.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';
import { type MailSetting, openMailSetting } from '../helpers/mail-setting.ts';
import { type SmtpSink, startSmtpSink } from '../helpers/smtp-sink.ts';

describe.each(backends)('the link that ends a subscription, on $name,', ({ open }) => {
  let database: TestDatabase;
  let sink: SmtpSink;
  let setting: MailSetting;
  let server: FastifyInstance;

  beforeAll(async () => {
    database = await open();
    sink = await startSmtpSink();
  });
  afterAll(async () => {
    await sink.close();
    await database.close();
  });
  beforeEach(async () => {
    await database.empty();
    sink.received.length = 0;
    setting = openMailSetting(database, Number(new URL(sink.url).port));
    server = openApi(setting.parts);
  });
  afterEach(async () => {
    await server.close();
    await setting.close();
  });

  /** The path that a mail program would post to, out of the header of the first mail. */
  async function linkOfFirstMail(): Promise<{ subscriptionId: string; path: string }> {
    const subscriptionId = await setting.subscribe('ana@example.org');
    for (const id of await setting.tell('2025-00001')) await setting.deliver(id);
    const header = String(sink.received[0]!.raw).match(/^List-Unsubscribe:\s*<([^>]+)>/imu);
    return { subscriptionId, path: new URL(header![1]!).pathname };
  }
  const oneClick = (path: string) =>
    server.inject({
      ...{ method: 'POST', url: path, payload: 'List-Unsubscribe=One-Click' },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  const statusOf = async (id: string) => (await findSubscription(database.kysely, id))?.status;

  test('posted by a mail program without a cookie holds back even a message that is due, and twice is once', async () => {
    const { subscriptionId, path } = await linkOfFirstMail();
    const [due] = await setting.tell('2025-00002');
    for (const _time of [1, 2]) expect((await oneClick(path)).statusCode).toBe(200);
    expect(await setting.deliver(due!)).toBe('suppressed');
    expect(await findDelivery(database.kysely, due!)).toMatchObject({ status: 'suppressed' });
    expect(await setting.tell('2025-00003')).toEqual([]);
    expect(sink.received).toHaveLength(1);
    expect(await statusOf(subscriptionId)).toBe('paused');
  });

  test('looked at by a scanner, or forged, changes nothing, and the next message comes', async () => {
    const { subscriptionId, path } = await linkOfFirstMail();
    for (const method of ['GET', 'HEAD'] as const)
      expect((await server.inject({ method, url: path })).statusCode).toBe(200);
    const forged = `${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}`;
    for (const one of [forged, `${path}x`, path.slice(0, -1)])
      expect((await oneClick(one)).statusCode).toBe(404);
    expect(await statusOf(subscriptionId)).toBe('active');
    for (const id of await setting.tell('2025-00002')) expect(await setting.deliver(id)).toBe('sent');
    expect(sink.received).toHaveLength(2);
  });
});
