import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Parts } from '../../../src/parts.ts';
import { openApi, openApiParts, store, storeSample, tokenFor } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';
import { sampleChanges, sampleDocument } from '../../helpers/sample-changes.ts';
import { until } from '../../helpers/until.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe.each(backends.slice(0, 1))('many and slow readers', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  let port: number;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    database = await open();
    parts = openApiParts(database);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.empty();
    await storeSample(parts);
    server = openApi(parts);
    port = Number(new URL(await server.listen({ port: 0, host: '127.0.0.1' })).port);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close();
  });

  async function ask(path: string, headers: Record<string, string> = {}): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET /api/v1${path} HTTP/1.1\r\nHost: localhost\r\n${lines.join('')}\r\n`);
    return socket;
  }
  /** Changes of about 50 kB each: more of them than the system keeps between two sockets. */
  async function storeMuch(count: number): Promise<void> {
    const added = sampleChanges().find(({ kind }) => kind === 'added')!;
    const { seq: _, changeSetId: __, knownAt: ___, ...change } = added;
    await store(
      parts,
      { changeSetId: 'cs_much', document: sampleDocument({ number: '2025-09999' }) },
      Array.from({ length: count }, (_, at) => ({
        ...change,
        entryId: `much-${at}`,
        name: `Much ${at}`,
        after: { ...change.after!, name: `Much ${at}`, licenseReviewPolicy: 'x'.repeat(50_000) },
      })),
    );
  }
  const allSeqs = async () =>
    (await server.inject('/api/v1/changes?after=0&limit=1000'))
      .json()
      .changes.map(({ seq }: { seq: number }) => seq) as number[];
  /** The ids of all events that came whole. */
  const idsIn = (text: string) =>
    [...text.matchAll(/id: (\d+)\nevent: change\ndata: [^\n]*\n\n/gu)].map((match) => Number(match[1]));

  test('a reader that stops reading is dropped, and comes back without having missed anything', async () => {
    await storeMuch(400);
    const seqs = await allSeqs();
    expect(seqs.length).toBeGreaterThan(400);
    collect();
    const socket = await ask('/stream?after=0');
    let text = '';
    socket.once('data', (chunk) => {
      text += chunk.toString('latin1');
      socket.pause();
    });
    const open = () =>
      new Promise<number>((resolve) => server.server.getConnections((_, count) => resolve(count)));
    await until('the connection to be there', async () => (await open()) === 1);
    await until('the reader to be dropped', async () => (await open()) === 0, 25);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    const closed = once(socket, 'close').catch(() => undefined);
    socket.resume();
    await closed;
    const before = idsIn(text);
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(seqs.length);
    const again = await ask('/stream', { 'Last-Event-ID': String(before.at(-1)) });
    let rest = '';
    again.on('data', (chunk) => {
      rest += chunk.toString('latin1');
    });
    await until('what was missed', () => idsIn(rest.slice(-120_000)).at(-1) === seqs.at(-1));
    expect([...before, ...idsIn(rest)]).toEqual(seqs);
  }, 60_000);

  test('a thousand idle readers cost little each, one token has its share, and closing ends them all', async () => {
    const tokens = await Promise.all(Array.from({ length: 50 }, () => tokenFor(parts, ['read'])));
    await (await ask('/stream', tokens[0]!)).destroy();
    collect();
    const before = process.memoryUsage();
    let open = 0;
    let ended = 0;
    for (const headers of tokens)
      await Promise.all(
        Array.from({ length: 20 }, async () => {
          const socket = await ask('/stream', headers);
          socket.on('close', () => {
            ended += 1;
          });
          const [head] = await once(socket, 'data');
          if (String(head).startsWith('HTTP/1.1 200 ')) open += 1;
        }),
      );
    expect(open).toBeGreaterThanOrEqual(999);
    collect();
    const after = process.memoryUsage();
    const each = (after.heapUsed + after.external - before.heapUsed - before.external) / open;
    // Of both ends, since the readers are in this process too.
    expect(each).toBeLessThan(30_000);
    const refused = await ask('/stream', tokens[1]!);
    expect(String((await once(refused, 'data'))[0])).toMatch(/^HTTP\/1\.1 429 /u);
    ended = 0;
    await server.close();
    await until('all to be ended', () => ended >= open);
  }, 60_000);

  test('a download that is broken off leaves nothing behind, and the next is whole', async () => {
    await storeMuch(150);
    const whole = await server.inject('/api/v1/entries.ndjson?asOf=2030-01-01');
    const lines = whole.body.split('\n').length;
    expect(lines).toBeGreaterThan(150);
    for (let time = 0; time < 5; time += 1) {
      const socket = await ask('/entries.ndjson?asOf=2030-01-01');
      await once(socket, 'data');
      socket.destroy();
    }
    const open = () =>
      new Promise<number>((resolve) => server.server.getConnections((_, count) => resolve(count)));
    await until('the connections to be gone', async () => (await open()) === 0, 10);
    const again = await fetch(`http://127.0.0.1:${port}/api/v1/entries.ndjson?asOf=2030-01-01`);
    expect((await again.text()).split('\n')).toHaveLength(lines);
    // Nothing holds the one connection to the database.
    expect(await allSeqs()).not.toHaveLength(0);
  }, 60_000);
});
