import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { gatherDigests } from '../../src/digest.ts';
import { DEFAULT_NOTICES, WHOLE_FILTER } from '../../src/model.ts';
import { openQueue } from '../../src/queue.ts';
import { noteQuietDay } from '../../src/quiet.ts';
import { changesAfter } from '../../src/store/changes.ts';
import { addSubscription } from '../../src/store/subscriptions.ts';
import { sweep } from '../../src/sweep.ts';
import { backends, queueBackends, type TestDatabase } from '../helpers/databases.ts';
import { type MailSetting, openMailSetting } from '../helpers/mail-setting.ts';
import { type SmtpSink, startSmtpSink } from '../helpers/smtp-sink.ts';
import { until } from '../helpers/until.ts';

const HOUR = 3_600_000;
const silent = { info() {}, warn() {}, error() {} };

describe.each(backends)('a clock that jumps, on $name,', ({ open }) => {
  let database: TestDatabase;
  let sink: SmtpSink;
  let setting: MailSetting;

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
  });
  afterEach(() => setting.close());

  /** What the jobs of a minute do: the sweep, digests and quiet days. Answers how many messages went out. */
  async function work(): Promise<number> {
    const before = sink.received.length;
    const { parts } = setting;
    const ids = [
      ...(await gatherDigests(parts)),
      ...(await noteQuietDay(parts)),
      ...(await sweep(parts)).deliveryIds,
    ];
    for (const id of new Set(ids)) await setting.deliver(id);
    return sink.received.length - before;
  }
  const setTo = (instant: string) => {
    setting.clock.ms = Date.parse(instant);
  };

  test('back an hour or forward a day tells nothing twice and leaves nothing out', async () => {
    setTo('2025-03-28T14:00:00Z');
    await setting.subscribe('ana@example.org');
    for (const id of await setting.tell('2025-00001')) await setting.deliver(id);
    expect(sink.received).toHaveLength(1);
    setting.clock.ms -= HOUR;
    expect(await work()).toBe(0);
    // It comes an hour "before" the first, and is told.
    for (const id of await setting.tell('2025-00002')) await setting.deliver(id);
    expect(sink.received).toHaveLength(2);
    setting.clock.ms += 24 * HOUR;
    expect(await work()).toBe(0);
    for (const id of await setting.tell('2025-00003')) await setting.deliver(id);
    expect(await work()).toBe(0);
    expect(sink.received).toHaveLength(3);
  });

  test('changes the order of nothing: who follows the numbers gets all, in the order of what was done', async () => {
    await setting.tell('2025-00001');
    setting.clock.ms -= HOUR;
    await setting.tell('2025-00002');
    setting.clock.ms += 24 * HOUR;
    await setting.tell('2025-00003');
    setting.clock.ms -= 24 * HOUR;
    await setting.tell('2025-00004');
    const followed: string[] = [];
    let after = 0;
    for (;;) {
      const [next] = await changesAfter(setting.parts.db, { after, limit: 1 });
      if (next === undefined) break;
      expect(next.seq).toBeGreaterThan(after);
      after = next.seq;
      followed.push(next.changeSetId);
    }
    expect(followed).toEqual(['2025-00001', '2025-00002', '2025-00003', '2025-00004']);
  });

  test('over the time of a digest makes one digest of each day, with everything in one of them', async () => {
    setTo('2025-03-28T12:00:00Z');
    await addSubscription(setting.parts.db, {
      target: 'ana@example.org',
      filter: WHOLE_FILTER,
      schedule: { mode: 'daily', at: '18:00', timeZone: 'Europe/Berlin' },
      createdAt: setting.parts.now(),
    });
    await setting.tell('2025-00001');
    setTo('2025-03-28T17:05:00Z');
    expect(await work()).toBe(1);
    setting.clock.ms -= HOUR;
    expect(await work()).toBe(0);
    await setting.tell('2025-00002');
    expect(await work()).toBe(0);
    setTo('2025-03-28T17:10:00Z');
    // Its time is over for today: the second rule comes with the next digest.
    expect(await work()).toBe(0);
    setting.clock.ms += 24 * HOUR;
    expect(await work()).toBe(1);
    expect(await work()).toBe(0);
    const text = sink.received.map(({ mail }) => mail.text ?? '');
    expect(text[0]).toContain('2025-00001');
    expect(text[0]).not.toContain('2025-00002');
    expect(text[1]).toContain('2025-00002');
    expect(text[1]).not.toContain('2025-00001');
  });

  test('over the end of a quiet day says once that it was quiet', async () => {
    setTo('2025-03-28T12:00:00Z');
    await addSubscription(setting.parts.db, {
      target: 'ana@example.org',
      filter: WHOLE_FILTER,
      notices: { ...DEFAULT_NOTICES, quietDays: true },
      createdAt: setting.parts.now(),
    });
    setTo('2025-03-28T22:40:00Z');
    expect(await work()).toBe(1);
    setting.clock.ms -= HOUR;
    expect(await work()).toBe(0);
    setting.clock.ms += HOUR;
    expect(await work()).toBe(0);
  });
});

describe.each(queueBackends)('the schedules on $name', ({ open }) => {
  test('run on when the clock is put back an hour or forward a day, one at a time', {
    timeout: 30_000,
  }, async () => {
    const opening = await open();
    const queue = await openQueue({ ...opening, log: silent });
    const every = { everyMs: 2_000 };
    let ran = 0;
    let running = 0;
    let most = 0;
    try {
      queue.worker(
        'clock',
        async () => {
          running += 1;
          most = Math.max(most, running);
          ran += 1;
          running -= 1;
        },
        { concurrency: 4 },
      );
      const declare = () => queue.schedule('clock', 'every-clock', every, 'clock', {});
      await declare();
      await until('the first run', () => ran > 0);
      expect(await queue.isScheduled('clock', 'every-clock', every)).toBe(true);
      for (const jump of [-HOUR, 24 * HOUR]) {
        const now = Date.now() + jump;
        const shifted = performance.now();
        // Only the clock jumps: timers run as they do when somebody sets the time.
        vi.spyOn(Date, 'now').mockImplementation(() => Math.round(now + performance.now() - shifted));
        // As the service does each ten seconds.
        if (!(await queue.isScheduled('clock', 'every-clock', every))) await declare();
        const before = ran;
        await until('a run after the jump', () => ran > before, 15);
        expect(await queue.queue('clock').getJobSchedulersCount()).toBe(1);
      }
      expect(most).toBe(1);
    } finally {
      vi.restoreAllMocks();
      await queue.queue('clock').removeJobScheduler('every-clock');
      await queue.close();
      await opening.forget();
    }
  });
});
