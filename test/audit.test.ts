import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditJob } from '../jobs/audit.ts';
import { auditsDue } from '../src/audit.ts';
import { ingest } from '../src/ingest.ts';
import type { PlacedEntry } from '../src/model.ts';
import { findSnapshot, listAuditRuns, listLedger } from '../src/store/audit.ts';
import { currentEntries } from '../src/store/entries.ts';
import { listIssues } from '../src/store/issues.ts';
import { listSourceStates } from '../src/store/source-state.ts';
import { added, FROM, firms, listed, openAudit } from './helpers/audit-setting.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { draft, writeRule } from './helpers/write-rule.ts';

const FIRMS = firms(120);
const SEVENTY = Array.from({ length: 70 }, (_, at) => `New Lathe ${String(at + 1).padStart(2, '0')} Ltd.`);
const CSV = '/downloadable_consolidated_screening_list/v1/consolidated.csv';
const ECFR = '/api/versioner/';
const without = (entries: readonly PlacedEntry[], ...names: string[]) =>
  entries.filter(({ name }) => !names.includes(name));
const with_ = (entries: readonly PlacedEntry[], name: string, fields: Partial<PlacedEntry>) =>
  entries.map((entry) => (entry.name === name ? { ...entry, ...fields } : entry));

describe.each(backends)('the nightly audit on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  it('finds nothing where both sources show our lists, in any order and with rows merged', async () => {
    const everywhere = [
      ...FIRMS,
      listed('Abdul Ghoura', { country: 'AE', addresses: ['Flat 41, Dubai, United Arab Emirates'] }),
      listed('Abdul Ghoura', { country: 'PK', addresses: ['Saddar Road, Peshawar, Pakistan'] }),
      listed('Harbour “Lens” Works', {
        aliases: ['HLW', 'Lens 2', 'Lens 3'],
        addresses: ['Kowloon, Hong Kong'],
      }),
      listed('Unseen Lab', { list: 'unverified-list', licenseRequirement: '', licenseReviewPolicy: '' }),
      listed('Regiment Motors', {
        list: 'military-end-user-list',
        licenseRequirement: '',
        licenseReviewPolicy: '',
      }),
    ];
    const { parts, night } = await openAudit(database, everywhere);
    for (const day of ['2031-03-04', '2031-03-05']) {
      const { runs, outcomes, issues } = await night(day);
      expect(outcomes).toEqual([...Array(3).fill('ecfr clean'), ...Array(3).fill('csl clean')]);
      expect(runs.map(({ sourceOn, rows }) => `${sourceOn} ${rows}`)).toEqual([
        `${FROM} 123`,
        `${FROM} 1`,
        `${FROM} 1`,
        `${day} 122`,
        `${day} 1`,
        `${day} 1`,
      ]);
      expect(issues).toEqual([]);
    }
    expect(await findSnapshot(parts.db, 'csl', 'entity-list')).toMatchObject({
      sourceOn: '2031-03-05',
      rows: 122,
    });
    expect((await listSourceStates(parts.db)).map(({ source, failure }) => [source, failure])).toEqual(
      expect.arrayContaining([
        ['csl', null],
        ['ecfr', null],
      ]),
    );
  });

  it('keeps a dated ledger of a rule until all of it is there: “12 of 70 not yet in the CSL, day 3”', async () => {
    const { parts, upstream, showInEcfr, night, print } = await openAudit(database, FIRMS);
    expect((await night('2031-03-04')).outcomes).toEqual(['ecfr clean', 'csl clean']);
    expect(await print({ adds: SEVENTY })).toMatchObject({ outcome: 'applied' });
    const all = [...FIRMS, ...added(SEVENTY)];

    const first = await night('2031-03-05');
    expect(first.ledger).toEqual([
      '2031-00001: 70 of 70 not yet in eCFR, day 1',
      '2031-00001: 70 of 70 not yet in the CSL, day 1',
    ]);
    expect(first.outcomes).toEqual(['ecfr lag', 'csl lag']);

    showInEcfr('2031-03-04', all);
    upstream.screened = all.slice(0, 120 + 40);
    const second = await night('2031-03-06');
    expect(second.ledger).toEqual([
      '2031-00001: 70 of 70 in eCFR, day 2',
      '2031-00001: 30 of 70 not yet in the CSL, day 2',
    ]);
    expect(second.outcomes).toEqual(['ecfr clean', 'csl lag']);

    upstream.screened = all.slice(0, 120 + 58);
    const third = await night('2031-03-07');
    expect(third.ledger[1]).toBe('2031-00001: 12 of 70 not yet in the CSL, day 3');
    expect(third.runs[1]).toMatchObject({
      outcome: 'lag',
      counts: { missingThere: 12, missingHere: 0, differs: 0, explained: 12 },
      ledger: [
        { number: '2031-00001', publishedOn: '2031-03-04', ours: 70, there: 58, missing: SEVENTY.slice(58) },
      ],
    });

    upstream.screened = all;
    // A weekend counts no day.
    expect((await night('2031-03-09')).ledger[1]).toBe('2031-00001: 70 of 70 in the CSL, day 3');
    expect((await night('2031-03-10')).ledger[1]).toBe('2031-00001: 70 of 70 in the CSL, day 4');
    expect((await night('2031-03-10')).issues).toEqual([]);

    const lines = (await listLedger(parts.db, { number: '2031-00001' })).filter(
      ({ source }) => source === 'csl',
    );
    expect(lines.map(({ sourceOn, there, day }) => [sourceOn, there, day]).reverse()).toEqual([
      ['2031-03-05', 0, 1],
      ['2031-03-06', 40, 2],
      ['2031-03-07', 58, 3],
      ['2031-03-09', 70, 3],
      ['2031-03-10', 70, 4],
      ['2031-03-10', 70, 4],
    ]);
    // Once the time is over and all is there, nothing more is said of it.
    expect((await night('2031-04-07')).ledger).toEqual([]);
  });

  it('keeps removals in the ledger too', async () => {
    const { upstream, showInEcfr, night, print } = await openAudit(database, FIRMS);
    await print({ adds: ['Beta Ltd.'], removes: ['Firm 001 Works', 'Firm 002 Works'] });
    expect((await night('2031-03-05')).ledger).toEqual([
      '2031-00001: 3 of 3 not yet in eCFR, day 1',
      '2031-00001: 3 of 3 not yet in the CSL, day 1',
    ]);
    const all = [...FIRMS.slice(2), ...added(['Beta Ltd.'])];
    showInEcfr('2031-03-04', [FIRMS[1]!, ...all]);
    upstream.screened = [FIRMS[0]!, ...all];
    const next = await night('2031-03-06');
    expect(next.ledger).toEqual([
      '2031-00001: 1 of 3 not yet in eCFR, day 2',
      '2031-00001: 1 of 3 not yet in the CSL, day 2',
    ]);
    expect(next.runs.map(({ ledger }) => ledger[0]!.missing)).toEqual([
      ['Firm 002 Works'],
      ['Firm 001 Works'],
    ]);
    expect(next.issues).toEqual([]);
  });

  it('counts of a rule what each source can show of it', async () => {
    const { parts, upstream, showInEcfr, night, setNow } = await openAudit(database, FIRMS);
    const rule = writeRule({
      ...{ number: '2031-00002', publishedOn: '2031-03-04', startPage: 4100 },
      amendments: [
        draft('revise', 'CN', 'Firm 001 Works', { aliases: ['F1'], citations: FIRMS[0]!.citations }),
        draft('alter', 'CN', 'Firm 002 Works', { alter: { aliases: { add: ['F2'], remove: [] } } }),
        draft('alter', 'CN', 'Firm 003 Works', { alter: { name: 'Third Works' } }),
      ],
    });
    upstream.addDocument(rule);
    setNow('2031-03-04T14:00:00.000Z');
    expect(await ingest(parts, '2031-00002', '2031-03-04')).toMatchObject({ outcome: 'applied' });
    // An alias alone does not show in the CSL, which is compared by name, country and citation.
    expect((await night('2031-03-05')).ledger).toEqual([
      '2031-00002: 3 of 3 not yet in eCFR, day 1',
      '2031-00002: 2 of 2 not yet in the CSL, day 1',
    ]);
    const ours = await currentEntries(parts.db);
    showInEcfr(
      '2031-03-04',
      ours.map((entry) => (entry.aliases.includes('F1') ? FIRMS[0]! : entry)),
    );
    upstream.screened = ours.map((entry) => (entry.name === 'Third Works' ? FIRMS[2]! : entry));
    const { runs, outcomes, issues } = await night('2031-03-06');
    expect(runs.map(({ ledger }) => ledger[0]!.missing)).toEqual([['Firm 001 Works'], ['Third Works']]);
    expect([outcomes, issues]).toEqual([['ecfr lag', 'csl lag'], []]);
    // What is neither the old text nor the new one is drift, however recent the rule.
    showInEcfr(
      '2031-03-05',
      ours.map((entry) =>
        entry.aliases.includes('F1')
          ? { ...entry, addresses: ['No. 9 Elsewhere Road, Xi’an, China'] }
          : entry,
      ),
    );
    expect((await night('2031-03-07')).issues).toEqual([
      "drift-differs ecfr entity-list: CHINA, PEOPLE'S REPUBLIC OF, Firm 001 Works (addresses)",
    ]);
  });

  it('takes what is not there after the usual time for an issue, and closes it when it comes', async () => {
    const { parts, upstream, night, print } = await openAudit(database, FIRMS);
    await print({ adds: ['Beta Ltd.', 'Gamma Ltd.'] });
    // Fifteen business days for the CSL; eCFR has five.
    const usual = await night('2031-03-11');
    expect([usual.outcomes, usual.issues]).toEqual([['ecfr lag', 'csl lag'], []]);
    const later = await night('2031-03-12');
    expect(later.outcomes).toEqual(['ecfr drift', 'csl lag']);
    expect(later.issues).toEqual(['lag-overdue ecfr entity-list: 2031-00001']);
    await night('2031-03-25', { sources: ['csl'] });
    const late = await night('2031-03-26', { sources: ['csl'] });
    expect(late.issues).toEqual([
      'lag-overdue csl entity-list: 2031-00001',
      'lag-overdue ecfr entity-list: 2031-00001',
    ]);
    const [issue] = await listIssues(parts.db, { open: true, number: '2031-00001' });
    expect(issue).toMatchObject({
      holds: false,
      message: expect.stringMatching(
        /2 of 2 not yet in the CSL, day 16, where 15 business days are usual: “Beta Ltd\.”, “Gamma Ltd\.”; .*next: elwatch ledger --document 2031-00001/u,
      ),
    });
    // However long it takes.
    expect((await night('2031-12-01', { sources: ['csl'] })).ledger).toHaveLength(1);
    upstream.screened = [...FIRMS, ...added(['Beta Ltd.', 'Gamma Ltd.'])];
    expect((await night('2031-12-02', { sources: ['csl'] })).issues).toEqual([
      'lag-overdue ecfr entity-list: 2031-00001',
    ]);
    expect((await night('2031-12-03', { sources: ['csl'] })).ledger).toEqual([]);
  });

  it('tells what was there once and is there no more from what has not come yet', async () => {
    const { upstream, night, print } = await openAudit(database, FIRMS);
    await print({ adds: ['Beta Ltd.', 'Gamma Ltd.'] });
    const csl = { sources: ['csl' as const] };
    upstream.screened = [...FIRMS, ...added(['Beta Ltd.', 'Gamma Ltd.'])];
    expect((await night('2031-03-05', csl)).outcomes).toEqual(['csl clean']);
    upstream.screened = [...FIRMS, ...added(['Beta Ltd.'])];
    const next = await night('2031-03-06', csl);
    expect(next.issues).toEqual([
      "drift-missing-there csl entity-list: CHINA, PEOPLE'S REPUBLIC OF, Gamma Ltd.",
    ]);
    expect(next.ledger).toEqual(['2031-00001: 1 of 2 not yet in the CSL, day 2']);
  });

  it('does not mind a rule that eCFR shows before it takes effect, nor one that it shows behind', async () => {
    const { showInEcfr, night, print } = await openAudit(database, FIRMS);
    await print({ adds: ['Beta Ltd.'], removes: ['Firm 001 Works'], effectiveOn: '2031-04-01' });
    const ecfr = { sources: ['ecfr' as const] };
    const before = await night('2031-03-06', ecfr);
    expect([before.outcomes, before.ledger]).toEqual([['ecfr clean'], []]);
    showInEcfr('2031-03-05', [...FIRMS.slice(1), ...added(['Beta Ltd.'])]);
    const ahead = await night('2031-03-07', ecfr);
    expect([ahead.outcomes, ahead.ledger, ahead.issues]).toEqual([['ecfr lag'], [], []]);
    showInEcfr('2031-03-31', FIRMS);
    expect(await night('2031-04-02', ecfr)).toMatchObject({
      outcomes: ['ecfr lag'],
      ledger: ['2031-00001: 2 of 2 not yet in eCFR, day 21'],
      issues: [],
    });
  });

  it('opens an issue for drift once, says what to do, and closes it when it is gone', async () => {
    const { parts, upstream, showInEcfr, night } = await openAudit(database, FIRMS);
    showInEcfr('2031-03-03', without(FIRMS, 'Firm 007 Works'));
    upstream.screened = [...FIRMS, listed('Somebody Else', { country: 'TR', addresses: ['Izmir, Turkey'] })];
    const seen = [
      'drift-missing-here csl entity-list: TR, Somebody Else',
      "drift-missing-there ecfr entity-list: CHINA, PEOPLE'S REPUBLIC OF, Firm 007 Works",
    ];
    const first = await night('2031-03-04');
    expect(first.outcomes).toEqual(['ecfr drift', 'csl drift']);
    expect(first.issues).toEqual(seen);
    const [issue] = await listIssues(parts.db, { open: true });
    expect(issue!.message).toContain('next: find the rule by that citation');
    expect((await night('2031-03-05')).issues).toEqual(seen);
    expect(await listIssues(parts.db)).toHaveLength(2);

    showInEcfr('2031-03-04', FIRMS);
    const third = await night('2031-03-06');
    expect(third.outcomes).toEqual(['ecfr clean', 'csl drift']);
    expect(third.issues).toEqual(seen.slice(0, 1));
    upstream.screened = FIRMS;
    expect((await night('2031-03-07')).issues).toEqual([]);
    expect(await listIssues(parts.db, { open: false })).toHaveLength(2);
    expect(await currentEntries(parts.db)).toHaveLength(120);
  });

  it('refuses a source that lost more than 1 % of its rows, until a person accepts it', async () => {
    const { parts, upstream, showInEcfr, night } = await openAudit(database, FIRMS);
    await night('2031-03-04');
    showInEcfr('2031-03-04', FIRMS.slice(2));
    // New rows do not hide what is lost.
    upstream.screened = [...FIRMS.slice(0, 118), ...firms(5, 'Other')];
    const first = await night('2031-03-05');
    expect(first.outcomes).toEqual(['ecfr refused', 'csl refused']);
    expect(first.runs[0]).toMatchObject({
      rows: 118,
      counts: { missingThere: 0, missingHere: 0, differs: 0, explained: 0 },
      reason: expect.stringMatching(
        /^source-shrank: .*118 rows where it had 120: it lost 2 \(1\.7 %\) that no rule removed, among them “Firm 001 Works”/u,
      ),
    });
    expect((await night('2031-03-06')).issues).toEqual([
      'audit-refused csl entity-list: source-shrank',
      'audit-refused ecfr entity-list: source-shrank',
    ]);
    expect((await listIssues(parts.db))[0]!.message).toContain('elwatch audit --accept-shrink');
    expect(await findSnapshot(parts.db, 'ecfr', 'entity-list')).toMatchObject({ sourceOn: FROM, rows: 120 });

    const accepted = await night('2031-03-07', { sources: ['ecfr'], acceptShrink: true });
    expect(accepted.outcomes).toEqual(['ecfr drift']);
    expect(accepted.issues).toEqual([
      'audit-refused csl entity-list: source-shrank',
      "drift-missing-there ecfr entity-list: CHINA, PEOPLE'S REPUBLIC OF, Firm 001 Works",
      "drift-missing-there ecfr entity-list: CHINA, PEOPLE'S REPUBLIC OF, Firm 002 Works",
    ]);
    expect((await night('2031-03-08', { sources: ['ecfr'] })).outcomes).toEqual(['ecfr drift']);
  });

  it('changes nothing about known drift while a source is refused', async () => {
    const { upstream, night } = await openAudit(database, FIRMS);
    const csl = { sources: ['csl' as const] };
    upstream.screened = without(FIRMS, 'Firm 003 Works');
    const { issues } = await night('2031-03-04', csl);
    expect(issues).toHaveLength(1);
    upstream.screened = FIRMS.slice(0, 60);
    expect((await night('2031-03-05', csl)).issues).toEqual([
      'audit-refused csl entity-list: source-shrank',
      ...issues,
    ]);
    upstream.screened = FIRMS;
    expect((await night('2031-03-06', csl)).issues).toEqual([]);
  });

  it('takes rows that rules removed for no loss, however many', async () => {
    const { showInEcfr, night, print } = await openAudit(database, FIRMS);
    await night('2031-03-04');
    const gone = FIRMS.slice(0, 5).map(({ name }) => name);
    expect(await print({ adds: [], removes: gone })).toMatchObject({ outcome: 'applied' });
    showInEcfr('2031-03-04', FIRMS.slice(5));
    expect(await night('2031-03-06', { sources: ['ecfr'] })).toMatchObject({
      outcomes: ['ecfr clean'],
      ledger: ['2031-00001: 5 of 5 in eCFR, day 2'],
    });
  });

  it('measures the first look by our own list', async () => {
    const { parts, upstream, showInEcfr, night, print } = await openAudit(database, FIRMS);
    showInEcfr('2031-03-03', []);
    upstream.screened = FIRMS.slice(0, 59);
    const { runs, issues } = await night('2031-03-04');
    expect(runs.map(({ reason }) => reason)).toEqual([
      // A supplement without a row is no supplement at all.
      expect.stringMatching(/^supplement-missing: |^source-empty: /u),
      expect.stringMatching(
        /^source-too-small: .* has 59 rows at the first look, and our list has 120 entries/u,
      ),
    ]);
    expect(issues).toHaveLength(2);
    expect(await findSnapshot(parts.db, 'csl', 'entity-list')).toBeNull();
    // No person can accept an empty list.
    upstream.screened = [listed('Unseen Lab', { list: 'unverified-list' })];
    const empty = await night('2031-03-05', { sources: ['csl'], acceptShrink: true });
    expect(empty.runs[0]).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('source-empty'),
    });
    // Entries of a rule that is not there yet are not missed.
    await print({ adds: Array.from({ length: 130 }, (_, at) => `Delta ${at} Ltd.`) });
    upstream.screened = FIRMS;
    expect((await night('2031-03-06', { sources: ['csl'] })).outcomes).toEqual(['csl lag']);
  });

  it('puts a source that fails on record, with one issue that closes when it answers again', async () => {
    const { parts, upstream, night } = await openAudit(database, FIRMS);
    upstream.failNext(ECFR, 503, 2);
    upstream.failNext(CSV, 403, 2);
    for (const day of ['2031-03-04', '2031-03-05']) {
      const { runs, issues } = await night(day);
      expect(runs).toMatchObject([
        {
          source: 'ecfr',
          outcome: 'failed',
          rows: null,
          sourceOn: null,
          reason: expect.stringContaining('http-503'),
        },
        { source: 'csl', outcome: 'failed', rows: null, sourceOn: null },
      ]);
      expect(issues).toEqual([
        expect.stringMatching(/^audit-failed csl entity-list: (?:http-403|blocked-by-upstream)$/u),
        'audit-failed ecfr entity-list: http-503',
      ]);
    }
    expect((await listSourceStates(parts.db)).every(({ failure }) => failure !== null)).toBe(true);
    expect(await night('2031-03-06')).toMatchObject({ outcomes: ['ecfr clean', 'csl clean'], issues: [] });
    expect((await listAuditRuns(parts.db)).map(({ outcome }) => outcome)).toEqual([
      ...['clean', 'clean', 'failed', 'failed', 'failed', 'failed'],
    ]);
  });

  it('reads the CSL as JSON where the CSV is gone, and eCFR from the bulk file where it does not answer', async () => {
    const { upstream, night } = await openAudit(database, FIRMS);
    upstream.failNext(CSV, 404);
    upstream.failNext(ECFR, 503);
    upstream.hasBulkFile = true;
    const { runs } = await night('2031-03-04');
    expect(runs).toMatchObject([
      { outcome: 'clean', rows: 120, sourceOn: FROM },
      { outcome: 'clean', rows: 120 },
    ]);
    expect(upstream.requests.at(-1)!.path).toMatch(/consolidated\.json$/u);
    // Half updated, the title would show differences that are none, and so would its bulk file.
    upstream.processing = true;
    expect((await night('2031-03-05')).runs[0]).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('ecfr-processing'),
    });
  });

  it.each([
    ['invalid-json', 'cut in the middle'],
    ['wrong-type', 'of another kind'],
    ['empty', 'empty'],
  ] as const)('does not take a CSL that is %s for a short list (%s)', async (fault, _what) => {
    const { upstream, night } = await openAudit(database, FIRMS);
    await night('2031-03-04', { sources: ['csl'] });
    upstream.failNext('/downloadable_consolidated_screening_list/', fault, 2);
    const { outcomes } = await night('2031-03-05', { sources: ['csl'] });
    expect(['csl failed', 'csl refused']).toContain(outcomes[0]);
  });

  it('explains a difference by eCFR’s own notice for as long as it stands, and tells of a notice about an unknown rule', async () => {
    const { showInEcfr, night, print } = await openAudit(database, FIRMS);
    const ecfr = { sources: ['ecfr' as const] };
    const notice = 'Link to an amendment published at 96 FR 4100, Mar. 4, 2031.';
    await print({ adds: ['Beta Ltd.'] });
    showInEcfr('2031-06-02', FIRMS, [notice]);
    expect(await night('2031-06-03', ecfr)).toMatchObject({
      outcomes: ['ecfr lag'],
      ledger: [expect.stringMatching(/^2031-00001: 1 of 1 not yet in eCFR, day 6\d$/u)],
      issues: [],
    });
    const unknown = 'Link to an amendment published at 96 FR 31999, June 2, 2031.';
    showInEcfr('2031-06-03', FIRMS, [notice, unknown]);
    expect((await night('2031-06-04', ecfr)).issues).toEqual([
      `pending-unknown ecfr entity-list: ${unknown}`,
    ]);
    showInEcfr('2031-06-04', [...FIRMS, ...added(['Beta Ltd.'])]);
    expect(await night('2031-06-05', ecfr)).toMatchObject({ outcomes: ['ecfr clean'], issues: [] });
  });

  it('tells what a held rule did elsewhere in one issue about that rule', async () => {
    const { parts, showInEcfr, night, print } = await openAudit(database, FIRMS);
    const gone = FIRMS.slice(0, 3).map(({ name }) => name);
    const held = await print({ adds: SEVENTY, removes: gone, statedAdditions: 71 });
    expect(held).toMatchObject({ outcome: 'held' });
    showInEcfr('2031-03-05', [...FIRMS.slice(3), ...added(SEVENTY)]);
    const { issues } = await night('2031-03-06', { sources: ['ecfr'] });
    expect(issues).toEqual(['drift-rule-not-applied ecfr entity-list: 2031-00001']);
    const found = (await listIssues(parts.db, { open: true })).find(
      ({ code }) => code === 'drift-rule-not-applied',
    );
    expect(found).toMatchObject({
      number: '2031-00001',
      message: expect.stringMatching(
        /shows 73 entries as 2031-00001 leaves them, which is held here: .* and 68 more; next: elwatch held show/u,
      ),
    });
  });

  it('tells of many differences by their number', async () => {
    const many = firms(300);
    const { upstream, night } = await openAudit(database, many);
    upstream.screened = many.slice(0, 160).concat(firms(160, 'Other'));
    const { runs, issues } = await night('2031-03-04', { sources: ['csl'] });
    expect(runs[0]!.counts).toMatchObject({ missingThere: 140, missingHere: 160 });
    expect(issues).toHaveLength(201);
    expect(issues).toContain('drift-too-many csl entity-list: more');
  });

  it('is due each day after 5:30 in Washington, and again after an hour where it failed', async () => {
    const { parts, upstream, setNow } = await openAudit(database, FIRMS);
    const due = async (now: string) => {
      setNow(now);
      return (await auditsDue(parts)).map(({ source }) => source);
    };
    const run = (now: string) => {
      setNow(now);
      return auditJob.run(parts, {}, async () => {});
    };
    expect(await due('2031-03-04T10:29:00.000Z')).toEqual([]);
    expect(await due('2031-03-04T10:30:00.000Z')).toEqual(['ecfr', 'csl']);
    upstream.failNext(CSV, 503, 9);
    await run('2031-03-04T10:31:00.000Z');
    expect(await due('2031-03-04T11:30:00.000Z')).toEqual([]);
    expect(await due('2031-03-04T11:31:00.000Z')).toEqual(['csl']);
    for (const hour of [12, 14, 16]) await run(`2031-03-04T${hour}:00:00.000Z`);
    expect(await due('2031-03-04T23:00:00.000Z')).toEqual([]);
    expect(await due('2031-03-05T05:30:00.000Z')).toEqual([]);
    expect(await due('2031-03-05T10:30:00.000Z')).toEqual(['ecfr', 'csl']);
    // In summer time it is an hour earlier by UTC; a service that was down at that hour makes it up.
    expect(await due('2031-07-04T09:30:00.000Z')).toEqual(['ecfr', 'csl']);
    expect(await due('2031-07-05T22:00:00.000Z')).toEqual(['ecfr', 'csl']);
    expect(auditJob.everyMs).toBeLessThanOrEqual(15 * 60_000);
  });

  it('compares nothing before a list is loaded', async () => {
    const { parts, setNow, night } = await openAudit(database, []);
    setNow('2031-03-04T12:00:00.000Z');
    expect(await auditsDue(parts)).toEqual([]);
    await expect(night('2031-03-04')).rejects.toMatchObject({ code: 'no-baseline', retry: false });
  });
});

