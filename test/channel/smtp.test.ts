import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createEmailChannel } from '../../src/channel/email.ts';
import type { EmailChannelOptions } from '../../src/channel/email-channel.ts';
import { isNoMailbox } from '../../src/channel/smtp-error.ts';
import { type MailServer, refusal, startMailServer } from '../helpers/mail-server.ts';
import { MAIL_FROM, sampleMail } from '../helpers/sample-mail.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startServer(...args: Parameters<typeof startMailServer>): Promise<MailServer> {
  const server = await startMailServer(...args);
  closers.push(() => server.close());
  return server;
}

function openChannel({ port }: MailServer, options: Partial<EmailChannelOptions> = {}, host = '127.0.0.1') {
  const channel = createEmailChannel({
    smtpUrl: `smtp://${host}:${port}`,
    mailFrom: MAIL_FROM,
    outboxDir: '/nonexistent',
    timeoutSeconds: 5,
    ...options,
  });
  closers.push(() => channel.close());
  return channel;
}

const refuseAt = (domain: string, reply: number, words: string) => ({
  onRcptTo: ({ address }: { address: string }, _session: unknown, done: (error?: Error | null) => void) =>
    address.endsWith(`@${domain}`) ? done(refusal(reply, words)) : done(),
});

describe('the return path', () => {
  test('names the delivery where there is a mailbox for bounces', async () => {
    const server = await startServer();
    await openChannel(server, { bounceAddress: 'bounces@example.org' }).send(sampleMail());
    expect(server.received[0]?.from).toBe('bounces+0123456789abcdef0123456789abcdef@example.org');
    expect(server.received[0]?.raw).toMatch(/^From: Entity List Watch <alerts@example\.org>\r$/mu);
  });

  test('is the sender where there is none', async () => {
    const server = await startServer();
    await openChannel(server).send(sampleMail());
    expect(server.received[0]?.from).toBe('alerts@example.org');
  });

  test('takes nothing but an id', async () => {
    const server = await startServer();
    await openChannel(server, { bounceAddress: 'bounces@example.org' })
      .send(sampleMail('ana@example.net', 'x@evil.test>\r\nRCPT TO:<eve@evil.test'))
      .catch(() => undefined);
    for (const { from, to } of server.received) {
      expect(from).toBe('bounces@example.org');
      expect(to).toEqual(['ana@example.net']);
    }
  });
});

test('no more messages a second go out than are allowed', async () => {
  const server = await startServer();
  const channel = openChannel(server, { perSecond: 10 });
  await Promise.all(Array.from({ length: 25 }, () => channel.send(sampleMail())));
  const times = server.received.map(({ atMs }) => atMs).sort((a, b) => a - b);
  // In any second ten start; what started late in one may be taken early in the next.
  for (const [at, ms] of times.entries())
    expect(times.filter((other) => other >= ms && other < ms + 800).length, `from ${at}`).toBeLessThanOrEqual(
      10,
    );
  expect(times.at(-1)! - times[0]!).toBeGreaterThan(1_500);
});

