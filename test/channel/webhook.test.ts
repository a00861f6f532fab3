import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, test } from 'vitest';
import { readAllowHosts } from '../../src/channel/address-guard.ts';
import { createWebhookChannel, MOST_PAYLOAD_BYTES, signWebhook } from '../../src/channel/webhook.ts';
import { makeWebhookSecret } from '../../src/channel/webhook-secret.ts';
import { type ReceivedPost, startReceiver } from '../helpers/receiver.ts';

const closers: (() => unknown)[] = [];
const secret = makeWebhookSecret();
const payload = JSON.stringify({
  type: 'test',
  timestamp: '2025-03-28T12:45:00.000Z',
  data: { name: '北京 “A”' },
});

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function open(
  answer?: Parameters<typeof startReceiver>[0],
  { timeoutSeconds = 5, allow = ['127.0.0.1'] } = {},
) {
  const receiver = await startReceiver(answer);
  const channel = createWebhookChannel({
    allowHosts: readAllowHosts(allow),
    userAgent: 'entity-list-watch/0.1.0 (+https://watch.example.org)',
    timeoutSeconds,
  });
  closers.push(() => receiver.close());
  closers.push(() => channel.close());
  const send = (of: Partial<Parameters<typeof channel.send>[0]> = {}) =>
    channel.send({
      url: `${receiver.origin}/hook`,
      secrets: [secret],
      id: 'msg_1',
      payload,
      at: new Date().toISOString(),
      ...of,
    });
  return { receiver, channel, send };
}

/** What a receiver does with the public library. */
const verify = (one: ReceivedPost, with_ = secret) =>
  new Webhook(with_).verify(one.body, one.headers as Record<string, string>);

const code = (expected: string, retry = true) => expect.objectContaining({ code: expected, retry });

