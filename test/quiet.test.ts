import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deliver } from '../src/deliver.ts';
import { DEFAULT_NOTICES, WHOLE_FILTER } from '../src/model.ts';
import { noteQuietDay } from '../src/quiet.ts';
import { recordFailure, recordSuccess } from '../src/store/source-state.ts';
import { addSubscription } from '../src/store/subscriptions.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { type MailSetting, openMailSetting } from './helpers/mail-setting.ts';
import { type SmtpSink, startSmtpSink } from './helpers/smtp-sink.ts';

describe.each(backends)('the end of a quiet day on $name', ({ open }) => {
  let database: TestDatabase;
  let sink: SmtpSink;
  let setting: MailSetting;

  beforeAll(async () => {
    database = await open();
    sink = await startSmtpSink();
  });
  afterAll(async () => {
    await database.close();
    await sink.close();
  });
  beforeEach(async () => {
    await database.empty();
    sink.received.length = 0;
    setting = openMailSetting(database, Number(new URL(sink.url).port));
    // A Friday; 18:30 in Washington is 22:30 in UTC.
    at('2025-03-28T12:00:00Z');
    await addSubscription(setting.parts.db, {
      target: 'ana@example.org',
      filter: { ...WHOLE_FILTER, countries: ['PK'] },
      notices: { ...DEFAULT_NOTICES, quietDays: true },
      dateLanguage: 'de',
      createdAt: setting.parts.now(),
    });
    await setting.subscribe('bo@example.org');
    await checked('2025-03-28T22:05:00.000Z');
  });
  afterEach(() => setting.close());

  function at(instant: string) {
    setting.clock.ms = Date.parse(instant);
  }
  async function checked(instant: string) {
    await recordSuccess(setting.parts.db, 'federal-register', instant);
    await recordSuccess(setting.parts.db, 'public-inspection', '2025-03-28T22:29:00.000Z');
  }
  async function send() {
    for (const id of await noteQuietDay(setting.parts)) await deliver(setting.parts, id);
    return sink.received.map(({ to, mail }) => `${to[0]}: ${mail.subject}`);
  }

  test('is told once, to who wants it, with the older of the two last checks', async () => {
    at('2025-03-28T22:29:00Z');
    expect(await send()).toEqual([]);
    at('2025-03-28T22:30:00Z');
    await send();
    expect(await send()).toEqual(['ana@example.org: No rule today, last check 2025-03-28 18:05 EDT']);
    expect(sink.received[0]!.mail.text).toContain('28. März 2025');
    expect(sink.received[0]!.raw).toContain('List-Unsubscribe-Post');
  });

  test('says so when the checks fail, and claims nothing', async () => {
    await checked('2025-03-28T20:00:00.000Z');
    await recordFailure(setting.parts.db, 'federal-register', '2025-03-28T22:20:00.000Z', 'http-503');
    at('2025-03-28T22:30:00Z');
    const [said] = await send();
    expect(said).toContain('Not checked');
    expect(said).toContain('2025-03-28 16:00 EDT');
    expect(sink.received[0]!.mail.text).toMatch(/cannot say whether\s+there was\s+a rule/u);
  });

  test('with a rule about others says that there was one', async () => {
    at('2025-03-28T15:00:00Z');
    await setting.tell('2025-00001');
    at('2025-03-28T22:30:00Z');
    expect((await send())[0]).toBe('ana@example.org: Nothing for you today, last check 2025-03-28 18:05 EDT');
    expect(sink.received[0]!.mail.text).toContain('1 document about the lists');
  });

  test.each([
    ['a Saturday', '2025-03-29T22:45:00Z'],
    ['a federal holiday', '2025-07-04T22:45:00Z'],
  ])('is none on %s', async (_what, instant) => {
    at(instant);
    expect(await send()).toEqual([]);
  });

  test('is none for who was told something', async () => {
    at('2025-03-28T15:00:00Z');
    await addSubscription(setting.parts.db, {
      target: 'cy@example.org',
      filter: WHOLE_FILTER,
      notices: { ...DEFAULT_NOTICES, quietDays: true },
      createdAt: setting.parts.now(),
    });
    await setting.tell('2025-00001');
    at('2025-03-28T22:30:00Z');
    expect((await send()).filter((said) => said.startsWith('cy@'))).toEqual([]);
  });
});
