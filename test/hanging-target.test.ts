import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { jobs } from '../jobs/index.ts';
import type { Enqueue } from '../jobs/job.ts';
import type { StandIn } from '../src/demo/stand-in.ts';
import type { Parts } from '../src/parts.ts';
import { openQueue } from '../src/queue.ts';
import { appendChangeSet } from '../src/store/changes.ts';
import { listDeliveries } from '../src/store/deliveries.ts';
import { inTransaction } from '../src/store/transaction.ts';
import { subscribe } from '../src/subscribe.ts';
import { readSubscriptionRequest } from '../src/subscription-request.ts';
import { backends } from './helpers/databases.ts';
import { openParts } from './helpers/parts.ts';
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

test('targets that hang keep no mail waiting, and are answered all the same', async () => {
  const database = await backends[0]!.open();
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
  const enqueue: Enqueue = (name, data, { jobId }) => queue.add(name, name, data, { jobId });
  for (const name of ['notify', 'deliver', 'post'])
    queue.worker(name, ({ data }) => jobs[name]!.run(parts, data, enqueue), {
      concurrency: jobs[name]!.concurrency,
    });
  await enqueue('notify', { changeSetId: makeChangeSet().changeSetId }, { jobId: 'notify_1' });

  // Two connections reach one host at once; the others wait for theirs.
  const isSending = async () => (await listDeliveries(parts.db, { status: 'sending' })).length === 6;
  await until('all targets hang', isSending);
  await until('the mail', () => sink.received.length === 1);
  expect(await isSending()).toBe(true);
  await until('the webhooks', async () => {
    for (const response of hanging.waiting.splice(0)) response.writeHead(204).end();
    return (await listDeliveries(parts.db, { status: 'sent' })).length === 7;
  });
});
