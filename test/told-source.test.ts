import type { KyselyPlugin } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deliver } from '../src/deliver.ts';
import { type SubscriptionFilter, WHOLE_FILTER } from '../src/model.ts';
import { notify } from '../src/notify.ts';
import { appendChangeSet } from '../src/store/changes.ts';
import { addSubscription } from '../src/store/subscriptions.ts';
import { inTransaction } from '../src/store/transaction.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { type MailSetting, openMailSetting } from './helpers/mail-setting.ts';
import { type SmtpSink, startSmtpSink } from './helpers/smtp-sink.ts';
import { makeChange, makeChangeSet, makeHead, makeText } from './store/facts.ts';

const RULE = makeChangeSet();
const CHANGES = [
  makeChange({ entryId: 'one', name: 'First Optics', after: makeText({ name: 'First Optics' }) }),
  makeChange({
    entryId: 'two',
    name: 'Second Optics',
    country: 'TW',
    after: makeText({ name: 'Second Optics' }),
  }),
];

describe.each(backends)('a rule that many are told on $name', ({ open }) => {
  let database: TestDatabase;
  let sink: SmtpSink;
  let setting: MailSetting;
  let reads: string[];

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.empty();
    sink = await startSmtpSink();
    setting = openMailSetting(database, Number(new URL(sink.url).port));
    reads = [];
    const note: KyselyPlugin = {
      transformQuery({ node }) {
        const from = node.kind === 'SelectQueryNode' ? JSON.stringify(node.from) : '';
        if (from.includes('"name":"change"')) reads.push('change');
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    setting.parts = { ...setting.parts, db: database.kysely.withPlugin(note) };
    await inTransaction(database.kysely, (tx) => appendChangeSet(tx, RULE, CHANGES));
  });
  afterEach(async () => {
    await setting.close();
    await sink.close();
  });

  async function tellAll(wanted: Record<string, Partial<SubscriptionFilter> & { dateLanguage?: string }>) {
    for (const [target, { dateLanguage = 'en', ...filter }] of Object.entries(wanted))
      await addSubscription(database.kysely, {
        target,
        filter: { ...WHOLE_FILTER, ...filter },
        dateLanguage,
        createdAt: setting.parts.now(),
      });
    const ids = await notify(setting.parts, RULE.changeSetId);
    reads = [];
    for (const id of ids) expect(await deliver(setting.parts, id)).toBe('sent');
    return new Map(sink.received.map(({ to, mail }) => [to[0]!, mail]));
  }

  test('is read once, however many they are', async () => {
    const wanted = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`reader${at}@example.org`, {}]));
    const mails = await tellAll(wanted);
    expect(mails.size).toBe(12);
    expect(reads).toEqual(['change']);
    for (const [to, { text }] of mails) {
      expect(text).toContain(to);
      expect(text).toContain('Second Optics');
    }
  });

  test('is told to each by their own filter and in their own language', async () => {
    const mails = await tellAll({
      'all@example.org': {},
      'taiwan@example.org': { countries: ['TW'] },
      'de@example.org': { dateLanguage: 'de' },
      'again@example.org': {},
    });
    expect(mails.get('taiwan@example.org')!.text).not.toContain('First Optics');
    expect(mails.get('taiwan@example.org')!.attachments[0]!.content.toString()).not.toContain('First Optics');
    expect(mails.get('again@example.org')!.text).toContain('First Optics');
    const datesOf = (to: string) =>
      mails
        .get(to)!
        .text!.split('\n')
        .find((line) => line.includes('2025'))!;
    expect(datesOf('de@example.org')).not.toBe(datesOf('all@example.org'));
    expect(datesOf('again@example.org')).toBe(datesOf('all@example.org'));
  });

  test('is answered by the correction of it that is printed later, which is marked as one', async () => {
    await tellAll({ 'all@example.org': {} });
    const correction = makeChangeSet({
      changeSetId: 'set-2',
      document: makeHead({ number: 'C1-2025-05426' }),
      corrects: [RULE.document!.number],
    });
    await inTransaction(database.kysely, (tx) =>
      appendChangeSet(tx, correction, [
        makeChange({
          ...{ kind: 'revised', entryId: 'one', name: 'First Optics', fields: ['aliases'] },
          before: makeText({ name: 'First Optics' }),
          after: makeText({ name: 'First Optics', aliases: ['FO'] }),
        }),
      ]),
    );
    for (const id of await notify(setting.parts, 'set-2'))
      expect(await deliver(setting.parts, id)).toBe('sent');
    const [first, second] = sink.received.map(({ mail }) => mail);
    expect(second!.subject).toMatch(/^Correction: BIS revises 1 entry/u);
    expect(second!.text).toContain(`This document corrects ${RULE.document!.number}.`);
    expect(second!.inReplyTo).toBe(first!.messageId);
  });
});
