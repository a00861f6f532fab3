import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type App, openApp } from '../src/app.ts';
import { type BackfillOptions, type BackfillProgress, backfill, monthsBetween } from '../src/backfill.ts';
import { loadBaseline } from '../src/baseline.ts';
import { createProgress } from '../src/cli/progress.ts';
import { readConfig } from '../src/config.ts';
import { type StandIn, startStandIn } from '../src/demo/stand-in.ts';
import { ElwatchError } from '../src/errors.ts';
import { ingest } from '../src/ingest.ts';
import type { PlacedEntry } from '../src/model.ts';
import { changeSetsToNotify } from '../src/store/change-sets.ts';
import { findDocument } from '../src/store/documents.ts';
import { currentEntries } from '../src/store/entries.ts';
import { placedEntry } from './helpers/placed-entry.ts';
import { ELWATCH, runElwatch } from './helpers/run-elwatch.ts';
import { makeSmallRule } from './helpers/small-rule.ts';
import { until } from './helpers/until.ts';
import { failureOf } from './helpers/upstream.ts';

const temporary = mkdtempSync(join(tmpdir(), 'elwatch-backfill-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

let upstream: StandIn;
let environment: Record<string, string>;

beforeEach(async () => {
  upstream = await startStandIn({ documents: [], supplements: [], today: '2026-01-01' });
  environment = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    DATA_DIR: mkdtempSync(join(temporary, 'data-')),
    FEDERAL_REGISTER_URL: upstream.url,
    ECFR_URL: upstream.url,
    LOG_LEVEL: 'silent',
  };
});
afterEach(() => upstream.close());

/** A rule of January to March 2025 that adds one entry, named after its number. */
function publish(serial: number, publishedOn: string, removes: string[] = []): string {
  const number = `2025-${String(serial).padStart(5, '0')}`;
  const adds = [`Acme ${serial} Optics Co., Ltd.`];
  upstream.addDocument(makeSmallRule({ number, publishedOn, startPage: serial * 10, adds, removes }));
  return number;
}

const isText = ({ path }: { path: string }) => path.startsWith('/documents/full_text/');
const textsAsked = () => upstream.requests.filter(isText).length;

describe('the route', () => {
  let app: App;
  beforeEach(async () => {
    app = await openApp(readConfig(environment), {
      pace: { perSecond: Number.POSITIVE_INFINITY, xmlPerSecond: Number.POSITIVE_INFINITY },
    });
    const baseline = { list: 'entity-list' as const, on: '2025-01-01', issues: [] };
    await loadBaseline(app.parts, { ...baseline, entries: [placedEntry('Old Works')] });
  });
  afterEach(() => app.close());

  const run = (options: Partial<BackfillOptions> = {}) =>
    backfill(app.parts, {
      from: '2025-01-01',
      to: '2025-03-31',
      ingest: (number, publishedOn) => ingest(app.parts, number, publishedOn),
      pausesMs: [0, 0],
      ...options,
    });
  const names = async () => (await currentEntries(app.parts.db)).map((entry) => entry.name);

  test('applies the rules in the order of print, once, and tells nobody', async () => {
    publish(3, '2025-03-03', ['Acme 1 Optics Co., Ltd.']);
    publish(1, '2025-01-02');
    publish(2, '2025-01-31', ['Old Works']);
    const first = await run();
    expect(first).toMatchObject({ counts: { found: 3, applied: 3, held: 0 }, failed: [], held: [] });
    expect(await names()).toEqual(['Acme 2 Optics Co., Ltd.', 'Acme 3 Optics Co., Ltd.']);
    expect(await changeSetsToNotify(app.parts.db, 10)).toEqual([]);
    const texts = textsAsked();
    expect(await run()).toMatchObject({ counts: { found: 3, known: 3, applied: 0, unchanged: 0 } });
    expect(textsAsked()).toBe(texts);
  });

  test('tells of a rule of the last days as ever', async () => {
    const today = new Date().toISOString().slice(0, 10);
    upstream.today = today;
    upstream.addDocument(makeSmallRule({ number: '2026-00001', publishedOn: today }));
    expect(await run({ from: today, to: today })).toMatchObject({ counts: { applied: 1 } });
    expect(await changeSetsToNotify(app.parts.db, 10)).toHaveLength(1);
  });

  test('leaves alone what was published before the baseline, and counts it', async () => {
    upstream.addDocument(
      makeSmallRule({ number: '2024-00009', publishedOn: '2024-12-31', adds: [], removes: ['Old Works'] }),
    );
    publish(1, '2025-01-02');
    // Published before that day, and in effect only after it: the baseline does not have it.
    const [coming, effectiveOn] = ['2024-00008', '2025-02-01'];
    upstream.addDocument(
      makeSmallRule({ number: coming, publishedOn: '2024-12-30', effectiveOn, adds: ['Late Works'] }),
    );
    expect(await run({ from: '2024-12-01' })).toMatchObject({
      baselineOn: '2025-01-01',
      counts: { found: 3, beforeBaseline: 1, applied: 2 },
    });
    expect(await names()).toEqual(['Acme 1 Optics Co., Ltd.', 'Late Works', 'Old Works']);
    expect(await findDocument(app.parts.db, '2024-00009')).toBeNull();
  });

  test('tries again after its month what failed, before the next month builds on it', async () => {
    const late = publish(1, '2025-01-02');
    publish(2, '2025-02-03', ['Acme 1 Optics Co., Ltd.']);
    upstream.failNext(`/api/v1/documents/${late}`, 400);
    const order: string[] = [];
    const result = await run({
      ingest: (number, publishedOn) => {
        order.push(number);
        return ingest(app.parts, number, publishedOn);
      },
    });
    expect(order).toEqual([late, late, '2025-00002']);
    expect(result).toMatchObject({ counts: { applied: 2, failed: 0 }, failed: [] });
  });

  test('names what goes on failing, and the next run takes it up with what was held for it', async () => {
    const late = publish(1, '2025-01-02');
    publish(2, '2025-02-03');
    const builds = publish(3, '2025-03-03', ['Acme 1 Optics Co., Ltd.']);
    const fails = { is: true };
    const route: BackfillOptions['ingest'] = (number, publishedOn) =>
      fails.is && number === late
        ? Promise.reject(new ElwatchError('http-502', 'refused', { retry: true, hint: 'later' }))
        : ingest(app.parts, number, publishedOn);
    const first = await run({ ingest: route });
    expect(first.counts).toMatchObject({ applied: 1, held: 1, failed: 1 });
    expect(first.failed).toMatchObject([{ number: late, reason: 'http-502: refused' }]);
    expect(first.held).toMatchObject([{ number: builds }]);
    fails.is = false;
    const second = await run({ ingest: route });
    expect(second.counts).toMatchObject({ found: 3, known: 2, applied: 2, held: 0, failed: 0 });
    expect(await names()).toEqual(['Acme 2 Optics Co., Ltd.', 'Acme 3 Optics Co., Ltd.', 'Old Works']);
  });

  test('a month that cannot be searched ends it, after some tries', async () => {
    publish(1, '2025-01-02');
    publish(2, '2025-02-03');
    upstream.failNext('/api/v1/documents.json', 400, 100);
    expect(await failureOf(run())).toMatchObject({ code: 'http-400' });
    expect(await names()).toEqual(['Old Works']);
  });

  test('a fault of the program is not taken for a document that failed', async () => {
    publish(1, '2025-01-02');
    const fault = new TypeError('a fault');
    await expect(run({ ingest: () => Promise.reject(fault) })).rejects.toBe(fault);
    const closed = new ElwatchError('closing', 'given up', { retry: true, hint: 'none' });
    await expect(run({ ingest: () => Promise.reject(closed) })).rejects.toBe(closed);
  });

  test('says where it stands, by document and by month', async () => {
    publish(1, '2025-01-02');
    publish(2, '2025-01-02');
    const seen: BackfillProgress[] = [];
    await run({ from: '2025-01-02', to: '2025-02-01', onProgress: (where) => seen.push(where) });
    expect(seen.map(({ sliceNumber, document }) => [sliceNumber, document?.number ?? null])).toEqual([
      [1, '2025-00001'],
      [1, '2025-00002'],
      [1, null],
      [2, null],
    ]);
    expect(seen[1]).toMatchObject({ slices: 2, document: { at: 2, of: 2 }, counts: { applied: 1 } });
  });
});

test('months are cut to the ends of the window, and leap days are theirs', () => {
  expect(monthsBetween('2023-12-31', '2024-03-01')).toEqual([
    { from: '2023-12-31', to: '2023-12-31' },
    { from: '2024-01-01', to: '2024-01-31' },
    { from: '2024-02-01', to: '2024-02-29' },
    { from: '2024-03-01', to: '2024-03-01' },
  ]);
  expect(monthsBetween('2024-01-31', '2024-01-31')).toHaveLength(1);
  expect(monthsBetween('2024-02-01', '2024-01-31')).toEqual([]);
  expect(monthsBetween('2022-01-01', '2026-11-24')).toHaveLength(59);
});

describe('progress', () => {
  const collect = (isTTY: boolean, columns = 40) => {
    const written: string[] = [];
    return { written, progress: createProgress({ isTTY, columns, write: (text) => written.push(text) }) };
  };

  test('is one line on a terminal, cut to its width and wiped at the end', () => {
    const { written, progress } = collect(true);
    progress.at('one');
    progress.step('x'.repeat(100));
    progress.note('something to know');
    progress.end();
    progress.at('two\u001b[2J');
    progress.end();
    expect(written).toEqual([
      '\r\u001b[Kone',
      `\r\u001b[K${'x'.repeat(38)}…`,
      '\r\u001b[K',
      'something to know\n',
      '\r\u001b[Ktwo[2J',
      '\r\u001b[K',
    ]);
  });

  test('is a line for each step elsewhere', () => {
    const { written, progress } = collect(false);
    progress.at('one');
    progress.step('two');
    progress.end();
    expect(written).toEqual(['two\n']);
  });
});

/** Runs the command as a user does. */
const elwatch = (...args: string[]) => runElwatch(args, { cwd: temporary, env: environment });

async function loadSmallList(): Promise<void> {
  const file = join(environment.DATA_DIR!, '..', 'list.json');
  writeFileSync(file, JSON.stringify({ entries: [placedEntry('Old Works')] }));
  expect((await elwatch('baseline', file, '--on', '2025-01-01')).code).toBe(0);
}

describe('elwatch backfill', () => {
  test('killed half-way, it goes on where it was; run again, it does nothing; nobody is told', {
    timeout: 180_000,
  }, async () => {
    await loadSmallList();
    expect((await elwatch('subscribers', 'add', 'ana@example.org')).code).toBe(0);
    const days = ['2025-01-02', '2025-01-15', '2025-02-03', '2025-02-14', '2025-03-03', '2025-03-31'];
    for (const [at, on] of days.entries()) publish(at + 1, on);
    const command = ['backfill', '--from', '2025-01-01', '--to', '2025-03-31'];

    const child = spawn(ELWATCH, command, { env: environment, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await until('the third text', () => textsAsked() >= 3);
    child.kill('SIGKILL');
    await ended;
    // What the killed run had applied must not alert, whoever runs next.
    expect(JSON.parse((await elwatch('poll', '--json')).stdout)).toMatchObject({ sent: 0 });

    const second = await elwatch(...command, '--json');
    expect(second.code).toBe(0);
    const { counts, complete } = JSON.parse(second.stdout);
    expect(complete).toBe(true);
    expect(counts.found).toBe(6);
    expect(counts.known).toBeGreaterThanOrEqual(2);
    expect(counts.known + counts.applied + counts.unchanged).toBe(6);
    const { entries } = JSON.parse((await elwatch('list', '--json')).stdout);
    expect(entries.map((entry: PlacedEntry) => entry.name)).toEqual([
      ...days.map((_, at) => `Acme ${at + 1} Optics Co., Ltd.`),
      'Old Works',
    ]);
    // Each entry came once.
    expect(JSON.parse((await elwatch('changes', '--json')).stdout).changes).toHaveLength(6);

    const texts = textsAsked();
    const third = await elwatch(...command);
    expect(third).toMatchObject({ code: 0, stdout: expect.stringContaining('6 found, 6 known before') });
    expect(third.stderr.trimEnd().split('\n')).toEqual([
      ' 33 %  2025-01-01 to 2025-01-31: 2 found, 2 known before',
      ' 66 %  2025-02-01 to 2025-02-28: 4 found, 4 known before',
      '100 %  2025-03-01 to 2025-03-31: 6 found, 6 known before',
    ]);
    expect(textsAsked()).toBe(texts);
    expect(JSON.parse((await elwatch('poll', '--json')).stdout)).toMatchObject({ sent: 0 });
    expect(JSON.parse((await elwatch('deliveries', '--json')).stdout)).toEqual({ deliveries: [] });
  });

  test('keeps the pace of the client: one text a second', async () => {
    await loadSmallList();
    for (const serial of [1, 2, 3]) publish(serial, '2025-01-02');
    expect((await elwatch('backfill', '--from', '2025-01-02', '--to', '2025-01-03')).code).toBe(0);
    const times = upstream.requests.filter(isText).map(({ at }) => at);
    expect(times).toHaveLength(3);
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(1_800);
  });

  test('says what is wrong with its window, and what is missing', async () => {
    const { stdout } = await elwatch('backfill', '--help');
    expect(stdout).toContain('Example:');
    for (const args of [[], ['--from', '2025-02-30'], ['--from', 'yesterday'], ['--from', '2025-01-01', 'x']])
      expect((await elwatch('backfill', ...args)).code, args.join(' ')).toBe(2);
    for (const args of [
      ['--from', '2025-02-01', '--to', '2025-01-01'],
      ['--from', '1999-12-31'],
      ['--from', '2025-01-01', '--to', '2999-01-01'],
    ])
      expect(await elwatch('backfill', ...args)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('bad-window'),
      });
    const bare = await elwatch('backfill', '--from', '2025-01-01', '--to', '2025-01-31', '--json');
    expect(bare.code).toBe(1);
    expect(JSON.parse(bare.stdout).error).toMatchObject({
      code: 'no-baseline',
      hint: expect.stringContaining('elwatch baseline 2022-01-01'),
    });
    expect(upstream.requests).toEqual([]);
  });
});
