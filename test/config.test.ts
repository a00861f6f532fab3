import { describe, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';

describe('the configuration of mail', () => {
  test('needs nothing', () => {
    expect(readConfig({})).toMatchObject({
      smtpUrl: null,
      mailPerSecond: null,
      dkim: null,
      bounceAddress: null,
      bounceImapUrl: null,
    });
  });

  test('is read as it is written', () => {
    expect(
      readConfig({
        MAIL_PER_SECOND: '2.5',
        DKIM_DOMAIN: 'example.org',
        DKIM_SELECTOR: 'mail2026',
        DKIM_KEY_FILE: '/etc/elwatch/dkim.pem',
        BOUNCE_ADDRESS: 'bounces@example.org',
        BOUNCE_IMAP_URL: 'imaps://bounces:p%40ss@imap.example.org/INBOX',
      }),
    ).toMatchObject({
      mailPerSecond: 2.5,
      dkim: { domain: 'example.org', selector: 'mail2026', keyFile: '/etc/elwatch/dkim.pem' },
      bounceAddress: 'bounces@example.org',
      bounceImapUrl: 'imaps://bounces:p%40ss@imap.example.org/INBOX',
    });
  });

  test.each([
    [{ MAIL_PER_SECOND: 'many' }, /MAIL_PER_SECOND is not a number/u],
    [{ MAIL_PER_SECOND: '0' }, /MAIL_PER_SECOND is below 0\.1/u],
    [{ DKIM_DOMAIN: 'example.org' }, /DKIM_SELECTOR is missing.*DKIM_KEY_FILE is missing/u],
    [
      { DKIM_DOMAIN: 'example.org; t=y', DKIM_SELECTOR: 'a', DKIM_KEY_FILE: 'b' },
      /DKIM_DOMAIN is no domain/u,
    ],
    [
      { DKIM_DOMAIN: 'example.org', DKIM_SELECTOR: 'a b', DKIM_KEY_FILE: 'b' },
      /DKIM_SELECTOR is no selector/u,
    ],
    [{ BOUNCE_ADDRESS: 'bounces+here@example.org' }, /BOUNCE_ADDRESS is not an address/u],
    [{ BOUNCE_ADDRESS: `${'b'.repeat(32)}@example.org` }, /BOUNCE_ADDRESS is not an address/u],
    [{ BOUNCE_IMAP_URL: 'https://a:b@example.org' }, /BOUNCE_IMAP_URL is not an address that begins with/u],
    [{ BOUNCE_IMAP_URL: 'imaps://imap.example.org/INBOX' }, /BOUNCE_IMAP_URL has no login/u],
  ])('with %j is refused', (environment, message) => {
    expect(() => readConfig(environment)).toThrow(
      expect.objectContaining({ code: 'bad-config', message: expect.stringMatching(message) }),
    );
  });

  test('has all its faults told at once, without a secret', () => {
    const faulty = { PORT: 'x', DKIM_DOMAIN: 'example.org', BOUNCE_IMAP_URL: 'imap:/sesame%@' };
    expect(() => readConfig(faulty)).toThrow(/PORT.*BOUNCE_IMAP_URL|BOUNCE_IMAP_URL.*PORT/u);
    expect(() => readConfig(faulty)).toThrow(/DKIM_SELECTOR is missing/u);
    expect(() => readConfig(faulty)).not.toThrow(/sesame/u);
  });
});
