import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { openApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { startService } from '../src/service.ts';
import { openIssue } from '../src/store/issues.ts';
import { recordSuccess } from '../src/store/source-state.ts';
import { readPromql } from './helpers/promql.ts';
import { metricOf, readMetrics } from './helpers/read-metrics.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (name: string) => readFileSync(join(root, name), 'utf8');

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}
interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { h: number; w: number; x: number; y: number };
  datasource?: { uid: string };
  targets?: { refId: string; expr: string; legendFormat: string }[];
}
const alerts = (parse(read('ops/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  ({ rules }) => rules,
);
const dashboard = JSON.parse(read('ops/grafana.json')) as {
  panels: Panel[];
  templating: { list: { name: string; type: string }[] };
};
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const targets = panels.flatMap((panel) => (panel.targets ?? []).map((target) => ({ ...target, panel })));

/** Prometheus adds these to whatever it scrapes. */
const ADDED = ['instance', 'job'];

/** Exposed, and on no panel: of the process, for whoever looks into one. */
const LEFT_OUT = new Set([
  // Parts of what is shown whole.
  'process_cpu_user_seconds_total',
  'process_cpu_system_seconds_total',
  'process_virtual_memory_bytes',
  'process_heap_bytes',
  'nodejs_heap_size_total_bytes',
  'nodejs_external_memory_bytes',
  'nodejs_heap_space_size_total_bytes',
  'nodejs_heap_space_size_used_bytes',
  'nodejs_heap_space_size_available_bytes',
  'nodejs_gc_duration_seconds',
  // Other measures of the delay of the event loop.
  'nodejs_eventloop_lag_seconds',
  'nodejs_eventloop_lag_min_seconds',
  'nodejs_eventloop_lag_mean_seconds',
  'nodejs_eventloop_lag_stddev_seconds',
  'nodejs_eventloop_lag_p90_seconds',
  // What only somebody who looks for a leak asks for.
  'process_start_time_seconds',
  'process_open_fds',
  'process_max_fds',
  'nodejs_active_handles',
  'nodejs_active_handles_total',
  'nodejs_active_requests',
  'nodejs_active_requests_total',
  'nodejs_active_resources',
  'nodejs_active_resources_total',
  'nodejs_version_info',
]);

let scraped: ReturnType<typeof readMetrics>;
const closers: (() => unknown)[] = [];
beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'elwatch-ops-'));
  closers.push(() => rm(dataDir, { recursive: true, force: true }));
  const unreachable = 'http://127.0.0.1:9';
  const config = readConfig({
    DATA_DIR: dataDir,
    PORT: '0',
    METRICS_PORT: '0',
    LOG_LEVEL: 'silent',
    FEDERAL_REGISTER_URL: unreachable,
    ECFR_URL: unreachable,
    GOVINFO_URL: unreachable,
    CSL_URL: unreachable,
  });
  const app = await openApp(config);
  closers.push(() => app.close());
  const { db, now } = app.parts;
  // What has a series only once there is one.
  await recordSuccess(db, 'ecfr', now());
  await openIssue(db, {
    ...{ number: '2025-1', publishedOn: '2025-03-28', code: 'unknown-word', holds: true },
    ...{ message: 'a word', excerpt: null, locator: null, openedAt: now() },
  });
  const service = await startService(app, { role: 'all', host: '127.0.0.1' });
  closers.push(async () => {
    await app.interrupt();
    await service.close();
  });
  scraped = readMetrics(await (await fetch(service.metricsUrl!)).text());
}, 180_000);
afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** What an expression uses and the service does not have, in words. */
function faultsOf(expression: string): string[] {
  const { selectors, grouping } = readPromql(expression);
  const faults = selectors.flatMap(({ metric, matchers }) => {
    const series = scraped.names.get(metric)?.series;
    if (series === undefined) return [`${metric} is not exposed`];
    return matchers.flatMap(({ label, is, value }) => {
      const values = new Set(series.map((labels) => labels[label]).filter((one) => one !== undefined));
      if (values.size === 0) return [`${metric} has no label ${label}`];
      const wanted = is.endsWith('~') ? value.split('|') : [value];
      return wanted
        .filter((one) => !values.has(one))
        .map((one) => `${metric} has no series with ${label}="${one}"`);
    });
  });
  const labels = new Set(
    selectors.flatMap(({ metric }) => (scraped.names.get(metric)?.series ?? []).flatMap(Object.keys)),
  );
  return [
    ...faults,
    ...grouping
      .filter((label) => !labels.has(label) && !ADDED.includes(label))
      .map((label) => `nothing in it has the label ${label}`),
  ];
}

/** Labels that are left of an expression's result, as far as its text tells; all where it is not grouped. */
function labelsIn(text: string): string[] {
  return [...text.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/gu)].map(([, label]) => label!);
}

