import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findDelivery } from '../../src/store/deliveries.ts';
import { findSubscription } from '../../src/store/subscriptions.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';
import { type MailSetting, openMailSetting } from '../helpers/mail-setting.ts';

/** What the server does with the next message, once it has all of it. */
type End =
  | 'takes it'
  | 'drops the connection'
  | 'says nothing'
  | '421'
  | '450 4.7.1 greylisted'
  | '552 too big';

/** A mail server of few words, which ends messages as it is told. */
async function startServer() {
  const ends: End[] = [];
  const taken: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    let isData = false;
    let left = '';
    socket.write('220 test\r\n');
    socket.on('data', (chunk) => {
      left += chunk.toString('latin1');
      for (;;) {
        const mark = isData ? '\r\n.\r\n' : '\r\n';
        const at = left.indexOf(mark);
        if (at === -1) return;
        const line = left.slice(0, at);
        left = left.slice(at + mark.length);
        if (!isData) {
          isData = line === 'DATA';
          socket.write(isData ? '354 go on\r\n' : '250 ok\r\n');
          continue;
        }
        isData = false;
        const end = ends.shift() ?? 'takes it';
        if (!/^[45]/u.test(end)) taken.push(/^message-id:\s*(\S+)/imu.exec(line)![1]!);
        if (end === 'drops the connection') socket.destroy();
        else if (end === 'takes it') socket.write('250 kept\r\n');
        else if (end !== 'says nothing') socket.write(`${end} by the test\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    ends,
    taken,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe.each(backends)('a mail server on whose answer the ledger depends, on $name', ({ open }) => {
  let database: TestDatabase;
  let server: Awaited<ReturnType<typeof startServer>>;
  let setting: MailSetting;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.empty();
    server = await startServer();
    setting = openMailSetting(database, server.port);
  });
  afterEach(async () => {
    await setting.close();
    server.close();
  });

  test.each<[end: End, maybeDuplicate: boolean]>([
    ['drops the connection', true],
    ['says nothing', true],
    ['421', false],
    ['450 4.7.1 greylisted', false],
  ])(
    '%s: the message goes again under its id, and the ledger says whether it may be the second: %s',
    async (end, maybeDuplicate) => {
      await setting.subscribe('ana@example.net');
      const [id] = (await setting.tell('2025-00001')) as [string];
      server.ends.push(end);
      expect(await setting.deliver(id)).toBe('due');
      expect(await findDelivery(database.kysely, id)).toMatchObject({ status: 'due', attempts: 1 });
      setting.clock.ms += 24 * 3_600_000;
      expect(await setting.deliver(id)).toBe('sent');
      const { messageId, ...row } = (await findDelivery(database.kysely, id))!;
      expect(row).toMatchObject({ status: 'sent', attempts: 2, maybeDuplicate });
      expect(server.taken).toEqual(maybeDuplicate ? [messageId, messageId] : [messageId]);
    },
  );

  test('552 too big: the message has failed, and the third in a row ends the subscription', async () => {
    const subscriptionId = await setting.subscribe('ana@example.net');
    const statusOf = async () => (await findSubscription(database.kysely, subscriptionId))?.status;
    for (const [number, status] of [
      ['2025-00001', 'active'],
      ['2025-00002', 'active'],
      ['2025-00003', 'disabled'],
    ] as const) {
      server.ends.push('552 too big');
      for (const id of await setting.tell(number)) expect(await setting.deliver(id)).toBe('failed');
      expect(await statusOf()).toBe(status);
    }
  });

  test('nobody there: it goes when somebody is, and is no duplicate', async () => {
    await setting.subscribe('ana@example.net');
    const [id] = (await setting.tell('2025-00001')) as [string];
    const away = openMailSetting(database, 9);
    away.clock.ms = setting.clock.ms;
    expect(await away.deliver(id)).toBe('due');
    await away.close();
    setting.clock.ms += 24 * 3_600_000;
    expect(await setting.deliver(id)).toBe('sent');
    expect(await findDelivery(database.kysely, id)).toMatchObject({ attempts: 2, maybeDuplicate: false });
  });
});
