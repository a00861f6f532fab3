import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { easternDay } from '../src/days.ts';
import { type StandIn, startStandIn } from '../src/demo/stand-in.ts';
import { runElwatch } from './helpers/run-elwatch.ts';
import { makeSmallRule, type SmallRule } from './helpers/small-rule.ts';

const temporary = mkdtempSync(join(tmpdir(), 'elwatch-held-'));

let upstream: StandIn;
let environment: Record<string, string>;

/** Runs the command as a user does. */
const run = (...args: string[]) => runElwatch(args, { cwd: temporary, env: environment });

/** As `run`, with what --json prints. */
async function tell(...args: string[]) {
  const ran = await run(...args, '--json');
  return { ...ran, data: JSON.parse(ran.stdout) };
}

/** A rule whose text has other words in one place. */
function misprinted(rule: SmallRule, find: string, by: string): SmallRule {
  const text = rule.xml.toString();
  if (text.split(find).length !== 2) throw new Error(`“${find}” does not stand there once`);
  return { ...rule, xml: Buffer.from(text.replace(find, () => by)) };
}

const publishedOn = '2025-03-28';
/** It states two additions and has one. */
const miscounted = makeSmallRule({
  number: '2025-00001',
  publishedOn,
  startPage: 100,
  adds: ['Acme 1 Optics'],
  statedAdditions: 2,
});
/** Nobody knows what "addding" does. */
const misspelt = misprinted(
  makeSmallRule({
    number: '2025-00002',
    publishedOn,
    startPage: 200,
    adds: ['Acme & 2 Optics'.replace('&', '&amp;')],
  }),
  'by adding, in alphabetical order',
  'by addding, in alphabetical order',
);
/** It removes what only the second one adds. */
const dependent = makeSmallRule({
  number: '2025-00003',
  publishedOn,
  startPage: 300,
  adds: [],
  removes: ['Acme &amp; 2 Optics'],
});

beforeAll(async () => {
  upstream = await startStandIn({
    documents: [miscounted, misspelt, dependent],
    supplements: [],
    today: '2025-03-28',
  });
  environment = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    DATA_DIR: join(temporary, 'data'),
    FEDERAL_REGISTER_URL: upstream.url,
    ECFR_URL: upstream.url,
  };
  const entry = {
    ...{ list: 'entity-list', destination: "CHINA, PEOPLE'S REPUBLIC OF", country: 'CN', name: 'Old Works' },
    ...{ aliases: [], addresses: ['Beijing'], licenseRequirement: 'All', licenseReviewPolicy: 'Denial' },
    ...{ footnotes: [], citations: [] },
  };
  writeFileSync(join(temporary, 'list.json'), JSON.stringify({ entries: [entry] }));
  expect(await tell('baseline', 'list.json', '--on', '2025-03-24')).toMatchObject({ code: 0 });
  expect((await run('subscribers', 'add', 'ana@example.org')).code).toBe(0);
  expect(await run('held')).toMatchObject({ code: 0, stdout: 'No document is held.\n' });
  expect((await tell('backfill', '--from', '2025-03-24', '--to', '2025-03-28')).data.counts).toMatchObject({
    held: 3,
  });
});
afterAll(async () => {
  await upstream.close();
  rmSync(temporary, { recursive: true, force: true });
});

const names = async () =>
  (await tell('list', '--as-of', '2025-04-01')).data.entries.map((entry: { name: string }) => entry.name);

