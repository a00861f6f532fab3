import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { createEmailChannel, type EmailMessage } from '../../src/channel/email.ts';
import { isAmbiguous } from '../../src/channel/smtp-error.ts';
import { WHOLE_FILTER } from '../../src/model.ts';
import { renderEmail } from '../../src/render/email.ts';
import { hostileChanges, sampleChangeSet, sampleChanges } from '../helpers/sample-changes.ts';

const mailFrom = 'Entity List Watch <alerts@example.org>';
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Received {
  raw: string;
  from: string | undefined;
  to: string[];
}

async function startServer(options: SMTPServerOptions = {}) {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom: from, rcptTo } = session.envelope;
        received.push({
          raw: Buffer.concat(chunks).toString('latin1'),
          from: from ? from.address : undefined,
          to: rcptTo.map((one) => one.address),
        });
        callback(null, 'queued as 42');
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as { port: number };
  return { received, smtpUrl: `smtp://127.0.0.1:${port}` };
}

function openChannel(smtpUrl: string | null, timeoutSeconds = 5, outboxDir = '/nonexistent') {
  const channel = createEmailChannel({ smtpUrl, mailFrom, outboxDir, timeoutSeconds });
  closers.push(() => channel.close());
  return channel;
}

function message(changes = sampleChanges(), to = 'ana@example.org'): EmailMessage {
  const rendered = renderEmail({
    changeSet: sampleChangeSet(),
    changes,
    allChangesCount: changes.length,
    subscription: { target: to, token: 'tok', filter: WHOLE_FILTER },
    baseUrl: 'https://watch.example.org',
    mailFrom,
    messageId: '<one.two@example.org>',
    references: ['<zero@example.org>'],
  });
  return { to, ...rendered };
}

const headerOf = (raw: string) => raw.split('\r\n\r\n', 1)[0] ?? '';

describe('SMTP', () => {
  test('delivers figures, headers and CSV', async () => {
    const { received, smtpUrl } = await startServer();
    const channel = openChannel(smtpUrl);
    await channel.verify();
    expect(channel.kind).toBe('smtp');
    expect((await channel.send(message())).outcome).toContain('queued as 42');
    const [mail] = received;
    expect(mail).toMatchObject({ from: 'alerts@example.org', to: ['ana@example.org'] });
    const header = headerOf(mail!.raw).replace(/\r\n[ \t]+/gu, ' ');
    expect(header).toContain('List-Unsubscribe: <https://watch.example.org/unsubscribe/tok>');
    expect(header).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    expect(header).toContain('List-ID: Entity List Watch <changes.watch.example.org>');
    expect(header).toContain('Auto-Submitted: auto-generated');
    expect(header).toContain('X-Auto-Response-Suppress: All');
    expect(header.match(/^Message-ID: <one\.two@example\.org>$/gimu)).toHaveLength(1);
    expect(header).toContain('In-Reply-To: <zero@example.org>');
    expect(header).toContain('References: <zero@example.org>');
    const parsed = await simpleParser(Buffer.from(mail!.raw, 'latin1'));
    expect(parsed.subject).toBe(
      'BIS adds 6 entities to the Entity List: China 3, Pakistan 2, UAE 1; revises 1; removes 1',
    );
    expect(parsed.text).toContain('6 of 6 stated additions found');
    expect(parsed.html).toContain('北京示例研究所');
    const [csv] = parsed.attachments;
    expect(csv?.filename).toBe('entity-list-changes-2025-05426.csv');
    expect(parse(csv!.content, { bom: true, columns: true })).toHaveLength(8);
  });

  test('hostile names add no header line', async () => {
    const { received, smtpUrl } = await startServer();
    const channel = openChannel(smtpUrl);
    const plain = message();
    await channel.send(plain);
    await channel.send(message(hostileChanges().map((change) => ({ ...change, country: null }))));
    const names = received.map(({ raw }) => headerOf(raw).match(/^[A-Za-z-]+(?=:)/gmu));
    expect(names[1]).toEqual(names[0]);
    // In the body it may stand: there it is text.
    expect(headerOf(received[1]!.raw)).not.toMatch(/^Bcc:/imu);
    expect((await simpleParser(Buffer.from(received[1]!.raw, 'latin1'))).bcc).toBeUndefined();
    expect(received[1]?.to).toEqual(['ana@example.org']);
  });

  test.each([
    ['Subject', { subject: 'a\r\nBcc: evil@x.test' }],
    ['List-ID', { headers: { 'Message-ID': '<a@b.test>', 'List-ID': 'x\nBcc: evil@x.test' } }],
    ['a header name', { headers: { 'Message-ID': '<a@b.test>', 'X: y\r\nBcc': 'evil@x.test' } }],
    ['Message-ID', { headers: { 'Message-ID': '<a@b.test>\r\nBcc: evil@x.test' } }],
    ['no Message-ID', { headers: {} }],
  ])('refuses a line break in %s', async (_name, part) => {
    const { received, smtpUrl } = await startServer();
    await expect(openChannel(smtpUrl).send({ ...message(), ...part })).rejects.toMatchObject({
      code: 'invalid-header',
      retry: false,
    });
    expect(received).toEqual([]);
  });

  test.each(['a@b.test\r\nBcc: c@d.test', 'b@example.org, evil@x.test', 'a@b(x)evil.test'])(
    'never hands %j to the server',
    async (to) => {
      const { received, smtpUrl } = await startServer();
      await expect(openChannel(smtpUrl).send({ ...message(), to })).rejects.toMatchObject({
        code: 'invalid-address',
      });
      expect(received).toEqual([]);
    },
  );

  test.each([
    [450, 'smtp-450', true],
    [421, 'smtp-421', true],
    [550, 'smtp-550', false],
    [552, 'smtp-552', false],
  ])('sorts a %i after DATA', async (responseCode, code, retry) => {
    const { smtpUrl } = await startServer({
      onData(stream, _session, callback) {
        stream.resume();
        stream.on('end', () => callback(Object.assign(new Error('no'), { responseCode })));
      },
    });
    await expect(openChannel(smtpUrl).send(message())).rejects.toMatchObject({ code, retry });
  });

  test('a refused recipient is permanent', async () => {
    const { smtpUrl } = await startServer({
      onRcptTo: (_address, _session, callback) =>
        callback(Object.assign(new Error('no such user'), { responseCode: 550 })),
    });
    await expect(openChannel(smtpUrl).send(message())).rejects.toMatchObject({
      code: 'smtp-no-mailbox',
      retry: false,
    });
  });

  test('a wrong password is our fault and gives nobody up', async () => {
    const { smtpUrl } = await startServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, callback) => callback(Object.assign(new Error('no'), { responseCode: 535 })),
    });
    const channel = openChannel(smtpUrl.replace('//', '//user:wrong@'));
    await expect(channel.send(message())).rejects.toMatchObject({ code: 'smtp-auth', retry: true });
  });

  test('silence after DATA is a timeout, retried and marked ambiguous', async () => {
    const { smtpUrl } = await startServer({ onData: (stream) => void stream.resume() });
    const error = await openChannel(smtpUrl, 0.5)
      .send(message())
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'smtp-timeout',
      retry: true,
      message: expect.stringContaining('ambiguous'),
    });
    expect(isAmbiguous(error)).toBe(true);
  });

  test('a connection dropped after DATA is ambiguous and not sent again by the pool', async () => {
    let tries = 0;
    const sockets = new Set<{ destroy(): void }>();
    const { smtpUrl } = await startServer({
      onData(stream) {
        tries += 1;
        stream.resume();
        stream.on('end', () => {
          for (const socket of sockets) socket.destroy();
        });
      },
    });
    // smtp-server keeps its sockets to itself, so a relay in between is what drops them.
    const relay = createServer((client) => {
      const upstream = connect(Number(new URL(smtpUrl).port), '127.0.0.1');
      sockets.add(client);
      client.on('error', () => undefined).pipe(upstream);
      upstream.on('error', () => undefined).pipe(client);
      client.on('close', () => upstream.destroy());
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', () => resolve()));
    closers.push(() => relay.close());
    const { port } = relay.address() as { port: number };
    const error = await openChannel(`smtp://127.0.0.1:${port}`)
      .send(message())
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'smtp-dropped', retry: true });
    expect(isAmbiguous(error)).toBe(true);
    expect(tries).toBe(1);
  });

  test('a server that is not there is tried again and not ambiguous', async () => {
    const error = await openChannel('smtp://127.0.0.1:9')
      .send(message())
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'smtp-network', retry: true });
    expect(isAmbiguous(error)).toBe(false);
    await expect(openChannel('smtp://127.0.0.1:9').verify()).rejects.toMatchObject({ code: 'smtp-network' });
  });

  test('an unusable address of the server is said without its password', () => {
    expect(() => openChannel('http://user:secret@host')).toThrow(
      expect.objectContaining({ code: 'invalid-smtp-url' }),
    );
    expect(() => openChannel('http://user:secret@host')).not.toThrow(/secret/u);
  });
});

