import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../src/store/db.ts';
import { openApiParts, storeSample } from '../helpers/api.ts';
import type { TestDatabase } from '../helpers/databases.ts';
import { ELWATCH } from '../helpers/run-elwatch.ts';

let folder: string;
let server: Server | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elwatch-mcp-end-'));
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = null;
  await rm(folder, { recursive: true });
});

interface Answer {
  id: number;
  result?: { structuredContent?: unknown; isError?: boolean };
}

const message = (method: string, rest: object = {}) => ({ jsonrpc: '2.0', method, ...rest });
const call = (id: number, name: string, input: object) =>
  message('tools/call', { id, params: { name, arguments: input } });
const HELLO = [
  message('initialize', {
    id: 1,
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '0' } },
  }),
  message('notifications/initialized'),
];

/** Writes all of it and ends stdin at once, as a shell does with a pipe. Answers what the process wrote before it ended. */
function pipe(args: string[], messages: object[]): Promise<{ code: number | null; answers: Answer[] }> {
  const child = spawn(ELWATCH, ['mcp', ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', DATA_DIR: join(folder, 'data') },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
  });
  child.stdin.end(messages.map((one) => `${JSON.stringify(one)}\n`).join(''));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) =>
      resolve({
        code,
        answers: written
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line)),
      }),
    );
  });
}

async function listen(answer: RequestListener): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('calls to a service that are under way when stdin ends are answered', async () => {
  const url = await listen(async (request, response) => {
    // Long enough that stdin has ended for certain.
    await sleep(300);
    response.end(JSON.stringify({ asked: request.url }));
  });
  const { code, answers } = await pipe(
    ['--url', url],
    [...HELLO, call(2, 'search_list', { query: 'optics' }), call(3, 'read_changes', {})],
  );
  expect(code).toBe(0);
  expect(answers.map(({ id }) => id).sort()).toEqual([1, 2, 3]);
  expect(answers.find(({ id }) => id === 2)?.result?.structuredContent).toEqual({
    asked: '/api/v1/entries?q=optics&limit=20',
  });
}, 120_000);

test('calls to the store that are under way when stdin ends are answered', async () => {
  const opened = await openDatabase({ dataDir: join(folder, 'data') });
  await storeSample(openApiParts(opened as TestDatabase));
  await opened.close();
  const { code, answers } = await pipe(
    [],
    [
      ...HELLO,
      call(2, 'search_list', { query: 'rue neuve' }),
      call(3, 'screen_name', { name: 'HENAN DINGXIN CO., LTD.' }),
    ],
  );
  expect(code).toBe(0);
  expect(answers.map(({ id }) => id).sort()).toEqual([1, 2, 3]);
  expect(answers.find(({ id }) => id === 3)?.result?.structuredContent).toMatchObject({
    hits: [{ entry: { name: 'Henan Dingxin' } }],
  });
}, 120_000);
