import { resolve } from 'node:path';
import { z } from 'zod';
import { ElwatchError } from './errors.ts';

/** What the environment settles. Read once, at the root. */
export interface Config {
  dataDir: string;
  databaseUrl: string | null;
  redisUrl: string | null;
  smtpUrl: string | null;
  mailFrom: string;
  /** Most mails a second; null for as many as the server takes. */
  mailPerSecond: number | null;
  /** Signs mail; null for a server that does it, or for none. */
  dkim: { domain: string; selector: string; keyFile: string } | null;
  /** Mailbox that takes bounces under "name+anything@domain"; null where they go to the sender. */
  bounceAddress: string | null;
  /** Where bounces are read; null where nobody reads them. */
  bounceImapUrl: string | null;
  /** Public address, without a slash at its end. */
  baseUrl: string;
  port: number;
  adminToken: string | null;
  /** Whether changes, lists and documents need a token too. */
  apiRequiresToken: boolean;
  /** Requests a minute that one address may make without a token. */
  apiPerMinute: number;
  /** Addresses and ranges of proxies that say whom they ask for, separated by commas; null for none. */
  trustProxy: string | null;
  /** Signs links and seals secrets; null for one that the database keeps. */
  secretKey: string | null;
  /** Hosts, addresses and ranges that webhooks may lead to though they are not public. */
  webhookAllowHosts: string[];
  federalRegisterUrl: string;
  ecfrUrl: string;
  govinfoUrl: string;
  cslUrl: string;
  logLevel: string;
  /** Port for metrics; null for none. */
  metricsPort: number | null;
  metricsHost: string;
  /** Collector that is handed traces, without a slash at its end; null for none. */
  tracesEndpoint: string | null;
  /** Who is told by mail when the service itself needs somebody; null for nobody. */
  alarmTo: string | null;
}

