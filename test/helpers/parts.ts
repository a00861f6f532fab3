import { pino } from 'pino';
import { readAllowHosts } from '../../src/channel/address-guard.ts';
import { createChatChannel } from '../../src/channel/chat.ts';
import { createEmailChannel } from '../../src/channel/email.ts';
import { createWebhookChannel } from '../../src/channel/webhook.ts';
import type { StandIn } from '../../src/demo/stand-in.ts';
import { createHttp } from '../../src/http.ts';
import { createMetrics } from '../../src/metrics.ts';
import { createParserHere } from '../../src/parser.ts';
import type { Parts } from '../../src/parts.ts';
import { createSecrets } from '../../src/secrets.ts';
import { createCsl } from '../../src/source/csl.ts';
import { createEcfr } from '../../src/source/ecfr.ts';
import { createFederalRegister } from '../../src/source/federal-register.ts';
import { createPublicInspection } from '../../src/source/public-inspection.ts';
import { createWholeIssues } from '../../src/source/whole-issue.ts';
import type { TestDatabase } from './databases.ts';

interface PartsOptions {
  database: TestDatabase;
  upstream: StandIn;
  /** Folder for mail as files, where no SMTP server is given. */
  outbox: string;
  smtpUrl?: string | null;
  now: () => string;
}

/** The live parts over one stand-in of everything upstream: one try each, and no pause. */
export function openParts({ database, upstream, outbox, smtpUrl = null, now }: PartsOptions): Parts {
  const baseUrl = upstream.url;
  const http = createHttp({
    bases: [baseUrl],
    version: '0.0.0',
    contact: 'test',
    pace: { perSecond: 1000, xmlPerSecond: 1000 },
    retry: { attempts: 1 },
  });
  const allowHosts = readAllowHosts(['127.0.0.1']);
  const posting = { allowHosts, userAgent: 'entity-list-watch/test' };
  return {
    webhooks: createWebhookChannel(posting),
    chat: createChatChannel(posting),
    allowHosts,
    db: database.kysely,
    presence: database.presence,
    federalRegister: createFederalRegister({ http, baseUrl }),
    publicInspection: createPublicInspection({ http, baseUrl }),
    wholeIssues: createWholeIssues({ http, baseUrl, now }),
    ecfr: createEcfr({ http, baseUrl, govinfoUrl: baseUrl }),
    csl: createCsl({ http, baseUrl }),
    parser: createParserHere(),
    secrets: createSecrets('a secret of the tests, long enough to be one'),
    email: createEmailChannel({
      smtpUrl,
      mailFrom: 'alerts@example.org',
      outboxDir: outbox,
      now: () => Date.parse(now()),
    }),
    bounces: null,
    log: pino({ level: 'silent' }),
    metrics: createMetrics(),
    baseUrl: 'http://elwatch.example.org',
    mailFrom: 'alerts@example.org',
    now,
  };
}
