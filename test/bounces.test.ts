import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bouncesJob } from '../jobs/bounces.ts';
import { readBounces } from '../src/bounces.ts';
import { signUp } from '../src/sign-up.ts';
import { findDelivery, listDeliveries, type StoredDelivery } from '../src/store/deliveries.ts';
import { listSourceStates } from '../src/store/source-state.ts';
import { findSubscription, setSubscriptionStatus } from '../src/store/subscriptions.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { type ImapStandIn, startImap } from './helpers/imap-stand-in.ts';
import { type MailServer, startMailServer } from './helpers/mail-server.ts';
import { type MailSetting, openMailSetting } from './helpers/mail-setting.ts';
import { type BounceSample, writeBounce, writeComplaint } from './helpers/sample-bounces.ts';

describe.each(backends)('the mailbox for bounces, on $name', ({ open }) => {
  let database: TestDatabase;
  let server: MailServer;
  let imap: ImapStandIn;
  let setting: MailSetting;
  let ana: string;

  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    await database.empty();
    [server, imap] = await Promise.all([startMailServer(), startImap()]);
    setting = openMailSetting(database, server.port, imap.url);
    ana = await setting.subscribe('ana@example.net');
  });
  afterEach(async () => {
    await setting.close();
    await Promise.all([server.close(), imap.close()]);
  });
  afterAll(() => database.close());

  async function send(number: string): Promise<StoredDelivery> {
    const [id] = await setting.tell(number);
    expect(await setting.deliver(id!)).toBe('sent');
    return (await findDelivery(database.kysely, id!))!;
  }
  /** As the server of the recipient writes it, to where the message said that bounces go. */
  function bounce(
    { messageId, deliveryId }: StoredDelivery,
    status: string,
    fields: Partial<BounceSample> = {},
  ) {
    const action = status.startsWith('4') ? 'delayed' : 'failed';
    imap.add(
      writeBounce({
        to: server.received.find(({ from }) => from.includes(deliveryId))!.from,
        messageId,
        recipients: [
          [
            'Final-Recipient: rfc822; ana@example.net',
            `Action: ${action}`,
            `Status: ${status}`,
            `Diagnostic-Code: smtp; 550 ${status} so it is`,
          ],
        ],
        ...fields,
      }),
    );
  }
  const status = async () => (await findSubscription(database.kysely, ana))?.status;

  test('a mailbox that does not exist ends the subscription and is in the ledger', async () => {
    const delivery = await send('2025-00001');
    bounce(delivery, '5.1.1');
    expect(await readBounces(setting.parts)).toEqual({
      read: 1,
      failed: 1,
      disabled: 1,
      complained: 0,
      noted: 0,
      passedOver: 0,
    });
    expect(await findSubscription(database.kysely, ana)).toMatchObject({
      status: 'disabled',
      statusReason: 'bounced-5.1.1: 550 5.1.1 so it is',
    });
    expect(await findDelivery(database.kysely, delivery.deliveryId)).toMatchObject({
      status: 'failed',
      sentAt: delivery.sentAt,
      outcome: 'bounced-5.1.1: 550 5.1.1 so it is',
    });
    expect(imap.mails.every(({ seen }) => seen)).toBe(true);
    expect(await setting.tell('2025-00002')).toEqual([]);
  });

  test('a bounce to the plain address is known by the Message-ID that it returns', async () => {
    bounce(await send('2025-00001'), '5.1.1', { to: 'bounces@watch.example.org', whole: true });
    expect(await readBounces(setting.parts)).toMatchObject({ disabled: 1 });
  });

  test('a bounce that returns nothing is known by the address that it came to', async () => {
    bounce(await send('2025-00001'), '5.1.1', { messageId: null });
    expect(await readBounces(setting.parts)).toMatchObject({ disabled: 1 });
  });

  test('a message that came back for another reason failed, and the third in a row ends the subscription', async () => {
    for (const [number, state] of [
      ['2025-00001', 'active'],
      ['2025-00002', 'active'],
      ['2025-00003', 'disabled'],
    ] as const) {
      bounce(await send(number), '5.7.1');
      expect(await readBounces(setting.parts)).toMatchObject({ failed: 1 });
      expect(await status()).toBe(state);
    }
  });

  test('a delay changes nothing', async () => {
    const delivery = await send('2025-00001');
    bounce(delivery, '4.4.1');
    expect(await readBounces(setting.parts)).toEqual({
      read: 1,
      failed: 0,
      disabled: 0,
      complained: 0,
      noted: 1,
      passedOver: 0,
    });
    expect(await findDelivery(database.kysely, delivery.deliveryId)).toEqual(delivery);
    expect(await status()).toBe('active');
  });

  const recipient = (address: string) => [
    [`Final-Recipient: rfc822; ${address}`, 'Action: failed', 'Status: 5.1.1'],
  ];
  test.each<[string, Partial<BounceSample>]>([
    [
      'names a delivery that there is not',
      { to: `bounces+${'0'.repeat(32)}@watch.example.org`, messageId: null },
    ],
    ['names no delivery', { to: 'bounces@watch.example.org', messageId: null }],
    ['returns another message', { messageId: '<other@example.org>' }],
    ['returns a message under an id of ours', { to: 'x@y.test', messageId: `<x.${'0'.repeat(32)}@y.test>` }],
    ['is about another address', { recipients: recipient('eve@example.net') }],
    ['is about an address that begins with ours', { recipients: recipient('ana@example.net.evil.test') }],
  ])('one that %s changes nothing', async (_what, fields) => {
    const delivery = await send('2025-00001');
    bounce(delivery, '5.1.1', fields);
    expect(await readBounces(setting.parts)).toMatchObject({ read: 1, failed: 0, disabled: 0 });
    expect(await findDelivery(database.kysely, delivery.deliveryId)).toEqual(delivery);
    expect(await status()).toBe('active');
    expect(imap.mails[0]?.seen).toBe(true);
  });

  test('a bounce of what was never sent changes nothing', async () => {
    const delivery = await send('2025-00001');
    const [unsent] = await setting.tell('2025-00002');
    const { messageId } = (await findDelivery(database.kysely, unsent!))!;
    bounce(delivery, '5.1.1', { to: `bounces+${unsent}@watch.example.org`, messageId });
    expect(await readBounces(setting.parts)).toMatchObject({ failed: 0, noted: 1 });
    expect(await status()).toBe('active');
  });

  test('a bounce that is read again does not end what was resumed', async () => {
    bounce(await send('2025-00001'), '5.1.1');
    await readBounces(setting.parts);
    await setSubscriptionStatus(database.kysely, ana, 'active');
    imap.mails[0]!.seen = false;
    expect(await readBounces(setting.parts)).toMatchObject({ failed: 0, disabled: 0 });
    expect(await status()).toBe('active');
  });

  test('what was refused before an address is resumed counts no more', async () => {
    for (const number of ['2025-00001', '2025-00002', '2025-00003']) bounce(await send(number), '5.7.1');
    expect(await readBounces(setting.parts)).toMatchObject({ failed: 3, disabled: 1 });
    await setSubscriptionStatus(database.kysely, ana, 'active');
    for (const [number, state] of [
      ['2025-00004', 'active'],
      ['2025-00005', 'active'],
      ['2025-00006', 'disabled'],
    ] as const) {
      bounce(await send(number), '5.7.1');
      expect(await readBounces(setting.parts)).toMatchObject({ failed: 1 });
      expect([number, await status()]).toEqual([number, state]);
    }
  });

  test('a late bounce of what was sent before an address is resumed is in the ledger and ends nothing', async () => {
    const before = await send('2025-00001');
    await setSubscriptionStatus(database.kysely, ana, 'paused');
    await setSubscriptionStatus(database.kysely, ana, 'active');
    bounce(before, '5.1.1');
    expect(await readBounces(setting.parts)).toMatchObject({ failed: 1, disabled: 0 });
    expect(await status()).toBe('active');
    bounce(await send('2025-00002'), '5.1.1');
    expect(await readBounces(setting.parts)).toMatchObject({ failed: 1, disabled: 1 });
  });

  test('a complaint ends the subscription, and the ledger says so of a message that did arrive', async () => {
    const { deliveryId, messageId, sentAt } = await send('2025-00001');
    const came = writeComplaint({ to: 'abuse@watch.example.org', messageId });
    imap.add(came);
    expect(await readBounces(setting.parts)).toMatchObject({ complained: 1, disabled: 1, failed: 0 });
    const reason = 'complaint-abuse: reported by SomeGenerator/1.0';
    expect(await findSubscription(database.kysely, ana)).toMatchObject({
      status: 'disabled',
      statusReason: reason,
    });
    expect(await findDelivery(database.kysely, deliveryId)).toMatchObject({
      status: 'sent',
      sentAt,
      outcome: reason,
    });
    expect(await setting.tell('2025-00002')).toEqual([]);
    // The same once more, after somebody spoke with its owner.
    await setSubscriptionStatus(database.kysely, ana, 'active');
    imap.add(came);
    expect(await readBounces(setting.parts)).toMatchObject({ complained: 0, disabled: 0, noted: 1 });
    expect(await status()).toBe('active');
  });

  test('whoever complained of being asked is never asked again by a sign-up', async () => {
    await signUp(setting.parts, 'bo@example.net');
    const [question] = await listDeliveries(database.kysely);
    expect(await setting.deliver(question!.deliveryId)).toBe('sent');
    imap.add(
      writeComplaint({
        to: `bounces+${question!.deliveryId}@watch.example.org`,
        messageId: question!.messageId,
        fields: ['Original-Rcpt-To: redacted'],
      }),
    );
    expect(await readBounces(setting.parts)).toMatchObject({ complained: 1, disabled: 1 });
    setting.clock.ms += 100 * 24 * 60 * 60_000;
    await signUp(setting.parts, 'bo@example.net');
    expect(await listDeliveries(database.kysely)).toHaveLength(1);
  });

  test('a complaint of another address, or of what was never sent, changes nothing', async () => {
    const { deliveryId, messageId } = await send('2025-00001');
    const [unsent] = await setting.tell('2025-00002');
    for (const given of [
      {
        to: `bounces+${deliveryId}@watch.example.org`,
        messageId,
        fields: ['Original-Rcpt-To: eve@example.net'],
      },
      { to: `bounces+${unsent}@watch.example.org`, messageId: null },
    ])
      imap.add(writeComplaint(given));
    expect(await readBounces(setting.parts)).toMatchObject({ read: 2, complained: 0, disabled: 0, noted: 2 });
    expect(await status()).toBe('active');
  });

  test('an answer of a machine is passed over, and nothing is ever sent for what came in', async () => {
    const delivery = await send('2025-00001');
    expect(server.received[0]!.raw).toMatch(/^Auto-Submitted: auto-generated\r$/mu);
    for (const header of ['Auto-Submitted: auto-replied', 'Precedence: bulk', 'X-Autoreply: yes', 'X: y'])
      imap.add(
        [
          header,
          'From: ana@example.net',
          `To: ${server.received[0]!.from}`,
          `In-Reply-To: ${delivery.messageId}`,
          'Subject: Out of office',
          '',
          'I am away. 550 5.1.1 is what I am not.',
          '',
        ].join('\r\n'),
      );
    bounce(delivery, '4.4.1');
    expect(await readBounces(setting.parts)).toMatchObject({ read: 5, passedOver: 4, noted: 1, failed: 0 });
    expect(server.received).toHaveLength(1);
    expect(await listDeliveries(database.kysely)).toHaveLength(1);
    expect(await status()).toBe('active');
  });

  test('a mailbox that cannot be read is on record, and is well again with the next reading', async () => {
    const url = imap.url.replace('bounces:', 'nobody:');
    const other = openMailSetting(database, server.port, url);
    await expect(readBounces(other.parts)).rejects.toMatchObject({ code: 'bounce-mailbox-login' });
    const state = async () =>
      (await listSourceStates(database.kysely)).find(({ source }) => source === 'bounce-mailbox');
    expect((await state())?.failure).toContain('bounce-mailbox-login');
    await readBounces(setting.parts);
    expect((await state())?.failure).toBeNull();
    await other.close();
  });

  test('the job does nothing where no mailbox is configured', async () => {
    const enqueue = async () => undefined;
    expect(await bouncesJob.run({ ...setting.parts, bounces: null }, {}, enqueue)).toMatchObject({ read: 0 });
    expect(await listSourceStates(database.kysely)).toEqual([]);
    bounce(await send('2025-00001'), '5.1.1');
    expect(await bouncesJob.run(setting.parts, {}, enqueue)).toMatchObject({ disabled: 1 });
  });
});
