import type { Config } from '../config.ts';
import { createLog } from '../log.ts';
import { LIST_TITLES } from '../render/words.ts';
import { type Database, openDatabase } from '../store/db.ts';
import { exportStore, importStore, type OnRows } from '../transfer.ts';
import { readVersion } from '../version.ts';
import type { Output } from './output.ts';
import { createProgress } from './progress.ts';
import { progressBar } from './progress-bar.ts';

/** How often a line of progress is written over. */
const EVERY_MS = 200;

/** Opens only the store: the app would make a secret in one that is to stay empty. */
async function withStore<T>(
  config: Config,
  doing: string,
  run: (database: Database, onRows: OnRows) => Promise<T>,
): Promise<T> {
  const { dataDir, databaseUrl } = config;
  const database = await openDatabase({ dataDir, databaseUrl, log: createLog(config.logLevel) });
  const progress = createProgress();
  let shownAt = 0;
  try {
    return await run(database, (done, of, table) => {
      const now = performance.now();
      if (now - shownAt < EVERY_MS) return;
      shownAt = now;
      progress.at(progressBar(of === 0 ? 1 : done / of, `${doing}: ${done} of ${of} rows, now ${table}`));
    });
  } finally {
    progress.end();
    await database.close();
  }
}

const nameOf = (database: Database) => (database.kind === 'pglite' ? 'the embedded store' : 'PostgreSQL');

/** `elwatch export <file>`: the whole store in one file. */
export async function runExport(config: Config, file: string, out: Output): Promise<void> {
  await withStore(config, 'exported', async (database, onRows) => {
    const done = await exportStore(database.kysely, file, {
      secretKey: config.secretKey,
      program: readVersion(),
      now: new Date().toISOString(),
      onRows,
    });
    out.result({ store: database.kind, ...done }, () =>
      [
        `${done.rows} rows of ${done.tables.length} tables of ${nameOf(database)} are in ${done.file}.`,
        `SHA-256 of its contents: ${done.sha256}`,
        config.secretKey === null
          ? 'It holds the key that secrets are sealed with: keep it as you keep the store.'
          : 'Its secrets are sealed with your SECRET_KEY, which is not in it and is needed for the import.',
      ].join('\n'),
    );
  });
}

/** `elwatch import <file>`: an export into an empty store. */
export async function runImport(config: Config, file: string, out: Output): Promise<void> {
  await withStore(config, 'imported', async (database, onRows) => {
    const done = await importStore(database.kysely, file, { secretKey: config.secretKey, onRows });
    out.result({ store: database.kind, ...done }, () =>
      [
        `${done.rows} rows of ${done.tables.length} tables were imported into ${nameOf(database)} and read back the same.`,
        ...done.stateHashes.flatMap(({ list, there, here }) => [
          `${LIST_TITLES[list]}, state hash`,
          `  there  ${there}`,
          `  here   ${here}`,
        ]),
        'Do not start the old store again: both would send what is due.',
      ].join('\n'),
    );
  });
}
