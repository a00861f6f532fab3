import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadBaseline } from '../src/baseline.ts';
import { type StandIn, startStandIn } from '../src/demo/stand-in.ts';
import { ingest } from '../src/ingest.ts';
import type { Parts } from '../src/parts.ts';
import { findDocument } from '../src/store/documents.ts';
import { entriesAsOf } from '../src/store/entries.ts';
import { listIssues } from '../src/store/issues.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { openParts } from './helpers/parts.ts';
import { makeSmallRule } from './helpers/small-rule.ts';

const CHINA = "CHINA, PEOPLE'S REPUBLIC OF";
const HEADS =
  '<BOXHD><CHED H="1">Country</CHED><CHED H="1">Entity</CHED><CHED H="1">License requirement</CHED><CHED H="1">License review policy</CHED><CHED H="1">Federal Register citation</CHED></BOXHD>';
const ROW =
  '<ROW><ENT I="22"> </ENT><ENT>Gamma, 3 Road, Beijing, China.</ENT><ENT>For all items subject to the EAR. (See § 744.11 of the EAR)</ENT><ENT>Presumption of denial</ENT><ENT>96 FR 4100, 3/4/31.</ENT></ROW>';
const TABLE = `<GPOTABLE COLS="5">${HEADS}<ROW><ENT I="01">${CHINA}</ENT></ROW>${ROW}</GPOTABLE>`;
const ORDER = `<P>Supplement No. 4 to part 744 is amended under ${CHINA} by removing the entry for “Beta”.</P>`;
const SECTION = '<AMDPAR>3. Section 744.16 is amended by revising paragraph (a).</AMDPAR>';

