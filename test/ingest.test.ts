import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadBaseline } from '../src/baseline.ts';
import { deliver } from '../src/deliver.ts';
import { type Fault, type StandIn, startStandIn } from '../src/demo/stand-in.ts';
import { ingest } from '../src/ingest.ts';
import { WHOLE_FILTER } from '../src/model.ts';
import { notify } from '../src/notify.ts';
import type { Parts } from '../src/parts.ts';
import { poll } from '../src/poll.ts';
import { changeSetsOf, findChangeSet } from '../src/store/change-sets.ts';
import { changesAfter, changesOf } from '../src/store/changes.ts';
import { listDeliveries } from '../src/store/deliveries.ts';
import { listVersions } from '../src/store/document-versions.ts';
import { findDocument } from '../src/store/documents.ts';
import { currentEntries } from '../src/store/entries.ts';
import { listIssues } from '../src/store/issues.ts';
import { addSubscription } from '../src/store/subscriptions.ts';
import { sweep } from '../src/sweep.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { openParts } from './helpers/parts.ts';
import { placedEntry } from './helpers/placed-entry.ts';
import { makeSmallRule } from './helpers/small-rule.ts';
import { type SmtpSink, startSmtpSink } from './helpers/smtp-sink.ts';

const NUMBER = '2031-00001';
const ON = '2031-03-04';

