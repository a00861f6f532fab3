import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parse } from 'csv-parse/sync';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadBaseline } from '../../src/baseline.ts';
import { deliver } from '../../src/deliver.ts';
import { type StandIn, startStandIn } from '../../src/demo/stand-in.ts';
import { ElwatchError } from '../../src/errors.ts';
import { type Ingested, ingest } from '../../src/ingest.ts';
import { WHOLE_FILTER } from '../../src/model.ts';
import { notify } from '../../src/notify.ts';
import { admitXml, loadXml } from '../../src/parse/xml.ts';
import { openParserThread } from '../../src/parser/open-parser-thread.ts';
import type { Parts } from '../../src/parts.ts';
import { currentEntries } from '../../src/store/entries.ts';
import { listIssues } from '../../src/store/issues.ts';
import { addSubscription } from '../../src/store/subscriptions.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';
import { openParts } from '../helpers/parts.ts';
import { placedEntry } from '../helpers/placed-entry.ts';
import { makeSmallRule, type SmallRule } from '../helpers/small-rule.ts';
import { type SmtpSink, startSmtpSink } from '../helpers/smtp-sink.ts';

const NUMBER = '2031-00001';
const ON = '2031-03-04';
const PATIENCE_IS_OVER = '2031-03-04T15:00:00.000Z';
/** More than any document ever removed. */
const MANY = Array.from({ length: 301 }, (_, at) => `Old Works ${at}`);

function replacing(of: string, by: string): SmallRule {
  const rule = makeSmallRule();
  const xml = rule.xml.toString();
  expect(xml).toContain(of);
  return { ...rule, xml: Buffer.from(xml.replaceAll(of, by)) };
}

const LARGE: [what: string, make: () => string, length: number][] = [
  ['10 MB in one piece', () => 'text '.repeat(2_000_000), 10_000_000],
  ['a million numbered signs', () => '&#65;'.repeat(1_000_000), 1_000_000],
];

const ENTITY = '<!ENTITY x SYSTEM "file:///etc/passwd">';
const HOSTILE_XML: [what: string, xml: string][] = [
  ['a file as an entity', `<!DOCTYPE r [${ENTITY}]><RULE>&x;</RULE>`],
  ['a file as a parameter entity', `<!DOCTYPE r [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><RULE/>`],
  ['an address as the DTD', '<!DOCTYPE r SYSTEM "http://169.254.169.254/x.dtd"><RULE/>'],
  ['a second DOCTYPE', `<!DOCTYPE r><!DOCTYPE r [${ENTITY}]><RULE>&x;</RULE>`],
  ['a DOCTYPE within the root', `<RULE><!DOCTYPE r [${ENTITY}]>&x;</RULE>`],
  ['an entity that nobody declared', '<RULE>&x;</RULE>'],
];