describe('the queue', () => {
  test('shows what is held, why, and what to do', async () => {
    const { held } = (await tell('held')).data;
    expect(held.map((one: { number: string }) => one.number)).toEqual([
      '2025-00001',
      '2025-00002',
      '2025-00003',
    ]);
    expect(held[0]).toMatchObject({
      publishedOn,
      heldSince: expect.stringMatching(/^\d{4}-.*Z$/u),
      title: 'Additions to the Entity List',
      codes: ['count-mismatch'],
      next: expect.stringContaining('elwatch held accept 2025-00001 --reason'),
    });
    expect(held[1]).toMatchObject({ excerpt: expect.stringContaining('addding') });
    expect(held[2]).toMatchObject({ next: expect.stringContaining('elwatch backfill') });
    const { stdout } = await run('held', 'list');
    expect(stdout).toMatch(/^2025-00002 {2}Additions to the Entity List$/mu);
    expect(stdout).toMatch(/^ {2}published 2025-03-28, held since \d{4}-\d\d-\d\d \d\d:\d\d UTC$/mu);
    expect(stdout).toMatch(/^ {2}“.*by addding, in alphabetical order.*”$/mu);
    expect(stdout).toMatch(/^ {2}next {2}elwatch held accept 2025-00001/mu);
  });

  test('shows one with its checks, the exact words, and the markup', async () => {
    const { data } = await tell('held', 'show', '2025-00002');
    expect(data).toMatchObject({ number: '2025-00002', status: 'held', overrides: [] });
    const issue = data.issues.find((one: { excerpt: string | null }) => one.excerpt?.includes('addding'));
    expect(issue.markup).toMatch(/^<AMDPAR>.*by addding, in alphabetical order.*<\/AMDPAR>$/u);
    const { stdout } = await run('held', 'show', '2025-00002');
    expect(stdout).toContain('| <AMDPAR>');
    const miscount = (await tell('held', 'show', '2025-00001')).data;
    expect(miscount.failingChecks[0]).toMatchObject({ expected: 2, found: 1 });
    expect(miscount.amendments).toMatchObject([{ action: 'add', name: 'Acme 1 Optics' }]);
  });
});

describe('accept', () => {
  test('applies what a check speaks against, and says who and why', async () => {
    const reason = 'the abstract counts an alias';
    const { code, data } = await tell('held', 'accept', '2025-00001', '--reason', reason, '--who', 'Ana');
    expect(code).toBe(0);
    expect(data.override).toMatchObject({ kind: 'accept', who: 'Ana', reason });
    expect(data.documents[0]).toMatchObject({ number: '2025-00001', outcome: 'applied' });
    // A rule of long ago alerts nobody, whenever it is decided.
    expect(data.sent).toBe(0);
    expect(await names()).toContain('Acme 1 Optics');
    const shown = (await tell('held', 'show', '2025-00001')).data;
    expect(shown).toMatchObject({
      status: 'applied',
      overrides: [{ kind: 'accept', who: 'Ana', endedAt: null }],
    });
    expect((await run('held', 'accept', '2025-00001', '--reason', 'again')).stderr).toContain('not-held');
  });

  test('does not apply what cannot be carried out', async () => {
    const { code, data, stderr } = await tell('held', 'accept', '2025-00003', '--reason', 'I want it');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(data.documents[0]).toMatchObject({ outcome: 'held' });
    expect((await tell('held', 'undo', '2025-00003')).data).toMatchObject({
      ended: 1,
      documents: [{ outcome: 'held' }],
    });
  });
});

