import type { Kysely } from 'kysely';
import type { AllowHosts } from './channel/address-guard.ts';
import type { ChatChannel } from './channel/chat.ts';
import type { EmailChannel } from './channel/email.ts';
import type { WebhookChannel } from './channel/webhook.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Parser } from './parser.ts';
import type { Secrets } from './secrets.ts';
import type { BounceMailbox } from './source/bounce-mailbox.ts';
import type { Csl } from './source/csl.ts';
import type { Ecfr } from './source/ecfr.ts';
import type { FederalRegister } from './source/federal-register.ts';
import type { PublicInspection } from './source/public-inspection.ts';
import type { WholeIssues } from './source/whole-issue.ts';
import type { Presence } from './store/presence.ts';
import type { Schema } from './store/schema.ts';

/** The live things that a route is handed; `app` opens them. */
export interface Parts {
  db: Kysely<Schema>;
  presence: Presence;
  federalRegister: FederalRegister;
  publicInspection: PublicInspection;
  wholeIssues: WholeIssues;
  ecfr: Ecfr;
  csl: Csl;
  email: EmailChannel;
  webhooks: WebhookChannel;
  chat: ChatChannel;
  parser: Parser;
  /** Hosts that targets may have though they are not public. */
  allowHosts: AllowHosts;
  /** Where mail comes back; null where nobody reads it. */
  bounces: BounceMailbox | null;
  secrets: Secrets;
  log: Log;
  metrics: Metrics;
  /** Public address, for links in mail. */
  baseUrl: string;
  mailFrom: string;
  /** The present instant, ISO 8601 in UTC. A replay has a clock of its own. */
  now(): string;
}
