import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WHOLE_FILTER } from '../../src/model.ts';
import { appendChangeSet } from '../../src/store/changes.ts';
import {
  claimDelivery,
  dueDeliveries,
  findDelivery,
  insertDeliveries,
  listDeliveries,
  type NewDelivery,
  recordFailure,
  recordSent,
  suppressDelivery,
} from '../../src/store/deliveries.ts';
import { closeIssuesOf, listIssues, openIssue } from '../../src/store/issues.ts';
import { newDelivery } from '../../src/store/new-delivery.ts';
import { addOrganisation } from '../../src/store/organisations.ts';
import * as sources from '../../src/store/source-state.ts';
import {
  addSubscription,
  findSubscription,
  findSubscriptionByToken,
  listSubscriptions,
  removeSubscription,
  setSubscriptionStatus,
} from '../../src/store/subscriptions.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';
import { makeChangeSet } from './facts.ts';

const T0 = '2025-03-28T12:00:00.000Z';
const T1 = '2025-03-28T12:01:00.000Z';
const T20 = '2025-03-28T12:20:00.000Z';
const FILTER = { ...WHOLE_FILTER, countries: ['CN'] };

describe.each(backends)('subscriptions, deliveries, issues and sources on $name', ({ open }) => {
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

  test('what is due of one organisation leaves room for that of another, each in its own order', async () => {
    for (const organisationId of ['crowd', 'other'])
      await addOrganisation(db(), { organisationId, name: organisationId, createdAt: T0 });
    const due = async (organisationId: string, count: number, dueAt: string) => {
      const subscription = await addSubscription(db(), {
        ...{ organisationId, target: `desk@${organisationId}.example`, filter: FILTER, createdAt: T0 },
      });
      const rows = Array.from({ length: count }, (_none, at) => ({
        ...newDelivery(subscription, { kind: 'alert', subject: `${at}` }, 'https://x.example', T0),
        dueAt: new Date(Date.parse(dueAt) + at).toISOString(),
      }));
      await insertDeliveries(db(), rows);
    };
    await due('crowd', 1_500, T0);
    await due('other', 2, T1);
    const found = await dueDeliveries(db(), T20, 1_000);
    expect(found).toHaveLength(1_000);
    const of = (name: string) =>
      found.filter(({ recipient }) => recipient.includes(name)).map(({ subject }) => subject);
    expect(of('other')).toEqual(['0', '1']);
    expect(of('crowd')).toEqual(Array.from({ length: 998 }, (_none, at) => `${at}`));
  });

  test('a subscription is found by address in any case, by token and by id', async () => {
    const ann = await addSubscription(db(), { target: 'Ann@Example.org', filter: FILTER, createdAt: T0 });
    expect(ann).toMatchObject({ target: 'Ann@Example.org', status: 'active', filter: FILTER, createdAt: T0 });
    expect(await listSubscriptions(db(), { target: 'ann@example.ORG' })).toEqual([ann]);
    expect(await findSubscriptionByToken(db(), ann.token)).toEqual(ann);
    expect(await findSubscription(db(), ann.subscriptionId)).toEqual(ann);
    expect(await findSubscriptionByToken(db(), 'guess')).toBeNull();
    expect(Buffer.from(ann.token, 'base64url').length * 8).toBeGreaterThanOrEqual(128);
    expect(ann.token).not.toBe(ann.subscriptionId);
  });

  test('an address is subscribed once under each name', async () => {
    await addSubscription(db(), { target: 'ann@example.org', filter: FILTER, createdAt: T0 });
    const again = addSubscription(db(), { target: 'ANN@example.org', filter: FILTER, createdAt: T1 });
    await expect(again).rejects.toMatchObject({ code: 'subscription-exists', retry: false });
    const weekly = { target: 'ann@example.org', name: 'weekly', filter: WHOLE_FILTER, createdAt: T1 };
    expect(await addSubscription(db(), weekly)).toMatchObject({ name: 'weekly', filter: WHOLE_FILTER });
  });

  test('a subscription is paused, resumed and removed, and the deliveries stay', async () => {
    const ann = await addSubscription(db(), { target: 'ann@example.org', filter: FILTER, createdAt: T0 });
    await insertDeliveries(db(), [delivery({ subscriptionId: ann.subscriptionId })]);
    expect(await setSubscriptionStatus(db(), ann.subscriptionId, 'paused')).toBe(true);
    expect(await listSubscriptions(db(), { status: 'active' })).toEqual([]);
    expect(await listSubscriptions(db())).toHaveLength(1);
    expect(await removeSubscription(db(), ann.subscriptionId)).toBe(true);
    expect(await removeSubscription(db(), ann.subscriptionId)).toBe(false);
    expect(await setSubscriptionStatus(db(), ann.subscriptionId, 'active')).toBe(false);
    expect(await listDeliveries(db(), { subscriptionId: ann.subscriptionId })).toHaveLength(1);
  });

  test('a delivery exists once per subject, subscription and channel', async () => {
    const [first] = await insertDeliveries(db(), [delivery()]);
    expect(first).toMatchObject({
      status: 'due',
      attempts: 0,
      sentAt: null,
      maybeDuplicate: false,
      dueAt: T0,
    });
    const second = await insertDeliveries(db(), [
      delivery({ deliveryId: 'd-2' }),
      delivery({ deliveryId: 'd-3', subscriptionId: 'bob' }),
    ]);
    expect(second.map(({ deliveryId }) => deliveryId)).toEqual(['d-3']);
    expect(await insertDeliveries(db(), [])).toEqual([]);
  });

  test('of ten that claim a delivery at once, one gets it', async () => {
    await insertDeliveries(db(), [delivery()]);
    const claims = await Promise.all(Array.from({ length: 10 }, () => claimDelivery(db(), 'd-1', T1, null)));
    const won = claims.filter((claim) => claim !== null);
    expect(won).toHaveLength(1);
    expect(won[0]).toMatchObject({ status: 'sending', attempts: 1, claimedAt: T1, maybeDuplicate: false });
  });

  test('a claim that names no process is taken again after ten minutes, and says that it may be a duplicate', async () => {
    await insertDeliveries(db(), [delivery()]);
    await claimDelivery(db(), 'd-1', T0, null);
    expect(await claimDelivery(db(), 'd-1', T1, null)).toBeNull();
    expect(await dueDeliveries(db(), T1, 10)).toEqual([]);
    expect(await dueDeliveries(db(), T20, 10)).toHaveLength(1);
    const again = await claimDelivery(db(), 'd-1', T20, null);
    expect(again).toMatchObject({ attempts: 2, maybeDuplicate: true });
    await recordSent(db(), 'd-1', { at: T20, outcome: '250 OK' });
    const sent = await findDelivery(db(), 'd-1');
    expect(sent).toMatchObject({ status: 'sent', sentAt: T20, outcome: '250 OK', maybeDuplicate: true });
    expect(await claimDelivery(db(), 'd-1', '2030-01-01T00:00:00.000Z', null)).toBeNull();
  });

  test('a failure is due again later, or final', async () => {
    await insertDeliveries(db(), [delivery()]);
    await claimDelivery(db(), 'd-1', T0, null);
    await recordFailure(db(), 'd-1', { outcome: '451 later', retryAt: T1 });
    expect(await dueDeliveries(db(), T0, 10)).toEqual([]);
    expect(await dueDeliveries(db(), T1, 10)).toMatchObject([
      { outcome: '451 later', maybeDuplicate: false },
    ]);
    await claimDelivery(db(), 'd-1', T1, null);
    await recordFailure(db(), 'd-1', { outcome: '550 no such user', retryAt: null, maybeSent: true });
    expect(await listDeliveries(db(), { status: 'failed' })).toMatchObject([
      { attempts: 2, maybeDuplicate: true },
    ]);
    expect(await claimDelivery(db(), 'd-1', T20, null)).toBeNull();
  });

  test('what was sent is never marked otherwise; what was not can be suppressed', async () => {
    await insertDeliveries(db(), [delivery(), delivery({ deliveryId: 'd-2', subscriptionId: 'bob' })]);
    await recordSent(db(), 'd-1', { at: T1, outcome: '250 OK' });
    await recordFailure(db(), 'd-1', { outcome: 'late', retryAt: T20 });
    expect(await suppressDelivery(db(), 'd-1', 'unsubscribed')).toBe(false);
    expect(await suppressDelivery(db(), 'd-2', 'unsubscribed')).toBe(true);
    expect(await findDelivery(db(), 'd-1')).toMatchObject({ status: 'sent', outcome: '250 OK' });
    expect(await findDelivery(db(), 'd-2')).toMatchObject({ status: 'suppressed', outcome: 'unsubscribed' });
  });

  test('an issue is open once, closes, and can open again', async () => {
    const issue = {
      number: '2025-05427',
      publishedOn: '2025-03-28',
      code: 'unknown-verb',
      holds: true,
      message: 'The verb "transfer" is not known.',
      excerpt: 'By transferring\0 …',
      locator: { instruction: '2.a', row: 1, page: null },
      openedAt: T0,
    };
    expect(await openIssue(db(), issue)).toEqual({ isNew: true });
    expect(await openIssue(db(), issue)).toEqual({ isNew: false });
    expect(await openIssue(db(), { ...issue, excerpt: null })).toEqual({ isNew: true });
    expect(await openIssue(db(), { ...issue, number: null })).toEqual({ isNew: true });
    expect(await listIssues(db(), { open: true })).toHaveLength(3);
    expect(await closeIssuesOf(db(), '2025-05427', T1, 'other-code')).toBe(0);
    expect(await closeIssuesOf(db(), '2025-05427', T1)).toBe(2);
    expect(await openIssue(db(), issue)).toEqual({ isNew: true });
    expect(await listIssues(db(), { open: false })).toHaveLength(2);
    const [newest] = await listIssues(db(), { number: '2025-05427', open: true });
    expect(newest).toMatchObject({ ...issue, excerpt: 'By transferring …', closedAt: null });
  });

  test('a source remembers its last success beside its last failure', async () => {
    await sources.recordSuccess(db(), 'federal-register', T0, { found: 3 });
    await sources.recordFailure(db(), 'federal-register', T1, 'http-503: no answer');
    await sources.recordFailure(db(), 'csl', T1, 'http-404: gone');
    const [csl, register] = await sources.listSourceStates(db());
    expect(csl).toMatchObject({ source: 'csl', lastSuccessAt: null, lastFailureAt: T1 });
    expect(register).toMatchObject({ lastSuccessAt: T0, lastFailureAt: T1, failure: 'http-503: no answer' });
    await sources.recordSuccess(db(), 'federal-register', T20);
    const states = await sources.listSourceStates(db());
    expect(states[1]).toMatchObject({ lastSuccessAt: T20, lastFailureAt: T1, failure: null });
  });
});

function delivery(fields: Partial<NewDelivery> = {}): NewDelivery {
  return {
    deliveryId: 'd-1',
    kind: 'alert',
    subject: 'set-1',
    changeSetId: 'set-1',
    subscriptionId: 'ann',
    recipient: 'ann@example.org',
    channel: 'email',
    messageId: '<d-1@example.org>',
    dueAt: T0,
    createdAt: T0,
    ...fields,
  };
}
