import type { ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { errorLine } from '../../errors.ts';
import { latestSeq } from '../../store/changes.ts';
import { type ChangeFilter, isWanted } from '../../store/read-changes.ts';
import { Problem } from '../problem.ts';
import { requireReader } from './caller.ts';
import { defined } from './change-sets.ts';
import { createChangeStream } from './change-stream.ts';
import type { ApiContext, ApiServer } from './context.ts';
import { presentChange } from './present.ts';
import { changeKind, destination, digits, listName, listOf } from './schemas.ts';

/** How soon a change is told, and how often a client that hears nothing is reassured (at most 15 s). */
const LOOK_MS = 1_000;
const HEARTBEAT_MS = 14_000;
/** Told to the client: how long it waits before it connects again. */
const RETRY_MS = 5_000;
/** A reader with so much unread is waited for, so long, and then dropped: what it missed it can ask for. */
const MOST_UNREAD_BYTES = 1_000_000;
const MOST_UNREAD_MS = 10_000;
/** Open connections of one token or address, and of all. */
const MOST_OF_ONE = 20;
const MOST_OF_ALL = 2_000;

const query = z.strictObject({
  after: digits.optional().meta({
    description:
      'Where a client cannot send Last-Event-ID: the last sequence number that it has. From now on unless told.',
  }),
  list: listOf(listName).optional(),
  destination: listOf(destination).optional(),
  kind: listOf(changeKind).optional(),
});

/** Adds /stream: changes as server-sent events, with everything since the last one that a client saw. */
export function addStream(server: ApiServer, context: ApiContext): void {
  const { db } = context;
  const stream = createChangeStream(db, { everyMs: LOOK_MS, log: server.log });
  const open = new Map<ServerResponse, string>();
  const heartbeat = setInterval(() => {
    for (const response of open.keys()) if (!response.writableNeedDrain) response.write(':\n\n');
  }, HEARTBEAT_MS);
  heartbeat.unref();

  // Before the server waits for its connections to end, which these never would.
  server.addHook('preClose', async () => {
    clearInterval(heartbeat);
    stream.close();
    for (const response of open.keys()) response.end();
  });

  server.get(
    '/stream',
    {
      preValidation: requireReader(context),
      schema: {
        tags: ['changes'],
        summary: 'Changes as they come, as server-sent events',
        description:
          'The id of an event is the sequence number of its change; its data is a Change. A client that comes back with Last-Event-ID is told everything since.',
        querystring: query,
        headers: z.object({
          'last-event-id': z.string().optional().meta({ description: 'Sequence number of the last event.' }),
        }),
        response: {
          200: { description: 'The stream', content: { 'text/event-stream': { schema: z.string() } } },
        },
      },
    },
    async (request, reply) => {
      const { after, list, destination: countries, kind } = request.query;
      const filter: ChangeFilter = defined({ lists: list, countries, kinds: kind });
      const latest = await latestSeq(db);
      const from = readLastEventId(request.headers['last-event-id']) ?? after ?? latest;
      if (from > latest)
        throw new Problem(
          'bad-request',
          `Last-Event-ID ${from} is ahead of us: the last change is ${latest}. Begin anew with 0.`,
        );
      const client = clientOf(request);
      if (
        open.size >= MOST_OF_ALL ||
        [...open.values()].filter((one) => one === client).length >= MOST_OF_ONE
      )
        throw new Problem('too-many-requests', `There are too many open streams (${MOST_OF_ONE} at most).`, {
          'retry-after': '60',
        });
      reply.hijack();
      const response = reply.raw;
      // It went away while we asked the database, and no event will say so any more.
      if (response.destroyed) return;
      open.set(response, client);
      const gone = new AbortController();
      response.on('close', () => {
        open.delete(response);
        gone.abort();
      });
      response.on('error', () => response.destroy());
      response.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // Nothing can follow a stream on its connection, which would keep a server that stops waiting.
        connection: 'close',
        'x-accel-buffering': 'no',
        'x-content-type-options': 'nosniff',
      });
      if (request.method === 'HEAD') {
        response.end();
        return;
      }
      response.write(`retry: ${RETRY_MS}\n\n`);
      try {
        for (let seq = from; !gone.signal.aborted && !response.writableEnded; ) {
          for (const change of await stream.after(seq, gone.signal)) {
            seq = change.seq;
            if (!isWanted(change, filter)) continue;
            response.write(`id: ${seq}\nevent: change\ndata: ${JSON.stringify(presentChange(change))}\n\n`);
            if (response.writableLength > MOST_UNREAD_BYTES && !(await isDrained(response))) {
              response.destroy();
              return;
            }
          }
        }
      } catch (error) {
        request.log.error({ error: errorLine(error) }, 'a stream of changes broke off');
        response.destroy();
      }
    },
  );
}

/** Whether the reader caught up in time. */
function isDrained(response: ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (drained: boolean) => {
      clearTimeout(timer);
      response.off('drain', onDrain).off('close', onClose);
      resolve(drained);
    };
    const onDrain = () => end(true);
    const onClose = () => end(false);
    const timer = setTimeout(onClose, MOST_UNREAD_MS);
    response.on('drain', onDrain).on('close', onClose);
  });
}

function clientOf({ caller, ip }: FastifyRequest): string {
  return caller === null || caller === 'refused' ? `ip ${ip}` : `token ${caller.tokenId}`;
}

/** @throws Problem for what is no number of ours: a client that was mistaken should not miss changes silently */
function readLastEventId(value: string | string[] | undefined): number | null {
  if (value === undefined || value === '') return null;
  if (typeof value !== 'string' || !/^\d{1,15}$/u.test(value))
    throw new Problem('bad-request', 'Last-Event-ID must be the id of an event, which is a whole number.');
  return Number(value);
}