describe('what is within the tolerance', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await backends[0]!.open();
  });
  afterAll(() => database.close());

  const OWN = listed("Kite & Sons' Works (Group) - North", {
    aliases: ["Kite's Lab", 'KSW-9', 'Kite North'],
    addresses: ['No. 7 Kite Road, Beijing, China', 'No. 8 "Kite" Road, Beijing, China'],
    licenseRequirement: 'For all items subject to the EAR. (See § 744.11 of the EAR)',
    footnotes: [4],
    citations: [
      { volume: 84, page: 22963, on: '2019-05-21' },
      { volume: 96, page: 4102, on: '2031-03-04' },
    ],
  });
  const NAME = OWN.name;

  // Sources §7.5, no. 27: each of its items.
  it.each<[string, Partial<PlacedEntry>]>([
    [
      'a citation of another page of the document',
      { citations: [OWN.citations[0]!, { ...OWN.citations[1]!, page: 4104 }] },
    ],
    [
      'the first page of the document',
      { citations: [OWN.citations[0]!, { ...OWN.citations[1]!, page: 4100 }] },
    ],
    [
      'a requirement without its stop',
      { licenseRequirement: 'For all items subject to the EAR (See § 744.11 of the EAR)' },
    ],
    [
      'a requirement with other stops and brackets',
      { licenseRequirement: 'For all items subject to the EAR. (See §744.11) of the EAR.' },
    ],
    [
      'a requirement in other cases and without “For”',
      { licenseRequirement: 'All Items Subject to the EAR. (See § 744.11 of the EAR.)' },
    ],
    ['a policy with a stop and in other cases', { licenseReviewPolicy: 'Presumption of Denial.' }],
    ['other dashes', { name: NAME.replace('-', '–'), aliases: ["Kite's Lab", 'KSW‑9', 'Kite North'] }],
    [
      'other quotes',
      { name: NAME.replace("'", '’'), addresses: [OWN.addresses[0]!, 'No. 8 “Kite” Road, Beijing, China'] },
    ],
    [
      'other white space',
      {
        name: NAME.replaceAll(' ', '\u2009'),
        addresses: OWN.addresses.map((one) => one.replaceAll(' ', '\u00a0')),
      },
    ],
    [
      'stops at the end',
      { aliases: ["Kite's Lab.", 'KSW-9', 'Kite North.'], addresses: OWN.addresses.map((one) => `${one}.`) },
    ],
    [
      'aliases and addresses in another order',
      { aliases: [...OWN.aliases].reverse(), addresses: [...OWN.addresses].reverse() },
    ],
    ['a citation without its day', { citations: OWN.citations.map((cited) => ({ ...cited, on: null })) }],
  ])('is %s', async (_what, fields) => {
    const { upstream, showInEcfr, night, print } = await openAudit(database, [...FIRMS, OWN]);
    // The rule whose pages the citation is of; it changes another entry.
    await print({ adds: ['Beta Ltd.'] });
    const shown = [...with_([...FIRMS, OWN], NAME, fields), ...added(['Beta Ltd.'])];
    showInEcfr('2031-03-05', shown);
    upstream.screened = shown;
    expect(await night('2031-03-06')).toMatchObject({ outcomes: ['ecfr clean', 'csl clean'], issues: [] });
  });

  it.each([
    ['with a year of four digits', '5/21/19', '05/21/2019'],
    ['in words', '5/21/19', 'May 21, 2019'],
    ['without its comma', '84 FR 22963, 5/21/19', '84 FR 22963 5/21/19'],
    ['with web debris', '84 FR 22963, ', '84 FR 22963 preview citation details, '],
  ])('is the day of a citation %s', async (_what, find, by) => {
    const { upstream, night } = await openAudit(database, FIRMS);
    const xml = (
      await fetch(
        `${upstream.url}/api/versioner/v1/full/${FROM}/title-15.xml?part=744&appendix=Supplement+No.+4+to+Part+744`,
        { headers: { 'user-agent': 'Mozilla/5.0' } },
      ).then((answer) => answer.text())
    ).replaceAll(find, by);
    expect(xml).toContain(by);
    upstream.addSupplement({ list: 'entity-list', from: '2031-03-03', xml: Buffer.from(xml) });
    upstream.upToDateAsOf = '2031-03-03';
    expect(await night('2031-03-04', { sources: ['ecfr'] })).toMatchObject({ outcomes: ['ecfr clean'] });
  });

  it('is a name that eCFR’s print does not tell from the address', async () => {
    const split = listed('Fish Academy, Institute of Nets', {
      addresses: ['2 Invented Street, Beijing, China'],
    });
    const { night } = await openAudit(database, [...FIRMS, split]);
    expect(await night('2031-03-04')).toMatchObject({ outcomes: ['ecfr clean', 'csl clean'] });
  });

  it('is not the page of another document', async () => {
    const { showInEcfr, night, print } = await openAudit(database, [...FIRMS, OWN]);
    await print({ adds: ['Beta Ltd.'] });
    const wrong = { citations: [OWN.citations[0]!, { ...OWN.citations[1]!, page: 4105 }] };
    showInEcfr('2031-03-05', [...with_([...FIRMS, OWN], NAME, wrong), ...added(['Beta Ltd.'])]);
    expect((await night('2031-03-06', { sources: ['ecfr'] })).codes).toEqual(['ecfr drift-differs']);
  });
});
