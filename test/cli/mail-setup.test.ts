import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeMailSetup } from '../../src/cli/mail-setup.ts';
import { readConfig } from '../../src/config.ts';

let folder: string;
let keyFile: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elwatch-setup-'));
  keyFile = join(folder, 'dkim.pem');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const judge = (environment: Record<string, string>) =>
  judgeMailSetup(
    readConfig({
      SMTP_URL: 'smtp://mail.example.org',
      MAIL_FROM: 'Alerts <alerts@mail.example.org>',
      BASE_URL: 'https://watch.example.org',
      ...environment,
    }),
  );
const signed = (domain: string) => ({
  DKIM_DOMAIN: domain,
  DKIM_SELECTOR: 'mail2026',
  DKIM_KEY_FILE: keyFile,
});

test('says what is done with mail', () => {
  expect(judge({ SMTP_URL: '' })).toBe('mail is written to files');
  expect(judge({})).toBe('not signed here; bounces go to the sender; nobody reads them');
  expect(
    judge({
      ...signed('example.org'),
      BOUNCE_ADDRESS: 'bounces@example.org',
      BOUNCE_IMAP_URL: 'imaps://a:b@imap.example.org/INBOX',
      MAIL_PER_SECOND: '5',
    }),
  ).toBe(
    'signed for example.org with mail2026; bounces go to bounces@example.org; they are read; at most 5 a second',
  );
  expect(judge({ BASE_URL: 'http://watch.example.org' })).toContain('BASE_URL with https');
});

test('a sender that is not of this world is a fault', () => {
  expect(() => judge({ MAIL_FROM: '' })).toThrow(/MAIL_FROM is at localhost\.localdomain/u);
});

test('a signature for somebody else is a fault', () => {
  expect(() => judge(signed('example.net'))).toThrow(/not that of MAIL_FROM/u);
  expect(() => judge(signed('ample.org'))).toThrow(/not that of MAIL_FROM/u);
});

test('a key that everybody may read is a fault, as is none', async () => {
  await chmod(keyFile, 0o644);
  expect(() => judge(signed('example.org'))).toThrow(/chmod 640/u);
  await chmod(keyFile, 0o600);
  expect(() => judge({ ...signed('example.org'), DKIM_KEY_FILE: join(folder, 'absent') })).toThrow(
    expect.objectContaining({ code: 'dkim-key' }),
  );
});
