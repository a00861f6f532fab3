import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Parts } from '../../src/parts.ts';
import { openDatabase } from '../../src/store/db.ts';
import { openApi, openApiParts, storeSample, tokenFor } from '../helpers/api.ts';
import type { TestDatabase } from '../helpers/databases.ts';
import { ELWATCH } from '../helpers/run-elwatch.ts';

interface Answer {
  isError?: boolean;
  content: { type: string; text: string }[];
  structuredContent?: Record<string, never>;
}

/** Starts `elwatch mcp` as a client of the protocol does. */
async function connect(folder: string, args: string[] = [], env: Record<string, string> = {}) {
  const client = new Client({ name: 'test', version: '0' });
  const transport = new StdioClientTransport({
    command: ELWATCH,
    args: ['mcp', ...args],
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', DATA_DIR: join(folder, 'data'), ...env },
    stderr: 'pipe',
  });
  await client.connect(transport);
  const call = async (name: string, input: Record<string, unknown>) =>
    (await client.callTool({ name, arguments: input })) as unknown as Answer;
  return { client, call, pid: transport.pid! };
}

describe.each(['its own store', 'a service that runs'] as const)('elwatch mcp over %s', (where) => {
  let folder: string;
  let connected: Awaited<ReturnType<typeof connect>>;
  let end = async () => {};

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'elwatch-mcp-'));
    const opened = await openDatabase({ dataDir: join(folder, 'data') });
    const parts: Parts = openApiParts(opened as TestDatabase);
    await storeSample(parts);
    if (where === 'its own store') {
      await opened.close();
      connected = await connect(folder);
      return;
    }
    const server = openApi(parts, { requiresToken: true });
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    const { authorization } = await tokenFor(parts, ['read', 'watchlists']);
    end = async () => {
      await server.close();
      await opened.close();
    };
    connected = await connect(folder, ['--url', url], {
      ELWATCH_TOKEN: authorization.slice('Bearer '.length),
    });
  }, 120_000);
  afterAll(async () => {
    await connected.client.close();
    await end();
    await rm(folder, { recursive: true });
  });

  test('offers three tools that only read, and says what they are no substitute for', async () => {
    const { tools } = await connected.client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual(['read_changes', 'screen_name', 'search_list']);
    for (const tool of tools) expect(tool.annotations?.readOnlyHint).toBe(true);
    expect(connected.client.getInstructions()).toContain('no legal advice');
  });

  test('searches the lists, on other days too', async () => {
    const now = await connected.call('search_list', { query: 'rue neuve' });
    expect(now.structuredContent).toMatchObject({
      matching: 1,
      entries: [{ name: 'Aerotechnic France', list: 'entity-list' }],
    });
    expect(JSON.parse(now.content[0]!.text)).toEqual(now.structuredContent);
    const before = await connected.call('search_list', { query: 'rue neuve', asOf: '2025-03-24' });
    expect(before.structuredContent).toMatchObject({ matching: 0, asOf: '2025-03-24' });
  });

  test.each(['华为', 'Aerotechnik Franse'])(
    'where no text has the words “%s”, it says who finds other spellings',
    async (query) => {
      const none = await connected.call('search_list', { query });
      expect(none.structuredContent).toMatchObject({ matching: 0, entries: [] });
      expect(none.structuredContent!.hint).toContain('screen_name');
      expect(none.structuredContent!.hint).toContain('other spellings and scripts');
      expect(JSON.parse(none.content[0]!.text)).toEqual(none.structuredContent);
    },
  );

  test('says nothing of spellings where something was found, or no words were asked for', async () => {
    for (const input of [{ query: 'rue neuve' }, { destination: 'NP' }, { query: ' ', destination: 'NP' }])
      expect((await connected.call('search_list', input)).structuredContent).not.toHaveProperty('hint');
  });

  test('reads the newest change sets, and the changes of one document', async () => {
    const newest = await connected.call('read_changes', {});
    expect(newest.structuredContent).toMatchObject({
      changeSets: [{ document: '2025-05426', counts: { added: 6, revised: 1, removed: 1 } }],
    });
    const removed = await connected.call('read_changes', { document: '2025-05426', kind: 'removed' });
    expect(removed.structuredContent).toMatchObject({
      changes: [{ name: 'Gone Trading GmbH', locator: { instruction: '2.a', page: 14036 } }],
    });
    const { next } = (await connected.call('read_changes', { after: 0, limit: 3 })).structuredContent!;
    expect(next).toBeGreaterThan(0);
  });

  test('screens a name, and has no hit for one that is like none', async () => {
    const found = await connected.call('screen_name', { name: 'HENAN DINGXIN CO., LTD.', country: 'CN' });
    expect(found.structuredContent).toMatchObject({
      names: 1,
      hits: [{ entry: { name: 'Henan Dingxin' }, countryAgrees: true }],
    });
    const none = await connected.call('screen_name', { name: 'Quiet Meadow Bakery' });
    expect(none.structuredContent).toMatchObject({ names: 1, hits: [] });
  });

  test('a question that cannot be answered is refused with what to ask instead', async () => {
    const refused = await connected.call('search_list', { asOf: '2025-02-30' });
    expect(refused).toMatchObject({ isError: true });
    expect(refused.content[0]!.text).toContain('must be a day such as 2025-03-28');
    expect(await connected.call('screen_name', { name: '' })).toMatchObject({ isError: true });
  });
});

test('ends when whoever started it goes away', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'elwatch-mcp-'));
  const { client, pid } = await connect(folder, ['--url', 'http://127.0.0.1:9']);
  const isAlive = () => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  expect(isAlive()).toBe(true);
  await client.close();
  expect(isAlive()).toBe(false);
  await rm(folder, { recursive: true });
}, 60_000);

test('a service that does not answer is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'elwatch-mcp-'));
  const { client, call } = await connect(folder, ['--url', 'http://127.0.0.1:9']);
  const refused = await call('search_list', { query: 'x' });
  expect(refused.isError).toBe(true);
  expect(refused.content[0]!.text).toContain('http://127.0.0.1:9 does not answer');
  await client.close();
  await rm(folder, { recursive: true });
}, 60_000);
