import { load } from 'cheerio';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sweepJob } from '../../jobs/sweep.ts';
import { deliver } from '../../src/deliver.ts';
import type { Parts } from '../../src/parts.ts';
import { dueDeliveries, findDelivery, listDeliveries } from '../../src/store/deliveries.ts';
import { findSubscription, listSubscriptions, setSubscriptionStatus } from '../../src/store/subscriptions.ts';
import { openApi } from '../helpers/api.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';
import { type MailSetting, openMailSetting } from '../helpers/mail-setting.ts';
import { type SmtpSink, startSmtpSink } from '../helpers/smtp-sink.ts';

describe.each(backends)('pages with forms on $name', ({ open }) => {
  let database: TestDatabase;
  let sink: SmtpSink;
  let setting: MailSetting;
  let parts: Parts;
  let server: FastifyInstance;

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
    parts = setting.parts;
    server = openApi(parts);
  });
  afterEach(async () => {
    await server.close();
    await setting.close();
  });

  const post = (url: string, fields: Record<string, string | string[]> = {}) => {
    const form = new URLSearchParams();
    for (const [name, values] of Object.entries(fields))
      for (const value of [values].flat()) form.append(name, value);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return server.inject({ method: 'POST', url, headers, payload: form.toString() });
  };
  async function sendDue() {
    for (const { deliveryId } of await dueDeliveries(parts.db, parts.now(), 100))
      await deliver(parts, deliveryId);
  }
  /** The path of the first link of a mail below a page. */
  const linkIn = (page: string, at = -1) =>
    new RegExp(`/${page}/[\\w.-]+`, 'u').exec(sink.received.at(at)!.mail.text!)![0];

  describe('signing up', () => {
    test('begins alerts when the button behind the link in the mail is pressed, and not before', async () => {
      expect((await server.inject('/subscribe')).body).toContain('name="email"');
      expect((await post('/subscribe', { email: 'ana@example.org' })).statusCode).toBe(202);
      await sendDue();
      expect(sink.received.map(({ to, mail }) => [to[0], mail.subject])).toEqual([
        ['ana@example.org', expect.stringContaining('Please confirm')],
      ]);
      const [asked] = await listSubscriptions(parts.db);
      expect(asked).toMatchObject({ status: 'unconfirmed', organisationId: 'public' });
      expect(await setting.tell('2025-00001')).toEqual([]);
      const link = linkIn('confirm');
      // As a scanner does.
      const page = await server.inject(link);
      expect(page.headers['cache-control']).toBe('no-store');
      expect(load(page.body)('form[method=post] button').text()).toBe('Begin the alerts');
      expect((await findSubscription(parts.db, asked!.subscriptionId))?.status).toBe('unconfirmed');
      expect((await post(link)).body).toContain('Confirmed');
      expect((await findSubscription(parts.db, asked!.subscriptionId))?.status).toBe('active');
      expect(await setting.tell('2025-00002')).toHaveLength(1);
    });

    test('is not taken from a page of another site, which would have its visitors ask in our name', async () => {
      const answer = await server.inject({
        method: 'POST',
        url: '/subscribe',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' },
        payload: 'email=ana%40example.org',
      });
      expect(answer.statusCode).toBe(403);
      expect(answer.body).toContain('Fill in the form here');
      expect(await listDeliveries(parts.db)).toEqual([]);
    });

    test('answers the same for an address that is known, asks at most once an hour, and nobody who is active', async () => {
      const first = await post('/subscribe', { email: 'ana@example.org' });
      const again = await post('/subscribe', { email: 'ANA@example.org' });
      expect(again.body).toBe(first.body);
      const questions = async () =>
        (await listDeliveries(parts.db)).filter(({ kind }) => kind === 'confirm').length;
      expect(await questions()).toBe(1);
      setting.clock.ms += 61 * 60_000;
      await post('/subscribe', { email: 'ana@example.org' });
      expect(await questions()).toBe(2);
      await sendDue();
      await post(linkIn('confirm'));
      setting.clock.ms += 61 * 60_000;
      expect((await post('/subscribe', { email: 'ana@example.org' })).body).toBe(first.body);
      expect(await questions()).toBe(2);
    });

    test('asks a stranger three times in thirty days at most, however often others ask for it', async () => {
      const questions = async () =>
        (await listDeliveries(parts.db)).filter(({ kind }) => kind === 'confirm').length;
      for (let hour = 0; hour < 6; hour += 1) {
        await post('/subscribe', { email: 'ana@example.org' });
        setting.clock.ms += 61 * 60_000;
      }
      expect(await questions()).toBe(3);
      setting.clock.ms += 30 * 24 * 60 * 60_000;
      await post('/subscribe', { email: 'ana@example.org' });
      expect(await questions()).toBe(4);
    });

    test('is forgotten thirty days after the last question, and the limits hold until then', async () => {
      const day = 24 * 60 * 60_000;
      const targets = async () => (await listSubscriptions(parts.db)).map(({ target }) => target);
      const sweepAt = async (days: number) => {
        setting.clock.ms = begun + days * day;
        await sweepJob.run(parts, {}, async () => undefined);
      };
      const begun = setting.clock.ms;
      await setting.subscribe('operator@example.org');
      await post('/subscribe', { email: 'ana@example.org' });
      await post('/subscribe', { email: 'bo@example.org' });
      await sendDue();
      await post(linkIn('confirm'));
      const known = ['operator@example.org', sink.received.at(-1)!.to[0]];
      const asked = ['ana@example.org', 'bo@example.org'].find((one) => !known.includes(one))!;
      for (const days of [28, 29]) {
        setting.clock.ms = begun + days * day;
        await post('/subscribe', { email: asked });
      }
      // Of the three questions the first is too old to count, and the others still do.
      await sweepAt(31);
      expect((await targets()).sort()).toEqual([...known, asked].sort());
      for (let hour = 0; hour < 3; hour += 1) {
        setting.clock.ms += 61 * 60_000;
        await post('/subscribe', { email: asked });
      }
      const questions = async () =>
        (await listDeliveries(parts.db)).filter(
          ({ kind, recipient }) => kind === 'confirm' && recipient === asked,
        );
      expect(await questions()).toHaveLength(4);
      await sweepAt(60.9);
      expect(await targets()).toContain(asked);
      await sweepAt(62);
      expect((await targets()).sort()).toEqual(known.sort());
      // What was sent stays in the ledger, and whoever comes back is a stranger again.
      expect(await questions()).toHaveLength(4);
      await post('/subscribe', { email: asked });
      expect(await questions()).toHaveLength(5);
    });

    test('asks once although two ask at once', async () => {
      await Promise.all([1, 2].map(() => post('/subscribe', { email: 'ana@example.org' })));
      expect(await listDeliveries(parts.db)).toHaveLength(1);
      expect(await listSubscriptions(parts.db)).toHaveLength(1);
    });

    test('again after unsubscribing needs a new yes, which an old link gives no more once it ended', async () => {
      await post('/subscribe', { email: 'ana@example.org' });
      await sendDue();
      const link = linkIn('confirm');
      await post(link);
      const { subscriptionId } = (await listSubscriptions(parts.db))[0]!;
      await setSubscriptionStatus(parts.db, subscriptionId, 'paused');
      expect((await post(link)).statusCode).toBe(404);
      expect((await findSubscription(parts.db, subscriptionId))?.status).toBe('paused');
      setting.clock.ms += 8 * 86_400_000;
      await post('/subscribe', { email: 'ana@example.org' });
      await sendDue();
      expect((await post(link)).statusCode).toBe(404);
      expect((await post(linkIn('confirm'))).statusCode).toBe(200);
      expect((await findSubscription(parts.db, subscriptionId))?.status).toBe('active');
    });

    test.each(['', 'nobody', 'a@b.c\r\nBcc: evil@example.org', '<script>@'])(
      'shows the form again for the address “%s”, escaped',
      async (email) => {
        const answer = await post('/subscribe', { email });
        expect(answer.statusCode).toBe(422);
        expect(answer.body).toContain('role="alert"');
        expect(answer.body).not.toContain('<script>');
        expect(await listDeliveries(parts.db)).toEqual([]);
      },
    );
  });

  describe('the links at the foot of a mail', () => {
    let subscriptionId: string;
    let deliveryId: string;
    beforeEach(async () => {
      subscriptionId = await setting.subscribe('ana@example.org');
      [deliveryId] = (await setting.tell('2025-00001')) as [string];
      await setting.deliver(deliveryId);
    });
    const usual = {
      lists: ['entity-list', 'unverified-list', 'military-end-user-list'],
      kinds: ['added', 'revised', 'removed'],
      destinations: '',
      keywords: '',
      minimumCount: '1',
      notices: ['provisional', 'held'],
      mode: 'immediate',
      dateLanguage: 'en',
    };

    test('lead to preferences, which are saved as they are shown', async () => {
      const link = linkIn('preferences');
      const shown = load((await server.inject(link)).body);
      expect(shown('input[name=kinds]:checked').length).toBe(3);
      const changed = {
        ...usual,
        lists: ['unverified-list'],
        kinds: ['removed', 'editorial'],
        destinations: 'cn, HK',
        keywords: 'quantum\nradar',
        notices: ['quietDays'],
        mode: 'weekly',
        at: '09:30',
        timeZone: 'Europe/Berlin',
        weekday: '5',
        dateLanguage: 'de',
      };
      const saved = await post(link, changed);
      expect(saved.body).toContain('Saved.');
      expect(saved.headers['cache-control']).toBe('no-store');
      expect(await findSubscription(parts.db, subscriptionId)).toMatchObject({
        filter: {
          lists: ['unverified-list'],
          kinds: ['removed', 'editorial'],
          countries: ['CN', 'HK'],
          keywords: ['quantum', 'radar'],
        },
        notices: { provisional: false, held: false, quietDays: true },
        schedule: { mode: 'weekly', at: '09:30', timeZone: 'Europe/Berlin', weekday: 5 },
        dateLanguage: 'de',
      });
      const page = load((await server.inject(link)).body);
      expect(page('select[name=weekday] option[selected]').text()).toBe('Friday');
      expect(page('input[name=destinations]').val()).toBe('CN, HK');
      await post(link, usual);
      expect((await findSubscription(parts.db, subscriptionId))?.filter).toMatchObject({
        lists: [],
        kinds: [],
      });
    });

    test.each([
      ['no list', { lists: [] }, 'Choose at least one'],
      ['an unknown zone', { mode: 'daily', at: '09:00', timeZone: 'Mars/Base' }, 'time zone'],
      ['a destination that is none', { destinations: 'XX' }, 'no destination'],
      ['markup', { destinations: '"><script>alert(1)</script>' }, 'no destination'],
      ['no number', { minimumCount: 'many' }, 'The number of changes'],
    ])('refuse %s, say why, and keep what was there', async (_what, fields, words) => {
      const before = await findSubscription(parts.db, subscriptionId);
      const answer = await post(linkIn('preferences'), { ...usual, ...fields });
      expect(answer.statusCode).toBe(422);
      expect(load(answer.body)('[role=alert]').text()).toContain(words);
      expect(answer.body).not.toContain('<script>');
      expect(await findSubscription(parts.db, subscriptionId)).toEqual(before);
    });

    test('note that a message was read, once, when the button is pressed', async () => {
      const link = linkIn('acknowledge');
      await server.inject(link);
      expect((await findDelivery(parts.db, deliveryId))?.acknowledgedAt).toBeNull();
      await post(link);
      const at = (await findDelivery(parts.db, deliveryId))?.acknowledgedAt;
      expect(at).toBe(parts.now());
      setting.clock.ms += 60_000;
      await post(link);
      expect((await findDelivery(parts.db, deliveryId))?.acknowledgedAt).toBe(at);
    });

    test('open nothing of another purpose, changed, or after their subscription is gone', async () => {
      const token = linkIn('preferences').split('/').at(-1)!;
      const forged = token.replace(/.$/u, (last) => (last === 'A' ? 'B' : 'A'));
      for (const path of [
        `/acknowledge/${token}`,
        `/confirm/${token}`,
        `/preferences/${forged}`,
        '/preferences/x',
      ])
        for (const method of ['GET', 'POST'] as const)
          expect((await server.inject({ method, url: path })).statusCode).toBe(404);
      const link = linkIn('acknowledge');
      await database.empty();
      expect((await server.inject(link)).statusCode).toBe(404);
    });
  });

  test('are limited by address', async () => {
    const answers = [];
    for (let at = 0; at < 31; at += 1) answers.push((await server.inject('/subscribe')).statusCode);
    expect(answers.slice(0, 30).every((status) => status === 200)).toBe(true);
    expect(answers.at(-1)).toBe(429);
  });
});
