import { setTimeout as sleep } from 'node:timers/promises';
import { jobs } from '../jobs/index.ts';
import type { Enqueue } from '../jobs/job.ts';
import { lookAfterService } from './alarm.ts';
import { createApiActions } from './api-actions.ts';
import type { App } from './app.ts';
import { createBackfillRuns } from './backfill-runs.ts';
import { ElwatchError, errorLine } from './errors.ts';
import { type MetricsServer, startMetricsServer } from './observe/metrics-server.ts';
import type { Traces } from './observe/traces.ts';
import { createOperatorActions } from './operator-actions.ts';
import { openQueue, type QueueConnection } from './queue.ts';
import { createReader } from './reader.ts';
import type { Role } from './roles.ts';
import { readVersion } from './version.ts';
import type { QueueView } from './web/operator/operator-parts.ts';
import { createWebServer } from './web/server.ts';

export interface Service {
  /** Address that the web server listens on; null in a role without one. */
  url: string | null;
  queue: QueueConnection | null;
  /** Address of the metrics; null where METRICS_PORT is not set. */
  metricsUrl: string | null;
  /** Stops taking work, lets what runs end, closes web server and queue. The app stays open. */
  close(): Promise<void>;
}

/** How often is looked whether the queue still has our schedules. */
const SCHEDULES_MS = 10_000;

export interface ServiceOptions {
  role: Role;
  /** Overrides how often a scheduled job runs, in milliseconds; for a replay. */
  everyMs?: Record<string, number>;
  /** Jobs that are not scheduled. */
  unscheduled?: readonly string[];
  redisPrefix?: string;
  /** Address to listen on: all interfaces unless told. */
  host?: string;
}

/**
 * Starts the service on an open app.
 *
 * @throws ElwatchError `port-in-use`, `queue-unreachable`
 */
export async function startService(app: App, options: ServiceOptions): Promise<Service> {
  const { parts, config, database } = app;
  const runs = (...roles: Role[]) => options.role === 'all' || roles.includes(options.role);
  const undo: (() => Promise<void>)[] = [];
  const close = async () => {
    const faults: unknown[] = [];
    // One that fails must not leave open what comes after it.
    for (const step of undo.splice(0).reverse()) await step().catch((error: unknown) => faults.push(error));
    if (faults.length > 0) throw faults[0];
  };
  try {
    // Pages first: a port that is taken is known before any work begins.
    let url: string | null = null;
    let queues: QueueView | null = null;
    if (runs('web')) {
      const backfill = createBackfillRuns(parts);
      undo.push(() => backfill.stop());
      const server = createWebServer({
        reader: createReader(parts.db),
        baseUrl: config.baseUrl,
        api: {
          db: parts.db,
          secrets: parts.secrets,
          now: parts.now,
          version: readVersion(),
          adminToken: config.adminToken,
          requiresToken: config.apiRequiresToken,
          perMinute: config.apiPerMinute,
          actions: createApiActions(parts),
        },
        operator: createOperatorActions(parts, { backfill, queues: () => queues }),
        everyMs: { ...scheduleOf(jobs), ...options.everyMs },
        trustProxy: config.trustProxy,
        mayFallSilent: database.kind === 'postgres',
        log: parts.log,
      });
      undo.push(() => server.close());
      url = await listen(server, config.port, options.host ?? '0.0.0.0');
      await database.lock?.announceUrl(url);
    }
    let metricsServer: MetricsServer | null = null;
    if (config.metricsPort !== null) {
      const opened = await startMetricsServer({
        ...{ metrics: parts.metrics, db: parts.db, now: parts.now, log: parts.log },
        version: readVersion(),
        host: config.metricsHost,
        port: config.metricsPort,
        queues: () => queues,
      });
      metricsServer = opened;
      undo.push(() => opened.close());
    }
    const ofQueue = {
      redisUrl: config.redisUrl,
      ...(options.redisPrefix === undefined ? {} : { redisPrefix: options.redisPrefix }),
      postgresPool: database.queuePool,
      log: parts.log,
    };
    const viewOf = (connection: QueueConnection): QueueView => ({
      connection,
      names: Object.keys(jobs),
      canListWorkers: connection.kind === 'redis' || database.kind === 'postgres',
      checkSources: async () => {
        const enqueue = enqueueIn(connection);
        for (const name of ['poll', 'inspect']) await enqueue(name, {}, { jobId: `${name}_now` });
      },
    });
    let queue: QueueConnection | null = null;
    if (runs('worker', 'scheduler')) {
      const traces = await openTracesOf(app);
      if (traces !== null) undo.push(() => traces.close());
      const opened = await openQueue({ ...ofQueue, telemetry: traces?.telemetry });
      queue = opened;
      undo.push(() => opened.close());
      const enqueue = enqueueIn(opened);
      queues = viewOf(opened);
      const schedules: Schedule[] = [];
      for (const [name, job] of Object.entries(jobs)) {
        if (runs('worker'))
          opened.worker(name, ({ data }) => job.run(parts, data, enqueue), { concurrency: job.concurrency });
        const everyMs = options.everyMs?.[name] ?? job.everyMs;
        if (runs('scheduler') && everyMs !== undefined && !options.unscheduled?.includes(name))
          schedules.push({ name, everyMs });
      }
      for (const { name, everyMs } of schedules)
        await opened.schedule(name, `every-${name}`, { everyMs }, name, {});
      if (schedules.length > 0)
        undo.push(
          repeat(
            SCHEDULES_MS,
            () => keepSchedules(opened, schedules, parts.log),
            () => {},
          ),
        );
      if (runs('worker')) {
        // What a process was at when it was killed waits for nobody's clock, and not behind its jobs that seem to run.
        const again = `_${await parts.presence.id()}`;
        await enqueue('sweep', { again }, { jobId: `sweep${again}` });
      }
    } else
      undo.push(
        lookForQueue(
          () => openQueue(ofQueue),
          (opened) => {
            queues = opened === null ? null : viewOf(opened);
          },
          (error) => parts.log.warn({ error: errorLine(error) }, 'the queues cannot be shown'),
        ),
      );
    if (!options.unscheduled?.includes('alarm'))
      undo.push(
        repeat(
          60_000,
          () => lookAfterService(parts, config.alarmTo),
          (error) => parts.log.error({ error: errorLine(error) }, 'the service could not be looked after'),
        ),
      );
    return { url, queue, metricsUrl: metricsServer?.url ?? null, close };
  } catch (error) {
    // Why it does not start is what has to be told.
    await close().catch(() => undefined);
    throw error;
  }
}

