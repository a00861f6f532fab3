import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lookAfterService } from '../src/alarm.ts';
import { singCanary } from '../src/canary.ts';
import type { StandIn } from '../src/demo/stand-in.ts';
import type { Parts } from '../src/parts.ts';
import { listIssues } from '../src/store/issues.ts';
import { recordFailure, recordSuccess } from '../src/store/source-state.ts';
import { storeBaseline } from './helpers/api.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { openParts } from './helpers/parts.ts';
import { type SmtpSink, startSmtpSink } from './helpers/smtp-sink.ts';

const OPERATOR = 'ops@example.org';
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe.each(backends)('the alarm on $name', ({ open }) => {
  let database: TestDatabase;
  let sink: SmtpSink;
  let parts: Parts;
  const mail: { refuse?: number } = {};
  const clock = { now: '' };
  beforeAll(async () => {
    database = await open();
    sink = await startSmtpSink(mail);
  });
  afterAll(async () => {
    await sink.close();
    await database.close();
  });
  beforeEach(async () => {
    await database.empty();
    delete mail.refuse;
    sink.received.length = 0;
    // A Friday, 11:00 in Washington.
    clock.now = '2025-03-28T15:00:00.000Z';
    parts = openAll();
  });

  function openAll(): Parts {
    const opened = openParts({
      database,
      // Nothing is asked of it.
      upstream: { url: 'http://127.0.0.1:9' } as StandIn,
      outbox: '/nonexistent',
      smtpUrl: sink.url,
      now: () => clock.now,
    });
    closers.push(() => opened.email.close());
    return opened;
  }

  interface World {
    /** Whether jobs run at all. */
    jobs?: boolean;
    /** What the Federal Register does when it is asked; null where its job does not come. */
    register?: 'answers' | 'fails' | null;
  }

  /** Lets minutes pass: each has its jobs, and the look at the service at its end. */
  async function pass(minutes: number, { jobs = true, register = 'answers' }: World = {}, to = OPERATOR) {
    for (let minute = 0; minute < minutes; minute += 1) {
      clock.now = new Date(Date.parse(clock.now) + 60_000).toISOString();
      if (jobs) {
        await singCanary(parts);
        await recordSuccess(parts.db, 'public-inspection', clock.now);
        if (register === 'answers') await recordSuccess(parts.db, 'federal-register', clock.now);
        if (register === 'fails')
          await recordFailure(parts.db, 'federal-register', clock.now, 'http-503: the server is busy');
      }
      await lookAfterService(parts, to);
    }
  }
  const subjects = () => sink.received.map((one) => one.mail.subject);

  test('says nothing while all is well, and nothing at the start of a service', async () => {
    await lookAfterService(parts, OPERATOR);
    await pass(2, { jobs: false });
    await pass(90);
    expect(subjects()).toEqual([]);
    expect(await listIssues(parts.db)).toEqual([]);
  });

  test('a source that fails for hours is one mail, and one when it answers again', async () => {
    await pass(5);
    await pass(60, { register: 'fails' });
    expect(subjects()).toEqual([]);
    await pass(120, { register: 'fails' });
    expect(subjects()).toEqual(['Alarm: Federal Register is late']);
    expect(sink.received[0]!.to).toEqual([OPERATOR]);
    const text = sink.received[0]!.mail.text!.replace(/\s+/gu, ' ');
    expect(text).toContain('answered as it should last at 2025-03-28T15:05:00.000Z');
    expect(text).toContain('The last look failed: http-503: the server is busy');
    expect(text).toContain('elwatch doctor');
    expect((await listIssues(parts.db, { open: true })).map(({ code, excerpt }) => [code, excerpt])).toEqual([
      ['source-late', 'federal-register'],
    ]);

    await pass(3);
    expect(subjects()).toEqual(['Alarm: Federal Register is late', 'Over: source late (federal-register)']);
    expect(sink.received[1]!.mail.inReplyTo).toBe(sink.received[0]!.mail.messageId);
    expect(await listIssues(parts.db, { open: true })).toEqual([]);

    // The next time is another incident.
    await pass(70, { register: 'fails' });
    expect(subjects()).toHaveLength(3);
    expect(sink.received[2]!.mail.messageId).not.toBe(sink.received[0]!.mail.messageId);
  });

  test('a poll that does not come is told within a quarter of an hour, once', async () => {
    await pass(15);
    await pass(10, { register: null });
    expect(subjects()).toEqual([]);
    await pass(1, { register: null });
    expect(subjects()).toEqual(['Alarm: Federal Register is not asked']);
    // An hour later it is late too, which is no news.
    await pass(90, { register: null });
    expect(subjects()).toHaveLength(1);
    await pass(2);
    expect(subjects()).toEqual([
      'Alarm: Federal Register is not asked',
      'Over: poll missed (federal-register)',
    ]);
  });

  test('a queue that sleeps is one alarm, not one for each source', async () => {
    await pass(30);
    await pass(120, { jobs: false });
    expect(subjects()).toEqual(['Alarm: no job is run']);
    await pass(20);
    expect(subjects()).toEqual(['Alarm: no job is run', 'Over: canary missed (queue)']);
  });

  test('a night without the machine is no incident, and a worker that never comes is one', async () => {
    await pass(5);
    clock.now = '2025-03-29T09:00:00.000Z';
    await lookAfterService(parts, OPERATOR);
    await pass(30);
    expect(subjects()).toEqual([]);
    await database.empty();
    await lookAfterService(parts, OPERATOR);
    await pass(4, { jobs: false });
    expect(subjects()).toEqual(['Alarm: no job is run']);
  });

  test('a source that never answers is told after its patience', async () => {
    await pass(60, { register: 'fails' });
    expect(subjects()).toEqual([]);
    await pass(3, { register: 'fails' });
    expect(subjects()).toEqual(['Alarm: Federal Register is late']);
    expect(sink.received[0]!.mail.text!.replace(/\s+/gu, ' ')).toContain('Federal Register answered never.');
  });

  test('a list that falls is told, and a single entry that goes is not', async () => {
    await storeBaseline(parts);
    const rows = await parts.db.selectFrom('entry').selectAll().execute();
    const fill = Array.from({ length: 40 }, (_, at) => ({
      ...rows[0]!,
      text: JSON.stringify(rows[0]!.text),
      entryId: `e_${at}`,
      name: `Filler ${at}`,
      nameKey: `filler ${at}`,
    }));
    await parts.db.insertInto('entry').values(fill).execute();
    await pass(2);
    await parts.db.deleteFrom('entry').where('entryId', '=', 'e_0').execute();
    await pass(2);
    expect(subjects()).toEqual([]);
    const gone = Array.from({ length: 9 }, (_, at) => `e_${at + 1}`);
    await parts.db.deleteFrom('entry').where('entryId', 'in', gone).execute();
    await pass(10);
    expect(subjects()).toEqual([`Alarm: the ${rows[0]!.list} lost 10 of 42 entries`]);
    await parts.db
      .insertInto('entry')
      .values(fill.filter(({ entryId }) => gone.includes(entryId)))
      .execute();
    await pass(1);
    expect(subjects().at(-1)).toBe(`Over: list fell (${rows[0]!.list})`);
  });

  test('mail that is refused is sent when the server takes it, in its order and once', async () => {
    await pass(15);
    mail.refuse = 550;
    await pass(15, { register: null });
    await pass(3);
    expect(sink.received).toEqual([]);
    delete mail.refuse;
    await pass(2);
    expect(subjects()).toEqual([
      'Alarm: Federal Register is not asked',
      'Over: poll missed (federal-register)',
    ]);
  });

  test('processes that look in the same minute send one mail', async () => {
    await pass(15);
    await pass(10, { register: null });
    clock.now = new Date(Date.parse(clock.now) + 60_000).toISOString();
    await singCanary(parts);
    await recordSuccess(parts.db, 'public-inspection', clock.now);
    const processes = Array.from({ length: 4 }, openAll);
    await Promise.all(processes.map((one) => lookAfterService(one, OPERATOR)));
    expect(subjects()).toEqual(['Alarm: Federal Register is not asked']);
  });

  test('without an address there is an issue, and no mail now or later', async () => {
    await pass(15);
    for (let minute = 0; minute < 12; minute += 1) {
      clock.now = new Date(Date.parse(clock.now) + 60_000).toISOString();
      await singCanary(parts);
      await recordSuccess(parts.db, 'public-inspection', clock.now);
      await lookAfterService(parts, null);
    }
    expect((await listIssues(parts.db, { open: true })).map(({ code }) => code)).toEqual(['poll-missed']);
    await pass(1, { register: null });
    expect(subjects()).toEqual([]);
  });
});