describe.each(backends)('a document that must not be believed, on $name', ({ open }) => {
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
    now = '2031-03-04T14:00:00.000Z';
    upstream = await startStandIn({ documents: [], supplements: [], today: ON });
    parts = openParts({
      ...{ database, upstream, outbox: '/nonexistent', smtpUrl: sink.url },
      now: () => now,
    });
    await loadBaseline(parts, {
      ...{ list: 'entity-list', on: '2031-01-01', issues: [] },
      entries: MANY.map(placedEntry),
    });
    await addSubscription(parts.db, { target: 'ana@example.org', filter: WHOLE_FILTER, createdAt: now });
  });
  afterEach(async () => {
    await parts.email.close();
    await upstream.close();
  });

  const names = async () => (await currentEntries(parts.db)).map(({ name }) => name);
  async function tell({ changeSetId }: Ingested): Promise<void> {
    for (const deliveryId of await notify(parts, changeSetId!)) await deliver(parts, deliveryId);
  }

  test.each<[string, () => SmallRule]>([
    [
      'that says it adds to the Entity List and holds no entry',
      () =>
        makeSmallRule({
          ...{ adds: [], removes: [] },
          abstract: 'In this rule, BIS amends the EAR by adding two entities to the Entity List.',
        }),
    ],
    ['that removes 301 entries', () => makeSmallRule({ adds: [], removes: MANY })],
    ['under a heading that is no destination', () => replacing("CHINA, PEOPLE'S REPUBLIC OF", 'ATLANTIS')],
    ['with an entry that cites nothing', () => replacing('96 FR [INSERT FR PAGE NUMBER], 3/4/31.', '')],
  ])('%s is held for a person; the list stays, and readers are given no entry', async (_what, make) => {
    upstream.addDocument(make());
    const before = await names();
    const done = await ingest(parts, NUMBER, ON);
    expect(done.outcome).toBe('held');
    await tell(done);
    expect(await names()).toEqual(before);
    expect((await listIssues(parts.db, { open: true, number: NUMBER })).some(({ holds }) => holds)).toBe(
      true,
    );
    expect(sink.received.map(({ mail }) => mail.subject)).toEqual([expect.stringContaining('not confirmed')]);
    const { text = '', attachments } = sink.received[0]!.mail;
    expect(text).toMatch(/so none is given here/u);
    // Why it is held may name the one that is in doubt.
    const named = text.split('\n').filter((line) => /Acme Optics|Old Works \d/u.test(line));
    expect(named.filter((line) => !line.includes('has no citation'))).toEqual([]);
    expect(attachments).toEqual([]);
  });

  test.each(HOSTILE_XML)(
    '%s is refused, no file or address is read, and the document is held',
    async (_what, xml) => {
      expect(() => admitXml(Buffer.from(xml))).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^(doctype-refused|not-well-formed)$/u) }),
      );
      upstream.addDocument({ ...makeSmallRule(), xml: Buffer.from(xml) });
      const before = await names();
      // What may be a download that was cut is fetched again for a while.
      await ingest(parts, NUMBER, ON).catch(() => null);
      now = PATIENCE_IS_OVER;
      expect((await ingest(parts, NUMBER, ON)).outcome).toBe('held');
      expect(await names()).toEqual(before);
      expect(JSON.stringify(await listIssues(parts.db, { open: true, number: NUMBER }))).not.toMatch(
        /root:|\/bin\//u,
      );
    },
  );

  test('names of rare, turned and composed signs are stored as they read, and come back from mail and CSV', async () => {
    upstream.addDocument(
      makeSmallRule({
        adds: ['Turn\u202Eed Optics', 'Zero\u200BWidth Optics', '\u{20BB7}野 Optics', 'Cafe\u0301 Optics'],
      }),
    );
    const done = await ingest(parts, NUMBER, ON);
    expect(done.outcome).toBe('applied');
    const stored = (await names()).filter((name) => name.endsWith('Optics'));
    expect(stored).toEqual(expect.arrayContaining(['ZeroWidth Optics', '\u{20BB7}野 Optics', 'Café Optics']));
    await tell(done);
    const { text = '', html, attachments } = sink.received[0]!.mail;
    const csv = parse(attachments[0]!.content, { bom: true, columns: true }) as Record<string, string>[];
    const cells = JSON.stringify(csv);
    for (const shown of ['Turned Optics', 'ZeroWidth Optics', '\u{20BB7}野 Optics', 'Café Optics'])
      for (const where of [text, String(html), cells]) expect(where).toContain(shown);
    for (const where of [text, String(html), cells])
      expect(where).not.toMatch(/[\u202A-\u202E\u2066-\u2069\0]/u);
  });

  test('a text whose reading is given up is waited for, and held after half an hour; the list stays', async () => {
    upstream.addDocument(makeSmallRule());
    const gaveUp = new ElwatchError('reading-gave-up', 'it takes too long', { retry: true, hint: '' });
    const document = () => Promise.reject(gaveUp);
    const slow = { ...parts, parser: { ...parts.parser, document } };
    await expect(ingest(slow, NUMBER, ON)).rejects.toBe(gaveUp);
    now = PATIENCE_IS_OVER;
    expect(await ingest(slow, NUMBER, ON)).toMatchObject({
      outcome: 'held',
      reason: expect.stringContaining('takes too long'),
    });
    expect(await names()).toHaveLength(MANY.length);
    // A machine that was only busy reads it later.
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('applied');
  });

  test.each(LARGE)('a rule with %s is applied, and nobody waits for its being read', async (_what, make) => {
    const rule = makeSmallRule();
    const xml = rule.xml.toString().replace('</SUPLINF>', `<P>${make()}</P></SUPLINF>`);
    upstream.addDocument({ ...rule, xml: Buffer.from(xml) });
    const parser = openParserThread();
    // The thread is there, so that what is measured is the reading.
    await parser.filing('', { title: '', type: 'Rule', filedAt: null });
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const begun = performance.now();
    delay.enable();
    const done = await ingest({ ...parts, parser }, NUMBER, ON);
    delay.disable();
    const took = performance.now() - begun;
    await parser.close();
    expect(done.outcome).toBe('applied');
    expect(await names()).toContain('Acme Optics Co., Ltd.');
    // A share of the whole, since how long that is depends on who else uses the machine. The embedded store takes the
    // bytes in one statement.
    expect(delay.max / 1e6).toBeLessThan(took / 2);
    expect(delay.max / 1e6).toBeLessThan(500);
  });

  test.each([
    ['NUL', Buffer.from('\0')],
    ['half a surrogate pair', Buffer.from('&#xD800;')],
    ['a letter in Windows-1252', Buffer.from([0xe9])],
  ])('%s in a text is refused, and the list stays', async (_what, bytes) => {
    const { record, xml } = makeSmallRule();
    const at = xml.indexOf('Acme Optics');
    upstream.addDocument({ record, xml: Buffer.concat([xml.subarray(0, at), bytes, xml.subarray(at)]) });
    await ingest(parts, NUMBER, ON).catch(() => null);
    now = PATIENCE_IS_OVER;
    expect((await ingest(parts, NUMBER, ON)).outcome).toBe('held');
    expect(await names()).toHaveLength(MANY.length);
  });
});

describe('a text that is large and not too large', () => {
  test.each(LARGE)('of %s is read whole', (_what, make, length) => {
    const admitted = admitXml(Buffer.from(`<RULE>${make()}</RULE>`));
    expect(loadXml(admitted.text)('RULE').text()).toHaveLength(length);
  });
});
