import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jobs } from '../../jobs/index.ts';
import type { Enqueue } from '../../jobs/job.ts';
import { readAllowHosts } from '../../src/channel/address-guard.ts';
import { createWebhookChannel } from '../../src/channel/webhook.ts';
import type { StandIn } from '../../src/demo/stand-in.ts';
import type { Parts } from '../../src/parts.ts';
import { openQueue, type QueueOpening } from '../../src/queue.ts';
import { appendChangeSet } from '../../src/store/changes.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { makeChange, makeChangeSet } from '../store/facts.ts';
import type { TestDatabase } from './databases.ts';
import { addTargets } from './many-targets.ts';
import { openParts } from './parts.ts';
import { until } from './until.ts';

/** What one target that hangs cost the others. */
export interface SlowTargetFigures {
  targets: number;
  /** Whether one hangs; the same without it is what to compare with. */
  hangs: boolean;
  /** Those that got their message. */
  reached: number;
  seconds: number;
  /** Longest time without a message to any other, from the first to the last of them. */
  longestPauseMs: number;
  /** Longest time that a message came after one that was queued behind it. */
  mostOvertakenMs: number;
}

const ORGANISATIONS = 100;
/** So many are reached before the one that hangs, so that nearly all others come meanwhile. */
const BEFORE = 5;

/** Each target is a host of its own, since all of 127.0.0.0/8 is this machine. */
const hostOf = (target: number) => `127.1.${Math.floor(target / 250)}.${1 + (target % 250)}`;

/**
 * Tells one rule to so many targets of a hundred organisations. Where `hangs`, one of them takes its message and never
 * answers.
 */
export async function runSlowTarget(
  database: TestDatabase,
  queueOpening: Omit<QueueOpening, 'log'>,
  { targets, hangs = true, mostSeconds }: { targets: number; hangs?: boolean; mostSeconds: number },
): Promise<SlowTargetFigures> {
  const hanging: ServerResponse[] = [];
  const reachedAt = new Map<string, number>();
  const server = createServer((request, response) => {
    const host = request.headers.host!.split(':')[0]!;
    request.resume().on('end', () => {
      if (hangs && reachedAt.size === BEFORE && hanging.length === 0) {
        hanging.push(response);
        return;
      }
      reachedAt.set(host, performance.now());
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as AddressInfo;
  const allowHosts = readAllowHosts(['127.0.0.0/8']);
  const parts: Parts = {
    ...openParts({
      database,
      // Nothing is asked of it.
      upstream: { url: 'http://127.0.0.1:9' } as StandIn,
      outbox: '/nonexistent',
      now: () => '2025-03-28T14:00:00.000Z',
    }),
    webhooks: createWebhookChannel({ allowHosts, userAgent: 'entity-list-watch/test' }),
    allowHosts,
  };
  const urls = Array.from({ length: targets }, (_none, at) => `http://${hostOf(at)}:${port}/`);
  await addTargets(parts, urls, ORGANISATIONS);
  await inTransaction(parts.db, (tx) => appendChangeSet(tx, makeChangeSet(), [makeChange()]));

  const silent = { info() {}, warn() {}, error() {} };
  const queue = await openQueue({ ...queueOpening, log: silent });
  const queued: string[] = [];
  const enqueue: Enqueue = (name, data, { jobId, delayMs }) => {
    if (name === 'post') queued.push((data as { deliveryId: string }).deliveryId);
    return queue.add(name, name, data, { jobId, ...(delayMs === undefined ? {} : { delayMs }) });
  };
  try {
    for (const name of ['notify', 'deliver', 'post'])
      queue.worker(name, ({ data }) => jobs[name]!.run(parts, data, enqueue), {
        concurrency: jobs[name]!.concurrency,
      });
    const begun = performance.now();
    await enqueue('notify', { changeSetId: makeChangeSet().changeSetId }, { jobId: 'notify_1' });
    await until('all others', () => reachedAt.size === targets - Number(hangs), mostSeconds).catch(() => {});
    const seconds = Math.round((performance.now() - begun) / 100) / 10;
    const deliveries = await parts.db.selectFrom('delivery').select(['deliveryId', 'recipient']).execute();
    const hostById = new Map(
      deliveries.map(({ deliveryId, recipient }) => [deliveryId, new URL(recipient).hostname]),
    );
    // In the order of the queue; a second turn of one counts at its first.
    const times = [...new Set(queued)].flatMap((id) => reachedAt.get(hostById.get(id)!) ?? []);
    return { targets, hangs, reached: reachedAt.size, seconds, ...waitsOf(times) };
  } finally {
    for (const response of hanging) response.writeHead(204).end();
    await queue.close();
    await parts.webhooks.close();
    server.closeAllConnections();
    server.close();
  }
}

/** @param times when each message came, in the order in which they were queued */
function waitsOf(times: readonly number[]): Pick<SlowTargetFigures, 'longestPauseMs' | 'mostOvertakenMs'> {
  const sorted = times.toSorted((a, b) => a - b);
  const longestPauseMs = Math.max(0, ...sorted.slice(1).map((time, at) => time - sorted[at]!));
  let mostOvertakenMs = 0;
  let earliestBehind = Number.POSITIVE_INFINITY;
  for (const time of times.toReversed()) {
    mostOvertakenMs = Math.max(mostOvertakenMs, time - earliestBehind);
    earliestBehind = Math.min(earliestBehind, time);
  }
  return { longestPauseMs: Math.round(longestPauseMs), mostOvertakenMs: Math.round(mostOvertakenMs) };
}
