import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findDelivery } from '../src/store/deliveries.ts';
import { findSubscription } from '../src/store/subscriptions.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { type MailServer, refusal, startMailServer } from './helpers/mail-server.ts';
import { type MailSetting, openMailSetting } from './helpers/mail-setting.ts';

describe.each(backends)('mail to many on $name', ({ open }) => {
  let database: TestDatabase;
  let server: MailServer;
  let setting: MailSetting;
  /** What the server says to a recipient, by address. */
  const answers = new Map<string, [reply: number, words: string]>();

  beforeAll(async () => {
    database = await open();
    server = await startMailServer({
      onRcptTo({ address }, _session, done) {
        const answer = answers.get(address);
        if (answer === undefined) done();
        else done(refusal(...answer));
      },
    });
  });
  beforeEach(async () => {
    await database.empty();
    answers.clear();
    server.received.length = 0;
    setting = openMailSetting(database, server.port);
  });
  afterEach(() => setting.close());
  afterAll(async () => {
    await server.close();
    await database.close();
  });

  const stateOf = async (subscriptionId: string) => {
    const subscription = await findSubscription(database.kysely, subscriptionId);
    return [subscription?.status, subscription?.statusReason];
  };

  test('an address without a mailbox ends its subscription at once, in the words of the server', async () => {
    const ana = await setting.subscribe('ana@example.net');
    const bo = await setting.subscribe('bo@example.net');
    answers.set('ana@example.net', [550, '5.1.1 no such user']);
    const results = [];
    for (const id of await setting.tell('2025-00001')) results.push(await setting.deliver(id));
    expect(results.sort()).toEqual(['failed', 'sent']);
    expect(await stateOf(ana)).toEqual(['disabled', expect.stringContaining('550 5.1.1 no such user')]);
    expect(await stateOf(bo)).toEqual(['active', null]);
    // The next rule is told to those who are left.
    expect(await setting.tell('2025-00002')).toHaveLength(1);
  });

  test('a message that is refused fails alone, and the third in a row ends the subscription', async () => {
    const ana = await setting.subscribe('ana@example.net');
    answers.set('ana@example.net', [554, '5.7.1 looks like spam']);
    for (const [number, state] of [
      ['2025-00001', 'active'],
      ['2025-00002', 'active'],
      ['2025-00003', 'disabled'],
    ] as const) {
      const [id] = await setting.tell(number);
      expect(await setting.deliver(id!)).toBe('failed');
      expect((await stateOf(ana))[0]).toBe(state);
    }
    expect((await stateOf(ana))[1]).toContain('5.7.1 looks like spam');
  });

  test('one message that is taken begins the count anew', async () => {
    const ana = await setting.subscribe('ana@example.net');
    for (const [at, isRefused] of [true, true, false, true, true].entries()) {
      if (isRefused) answers.set('ana@example.net', [554, '5.7.1 looks like spam']);
      else answers.clear();
      const [id] = await setting.tell(`2025-0000${at}`);
      expect(await setting.deliver(id!)).toBe(isRefused ? 'failed' : 'sent');
    }
    expect((await stateOf(ana))[0]).toBe('active');
  });

  test('a server that refuses our sender gives nobody up', async () => {
    const strict = await startMailServer({
      onMailFrom: (_from, _session, done) => done(refusal(550, 'not you')),
    });
    const other = openMailSetting(database, strict.port);
    const ana = await other.subscribe('ana@example.net');
    const [id] = await other.tell('2025-00001');
    expect(await other.deliver(id!)).toBe('due');
    expect((await stateOf(ana))[0]).toBe('active');
    await other.close();
    await strict.close();
  });

  test('mail to a domain that asked for it waits without losing a try, and the others go on', async () => {
    for (const target of ['a@slow.example', 'b@slow.example', 'c@quick.example'])
      await setting.subscribe(target);
    answers.set('a@slow.example', [451, '4.3.0 not now']);
    answers.set('b@slow.example', [451, '4.3.0 not now']);
    const ids = await setting.tell('2025-00001');
    const byRecipient = new Map<string, string>();
    for (const id of ids) byRecipient.set((await findDelivery(database.kysely, id))!.recipient, id);
    expect(await setting.deliver(byRecipient.get('a@slow.example')!)).toBe('due');
    for (let time = 0; time < 20; time += 1)
      expect(await setting.deliver(byRecipient.get('b@slow.example')!)).toBe('due');
    expect(await setting.deliver(byRecipient.get('c@quick.example')!)).toBe('sent');
    const waiting = await findDelivery(database.kysely, byRecipient.get('b@slow.example')!);
    expect(waiting).toMatchObject({ status: 'due', attempts: 0, maybeDuplicate: false });
    const seconds = (Date.parse(String(waiting?.dueAt)) - setting.clock.ms) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(60);
    expect(seconds).toBeLessThan(100);
    answers.clear();
    setting.clock.ms += 100_000;
    expect(await setting.deliver(byRecipient.get('b@slow.example')!)).toBe('sent');
  });
});