describe.each(backends.slice(0, 1))('what a rule orders', ({ open }) => {
  let database: TestDatabase;
  let upstream: StandIn;
  let parts: Parts;
  let outbox: string;
  let now: string;

  beforeAll(async () => {
    database = await open();
    outbox = await mkdtemp(join(tmpdir(), 'elwatch-test-'));
    upstream = await startStandIn({ documents: [], supplements: [], today: '2031-12-30' });
  });
  afterAll(async () => {
    await database.close();
    await upstream.close();
    await rm(outbox, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await database.empty();
    now = '2031-01-02T14:00:00.000Z';
    parts = openParts({ database, upstream, outbox, now: () => now });
    const entry = (name: string) => ({
      ...{ list: 'entity-list' as const, destination: CHINA, country: 'CN', name },
      ...{ aliases: [], addresses: ['1 Old Road, Beijing'], seeAlso: [], footnotes: [] },
      licenseRequirement: 'For all items subject to the EAR. (See § 744.11 of the EAR)',
      licenseReviewPolicy: 'Presumption of denial',
      citations: [{ volume: 95, page: 4001, on: '2030-03-04' }],
    });
    await loadBaseline(parts, {
      ...{ list: 'entity-list', on: '2031-01-01', entries: [entry('Beta'), entry('Delta')], issues: [] },
    } as Parameters<typeof loadBaseline>[1]);
  });

  /** The stand-in keeps what it was given, so no number is used twice. */
  let used = 10;
  const next = () => {
    used += 1;
    return `2031-000${used}`;
  };

  const read = async (rule: ReturnType<typeof makeSmallRule>) => {
    upstream.addDocument(rule as Parameters<StandIn['addDocument']>[0]);
    const { document_number: number, publication_date: on } = rule.record as Record<string, string>;
    now = `${on}T14:00:00.000Z`;
    await ingest(parts, number!, on!);
    return (await findDocument(parts.db, number!, on!))!;
  };
  const codes = async () => (await listIssues(parts.db, { open: true })).map(({ code }) => code);

  describe('outside its instructions', () => {
    /** The small rule, one counted addition, with something of ours somewhere in it. */
    const within = (change: (xml: string) => string) => {
      const rule = makeSmallRule({ number: next() });
      const xml = change(rule.xml.toString());
      expect(xml).not.toBe(rule.xml.toString());
      return { ...rule, xml: Buffer.from(xml) };
    };
    const regtext = (body: string) => `<REGTEXT TITLE="15" PART="744">${body}</REGTEXT>`;
    const inFront = (body: string) => (xml: string) => xml.replace('<REGTEXT', `${body}<REGTEXT`);
    const behind = (body: string) => (xml: string) =>
      xml.replace(/<\/REGTEXT>(?!.*<\/REGTEXT>)/su, `</REGTEXT>${body}`);

    test.each([
      ['a paragraph before the first instruction', inFront(regtext(ORDER)), 'order-unread'],
      ['a paragraph in the part of another section', behind(regtext(SECTION + ORDER)), 'order-unread'],
      [
        'a paragraph in a tag that nobody knows',
        inFront(regtext(ORDER.replaceAll('P>', 'AMDPARA>'))),
        'order-unread',
      ],
      [
        'an order that names entries and no supplement',
        behind(regtext(`${SECTION}<P>Under China, the entry for “Beta” is removed.</P>`)),
        'order-unread',
      ],
      ['a table before the first instruction', inFront(regtext(TABLE)), 'table-unclaimed'],
      ['a table in the part of another section', behind(regtext(SECTION + TABLE)), 'table-unclaimed'],
    ])('holds it: %s', async (_what, change, code) => {
      const { status } = await read(within(change));
      expect(status).toBe('held');
      expect(await codes()).toContain(code);
    });

    test('holds it although it has no instruction at all', async () => {
      const rule = makeSmallRule({ number: next(), abstract: 'This rule revises the Entity List.' });
      const xml = rule.xml.toString().replace(/<REGTEXT.*<\/REGTEXT>/su, regtext(ORDER));
      expect((await read({ ...rule, xml: Buffer.from(xml) })).status).toBe('held');
    });

    test('is no order in the text of a section, nor in what the preamble tells', async () => {
      const text =
        '<P>(a) Entities are listed in supplement no. 4 to this part. The Committee may add, remove or revise an entry on the Entity List.</P>';
      const told = `<P>In this rule, ${ORDER.slice(3)}`;
      const both = (xml: string) =>
        behind(regtext(SECTION + text))(xml.replace('<SUPLINF>', `<SUPLINF>${told}`));
      const rule = within(both);
      expect(rule.xml.toString()).toContain(told);
      expect((await read(rule)).status).toBe('applied');
    });
  });

  describe('for an entry that an earlier rule revises on a later day', () => {
    const revise = (publishedOn: string, effectiveOn: string, what: string, startPage: number) => {
      const abstract = 'This rule revises one entry on the Entity List under the destination of China (1).';
      const rule = makeSmallRule({ number: next(), publishedOn, effectiveOn, startPage, abstract });
      const order = `<AMDPAR>2. Supplement No. 4 to part 744 is amended under ${CHINA}, in the entry for “Beta”, by adding the ${what}.</AMDPAR>`;
      const xml = rule.xml
        .toString()
        .replace(/<REGTEXT.*<\/REGTEXT>/su, `<REGTEXT TITLE="15" PART="744">${order}</REGTEXT>`);
      return { ...rule, xml: Buffer.from(xml) };
    };
    const later = () => revise('2031-03-04', '2031-04-01', 'address “2 New Road, Beijing”', 4100);

    test('holds it where both revise the same field, so that nothing is taken back', async () => {
      expect((await read(later())).status).toBe('applied');
      const second = revise('2031-03-10', '2031-03-15', 'address “3 Third Road, Beijing”', 4110);
      expect((await read(second)).status).toBe('held');
      expect(await codes()).toContain('scheduled-over');
    });

    test('applies it where they revise other fields, and both are in force in the end', async () => {
      await read(later());
      const second = revise('2031-03-10', '2031-03-15', 'alias “Betta”', 4110);
      expect((await read(second)).status).toBe('applied');
      const beta = (await entriesAsOf(parts.db, 'entity-list', '2031-04-20')).find(
        ({ name }) => name === 'Beta',
      );
      expect(beta).toMatchObject({
        aliases: ['Betta'],
        addresses: ['1 Old Road, Beijing', '2 New Road, Beijing'],
      });
    });
  });

  test('puts off no removal whose entry was added again meanwhile: two of one name would stand side by side', async () => {
    const removal = makeSmallRule({ number: next(), adds: [], removes: ['Beta'], startPage: 4200 });
    expect((await read(removal)).status).toBe('applied');
    const again = makeSmallRule({
      number: next(),
      publishedOn: '2031-03-10',
      adds: ['Beta'],
      startPage: 4210,
    });
    expect((await read(again)).status).toBe('applied');
    const stay = makeSmallRule({ number: next(), publishedOn: '2031-03-20', adds: [], startPage: 4220 });
    const dates =
      'Effective April 1, 2031, the amendments to 15 CFR part 744 made by the final rule that was published on March 4, 2031, at 96 FR 4200, are stayed until May 1, 2031.';
    const xml = stay.xml
      .toString()
      .replace(/<REGTEXT.*<\/REGTEXT>/su, '')
      .replace(/(DATES:<\/HD><P>)[^<]*/u, `$1${dates}`);
    const record = { ...stay.record, abstract: 'BIS stays an earlier rule.', dates };
    expect((await read({ record, xml: Buffer.from(xml) })).status).toBe('held');
    expect(await codes()).toContain('suspended-name-taken');
    const betas = (await entriesAsOf(parts.db, 'entity-list', '2031-04-02')).filter(
      ({ name }) => name === 'Beta',
    );
    expect(betas).toHaveLength(1);
  });

  test('adds nothing that another document of the same page added, as if it had been that one', async () => {
    const first = makeSmallRule({ number: next(), startPage: 4300 });
    expect((await read(first)).status).toBe('applied');
    const second = makeSmallRule({ number: next(), startPage: 4300 });
    const xml = Buffer.from(second.xml.toString().replace('No. 1 Test Road', 'No. 9 Other Road'));
    expect((await read({ ...second, xml })).status).toBe('held');
    expect(await codes()).toContain('added-by-another');
  });
});
