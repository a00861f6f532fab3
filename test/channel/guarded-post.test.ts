import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { ALLOW_NONE, isAllowedHost, judgeTarget, readAllowHosts } from '../../src/channel/address-guard.ts';
import { resolveTarget } from '../../src/channel/guarded-connect.ts';
import { createGuardedPost, isPostAmbiguous } from '../../src/channel/guarded-post.ts';
import { ElwatchError } from '../../src/errors.ts';
import { freePort } from '../helpers/free-port.ts';
import { startReceiver } from '../helpers/receiver.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function openDoor(port: number, timeoutSeconds = 5) {
  const door = createGuardedPost({
    allowHosts: readAllowHosts([`127.0.0.1:${port}`]),
    userAgent: 'entity-list-watch/test',
    timeoutSeconds,
  });
  closers.push(() => door.close());
  return door;
}

async function openReceiver(...args: Parameters<typeof startReceiver>) {
  const receiver = await startReceiver(...args);
  closers.push(() => receiver.close());
  return receiver;
}

/** Message and hint of what a call threw. */
async function said(call: () => unknown): Promise<{ error: ElwatchError; text: string }> {
  const error = await (async () => call())().then(
    () => new Error('the call succeeded'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ElwatchError)) throw error;
  return { error, text: `${error.message} — ${error.hint}` };
}

describe('an answer', () => {
  test('is kept as one line without signs that no terminal should get, of 300 characters at most', async () => {
    const { origin, port } = await openReceiver((response) =>
      response.writeHead(200).end(`  a\u0000\u202e\r\n\tb ${'c'.repeat(2_000)}`),
    );
    const { text, outcome } = await openDoor(port).post(origin, '{}');
    expect(text).toBe(`a b ${'c'.repeat(296)}`);
    expect(outcome).toBe(`200: ${text}`);
  });

  test('of no words is told by its status alone', async () => {
    const { origin, port } = await openReceiver();
    expect(await openDoor(port).post(origin, '{}')).toEqual({
      ...{ status: 204, text: '', outcome: '204', retryAfterSeconds: null },
    });
  });

  test('without an end is read no further than 64 kB, and its connection let go', async () => {
    let isGone = false;
    const { origin, port, quiet } = await openReceiver((response) => {
      response.writeHead(200);
      const more = () => {
        while (response.write('x'.repeat(16_384)));
      };
      response.on('drain', more).on('close', () => {
        isGone = true;
      });
      more();
    });
    expect((await openDoor(port).post(origin, '{}')).text).toBe('x'.repeat(300));
    await quiet();
    expect(isGone).toBe(true);
  });
});

describe('what may have been taken', () => {
  test('is so where the connection ended after the message was sent, and says so', async () => {
    const { origin, port } = await openReceiver((response) => response.destroy());
    const { error, text } = await said(() => openDoor(port).post(`${origin}/secret`, '{}'));
    expect([error.code, error.retry, isPostAmbiguous(error)]).toEqual(['target-dropped', true, true]);
    expect(text).toMatch(
      /^127\.0\.0\.1:\d+ ended the connection before it answered \(UND_ERR_SOCKET; ambiguous: it may have taken the message\) — Check that the target is up/u,
    );
  });

  test('is so where nothing was answered to what was sent', async () => {
    const { origin, port } = await openReceiver(() => {});
    const { error, text } = await said(() => openDoor(port, 1).post(`${origin}/secret`, '{}'));
    expect([error.code, error.retry, isPostAmbiguous(error)]).toEqual(['target-silent', true, true]);
    expect(text).toMatch(
      /^127\.0\.0\.1:\d+ did not answer within 1 s \(ambiguous: it may have taken the message\) — Answer first and work afterwards/u,
    );
  });

  test('is not so where there was no connection', async () => {
    const port = await freePort();
    const { error, text } = await said(() => openDoor(port).post(`http://127.0.0.1:${port}/secret`, '{}'));
    expect([error.code, error.retry, isPostAmbiguous(error)]).toEqual(['target-network', true, false]);
    expect(text).toMatch(
      /^127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\) — Check that the target is up/u,
    );
  });

  test('is not so where the connection came to nothing in time', async () => {
    // It is accepted by the system and never spoken to, so that no TLS comes about.
    const mute = createServer();
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    closers.push(() => mute.close());
    const { port } = mute.address() as { port: number };
    const { error, text } = await said(() =>
      openDoor(port, 1).post(`https://127.0.0.1:${port}/secret`, '{}'),
    );
    expect([error.code, isPostAmbiguous(error)]).toEqual(['target-timeout', false]);
    expect(text).toMatch(/^127\.0\.0\.1:\d+ did not answer within 1 s — Answer first/u);
  });

  test('is not so where the target was refused, nor for what is no error of ours', async () => {
    const { error } = await said(() => openDoor(1).post('https://localhost/x', '{}'));
    expect(isPostAmbiguous(error)).toBe(false);
    expect(isPostAmbiguous(Object.assign(new Error('x'), { code: 'target-silent' }))).toBe(false);
    expect(isPostAmbiguous(null)).toBe(false);
  });
});

