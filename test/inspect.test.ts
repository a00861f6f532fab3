import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadBaseline } from '../src/baseline.ts';
import { deliver } from '../src/deliver.ts';
import { type StandIn, type StandInFiling, startStandIn } from '../src/demo/stand-in.ts';
import { ingest } from '../src/ingest.ts';
import { inspect, isInspectionDue } from '../src/inspect.ts';
import { WHOLE_FILTER } from '../src/model.ts';
import { notify } from '../src/notify.ts';
import type { Parts } from '../src/parts.ts';
import { latestChangeSets } from '../src/store/change-sets.ts';
import { latestSeq } from '../src/store/changes.ts';
import { findFiling, findOpenFiling, listFilingVersions } from '../src/store/filings.ts';
import { listIssues } from '../src/store/issues.ts';
import { listSourceStates } from '../src/store/source-state.ts';
import { addSubscription } from '../src/store/subscriptions.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { readBaseline, readFixture } from './helpers/fixtures.ts';
import { openParts } from './helpers/parts.ts';
import { type SmtpSink, startSmtpSink } from './helpers/smtp-sink.ts';

const NUMBER = '2025-05426';
const CURRENT = '/api/v1/public-inspection-documents/current.json';
const BIS = {
  raw_name: 'Bureau of Industry and Security',
  name: 'Industry and Security Bureau',
  slug: 'industry-and-security-bureau',
};
const TEXT = readFixture(`filings/${NUMBER}.txt`).toString();

function makeFiling(record: Record<string, unknown> = {}, text: string | null = TEXT): StandInFiling {
  return {
    record: {
      document_number: NUMBER,
      title: 'Additions and Modifications to the Entity List ',
      type: 'Rule',
      agencies: [{ name: 'Commerce Department', slug: 'commerce-department' }, BIS],
      filed_at: '2025-03-25T16:15:00.000-04:00',
      filing_type: 'special',
      publication_date: '2025-03-28',
      ...record,
    },
    text,
  };
}

