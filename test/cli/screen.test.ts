import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runElwatch } from '../helpers/run-elwatch.ts';

const LIST = fileURLToPath(new URL('../../fixtures/list/supplement-4-2025-03-24.xml.gz', import.meta.url));
const CUSTOMERS =
  'id,name,country\n17,北京理工大学,CN\n18,Nobody Ever Heard Of,\n19,"Concern ""Kalashnikov""",RU\n';

let folder: string;
const run = (...args: string[]) =>
  runElwatch(args, { cwd: folder, env: { PATH: process.env.PATH ?? '', DATA_DIR: join(folder, 'data') } });
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elwatch-screen-'));
  await writeFile(join(folder, 'customers.csv'), CUSTOMERS);
  await writeFile(join(folder, 'nobody.json'), '[{"name": "Nobody Ever Heard Of"}]');
  await writeFile(join(folder, 'empty.csv'), 'name\n');
  await writeFile(join(folder, 'faulty.csv'), 'id,name\n1,Dahua Technology\n2,\n');
});
afterAll(() => rm(folder, { recursive: true }));

// Each command opens the store anew.
vi.setConfig({ testTimeout: 240_000 });

test('without a list, nothing is called clean', async () => {
  const ran = await run('screen', 'customers.csv');
  expect([ran.code, ran.stdout]).toEqual([1, '']);
  expect(ran.stderr).toContain('elwatch baseline');
  expect((await run('baseline', LIST, '--on', '2025-03-24')).code).toBe(0);
});

describe('elwatch screen', () => {
  test('shows each hit with both names, score, reasons and rule, and exits 3', async () => {
    const ran = await run('screen', 'customers.csv');
    expect([ran.code, ran.stderr]).toEqual([3, '']);
    expect(ran.stdout).toContain(
      [
        '1.00  北京理工大学 (row 2, 17)',
        "      Beijing Institute of Technology, Entity List, CHINA, PEOPLE'S REPUBLIC OF",
        '      “北京理工大学” reads “beijing institute of technology”; the same name',
        '      https://www.federalregister.gov/citation/',
      ].join('\n'),
    );
    expect(ran.stdout).toMatch(
      /3 counterparties compared with 3267 entries at threshold 0\.75: \d+ hits\.\n$/u,
    );
  });

  test('prints the same as one document with --json, and stores nothing', async () => {
    const { names, entries, threshold, hits } = await json('screen', 'customers.csv', '--threshold', '0.99');
    expect({ names, entries, threshold }).toEqual({ names: 3, entries: 3_267, threshold: 0.99 });
    expect(hits.map((hit: { ref: string; entryName: string }) => [hit.ref, hit.entryName])).toEqual([
      ['17', 'Beijing Institute of Technology'],
      ['19', 'Kalashnikov Concern'],
    ]);
    expect((await json('watchlists', 'list')).watchlists).toEqual([]);
  });

  test('shows every counterparty that is hit before a second hit of one, and says what is left out', async () => {
    const many = Array.from({ length: 60 }, (_, at) => `h${at},"Huawei Technologies Co., Ltd."`);
    await writeFile(join(folder, 'many.csv'), ['id,name', ...many, 'last,Kalashnikof Concerm'].join('\n'));
    const { hits } = await json('screen', 'many.csv');
    const refs = hits.map(({ ref }: { ref: string }) => ref);
    expect(refs.indexOf('last')).toBeGreaterThan(200);
    expect(hits.map(({ score }: { score: number }) => score)).toEqual(
      hits.map(({ score }: { score: number }) => score).sort((a: number, b: number) => b - a),
    );
    const { stdout } = await run('screen', 'many.csv');
    const shown = [...stdout.matchAll(/\(row \d+, (\w+)\)/gu)].map(([, ref]) => ref);
    expect(shown).toHaveLength(200);
    expect(new Set(shown.slice(0, 61)).size).toBe(61);
    expect(shown[60]).toBe('last');
    expect(stdout).toContain(
      `… and ${hits.length - 200} more hits of the same counterparties: --json shows them all.`,
    );
  });

  test('says how many counterparties are hit and not shown', async () => {
    const many = Array.from({ length: 203 }, (_, at) => `k${at},Kalashnikov Concern`);
    await writeFile(join(folder, 'more.csv'), ['id,name', ...many].join('\n'));
    const { stdout } = await run('screen', 'more.csv', '--threshold', '0.99');
    expect(stdout).toContain('… and 3 more hits, which 3 other counterparties have: --json shows them all.');
  });

  test('exits 0 where nothing is hit', async () => {
    const ran = await run('screen', 'nobody.json');
    expect([ran.code, ran.stdout]).toEqual([
      0,
      '1 counterparties compared with 3267 entries at threshold 0.75: no hit.\n',
    ]);
  });

  test('names the row that cannot be taken, and goes on without it when told', async () => {
    const refused = await run('screen', 'faulty.csv');
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('row 3');
    const taken = await json('screen', 'faulty.csv', '--skip-faulty');
    expect([taken.names, taken.faults.first[0].row]).toEqual([1, 3]);
  });

  test('asks for rows where a file has none, and speaks of no watchlist', async () => {
    const refused = await run('screen', 'empty.csv');
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('put a row for each counterparty');
    expect(refused.stderr.replaceAll('watchlist-empty', '')).not.toContain('watchlist');
  });

  test.each(['0.2', '1.5', 'high', ''])('refuses the threshold “%s”', async (threshold) => {
    expect((await run('screen', 'customers.csv', '--threshold', threshold)).code).toBe(2);
  });
});

