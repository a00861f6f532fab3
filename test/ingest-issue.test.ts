import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadBaseline } from '../src/baseline.ts';
import { deliver } from '../src/deliver.ts';
import { type Fault, type StandIn, startStandIn } from '../src/demo/stand-in.ts';
import { type Ingested, ingest, ingestStored } from '../src/ingest.ts';
import { WHOLE_FILTER } from '../src/model.ts';
import { notify } from '../src/notify.ts';
import type { Parts } from '../src/parts.ts';
import { poll } from '../src/poll.ts';
import { changeSetsOf } from '../src/store/change-sets.ts';
import { changesAfter } from '../src/store/changes.ts';
import { listVersions } from '../src/store/document-versions.ts';
import { findDocument } from '../src/store/documents.ts';
import { currentEntries } from '../src/store/entries.ts';
import { addSubscription } from '../src/store/subscriptions.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { openParts } from './helpers/parts.ts';
import { placedEntry } from './helpers/placed-entry.ts';
import { makeSmallRule } from './helpers/small-rule.ts';
import { type SmtpSink, startSmtpSink } from './helpers/smtp-sink.ts';

const NUMBER = '2031-00001';
const OTHER = '2031-00002';
const ON = '2031-03-04';
const ISSUE = '/bulkdata/FR/2031/03/FR-2031-03-04.xml';
const TEXT = `/documents/full_text/xml/2031/03/04/${NUMBER}.xml`;

