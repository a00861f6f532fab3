import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Kysely } from 'kysely';
import { collectDefaultMetrics } from 'prom-client';
import { ElwatchError, errorLine } from '../errors.ts';
import type { Metrics } from '../metrics.ts';
import type { QueueConnection } from '../queue.ts';
import { observe } from '../store/observed.ts';
import type { Schema } from '../store/schema.ts';
import { createGauges } from './gauges.ts';

export interface MetricsServer {
  url: string;
  close(): Promise<void>;
}

export interface MetricsServerOptions {
  metrics: Metrics;
  db: Kysely<Schema>;
  /** The queues of this process; null while it has none. */
  queues(): { connection: Pick<QueueConnection, 'queue'>; names: readonly string[] } | null;
  now(): string;
  version: string;
  host: string;
  port: number;
  log: { warn(fields: object, message: string): void };
}

/** Prometheus waits ten seconds by default; what the process says of itself must come also without the store. */
const PATIENCE_MS = 4_000;
const DEPTHS = ['waiting', 'active', 'delayed', 'prioritized', 'failed'] as const;

/**
 * Serves `/metrics` on a port of its own, in the text format of Prometheus. It asks nobody who they are: what it
 * tells of the service is for its operator, so the address decides who can ask.
 *
 * @throws ElwatchError `port-in-use`
 */
export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const { metrics, host, port, log } = options;
  const { registry } = metrics;
  collectDefaultMetrics({ register: registry });
  const gauges = createGauges(registry, options.version);
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('GET /metrics\n');
      return;
    }
    scrape(options, gauges).then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      (error: unknown) => {
        log.warn({ error: errorLine(error) }, 'metrics could not be gathered');
        response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end('see the log\n');
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(toListenError(cause, host, port)));
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/metrics`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        // Observers of the event loop would go on for a registry that nobody reads.
        registry.clear();
      }),
  };
}

async function scrape(
  { metrics, db, queues, now, log }: MetricsServerOptions,
  gauges: ReturnType<typeof createGauges>,
): Promise<string> {
  const at = now();
  const observed = await within(observe(db, at)).catch((error: unknown) => {
    log.warn({ error: errorLine(error) }, 'the store did not answer a scrape');
    return null;
  });
  const depths = await within(depthsOf(queues())).catch((error: unknown) => {
    log.warn({ error: errorLine(error) }, 'the queue did not answer a scrape');
    return [];
  });
  gauges.set(observed, at);
  gauges.setQueues(depths);
  return metrics.registry.metrics();
}

async function depthsOf(queues: ReturnType<MetricsServerOptions['queues']>) {
  if (queues === null) return [];
  const { connection, names } = queues;
  return Promise.all(
    names.map(async (name) => ({
      queue: name,
      counts: await connection.queue(name).getJobCounts(...DEPTHS),
    })),
  );
}

async function within<Value>(promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function toListenError(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  if (cause.code === 'EADDRINUSE')
    return new ElwatchError('port-in-use', `port ${port} for metrics is taken by another program`, {
      retry: false,
      hint: 'give each process a METRICS_PORT of its own (0 takes any free one)',
      cause,
    });
  return new ElwatchError('metrics-address', `metrics cannot be served on ${host}: ${cause.message}`, {
    retry: false,
    hint: 'set METRICS_HOST to an address of this machine',
    cause,
  });
}
