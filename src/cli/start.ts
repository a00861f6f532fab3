import { openApp } from '../app.ts';
import type { Config } from '../config.ts';
import type { Role } from '../roles.ts';
import { startService } from '../service.ts';

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

/** `elwatch start`: runs the service until it is told to stop, which it may be before it has begun. */
export async function runStart(config: Config, role: Role): Promise<void> {
  const stopped = untilSignal();
  const app = await openApp(config);
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
    const signal = await stopped;
    app.parts.log.info({ signal }, 'stopping');
    await app.interrupt();
    await service.close();
  } finally {
    await app.close();
  }
}
