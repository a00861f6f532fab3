import { setTimeout as sleep } from 'node:timers/promises';
import { openApp } from '../app.ts';
import type { Config } from '../config.ts';
import { errorLine } from '../errors.ts';
import type { Role } from '../roles.ts';
import { startService } from '../service.ts';
import { untilFull } from '../store/room.ts';

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals) => {
      process.once('SIGINT', () => process.exit(130));
      process.once('SIGTERM', () => process.exit(143));
      resolve(signal);
    };
    process.once('SIGINT', onSignal);
    process.once('SIGTERM', onSignal);
  });
}

/** Of the 25 s after which it is to be gone. A store that hangs would keep it for ever. */
const CLOSE_MS = 22_000;
/** The jobs of a store without room do not end, and the store itself is given its time after this. */
const CLOSE_FULL_MS = 15_000;

/**
 * `elwatch start`: runs the service until it is told to stop, which it may be before it has begun.
 *
 * @throws ElwatchError of the store and the service, and `disk-full` where the embedded store is about to have no room
 */
export async function runStart(config: Config, role: Role): Promise<void> {
  const stopped = untilSignal();
  const app = await openApp(config, { readInThread: true });
  try {
    const service = await startService(app, { role }).catch(async (error: unknown) => {
      await app.interrupt();
      throw error;
    });
    app.parts.log.info(
      {
        role,
        url: service.url,
        store: app.database.kind,
        queue: service.queue?.kind ?? null,
        metrics: service.metricsUrl,
      },
      'started',
    );
    if (service.url) process.stderr.write(`Entity List Watch listens on ${service.url}; Ctrl-C stops it.\n`);
    const over = new AbortController();
    let closeMs = CLOSE_FULL_MS;
    try {
      const full = app.database.kind === 'pglite' ? [untilFull(config.dataDir, over.signal)] : [];
      const signal = await Promise.race([stopped, ...full]);
      closeMs = CLOSE_MS;
      app.parts.log.info({ signal }, 'stopping');
    } finally {
      over.abort();
      await app.interrupt();
      // Why it ends, as a full disk, is what has to be told.
      const closing = service.close().catch((error: unknown) => {
        app.parts.log.error({ error: errorLine(error) }, 'the service did not end in order');
      });
      await Promise.race([closing, sleep(closeMs, undefined, { ref: false })]);
    }
  } finally {
    await app.close();
  }
}
