import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Change } from '../../../src/model.ts';
import type { Parts } from '../../../src/parts.ts';
import { explainPolicy, explainRequirement, linkSections } from '../../../src/render/terms-words.ts';
import { openApi, openApiParts, store, storeSample } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';
import {
  HOSTILE_NAMES,
  hostileChanges,
  sampleAddition,
  sampleChanges,
  sampleDocument,
  sampleEntry,
} from '../../helpers/sample-changes.ts';

const revised = sampleChanges().find(({ kind }) => kind === 'revised')!;
const removed = sampleChanges().find(({ kind }) => kind === 'removed')!;
const REVISED = `/entries/${revised.entryId}`;
const REMOVED = `/entries/${removed.entryId}`;

describe.each(backends)('the page of an entry on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  const clock = { now: '2025-03-31T15:00:00.000Z' };
  const page = async (url: string) => (await server.inject(url)).body;
  const addition = (entryId: string, name: string, over: Partial<Change> = {}): Change => {
    const {
      seq: _,
      changeSetId: __,
      knownAt: ___,
      ...change
    } = sampleAddition(0, 'CN', 'CHINA', sampleEntry(name));
    return { ...change, entryId, ...over };
  };

  beforeAll(async () => {
    database = await open();
    parts = openApiParts(database, { clock });
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.empty();
    await storeSample(parts);
    server = openApi(parts);
  });

  test('says what the list says, and what it comes to', async () => {
    const html = await page('/entries/e103');
    for (const fact of [
      '<h1>Inspur Sample</h1>',
      'Entity List, under China',
      '<a href="https://www.ecfr.gov/current/title-15/section-744.11">744.11</a>',
      'EAR99 included',
      'Applications are denied as a rule.',
      'Footnote 4: supercomputer FDP rule',
      'https://www.federalregister.gov/citation/90-FR-14035',
      '/subscriptions?keywords=Inspur+Sample&amp;destination=CN&amp;list=entity-list',
    ])
      expect(html).toContain(fact);
    expect(html.match(/<h1/gu)).toHaveLength(1);
  });

  test('tells every rule that touched it, with both clocks, and the words that changed', async () => {
    const html = await page(REVISED);
    for (const fact of [
      `/changes/cs_2025-05426_1#change-`,
      'Revised by document 2025-05426: aliases: 1 added, 1 removed',
      '<del>ATF</del>',
      '<ins>Aerotechnic SAS</ins>',
      'Effective March 25, 2025, three days before publication on March 28, 2025.',
      'Known to us at 2025-03-28 08:45 EDT.',
      'On the list when it was first loaded',
      'paragraph 2.a',
    ])
      expect(html).toContain(fact);
    expect(html.indexOf('Revised by')).toBeLessThan(html.indexOf('first loaded'));
    const target = /\/changes\/cs_2025-05426_1#(change-\d+)/u.exec(html)![1]!;
    expect(await page('/changes/cs_2025-05426_1')).toContain(`id="${target}"`);
  });

  test('on an earlier day it is as it was then', async () => {
    const before = await page(`${REVISED}?on=2025-03-24`);
    expect(before).toContain('What the list says on March 24, 2025');
    expect(before).toContain('<li>ATF</li>');
    expect(before).not.toContain('<li>Aerotechnic SAS</li>');
    expect(await page(REVISED)).toContain('<li>Aerotechnic SAS</li>');
  });

  test('that is no longer listed says since when and by what, and keeps what it said', async () => {
    const html = await page(REMOVED);
    expect(html).toContain('not listed');
    expect(html).toContain('no longer on the list since March 25, 2025');
    expect(html).toMatch(/href="\/changes\/cs_2025-05426_1#change-\d+">document 2025-05426/u);
    expect(html).toContain('Hafenstrasse 1, Hamburg');
    expect(await page(`${REMOVED}?on=2025-03-24`)).toContain('listed on March 24, 2025');
  });

  test('that is ordered and not in effect yet says from when on', async () => {
    await store(parts, { changeSetId: 'cs_later', knownAt: '2025-03-30T12:00:00.000Z' }, [
      addition('later', 'Later Works', { effectiveOn: '2025-04-15' }),
    ]);
    const html = await page('/entries/later');
    expect(html).toContain('It is not on the list yet. It is on it from April 15, 2025 on');
    expect(html).toContain('not in effect yet');
    expect(await page('/entries/later?on=2025-05-01')).toContain('is still to come');
  });

  test('whose removal is ordered says so while it is listed, and later that it comes back', async () => {
    const steps = (kind: Change['kind'], on: string): Change => ({
      ...addition('e101', 'Beijing Example Institute'),
      ...(kind === 'removed' ? { before: sampleEntry('Beijing Example Institute'), after: null } : {}),
      kind,
      effectiveOn: on,
      because: kind === 'removed' ? 'stay' : 'resume',
    });
    await store(parts, { changeSetId: 'cs_stay', knownAt: '2025-03-30T12:00:00.000Z' }, [
      steps('removed', '2025-04-10'),
      steps('added', '2025-06-01'),
    ]);
    expect(await page('/entries/e101')).toContain(
      'A change is ordered that takes effect on April 10, 2025: removed by',
    );
    clock.now = '2025-04-20T15:00:00.000Z';
    const html = await page('/entries/e101');
    clock.now = '2025-03-31T15:00:00.000Z';
    expect(html).toContain('off the list since April 10, 2025, and on it again from June 1, 2025');
    expect(html).toContain('A stay puts an earlier change off.');
  });

  test('before the list is known it says from when on it is', async () => {
    expect(await page(`${REVISED}?on=2025-02-01`)).toContain('is known here from March 1, 2025 on');
    expect(await page('/entries/e101?on=2025-03-24')).toContain(
      'It is not on the list on March 24, 2025. It is on it from March 25, 2025 on',
    );
  });

  test('leads to entries of the same name, and says which destinations the list names', async () => {
    await store(parts, { changeSetId: 'cs_twin', knownAt: '2025-03-30T12:00:00.000Z' }, [
      addition('twin', 'BRAVE TECH.', { destination: 'UNITED ARAB EMIRATES', country: 'AE' }),
    ]);
    const html = await page('/entries/e104');
    expect(html).toContain('<a href="/entries/twin">BRAVE TECH., UAE, Entity List</a>');
    expect(html).toContain('see the alternate addresses under United Arab Emirates');
    expect(html).toContain('/list?q=Brave+Tech');
    expect(html).not.toContain('<a href="/entries/e104">Brave');
  });

  test('that moved shows both headings', async () => {
    await store(
      parts,
      {
        changeSetId: 'cs_move',
        knownAt: '2025-03-30T12:00:00.000Z',
        document: sampleDocument({ number: '2025-06000', publishedOn: '2025-03-30' }),
      },
      [
        {
          ...addition('e101', 'Beijing Example Institute'),
          kind: 'revised',
          before: sampleEntry('Beijing Example Institute'),
          fields: ['destination'],
          destination: 'TAIWAN',
          country: 'TW',
          movedFrom: { destination: 'CHINA', country: 'CN' },
        },
      ],
    );
    const html = await page('/entries/e101');
    expect(html).toContain('<del>CHINA</del><ins>TAIWAN</ins>');
    expect(html).toContain('under Taiwan');
  });

  test('that never was is not found, and a day that is none is refused', async () => {
    expect((await server.inject('/entries/none')).statusCode).toBe(404);
    expect((await server.inject(`${REVISED}?on=yesterday`)).statusCode).toBe(400);
  });

  test('hostile names are text', async () => {
    const changes = hostileChanges().map(({ seq: _, changeSetId: __, knownAt: ___, ...change }) => change);
    await store(parts, { changeSetId: 'cs_hostile', knownAt: '2025-03-31T14:00:00.000Z' }, changes);
    for (const { entryId } of changes) {
      const answer = await server.inject(`/entries/${entryId}`);
      expect(answer.statusCode).toBe(200);
      expect(answer.body).not.toMatch(/<script(?! src="\/assets\/)|<img|[\u202A-\u202E\u2066-\u2069\0]/u);
      expect(answer.body).not.toMatch(/ style=| on[a-z]+="|href="(?:javascript|data):/u);
    }
    expect(changes).toHaveLength(HOSTILE_NAMES.length);
  });
});

test.each([
  ['For all items subject to the EAR. (See § 744.11 of the EAR)', true],
  ['All items subject to the EAR', true],
  ['For all items subject to the EAR, except food and medicine', false],
  ['For all items subject to the EAR when used in projects specified in § 746.8(a)(4)', false],
  ['For items in category 3', false],
])('“%s” is explained: %s', (requirement, isExplained) => {
  expect(explainRequirement(requirement) !== '').toBe(isExplained);
});

test.each([
  ['Presumption of denial', 1],
  ['Case-by-case review for food; policy of denial otherwise', 2],
  ['See § 744.2(d)', 0],
])('the policy “%s” has %i usual parts', (policy, count) => {
  expect(explainPolicy(policy)).toHaveLength(count);
});

test('each section of the regulations leads to eCFR, and the runs spell the text', () => {
  const text = 'See §§ 734.9(g), 746.8(a)(3), and 744.21(b) of the EAR, 1744.21 and 22 CFR 126.1';
  expect(linkSections(text).flatMap((run) => (run.url === null ? [] : [run.text]))).toEqual([
    '734.9(g)',
    '746.8(a)(3)',
    '744.21(b)',
  ]);
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'7.41(a) §') }), (any) => {
      expect(
        linkSections(any)
          .map((run) => run.text)
          .join(''),
      ).toBe(any);
    }),
  );
});