describe.each(backends)('a document whose own text cannot be had, on $name', ({ open }) => {
  let database: TestDatabase;
  let upstream: StandIn;
  let sink: SmtpSink;
  let parts: Parts;
  let now = '';

  beforeAll(async () => {
    database = await open();
    sink = await startSmtpSink();
  });
  afterAll(async () => {
    await sink.close();
    await database.close();
  });
  beforeEach(async () => {
    await database.empty();
    sink.received.length = 0;
    upstream = await startStandIn({ documents: [], supplements: [], today: ON });
    upstream.hasIssues = true;
    parts = openParts({
      ...{ database, upstream, outbox: '/nonexistent', smtpUrl: sink.url },
      now: () => now,
    });
    at(0);
    await loadBaseline(parts, {
      ...{ list: 'entity-list', on: '2031-01-01', issues: [] },
      entries: [placedEntry('Old Lathe Works')],
    });
    await addSubscription(parts.db, { target: 'ana@example.org', filter: WHOLE_FILTER, createdAt: now });
  });
  afterEach(async () => {
    await parts.email.close();
    await upstream.close();
  });

  /** Minutes since the record was seen first, which is at 14:00 UTC. */
  function at(minutes: number): void {
    now = new Date(Date.parse('2031-03-04T14:00:00.000Z') + minutes * 60_000).toISOString();
  }
  /** A rule as the Federal Register has it while its text is not imported; the issue has it already. */
  function addPrinted(rule = makeSmallRule()): void {
    upstream.addDocument({ record: rule.record, xml: null, printed: rule.xml });
  }
  function print(spoil: (xml: string) => string): void {
    upstream.replaceDocument(NUMBER, { printed: Buffer.from(spoil(makeSmallRule().xml.toString())) });
  }
  const names = async () => (await currentEntries(parts.db)).map(({ name }) => name);
  const issuesAsked = () => upstream.requests.filter(({ path }) => path === ISSUE).length;
  const textsOf = async () =>
    (await listVersions(parts.db, NUMBER, ON)).filter(({ kind }) => kind === 'xml').map(({ url }) => url);
  async function tell({ changeSetId }: Ingested): Promise<void> {
    for (const deliveryId of changeSetId === null ? [] : await notify(parts, changeSetId))
      await deliver(parts, deliveryId);
  }
  const subjects = () => sink.received.map(({ mail }) => mail.subject);

  test('is read out of the issue of its day after ten minutes, verified, applied and told once', async () => {
    upstream.addDocument(makeSmallRule({ number: OTHER, startPage: 4000, adds: ['Nobody Asked Ltd.'] }));
    addPrinted();
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('waiting');
    at(9.5);
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('waiting');
    expect(issuesAsked()).toBe(0);
    at(10);
    const done = await ingest(parts, NUMBER, ON);
    expect(done).toMatchObject({ outcome: 'applied', reason: '1 changes, verified' });
    await tell(done);
    expect((await names()).sort()).toEqual(['Acme Optics Co., Ltd.', 'Old Lathe Works']);
    expect(subjects()).toHaveLength(1);
    // Whoever asks later where it was read finds the issue, and the very bytes that were cut out of it.
    expect(await textsOf()).toEqual([`${upstream.url}${ISSUE}#${NUMBER}`]);
    const [version] = (await listVersions(parts.db, NUMBER, ON)).filter(({ kind }) => kind === 'xml');
    const element = makeSmallRule().xml.subarray(makeSmallRule().xml.indexOf('<RULE>'));
    expect(version!.sha256).toBe(createHash('sha256').update(element).digest('hex'));
    const document = (await findDocument(parts.db, NUMBER, ON))!;
    expect(document.xmlSha256).toBe(version!.sha256);
    upstream.hasIssues = false;
    expect((await ingestStored(parts, document)).outcome).toBe('unchanged');
  });

  test('is told once, whatever its own text looks like that comes later and says the same', async () => {
    addPrinted();
    await ingest(parts, NUMBER, ON);
    at(10);
    await tell(await ingest(parts, NUMBER, ON));
    const before = await changesAfter(parts.db, { after: 0, limit: 100 });
    upstream.replaceDocument(NUMBER, makeSmallRule());
    at(11);
    const again = await ingest(parts, NUMBER, ON);
    expect(again).toMatchObject({ outcome: 'unchanged', reason: 'it says the same as before' });
    expect(await textsOf()).toHaveLength(2);
    const { xmlSha256 } = (await findDocument(parts.db, NUMBER, ON))!;
    const own = createHash('sha256').update(makeSmallRule().xml).digest('hex');
    expect(xmlSha256).toBe(own);
    const last = await ingest(parts, NUMBER, ON);
    expect(last.reason).toBe('the text is the one that was processed before');
    await tell(again);
    await tell(last);
    expect(await changesAfter(parts.db, { after: 0, limit: 100 })).toEqual(before);
    expect(await changeSetsOf(parts.db, NUMBER, ON)).toHaveLength(1);
    expect(subjects()).toHaveLength(1);
  });

  test('is not read out of the issue again once it was applied', async () => {
    addPrinted();
    await ingest(parts, NUMBER, ON);
    at(10);
    await ingest(parts, NUMBER, ON);
    expect(issuesAsked()).toBe(1);
    at(7 * 60);
    expect(await poll(parts)).toEqual([{ number: NUMBER, publishedOn: ON, why: 'recheck' }]);
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('waiting');
    upstream.replaceDocument(NUMBER, makeSmallRule());
    upstream.failNext(TEXT, 404);
    at(13 * 60);
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('waiting');
    upstream.failNext(TEXT, 503);
    at(14 * 60);
    await expect(ingest(parts, NUMBER, ON)).rejects.toMatchObject({ code: 'http-503' });
    expect(issuesAsked()).toBe(1);
    expect((await findDocument(parts.db, NUMBER))?.status).toBe('applied');
  });

  test.each<[string, Fault]>([
    ['that is not there', 404],
    ['that fails each time', 503],
    ['that is cut short', 'truncate'],
    ['that is a page for people', 'request-access-html'],
    ['that is too large', 'huge'],
  ])('is read out of the issue in place of a text %s', async (_what, fault) => {
    upstream.addDocument(makeSmallRule());
    upstream.failNext('/documents/full_text', fault, 100);
    await ingest(parts, NUMBER, ON).catch(() => null);
    at(10);
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('applied');
    expect(await names()).toContain('Acme Optics Co., Ltd.');
  });

  test('is read out of the issue in place of a text that came and is no XML', async () => {
    const rule = makeSmallRule();
    upstream.addDocument({ ...rule, xml: rule.xml.subarray(0, -60), printed: rule.xml });
    await expect(ingest(parts, NUMBER, ON)).rejects.toMatchObject({ code: 'not-well-formed' });
    at(10);
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('applied');
    expect(await textsOf()).toHaveLength(2);
    // What is read anew is what was processed, though the broken text came after it once more.
    at(7 * 60);
    await expect(ingest(parts, NUMBER, ON)).rejects.toMatchObject({ code: 'not-well-formed' });
    const document = (await findDocument(parts.db, NUMBER, ON))!;
    expect(await ingestStored(parts, document)).toMatchObject({
      outcome: 'unchanged',
      reason: 'it says the same as before',
    });
  });

  test.each<[string, () => void]>([
    ['that does not have it', () => upstream.replaceDocument(NUMBER, { printed: null })],
    ['in which it does not end', () => print((xml) => xml.replace('</RULE>', ''))],
    ['in which it is no XML', () => print((xml) => xml.replace('</SUM>', ''))],
    ['that comes cut', () => upstream.failNext(ISSUE, 'truncate', 100)],
    ['that is too large', () => upstream.failNext(ISSUE, 'huge', 100)],
    ['that is a page', () => upstream.failNext(ISSUE, 'request-access-html', 100)],
    [
      'that is not there',
      () => {
        upstream.hasIssues = false;
      },
    ],
  ])('waits, and is held for its own reason, beside an issue %s', async (_what, spoil) => {
    addPrinted();
    spoil();
    await ingest(parts, NUMBER, ON);
    at(10);
    expect(await ingest(parts, NUMBER, ON)).toMatchObject({
      outcome: 'waiting',
      reason: 'its full text is not published yet',
    });
    expect(issuesAsked()).toBe(1);
    at(31);
    const held = await ingest(parts, NUMBER, ON);
    expect(held).toMatchObject({
      outcome: 'held',
      reason: 'xml-missing: the full text is not published yet',
    });
    await tell(held);
    expect(issuesAsked()).toBe(2);
    expect(subjects()).toEqual([expect.stringContaining('not confirmed')]);
    expect(await names()).toEqual(['Old Lathe Works']);
  });

  test('throws and is held for what is wrong with its own text, not with the issue', async () => {
    upstream.addDocument({ ...makeSmallRule(), printed: null });
    upstream.failNext('/documents/full_text', 503, 100);
    await expect(ingest(parts, NUMBER, ON)).rejects.toMatchObject({ code: 'http-503' });
    at(10);
    await expect(ingest(parts, NUMBER, ON)).rejects.toMatchObject({ code: 'http-503' });
    at(31);
    expect((await ingest(parts, NUMBER, ON)).reason).toMatch(/^http-503: /u);
    expect(issuesAsked()).toBe(2);
  });

  test('asks for the issue every few minutes, and ever less often', async () => {
    addPrinted();
    upstream.replaceDocument(NUMBER, { printed: null });
    const asked: number[] = [];
    for (let minutes = 0; minutes <= 120; minutes += 2) {
      at(minutes);
      const before = issuesAsked();
      await ingest(parts, NUMBER, ON);
      if (issuesAsked() > before) asked.push(minutes);
    }
    expect(asked).toEqual([10, 16, 22, 30, 40, 54, 72, 96]);
    upstream.replaceDocument(NUMBER, { printed: makeSmallRule().xml });
    at(146);
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('applied');
  });

  test('waits with what was cut out for an earlier document that it depends on', async () => {
    addPrinted(makeSmallRule({ startPage: 4000 }));
    upstream.replaceDocument(NUMBER, { printed: null });
    const removal = { number: OTHER, startPage: 4200, adds: [], removes: ['Acme Optics Co., Ltd.'] };
    addPrinted(makeSmallRule(removal));
    await ingest(parts, OTHER, ON);
    at(12);
    await ingest(parts, NUMBER, ON);
    at(28);
    expect((await ingest(parts, OTHER, ON)).reason).toMatch(/^an earlier document is not finished/u);
    upstream.replaceDocument(NUMBER, { xml: makeSmallRule().xml });
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('applied');
    // Too soon to ask for the issue again; its text is kept.
    at(31);
    expect((await ingest(parts, OTHER, ON)).outcome).toBe('applied');
    expect(await names()).toEqual(['Old Lathe Works']);
  });

  test('is read from its own text where that comes before what was cut out was used', async () => {
    addPrinted(makeSmallRule({ startPage: 4000 }));
    upstream.replaceDocument(NUMBER, { printed: null });
    const removal = makeSmallRule({
      ...{ number: OTHER, startPage: 4200, adds: [], removes: ['Acme Optics Co., Ltd.'] },
    });
    addPrinted(removal);
    await ingest(parts, NUMBER, ON);
    await ingest(parts, OTHER, ON);
    at(12);
    expect((await ingest(parts, OTHER, ON)).reason).toMatch(/^an earlier document is not finished/u);
    upstream.replaceDocument(NUMBER, { xml: makeSmallRule().xml });
    upstream.replaceDocument(OTHER, { xml: removal.xml });
    at(13);
    await ingest(parts, NUMBER, ON);
    expect((await ingest(parts, OTHER, ON)).outcome).toBe('applied');
    const own = createHash('sha256').update(removal.xml).digest('hex');
    expect((await findDocument(parts.db, OTHER))?.xmlSha256).toBe(own);
  });

  test('that is held by its text in the issue is read as soon as its own text comes', async () => {
    addPrinted(makeSmallRule({ statedAdditions: 2 }));
    await ingest(parts, NUMBER, ON);
    at(10);
    const held = await ingest(parts, NUMBER, ON);
    expect(held).toMatchObject({ outcome: 'held', reason: '1 of 2 stated additions found.' });
    await tell(held);
    at(12);
    expect(await poll(parts)).toEqual([{ number: NUMBER, publishedOn: ON, why: 'recheck' }]);
    expect(await ingest(parts, NUMBER, ON)).toEqual({ ...held, changeSetId: null });
    expect(issuesAsked()).toBe(1);
    upstream.replaceDocument(NUMBER, makeSmallRule());
    at(14);
    await tell(await ingest(parts, NUMBER, ON));
    expect(subjects()).toEqual([
      expect.stringContaining('not confirmed'),
      expect.stringMatching(/^Confirmed: /u),
    ]);
    at(16);
    expect(await poll(parts)).toEqual([]);
  });

  test('is not looked for in the issue of a day that has not come', async () => {
    const rule = makeSmallRule({ publishedOn: '2031-03-05' });
    upstream.addDocument({ record: rule.record, xml: null, printed: rule.xml, visibleFrom: ON });
    await ingest(parts, NUMBER, '2031-03-05');
    at(20);
    expect((await ingest(parts, NUMBER, '2031-03-05')).outcome).toBe('waiting');
    expect(upstream.requests.filter(({ path }) => path.startsWith('/bulkdata'))).toEqual([]);
  });
});
