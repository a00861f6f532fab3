import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { createReader } from '../src/reader.ts';
import { appendChangeSet } from '../src/store/changes.ts';
import { inTransaction } from '../src/store/transaction.ts';
import { createWebServer } from '../src/web/server.ts';
import { backends, type TestDatabase } from '../test/helpers/databases.ts';
import { makeChange, makeChangeSet, makeHead } from '../test/store/facts.ts';
import { startChild } from './child.ts';
import { compareAsync, type Figure } from './measure.ts';

const REQUESTS = 500;
const RUNS = 7;
/** As many change sets as a feed has items, each with some entries. */
const CHANGE_SETS = 50;
const ENTRIES = 20;

/** The feed as it is asked for again, and by one who has it already, against bare Fastify with the same bytes. */
export async function benchFeed(): Promise<Figure[]> {
  const backend = backends.at(-1)!;
  const database = await backend.open();
  const load = startChild('./http-load.ts');
  const ask = async (url: string, headers: Record<string, string>, expected: number): Promise<void> => {
    load.child.stdin!.write(`${JSON.stringify({ url, requests: REQUESTS, headers })}\n`);
    const answer = await load.nextLine();
    if (!answer.startsWith(`${expected} `)) throw new Error(`${url} answered ${answer}, not ${expected}`);
  };
  const servers: FastifyInstance[] = [];
  try {
    await addChangeSets(database);
    const ours = createWebServer({
      reader: createReader(database.kysely),
      baseUrl: 'http://elwatch.example.org',
    });
    const ourUrl = `${await listen(ours, servers)}/feed.atom`;
    const first = await fetch(ourUrl);
    const etag = first.headers.get('etag')!;
    const bareUrl = await listen(
      bareFeed(await first.text(), etag, first.headers.get('content-type')!),
      servers,
    );
    const figure = async (
      name: string,
      headers: Record<string, string>,
      status: number,
      rate: number,
    ): Promise<Figure> => {
      const times = await compareAsync(
        () => ask(ourUrl, headers, status),
        () => ask(`${bareUrl}/feed.atom`, headers, status),
        RUNS,
      );
      const ratio = times.ours / times.baseline;
      return {
        name: `${REQUESTS} requests for ${name} on ${backend.name} (processor time)`,
        milliseconds: times.ours,
        baseline: 'bare Fastify with the same bytes',
        baselineMilliseconds: times.baseline,
        ratio,
        goal: { text: `at least ${rate} of its rate`, reached: ratio <= 1 / rate },
      };
    };
    return [
      await figure('a feed that the client has', { 'if-none-match': etag }, 304, 0.85),
      await figure('a feed that is rendered already', {}, 200, 0.95),
    ];
  } finally {
    load.child.kill();
    for (const server of servers) await server.close();
    await database.close();
  }
}

/** As many change sets as a feed has items. */
export async function addChangeSets(database: TestDatabase): Promise<void> {
  for (let at = 0; at < CHANGE_SETS; at += 1) {
    const number = `2025-${10_000 + at}`;
    const changes = Array.from({ length: ENTRIES }, (_none, entry) =>
      makeChange({ entryId: `${number}-${entry}`, name: `Example ${entry} Co., Ltd.` }),
    );
    const changeSet = makeChangeSet({ changeSetId: number, document: makeHead({ number }) });
    await inTransaction(database.kysely, (tx) => appendChangeSet(tx, changeSet, changes));
  }
}

/** What nobody can do without: the route, the validator and the bytes. */
function bareFeed(body: string, etag: string, type: string): FastifyInstance {
  const server = Fastify();
  server.get('/feed.atom', (request, reply) => {
    reply.header('etag', etag).header('cache-control', 'no-cache');
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type(type).send(body);
  });
  return server;
}

async function listen(server: FastifyInstance, servers: FastifyInstance[]): Promise<string> {
  servers.push(server);
  await server.listen({ port: 0, host: '127.0.0.1' });
  return `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
}
