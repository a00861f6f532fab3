import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWebServer } from '../../src/web/server.ts';

/* What the parser of HTTP refuses reaches no route, so these requests go over real sockets. */
describe('a request that is no HTTP', () => {
  let server: FastifyInstance;
  let port: number;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    const reader = {
      selectChangeSets: async () => [],
      changeSetsVersion: async () => '0',
      changesOf: async () => [],
      hasDocument: async () => true,
      findSubscriptionByToken: async () => null,
      pauseSubscription: async () => undefined,
      ping: async () => undefined,
    };
    server = createWebServer({ reader, baseUrl: 'https://watch.example.org' });
    // An answer that goes on for ever.
    server.get('/under-way', (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-length': 10 });
      reply.raw.write('first');
    });
    port = Number(new URL(await server.listen({ port: 0, host: '127.0.0.1' })).port);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close();
  });

  /** Sends bytes without ever closing, and answers all that came until the server closed. */
  async function send(bytes: string): Promise<string> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    sockets.push(socket);
    await once(socket, 'connect');
    return exchange(socket, bytes);
  }

  async function exchange(socket: Socket, bytes: string): Promise<string> {
    const parts: Buffer[] = [];
    socket.on('data', (part) => parts.push(part));
    const closed = once(socket, 'end');
    if (bytes !== '') socket.write(bytes);
    await closed;
    return Buffer.concat(parts).toString('latin1');
  }

  function read(answer: string) {
    const at = answer.indexOf('\r\n\r\n');
    const [first, ...lines] = answer.slice(0, at).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const body = answer.slice(at + 4);
    return { first, headers, body };
  }

  test.each([
    ['below /api', '/api/v1/entries'],
    ['elsewhere', '/'],
  ])('%s: a header that is none is a problem document, and the connection is closed', async (_, path) => {
    const { first, headers, body } = read(await send(`GET ${path} HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n`));
    expect(first).toBe('HTTP/1.1 400 Bad Request');
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      connection: 'close',
    });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(Date.parse(headers.date ?? '')).not.toBeNaN();
    expect(JSON.parse(body)).toEqual({
      type: '/problems/bad-request',
      title: 'The request is not valid',
      status: 400,
      detail: 'What was sent is no request of HTTP/1.1.',
    });
  });

  test('headers that are too large are told as that, and nothing of them is repeated', async () => {
    const answer = await send(`GET /api/v1/entries HTTP/1.1\r\nHost: x\r\nA: ${'b'.repeat(20_000)}\r\n\r\n`);
    const { first, body } = read(answer);
    expect(first).toBe('HTTP/1.1 431 Request Header Fields Too Large');
    expect(JSON.parse(body)).toMatchObject({ type: '/problems/headers-too-large', status: 431 });
    expect(answer).not.toContain('bbbb');
    expect((await server.inject('/problems/headers-too-large')).statusCode).toBe(200);
  });

  test('headers that do not come are told to be too slow', async () => {
    const accepted = once(server.server, 'connection');
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    sockets.push(socket);
    const [ours] = await accepted;
    // The clock of the parser cannot be moved; the error is the one that it raises after half a minute.
    const error = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    const answer = exchange(socket, '');
    server.server.emit('clientError', error, ours);
    const { first, headers, body } = read(await answer);
    expect(first).toBe('HTTP/1.1 408 Request Timeout');
    expect(headers.connection).toBe('close');
    expect(JSON.parse(body)).toMatchObject({ type: '/problems/request-too-slow', status: 408 });
  });

  test('a fault behind a request that is being answered is no part of that answer', async () => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    sockets.push(socket);
    socket.write('GET /under-way HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    let rest = '';
    socket.on('data', (part) => {
      rest += part;
    });
    socket.on('error', () => undefined);
    socket.write('no request\r\n\r\n');
    await once(socket, 'end');
    socket.end();
    await closed;
    expect(rest).not.toContain('400');
  });

  test('a connection on which nothing was asked, as browsers open ahead, does not hold up the end', async () => {
    const accepted = once(server.server, 'connection');
    sockets.push(connect({ port, host: '127.0.0.1' }));
    await accepted;
    const begun = Date.now();
    await server.close();
    expect(Date.now() - begun).toBeLessThan(10_000);
  });

  test('who never reads and never closes is let go', async () => {
    const accepted = once(server.server, 'connection');
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    sockets.push(socket);
    const [ours] = await accepted;
    const gone = new Promise<void>((closed) => ours.on('close', closed));
    socket.write('no request\r\n\r\n');
    await gone;
    expect(ours.destroyed).toBe(true);
  });
});
