import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { startStandIn } from '../src/demo/stand-in.ts';
import { WHOLE_FILTER } from '../src/model.ts';
import { type Ran, runElwatch } from './helpers/run-elwatch.ts';
import { makeSmallRule } from './helpers/small-rule.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const rule = join(root, 'fixtures/rules/2025-05427');
const baseline = join(root, 'fixtures/list/supplement-4-2025-03-24.xml.gz');
const temporary = mkdtempSync(join(tmpdir(), 'elwatch-cli-'));
const bare = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };

afterAll(() => rmSync(temporary, { recursive: true, force: true }));

/** Runs the command as a user does, in a clean environment. */
const run = (args: string[], environment: Record<string, string> = {}) =>
  runElwatch(args, { cwd: temporary, env: { ...bare, ...environment } });

const json = (ran: Ran) => JSON.parse(ran.stdout);

test('a day that is none is wrong usage, and the message says which and how it should look', async () => {
  const ran = await run(['diff', 'nonsense', '2025-01-01']);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain(
    "'nonsense' is invalid for argument 'from'. It must be a day like 2025-03-28.",
  );
});

describe('elwatch parse', () => {
  test('prints a document in the promised shape', async () => {
    const ran = await run(['parse', `${rule}/source.xml`, '--meta', `${rule}/source.json`, '--json']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const parsed = json(ran);
    expect(parsed.document).toMatchObject({
      number: '2025-05427',
      citation: '90 FR 14046',
      publishedOn: '2025-03-28',
      effectiveOn: '2025-03-25',
    });
    expect(parsed.status).toBe('verified');
    expect(parsed.amendments).toHaveLength(12);
    expect(parsed.amendments[0]).toMatchObject({
      list: 'entity-list',
      action: 'add',
      destination: "CHINA, PEOPLE'S REPUBLIC OF",
      country: 'CN',
      name: 'Beijing Academy of Artificial Intelligence',
      licenseReviewPolicy: 'Presumption of denial',
      footnotes: [4],
      citations: [{ volume: 90, page: 14048, on: '2025-03-28' }],
      locator: {
        instruction: expect.stringMatching(/^2\.a/),
        page: expect.any(Number),
        row: expect.any(Number),
      },
    });
    expect(parsed.stated).toEqual({
      add: { entities: 12, entries: null, byDestination: { CN: 11, TW: 1 } },
      revise: null,
      remove: null,
    });
    expect(parsed.checks[0]).toMatchObject({
      name: 'stated-additions',
      status: 'pass',
      expected: 12,
      found: 12,
    });
    expect(parsed.issues).toEqual([]);
  });

  test('says in one line what is wrong with a file, and exits 1', async () => {
    const cut = join(temporary, 'cut.xml');
    writeFileSync(cut, readFileSync(`${rule}/source.xml`).subarray(0, 5_000));
    const ran = await run(['parse', cut]);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toBe('');
    expect(ran.stderr.trim().split('\n')).toHaveLength(1);
    expect(ran.stderr).toContain('not-well-formed');
    expect(json(await run(['parse', cut, '--json'])).error).toMatchObject({
      code: 'not-well-formed',
      retry: true,
    });
    expect((await run(['parse', join(temporary, 'absent.xml')])).stderr).toContain('file-unreadable');
  });
});

test('elwatch snapshot reads a supplement, and baseline takes what it prints', async () => {
  const xml = join(temporary, 'supplement.xml');
  writeFileSync(xml, gunzipSync(readFileSync(baseline)));
  const ran = await run(['snapshot', xml, '--json']);
  expect(ran.code).toBe(0);
  const { entries, issues } = json(ran);
  expect(entries.length).toBeGreaterThan(3_000);
  // Rows of the real list whose print leaves doubts; each is named, none is passed over.
  const codes = new Set(issues.map((issue: { code: string }) => issue.code));
  expect(['address-in-alias', 'address-unclear', 'alias-unclear', 'name-end', 'sub-entry']).toEqual(
    expect.arrayContaining([...codes]),
  );
  const parsed = join(temporary, 'list.json');
  writeFileSync(parsed, ran.stdout);
  const loaded = await run(['baseline', parsed, '--on', '2025-03-24', '--json'], {
    DATA_DIR: join(temporary, 'from-json'),
  });
  expect(json(loaded)).toMatchObject({ entries: entries.length, on: '2025-03-24' });
});

// Some twenty processes, one after the other.
test('the commands tell one story over one data directory', { timeout: 600_000 }, async () => {
  const upstream = await startStandIn({
    documents: [makeSmallRule({ publishedOn: '2025-03-28', adds: ['Acme Optics Co., Ltd.'], removes: [] })],
    supplements: [{ list: 'entity-list', from: '2025-03-24', xml: readFileSync(baseline) }],
    today: '2025-03-28',
  });
  try {
    const environment = {
      DATA_DIR: join(temporary, 'story'),
      FEDERAL_REGISTER_URL: upstream.url,
      ECFR_URL: upstream.url,
    };
    const tell = (...args: string[]) => run([...args, '--json'], environment);

    expect(await run(['list'], environment)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no-baseline'),
    });
    const { entries } = json(await tell('baseline', '2025-03-24'));
    expect(entries).toBeGreaterThan(3_000);
    expect(await tell('baseline', '2025-03-24')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('baseline-exists'),
    });

    expect(
      json(
        await tell(
          'subscriptions',
          'add',
          'ana@example.org',
          '--destination',
          'cn,TAIWAN',
          '--kind',
          'added',
        ),
      ),
    ).toMatchObject({
      target: 'ana@example.org',
      filter: { ...WHOLE_FILTER, countries: ['CN', 'TW'], kinds: ['added'] },
    });
    expect((await tell('subscriptions', 'add', 'ana@example.org\r\nBcc: eve@example.org')).code).toBe(1);
    expect((await tell('subscriptions', 'add', 'bo@example.org', '--destination', 'QQ')).stdout).toContain(
      'unknown-destination',
    );

    expect(json(await tell('ingest', '2031-00001'))).toMatchObject({
      documents: [{ outcome: 'applied' }],
      sent: 1,
    });
    expect(json(await tell('ingest', '2031-00001'))).toMatchObject({
      documents: [{ outcome: 'unchanged' }],
      sent: 0,
    });
    expect(json(await tell('changes', '--document', '2031-00001')).changes).toMatchObject([
      { kind: 'added', name: 'Acme Optics Co., Ltd.' },
    ]);
    expect(json(await tell('changes', '--since', '2025-03-28')).changes).toHaveLength(1);
    expect(json(await tell('changes', '--since', '2999-01-01')).changes).toEqual([]);
    // The stand-in printed nothing in the last seven days of the real clock.
    expect(json(await tell('poll'))).toEqual({ documents: [], failed: [], sent: 0 });
    expect(json(await tell('documents')).documents).toMatchObject([
      { number: '2031-00001', status: 'applied', verdict: 'verified' },
    ]);
    const { issues } = json(await tell('issues'));
    expect(issues.filter((issue: { number: string | null }) => issue.number !== null)).toEqual([]);
    const [delivery] = json(await tell('deliveries')).deliveries;
    expect(delivery).toMatchObject({ recipient: 'ana@example.org', status: 'sent' });
    expect(readFileSync(delivery.outcome, 'utf8')).toContain(
      'Subject: BIS adds 1 entity to the Entity List: China 1',
    );

    expect(json(await tell('list', '--as-of', '2025-03-27')).count).toBe(entries);
    expect(json(await tell('list', '--as-of', '2025-03-28')).count).toBe(entries + 1);
    const csv = await run(
      ['list', '--as-of', '2025-03-28', '--destination', 'TAIWAN', '--format', 'csv'],
      environment,
    );
    expect(csv.stdout.split('\r\n')[0]).toContain('name');
    expect(json(await tell('list', '--as-of', '2025-03-28', '--destination', 'TW')).count).toBe(
      csv.stdout.trim().split('\r\n').length - 1,
    );

    // What we knew before the rule was read is the starting point alone, whatever day is asked for.
    expect(
      json(await tell('list', '--as-of', '2025-03-28', '--known-at', '2020-01-01T00:00:00Z')).count,
    ).toBe(0);
    expect(json(await tell('diff', '2025-03-27', '2025-03-28')).differences).toMatchObject([
      { before: null, after: { name: 'Acme Optics Co., Ltd.' } },
    ]);
    const { touches } = json(await tell('why', 'acme optics co ltd'));
    expect(touches).toMatchObject([
      { kind: 'added', document: '2031-00001', where: 'paragraph 2, row 2, page 4102' },
    ]);
    expect((await run(['why', 'Acme Optics'], environment)).stdout).toContain('2031-00001');
    expect(json(await tell('rebuild'))).toMatchObject({ ok: true, disagreements: [], strayed: [] });
    expect(json(await tell('reparse', '--document', '2031-00001')).documents).toMatchObject([
      { outcome: 'unchanged' },
    ]);

    expect(json(await tell('subscriptions', 'pause', 'ana@example.org'))).toMatchObject({ status: 'paused' });
    expect(json(await tell('subscriptions', 'remove', 'ana@example.org'))).toEqual({
      removed: 'ana@example.org',
    });
    expect(json(await tell('subscriptions', 'list'))).toEqual({ subscriptions: [] });

    const doctor = await tell('doctor');
    expect(doctor.code).toBe(0);
    expect(json(doctor).findings.map((finding: { what: string }) => finding.what)).toEqual([
      'configuration',
      'mail setup',
      'store',
      'queue',
      'mail',
      'subscriptions',
      'federal register',
      'ecfr',
      'last poll',
    ]);
  } finally {
    await upstream.close();
  }
});

