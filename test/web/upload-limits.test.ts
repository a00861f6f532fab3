import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Parts } from '../../src/parts.ts';
import { openApi, openApiParts, storeSample, tokenFor } from '../helpers/api.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';
import { until } from '../helpers/until.ts';

const realTimeout = globalThis.setTimeout;
const pause = (ms: number) => new Promise((resolve) => realTimeout(resolve, ms));
const HALF_MINUTE = 30_000;
/** Rows of 64 bytes: 100 kB of them are more than half a minute must bring. */
const ROWS = Array.from(
  { length: 1_600 },
  (_, at) => `Quite Another Bakery ${String(at).padStart(42, '0')}\n`,
).join('');

/* The clocks of the server are moved on by hand; what goes over the sockets is real. */
describe.each(backends.slice(0, 1))('the time that a body may take', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  let port: number;
  let authorization: string;
  let watchlistId: string;
  let page: string;
  let spool: string;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    database = await open();
    parts = openApiParts(database);
    spool = await mkdtemp(join(tmpdir(), 'elwatch-uploads-'));
    vi.stubEnv('TMPDIR', spool);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(spool, { recursive: true });
    await database.close();
  });
  beforeEach(async () => {
    await database.empty();
    await storeSample(parts);
    server = openApi(parts);
    port = Number(new URL(await server.listen({ port: 0, host: '127.0.0.1' })).port);
    authorization = (await tokenFor(parts, ['watchlists'])).authorization;
    const post = async (url: string, payload?: object) =>
      (
        await server.inject({
          method: 'POST',
          url: `/api/v1${url}`,
          headers: { authorization },
          ...(payload === undefined ? {} : { payload }),
        })
      ).json();
    watchlistId = (await post('/watchlists', { name: 'suppliers' })).watchlistId;
    page = new URL((await post(`/watchlists/${watchlistId}/page`)).url).pathname;
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterEach(async () => {
    vi.useRealTimers();
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close();
  });

  interface Sending {
    write(text: string): Promise<void>;
    /** Everything that was answered, once the server is done with it. */
    answered(): Promise<string>;
    socket: Socket;
  }
  async function send(head: string[]): Promise<Sending> {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    const gone = once(socket, 'close').catch(() => undefined);
    await once(socket, 'connect');
    const write = async (body: string) => {
      socket.write(body);
      await pause(60);
    };
    await write(`${[...head, 'Host: localhost', 'Connection: close', '', ''].join('\r\n')}`);
    return {
      write,
      socket,
      answered: async () => {
        await Promise.race([gone, pause(30_000)]);
        return text;
      },
    };
  }
  const put = (bytes: number, token = authorization) =>
    send([
      `PUT /api/v1/watchlists/${watchlistId}/rows HTTP/1.1`,
      `Authorization: ${token}`,
      'Content-Type: text/csv',
      `Content-Length: ${bytes}`,
    ]);
  const post = async (path: string, content: string) => {
    const sending = await send([
      `POST ${path}/rows HTTP/1.1`,
      'Content-Type: multipart/form-data; boundary=x',
      'Content-Length: 9000000',
    ]);
    await sending.write(
      `--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${content}`,
    );
    return sending;
  };

  /** Nothing of an upload that ended stays on disk, and its place is free: two more can be taken in at once. */
  async function expectAllGivenBack(): Promise<void> {
    const left = async () => (await readdir(spool)).filter((name) => name.startsWith('elwatch-upload-'));
    await until('the files of broken uploads to be gone', async () => (await left()).length === 0, 5);
    const file = 'name\nQuite Another Bakery\n';
    const both = [await put(file.length), await put(file.length)];
    for (const sending of both) await sending.write('name\n');
    for (const sending of both) await sending.write(file.slice(5));
    for (const sending of both) expect(await sending.answered()).toMatch(/^HTTP\/1\.1 200 /u);
  }

  test('is minutes for a file that keeps coming', async () => {
    const file = `name\n${ROWS.repeat(8)}`;
    const sending = await put(file.length);
    await sending.write('name\n');
    for (let part = 0; part < 7; part += 1) {
      await sending.write(ROWS);
      vi.advanceTimersByTime(HALF_MINUTE);
    }
    await sending.write(ROWS);
    const answer = await sending.answered();
    expect(answer).toMatch(/^HTTP\/1\.1 200 /u);
    expect(answer).toContain('"rows":12800');
  });

  test('is over for a file that comes in drops', async () => {
    const sending = await put(9_000_000);
    await sending.write(`name\n${ROWS}`);
    vi.advanceTimersByTime(HALF_MINUTE);
    await sending.write('Another\n');
    vi.advanceTimersByTime(HALF_MINUTE);
    const answer = await sending.answered();
    expect(answer).toMatch(/^HTTP\/1\.1 408 /u);
    expect(answer).toContain('/problems/request-too-slow');
    await expectAllGivenBack();
  });

  test('is ten minutes at most', async () => {
    const sending = await put(9_000_000);
    for (let part = 0; part < 20; part += 1) {
      await sending.write(ROWS);
      expect(sending.socket.destroyed).toBe(false);
      vi.advanceTimersByTime(HALF_MINUTE);
    }
    expect(await sending.answered()).toMatch(/^HTTP\/1\.1 408 /u);
    await expectAllGivenBack();
  });

  test('is over for a form with a file that comes in drops', async () => {
    const sending = await post(page, `name\n${ROWS}`);
    vi.advanceTimersByTime(HALF_MINUTE);
    await sending.write('Another\n');
    vi.advanceTimersByTime(HALF_MINUTE);
    expect(await sending.answered()).toMatch(/^HTTP\/1\.1 408 /u);
    await expectAllGivenBack();
  });

  test.each([
    ['a question of the API', 'POST /api/v1/screen HTTP/1.1', 'application/json'],
    ['a form', 'POST /subscribe HTTP/1.1', 'application/x-www-form-urlencoded'],
    ['what nobody reads', 'POST /nothing HTTP/1.1', 'text/plain'],
  ])('is half a minute for %s, however much comes', async (_what, line, type) => {
    const sending = await send([
      line,
      `Authorization: ${authorization}`,
      `Content-Type: ${type}`,
      'Transfer-Encoding: chunked',
    ]);
    await sending.write('5\r\n     \r\n');
    vi.advanceTimersByTime(HALF_MINUTE);
    await sending.answered();
    expect(sending.socket.destroyed).toBe(true);
  });

  test('is half a minute for a file of who may not upload', async () => {
    const sending = await put(9_000_000, 'Bearer wrong');
    expect(await Promise.race([sending.answered(), pause(300)])).not.toContain('200 OK');
    await sending.write(ROWS);
    vi.advanceTimersByTime(HALF_MINUTE);
    await sending.answered();
    expect(sending.socket.destroyed).toBe(true);
  });

  test('two files are taken in at a time, whichever way they come, and others are asked to come back', async () => {
    const first = await put(9_000_000);
    await first.write(`name\n${ROWS}`);
    const second = await post(page, `name\n${ROWS}`);
    const third = await (await put(9_000_000)).answered();
    expect(third).toMatch(/^HTTP\/1\.1 503 /u);
    expect(third).toMatch(/^retry-after: 30\r$/imu);
    expect(third).toContain('/problems/uploads-busy');
    const fourth = await (await post(page, `name\n${ROWS}`)).answered();
    expect(fourth).toMatch(/^HTTP\/1\.1 503 /u);
    expect(fourth).toContain('files are being taken in');
    // Whoever breaks off gives the place back.
    first.socket.destroy();
    second.socket.destroy();
    await expectAllGivenBack();
  });

  test('a place that was not taken is not given back: who may not upload changes nothing', async () => {
    for (let one = 0; one < 5; one += 1) await put(9_000_000, 'Bearer wrong');
    const file = 'name\nQuite Another Bakery\n';
    const sending = await put(file.length);
    await sending.write(file);
    expect(await sending.answered()).toMatch(/^HTTP\/1\.1 200 /u);
  });
});
