import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listDeliveries } from '../src/store/deliveries.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { type MailServer, refusal, startMailServer } from './helpers/mail-server.ts';
import { type MailSetting, openMailSetting } from './helpers/mail-setting.ts';

describe.each(backends)('mail to a thousand on $name', ({ open }) => {
  let database: TestDatabase;
  let server: MailServer;
  let setting: MailSetting;

  beforeAll(async () => {
    database = await open();
    server = await startMailServer({
      onRcptTo({ address }, _session, done) {
        done(address === 'user500@example.net' ? refusal(550, '5.1.1 no such user') : undefined);
      },
    });
    setting = openMailSetting(database, server.port);
  });
  afterAll(async () => {
    await setting.close();
    await server.close();
    await database.close();
  });

  test('one bad recipient among a thousand costs the others nothing', async () => {
    for (let one = 0; one < 1_000; one += 1) await setting.subscribe(`user${one}@example.net`);
    const ids = await setting.tell('2025-00001');
    // As many at once as the job runs.
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let id = ids.pop(); id !== undefined; id = ids.pop()) await setting.deliver(id);
      }),
    );
    const ledger = await listDeliveries(database.kysely, { changeSetId: '2025-00001' });
    expect(ledger.filter(({ status }) => status === 'sent')).toHaveLength(999);
    expect(ledger.filter(({ status }) => status === 'failed')).toEqual([
      expect.objectContaining({
        recipient: 'user500@example.net',
        outcome: expect.stringContaining('5.1.1 no such user'),
      }),
    ]);
    expect(new Set(server.received.map(({ to }) => to[0])).size).toBe(999);
  }, 120_000);
});