test('a message is dated by the clock of the service, by either way', async () => {
  const { received, smtpUrl } = await startServer();
  const outboxDir = await mkdtemp(join(tmpdir(), 'elwatch-outbox-'));
  closers.push(() => rm(outboxDir, { recursive: true, force: true }));
  const now = () => Date.parse('2025-03-28T12:45:10.000Z');
  for (const url of [smtpUrl, null]) {
    const channel = createEmailChannel({ smtpUrl: url, mailFrom, outboxDir, now });
    closers.push(() => channel.close());
    const { outcome } = await channel.send(message());
    const raw = url === null ? await readFile(outcome, 'latin1') : received[0]!.raw;
    expect(headerOf(raw)).toMatch(/^Date: Fri, 28 Mar 2025 12:45:10 \+0000$/mu);
  }
});

describe('outbox', () => {
  async function openOutbox() {
    const directory = await mkdtemp(join(tmpdir(), 'elwatch-outbox-'));
    closers.push(() => rm(directory, { recursive: true, force: true }));
    return { directory, channel: openChannel(null, 5, join(directory, 'outbox')) };
  }

  test('writes a whole message, once for each Message-ID', async () => {
    const { directory, channel } = await openOutbox();
    await channel.verify();
    const { outcome } = await channel.send(message());
    expect((await channel.send(message())).outcome).toBe(outcome);
    expect(await readdir(join(directory, 'outbox'))).toEqual(['one.two@example.org.eml']);
    const parsed = await simpleParser(await readFile(outcome));
    expect(parsed.to).toMatchObject({ text: 'ana@example.org' });
    expect(parsed.attachments).toHaveLength(1);
  });

  test('no Message-ID leaves the directory', async () => {
    const { directory, channel } = await openOutbox();
    for (const id of ['<../../evil@x.test>', '<a/b@x.test>', '<a_b@x.test>']) {
      await channel.send({ ...message(), headers: { 'Message-ID': id } });
    }
    expect(await readdir(directory)).toEqual(['outbox']);
    expect(await readdir(join(directory, 'outbox'))).toHaveLength(3);
  });
});