describe('elwatch watchlists', () => {
  test('a faulty file leaves no watchlist behind', async () => {
    expect((await run('watchlists', 'add', 'customers', 'faulty.csv')).code).toBe(1);
    expect((await json('watchlists', 'list')).watchlists).toEqual([]);
  });

  test('a file is loaded, compared, decided on, and every comparison is kept', async () => {
    const { watchlist, run: first } = await json(
      'watchlists',
      'add',
      'customers',
      'customers.csv',
      '--threshold',
      '0.99',
    );
    expect(watchlist).toMatchObject({ name: 'customers', rows: 3, version: 1, threshold: 0.99 });
    expect(first).toMatchObject({ cause: 'upload', names: 3, entries: 3_267, hidden: 0 });

    const { hits } = await json('watchlists', 'hits', 'customers');
    expect(hits).toHaveLength(first.hits);
    const shown = await run('watchlists', 'hits', 'customers');
    expect(shown.stdout).toContain(`hit ${hits[0].hitId}  `);
    for (const { hitId } of hits) {
      const decided = await run(
        'watchlists',
        'decide',
        'customers',
        String(hitId),
        '--reason',
        'another body',
        '--expires',
        '2999-12-31',
      );
      expect(decided.stdout).toContain('until 2999-12-31: another body');
    }
    const again = await run('watchlists', 'screen', 'customers');
    expect(again.code).toBe(0);
    expect(again.stdout).toContain(`no hit, ${hits.length} more decided as no match`);
    const { decisions } = await json('watchlists', 'show', 'customers');
    await run('watchlists', 'undo', 'customers', decisions[0].decisionId);
    expect((await run('watchlists', 'screen', 'customers')).code).toBe(3);
    expect(
      (await json('watchlists', 'runs', 'customers')).runs.map((one: { cause: string }) => one.cause),
    ).toEqual(['demand', 'demand', 'upload']);
  });

  test('a broken file in its place leaves the rows as they were', async () => {
    expect((await run('watchlists', 'add', 'customers', 'faulty.csv')).code).toBe(1);
    expect((await json('watchlists', 'show', 'customers')).watchlist).toMatchObject({ version: 1, rows: 3 });
  });

  test('wrong names, numbers and days are said in a line', async () => {
    const said = async (...args: string[]) => {
      const { code, stderr } = await run('watchlists', ...args);
      return `${code} ${stderr.split('\n')[0]}`;
    };
    expect(await said('show', 'nobody')).toContain('1 elwatch: watchlist-unknown');
    expect(await said('hits', 'customers', '--run', 'sr_x')).toContain('1 elwatch: run-unknown');
    expect(await said('decide', 'customers', '999', '--reason', 'x')).toContain('1 elwatch: hit-unknown');
    expect(await said('decide', 'customers', 'x', '--reason', 'x')).toContain('2 error: ');
    expect(await said('decide', 'customers', '1', '--reason', 'x', '--expires', '2020-01-01')).toContain(
      '1 elwatch: expires-in-the-past',
    );
    expect(await said('undo', 'customers', 'sd_x')).toContain('1 elwatch: decision-unknown');
    expect(await said('add', 'x', 'customers.csv', '--organisation', 'nobody')).toContain(
      '1 elwatch: organisation-unknown',
    );
  });

  test('one is removed with all that was kept about it', async () => {
    expect((await run('watchlists', 'remove', 'customers')).code).toBe(0);
    expect((await run('watchlists', 'runs', 'customers')).code).toBe(1);
  });
});
