import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type StandIn, type StandInDocument, startStandIn } from '../src/demo/stand-in.ts';
import { summarise } from '../src/record.ts';
import { readFixture, readFixtureRule } from './helpers/fixtures.ts';
import { runElwatch } from './helpers/run-elwatch.ts';
import { makeDocument } from './helpers/upstream.ts';

const temporary = mkdtempSync(join(tmpdir(), 'elwatch-record-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

let upstream: StandIn;
let folder: string;
let environment: Record<string, string>;

beforeEach(async () => {
  folder = mkdtempSync(join(temporary, 'in-'));
  upstream = await startStandIn({ documents: [], supplements: [], today: '2025-06-30' });
  environment = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    FEDERAL_REGISTER_URL: upstream.url,
    // There is no such place: a store that was opened would fail.
    DATA_DIR: '/dev/null/nowhere',
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  };
});
afterEach(() => upstream.close());

/** Runs the command as a user does, in a folder of its own and without a store. */
const run = (...args: string[]) => runElwatch(args, { cwd: folder, env: environment });

function fixture(number: string): StandInDocument {
  const record = JSON.parse(readFixture(`rules/${number}/source.json`).toString());
  return { record, xml: readFixture(`rules/${number}/source.xml`) };
}

const broken = (name: string, record: Record<string, unknown>): StandInDocument => ({
  ...makeDocument(record),
  xml: readFixture(`broken/${name}.xml`),
});

describe('elwatch record <number>', () => {
  test('writes the fixture that the golden test reads', async () => {
    upstream.addDocument(fixture('2025-05427'));
    const ran = await run('record', '2025-05427', '--into', 'rules');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('2025-05427');
    expect(ran.stdout).toContain('verified');
    const read = (name: string) => readFileSync(join(folder, 'rules/2025-05427', name));
    expect(readdirSync(join(folder, 'rules/2025-05427')).sort()).toEqual([
      'expected.json',
      'source.json',
      'source.xml',
      'why.md',
    ]);
    expect(read('source.xml').equals(readFixture('rules/2025-05427/source.xml'))).toBe(true);
    const record = JSON.parse(read('source.json').toString());
    expect(record).toMatchObject({ document_number: '2025-05427', publication_date: '2025-03-28' });
    expect(record).not.toHaveProperty('page_views');
    expect(JSON.parse(read('expected.json').toString())).toEqual(
      JSON.parse(JSON.stringify(summarise(readFixtureRule('2025-05427')))),
    );
    expect(read('why.md').toString()).toMatch(/TO FILL IN.*sha256 [0-9a-f]{64}/su);
  });

  test('overwrites nothing, and with --force all but what was filled in', async () => {
    upstream.addDocument(fixture('2025-05427'));
    expect((await run('record', '2025-05427', '--into', 'rules')).code).toBe(0);
    const why = join(folder, 'rules/2025-05427/why.md');
    const xml = join(folder, 'rules/2025-05427/source.xml');
    writeFileSync(why, 'the one with two tables');
    writeFileSync(xml, 'spoilt');
    const again = await run('record', '2025-05427', '--into', 'rules');
    expect(again).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('already-there') });
    expect(readFileSync(xml, 'utf8')).toBe('spoilt');
    expect((await run('record', '2025-05427', '--into', 'rules', '--force')).code).toBe(0);
    expect(readFileSync(xml).equals(readFixture('rules/2025-05427/source.xml'))).toBe(true);
    expect(readFileSync(why, 'utf8')).toBe('the one with two tables');
  });

  test('prints the exact words and the markup that were not understood, and bundles them', async () => {
    upstream.addDocument(broken('unknown-verb', { document_number: '2025-00007' }));
    const ran = await run('record', '2025-00007', '--report', 'send.txt');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('held');
    expect(ran.stdout).toMatch(/holds {2}unknown-wording: .*grandfathering/u);
    expect(ran.stdout).toMatch(/“Under PAKISTAN, by grandfathering .*”/u);
    expect(ran.stdout).toMatch(/\| <AMDPAR>b\. Under PAKISTAN, by grandfathering .*<\/AMDPAR>/u);
    expect(existsSync(join(folder, 'fixtures/rules/2025-00007/expected.json'))).toBe(true);
    const report = readFileSync(join(folder, 'send.txt'), 'utf8');
    expect(report).toContain('unknown-wording');
    expect(report).toContain('===== 2025-00007 source.json (');
    expect(report).toContain(readFixture('broken/unknown-verb.xml').toString());
    const shown = JSON.parse((await run('record', '2025-00007', '--force', '--json')).stdout).documents[0];
    expect(shown).toMatchObject({ number: '2025-00007', verdict: 'held' });
    const issue = shown.issues.find((one: { code: string }) => one.code === 'unknown-wording');
    expect(issue).toMatchObject({ holds: true, excerpt: expect.any(String), markup: expect.any(String) });
    expect(issue.markup.length).toBeLessThan(620);
    expect(await run('record', '2025-00007', '--force', '--report', 'send.txt')).toMatchObject({ code: 0 });
    expect(await run('record', '2025-00007', '--report', 'send.txt')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('send.txt is there already'),
    });
  });

  test('keeps a record of an unknown form, and the text with it', async () => {
    const document = fixture('2025-05427');
    upstream.addDocument({ ...document, record: { ...document.record, title: { main: 'Additions' } } });
    const ran = await run('record', '2025-05427', '--into', 'rules');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/unread {2}bad-record: .*title/u);
    const files = readdirSync(join(folder, 'rules/2025-05427')).sort();
    expect(files).toEqual(['source.json', 'source.xml', 'why.md']);
    expect(readFileSync(join(folder, 'rules/2025-05427/source.json'), 'utf8')).toContain(
      '"main": "Additions"',
    );
  });

  test('keeps a text that is refused, without an expected.json', async () => {
    upstream.addDocument(broken('truncated', { document_number: '2025-00008' }));
    const ran = await run('record', '2025-00008', '--into', 'rules');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/unread {2}not-well-formed: /u);
    expect(readdirSync(join(folder, 'rules/2025-00008')).sort()).toEqual([
      'source.json',
      'source.xml',
      'why.md',
    ]);
  });
});

