import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { jobs } from '../jobs/index.ts';
import type { Enqueue } from '../jobs/job.ts';
import type { StandIn } from '../src/demo/stand-in.ts';
import { notify } from '../src/notify.ts';
import type { Parts } from '../src/parts.ts';
import { openQueue } from '../src/queue.ts';
import { appendChangeSet } from '../src/store/changes.ts';
import { listDeliveries } from '../src/store/deliveries.ts';
import { addOrganisation } from '../src/store/organisations.ts';
import { inTransaction } from '../src/store/transaction.ts';
import { subscribe } from '../src/subscribe.ts';
import { readSubscriptionRequest } from '../src/subscription-request.ts';
import { backends } from './helpers/databases.ts';
import { openParts } from './helpers/parts.ts';
import { startReceiver } from './helpers/receiver.ts';
import { startSmtpSink } from './helpers/smtp-sink.ts';
import { until } from './helpers/until.ts';
import { makeChange, makeChangeSet } from './store/facts.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A server that takes every request and never answers it until it is told to. */
async function startHanging() {
  const waiting: ServerResponse[] = [];
  const server = createServer((_request, response) => void waiting.push(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  closers.push(() => server.closeAllConnections());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, waiting };
}

describe.each(backends)('on $name', ({ open }) => {
  test('targets that hang keep no mail waiting, and are answered all the same', async () => {
    const database = await open();
    closers.push(() => database.close());
    await database.empty();
    const sink = await startSmtpSink();
    closers.push(() => sink.close());
    const hanging = await startHanging();
    const parts: Parts = openParts({
      database,
      upstream: { url: 'http://127.0.0.1:9' } as StandIn,
      outbox: '/nonexistent',
      smtpUrl: sink.url,
      now: () => '2025-03-28T14:00:00.000Z',
    });
    closers.push(() => parts.email.close());
    const ask = (channel: string, target: string, name = '') =>
      subscribe(
        parts,
        readSubscriptionRequest({ channel, target, ...(name ? { name } : {}) }),
        'operator',
        'the operator',
      );
    // More of them than mails are sent at once.
    for (let hook = 0; hook < 6; hook += 1) await ask('webhook', `${hanging.url}/${hook}`);
    await ask('email', 'a@example.org');
    await inTransaction(parts.db, (tx) => appendChangeSet(tx, makeChangeSet(), [makeChange()]));

    const silent = { info() {}, warn() {}, error() {} };
    const queue = await openQueue({ postgresPool: database.queuePool, log: silent });
    closers.push(() => queue.close());
    const enqueue: Enqueue = (name, data, { jobId, delayMs }) =>
      queue.add(name, name, data, { jobId, ...(delayMs === undefined ? {} : { delayMs }) });
    for (const name of ['notify', 'deliver', 'post'])
      queue.worker(name, ({ data }) => jobs[name]!.run(parts, data, enqueue), {
        concurrency: jobs[name]!.concurrency,
      });
    await enqueue('notify', { changeSetId: makeChangeSet().changeSetId }, { jobId: 'notify_1' });

    // Four tries are for one host at once; the others wait for theirs.
    const isSending = async () => (await listDeliveries(parts.db, { status: 'sending' })).length === 4;
    await until('the targets hang', isSending);
    await until('the mail', () => sink.received.length === 1);
    expect(await isSending()).toBe(true);
    await until('the webhooks', async () => {
      for (const response of hanging.waiting.splice(0)) response.writeHead(204).end();
      return (await listDeliveries(parts.db, { status: 'sent' })).length === 7;
    });
  });

  test('targets of one organisation that hang keep those of another waiting for seconds at most', async () => {
    const database = await open();
    closers.push(() => database.close());
    await database.empty();
    const parts: Parts = openParts({
      database,
      upstream: { url: 'http://127.0.0.1:9' } as StandIn,
      outbox: '/nonexistent',
      now: () => '2025-03-28T14:00:00.000Z',
    });
    for (const organisationId of ['hanging', 'healthy'])
      await addOrganisation(parts.db, { organisationId, name: organisationId, createdAt: parts.now() });
    const ask = (target: string, organisationId: string) =>
      subscribe(
        parts,
        readSubscriptionRequest({ channel: 'webhook', target }),
        organisationId,
        organisationId,
      );
    const hosts = await Promise.all(Array.from({ length: 8 }, startHanging));
    // More of them than there are tries at once, on many hosts; and they come first.
    for (let hook = 0; hook < 40; hook += 1) await ask(`${hosts[hook % 8]!.url}/${hook}`, 'hanging');
    const healthy = await startReceiver((response) => response.writeHead(204).end());
    closers.push(() => healthy.close());
    await ask(`${healthy.origin}/hook`, 'healthy');
    await inTransaction(parts.db, (tx) => appendChangeSet(tx, makeChangeSet(), [makeChange()]));

    const silent = { info() {}, warn() {}, error() {} };
    const queue = await openQueue({ postgresPool: database.queuePool, log: silent });
    closers.push(() => queue.close());
    const enqueue: Enqueue = (name, data, { jobId, delayMs }) =>
      queue.add(name, name, data, { jobId, ...(delayMs === undefined ? {} : { delayMs }) });
    queue.worker('post', ({ data }) => jobs.post!.run(parts, data, enqueue), {
      concurrency: jobs.post!.concurrency,
    });
    const due = await notify(parts, makeChangeSet().changeSetId);
    const all = await listDeliveries(parts.db);
    const isHealthy = (id: string) =>
      all.some((one) => one.deliveryId === id && one.recipient.startsWith(healthy.origin));
    // The one that is healthy stands behind all others.
    for (const deliveryId of due.sort((a, b) => Number(isHealthy(a)) - Number(isHealthy(b))))
      await enqueue('post', { deliveryId }, { jobId: `post_${deliveryId}` });
    // A target may keep us waiting for twenty seconds: with all slots taken up it would come after these.
    await until('the message of the healthy one', () => healthy.received.length === 1, 10);
    // Half of the sixteen tries, and the one that was just answered.
    expect((await listDeliveries(parts.db, { status: 'sending' })).length).toBeLessThanOrEqual(9);
    // What waits for its share was not tried, and comes.
    await until(
      'all others',
      async () => {
        for (const { waiting } of hosts)
          for (const response of waiting.splice(0)) response.writeHead(204).end();
        return (await listDeliveries(parts.db, { status: 'sent' })).length === 41;
      },
      40,
    );
    expect((await listDeliveries(parts.db)).every(({ attempts }) => attempts === 1)).toBe(true);
  });
});
