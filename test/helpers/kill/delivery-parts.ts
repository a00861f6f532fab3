import { pino } from 'pino';
import { readAllowHosts } from '../../../src/channel/address-guard.ts';
import { createChatChannel } from '../../../src/channel/chat.ts';
import { createEmailChannel } from '../../../src/channel/email.ts';
import { createWebhookChannel } from '../../../src/channel/webhook.ts';
import { createMetrics } from '../../../src/metrics.ts';
import type { Parts } from '../../../src/parts.ts';
import { createSecrets } from '../../../src/secrets.ts';
import { type Database, openDatabase } from '../../../src/store/db.ts';

/** Where a store lies and mail goes to; as JSON it is handed to a worker process. */
export interface DeliveryPlace {
  dataDir: string;
  databaseUrl: string | null;
  smtpPort: number;
}

export interface DeliveryParts {
  parts: Parts;
  database: Database;
  close(): Promise<void>;
}

/** No source is asked by what notifies and delivers. A process that is killed hundreds of times loads none. */
const NOT_ASKED = null as never;

/** The live parts of notify and deliver: store, mail pool, webhooks and chat. The clock is real, or stands at `now`. */
export async function openDeliveryParts(
  place: DeliveryPlace,
  now: string | null = null,
): Promise<DeliveryParts> {
  const allowHosts = readAllowHosts(['127.0.0.1']);
  const posting = { allowHosts, userAgent: 'entity-list-watch/test', timeoutSeconds: 5 };
  const email = createEmailChannel({
    smtpUrl: `smtp://127.0.0.1:${place.smtpPort}`,
    mailFrom: 'alerts@example.org',
    outboxDir: '/nonexistent',
    timeoutSeconds: 5,
  });
  const webhooks = createWebhookChannel(posting);
  const chat = createChatChannel(posting);
  const database = await openDatabase(place);
  const parts: Parts = {
    db: database.kysely,
    // Of those that were killed no connection is left when another one begins.
    presence: { id: database.presence.id, graceMs: 0 },
    federalRegister: NOT_ASKED,
    publicInspection: NOT_ASKED,
    wholeIssues: NOT_ASKED,
    ecfr: NOT_ASKED,
    csl: NOT_ASKED,
    parser: NOT_ASKED,
    email,
    webhooks,
    chat,
    allowHosts,
    bounces: null,
    secrets: createSecrets('a secret of the kill tests, long enough to be one'),
    log: pino({ level: 'silent' }),
    metrics: createMetrics(),
    baseUrl: 'http://elwatch.example.org',
    mailFrom: 'alerts@example.org',
    now: () => now ?? new Date().toISOString(),
  };
  return {
    parts,
    database,
    async close() {
      await email.close();
      await webhooks.close();
      await chat.close();
      await database.close();
    },
  };
}
