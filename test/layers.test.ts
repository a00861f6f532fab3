import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

function listFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? listFiles(`${folder}/${entry.name}`)
      : entry.name.endsWith('.ts')
        ? [`${folder}/${entry.name}`]
        : [],
  );
}

const files = [...listFiles('src'), ...listFiles('jobs')];
const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

/** Specifiers of all imports and re-exports of a file. */
function importsOf(file: string): string[] {
  return [
    ...texts
      .get(file)!
      .matchAll(/^(?:import|export)\b[^;]*?from '([^']+)';|^import '([^']+)';|\bimport\('([^']+)'\)/gmu),
  ].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

function ownImports(file: string): string[] {
  return importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => join(dirname(file), specifier).replaceAll('\\', '/'));
}

const WORDS = [
  'src/model.ts',
  'src/errors.ts',
  'src/fold.ts',
  'src/days.ts',
  'src/calendar.ts',
  'src/source-terms.ts',
  'src/mail-status.ts',
  'src/bounce-address.ts',
];
const PURE = ['src/parse/', 'src/list/', 'src/screen/', 'src/render/'];
const RIM = [
  'src/config.ts',
  'src/log.ts',
  'src/metrics.ts',
  'src/secrets.ts',
  'src/subscription-request.ts',
  'src/http.ts',
  'src/http/',
  'src/queue.ts',
  'src/parts.ts',
  'src/parser.ts',
  'src/parser/',
  'src/thread.ts',
  'src/watchlist/',
  'src/source/',
  'src/store/',
  'src/channel/',
];
const ROUTES = [
  'src/ingest/',
  'src/inspect.ts',
  'src/inspect/',
  'src/poll.ts',
  'src/ingest.ts',
  'src/notify.ts',
  'src/notify/',
  'src/deliver.ts',
  'src/deliver/',
  'src/digest.ts',
  'src/digest/',
  'src/quiet.ts',
  'src/sign-up.ts',
  'src/subscribe.ts',
  'src/subscribe/',
  'src/sweep.ts',
  'src/transfer.ts',
  'src/transfer/',
  'src/bounces.ts',
  'src/alarm.ts',
  'src/alarm/',
  'src/canary.ts',
  'src/baseline.ts',
  'src/audit.ts',
  'src/audit/',
  'src/backfill.ts',
  'src/rebuild.ts',
  'src/record.ts',
  'src/load-watchlist.ts',
  'src/screening.ts',
  'src/screening/',
];
const ROOT = [
  'src/version.ts',
  'src/observe/',
  'src/roles.ts',
  'src/app.ts',
  'src/service.ts',
  'src/reader.ts',
  'src/source-texts.ts',
  'src/preview.ts',
  'src/held.ts',
  'src/held-detail.ts',
  'src/export-ledger.ts',
  'src/backfill-runs.ts',
  'src/operator-actions.ts',
  'src/api-actions.ts',
  'src/test-send.ts',
  'src/mcp/',
  'src/cli.ts',
  'src/cli/',
  'src/demo/',
];

const isIn = (file: string, places: readonly string[]) =>
  places.some((place) => (place.endsWith('/') ? file.startsWith(place) : file === place));
const folderOf = (file: string) => `${dirname(file)}/`;