describe('replace', () => {
  const because = ['--reason', 'a slip of print'];
  const replace = (find: string, by: string) =>
    run('held', 'replace', '2025-00002', '--find', find, '--by', by, ...because);

  test('refuses words that do not stand there once, and what breaks the source', async () => {
    expect((await replace('frobbing', 'adding')).stderr).toContain('do not stand in the source');
    expect((await replace('China', 'Chile')).stderr).toMatch(/stand \d+ times in the source/u);
    expect((await replace('by addding', 'by <E>adding')).stderr).toContain('override-breaks-source');
    expect((await replace('by addding', 'by adding & more')).stderr).toContain('override-breaks-source');
    expect((await tell('held', 'show', '2025-00002')).data.overrides).toEqual([]);
  });

  test('reads the document with them, and looks again at what waited for it', async () => {
    const ran = await run(
      ...['held', 'replace', '2025-00002', '--find', 'by addding, in', '--by', 'by adding, in'],
      ...[...because, '--json'],
    );
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const { documents, sent } = JSON.parse(ran.stdout);
    expect(documents).toMatchObject([
      { number: '2025-00002', outcome: 'applied' },
      { number: '2025-00003', outcome: 'applied' },
    ]);
    expect(sent).toBe(0);
    expect(await names()).toEqual(['Acme 1 Optics', 'Old Works']);
    expect((await tell('changes', '--document', '2025-00002')).data.changes).toMatchObject([
      { kind: 'added', name: 'Acme & 2 Optics' },
    ]);
    const undone = await run('held', 'undo', '2025-00002');
    expect(undone).toMatchObject({ code: 0, stdout: expect.stringContaining('its changes stay') });
    expect((await tell('held', 'show', '2025-00002')).data.overrides).toMatchObject([
      { kind: 'replace', endedAt: expect.any(String) },
    ]);
  });
});

test('a rule of today: ignored, taken up again, accepted, and told each time', async () => {
  const today = easternDay(new Date().toISOString());
  upstream.today = today;
  upstream.addDocument(
    makeSmallRule({ number: '2026-00001', publishedOn: today, adds: ['Zeta Works'], statedAdditions: 3 }),
  );
  expect((await tell('poll')).data).toMatchObject({ documents: [{ outcome: 'held' }], sent: 1 });
  const ignored = (await tell('held', 'ignore', '2026-00001', '--reason', 'a repetition')).data;
  expect(ignored.documents[0]).toMatchObject({
    outcome: 'ignored',
    reason: expect.stringContaining('a repetition'),
  });
  expect((await tell('held')).data.held).toEqual([]);
  expect(
    (await tell('poll')).data.documents.filter((one: { outcome: string }) => one.outcome === 'applied'),
  ).toEqual([]);
  expect((await tell('held', 'undo', '2026-00001')).data.documents[0]).toMatchObject({ outcome: 'held' });
  const accepted = (await tell('held', 'accept', '2026-00001', '--reason', 'it is right')).data;
  expect(accepted.documents[0]).toMatchObject({ outcome: 'applied' });
  expect(accepted.sent).toBe(1);
  expect(accepted.override.who).not.toBe('');
});

describe('wrong usage', () => {
  test.each([
    [['held', 'nonsense']],
    [['held', 'accept', '2025-00001']],
    [['held', 'accept', '2025-00001', '--reason', '   ']],
    [['held', 'accept', '2025-00001', '--reason', 'x'.repeat(1_001)]],
    [['held', 'accept', '2025-00001', '--reason', 'a\u001b[2Jb']],
    [['held', 'ignore', '2025-00001', '--reason', 'x', '--who', 'y'.repeat(101)]],
    [['held', 'replace', '2025-00001', '--reason', 'x', '--find', 'abc']],
    [['held', 'replace', '2025-00001', '--reason', 'x', '--find', 'a', '--by', 'b']],
    [['held', 'show', '2025-00001', '--published-on', '2025-02-30']],
  ])('case %# exits 2', async (args) => {
    expect((await run(...args)).code).toBe(2);
  });

  test('a document that is not stored, or has no override, is told in one line', async () => {
    for (const number of ['2025-99999', "'; drop table override; --"]) {
      const ran = await run('held', 'show', number);
      expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('document-unknown') });
      expect(ran.stderr.trim().split('\n')).toHaveLength(1);
    }
    expect((await run('held', 'undo', '2025-00002')).stderr).toContain('no-override');
    expect((await run('held', 'show', '2025-00001', '--published-on', '1999-01-01')).code).toBe(1);
  });

  test('each command has an example', async () => {
    for (const name of ['list', 'show', 'accept', 'replace', 'ignore', 'undo'])
      expect((await run('held', name, '--help')).stdout, name).toContain('Example:\n  elwatch held');
  });
});
