import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Subscription, WHOLE_FILTER } from '../../src/model.ts';
import { appendChangeSet } from '../../src/store/changes.ts';
import {
  areNewestFailed,
  claimDelivery,
  countByStatus,
  countDeliveriesTo,
  dueDeliveries,
  findDelivery,
  insertDeliveries,
  isAnyWaitingFor,
  ledgerPage,
  listDeliveries,
  listQuestions,
  makeDueAgain,
  type NewDelivery,
  recordBounce,
  recordComplaint,
  recordFailure,
  recordSent,
  suppressDelivery,
} from '../../src/store/deliveries.ts';
import { newDelivery } from '../../src/store/new-delivery.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';
import { makeChangeSet } from './facts.ts';

const DAY_MS = 24 * 60 * 60_000;
const T0 = '2025-03-28T12:00:00.000Z';
const T1 = '2025-03-28T12:01:00.000Z';
const T2 = '2025-03-28T12:02:00.000Z';
const later = (milliseconds: number) => new Date(Date.parse(T0) + milliseconds).toISOString();

describe.each(backends)('the ledger of deliveries on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    await database.empty();
    await inTransaction(db(), (tx) => appendChangeSet(tx, makeChangeSet(), []));
  });
  afterAll(() => database.close());
  const db = () => database.kysely;

  /** One for each id, each to a subscription of its own unless it says otherwise. */
  const insert = (...rows: (Partial<NewDelivery> & { deliveryId: string })[]) =>
    insertDeliveries(db(), rows.map(delivery));
  const idsOf = (rows: { deliveryId: string }[]) => rows.map(({ deliveryId }) => deliveryId);
  const stored = async (deliveryId: string) => (await findDelivery(db(), deliveryId))!;

  test('answers every one of thousands that were new, and none of them a second time', async () => {
    const rows = Array.from({ length: 2_001 }, (_none, at) => delivery({ deliveryId: `d-${at}` }));
    expect(new Set(idsOf(await insertDeliveries(db(), rows))).size).toBe(2_001);
    expect(await insertDeliveries(db(), rows)).toEqual([]);
    expect(await countByStatus(db())).toEqual({ due: 2_001 });
  });

  test('tells one subject to one subscription by two channels as two deliveries', async () => {
    const both = { subscriptionId: 'ann', subject: 'set-1' } as const;
    await insert({ deliveryId: 'mail', ...both }, { deliveryId: 'post', ...both, channel: 'webhook' });
    expect(await countDeliveriesTo(db(), 'ann')).toBe(2);
    expect(await countDeliveriesTo(db(), 'bob')).toBe(0);
  });

  describe('a claim', () => {
    test('is for the wanted channel alone', async () => {
      await insert({ deliveryId: 'post', channel: 'webhook' });
      expect(await claimDelivery(db(), 'post', T1, null, 'email')).toBeNull();
      expect(await stored('post')).toMatchObject({ status: 'due', attempts: 0 });
      expect(await claimDelivery(db(), 'post', T1, null, 'webhook')).toMatchObject({ status: 'sending' });
    });

    test('of a delivery takes no other one', async () => {
      await insert({ deliveryId: 'one' }, { deliveryId: 'other' });
      await claimDelivery(db(), 'one', T1, null);
      expect(await countByStatus(db())).toEqual({ sending: 1, due: 1 });
      expect(await claimDelivery(db(), 'nothing', T1, null)).toBeNull();
    });

    test('by a process holds for a day, and no longer', async () => {
      await insert({ deliveryId: 'one' });
      expect(await claimDelivery(db(), 'one', T0, 7)).toMatchObject({ claimedBy: 7 });
      expect(await claimDelivery(db(), 'one', later(DAY_MS), 8)).toBeNull();
      expect(await dueDeliveries(db(), later(DAY_MS), 10)).toEqual([]);
      expect(idsOf(await dueDeliveries(db(), later(DAY_MS + 1), 10))).toEqual(['one']);
      expect(await claimDelivery(db(), 'one', later(DAY_MS + 1), 8)).toMatchObject({
        attempts: 2,
        claimedBy: 8,
        maybeDuplicate: true,
      });
    });

    test('without a process holds for ten minutes, and no longer', async () => {
      await insert({ deliveryId: 'one' });
      await claimDelivery(db(), 'one', T0, null);
      expect(await claimDelivery(db(), 'one', later(600_000), 8)).toBeNull();
      expect(await claimDelivery(db(), 'one', later(600_001), 8)).toMatchObject({ attempts: 2 });
    });

    test('once said to be a possible duplicate stays one at the next try', async () => {
      await insert({ deliveryId: 'one' });
      await claimDelivery(db(), 'one', T0, null);
      await recordFailure(db(), 'one', { outcome: 'silent', retryAt: T1, maybeSent: true });
      expect(await claimDelivery(db(), 'one', T1, null)).toMatchObject({ maybeDuplicate: true });
      await recordFailure(db(), 'one', { outcome: 'refused', retryAt: T2 });
      expect(await stored('one')).toMatchObject({ maybeDuplicate: true });
    });

    test.each([
      ['sent', (id: string) => recordSent(db(), id, { at: T1, outcome: '250 OK' })],
      ['due', (id: string) => recordFailure(db(), id, { outcome: '451 later', retryAt: T1 })],
      ['failed', (id: string) => recordFailure(db(), id, { outcome: '550 no', retryAt: null })],
      ['suppressed', (id: string) => suppressDelivery(db(), id, 'paused')],
      ['failed', (id: string) => recordFailure(db(), id, { outcome: '', retryAt: null, untried: true })],
    ] as const)('ends where the delivery is %s, and touches no other', async (status, end) => {
      await insert({ deliveryId: 'one' }, { deliveryId: 'other' });
      for (const id of ['one', 'other']) await claimDelivery(db(), id, T0, null);
      await end('one');
      expect(await stored('one')).toMatchObject({ status, claimedAt: null });
      expect(await stored('other')).toMatchObject({ status: 'sending', claimedAt: T0 });
    });

    test('that led to no try is not counted as one', async () => {
      await insert({ deliveryId: 'one' });
      await claimDelivery(db(), 'one', T0, null);
      await recordFailure(db(), 'one', { outcome: 'waits', retryAt: T1, untried: true });
      expect(await stored('one')).toMatchObject({ status: 'due', attempts: 0, dueAt: T1, outcome: 'waits' });
      await claimDelivery(db(), 'one', T1, null);
      await recordFailure(db(), 'one', { outcome: 'refused', retryAt: T2 });
      expect(await stored('one')).toMatchObject({ attempts: 1, dueAt: T2, outcome: 'refused' });
    });
  });

  test('what is due comes by its time, then by its id, and what is not due yet does not come', async () => {
    await insert(
      { deliveryId: 'late', dueAt: T1 },
      { deliveryId: 'b' },
      { deliveryId: 'a' },
      { deliveryId: 'not yet', dueAt: T2 },
      { deliveryId: 'done' },
    );
    await recordSent(db(), 'done', { at: T0, outcome: '250 OK' });
    expect(idsOf(await dueDeliveries(db(), T1, 10))).toEqual(['a', 'b', 'late']);
    expect(idsOf(await dueDeliveries(db(), T1, 2))).toEqual(['a', 'b']);
  });

  describe('a bounce', () => {
    test('of what was sent is news once, and when it was sent stays', async () => {
      await insert({ deliveryId: 'one' }, { deliveryId: 'other' });
      for (const id of ['one', 'other']) await recordSent(db(), id, { at: T1, outcome: '250 OK' });
      expect(await recordBounce(db(), 'one', 'bounced-5.1.1')).toBe(true);
      expect(await stored('one')).toMatchObject({ status: 'failed', sentAt: T1, outcome: 'bounced-5.1.1' });
      expect(await recordBounce(db(), 'one', 'bounced-5.7.1')).toBe(false);
      expect(await stored('one')).toMatchObject({ outcome: 'bounced-5.1.1' });
      expect(await stored('other')).toMatchObject({ status: 'sent', outcome: '250 OK' });
    });

    test('of what may have been sent is news, and of what was not is none', async () => {
      await insert({ deliveryId: 'maybe' }, { deliveryId: 'never' });
      for (const [id, maybeSent] of [
        ['maybe', true],
        ['never', false],
      ] as const) {
        await claimDelivery(db(), id, T0, null);
        await recordFailure(db(), id, { outcome: 'silent', retryAt: T1, maybeSent });
      }
      await claimDelivery(db(), 'maybe', T1, null);
      expect(await recordBounce(db(), 'maybe', 'bounced-5.1.1')).toBe(true);
      expect(await stored('maybe')).toMatchObject({ status: 'failed', claimedAt: null });
      expect(await recordBounce(db(), 'never', 'bounced-5.1.1')).toBe(false);
      expect(await stored('never')).toMatchObject({ status: 'due', outcome: 'silent' });
    });
  });

  describe('a complaint', () => {
    test('about what arrived is news once, leaves it sent, and is written over what the server said', async () => {
      await insert({ deliveryId: 'one' }, { deliveryId: 'other' });
      for (const id of ['one', 'other']) await recordSent(db(), id, { at: T1, outcome: '250 OK' });
      expect(await recordComplaint(db(), 'one', 'complaint-abuse')).toBe(true);
      expect(await recordComplaint(db(), 'one', 'complaint-fraud')).toBe(false);
      expect(await stored('one')).toMatchObject({ status: 'sent', outcome: 'complaint-abuse' });
      expect(await stored('other')).toMatchObject({ outcome: '250 OK' });
    });

    test('about what may have been sent is news, and about what was not is none', async () => {
      await insert({ deliveryId: 'maybe' }, { deliveryId: 'never' });
      await recordFailure(db(), 'maybe', { outcome: 'silent', retryAt: T1, maybeSent: true });
      expect(await recordComplaint(db(), 'maybe', 'complaint-abuse')).toBe(true);
      expect(await recordComplaint(db(), 'never', 'complaint-abuse')).toBe(false);
      expect(await stored('never')).toMatchObject({ outcome: null });
    });
  });

  describe('what ended is due again', () => {
    test.each([
      ['was sent', (id: string) => recordSent(db(), id, { at: T1, outcome: '250 OK' })],
      ['failed', (id: string) => recordFailure(db(), id, { outcome: '550', retryAt: null })],
      ['was suppressed', (id: string) => suppressDelivery(db(), id, 'paused')],
    ] as const)('where it %s, from the first attempt on', async (_what, end) => {
      await insert({ deliveryId: 'one' }, { deliveryId: 'other' });
      for (const id of ['one', 'other']) await claimDelivery(db(), id, T0, null);
      await end('one');
      await end('other');
      expect(await makeDueAgain(db(), 'one', T2)).toBe(true);
      expect(await stored('one')).toMatchObject({ status: 'due', attempts: 0, dueAt: T2, claimedAt: null });
      expect((await stored('other')).status).not.toBe('due');
    });

    test('but not where it is under way, nor from another state than was asked for', async () => {
      await insert({ deliveryId: 'one' });
      await claimDelivery(db(), 'one', T0, null);
      expect(await makeDueAgain(db(), 'one', T2)).toBe(false);
      await recordSent(db(), 'one', { at: T1, outcome: '250 OK' });
      expect(await makeDueAgain(db(), 'one', T2, ['failed'])).toBe(false);
      expect(await stored('one')).toMatchObject({ status: 'sent' });
    });
  });

  describe('a target is refused for good', () => {
    /** Its messages from the oldest to the newest: f(ailed) or s(ent), each a minute after the other. */
    async function send(ends: string, fields: Partial<NewDelivery> = {}): Promise<boolean> {
      for (const [at, end] of [...ends].entries()) {
        const deliveryId = `${fields.kind ?? ''}${at}`;
        const createdAt = later(at * 60_000);
        await insert({ deliveryId, subscriptionId: 'hook', createdAt, ...fields });
        if (end === 's') await recordSent(db(), deliveryId, { at: createdAt, outcome: '204' });
        else await recordFailure(db(), deliveryId, { outcome: '400', retryAt: null });
      }
      return areNewestFailed(db(), 'hook');
    }

    test.each([
      ['f', false],
      ['ff', false],
      ['fff', true],
      ['sfff', true],
      ['ffsf', false],
      ['fsff', false],
      ['fffs', false],
    ])('after %s: %s', async (ends, expected) => {
      expect(await send(ends)).toBe(expected);
    });

    test('by digests and quiet days as by alerts, and not by tests', async () => {
      expect(await send('ff', { kind: 'digest' })).toBe(false);
      expect(await send('f', { kind: 'test' })).toBe(false);
      expect(await send('f', { kind: 'quiet' })).toBe(true);
    });

    test('by its own messages only', async () => {
      expect(await send('ff')).toBe(false);
      await insert({ deliveryId: 'of another' });
      await recordFailure(db(), 'of another', { outcome: '400', retryAt: null });
      expect(await areNewestFailed(db(), 'hook')).toBe(false);
    });

    test('but what a digest took in is no message of its own', async () => {
      await send('ff');
      await insert({ deliveryId: 'taken', subscriptionId: 'hook', createdAt: later(DAY_MS) });
      await recordFailure(db(), 'taken', { outcome: '400', retryAt: null });
      await db().updateTable('delivery').set({ digestId: '0' }).where('deliveryId', '=', 'taken').execute();
      expect(await areNewestFailed(db(), 'hook')).toBe(false);
    });
  });

  test('another delivery waits for what an error names, mail and what has ended left out', async () => {
    const waits = (but = 'none') => isAnyWaitingFor(db(), 'sealed-unreadable', but);
    await insert(
      { deliveryId: 'mail', channel: 'email' },
      { deliveryId: 'ended', channel: 'slack' },
      { deliveryId: 'other reason', channel: 'webhook' },
      { deliveryId: 'waiting', channel: 'webhook' },
    );
    const outcome = 'sealed-unreadable: the key is another';
    await recordFailure(db(), 'mail', { outcome, retryAt: T1 });
    await recordFailure(db(), 'ended', { outcome, retryAt: null });
    await recordFailure(db(), 'other reason', { outcome: `webhook-500: ${outcome}`, retryAt: T1 });
    expect(await waits()).toBe(false);
    await recordFailure(db(), 'waiting', { outcome, retryAt: T1 });
    expect(await waits()).toBe(true);
    expect(await waits('waiting')).toBe(false);
    await claimDelivery(db(), 'waiting', T1, null);
    expect(await waits()).toBe(true);
  });

  describe('a list of it', () => {
    beforeEach(async () => {
      await insert(
        { deliveryId: 'b', recipient: '100%_sure@example.org' },
        { deliveryId: 'a', channel: 'webhook', recipient: 'https://hooks.example.org' },
        { deliveryId: 'c', createdAt: T1, subject: 'rule 2025-05426', changeSetId: null },
      );
      await recordSent(db(), 'c', { at: T1, outcome: '250 Queued' });
    });

    test('is the newest first, then by id', async () => {
      expect(idsOf(await listDeliveries(db()))).toEqual(['c', 'a', 'b']);
      expect(idsOf(await listDeliveries(db(), { limit: 1, offset: 1 }))).toEqual(['a']);
    });

    test.each([
      [{ changeSetId: 'set-1' }, ['a', 'b']],
      [{ subscriptionId: 'to-b' }, ['b']],
      [{ status: 'sent' }, ['c']],
      [{ channel: 'webhook' }, ['a']],
      [{ channel: 'email', status: 'due' }, ['b']],
    ] as const)('can be of %j alone', async (filter, expected) => {
      expect(idsOf(await listDeliveries(db(), filter))).toEqual(expected);
    });

    test.each([
      ['HOOKS.example', ['a']],
      ['2025-05426', ['c']],
      ['queued', ['c']],
      ['100%_sure', ['b']],
      ['%', ['b']],
      ['_', ['b']],
      ['\\', []],
    ])('can be of what has %j in it, sign by sign', async (text, expected) => {
      expect(idsOf(await listDeliveries(db(), { text }))).toEqual(expected);
    });

    test('goes on behind any of them, at an instant of several too', async () => {
      const behind = async (deliveryId: string) =>
        idsOf(await listDeliveries(db(), { behind: await stored(deliveryId) }));
      expect(await behind('c')).toEqual(['a', 'b']);
      expect(await behind('a')).toEqual(['b']);
      expect(await behind('b')).toEqual([]);
    });
  });

  test('is read in pages from the oldest on, since a day, and goes on behind any of them', async () => {
    await insert({ deliveryId: 'b' }, { deliveryId: 'a' }, { deliveryId: 'c', createdAt: T1 });
    const page = async (after: string | null, since: string | null, limit = 10) =>
      idsOf(await ledgerPage(db(), { after: after === null ? null : await stored(after), since, limit }));
    expect(await page(null, null)).toEqual(['a', 'b', 'c']);
    expect(await page(null, null, 2)).toEqual(['a', 'b']);
    expect(await page('a', null)).toEqual(['b', 'c']);
    expect(await page('b', null)).toEqual(['c']);
    expect(await page('c', null)).toEqual([]);
    expect(await page(null, T1)).toEqual(['c']);
    expect(await page(null, T0)).toEqual(['a', 'b', 'c']);
  });

  test('knows when an address was asked to confirm, in any case and in whatever subscription', async () => {
    await insert(
      { deliveryId: 'old', kind: 'confirm', recipient: 'ann@example.org', createdAt: T0 },
      { deliveryId: 'new', kind: 'confirm', recipient: 'Ann@Example.org', createdAt: T1 },
      { deliveryId: 'alert', kind: 'alert', recipient: 'ann@example.org', createdAt: T2 },
      { deliveryId: 'bob', kind: 'confirm', recipient: 'bob@example.org', createdAt: T2 },
    );
    expect(await listQuestions(db(), 'ANN@example.ORG', T0)).toEqual([T1]);
    expect((await listQuestions(db(), 'ann@example.org', '2025-01-01T00:00:00.000Z')).sort()).toEqual([
      T0,
      T1,
    ]);
  });
});