describe.each(backends)('public inspection on $name', ({ open }) => {
  let database: TestDatabase;
  let upstream: StandIn;
  let sink: SmtpSink;
  let outbox: string;
  let parts: Parts;
  let now: string;

  beforeAll(async () => {
    database = await open();
    outbox = await mkdtemp(join(tmpdir(), 'elwatch-test-'));
    sink = await startSmtpSink();
  });
  afterAll(async () => {
    await database.close();
    await sink.close();
    await rm(outbox, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await database.empty();
    sink.received.length = 0;
    upstream = await startStandIn({ documents: [], supplements: [] });
    at('2025-03-25T20:16:00.000Z');
    parts = openParts({ database, upstream, outbox, smtpUrl: sink.url, now: () => now });
    await addSubscription(parts.db, {
      target: 'ana@example.org',
      // Nothing in this filing is under Taiwan: a provisional notice goes to everybody all the same.
      filter: { ...WHOLE_FILTER, countries: ['TW'] },
      createdAt: now,
    });
  });
  afterEach(async () => {
    await parts.email.close();
    await upstream.close();
  });

  function at(instant: string): void {
    now = instant;
    upstream.today = instant;
  }
  /** One look and the mail that comes of it; answers how many change sets there were. */
  async function look(): Promise<number> {
    const { changeSetIds } = await inspect(parts);
    for (const id of changeSetIds)
      for (const deliveryId of await notify(parts, id)) await deliver(parts, deliveryId);
    return changeSetIds.length;
  }
  const subjects = () => sink.received.map(({ mail }) => mail.subject);
  const last = () => sink.received.at(-1)!.mail;

  test('a special filing is in the mail at the first look, provisional, and on no list', async () => {
    at('2025-03-25T20:14:00.000Z');
    upstream.addFiling(makeFiling());
    expect(await look()).toBe(0);
    at('2025-03-25T20:15:30.000Z');
    const begun = Date.now();
    expect(await look()).toBe(1);
    const took = Date.now() - begun;
    console.log(`public inspection: ${took} ms from the poll that saw the filing to the mail handed to SMTP`);
    expect(took).toBeLessThan(60_000);
    expect(subjects()).toEqual([
      expect.stringMatching(
        /^Provisional: BIS filing 2025-05426 says it adds 70 entities to the Entity List: China 42.*; effective March 25, 2025, to be published March 28$/u,
      ),
    ]);
    const text = last().text!.replace(/\s+/gu, ' ');
    for (const fact of [
      'This is provisional',
      'Filed at 2025-03-25 16:15 EDT (special filing)',
      '3 days before its scheduled publication',
      'Britlite Engineering Company',
    ])
      expect(text).toContain(fact);
    expect(await latestSeq(parts.db)).toBe(0);
    expect(await findOpenFiling(parts.db, '2025-5426')).toMatchObject({
      status: 'provisional',
      changeSetId: 'filing.2025-05426.1',
    });
    // The same again, also later, is no news.
    for (const later of [
      '2025-03-25T20:17:00.000Z',
      '2025-03-25T21:30:00.000Z',
      '2025-03-26T15:00:00.000Z',
    ]) {
      at(later);
      expect(await look()).toBe(0);
    }
    expect((await listFilingVersions(parts.db, NUMBER)).map(({ kind }) => kind)).toEqual(['record', 'text']);
  });

  test('decoys are told to nobody', async () => {
    const decoy = readFixture('filings/2031-00101.txt').toString();
    upstream.addFiling(
      makeFiling(
        { document_number: '2031-00101', title: 'Release to Standards Organizations and the Entity List' },
        decoy,
      ),
    );
    upstream.addFiling(makeFiling({ document_number: '2031-00102', type: 'Notice' }));
    upstream.addFiling(makeFiling({ document_number: '2031-00103', type: 'Proposed Rule' }));
    upstream.addFiling(
      makeFiling({
        document_number: '2031-00104',
        title: 'Fisheries off Alaska',
        agencies: [{ name: 'Commerce Department', slug: 'commerce-department' }],
      }),
    );
    upstream.addFiling(
      makeFiling({ document_number: '2031-00105', title: 'Export Administration Regulations: Revisions' }),
    );
    expect(await look()).toBe(1);
    expect(subjects()).toEqual([expect.stringContaining('2031-00105')]);
    expect(await findFiling(parts.db, '2031-00101')).toMatchObject({ status: 'ignored' });
  });

  describe('when the document is published', () => {
    const ON = '2025-03-28';
    const published = (change: (xml: string) => string = (xml) => xml) => ({
      record: JSON.parse(readFixture(`rules/${NUMBER}/source.json`).toString()) as Record<string, unknown>,
      xml: Buffer.from(change(readFixture(`rules/${NUMBER}/source.xml`).toString())),
    });
    const provisional = async () => {
      at('2025-03-25T20:15:30.000Z');
      upstream.addFiling(makeFiling());
      expect(await look()).toBe(1);
      return last();
    };
    const publish = async (document: ReturnType<typeof published>) => {
      at('2025-03-28T10:00:00.000Z');
      upstream.removeFiling(NUMBER);
      upstream.addDocument(document);
      const done = await ingest(parts, NUMBER, ON);
      for (const deliveryId of done.changeSetId === null ? [] : await notify(parts, done.changeSetId))
        await deliver(parts, deliveryId);
      return done;
    };

    beforeEach(async () => {
      const entries = readBaseline().map(({ entryId: _id, ...entry }) => entry);
      await loadBaseline(parts, { list: 'entity-list', on: '2025-03-24', entries, issues: [] });
    });

    test('the filing is confirmed, as a reply to who got it and as a linked entry of the feed', async () => {
      const early = await provisional();
      expect(await publish(published())).toMatchObject({ outcome: 'applied' });
      expect(subjects()).toHaveLength(2);
      expect(last().subject).toMatch(/^Confirmed: BIS adds 70 entities to the Entity List: China 42/u);
      expect(last().inReplyTo).toBe(early.messageId);
      expect([last().references].flat()).toContain(early.messageId);
      const [latest] = await latestChangeSets(parts.db, { limit: 1 });
      expect(latest).toMatchObject({
        outcome: 'applied',
        follows: `filing.${NUMBER}.1`,
        differences: [],
      });
      expect(await findFiling(parts.db, NUMBER)).toMatchObject({ status: 'confirmed' });
      expect(await findOpenFiling(parts.db, NUMBER)).toBeNull();
      // The desk may show it for some hours more: that is no news.
      upstream.addFiling(makeFiling());
      at('2025-03-28T12:50:00.000Z');
      expect(await look()).toBe(0);
    });

    test('what was filed otherwise is corrected, with the difference first', async () => {
      const early = await provisional();
      const other = published((xml) =>
        xml.replaceAll('effective March 25, 2025', 'effective March 28, 2025'),
      );
      expect(await publish(other)).toMatchObject({ outcome: 'applied' });
      expect(last().subject).toMatch(/^Corrected: BIS adds 70 entities/u);
      expect(last().inReplyTo).toBe(early.messageId);
      const difference =
        'The filing was to take effect on 2025-03-25; the published rule takes effect on 2025-03-28.';
      expect(last().text!.replace(/\s+/gu, ' ')).toContain(difference);
      const [latest] = await latestChangeSets(parts.db, { limit: 1 });
      expect(latest).toMatchObject({ differences: [difference] });
      expect(await findFiling(parts.db, NUMBER)).toMatchObject({ status: 'corrected' });
    });

    test('a rule that is held then is told as held in the same thread, and confirmed once it is mended', async () => {
      const early = await provisional();
      const broken = published((xml) => xml.replaceAll('(42)', '(41)'));
      expect(await publish(broken)).toMatchObject({ outcome: 'held' });
      expect(last().subject).toContain('not confirmed yet');
      expect(last().inReplyTo).toBe(early.messageId);
      upstream.replaceDocument(NUMBER, published());
      const mended = await ingest(parts, NUMBER, ON);
      expect(mended).toMatchObject({ outcome: 'applied' });
      for (const deliveryId of await notify(parts, mended.changeSetId!)) await deliver(parts, deliveryId);
      expect(last().subject).toMatch(/^Confirmed: /u);
      expect([last().references].flat()).toContain(early.messageId);
      expect(await findFiling(parts.db, NUMBER)).toMatchObject({ status: 'confirmed' });
    });

    test('one that amends no list after all is withdrawn to who was told', async () => {
      await provisional();
      const before = await latestSeq(parts.db);
      const nothing = published(
        () =>
          `<RULE><PREAMB><SUBJECT>Control Policy</SUBJECT></PREAMB><SUPLINF><P>Nothing.</P></SUPLINF><FRDOC>[FR Doc. ${NUMBER} Filed 3-25-25; 4:15 pm]</FRDOC></RULE>`,
      );
      nothing.record.abstract = 'This rule changes no list.';
      expect(await publish(nothing)).toMatchObject({ outcome: 'ignored' });
      expect(subjects()).toHaveLength(2);
      expect(last().subject).toMatch(/withdrawn|will not come/iu);
      expect(await latestSeq(parts.db)).toBe(before);
    });
  });

  test('a changed text is told with its difference, in the same thread', async () => {
    upstream.addFiling(makeFiling());
    await look();
    at('2025-03-26T14:00:00.000Z');
    upstream.replaceFiling(NUMBER, {
      record: { pdf_updated_at: '2025-03-26T09:50:00.000-04:00' },
      text: TEXT.replace('adding 70 entities', 'adding 71 entities').replace(
        'Pakistan (19)',
        'Pakistan (20)',
      ),
    });
    expect(await look()).toBe(1);
    expect(last().subject).toMatch(
      /^Provisional, changed: BIS filing 2025-05426 now says it adds 71 entities/u,
    );
    const text = last().text!.replace(/\s+/gu, ' ');
    expect(text).toContain('The filing stated 70 additions to the Entity List; its new text has 71.');
    expect(text).toContain(
      'Under PAKISTAN, the filing stated 19 additions to the Entity List; its new text has 20.',
    );
    expect(last().inReplyTo).toBe(sink.received[0]!.mail.messageId);
    expect(await look()).toBe(0);
  });

  test('a revoked filing is withdrawn at once, and a moved day is told', async () => {
    upstream.addFiling(makeFiling());
    await look();
    upstream.replaceFiling(NUMBER, { record: { publication_date: '2025-04-02' } });
    expect(await look()).toBe(1);
    expect(last().text!.replace(/\s+/gu, ' ')).toContain(
      'Its publication moved from 2025-03-28 to 2025-04-02.',
    );
    upstream.replaceFiling(NUMBER, {
      record: {
        publication_date: null,
        agency_letters: [
          { title: 'Letter requesting withdrawal', url: 'https://www.federalregister.gov/letter.pdf' },
        ],
      },
    });
    expect(await look()).toBe(1);
    expect(last().subject).toBe('Withdrawn: BIS filing 2025-05426 was revoked before publication');
    expect(last().text).toContain('Letter requesting withdrawal');
    const ids = sink.received.map(({ mail }) => mail.messageId);
    expect(last().inReplyTo).toBe(ids[1]);
    expect(last().references).toEqual(ids.slice(0, 2));
    expect(await look()).toBe(0);
    // It can come back.
    upstream.replaceFiling(NUMBER, { record: { publication_date: '2025-04-03', agency_letters: [] } });
    expect(await look()).toBe(1);
    expect(last().text).toContain('It is on public inspection again.');
  });

  test('a note of the editors and a letter of the agency are told, and one about a withdrawal withdraws', async () => {
    upstream.addFiling(makeFiling());
    await look();
    upstream.replaceFiling(NUMBER, {
      record: {
        editorial_note: 'The docket number was corrected.',
        agency_letters: [{ title: 'Letter of transmittal', url: 'https://www.federalregister.gov/l.pdf' }],
      },
    });
    expect(await look()).toBe(1);
    const text = last().text!.replace(/\s+/gu, ' ');
    expect(text).toContain('The editors of the Federal Register note: “The docket number was corrected.”.');
    expect(text).toContain('The agency posted a letter about it: “Letter of transmittal”.');
    expect(await look()).toBe(0);
    upstream.replaceFiling(NUMBER, {
      record: { editorial_note: 'At the request of the agency this document was withdrawn.' },
    });
    expect(await look()).toBe(1);
    expect(last().subject).toMatch(/^Withdrawn: /u);
  });

  test('one that is never published is told after three business days', async () => {
    upstream.addFiling(makeFiling());
    await look();
    at('2025-03-28T15:00:00.000Z');
    expect(await look()).toBe(0);
    at('2025-04-02T15:00:00.000Z');
    expect(await look()).toBe(0);
    at('2025-04-03T15:00:00.000Z');
    expect(await look()).toBe(1);
    expect(last().subject).toBe(
      'Withdrawn: BIS filing 2025-05426 has not been published; it was due on March 28, 2025',
    );
    expect((await listIssues(parts.db, { open: true })).map((issue) => issue.code)).toEqual([
      'filing-overdue',
    ]);
    expect(await look()).toBe(0);
  });

  test('a text that does not come is told by its title, and followed up', async () => {
    upstream.addFiling(makeFiling({}, null));
    expect(await look()).toBe(0);
    at('2025-03-25T20:21:30.000Z');
    expect(await look()).toBe(1);
    expect(last().subject).toMatch(/^Provisional: BIS filing 2025-05426, text not readable yet/u);
    upstream.replaceFiling(NUMBER, { text: TEXT });
    expect(await look()).toBe(1);
    expect(last().subject).toMatch(/says it adds 70 entities/u);
    expect(last().inReplyTo).toBe(sink.received[0]!.mail.messageId);
    expect(await listIssues(parts.db, { open: true })).toEqual([]);
  });

  test('a malformed row does not hide the others, and a bad answer is no empty desk', async () => {
    upstream.addFiling(makeFiling({ document_number: '2025-09999', filing_type: 'odd' }));
    upstream.addFiling(makeFiling());
    expect(await look()).toBe(1);
    expect((await listIssues(parts.db, { open: true })).map((issue) => issue.code)).toEqual([
      'malformed-filing',
    ]);
    for (const fault of [503, 'request-access-html', 'invalid-json', 'no-results-key'] as const) {
      upstream.failNext(CURRENT, fault);
      await expect(inspect(parts)).rejects.toThrow();
    }
    const state = (await listSourceStates(parts.db)).find(({ source }) => source === 'public-inspection');
    expect(state?.failure).toContain('unexpected-answer');
    expect((await findFiling(parts.db, NUMBER))?.missingSince).toBeNull();
    expect(await latestChangeSets(parts.db, { limit: 10 })).toHaveLength(1);
  });

  test('outside filing hours a quarter of an hour lies between two looks', async () => {
    at('2025-03-29T15:00:00.000Z');
    expect(await isInspectionDue(parts)).toBe(true);
    await look();
    at('2025-03-29T15:05:00.000Z');
    expect(await isInspectionDue(parts)).toBe(false);
    at('2025-03-29T15:15:00.000Z');
    expect(await isInspectionDue(parts)).toBe(true);
    at('2025-03-31T15:00:30.000Z');
    expect(await isInspectionDue(parts)).toBe(true);
  });
});