describe('elwatch record <from..to>', () => {
  test('takes each rule that has to do with a list, and says so of the others', async () => {
    const title = 'Fees for licenses';
    upstream.addDocument(fixture('2025-05427'));
    upstream.addDocument(makeDocument({ document_number: '2025-00002', title, start_page: 200 }));
    upstream.addDocument(makeDocument({ document_number: '2025-00003', start_page: 300 }, null));
    const ran = await run('record', '2025-03-01..2025-03-31', '--json');
    expect(ran.code).toBe(0);
    const { documents } = JSON.parse(ran.stdout);
    expect(documents).toMatchObject([
      { number: '2025-00002', title, folder: null, left: 'amends no list', lists: [] },
      { number: '2025-00003', folder: null, left: 'no full text yet', fault: { code: 'xml-missing' } },
      {
        number: '2025-05427',
        folder: 'fixtures/rules/2025-05427',
        lists: ['entity-list'],
        verdict: 'verified',
        amendments: [
          { action: 'add', destination: "CHINA, PEOPLE'S REPUBLIC OF", count: 11 },
          { action: 'add', destination: 'TAIWAN', count: 1 },
        ],
      },
    ]);
    expect(readdirSync(join(folder, 'fixtures/rules'))).toEqual(['2025-05427']);
    const all = await run('record', '2025-03-01..2025-03-31', '--all', '--into', 'all');
    expect(all.code).toBe(0);
    expect(all.stdout).toContain('no full text yet');
    expect(readdirSync(join(folder, 'all')).sort()).toEqual(['2025-00002', '2025-05427']);
  });

  test('goes on where one fails, and fails where all do', async () => {
    upstream.addDocument(fixture('2025-05427'));
    upstream.addDocument(makeDocument({ document_number: '2025-00004', start_page: 1 }));
    upstream.failNext('/api/v1/documents/2025-00004', 400, 100);
    const ran = await run('record', '2025-03-28..2025-03-28', '--json');
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.stdout).documents).toMatchObject([
      { number: '2025-00004', folder: null, failure: { code: 'http-400' } },
      { number: '2025-05427', failure: null },
    ]);
    const both = await run('record', '2025-00004', '2025-05427', '--json');
    expect(both.code).toBe(1);
    expect(JSON.parse(both.stdout).error).toMatchObject({ code: 'nothing-recorded' });
    expect(both.stderr).toContain('already-there');
  });

  test('of days without rules is empty and no failure', async () => {
    expect(JSON.parse((await run('record', '2025-04-01..2025-04-02', '--json')).stdout)).toEqual({
      documents: [],
      malformed: [],
    });
  });
});

describe('what cannot be', () => {
  test.each([
    ['../../etc/passwd'],
    ['2025-03-28'],
    ['2025-03-31..2025-03-01'],
    ['2025-02-30..2025-03-01'],
    ['2025-05427 --force'],
    ['x'.repeat(10_000)],
    [''],
  ])('argument %# is told in one line', async (argument) => {
    const ran = await run('record', argument);
    expect(ran.code).toBe(1);
    expect(ran.stderr.trim().split('\n')).toHaveLength(1);
    expect(ran.stderr).toContain('bad-argument');
    expect(upstream.requests).toEqual([]);
  });

  test('a number that is none of theirs, and a folder that cannot be written, fail', async () => {
    expect((await run('record', '2025-77777')).stderr).toContain('http-404');
    upstream.addDocument(fixture('2025-05427'));
    writeFileSync(join(folder, 'file'), '');
    expect((await run('record', '2025-05427', '--into', 'file')).stderr).toContain('not-writable');
    expect((await run('record')).code).toBe(2);
  });

  test('control characters of upstream do not reach the terminal', async () => {
    const title = 'Additions\u001b]0;owned\u0007 to the \u202eList';
    upstream.addDocument(makeDocument({ document_number: '2025-00009', title }, null));
    const { stdout, code } = await run('record', '2025-00009');
    expect(code).toBe(0);
    expect(stdout).toContain('Additions]0;owned to the List');
  });
});
