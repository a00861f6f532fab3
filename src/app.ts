import { join } from 'node:path';
import { readAllowHosts } from './channel/address-guard.ts';
import { createChatChannel } from './channel/chat.ts';
import { createEmailChannel } from './channel/email.ts';
import { createWebhookChannel } from './channel/webhook.ts';
import type { Config } from './config.ts';
import { createHttp } from './http.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { openParserThread } from './parser/open-parser-thread.ts';
import { createParserHere } from './parser.ts';
import type { Parts } from './parts.ts';
import { createSecrets } from './secrets.ts';
import { createCsl } from './source/csl.ts';
import { createEcfr } from './source/ecfr.ts';
import { createFederalRegister } from './source/federal-register.ts';
import { createPublicInspection } from './source/public-inspection.ts';
import { createWholeIssues } from './source/whole-issue.ts';
import { type Database, openDatabase } from './store/db.ts';
import { findServerSecret } from './store/server-secret.ts';
import { readVersion } from './version.ts';

/** Everything that is open, and how to close it. */
export interface App {
  config: Config;
  parts: Parts;
  database: Database;
  /** Gives up requests to upstream and the reading of texts that are under way, so that what waits for them can end. */
  interrupt(): Promise<void>;
  close(): Promise<void>;
}

export interface AppOptions {
  /** The clock; a replay brings its own. */
  now?: () => string;
  /** Requests a second, in all and for full texts; a stand-in need not be spared. */
  pace?: { perSecond: number; xmlPerSecond: number };
  /** Whether texts are read in a thread of their own: where others have to be served meanwhile. */
  readInThread?: boolean;
}

/**
 * Opens the store, the sources and the mail channel as the configuration says. No queue and no web server.
 *
 * @throws ElwatchError of the store, as `data-dir-in-use` or `database-unreachable`
 */
export async function openApp(config: Config, options: AppOptions = {}): Promise<App> {
  const log = createLog(config.logLevel);
  const { pace, readInThread = false, now = () => new Date().toISOString() } = options;
  const http = createHttp({
    bases: [config.federalRegisterUrl, config.ecfrUrl, config.govinfoUrl, config.cslUrl],
    version: readVersion(),
    contact: config.baseUrl,
    ...(pace === undefined ? {} : { pace }),
  });
  const email = createEmailChannel({
    smtpUrl: config.smtpUrl,
    mailFrom: config.mailFrom,
    outboxDir: join(config.dataDir, 'outbox'),
    bounceAddress: config.bounceAddress,
    perSecond: config.mailPerSecond,
    dkim: config.dkim,
    log,
    now: () => Date.parse(now()),
  });
  const thread = readInThread ? openParserThread() : null;
  const allowHosts = readAllowHosts(config.webhookAllowHosts);
  const posting = { allowHosts, userAgent: `entity-list-watch/${readVersion()} (+${config.baseUrl})` };
  const webhooks = createWebhookChannel(posting);
  const chat = createChatChannel(posting);
  // Last, because it takes the lock: what is refused above leaves nothing behind.
  const database = await openDatabase({ dataDir: config.dataDir, databaseUrl: config.databaseUrl, log });
  const secretKey = config.secretKey ?? (await findServerSecret(database.kysely, now()));
  const parts: Parts = {
    db: database.kysely,
    presence: database.presence,
    federalRegister: createFederalRegister({ http, baseUrl: config.federalRegisterUrl }),
    publicInspection: createPublicInspection({ http, baseUrl: config.federalRegisterUrl }),
    wholeIssues: createWholeIssues({ http, baseUrl: config.govinfoUrl, now }),
    ecfr: createEcfr({ http, baseUrl: config.ecfrUrl, govinfoUrl: config.govinfoUrl }),
    csl: createCsl({ http, baseUrl: config.cslUrl }),
    parser: thread ?? createParserHere(),
    email,
    webhooks,
    chat,
    allowHosts,
    bounces: await openBounces(config),
    secrets: createSecrets(secretKey),
    log,
    metrics: createMetrics(),
    baseUrl: config.baseUrl,
    mailFrom: config.mailFrom,
    now,
  };
  return {
    config,
    parts,
    database,
    async interrupt() {
      await Promise.all([http.close(), thread?.close()]);
    },
    async close() {
      await email.close();
      await webhooks.close();
      await chat.close();
      await http.close();
      await thread?.close();
      await database.close();
    },
  };
}

/** Few read a mailbox of bounces, so nobody else waits for what reading one takes. */
async function openBounces({ bounceImapUrl, bounceAddress }: Config): Promise<Parts['bounces']> {
  if (bounceImapUrl === null) return null;
  const { createBounceMailbox } = await import('./source/bounce-mailbox.ts');
  return createBounceMailbox({ url: bounceImapUrl, address: bounceAddress });
}
