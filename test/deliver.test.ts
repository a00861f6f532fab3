import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { deliver } from '../src/deliver.ts';
import { type StandIn, startStandIn } from '../src/demo/stand-in.ts';
import { ElwatchError } from '../src/errors.ts';
import { notify } from '../src/notify.ts';
import type { Parts } from '../src/parts.ts';
import { screenChangeSet } from '../src/screening.ts';
import { createSecrets } from '../src/secrets.ts';
import { appendChangeSet, changesOf } from '../src/store/changes.ts';
import { dueDeliveries, findDelivery, insertDeliveries, listDeliveries } from '../src/store/deliveries.ts';
import { listIssues } from '../src/store/issues.ts';
import { newDelivery } from '../src/store/new-delivery.ts';
import { findSealed, findSubscription, setSubscriptionStatus } from '../src/store/subscriptions.ts';
import { inTransaction } from '../src/store/transaction.ts';
import { addWatchlist } from '../src/store/watchlists.ts';
import { replay } from '../src/subscribe/replay.ts';
import { rotateSecret } from '../src/subscribe/rotate-secret.ts';
import { subscribe } from '../src/subscribe.ts';
import { readSubscriptionRequest } from '../src/subscription-request.ts';
import { openApi } from './helpers/api.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { openParts } from './helpers/parts.ts';
import { type Receiver, startReceiver } from './helpers/receiver.ts';
import { uploadCsv } from './helpers/watchlist.ts';
import { makeChange, makeChangeSet, makeText } from './store/facts.ts';