describe('a kept connection', () => {
  /** smtp-server keeps its sockets to itself, so a relay in between is what drops them. */
  async function startRelay(server: MailServer) {
    const open = new Set<Socket>();
    const relay = createServer((client) => {
      open.add(client);
      const upstream = connect(server.port, '127.0.0.1');
      client.on('error', () => undefined).pipe(upstream);
      upstream.on('error', () => undefined).pipe(client);
      client.on('close', () => upstream.destroy());
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', () => resolve()));
    closers.push(() => relay.close());
    const drop = () => {
      for (const socket of open) socket.destroy();
    };
    return { drop, server: { ...server, port: (relay.address() as AddressInfo).port } };
  }

  test('that the server closed meanwhile is replaced', async () => {
    const { drop, server } = await startRelay(await startServer());
    const channel = openChannel(server);
    await channel.send(sampleMail());
    drop();
    await channel.send(sampleMail('bo@example.net'));
    expect(server.received.map(({ to }) => to[0])).toEqual(['ana@example.net', 'bo@example.net']);
  });

  test('that ends after the message was sent is not replaced: it may have been taken', async () => {
    let messages = 0;
    let drop: () => void = () => undefined;
    const relay = await startRelay(
      await startServer({
        onData(stream, _session, done) {
          messages += 1;
          stream.resume();
          stream.on('end', () => (messages === 1 ? done() : drop()));
        },
      }),
    );
    drop = relay.drop;
    const channel = openChannel(relay.server);
    await channel.send(sampleMail());
    await expect(channel.send(sampleMail('bo@example.net'))).rejects.toMatchObject({ code: 'smtp-dropped' });
    expect(messages).toBe(2);
  });
});

describe('a domain that asks to try later', () => {
  test.each([
    [421, '4.3.2 shutting down'],
    [450, '4.7.1 greylisted'],
    [451, '4.3.0 local error'],
    [452, '4.3.1 out of room'],
  ])('with %i is left alone for a while, and others go on', async (reply, words) => {
    let asked = 0;
    const clock = { ms: Date.now() };
    const { onRcptTo } = refuseAt('slow.example', reply, words);
    const server = await startServer({
      onRcptTo(address, session, done) {
        if (address.address.endsWith('slow.example')) asked += 1;
        onRcptTo(address, session, done);
      },
    });
    const channel = openChannel(server, { now: () => clock.ms });
    await expect(channel.send(sampleMail('a@slow.example'))).rejects.toMatchObject({
      code: `smtp-${reply}`,
      retry: true,
    });
    const waits = await channel.send(sampleMail('b@Slow.Example')).catch((error: unknown) => error);
    expect(waits).toMatchObject({ code: 'mail-domain-waits', retry: true });
    expect((waits as { retryAfterSeconds: number }).retryAfterSeconds).toBeGreaterThanOrEqual(55);
    expect((waits as { retryAfterSeconds: number }).retryAfterSeconds).toBeLessThan(100);
    expect(asked).toBe(1);
    await channel.send(sampleMail('c@quick.example'));
    clock.ms += 2 * 60_000;
    await expect(channel.send(sampleMail('b@slow.example'))).rejects.toMatchObject({ code: `smtp-${reply}` });
    // A kept connection that is closed with 421 is followed by one try over a fresh one.
    expect(asked).toBeGreaterThanOrEqual(2);
    expect(asked).toBeLessThanOrEqual(3);
  });

  test('is not meant by a full mailbox', async () => {
    const server = await startServer(refuseAt('full.example', 452, '4.2.2 mailbox full'));
    const channel = openChannel(server);
    for (let time = 0; time < 2; time += 1)
      await expect(channel.send(sampleMail('a@full.example'))).rejects.toMatchObject({ code: 'smtp-452' });
  });

  test('is not meant by a greeting that is about us', async () => {
    const server = await startServer({ onConnect: (_session, done) => done(refusal(421, 'too many')) });
    const channel = openChannel(server);
    for (let time = 0; time < 2; time += 1)
      await expect(channel.send(sampleMail())).rejects.toMatchObject({ code: 'smtp-421', retry: true });
  });
});

describe('a refusal for good', () => {
  test.each([
    [550, '5.1.1 no such user'],
    [550, 'no such user'],
    [553, 'not allowed here'],
  ])('of the address (%i %s) says that there is no mailbox', async (reply, words) => {
    const server = await startServer(refuseAt('example.net', reply, words));
    const error = await openChannel(server)
      .send(sampleMail())
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'smtp-no-mailbox', retry: false });
    expect((error as Error).message).toContain(words);
    expect(isNoMailbox(error)).toBe(true);
  });

  test.each([
    [554, '5.7.1 spam'],
    [550, 'relaying denied'],
    [552, '5.3.4 too big'],
  ])('of something else (%i %s) speaks of one message', async (reply, words) => {
    const server = await startServer(refuseAt('example.net', reply, words));
    const error = await openChannel(server)
      .send(sampleMail())
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: `smtp-${reply}`, retry: false });
    expect(isNoMailbox(error)).toBe(false);
  });

  test('of the sender is our fault and gives nobody up', async () => {
    const server = await startServer({
      onMailFrom: (_address, _session, done) => done(refusal(550, 'not you')),
    });
    await expect(openChannel(server).send(sampleMail())).rejects.toMatchObject({
      code: 'smtp-unwelcome',
      retry: true,
    });
  });

  test('of our whole session is our fault too', async () => {
    const server = await startServer({ onConnect: (_session, done) => done(refusal(554, 'no service')) });
    await expect(openChannel(server).send(sampleMail())).rejects.toMatchObject({
      code: 'smtp-unwelcome',
      retry: true,
    });
  });
});

describe('a server on another host', () => {
  // Reached on this machine, by an address that is not taken for it.
  test('is never spoken to in clear text when STARTTLS was stripped', async () => {
    const server = await startServer({ disabledCommands: ['STARTTLS'] }, '0.0.0.0');
    await expect(openChannel(server, {}, '0.0.0.0').send(sampleMail())).rejects.toMatchObject({
      code: 'smtp-tls',
      retry: true,
    });
    expect(server.received).toEqual([]);
  });

  test('is not trusted with a certificate that nobody vouches for', async () => {
    const server = await startServer({}, '0.0.0.0');
    await expect(openChannel(server, {}, '0.0.0.0').send(sampleMail())).rejects.toMatchObject({
      code: 'smtp-tls',
      retry: true,
    });
    expect(server.received).toEqual([]);
  });
});