describe('a message', () => {
  test('is verified by the public library, and says who sent it', async () => {
    const { receiver, send } = await open((response) => response.writeHead(200).end('{"ok":true}\r\nX: 1'));
    expect(await send()).toEqual({ outcome: '200: {"ok":true} X: 1' });
    const [got] = receiver.received;
    expect(verify(got!)).toEqual(JSON.parse(payload));
    expect(got).toMatchObject({
      method: 'POST',
      body: payload,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'entity-list-watch/0.1.0 (+https://watch.example.org)',
        'webhook-id': 'msg_1',
      },
    });
    expect(Math.abs(Number(got!.headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(5);
  });

  test('keeps its id over attempts, while the timestamp is that of each', async () => {
    const { receiver, send } = await open();
    const now = Date.now();
    await send({ at: new Date(now - 60_000).toISOString() });
    await send({ at: new Date(now).toISOString() });
    const [first, second] = receiver.received.map(({ headers }) => headers);
    expect(first!['webhook-id']).toBe(second!['webhook-id']);
    expect(Number(second!['webhook-timestamp']) - Number(first!['webhook-timestamp'])).toBe(60);
    for (const one of receiver.received) expect(verify(one)).toBeTruthy();
  });

  test('is signed with the old and the new secret while they are rotated, and with no other', async () => {
    const { receiver, send } = await open();
    const next = makeWebhookSecret();
    await send({ secrets: [next, secret] });
    const [got] = receiver.received;
    expect(got!.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/u);
    expect(verify(got!, next)).toBeTruthy();
    expect(verify(got!, secret)).toBeTruthy();
    expect(() => verify(got!, makeWebhookSecret())).toThrow('No matching signature');
    await send({ secrets: [next] });
    expect(() => verify(receiver.received[1]!, secret)).toThrow('No matching signature');
  });

  test('is refused by a receiver whose clock is six minutes off either way', async () => {
    const { receiver, send } = await open();
    await send({ at: new Date(Date.now() - 6 * 60_000).toISOString() });
    await send({ at: new Date(Date.now() + 6 * 60_000).toISOString() });
    await send({ at: new Date(Date.now() + 4 * 60_000).toISOString() });
    expect(() => verify(receiver.received[0]!)).toThrow('too old');
    expect(() => verify(receiver.received[1]!)).toThrow('too new');
    expect(verify(receiver.received[2]!)).toBeTruthy();
  });

  test('no bit of body, id, timestamp or signature can be changed', () => {
    const at = new Date().toISOString();
    const headers = signWebhook({ secrets: [secret], id: 'msg_1', payload, at });
    const library = new Webhook(secret);
    expect(library.verify(payload, headers)).toBeTruthy();
    const flip = (text: string, place: number) => {
      const bytes = Buffer.from(text);
      const bit = place % (bytes.length * 8);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      return bytes;
    };
    expect(library.verify(Buffer.from(payload), headers)).toBeTruthy();
    fc.assert(
      fc.property(fc.constantFrom('body', ...Object.keys(headers)), fc.nat(), (field, place) => {
        const body = field === 'body' ? flip(payload, place) : payload;
        const changed =
          field === 'body'
            ? headers
            : { ...headers, [field]: flip(headers[field]!, place).toString('latin1') };
        expect(() => library.verify(body, changed)).toThrow();
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['an id with a full stop', { id: 'msg.1' }],
    ['an id with a line break', { id: 'a\r\nx: y' }],
    ['no id', { id: '' }],
    ['no secret', { secrets: [] }],
    ['six secrets', { secrets: Array(6).fill(secret) as string[] }],
    ['no time', { at: 'yesterday' }],
    ['more than 20 kB', { payload: `"${'ü'.repeat(MOST_PAYLOAD_BYTES / 2)}"` }],
  ])('with %s is not sent', async (_what, of) => {
    const { receiver, send } = await open();
    await expect(send(of)).rejects.toEqual(code('invalid-webhook-message', false));
    expect(receiver.received).toEqual([]);
  });

  test('with a secret of another form is not sent, and the secret is not shown', async () => {
    const { receiver, send } = await open();
    const error = await send({ secrets: ['whsec_c2hvcnQ='] }).catch((thrown: Error) => thrown);
    expect(error).toEqual(code('invalid-webhook-secret', false));
    expect(String(error)).not.toContain('c2hvcnQ');
    expect(receiver.received).toEqual([]);
  });
});

describe('an answer', () => {
  test('of 410 says that the target is gone', async () => {
    const { send } = await open((response) => response.writeHead(410).end());
    await expect(send()).rejects.toEqual(code('webhook-gone', false));
  });

  test.each([301, 302, 303, 307, 308])('of %i is a failure and is not followed', async (status) => {
    const inside = await startReceiver();
    closers.push(() => inside.close());
    const { receiver, send } = await open((response, _request, post) =>
      response
        .writeHead(status, {
          location: post.body.includes('test')
            ? `${inside.origin}/latest/meta-data`
            : 'http://169.254.169.254/',
        })
        .end(),
    );
    await expect(send()).rejects.toEqual(code(`webhook-${status}`));
    expect(receiver.received).toHaveLength(1);
    expect(inside.received).toEqual([]);
  });

  test.each([429, 502, 503, 504])('of %i with Retry-After says how long to wait', async (status) => {
    const { send } = await open((response) => response.writeHead(status, { 'retry-after': '120' }).end());
    await expect(send()).rejects.toMatchObject({
      code: `webhook-${status}`,
      retry: true,
      retryAfterSeconds: 120,
    });
  });

  test('asks for a day at most, by seconds or by a date', async () => {
    const answers = ['999999999', new Date(Date.now() + 90_000).toUTCString(), 'soon', '-5'];
    const { send } = await open((response) =>
      response.writeHead(503, { 'retry-after': answers.shift()! }).end(),
    );
    const asked: (number | null)[] = [];
    for (let i = 0; i < 4; i++)
      await send().catch((error: { retryAfterSeconds: number | null }) =>
        asked.push(error.retryAfterSeconds),
      );
    expect(asked[0]).toBe(86_400);
    expect(asked[1]).toBeGreaterThan(80);
    expect(asked[1]).toBeLessThan(95);
    expect(asked[2]).toBeNull();
    expect([0, null]).toContain(asked[3]);
  });

  test.each([400, 401, 404, 500])('of %i may pass', async (status) => {
    const { send } = await open((response) => response.writeHead(status).end('no\u0000\u202E such hook'));
    await expect(send()).rejects.toMatchObject({
      code: `webhook-${status}`,
      retry: true,
      message: expect.stringMatching(/answered \d+: no such hook$/u),
    });
  });

  test('that never comes is given up at the total timeout', async () => {
    const { send } = await open(() => {}, { timeoutSeconds: 1 });
    const begun = Date.now();
    await expect(send()).rejects.toEqual(code('target-silent'));
    expect(Date.now() - begun).toBeLessThan(3_000);
  });

  test('whose head drips a byte at a time is given up at the total timeout', async () => {
    const { receiver, send } = await open(
      (response) => {
        const head = `HTTP/1.1 200 OK\r\nx-slow: ${'a'.repeat(5_000)}`;
        let at = 0;
        const timer = setInterval(() => response.socket?.write(head[at++] ?? ''), 50);
        response.socket?.on('close', () => clearInterval(timer));
      },
      { timeoutSeconds: 1 },
    );
    const begun = Date.now();
    await expect(send()).rejects.toEqual(code('target-silent'));
    expect(Date.now() - begun).toBeLessThan(3_000);
    await receiver.quiet();
  });

  test('of 200 whose body drips or never ends counts, and holds nobody beyond the total timeout', async () => {
    const { receiver, send } = await open(
      (response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write('x'), 100);
        response.on('close', () => clearInterval(timer));
      },
      { timeoutSeconds: 1 },
    );
    const begun = Date.now();
    expect((await send()).outcome).toMatch(/^200: x+$/u);
    expect(Date.now() - begun).toBeLessThan(3_000);
    await receiver.quiet();
  });

  test('of a gigabyte is read to 64 kB and cut off', async () => {
    let written = 0;
    const { receiver, send } = await open((response) => {
      response.writeHead(200, { 'content-length': 1_000_000_000 });
      const chunk = Buffer.alloc(65_536, 'y');
      const more = () => {
        while (!response.destroyed && written < 1_000_000_000) {
          written += chunk.length;
          if (!response.write(chunk)) return response.once('drain', more);
        }
      };
      more();
    });
    const before = process.memoryUsage().arrayBuffers;
    expect((await send()).outcome).toHaveLength('200: '.length + 300);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
    await receiver.quiet();
    expect(written).toBeLessThan(50_000_000);
  });

  test('that breaks off before its head may pass', async () => {
    const { send } = await open((response) => response.socket?.destroy());
    await expect(send()).rejects.toEqual(code('target-dropped'));
  });
});

test('a slow target does not hold the messages to others', async () => {
  const slow = await open(() => {}, { timeoutSeconds: 2 });
  const quick = await startReceiver();
  closers.push(() => quick.close());
  const waiting = Array.from({ length: 20 }, () =>
    slow.send().catch((error: { code: string }) => error.code),
  );
  const begun = Date.now();
  await slow.send({ url: `${quick.origin}/` });
  expect(Date.now() - begun).toBeLessThan(1_000);
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['target-silent', 'target-timeout']));
  // Those that waited for a connection were given up and not sent late. Each of the four that a timeout frees may take
  // one more whose own time ends milliseconds later.
  expect(slow.receiver.received.length).toBeLessThanOrEqual(8);
});

test('a target that the operator does not allow is never connected to', async () => {
  const { receiver, send } = await open(undefined, { allow: [] });
  await expect(send()).rejects.toEqual(code('invalid-target', false));
  await expect(send({ url: `https://127.0.0.1:${receiver.port}/` })).rejects.toEqual(
    code('target-not-public', false),
  );
  expect(receiver.received).toEqual([]);
});
