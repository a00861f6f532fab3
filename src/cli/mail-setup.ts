import { statSync } from 'node:fs';
import { readDkim } from '../channel/dkim.ts';
import type { Config } from '../config.ts';
import { ElwatchError } from '../errors.ts';

type MailConfig = Pick<
  Config,
  'smtpUrl' | 'mailFrom' | 'dkim' | 'bounceAddress' | 'bounceImapUrl' | 'baseUrl' | 'mailPerSecond'
>;

/** What the mails of a configuration lack, without asking DNS: RFC 7489 §3.1.1 alignment and RFC 8058 §3.1. */
export function judgeMailSetup(config: MailConfig): string {
  if (config.smtpUrl === null) return 'mail is written to files';
  const faults = [...judgeSender(config), ...judgeKey(config)];
  if (faults.length > 0)
    throw new ElwatchError('mail-setup', faults.join('; '), {
      retry: false,
      hint: 'servers would take this mail for forged',
    });
  const { dkim, bounceAddress, bounceImapUrl, baseUrl, mailPerSecond } = config;
  return [
    dkim === null ? 'not signed here' : `signed for ${dkim.domain} with ${dkim.selector}`,
    bounceAddress === null ? 'bounces go to the sender' : `bounces go to ${bounceAddress}`,
    bounceImapUrl === null ? 'nobody reads them' : 'they are read',
    ...(mailPerSecond === null ? [] : [`at most ${mailPerSecond} a second`]),
    ...(baseUrl.startsWith('https://') ? [] : ['one-click unsubscribing needs a BASE_URL with https']),
  ].join('; ');
}

function judgeSender({ mailFrom, dkim }: MailConfig): string[] {
  const domain = /@([^<>@\s]+)>?\s*$/u.exec(mailFrom)?.[1]?.toLowerCase() ?? '';
  if (/(?:^|\.)(?:localhost|localdomain|local)$/u.test(domain))
    return [`MAIL_FROM is at ${domain}, which no other server knows`];
  const signer = dkim?.domain.toLowerCase();
  const isAligned =
    signer === undefined ||
    signer === domain ||
    domain.endsWith(`.${signer}`) ||
    signer.endsWith(`.${domain}`);
  return isAligned ? [] : [`DKIM_DOMAIN ${signer} is not that of MAIL_FROM, ${domain}`];
}

function judgeKey({ dkim }: MailConfig): string[] {
  if (dkim === null) return [];
  readDkim(dkim);
  const isOpen = process.platform !== 'win32' && (statSync(dkim.keyFile).mode & 0o007) !== 0;
  return isOpen ? [`everybody on this machine may read ${dkim.keyFile} (chmod 640)`] : [];
}