/** A look that is under way at the end is waited for so long: mail that nobody takes would hold it up for a minute. */
const LAST_LOOK_MS = 2_000;

/**
 * By a clock of this process and not by the queue, which may be what sleeps. Answers how to stop it, which takes no
 * longer than `lastMs`: what is left undone is taken over by another look, of whatever process.
 */
export function repeat(
  everyMs: number,
  look: () => Promise<void>,
  onError: (error: unknown) => void,
  lastMs = LAST_LOOK_MS,
): () => Promise<void> {
  let looking: Promise<void> | null = null;
  const timer = setInterval(() => {
    looking ??= look()
      .catch(onError)
      .finally(() => {
        looking = null;
      });
  }, everyMs);
  return async () => {
    clearInterval(timer);
    if (looking !== null) await Promise.race([looking, sleep(lastMs)]);
  };
}

/** How often a process that has no part in the queues tries to see them. */
const QUEUE_MS = 10_000;

/**
 * Pages do not wait for Redis, but their operator pages show the queues from when they can be had. Answers how to stop
 * it, which closes what was opened.
 */
function lookForQueue(
  open: () => Promise<QueueConnection>,
  show: (opened: QueueConnection | null) => void,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let isOver = false;
  let opened: QueueConnection | null = null;
  const look = async () => {
    if (opened !== null) return;
    const connection = await open();
    if (isOver) return connection.close();
    opened = connection;
    show(connection);
  };
  const first = look().catch(onError);
  const stop = repeat(QUEUE_MS, () => first.then(look), onError);
  return async () => {
    isOver = true;
    show(null);
    await stop();
    await opened?.close();
  };
}

function enqueueIn(queue: QueueConnection): Enqueue {
  return (name, data, { jobId, delayMs }) =>
    queue.add(name, name, data, {
      jobId,
      attempts: jobs[name]!.attempts,
      backoffMs: jobs[name]!.backoffMs,
      ...(delayMs === undefined ? {} : { delayMs }),
    });
}

interface Schedule {
  name: string;
  everyMs: number;
}

/** Declares what is gone, with the data of Redis, or far off, since the clock was put back. */
async function keepSchedules(
  queue: QueueConnection,
  schedules: readonly Schedule[],
  log: App['parts']['log'],
): Promise<void> {
  for (const { name, everyMs } of schedules) {
    if (await queue.isScheduled(name, `every-${name}`, { everyMs })) continue;
    log.warn({ job: name }, 'the queue has lost a schedule, which is declared again');
    await queue.schedule(name, `every-${name}`, { everyMs }, name, {});
  }
}

/** Null where no collector is set: then nothing of it is loaded. */
async function openTracesOf({ config, parts }: App): Promise<Traces | null> {
  if (config.tracesEndpoint === null) return null;
  const { openTraces } = await import('./observe/traces.ts');
  return openTraces({ endpoint: config.tracesEndpoint, version: readVersion(), log: parts.log });
}

/** How often each scheduled job runs, in milliseconds. */
function scheduleOf(all: typeof jobs): Record<string, number> {
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, { everyMs }]) => (everyMs === undefined ? [] : [[name, everyMs]])),
  );
}

async function listen(
  server: ReturnType<typeof createWebServer>,
  port: number,
  host: string,
): Promise<string> {
  try {
    await server.listen({ port, host });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new ElwatchError('port-in-use', `port ${port} is taken by another program`, {
      retry: false,
      hint: 'stop that program, or set PORT to another number (0 takes any free one)',
      cause,
    });
  }
  const address = server.server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return `http://localhost:${bound}`;
}
