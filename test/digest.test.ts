import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deliver } from '../src/deliver.ts';
import { gatherDigests } from '../src/digest.ts';
import type { Change, ChangeSet, Schedule } from '../src/model.ts';
import { WHOLE_FILTER } from '../src/model.ts';
import { notify } from '../src/notify.ts';
import { appendChangeSet, changesOf } from '../src/store/changes.ts';
import { dueDeliveries, listDeliveries, recordBounce } from '../src/store/deliveries.ts';
import {
  addSubscription,
  editSubscription,
  removeSubscription,
  setSubscriptionStatus,
} from '../src/store/subscriptions.ts';
import { inTransaction } from '../src/store/transaction.ts';
import { subscribe } from '../src/subscribe.ts';
import { readSubscriptionRequest } from '../src/subscription-request.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { type MailSetting, openMailSetting } from './helpers/mail-setting.ts';
import { type Receiver, startReceiver } from './helpers/receiver.ts';
import { type SmtpSink, startSmtpSink } from './helpers/smtp-sink.ts';
import { makeChange, makeChangeSet, makeHead, makeText } from './store/facts.ts';

const BERLIN: Schedule = { mode: 'daily', at: '18:00', timeZone: 'Europe/Berlin' };

describe.each(backends)('a digest on $name', ({ open }) => {
  let database: TestDatabase;
  let sink: SmtpSink;
  let receiver: Receiver;
  let setting: MailSetting;
  const refusing: { refuse?: number | undefined } = {};

  beforeAll(async () => {
    database = await open();
    sink = await startSmtpSink(refusing);
  });
  afterAll(async () => {
    await database.close();
    await sink.close();
  });
  beforeEach(async () => {
    await database.empty();
    sink.received.length = 0;
    refusing.refuse = undefined;
    receiver = await startReceiver((response) => response.writeHead(200).end('ok'));
    setting = openMailSetting(database, Number(new URL(sink.url).port));
  });
  afterEach(async () => {
    await setting.close();
    await setting.parts.webhooks.close();
    await setting.parts.chat.close();
    await receiver.close();
  });

  const at = (instant: string) => {
    setting.clock.ms = Date.parse(instant);
  };
  async function ask(schedule: Schedule = BERLIN): Promise<string> {
    const fields = { target: 'ana@example.org', filter: WHOLE_FILTER, schedule };
    const createdAt = setting.parts.now();
    return (await addSubscription(setting.parts.db, { ...fields, createdAt })).subscriptionId;
  }
  async function tell(
    number: string,
    changes: Change[] = [makeChange()],
    fields: Partial<ChangeSet> = {},
  ): Promise<string[]> {
    const changeSet = makeChangeSet({
      changeSetId: number,
      document: makeHead({ number }),
      knownAt: setting.parts.now(),
      ...fields,
    });
    await inTransaction(setting.parts.db, (tx) => appendChangeSet(tx, changeSet, changes));
    return notify(setting.parts, changeSet.changeSetId);
  }
  const sendAll = async (ids: string[]) => {
    const done: string[] = [];
    for (const id of ids) done.push(await deliver(setting.parts, id));
    return done;
  };
  const named = (name: string, country: string, destination: string) =>
    makeChange({ name, country, destination, entryId: name, after: makeText({ name, aliases: [] }) });

  test('gathers until its local time, and is one mail by list and destination', async () => {
    await ask();
    at('2025-03-28T08:00:00Z');
    expect(
      await tell('2025-00001', [
        named('Harbin <b>One</b>', 'CN', 'CHINA'),
        named('Lahore Two', 'PK', 'PAKISTAN'),
      ]),
    ).toEqual([]);
    at('2025-03-28T10:00:00Z');
    await tell('2025-00002', [named('Beijing Three', 'CN', 'CHINA')]);
    at('2025-03-28T16:59:00Z');
    expect(await gatherDigests(setting.parts)).toEqual([]);
    at('2025-03-28T17:00:30Z');
    const ids = await gatherDigests(setting.parts);
    expect(ids).toHaveLength(1);
    expect(await gatherDigests(setting.parts)).toEqual([]);
    expect(await sendAll(ids)).toEqual(['sent']);
    expect(sink.received).toHaveLength(1);
    const { mail, raw } = sink.received[0]!;
    expect(mail.subject).toBe('Digest: 3 added in 2 documents');
    const text = mail.text!;
    expect(text.indexOf('China: 2')).toBeGreaterThan(0);
    expect(text.indexOf('China: 2')).toBeLessThan(text.indexOf('Beijing Three'));
    expect(text.indexOf('Beijing Three')).toBeLessThan(text.indexOf('Pakistan: 1'));
    expect(mail.html).toContain('Harbin &lt;b&gt;One&lt;/b&gt;');
    expect(raw).toContain('List-Unsubscribe-Post');
    expect(mail.attachments[0]?.content.toString()).toContain('Lahore Two');
    const ledger = await listDeliveries(setting.parts.db);
    expect(ledger.map(({ kind, status }) => `${kind} ${status}`).sort()).toEqual([
      'alert sent',
      'alert sent',
      'digest sent',
    ]);
    expect(ledger.filter(({ digestId }) => digestId === ids[0])).toHaveLength(2);
  });

  test('that comes back takes with it what it had gathered', async () => {
    await ask();
    at('2025-03-28T08:00:00Z');
    await tell('2025-00001');
    at('2025-03-28T18:00:00Z');
    const ids = await gatherDigests(setting.parts);
    await sendAll(ids);
    expect(await recordBounce(setting.parts.db, ids[0]!, 'bounced-5.1.1')).toBe(true);
    const ledger = await listDeliveries(setting.parts.db);
    expect(ledger.map(({ status }) => status)).toEqual(['failed', 'failed']);
  });

  test('is made once by two workers at the same time', async () => {
    await ask();
    at('2025-03-28T08:00:00Z');
    await tell('2025-00001');
    at('2025-03-28T18:00:00Z');
    const made = await Promise.all([gatherDigests(setting.parts), gatherDigests(setting.parts)]);
    expect(made.flat()).toHaveLength(1);
  });

  test('takes what comes after its boundary into the next one', async () => {
    await ask();
    at('2025-03-28T08:00:00Z');
    await tell('2025-00001');
    at('2025-03-28T17:00:30Z');
    await tell('2025-00002');
    await sendAll(await gatherDigests(setting.parts));
    expect(sink.received[0]!.mail.text).not.toContain('2025-00002');
    at('2025-03-29T17:00:30Z');
    await sendAll(await gatherDigests(setting.parts));
    expect(sink.received[1]!.mail.text).toContain('2025-00002');
  });

  test('tells of a document what was said last, and not the notice before', async () => {
    await ask();
    at('2025-03-28T08:00:00Z');
    await tell('2025-00001', [], { changeSetId: 'first', outcome: 'held' });
    at('2025-03-28T09:00:00Z');
    await tell('2025-00001', [named('Beijing Three', 'CN', 'CHINA')], {
      changeSetId: 'then',
      follows: 'first',
    });
    at('2025-03-28T18:00:00Z');
    await sendAll(await gatherDigests(setting.parts));
    const { text } = sink.received[0]!.mail;
    expect(text).toContain('Beijing Three');
    expect(text).not.toContain('/changes/first');
  });

  /** A rule that adds three entries, and what was said wrong of the first of them. */
  async function tellAndCorrect(): Promise<void> {
    at('2025-03-28T08:00:00Z');
    const harbin = named('Harbin One', 'CN', 'CHINA');
    await tell('2025-00001', [
      harbin,
      named('Lahore Two', 'PK', 'PAKISTAN'),
      named('Beijing Three', 'CN', 'CHINA'),
    ]);
    const [first] = await changesOf(setting.parts.db, '2025-00001');
    const correction: Change = {
      ...{ ...harbin, kind: 'revised', before: harbin.after, fields: ['aliases'], ofSeq: first!.seq },
      after: makeText({ name: 'Harbin One', aliases: ['HO of the correction'] }),
    };
    at('2025-03-28T10:00:00Z');
    await tell('2025-00001', [correction], { changeSetId: 'fix', cause: 'reparse', follows: '2025-00001' });
  }

  test('names all that a rule changed beside what a correction says of a part of it', async () => {
    await ask();
    await tellAndCorrect();
    at('2025-03-28T17:00:30Z');
    expect(await sendAll(await gatherDigests(setting.parts))).toEqual(['sent']);
    const text = sink.received[0]!.mail.text!;
    for (const line of ['Added: Harbin One', 'Lahore Two', 'Beijing Three', 'Revised: Harbin One'])
      expect(text).toContain(line);
  });

  test('comes at once for who no longer wants one, and waits for who paused', async () => {
    const id = await ask();
    at('2025-03-28T08:00:00Z');
    await tell('2025-00001');
    await setSubscriptionStatus(setting.parts.db, id, 'paused');
    at('2025-03-28T18:00:00Z');
    expect(await gatherDigests(setting.parts)).toEqual([]);
    await setSubscriptionStatus(setting.parts.db, id, 'active');
    at('2025-03-29T09:00:00Z');
    await editSubscription(setting.parts.db, id, { schedule: { mode: 'immediate' } });
    expect(await sendAll(await gatherDigests(setting.parts))).toEqual(['sent']);
  });

  test('that is suppressed or refused gives back what it took, and a removed subscription ends it', async () => {
    const id = await ask();
    at('2025-03-28T08:00:00Z');
    await tell('2025-00001');
    at('2025-03-28T18:00:00Z');
    const [first] = await gatherDigests(setting.parts);
    refusing.refuse = 554;
    expect(await deliver(setting.parts, first!)).toBe('failed');
    refusing.refuse = undefined;
    at('2025-03-29T18:00:00Z');
    const [second] = await gatherDigests(setting.parts);
    await setSubscriptionStatus(setting.parts.db, id, 'paused');
    expect(await deliver(setting.parts, second!)).toBe('suppressed');
    await removeSubscription(setting.parts.db, id);
    await gatherDigests(setting.parts);
    const [alert] = (await listDeliveries(setting.parts.db)).filter(({ kind }) => kind === 'alert');
    expect(alert).toMatchObject({ status: 'suppressed', outcome: 'the subscription was removed' });
  });

  test('of a webhook is a signed event, and of a chat a message', async () => {
    for (const channel of ['webhook', 'slack', 'teams']) {
      const target = `${receiver.origin}/${channel}`;
      const request = readSubscriptionRequest({ channel, target, schedule: BERLIN });
      await subscribe(setting.parts, request, 'operator', 'the operator');
    }
    at('2025-03-28T20:00:00Z');
    await tell('2025-00001', [named('Beijing Three', 'CN', 'CHINA')]);
    at('2025-03-29T18:00:00Z');
    expect(await sendAll(await gatherDigests(setting.parts))).toEqual(['sent', 'sent', 'sent']);
    const bodyOf = (channel: string) => receiver.received.find(({ path }) => path === `/${channel}`)!.body;
    expect(JSON.parse(bodyOf('webhook'))).toMatchObject({
      type: 'digest',
      data: { to: '2025-03-29T17:00:00.000Z', changeSetsCount: 1, counts: { added: 1 } },
    });
    for (const channel of ['slack', 'teams']) expect(bodyOf(channel)).toContain('Beijing Three');
  });

  test('that nobody gathered leaves nothing due', async () => {
    await ask();
    at('2025-03-28T18:00:00Z');
    expect(await gatherDigests(setting.parts)).toEqual([]);
    expect(await dueDeliveries(setting.parts.db, setting.parts.now(), 10)).toEqual([]);
  });
});