describe('a new delivery', () => {
  const subscription = {
    ...{ subscriptionId: 'ann', channel: 'webhook', target: 'https://hooks.example.org', contact: null },
    filter: WHOLE_FILTER,
  } as unknown as Subscription;
  const make = (subject: string, of: Partial<Subscription> = {}, kind: 'alert' | 'disabled' = 'alert') =>
    newDelivery({ ...subscription, ...of }, { kind, subject }, 'https://watch.example.org:8443/x', T0);

  test('is due now, by the channel of its subscription, and of no change set yet', () => {
    expect(make('set-1')).toMatchObject({
      ...{ kind: 'alert', subject: 'set-1', subscriptionId: 'ann', changeSetId: null },
      ...{ channel: 'webhook', recipient: 'https://hooks.example.org', dueAt: T0, createdAt: T0 },
    });
  });

  test('has an id that follows from what is told to whom by which channel', () => {
    const { deliveryId } = make('set-1');
    expect(deliveryId).toMatch(/^[0-9a-f]{32}$/u);
    expect(make('set-1', { target: 'https://elsewhere.example.org' }).deliveryId).toBe(deliveryId);
    const others = [
      make('set-2'),
      make('set-1', { subscriptionId: 'bob' }),
      make('set-1', { channel: 'email' }),
    ];
    expect(new Set([deliveryId, ...others.map((one) => one.deliveryId)]).size).toBe(4);
  });

  test('has a Message-ID that is one word, shows the subject and ends with our host', () => {
    const { deliveryId, messageId } = make('digest 2025-03-28 / week\n(all)');
    expect(messageId).toBe(`<digest-2025-03-28-week-all-.${deliveryId}@watch.example.org>`);
    expect(make('x'.repeat(300)).messageId).toMatch(/^<x{60}\.[0-9a-f]{32}@watch\.example\.org>$/u);
  });

  test('that a target was given up goes by mail to who can be reached, else to where mail went', () => {
    expect(make('disabled 1', { contact: 'owner@example.org' }, 'disabled')).toMatchObject({
      ...{ channel: 'email', recipient: 'owner@example.org' },
    });
    expect(make('disabled 1', { target: 'ann@example.org' }, 'disabled')).toMatchObject({
      ...{ channel: 'email', recipient: 'ann@example.org' },
    });
    expect(make('set-1', { contact: 'owner@example.org' })).toMatchObject({ channel: 'webhook' });
  });
});

function delivery(fields: Partial<NewDelivery> & { deliveryId: string }): NewDelivery {
  const { deliveryId } = fields;
  return {
    kind: 'alert',
    subject: deliveryId,
    changeSetId: 'set-1',
    subscriptionId: `to-${deliveryId}`,
    recipient: 'ann@example.org',
    channel: 'email',
    messageId: `<${deliveryId}@example.org>`,
    dueAt: T0,
    createdAt: T0,
    ...fields,
  };
}