describe.each(backends)('a change set by webhook and chat on $name', ({ open }) => {
  let database: TestDatabase;
  let upstream: StandIn;
  let outbox: string;
  let receiver: Receiver;
  let answer: (response: ServerResponse) => void;
  let parts: Parts;
  let now: string;

  beforeAll(async () => {
    database = await open();
    upstream = await startStandIn({ documents: [], supplements: [], today: '2031-03-04' });
    outbox = await mkdtemp(join(tmpdir(), 'elwatch-test-'));
  });
  afterAll(async () => {
    await database.close();
    await upstream.close();
    await rm(outbox, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await database.empty();
    now = '2031-03-04T14:00:00.000Z';
    answer = (response) => response.writeHead(204).end();
    receiver = await startReceiver((response) => answer(response));
    parts = openParts({ database, upstream, outbox, now: () => now });
    await inTransaction(parts.db, (tx) => appendChangeSet(tx, makeChangeSet(), [makeChange()]));
  });
  afterEach(async () => {
    await parts.webhooks.close();
    await parts.chat.close();
    await parts.email.close();
    await receiver.close();
  });

  async function ask(fields: object = {}) {
    const target = `${receiver.origin}/hook?key=hidden`;
    const request = readSubscriptionRequest({ channel: 'webhook', target, ...fields });
    return subscribe(parts, request, 'operator', 'the operator');
  }
  async function tell(): Promise<string[]> {
    const ids = await notify(parts, makeChangeSet().changeSetId);
    return Promise.all(ids.map((id) => deliver(parts, id)));
  }
  /** As a receiver at the present instant would: the library refuses what is five minutes off. */
  function verify(secret: string, post: Receiver['received'][number]) {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(now) });
    try {
      return new Webhook(secret).verify(post.body, headersOf(post));
    } finally {
      vi.useRealTimers();
    }
  }
  const headersOf = (post: Receiver['received'][number]) => post.headers as Record<string, string>;

  test('is signed with the secret that was shown once, and comes once', async () => {
    const { subscription, signingSecret } = await ask();
    expect(subscription.target).toBe(`${receiver.origin}/hook?…`);
    expect(JSON.stringify(subscription)).not.toContain('hidden');
    expect(await findSealed(parts.db, subscription.subscriptionId)).not.toContain('hidden');
    expect(await tell()).toEqual(['sent']);
    expect(await tell()).toEqual([]);
    expect(receiver.received).toHaveLength(1);
    const [post] = receiver.received;
    expect(post?.path).toBe('/hook?key=hidden');
    const payload = verify(signingSecret!, post!);
    expect(payload).toMatchObject({ type: 'change_set.applied' });
    const [delivery] = await listDeliveries(parts.db);
    expect(delivery).toMatchObject({ status: 'sent', channel: 'webhook', recipient: subscription.target });
    expect(headersOf(post!)['webhook-id']).toBe(delivery?.deliveryId);
  });

  describe('that the target took while the database refuses to record it', () => {
    const refuse = (times: number) =>
      sql
        .raw(
          `create sequence refused;
           create function refuse_sent() returns trigger language plpgsql as $$
           begin
             if new.status = 'sent' and nextval('refused') <= ${times} then raise exception 'away for now'; end if;
             return new;
           end $$;
           create trigger refuse_sent before update on delivery for each row execute function refuse_sent()`,
        )
        .execute(parts.db);
    afterEach(() => sql.raw('drop function refuse_sent cascade; drop sequence refused').execute(parts.db));

    test('for a moment is recorded all the same, and comes once', async () => {
      await ask();
      await refuse(2);
      expect(await tell()).toEqual(['sent']);
      expect(receiver.received).toHaveLength(1);
      expect(await listDeliveries(parts.db)).toMatchObject([
        { status: 'sent', attempts: 1, maybeDuplicate: false },
      ]);
    });

    test('for good is sent again, and the ledger says that it may have come', async () => {
      await ask();
      await refuse(1_000);
      expect(await tell()).toEqual(['due']);
      expect(await listDeliveries(parts.db)).toMatchObject([{ status: 'due', maybeDuplicate: true }]);
    }, 20_000);
  });

  test('is signed with the old secret too for a day after a new one was made', async () => {
    const { subscription, signingSecret } = await ask();
    const newer = await rotateSecret(parts, subscription.subscriptionId);
    await tell();
    const [first] = receiver.received;
    for (const secret of [signingSecret!, newer]) expect(verify(secret, first!)).toBeTruthy();
    now = '2031-03-05T14:00:01.000Z';
    const { deliveryIds } = await replay(parts, subscription.subscriptionId, 0);
    for (const id of deliveryIds) await deliver(parts, id);
    const second = receiver.received[1]!;
    expect(verify(newer, second)).toBeTruthy();
    expect(() => verify(signingSecret!, second)).toThrow();
  });

  test('is sent again on demand from a sequence number, under the same id', async () => {
    const { subscription } = await ask();
    await tell();
    expect((await replay(parts, subscription.subscriptionId, 1_000_000)).deliveryIds).toEqual([]);
    const { deliveryIds, next } = await replay(parts, subscription.subscriptionId, 0);
    expect({ count: deliveryIds.length, next }).toEqual({ count: 1, next: null });
    expect(await deliver(parts, deliveryIds[0]!)).toBe('sent');
    const ids = receiver.received.map((post) => headersOf(post)['webhook-id']);
    expect(ids).toEqual([deliveryIds[0], deliveryIds[0]]);
  });

  test('is replayed with what came after it, the oldest first, whatever their ids', async () => {
    const { subscription } = await ask();
    for (let at = 0; at < 6; at += 1)
      await inTransaction(parts.db, (tx) =>
        appendChangeSet(tx, makeChangeSet({ changeSetId: `later-${at}`, knownAt: now }), [
          makeChange({ entryId: `later-${at}` }),
        ]),
      );
    await replay(parts, subscription.subscriptionId, 0);
    const due = await dueDeliveries(parts.db, '2031-03-04T14:00:01.000Z', 100);
    expect(due.map(({ changeSetId }) => changeSetId)).toEqual([
      makeChangeSet().changeSetId,
      ...Array.from({ length: 6 }, (_none, at) => `later-${at}`),
    ]);
  });

  test('is not replayed to who watches counterparties that it does not hit', async () => {
    const watchlist = await addWatchlist(parts.db, {
      ...{ organisationId: 'operator', name: 'suppliers', threshold: null, createdAt: now },
    });
    const { subscription } = await ask({ watchlists: [watchlist.watchlistId] });
    expect((await replay(parts, subscription.subscriptionId, 0)).deliveryIds).toEqual([]);
    // A correction goes to who got what it corrects, and to nobody else.
    await inTransaction(parts.db, (tx) =>
      appendChangeSet(
        tx,
        makeChangeSet({ changeSetId: 'corrected', cause: 'reparse', follows: makeChangeSet().changeSetId }),
        [makeChange({ entryId: 'corrected', kind: 'revised' })],
      ),
    );
    expect((await replay(parts, subscription.subscriptionId, 0)).deliveryIds).toEqual([]);
    const told = newDelivery(
      subscription,
      { kind: 'alert', subject: makeChangeSet().changeSetId },
      parts.baseUrl,
      now,
    );
    await insertDeliveries(parts.db, [{ ...told, changeSetId: makeChangeSet().changeSetId }]);
    expect((await replay(parts, subscription.subscriptionId, 0)).deliveryIds).toHaveLength(1);
  });

  test('is replayed to who watches counterparties that it hits, and tells the hit', async () => {
    const watchlist = await uploadCsv(parts, 'suppliers', 'id,name\n17,Novel Rotor Works\n18,Quiet Bakery\n');
    const addHit = (changeSetId: string, name: string) =>
      inTransaction(parts.db, (tx) =>
        appendChangeSet(tx, makeChangeSet({ changeSetId, knownAt: now }), [
          makeChange({ entryId: changeSetId, name, after: makeText({ name }) }),
        ]),
      );
    await addHit('hits', 'Novel Rotor Works Co., Ltd.');
    await addHit('misses', 'Nobody We Trade With');
    for (const changeSetId of [makeChangeSet().changeSetId, 'hits', 'misses'])
      await screenChangeSet(parts, changeSetId);
    const { subscription } = await ask({ watchlists: [watchlist.watchlistId] });
    const before = (await changesOf(parts.db, 'hits'))[0]!.seq - 1;
    const { deliveryIds, next } = await replay(parts, subscription.subscriptionId, before);
    expect({ count: deliveryIds.length, next }).toEqual({ count: 1, next: null });
    expect(await deliver(parts, deliveryIds[0]!)).toBe('sent');
    const { data } = JSON.parse(receiver.received[0]!.body);
    expect(data).toMatchObject({ changeSetId: 'hits', changesCount: 1, hitsCount: 1 });
    expect(data.hits[0]).toMatchObject({ ref: '17', counterparty: 'Novel Rotor Works' });
    // Once more, after it was taken: the same message under the same id, and nothing from behind it.
    const again = await replay(parts, subscription.subscriptionId, before);
    expect(again.deliveryIds).toEqual(deliveryIds);
    expect(await deliver(parts, deliveryIds[0]!)).toBe('sent');
    expect(headersOf(receiver.received[1]!)['webhook-id']).toBe(
      headersOf(receiver.received[0]!)['webhook-id'],
    );
    expect((await replay(parts, subscription.subscriptionId, before + 1)).deliveryIds).toEqual([]);
  });

  test('waits longer after each failure and ends after three days, which its owner is told', async () => {
    answer = (response) => response.writeHead(503).end('later');
    const { subscription } = await ask({ contact: 'owner@example.org' });
    const [deliveryId] = await notify(parts, makeChangeSet().changeSetId);
    const waits: number[] = [];
    let done: string = await deliver(parts, deliveryId!);
    while (done === 'due') {
      const [{ dueAt }] = (await listDeliveries(parts.db)) as unknown as [{ dueAt: string }];
      waits.push(Math.round((Date.parse(dueAt) - Date.parse(now)) / 1000));
      now = dueAt;
      done = await deliver(parts, deliveryId!);
    }
    expect(done).toBe('failed');
    expect(receiver.received).toHaveLength(10);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.reduce((sum, wait) => sum + wait) / 3600).toBeGreaterThan(65);
    expect(await findSubscription(parts.db, subscription.subscriptionId)).toMatchObject({
      status: 'disabled',
      statusReason: expect.stringContaining('webhook-503'),
    });
    const due = await dueDeliveries(parts.db, now, 10);
    expect(due).toMatchObject([{ kind: 'disabled', channel: 'email', recipient: 'owner@example.org' }]);
    expect(await deliver(parts, due[0]!.deliveryId)).toBe('sent');
    const [file] = await readdir(outbox);
    expect(await readFile(join(outbox, file!), 'utf8')).toContain('webhook-503');
  });

  test('is given up at once where the target is gone, and comes by a replay after it was resumed', async () => {
    answer = (response) => response.writeHead(410).end();
    const { subscription } = await ask();
    expect(await tell()).toEqual(['failed']);
    expect(await findSubscription(parts.db, subscription.subscriptionId)).toMatchObject({
      status: 'disabled',
    });
    answer = (response) => response.writeHead(204).end();
    await setSubscriptionStatus(parts.db, subscription.subscriptionId, 'active');
    const { deliveryIds } = await replay(parts, subscription.subscriptionId, 0);
    expect(await deliver(parts, deliveryIds[0]!)).toBe('sent');
  });

  test('is kept where we cannot open its target, which is our fault: nobody is given up, and it goes when we can', async () => {
    const { subscription } = await ask();
    const [deliveryId] = await notify(parts, makeChangeSet().changeSetId);
    const mistaken = { ...parts, secrets: createSecrets('another secret of the tests, long enough too') };
    for (let start = 0; start < 3; start += 1) {
      expect(await deliver(mistaken, deliveryId!)).toBe('due');
      now = (await findDelivery(parts.db, deliveryId!))!.dueAt;
    }
    expect(await findSubscription(parts.db, subscription.subscriptionId)).toMatchObject({ status: 'active' });
    expect(await listIssues(parts.db, { open: true })).toMatchObject([{ code: 'sealed-unreadable' }]);
    expect(await deliver(parts, deliveryId!)).toBe('sent');
    expect(receiver.received).toHaveLength(1);
    expect(await listIssues(parts.db, { open: true })).toEqual([]);
  });

  test('stays an issue as long as it waits for a target that we cannot open, whatever else is sent', async () => {
    const other = { ...parts, secrets: createSecrets('another secret of the tests, long enough too') };
    const request = readSubscriptionRequest({ channel: 'webhook', target: `${receiver.origin}/moved` });
    const { subscription: moved } = await subscribe(other, request, 'operator', 'the operator');
    const idOf = async (subscriptionId: string) =>
      (await listDeliveries(parts.db, { subscriptionId }))[0]!.deliveryId;
    const issues = async () => (await listIssues(parts.db)).map(({ code, closedAt }) => [code, closedAt]);
    const isOpen = [['sealed-unreadable', null]];
    const { subscription: good } = await ask();
    await notify(parts, makeChangeSet().changeSetId);
    const waiting = await idOf(moved.subscriptionId);
    expect(await deliver(parts, waiting)).toBe('due');
    expect(await issues()).toEqual(isOpen);
    expect(await deliver(parts, await idOf(good.subscriptionId))).toBe('sent');
    expect(await issues()).toEqual(isOpen);
    // Whoever stops the subscription makes an end of it, though nothing is sent any more.
    await setSubscriptionStatus(parts.db, moved.subscriptionId, 'paused');
    expect(await deliver(parts, waiting)).toBe('suppressed');
    expect(await issues()).toEqual([['sealed-unreadable', now]]);
  });

  test('that alone cannot be sent fails alone; three in a row give the target up', async () => {
    const { subscription } = await ask();
    const broken: Parts = {
      ...parts,
      webhooks: {
        ...parts.webhooks,
        send: async () => {
          throw new ElwatchError('invalid-webhook-message', 'too long', { retry: false, hint: 'report it' });
        },
      },
    };
    const status = async () => (await findSubscription(parts.db, subscription.subscriptionId))!.status;
    const [first] = await notify(parts, makeChangeSet().changeSetId);
    expect(await deliver(broken, first!)).toBe('failed');
    expect(await status()).toBe('active');
    for (const changeSetId of ['second', 'third']) {
      now = new Date(Date.parse(now) + 60_000).toISOString();
      await inTransaction(parts.db, (tx) =>
        appendChangeSet(tx, makeChangeSet({ changeSetId, knownAt: now }), [
          makeChange({ entryId: changeSetId }),
        ]),
      );
      const [deliveryId] = await notify(parts, changeSetId);
      expect(await deliver(broken, deliveryId!)).toBe('failed');
    }
    expect(await status()).toBe('disabled');
  });

  describe('that was refused at first, and corrected meanwhile', () => {
    const ALL = ['Inspur Group', 'Beta', 'Gamma'];
    /** Tells all of it but for the first try of the rule; answers its delivery. */
    async function correct(of: readonly string[]): Promise<string> {
      const texts = ALL.map((name) => makeText({ name }));
      const changes = texts.map((after) => makeChange({ entryId: after.name, name: after.name, after }));
      await inTransaction(parts.db, (tx) =>
        appendChangeSet(tx, makeChangeSet({ changeSetId: 'three' }), changes),
      );
      const told = await changesOf(parts.db, 'three');
      const [alert] = await notify(parts, 'three');
      answer = (response) => response.writeHead(503).end();
      expect(await deliver(parts, alert!)).toBe('due');
      answer = (response) => response.writeHead(204).end();
      const fixes = changes
        .filter(({ name }) => of.includes(name))
        .map((change) => ({
          ...change,
          ...{ kind: 'revised' as const, before: change.after, fields: ['aliases' as const] },
          after: makeText({ name: change.name, aliases: ['right'] }),
          ofSeq: told.find(({ name }) => name === change.name)!.seq,
        }));
      const fix = makeChangeSet({ changeSetId: 'fix', cause: 'reparse', follows: 'three' });
      await inTransaction(parts.db, (tx) => appendChangeSet(tx, fix, fixes));
      for (const id of await notify(parts, 'fix')) expect(await deliver(parts, id)).toBe('sent');
      return alert!;
    }

    test('tells the rest all the same, and nothing that the correction called wrong', async () => {
      await ask();
      const alert = await correct(['Beta']);
      expect(await deliver(parts, alert)).toBe('sent');
      const { data } = JSON.parse(receiver.received.at(-1)!.body);
      expect(data.changes.map(({ name }: { name: string }) => name)).toEqual(['Inspur Group', 'Gamma']);
    });

    test('tells nothing more where the correction told all of it', async () => {
      await ask();
      expect(await deliver(parts, await correct(ALL))).toBe('suppressed');
    });
  });

  test('goes to a chat whose address is never shown, and a failing one stops nobody', async () => {
    answer = (response) => response.writeHead(200).end('ok');
    const target = `${receiver.origin}/services/T0/B0/secret`;
    const slack = await ask({ channel: 'slack', target });
    await ask({ channel: 'teams', target: `${target}-teams` });
    expect(slack.signingSecret).toBeNull();
    expect(slack.subscription.target).not.toContain('secret');
    const nowhere = await ask({ target: 'http://127.0.0.1:9/closed' });
    expect((await tell()).sort()).toEqual(['due', 'sent', 'sent']);
    const failed = await listDeliveries(parts.db, { subscriptionId: nowhere.subscription.subscriptionId });
    expect(failed[0]?.outcome).toContain('target-network');
    expect(receiver.received.map(({ body }) => JSON.parse(body)).some((body) => 'blocks' in body)).toBe(true);
    expect(receiver.received.some(({ body }) => body.includes('AdaptiveCard'))).toBe(true);
  });

  test('may have been taken where the connection ends before an answer, and the ledger says so', async () => {
    const { subscription } = await ask();
    const nowhere = await ask({ target: 'http://127.0.0.1:9/closed' });
    const ledgerOf = async (subscriptionId: string) =>
      (await listDeliveries(parts.db, { subscriptionId }))[0]!;
    answer = (response) => response.writeHead(500).end();
    expect(await tell()).toEqual(['due', 'due']);
    const refused = await ledgerOf(subscription.subscriptionId);
    expect(refused.maybeDuplicate).toBe(false);
    answer = (response) => response.socket?.destroy();
    expect(await deliver(parts, refused.deliveryId)).toBe('due');
    const dropped = await ledgerOf(subscription.subscriptionId);
    expect(dropped).toMatchObject({ maybeDuplicate: true, outcome: expect.stringContaining('ambiguous') });
    // Nobody was there who could have taken it.
    expect((await ledgerOf(nowhere.subscription.subscriptionId)).maybeDuplicate).toBe(false);
  });

  test('has a signed link in webhook, Slack and Teams, by which the ledger says that it was read', async () => {
    const target = `${receiver.origin}/services/T0/B0/secret`;
    await ask();
    await ask({ channel: 'slack', target });
    await ask({ channel: 'teams', target: `${target}-teams` });
    expect(await tell()).toEqual(['sent', 'sent', 'sent']);
    const webhook = receiver.received.map(({ body }) => JSON.parse(body)).find((body) => 'data' in body);
    expect(webhook.data.acknowledgeUrl).toMatch(/^http:\/\/elwatch\.example\.org\/acknowledge\/[\w.-]+$/u);
    expect(receiver.received.filter(({ body }) => body.includes('|Acknowledge>'))).toHaveLength(1);
    const cards = receiver.received.filter(({ body }) => body.includes('"title":"Acknowledge"'));
    expect(cards).toHaveLength(1);
    const links = receiver.received.map(({ body }) => /\/acknowledge\/[\w.-]+/u.exec(body)![0]);
    expect(new Set(links).size).toBe(3);
    const server = openApi(parts);
    const read = async () =>
      (await listDeliveries(parts.db)).filter(({ acknowledgedAt }) => acknowledgedAt !== null).length;
    for (const [at, link] of links.entries()) {
      // As a program does that looks at every link of a message.
      expect((await server.inject(link)).statusCode).toBe(200);
      expect(await read()).toBe(at);
      expect((await server.inject({ method: 'POST', url: link })).body).toContain('Noted');
      expect(await read()).toBe(at + 1);
    }
    await server.close();
  });

  test('is refused a target on no public address, and a form with faults, before anything is stored', async () => {
    for (const target of [
      'https://169.254.169.254/',
      'https://10.0.0.1/',
      'http://example.com/',
      'file:///x',
    ])
      await expect(ask({ target })).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:target-not-public|invalid-target)$/u),
      });
    expect(() => readSubscriptionRequest({ channel: 'fax', target: 'x', lists: ['all'] })).toThrow(
      /channel/u,
    );
    expect(await listDeliveries(parts.db)).toEqual([]);
  });
});