describe.each(backends)('ingesting a document on $name', ({ open }) => {
  let database: TestDatabase;
  let upstream: StandIn;
  let sink: SmtpSink;
  let outbox: string;
  let parts: Parts;
  let now = '2031-03-04T14:00:00.000Z';
  const smtp: { refuse?: number | undefined } = {};

  beforeAll(async () => {
    database = await open();
    outbox = await mkdtemp(join(tmpdir(), 'elwatch-test-'));
    sink = await startSmtpSink(smtp);
  });
  afterAll(async () => {
    await database.close();
    await sink.close();
    await rm(outbox, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await database.empty();
    sink.received.length = 0;
    smtp.refuse = undefined;
    now = '2031-03-04T14:00:00.000Z';
    upstream = await startStandIn({ documents: [], supplements: [], today: ON });
    parts = openParts({ database, upstream, outbox, smtpUrl: sink.url, now: () => now });
    await loadBaseline(parts, {
      list: 'entity-list',
      on: '2031-01-01',
      entries: [placedEntry('Old Lathe Works'), placedEntry('Twin Name'), placedEntry('Twin Name')],
      issues: [],
    });
    await addSubscription(parts.db, {
      target: 'ana@example.org',
      filter: WHOLE_FILTER,
      createdAt: now,
    });
  });
  afterEach(async () => {
    await parts.email.close();
    await upstream.close();
  });

  const names = async () => (await currentEntries(parts.db)).map((entry) => entry.name);
  const changes = () => changesAfter(parts.db, { after: 0, limit: 100 });
  const openCodes = async () => (await listIssues(parts.db, { open: true })).map((issue) => issue.code);
  async function tell(changeSetId: string | null) {
    for (const deliveryId of changeSetId === null ? [] : await notify(parts, changeSetId))
      await deliver(parts, deliveryId);
  }

  test('applies a rule whose counts are met, and keeps its bytes', async () => {
    upstream.addDocument(
      makeSmallRule({ adds: ['Acme Optics Co., Ltd.', 'Zeta 3 Institute'], removes: ['Old Lathe Works'] }),
    );
    expect(await poll(parts)).toEqual([{ number: NUMBER, publishedOn: ON, why: 'new' }]);
    const done = await ingest(parts, NUMBER, ON);
    expect(done).toMatchObject({ outcome: 'applied' });
    expect(await names()).toEqual(expect.arrayContaining(['Acme Optics Co., Ltd.', 'Zeta 3 Institute']));
    expect(await names()).not.toContain('Old Lathe Works');
    expect((await changes()).map((change) => change.kind)).toEqual(['removed', 'added', 'added']);
    expect((await changes())[1]?.after?.citations).toEqual([{ volume: 96, page: 4102, on: ON }]);
    expect((await listVersions(parts.db, NUMBER, ON)).map((version) => version.kind).sort()).toEqual([
      'meta',
      'xml',
    ]);
    expect(await poll(parts)).toEqual([]);
  });

  test('changes nothing the second time', async () => {
    upstream.addDocument(makeSmallRule());
    await ingest(parts, NUMBER, ON);
    const before = [await names(), await changes()];
    now = '2031-03-05T14:00:00.000Z';
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('unchanged');
    expect([await names(), await changes()]).toEqual(before);
    expect(await changeSetsOf(parts.db, NUMBER, ON)).toHaveLength(1);
  });

  test('holds a rule whose counts are not met, leaves the list alone, and says so once', async () => {
    upstream.addDocument(makeSmallRule({ adds: ['Acme Optics Co., Ltd.'], statedAdditions: 2 }));
    const before = await names();
    const done = await ingest(parts, NUMBER, ON);
    expect(done).toMatchObject({ outcome: 'held', reason: '1 of 2 stated additions found.' });
    await tell(done.changeSetId);
    expect(await names()).toEqual(before);
    expect(await openCodes()).toContain('count-mismatch');
    expect(sink.received).toHaveLength(1);
    expect(sink.received[0]?.mail.subject).toMatch(/not confirmed/u);
    now = '2031-03-05T14:00:00.000Z';
    await tell((await ingest(parts, NUMBER, ON)).changeSetId);
    expect(sink.received).toHaveLength(1);
  });

  test('sends the alert as a reply to the notice when a held rule is mended', async () => {
    upstream.addDocument(makeSmallRule({ statedAdditions: 2 }));
    await tell((await ingest(parts, NUMBER, ON)).changeSetId);
    upstream.replaceDocument(NUMBER, makeSmallRule());
    now = '2031-03-05T14:00:00.000Z';
    const done = await ingest(parts, NUMBER, ON);
    expect(done.outcome).toBe('applied');
    await tell(done.changeSetId);
    const [notice, alert] = sink.received.map(({ mail }) => mail);
    expect(alert?.inReplyTo).toBe(notice?.messageId);
    expect(await openCodes()).toEqual([]);
    expect(
      (await listVersions(parts.db, NUMBER, ON)).filter((version) => version.kind === 'xml'),
    ).toHaveLength(2);
  });

  test('holds the removal of an entry that is not on the list, and one that stands there twice', async () => {
    upstream.addDocument(makeSmallRule({ adds: [], removes: ['Nobody Ltd.'] }));
    upstream.addDocument(
      makeSmallRule({ number: '2031-00002', startPage: 4200, adds: [], removes: ['Twin Name'] }),
    );
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('held');
    expect((await ingest(parts, '2031-00002', ON)).outcome).toBe('held');
    expect(await openCodes()).toEqual(expect.arrayContaining(['target-absent', 'target-ambiguous']));
  });

  test('waits for a full text that comes late, and tells after half an hour', async () => {
    upstream.addDocument({ ...makeSmallRule(), xml: null });
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('waiting');
    expect(await poll(parts)).toEqual([{ number: NUMBER, publishedOn: ON, why: 'unfinished' }]);
    now = '2031-03-04T14:31:00.000Z';
    expect(await ingest(parts, NUMBER, ON)).toMatchObject({
      outcome: 'held',
      reason: expect.stringContaining('xml-missing'),
    });
    upstream.replaceDocument(NUMBER, makeSmallRule());
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('applied');
  });

  test('refuses a text that was cut, keeps the list, and reads it when it comes whole', async () => {
    const rule = makeSmallRule();
    upstream.addDocument({ ...rule, xml: rule.xml.subarray(0, rule.xml.length - 60) });
    await expect(ingest(parts, NUMBER, ON)).rejects.toMatchObject({ code: 'not-well-formed', retry: true });
    expect(await changes()).toEqual([]);
    upstream.replaceDocument(NUMBER, rule);
    now = '2031-03-04T14:15:00.000Z';
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('applied');
  });

  test('trap 26: a text that changed after it was applied revises our reading, and amends nothing twice', async () => {
    upstream.addDocument(makeSmallRule());
    const { changeSetId: first } = await ingest(parts, NUMBER, ON);
    await tell(first);
    await addSubscription(parts.db, {
      target: 'late@example.org',
      filter: WHOLE_FILTER,
      createdAt: now,
    });
    const [before] = await currentEntries(parts.db);
    upstream.replaceDocument(NUMBER, makeSmallRule({ adds: ['Acme Optical Co., Ltd.'] }));
    now = '2031-03-04T21:00:00.000Z';
    expect(await poll(parts)).toEqual([{ number: NUMBER, publishedOn: ON, why: 'recheck' }]);
    const corrected = await ingest(parts, NUMBER, ON);
    expect(corrected).toMatchObject({ outcome: 'applied', reason: 'corrected: 1 changes' });
    expect(await findChangeSet(parts.db, corrected.changeSetId!)).toMatchObject({
      cause: 'reparse',
      follows: first,
    });
    expect(await changesOf(parts.db, corrected.changeSetId!)).toMatchObject([
      { kind: 'revised', entryId: before!.entryId, fields: ['name'], because: 'correction' },
    ]);
    expect(await names()).toContain('Acme Optical Co., Ltd.');
    expect(await names()).not.toContain('Acme Optics Co., Ltd.');
    // Exactly those who got the wrong one get the correction, as a reply.
    await tell(corrected.changeSetId);
    expect(sink.received.map(({ to }) => to)).toEqual([['ana@example.org'], ['ana@example.org']]);
    expect(sink.received[1]!.mail.subject).toMatch(/^Correction: /u);
    expect(sink.received[1]!.mail.inReplyTo).toBe(sink.received[0]!.mail.messageId);
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('unchanged');
  });

  test('leaves the list to a person where the changed text contradicts itself', async () => {
    upstream.addDocument(makeSmallRule());
    await ingest(parts, NUMBER, ON);
    upstream.replaceDocument(NUMBER, makeSmallRule({ statedAdditions: 2 }));
    now = '2031-03-04T21:00:00.000Z';
    await ingest(parts, NUMBER, ON);
    expect(await openCodes()).toEqual(['document-changed']);
    expect(await names()).toContain('Acme Optics Co., Ltd.');
  });

  test('asks twice before a document counts as gone, and keeps what was applied', async () => {
    upstream.addDocument(makeSmallRule());
    await ingest(parts, NUMBER, ON);
    upstream.removeDocument(NUMBER);
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('waiting');
    now = '2031-03-04T16:00:00.000Z';
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('unchanged');
    expect(await openCodes()).toEqual(['document-gone']);
    expect((await findDocument(parts.db, NUMBER))?.status).toBe('applied');
    expect(await names()).toContain('Acme Optics Co., Ltd.');
    upstream.addDocument(makeSmallRule());
    await ingest(parts, NUMBER, ON);
    expect(await openCodes()).toEqual([]);
  });

  test('tells who was told of a held document that it is gone, and takes it up when it comes back', async () => {
    upstream.addDocument(makeSmallRule({ statedAdditions: 2 }));
    await tell((await ingest(parts, NUMBER, ON)).changeSetId);
    upstream.removeDocument(NUMBER);
    await ingest(parts, NUMBER, ON);
    now = '2031-03-04T16:00:00.000Z';
    const gone = await ingest(parts, NUMBER, ON);
    expect(gone.outcome).toBe('withdrawn');
    await tell(gone.changeSetId);
    expect(sink.received).toHaveLength(2);
    upstream.addDocument(makeSmallRule());
    expect(await poll(parts)).toEqual([{ number: NUMBER, publishedOn: ON, why: 'recheck' }]);
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('applied');
  });

  test.each<[string, Fault]>([
    ['that is never there', 404],
    ['that is too large', 'huge'],
    ['that is cut short each time', 'truncate'],
  ])('a full text %s ends in a notice, not in silence', async (_what, fault) => {
    upstream.addDocument(makeSmallRule());
    upstream.failNext('/documents/full_text', fault, 100);
    await ingest(parts, NUMBER, ON).catch(() => undefined);
    now = '2031-03-04T14:45:00.000Z';
    const done = await ingest(parts, NUMBER, ON);
    expect(done.outcome).toBe('held');
    await notify(parts, (await changeSetsOf(parts.db, NUMBER, ON))[0]!.changeSetId);
    for (const { deliveryId } of await listDeliveries(parts.db)) await deliver(parts, deliveryId);
    expect(sink.received).toHaveLength(1);
    expect(await changes()).toEqual([]);
    expect((await poll(parts)).map((due) => due.number)).toEqual([NUMBER]);
  });

  test('a text that changes in its bytes and not in what it says is no news', async () => {
    const rule = makeSmallRule();
    upstream.addDocument(rule);
    await ingest(parts, NUMBER, ON);
    upstream.replaceDocument(NUMBER, {
      xml: Buffer.concat([rule.xml, Buffer.from('<!-- printed again -->')]),
    });
    now = '2031-03-04T21:00:00.000Z';
    expect(await ingest(parts, NUMBER, ON)).toMatchObject({
      outcome: 'unchanged',
      reason: 'it says the same as before',
    });
    expect(await openCodes()).toEqual([]);
  });

  test('two processes that read one document at once apply it once', async () => {
    upstream.addDocument(makeSmallRule());
    const both = await Promise.all([ingest(parts, NUMBER, ON), ingest(parts, NUMBER, ON)]);
    expect(both.map((one) => one.outcome).sort()).toEqual(['applied', 'unchanged']);
    expect(await openCodes()).toEqual([]);
    expect(await changes()).toHaveLength(1);
  });

  test('a rule that depends on an earlier one waits for it', async () => {
    upstream.addDocument(makeSmallRule());
    upstream.addDocument(
      makeSmallRule({ number: '2031-00002', startPage: 4200, adds: [], removes: ['Acme Optics Co., Ltd.'] }),
    );
    upstream.failNext('/documents/full_text/xml/2031/03/04/2031-00001', 503, 1);
    await expect(ingest(parts, NUMBER, ON)).rejects.toMatchObject({ code: 'http-503' });
    expect((await ingest(parts, '2031-00002', ON)).outcome).toBe('waiting');
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('applied');
    expect((await ingest(parts, '2031-00002', ON)).outcome).toBe('applied');
    expect(await names()).not.toContain('Acme Optics Co., Ltd.');
  });

  test('one record that cannot be read hides no other', async () => {
    upstream.addDocument({ ...makeSmallRule({ number: '2031 00002 <x>' }) });
    upstream.addDocument(makeSmallRule());
    expect((await poll(parts)).map((due) => due.number)).toEqual([NUMBER]);
    expect(await openCodes()).toEqual(['malformed-record']);
  });

  test('tells the outcome to everybody who was told that it is held, whatever their filter', async () => {
    const filter = { ...WHOLE_FILTER, countries: ['TW'] };
    await addSubscription(parts.db, { target: 'taiwan@example.org', filter, createdAt: now });
    upstream.addDocument(makeSmallRule({ statedAdditions: 2 }));
    await tell((await ingest(parts, NUMBER, ON)).changeSetId);
    upstream.replaceDocument(NUMBER, makeSmallRule());
    now = '2031-03-05T14:00:00.000Z';
    await tell((await ingest(parts, NUMBER, ON)).changeSetId);
    const toTaiwan = sink.received
      .filter(({ to }) => to[0] === 'taiwan@example.org')
      .map(({ mail }) => mail.subject);
    expect(toTaiwan).toEqual([
      expect.stringContaining('not confirmed'),
      expect.stringMatching(/^Confirmed: BIS adds 1 entity/u),
    ]);
  });

  test('takes a rule that the baseline held already for done, without doubling its entries', async () => {
    upstream.addDocument(makeSmallRule({ adds: ['Old Lathe Works'] }));
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('held');
    const cited = { ...placedEntry('New Lathe Works'), citations: [{ volume: 96, page: 4102, on: ON }] };
    await database.empty();
    await loadBaseline(parts, { list: 'entity-list', on: '2031-03-04', entries: [cited], issues: [] });
    upstream.replaceDocument(NUMBER, makeSmallRule({ adds: ['New Lathe Works'] }));
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('applied');
    expect(await names()).toEqual(['New Lathe Works']);
  });

  test('keeps the record as it came, once', async () => {
    upstream.addDocument(makeSmallRule());
    await ingest(parts, NUMBER, ON);
    now = '2031-03-05T14:00:00.000Z';
    await ingest(parts, NUMBER, ON);
    const metas = (await listVersions(parts.db, NUMBER, ON)).filter((version) => version.kind === 'meta');
    expect(metas).toHaveLength(1);
  });

  test('ignores a rule that amends none of the lists', async () => {
    const rule = makeSmallRule({ abstract: 'This rule extends a temporary general license.' });
    upstream.addDocument({
      ...rule,
      xml: Buffer.from(
        rule.xml
          .toString('utf8')
          .replace('Supplement No. 4 to part 744', 'Section 736.2')
          .replace(/<GPOTABLE.*<\/GPOTABLE>/su, ''),
      ),
    });
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('ignored');
    expect(await changeSetsOf(parts.db, NUMBER, ON)).toEqual([]);
  });

  test('holds a rule that orders something for entries of a list it does not name, and tells so', async () => {
    const rule = makeSmallRule({ adds: [], removes: ['Old Lathe Works'], abstract: 'BIS amends the EAR.' });
    const xml = rule.xml
      .toString()
      .replace('2. Supplement No. 4 to part 744 is amended', '2. Amend this supplement');
    upstream.addDocument({ ...rule, xml: Buffer.from(xml) });
    const held = await ingest(parts, NUMBER, ON);
    expect(held).toMatchObject({ outcome: 'held', reason: expect.stringContaining('target-unclear') });
    await tell(held.changeSetId);
    expect(sink.received).toHaveLength(1);
    expect(await names()).toContain('Old Lathe Works');
  });

  test('takes no proposed rule for law, and holds what OFR could not sort', async () => {
    const proposed = makeSmallRule();
    upstream.addDocument({ ...proposed, record: { ...proposed.record, type: 'Proposed Rule' } });
    const correction = makeSmallRule({ number: '2031-00009', startPage: 4300 });
    upstream.addDocument({ ...correction, record: { ...correction.record, type: 'Uncategorized Document' } });
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('ignored');
    expect((await ingest(parts, '2031-00009', ON)).outcome).toBe('held');
    expect(await openCodes()).toContain('unusual-type');
    expect(await changes()).toEqual([]);
  });

  test('keeps polling on record when the Federal Register does not answer', async () => {
    upstream.failNext('/api/v1/documents', 503, 10);
    await expect(poll(parts)).rejects.toMatchObject({ code: 'http-503', retry: true });
  });

  test('tries a refused message again later, and gives up on an address that never works', async () => {
    upstream.addDocument(makeSmallRule());
    const { changeSetId } = await ingest(parts, NUMBER, ON);
    smtp.refuse = 450;
    await tell(changeSetId);
    expect(await listDeliveries(parts.db)).toMatchObject([{ status: 'due', attempts: 1 }]);
    expect((await sweep(parts)).deliveryIds).toEqual([]);
    // The domain is left alone for a minute and at most a quarter more.
    now = '2031-03-04T14:01:16.000Z';
    smtp.refuse = undefined;
    for (const deliveryId of (await sweep(parts)).deliveryIds)
      expect(await deliver(parts, deliveryId)).toBe('sent');
    expect(sink.received).toHaveLength(1);
    for (const { deliveryId } of await listDeliveries(parts.db))
      expect(await deliver(parts, deliveryId)).toBe('taken');
    expect(sink.received).toHaveLength(1);
  });

  test('finds what a crash left between storing and notifying', async () => {
    upstream.addDocument(makeSmallRule());
    const { changeSetId } = await ingest(parts, NUMBER, ON);
    expect((await sweep(parts)).changeSetIds).toEqual([changeSetId]);
    await notify(parts, changeSetId!);
    await notify(parts, changeSetId!);
    expect(await listDeliveries(parts.db)).toHaveLength(1);
    expect((await sweep(parts)).changeSetIds).toEqual([]);
  });
});
