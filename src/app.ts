import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEmailChannel } from './channel/email.ts';
import type { Config } from './config.ts';
import { createHttp } from './http.ts';
import { createLog } from './log.ts';
import type { Parts } from './parts.ts';
import { createEcfr } from './source/ecfr.ts';
import { createFederalRegister } from './source/federal-register.ts';
import { type Database, openDatabase } from './store/db.ts';

/** Everything that is open, and how to close it. */
export interface App {
  config: Config;
  parts: Parts;
  database: Database;
  close(): Promise<void>;
}

export interface AppOptions {
  /** The clock; a replay brings its own. */
  now?: () => string;
  /** Requests a second, for a stand-in that need not be spared. */
  requestsPerSecond?: number;
}

/** Version of the package, for the User-Agent and `--version`. */
export function readVersion(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

/**
 * Opens the store, the sources and the mail channel as the configuration says. No queue and no web server.
 *
 * @throws ElwatchError of the store, as `data-dir-in-use` or `database-unreachable`
 */
export async function openApp(config: Config, options: AppOptions = {}): Promise<App> {
  const log = createLog(config.logLevel);
  const database = await openDatabase({ dataDir: config.dataDir, databaseUrl: config.databaseUrl, log });
  const http = createHttp({
    allow: [config.federalRegisterUrl, config.ecfrUrl],
    userAgent: `entity-list-watch/${readVersion()} (+${config.baseUrl})`,
    ...(options.requestsPerSecond === undefined
      ? {}
      : { requestsPerSecond: options.requestsPerSecond, xmlPerSecond: options.requestsPerSecond }),
  });
  const email = createEmailChannel({
    smtpUrl: config.smtpUrl,
    mailFrom: config.mailFrom,
    outboxDir: join(config.dataDir, 'outbox'),
    log,
  });
  const parts: Parts = {
    db: database.kysely,
    federalRegister: createFederalRegister({ http, baseUrl: config.federalRegisterUrl }),
    ecfr: createEcfr({ http, baseUrl: config.ecfrUrl }),
    email,
    log,
    baseUrl: config.baseUrl,
    mailFrom: config.mailFrom,
    now: options.now ?? (() => new Date().toISOString()),
  };
  return {
    config,
    parts,
    database,
    async close() {
      await email.close();
      await http.close();
      await database.close();
    },
  };
}