describe('a target that is refused', () => {
  test.each([
    ['no address at all', 'is no valid URL'],
    [`https://hooks.example.org/${'x'.repeat(2_000)}`, 'is no valid URL'],
    ['https://hooks.example.org@evil.example/x', 'holds a user name or password'],
    ['https://:geheim@evil.example/x', 'holds a user name or password'],
    ['ftp://hooks.example.org/x', 'is not an https address'],
    ['http://hooks.example.org/x', 'is plain http, over which anybody could read and change'],
    ['https://hooks.example.org:25/x', 'has port 25, which belongs to another service'],
    ['https://hooks.example.org:1023/x', 'has port 1023, which belongs to another service'],
  ])('is told why, and what to write: %s', async (target, reason) => {
    const { error, text } = await said(() => judgeTarget(target));
    expect(text).toBe(
      `the target address ${reason} — Write it as https://host/path, without a user name, on port 443 or from 1024 up.`,
    );
    expect([error.code, error.retry]).toEqual(['invalid-target', false]);
  });

  test('as long as may be, and from the first port that belongs to nobody, is none', () => {
    const target = 'https://hooks.example.org:1024/';
    expect(judgeTarget(target + 'x'.repeat(2_000 - target.length)).port).toBe('1024');
  });

  test('for lying inside is told whom to ask', async () => {
    for (const inside of ['localhost', 'printer', 'db.internal', 'a.home.arpa', '10.1.2.3']) {
      const { error, text } = await said(() => judgeTarget(`https://${inside}/x`));
      expect(text).toBe(
        `${inside} is not an address of the public network — Use a public https address, or ask the operator to list the host in WEBHOOK_ALLOW_HOSTS.`,
      );
      expect([error.code, error.retry]).toEqual(['target-not-public', false]);
    }
  });

  test('for a name that nobody knows is told where to look', async () => {
    const name = `${'a'.repeat(400)}.example`;
    const resolve = () => Promise.reject(new Error('ENOTFOUND'));
    const { error, text } = await said(() => resolveTarget(name, 443, { allowHosts: ALLOW_NONE, resolve }));
    expect(text).toBe(
      `the host ${'a'.repeat(300)} cannot be found — Check the name in the target address, and the DNS of this machine.`,
    );
    expect([error.code, error.retry]).toEqual(['target-unknown', true]);
  });
});

describe('the list of the operator', () => {
  test('that cannot be read says which part, and how to write it', async () => {
    const wrong = `host/${'x'.repeat(200)}`;
    const { error, text } = await said(() => readAllowHosts(['hooks.corp.example', wrong]));
    expect(text).toBe(
      `"host/${'x'.repeat(95)}" is neither a host, a host with a port, nor a range — Write WEBHOOK_ALLOW_HOSTS as hooks.corp.example, localhost:9000, 10.0.0.0/8`,
    );
    expect([error.code, error.retry]).toEqual(['invalid-allow-host', false]);
  });

  test('means every port of an address of version 6 that has none, and one of an address that has one', () => {
    const allow = readAllowHosts(['::1', '[fd00::2]:8080', 'Hooks.Corp.Example.']);
    expect([1, 8080].map((port) => isAllowedHost(allow, '::1', port))).toEqual([true, true]);
    expect([1, 8080].map((port) => isAllowedHost(allow, 'fd00::2', port))).toEqual([false, true]);
    expect(isAllowedHost(allow, 'hooks.corp.example', 443)).toBe(true);
  });
});