describe('wrong usage', () => {
  test.each([
    [['nonsense']],
    [['parse']],
    [['list', '--as-of', '2025-02-30']],
    [['start', '--role', 'king']],
    [['subscriptions', 'add', 'a@example.org', '--minimum', '0']],
  ])('%j exits 2', async (args) => {
    expect((await run(args)).code).toBe(2);
  });

  test('a faulty environment is told whole, without its values', async () => {
    const ran = await run(['documents'], {
      PORT: 'eight',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://root:hunter2@db',
    });
    expect(ran.code).toBe(1);
    for (const name of ['PORT', 'LOG_LEVEL', 'DATABASE_URL']) expect(ran.stderr).toContain(name);
    expect(ran.stderr).not.toContain('hunter2');
  });
});

test('every command explains itself', async () => {
  const { stdout } = await run(['--help']);
  const commands = [
    'start',
    'demo',
    'poll',
    'ingest',
    'parse',
    'snapshot',
    'baseline',
    'list',
    'changes',
    'documents',
    'issues',
    'audit',
    'ledger',
    'doctor',
    'screen',
  ];
  const groups = ['subscriptions', 'deliveries', 'watchlists', 'tokens', 'organisations'];
  for (const command of [...commands, ...groups])
    expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'mu'));
  for (const command of commands) {
    const help = await run([command, '--help']);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('--json');
  }
  for (const group of groups)
    expect((await run([group, 'list', '--help'])).stdout, group).toContain('--json');
});