/** What a file may import of ours, by the layer that it is in (docs/design.md). */
function allowed(file: string): (target: string) => boolean {
  // When sources are asked goes by the hours of offices.
  if (file === 'src/source-terms.ts') return (target) => target === 'src/calendar.ts';
  if (isIn(file, WORDS)) return () => false;
  if (isIn(file, PURE)) return (target) => isIn(target, WORDS) || folderOf(target) === folderOf(file);
  if (file === 'src/parts.ts') return (target) => isIn(target, [...WORDS, ...RIM]);
  if (isIn(file, ['src/source/', 'src/channel/']))
    return (target) =>
      isIn(target, [...WORDS, 'src/http.ts', 'src/secrets.ts']) || folderOf(target) === folderOf(file);
  if (file.startsWith('src/watchlist/'))
    return (target) => isIn(target, [...WORDS, 'src/thread.ts', 'src/watchlist/']);
  if (isIn(file, ['src/parser.ts', 'src/parser/']))
    return (target) =>
      isIn(target, [...WORDS, 'src/parse/', 'src/thread.ts', 'src/parser.ts', 'src/parser/']);
  if (isIn(file, ['src/http.ts', 'src/http/'])) return (target) => isIn(target, [...WORDS, 'src/http/']);
  if (isIn(file, RIM))
    return (target) =>
      isIn(target, WORDS) ||
      // Who asks for alerts names destinations as the lists and people do, which is pure.
      (file === 'src/subscription-request.ts' && target === 'src/parse/read-destination.ts') ||
      // A list on a day is a fold of its changes, which is pure.
      (file.startsWith('src/store/') &&
        (target.startsWith('src/store/') || /^src\/list\/(?:history|state-hash)\.ts$/u.test(target)));
  if (isIn(file, ['src/ingest.ts', 'src/ingest/']))
    return (target) => isIn(target, [...WORDS, ...PURE, ...RIM, 'src/ingest/']);
  if (isIn(file, ['src/inspect.ts', 'src/inspect/']))
    return (target) => isIn(target, [...WORDS, ...PURE, ...RIM, 'src/inspect/']);
  if (isIn(file, ['src/audit.ts', 'src/audit/']))
    return (target) => isIn(target, [...WORDS, ...PURE, ...RIM, 'src/audit/']);
  if (isIn(file, ['src/subscribe.ts', 'src/subscribe/']))
    return (target) => isIn(target, [...WORDS, ...PURE, ...RIM, 'src/subscribe/']);
  if (isIn(file, ['src/notify.ts', 'src/notify/']))
    return (target) => isIn(target, [...WORDS, ...PURE, ...RIM, 'src/notify/']);
  if (isIn(file, ['src/deliver.ts', 'src/deliver/']))
    return (target) => isIn(target, [...WORDS, ...PURE, ...RIM, 'src/deliver/']);
  if (isIn(file, ['src/digest.ts', 'src/digest/']))
    return (target) => isIn(target, [...WORDS, ...RIM, 'src/digest/']);
  if (isIn(file, ['src/screening.ts', 'src/screening/']))
    return (target) => isIn(target, [...WORDS, ...PURE, ...RIM, 'src/screening/']);
  if (isIn(file, ['src/transfer.ts', 'src/transfer/']))
    return (target) => isIn(target, [...WORDS, ...PURE, ...RIM, 'src/transfer/']);
  if (isIn(file, ['src/alarm.ts', 'src/alarm/']))
    return (target) => isIn(target, [...WORDS, ...PURE, ...RIM, 'src/alarm/']);
  if (isIn(file, ROUTES)) return (target) => isIn(target, [...WORDS, ...PURE, ...RIM]);
  if (file.startsWith('jobs/'))
    return (target) => isIn(target, [...ROUTES, 'src/parts.ts', 'src/days.ts', 'jobs/']);
  if (file.startsWith('src/web/'))
    return (target) =>
      isIn(target, [
        ...WORDS,
        'src/render/',
        'src/list/state-hash.ts',
        // Two days are compared as elwatch diff compares them, which is pure.
        'src/list/diff.ts',
        // A line of destinations is parted by their names.
        'src/parse/read-destination.ts',
        'src/store/',
        'src/queue.ts',
        'src/secrets.ts',
        'src/subscription-request.ts',
        'src/web/',
      ]);
  if (isIn(file, ROOT)) return () => true;
  return () => false;
}

describe('the layers', () => {
  it('have a place for every file', () => {
    const places = [...WORDS, ...PURE, ...RIM, ...ROUTES, ...ROOT, 'src/web/', 'jobs/'];
    expect(files.filter((file) => !isIn(file, places))).toEqual([]);
  });

  it('are imported downwards only', () => {
    const upwards = files.flatMap((file) =>
      ownImports(file)
        .filter((target) => !allowed(file)(target))
        .map((target) => `${file} imports ${target}`),
    );
    expect(upwards).toEqual([]);
  });

  it('have no import cycle', () => {
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: string[]) => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      else if (!done.has(file)) {
        for (const target of ownImports(file)) if (texts.has(target)) visit(target, [...path, file]);
        done.add(file);
      }
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });
});

describe('libraries', () => {
  const places: [RegExp, string[]][] = [
    [/^(?:cheerio|saxes|domhandler)/u, ['src/parse/']],
    [/^csv-parse/u, ['src/parse/', 'src/watchlist/']],
    [/^read-excel-file/u, ['src/watchlist/']],
    // A target that subscribers choose is reached through the guard, and nowhere else.
    [
      /^undici/u,
      ['src/http.ts', 'src/http/', 'src/channel/guarded-connect.ts', 'src/channel/guarded-post.ts'],
    ],
    [/^ipaddr\.js/u, ['src/channel/address-guard.ts']],
    [/^standardwebhooks/u, ['src/channel/webhook.ts']],
    [/^(?:pg|@electric-sql\/pglite)/u, ['src/store/']],
    [/^nodemailer/u, ['src/channel/']],
    [/^(?:imapflow|mailparser)$/u, ['src/source/bounce-mailbox.ts']],
    [/^(?:bullmq|ioredis)$/u, ['src/queue.ts']],
    [/^(?:bullmq-otel|@opentelemetry\/.*)$/u, ['src/observe/traces.ts']],
    [/^diff$/u, ['src/render/']],
    [/^@?fastify/u, ['src/web/']],
    [/^@bull-board/u, ['src/web/operator/queues.ts']],
    [/^prom-client$/u, ['src/metrics.ts', 'src/observe/']],
    [/^feed$/u, ['src/render/']],
    [/^(?:commander|cli-table3)/u, ['src/cli.ts', 'src/cli/']],
  ];
  it.each(places)('that match %s are used in one place', (pattern, where) => {
    const users = files.filter((file) => importsOf(file).some((specifier) => pattern.test(specifier)));
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter((file) => !isIn(file, where))).toEqual([]);
  });
});

it('the environment is read in one file', () => {
  expect(files.filter((file) => texts.get(file)!.includes('process.env'))).toEqual(['src/cli.ts']);
});
