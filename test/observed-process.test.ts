import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startOtlpReceiver } from './helpers/otlp-receiver.ts';
import { readMetrics } from './helpers/read-metrics.ts';
import { runElwatch } from './helpers/run-elwatch.ts';
import { startElwatch } from './helpers/start-elwatch.ts';
import { until } from './helpers/until.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'elwatch-observed-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A store of its own, and nothing upstream. */
async function makeEnvironment(): Promise<Record<string, string>> {
  const unreachable = 'http://127.0.0.1:9';
  return {
    DATA_DIR: join(await makeFolder(), 'data'),
    PORT: '0',
    FEDERAL_REGISTER_URL: unreachable,
    ECFR_URL: unreachable,
    GOVINFO_URL: unreachable,
    CSL_URL: unreachable,
  };
}

/** Starts it, and answers besides which of its packages it loaded, once it has ended. */
async function startWatched(env: Record<string, string>) {
  const coverage = await makeFolder();
  await mkdir(coverage, { recursive: true });
  const service = startElwatch({ ...env, NODE_V8_COVERAGE: coverage });
  closers.push(() => service.kill());
  return {
    service,
    ...(await service.started()),
    loaded: async () => {
      const files = await readdir(coverage);
      const texts = await Promise.all(files.map((file) => readFile(join(coverage, file), 'utf8')));
      const urls = texts.flatMap((text) =>
        (JSON.parse(text) as { result: { url: string }[] }).result.map(({ url }) => url),
      );
      const names = urls.map((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//u.exec(url)?.[1]);
      return [...new Set(names.filter((name) => name !== undefined))];
    },
  };
}

test('elwatch start serves its metrics on a port of their own: nothing else there, and none of them with the pages', {
  timeout: 180_000,
}, async () => {
  const { service, url, metrics, loaded } = await startWatched({
    ...(await makeEnvironment()),
    METRICS_PORT: '0',
  });
  const address = new URL(metrics!);
  expect([address.hostname, address.pathname]).toEqual(['127.0.0.1', '/metrics']);
  // The canary has come through the queue of the process by then, and the Federal Register was asked.
  const scrape = async () => (await fetch(address)).text();
  for (const series of [
    'elwatch_canary_last_success_timestamp_seconds',
    'elwatch_source_last_asked_timestamp_seconds{source="federal-register"}',
  ])
    await until(series, async () => (await scrape()).includes(`\n${series} 1`), 90);
  const { names } = readMetrics(await scrape());
  const queues = names.get('elwatch_queue_jobs')!.series.map(({ queue }) => queue);
  expect(queues).toEqual(expect.arrayContaining(['poll', 'ingest', 'notify', 'deliver']));
  expect(names.has('elwatch_store_up')).toBe(true);
  expect(names.has('nodejs_eventloop_lag_p99_seconds')).toBe(true);

  for (const path of [
    '/',
    '/livez',
    '/readyz',
    '/api/v1/changes',
    '/operator',
    '/metrics/x',
    '/openapi.json',
  ])
    expect((await fetch(new URL(path, address))).status, path).toBe(404);
  for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])
    expect((await fetch(address, { method })).status, method).toBe(404);
  const outside = Object.values(networkInterfaces())
    .flat()
    .filter((one) => one!.family === 'IPv4' && !one!.internal);
  for (const { address: host } of outside.map((one) => one!))
    await expect(fetch(`http://${host}:${address.port}/metrics`), host).rejects.toThrow();

  expect((await fetch(`${url}/livez`)).status).toBe(200);
  for (const path of ['/metrics', '/metrics/', '/api/v1/metrics', '/operator/metrics']) {
    const answer = await fetch(`${url}${path}`, { redirect: 'manual' });
    expect(answer.status, path).not.toBe(200);
    expect(await answer.text(), path).not.toContain('elwatch_build_info');
  }

  expect(await service.stop()).toBe(0);
  await expect(fetch(address)).rejects.toThrow();
  // Nobody asked for traces: nothing of them was loaded.
  const packages = await loaded();
  expect(packages).toContain('bullmq');
  expect(packages.filter((name) => /^bullmq-otel$|^@opentelemetry\/(?!api$)/u.test(name))).toEqual([]);
});

test('elwatch start serves no metrics unless it is told where', { timeout: 180_000 }, async () => {
  const service = startElwatch(await makeEnvironment(), '--role', 'web');
  closers.push(() => service.kill());
  const { url, metrics } = await service.started();
  expect(metrics).toBeNull();
  expect((await fetch(`${url}/metrics`)).status).toBe(404);
  expect(await service.stop()).toBe(0);
});

test('elwatch start hands traces to the collector that is named, and works on while that takes none', {
  timeout: 180_000,
}, async () => {
  const collector = await startOtlpReceiver();
  closers.push(() => collector.close());
  collector.answer = 400;
  const { service, loaded } = await startWatched({
    ...(await makeEnvironment()),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    // Read by the packages themselves.
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20of-the-test',
    OTEL_SERVICE_NAME: 'watch-of-the-test',
    OTEL_BSP_SCHEDULE_DELAY: '100',
  });
  const said = (msg: string) => service.lines.filter((line) => line.msg === msg);
  await until(
    'the word about it',
    () => said('traces are not taken, and are lost until they are').length > 0,
  );
  collector.answer = 200;
  await until('traces', () => collector.spans.some(({ name }) => name.startsWith('process ')), 90);
  await until('the other word', () => said('traces are taken again').length > 0);
  expect(said('traces are not taken, and are lost until they are')).toHaveLength(1);
  expect(collector.headers[0]).toMatchObject({ authorization: 'Bearer of-the-test' });
  expect(collector.spans[0]!.resource['service.name']).toBe('watch-of-the-test');
  expect(service.said()).not.toContain('of-the-test');
  expect(await service.stop()).toBe(0);
  expect(await loaded()).toEqual(expect.arrayContaining(['bullmq-otel', '@opentelemetry/sdk-trace-node']));
});

test('traces that were asked for and are not installed are an error that says what to install', {
  timeout: 180_000,
}, async () => {
  const hook = `export async function resolve(specifier, context, next) {
    if (specifier === 'bullmq-otel') throw Object.assign(new Error("Cannot find package 'bullmq-otel'"), { code: 'ERR_MODULE_NOT_FOUND' });
    return next(specifier, context);
  }`;
  const asUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
  const preload = asUrl(`import { register } from 'node:module'; register(${JSON.stringify(asUrl(hook))});`);
  const ran = await runElwatch(['start'], {
    cwd: await makeFolder(),
    env: {
      PATH: process.env.PATH ?? '',
      ...(await makeEnvironment()),
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
      NODE_OPTIONS: `--import ${preload}`,
    },
  });
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain('traces-not-installed');
  expect(ran.stderr).toContain('bullmq-otel');
  expect(ran.stderr).toContain('npm ci');
});