describe('ops/alerts.yml', () => {
  test('has an alert for each thing that must not go unnoticed', () => {
    expect(alerts.map(({ alert }) => alert)).toEqual(
      expect.arrayContaining([
        'ElwatchCanarySilent',
        'ElwatchPollWindowMissed',
        'ElwatchSourceStale',
        'ElwatchHeldWaiting',
        'ElwatchDeliveryFailed',
        'ElwatchQueueDeep',
        'ElwatchEventLoopBlocked',
        'ElwatchStoreDown',
        'ElwatchGone',
        'ElwatchFewerProcesses',
      ]),
    );
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  });

  test('asks only for metrics and labels that a running service exposes', () => {
    const faults = alerts.flatMap(({ alert, expr }) => faultsOf(expr).map((fault) => `${alert}: ${fault}`));
    expect(faults).toEqual([]);
  });

  test('says in words what is so, by labels that its expression has, and leads to what to do', () => {
    for (const { alert, expr, for: wait, labels, annotations } of alerts) {
      expect(labels.severity, alert).toMatch(/^(?:page|ticket)$/u);
      if (wait !== undefined) expect(wait, alert).toMatch(/^\d+[mh]$/u);
      const { grouping } = readPromql(expr);
      for (const label of labelsIn(annotations.summary!)) expect(grouping, alert).toContain(label);
      expect(annotations.runbook, alert).toBe('docs/operations.md#alerts');
    }
  });

  test('has a row for each alert in the documentation, and none for another', () => {
    const [, section] = read('docs/operations.md').split('\n## Alerts\n');
    const rows = [...section!.split('\n## ')[0]!.matchAll(/^\| `(\w+)`/gmu)].map(([, alert]) => alert);
    expect(rows).toEqual(alerts.map(({ alert }) => alert));
  });

  test('does not call a service ill that has just begun or is at rest', () => {
    // Instants of 0 are “never”: without a wait each would fire at the first scrape.
    for (const { alert, expr, for: wait } of alerts)
      if (expr.includes('timestamp_seconds')) expect(wait, alert).toBeDefined();
  });
});

describe('ops/grafana.json', () => {
  test('asks only for metrics and labels that a running service exposes', () => {
    const faults = targets.flatMap(({ panel, expr, legendFormat }) => [
      ...faultsOf(expr).map((fault) => `${panel.title}: ${fault}`),
      ...labelsIn(legendFormat)
        .filter((label) => {
          const { selectors, grouping } = readPromql(expr);
          if (grouping.length > 0) return !grouping.includes(label);
          const has = selectors.flatMap(({ metric }) =>
            scraped.names.get(metric)!.series.flatMap(Object.keys),
          );
          return ![...has, ...ADDED].includes(label);
        })
        .map((label) => `${panel.title}: its legend has no label ${label}`),
    ]);
    expect(faults).toEqual([]);
  });

  test('shows each metric that is exposed, but for those that are left out for a reason', () => {
    const shown = new Set(
      targets.flatMap(({ expr }) =>
        readPromql(expr).selectors.map(({ metric }) => metricOf(metric, scraped.metrics)),
      ),
    );
    expect([...scraped.metrics.keys()].filter((name) => !shown.has(name) && !LEFT_OUT.has(name))).toEqual([]);
    // Some of these are told of processes on Linux alone.
    const isStale = (name: string) =>
      shown.has(name) || (process.platform === 'linux' && !scraped.metrics.has(name));
    expect([...LEFT_OUT].filter(isStale)).toEqual([]);
  });

  test('has a panel for each thing that whoever runs it asks about', () => {
    expect(panels.map(({ title }) => title)).toEqual(
      expect.arrayContaining([
        'Poll age per source',
        'Detection lag',
        'Held documents',
        'Screening time',
        'Queue depth',
        'Delivery outcome',
        'Delivery latency',
        'Event-loop delay',
      ]),
    );
  });

  test('can be imported: own ids, panels that do not overlap, the data source as a choice', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const taken = new Set<string>();
    for (const { title, gridPos } of dashboard.panels) {
      const { h, w, x, y } = gridPos;
      expect(x + w, title).toBeLessThanOrEqual(24);
      for (let column = x; column < x + w; column += 1)
        for (let line = y; line < y + h; line += 1) {
          expect(taken.has(`${column} ${line}`), title).toBe(false);
          taken.add(`${column} ${line}`);
        }
    }
    expect(dashboard.templating.list).toEqual([
      expect.objectContaining({ name: 'datasource', type: 'datasource' }),
    ]);
    for (const { title, description, datasource, targets: asked } of panels) {
      expect(datasource!.uid, title).toBe('$' + '{datasource}');
      expect(description, title).toBeTruthy();
      expect(new Set(asked!.map(({ refId }) => refId)).size, title).toBe(asked!.length);
    }
  });
});

test('an expression that asks for what is not there is found out', () => {
  expect(faultsOf('max(elwatch_document_held) > 0')).toEqual(['elwatch_document_held is not exposed']);
  expect(faultsOf('sum by (channle) (rate(elwatch_delivery_tries_total[5m]))')).toEqual([
    'nothing in it has the label channle',
  ]);
  expect(faultsOf('elwatch_delivery_tries_total{outcome="lost"}')).toEqual([
    'elwatch_delivery_tries_total has no series with outcome="lost"',
  ]);
  expect(faultsOf('elwatch_queue_jobs{name="poll"}')).toEqual(['elwatch_queue_jobs has no label name']);
  expect(() => readPromql('max(elwatch_documents_held')).toThrow('a bracket is open');
  expect(() => readPromql('max elwatch_documents_held')).toThrow('without its bracket');
});
