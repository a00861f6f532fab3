import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDkim } from '../../src/channel/dkim.ts';
import { createEmailChannel } from '../../src/channel/email.ts';
import { startMailServer } from '../helpers/mail-server.ts';
import { MAIL_FROM, sampleMail } from '../helpers/sample-mail.ts';

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
let folder: string;
let keyFile: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elwatch-dkim-'));
  keyFile = join(folder, 'dkim.pem');
  await writeFile(keyFile, keys.privateKey);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Verifies against a DNS that holds our one record. */
async function verify(raw: string) {
  const { results } = await dkimVerify(Buffer.from(raw, 'latin1'), {
    resolver: async (name: string) => {
      if (name !== 'mail2026._domainkey.example.org')
        throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
      return [[`v=DKIM1; k=rsa; p=${keys.publicKey.toString('base64')}`]];
    },
  });
  return results[0]!;
}

async function sendSigned(): Promise<string> {
  const server = await startMailServer();
  const channel = createEmailChannel({
    smtpUrl: `smtp://127.0.0.1:${server.port}`,
    mailFrom: MAIL_FROM,
    outboxDir: folder,
    dkim: { domain: 'example.org', selector: 'mail2026', keyFile },
  });
  await channel.send(sampleMail());
  await channel.close();
  await server.close();
  return server.received[0]!.raw;
}

describe('a signed message', () => {
  test('is good, for the domain of the sender', async () => {
    const { status, signingDomain } = await verify(await sendSigned());
    expect(status).toMatchObject({ result: 'pass', aligned: 'example.org' });
    expect(signingDomain).toBe('example.org');
  });

  test('has both headers of one-click unsubscribing under the signature, as RFC 8058 asks', async () => {
    const raw = await sendSigned();
    const header = (raw.split('\r\n\r\n', 1)[0] ?? '').replace(/\r\n[ \t]+/gu, ' ');
    expect(header).toMatch(/^List-Unsubscribe: <https:\/\/watch\.example\.org\/unsubscribe\/tok>$/mu);
    expect(header).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/mu);
    const covered = /^DKIM-Signature:.*?\bh=([^;]+)/mu.exec(header)?.[1]?.replace(/\s/gu, '').split(':');
    expect(covered).toEqual(
      expect.arrayContaining(['list-unsubscribe', 'list-unsubscribe-post', 'from', 'subject', 'to', 'date']),
    );
  });

  test.each([
    ['the address that unsubscribes', 'unsubscribe/tok>', 'unsubscribe/evil>'],
    ['the one-click header', 'List-Unsubscribe=One-Click', 'List-Unsubscribe=Two-Clicks'],
    ['the subject', 'Subject: BIS adds', 'Subject: BIS Adds'],
    ['the text', 'stated additions', 'stated subtractions'],
  ])('is bad once %s is changed', async (_what, from, to) => {
    const raw = await sendSigned();
    const changed = raw.replace(from, to);
    expect(changed).not.toBe(raw);
    expect((await verify(changed)).status.result).not.toBe('pass');
  });
});

describe('a key', () => {
  const read = (file: string) =>
    readDkim({ domain: 'example.org', selector: 'mail2026', keyFile: join(folder, file) });
  const pem = (kind: 'ed25519' | 'rsa', options: object) =>
    generateKeyPairSync(kind as 'rsa', {
      ...(options as { modulusLength: number }),
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }).privateKey;

  test.each([
    ['that is not there', null, /cannot be read \(ENOENT\)/u],
    ['that is a text', 'hello', /no private key/u],
    ['of another kind', pem('ed25519', {}), /ed25519, not RSA/u],
    ['that is too short', pem('rsa', { modulusLength: 768 }), /768 bits/u],
  ])('%s is refused, and what to do is said without it', async (_what, content, message) => {
    if (content !== null) await writeFile(join(folder, 'bad.pem'), content);
    const name = content === null ? 'absent.pem' : 'bad.pem';
    expect(() => read(name)).toThrow(
      expect.objectContaining({ code: 'dkim-key', retry: false, message: expect.stringMatching(message) }),
    );
    expect(() => read(name)).not.toThrow(/PRIVATE KEY|hello/u);
  });
});
