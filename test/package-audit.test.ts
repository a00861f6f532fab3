import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
}

/** A registry that knows what `weak` says about packages, or, with a status, refuses the question as mirrors do. */
async function openRegistry(weak: Record<string, object[]>, refuses?: number) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const json = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (request.method === 'POST' && refuses) return json(refuses, {});
    if (request.method === 'POST') {
      asked.push(...Object.keys(JSON.parse(body)));
      return json(200, weak);
    }
    const name = decodeURIComponent(request.url!.slice(1));
    const { version } = JSON.parse(readFileSync(`${root}node_modules/${name}/package.json`, 'utf8'));
    return json(200, {
      name,
      'dist-tags': { latest: version },
      versions: { '0.1.0': { name, version: '0.1.0' }, [version]: { name, version } },
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => new Promise((done) => server.close(done)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

async function runAudit(registry: string) {
  const cache = await mkdtemp(join(tmpdir(), 'elwatch-npm-'));
  closers.push(() => rm(cache, { recursive: true, force: true }));
  const child = spawn(process.execPath, ['bin/audit.mjs'], {
    cwd: root,
    env: {
      ...process.env,
      npm_config_registry: registry,
      npm_config_cache: cache,
      npm_config_fetch_retries: '0',
    },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece: Buffer) => {
      text += piece;
    });
  const [code] = await once(child, 'close');
  return { code, text };
}

describe('npm run audit', () => {
  test('asks about every package that runs and none that only tests, and is content where none is weak', async () => {
    const registry = await openRegistry({});
    expect(await runAudit(registry.url)).toEqual({
      code: 0,
      text: 'No package that runs has a known weakness.\n',
    });
    expect(registry.asked).toEqual(expect.arrayContaining(['fastify', 'undici', 'nodemailer', 'saxes']));
    expect(registry.asked).not.toContain('vitest');
  });

  test('fails and names the package, what is known of it, and where to read more', async () => {
    const registry = await openRegistry({
      saxes: [
        {
          id: 1,
          url: 'https://advisories.example/1',
          title: 'Reads\u001b[2J too much\u202e',
          severity: 'moderate',
          vulnerable_versions: '>=1.0.0',
          cwe: [],
          cvss: { score: 5, vectorString: null },
        },
      ],
    });
    const { code, text } = await runAudit(registry.url);
    expect(code).toBe(1);
    expect(text).toContain('moderate: saxes >=1.0.0: Reads [2J too much (https://advisories.example/1)');
  });

  test('never takes a registry that does not answer for one that knows of nothing', async () => {
    for (const refuses of [405, 503]) {
      const { code, text } = await runAudit((await openRegistry({}, refuses)).url);
      expect(code).toBe(75);
      expect(text).toContain('Not asked');
      expect(text).toContain(String(refuses));
    }
  });
});