const urlOf = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `is not an address that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });
function hasReadableLogin(text: string): boolean {
  try {
    const url = new URL(text);
    decodeURIComponent(url.username + url.password);
    return url.hostname !== '';
  } catch {
    return false;
  }
}
const withoutSlash = (text: string) => text.replace(/\/+$/u, '');

const HOST_NAME =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/u;
/** RFC 6376 §3.6.2.1; one is nothing without the others. */
const DKIM_VARIABLES = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_KEY_FILE'] as const;

const Environment = z.object({
  DATA_DIR: z.string().default('data'),
  DATABASE_URL: urlOf('postgres:', 'postgresql:').optional(),
  REDIS_URL: urlOf('redis:', 'rediss:').optional(),
  SMTP_URL: urlOf('smtp:', 'smtps:')
    .refine(hasReadableLogin, { error: 'has no host, or a login with a % that encodes nothing' })
    .optional(),
  MAIL_FROM: z
    .string()
    .regex(/^(?:[^<>@\r\n]*<[^<>@\s,"]+@[^<>@\s,"]+\.[^<>@\s,"]+>|[^<>@\s,"]+@[^<>@\s,"]+\.[^<>@\s,"]+)$/u, {
      error: 'is not an address like "Alerts <alerts@example.org>"',
    })
    .default('Entity List Watch <elwatch@localhost.localdomain>'),
  MAIL_PER_SECOND: z.coerce
    .number({ error: 'is not a number' })
    // A worker waits its turn with the message in hand; slower than this its claim would run out.
    .min(0.1, { error: 'is below 0.1' })
    .max(10_000, { error: 'is above 10000' })
    .optional(),
  DKIM_DOMAIN: z.string().regex(HOST_NAME, { error: 'is no domain in ASCII, as example.org' }).optional(),
  DKIM_SELECTOR: z.string().regex(HOST_NAME, { error: 'is no selector, as mail2026' }).optional(),
  DKIM_KEY_FILE: z.string().optional(),
  BOUNCE_ADDRESS: z
    .string()
    // Without "+": that is where the delivery is named. RFC 5321 §4.5.3.1.1 allows 64 characters, and the name takes 33.
    .regex(/^[A-Za-z0-9_.-]{1,31}@[^<>@\s,"+]+\.[^<>@\s,"+]+$/u, {
      error:
        'is not an address like "bounces@example.org", of at most 31 letters, digits, "_", "." and "-" before the @',
    })
    .optional(),
  BOUNCE_IMAP_URL: urlOf('imap:', 'imaps:')
    .refine(hasReadableLogin, { error: 'has no host, or a login with a % that encodes nothing' })
    .refine((text) => !URL.canParse(text) || new URL(text).username !== '', { error: 'has no login' })
    .optional(),
  PORT: z.coerce
    .number({ error: 'is not a number' })
    .int({ error: 'is no whole number' })
    .min(0)
    .max(65_535, { error: 'is above 65535' })
    .default(8744),
  BASE_URL: urlOf('http:', 'https:')
    .refine((text) => !/[?#]/u.test(text), { error: 'has a query or a fragment' })
    .optional(),
  // What a Bearer header can carry (RFC 6750, 2.1): any other would be set and never let anybody in.
  ADMIN_TOKEN: z
    .string()
    .min(16, { error: 'is shorter than 16 characters' })
    .regex(/^[\w~+/.=-]{1,200}$/u, { error: 'must be at most 200 letters, digits and ~ + / . = _ -' })
    .optional(),
  API_REQUIRES_TOKEN: z.enum(['true', 'false'], { error: 'is neither true nor false' }).default('false'),
  API_PER_MINUTE: z.coerce
    .number({ error: 'is not a number' })
    .int({ error: 'is no whole number' })
    .min(1, { error: 'is below 1' })
    .max(1_000_000, { error: 'is above 1000000' })
    .default(120),
  TRUST_PROXY: z
    .string()
    .regex(/^[\w.:/, ]{1,500}$/u, { error: 'is no list of addresses such as 127.0.0.1, 10.0.0.0/8' })
    .optional(),
  WEBHOOK_ALLOW_HOSTS: z.string().default(''),
  SECRET_KEY: z.string().min(32, { error: 'is shorter than 32 characters' }).optional(),
  FEDERAL_REGISTER_URL: urlOf('http:', 'https:').default('https://www.federalregister.gov'),
  ECFR_URL: urlOf('http:', 'https:').default('https://www.ecfr.gov'),
  GOVINFO_URL: urlOf('http:', 'https:').default('https://www.govinfo.gov'),
  CSL_URL: urlOf('http:', 'https:').default('https://data.trade.gov'),
  METRICS_PORT: z.coerce
    .number({ error: 'is not a number' })
    .int({ error: 'is no whole number' })
    .min(0, { error: 'is below 0' })
    .max(65_535, { error: 'is above 65535' })
    .optional(),
  METRICS_HOST: z.string().default('127.0.0.1'),
  OTEL_EXPORTER_OTLP_ENDPOINT: urlOf('http:', 'https:').optional(),
  ALARM_TO: z
    .string()
    .regex(/^[^<>@\s,"]+@[^<>@\s,"]+\.[^<>@\s,"]+$/u, { error: 'is not an address like "ops@example.org"' })
    .optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'is none of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info'),
});

/** What is set of a group that is nothing unless whole: the names that are missing. */
function missingOf(present: object, names: readonly string[]): string[] {
  const missing = names.filter((name) => !(name in present));
  return missing.length === names.length ? [] : missing;
}

/**
 * Reads the configuration from environment variables; an empty variable counts as absent.
 *
 * @throws ElwatchError `bad-config` that lists every fault, without the values (they can be secrets)
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = Environment.safeParse(present);
  const faults = [
    ...(parsed.error?.issues ?? []).map((fault) => `${fault.path.join('.')} ${fault.message}`),
    ...missingOf(present, DKIM_VARIABLES).map(
      (name) => `${name} is missing, and other DKIM_ variables are set`,
    ),
  ];
  if (!parsed.success || faults.length > 0)
    throw new ElwatchError(
      'bad-config',
      `the environment has ${faults.length} fault(s): ${faults.join('; ')}`,
      {
        retry: false,
        hint: 'correct these variables; .env.example shows each with its form',
      },
    );
  const of = parsed.data;
  return {
    dataDir: resolve(of.DATA_DIR),
    databaseUrl: of.DATABASE_URL ?? null,
    redisUrl: of.REDIS_URL ?? null,
    smtpUrl: of.SMTP_URL ?? null,
    mailFrom: of.MAIL_FROM,
    mailPerSecond: of.MAIL_PER_SECOND ?? null,
    dkim:
      of.DKIM_DOMAIN === undefined
        ? null
        : { domain: of.DKIM_DOMAIN, selector: of.DKIM_SELECTOR!, keyFile: resolve(of.DKIM_KEY_FILE!) },
    bounceAddress: of.BOUNCE_ADDRESS ?? null,
    bounceImapUrl: of.BOUNCE_IMAP_URL ?? null,
    baseUrl: withoutSlash(of.BASE_URL ?? `http://localhost:${of.PORT}`),
    port: of.PORT,
    adminToken: of.ADMIN_TOKEN ?? null,
    apiRequiresToken: of.API_REQUIRES_TOKEN === 'true',
    apiPerMinute: of.API_PER_MINUTE,
    trustProxy: of.TRUST_PROXY ?? null,
    secretKey: of.SECRET_KEY ?? null,
    webhookAllowHosts: of.WEBHOOK_ALLOW_HOSTS.split(',').filter((host) => host.trim() !== ''),
    federalRegisterUrl: withoutSlash(of.FEDERAL_REGISTER_URL),
    ecfrUrl: withoutSlash(of.ECFR_URL),
    govinfoUrl: withoutSlash(of.GOVINFO_URL),
    cslUrl: withoutSlash(of.CSL_URL),
    logLevel: of.LOG_LEVEL,
    metricsPort: of.METRICS_PORT ?? null,
    metricsHost: of.METRICS_HOST,
    tracesEndpoint:
      of.OTEL_EXPORTER_OTLP_ENDPOINT === undefined ? null : withoutSlash(of.OTEL_EXPORTER_OTLP_ENDPOINT),
    alarmTo: of.ALARM_TO ?? null,
  };
}
