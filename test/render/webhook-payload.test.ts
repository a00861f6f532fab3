import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ChangeSet, StoredChange } from '../../src/model.ts';
import {
  renderChangeSetPayload,
  renderDigestPayload,
  renderHeartbeatPayload,
  renderTestPayload,
} from '../../src/render/webhook-payload.ts';
import { type ChangeSetData, webhookSchema } from '../../src/render/webhook-schema.ts';
import {
  hostileChanges,
  sampleAddition,
  sampleChangeSet,
  sampleChanges,
  sampleEntry,
  sampleHeldSet,
} from '../helpers/sample-changes.ts';

const baseUrl = 'https://watch.example.org/';

/** Renders, holds the text against the limit and the published schema, and reads it back. */
function read(changeSet: ChangeSet, changes: readonly StoredChange[], allChangesCount = changes.length) {
  const text = renderChangeSetPayload({ changeSet, changes, allChangesCount, baseUrl });
  expect(Buffer.byteLength(text)).toBeLessThan(20_000);
  const payload = webhookSchema.parse(JSON.parse(text));
  // zod drops what the schema does not name: nothing may be.
  expect(payload).toEqual(JSON.parse(text));
  return { type: payload.type, timestamp: payload.timestamp, data: payload.data as ChangeSetData, text };
}

test('says what changed, when, where it stands and how it was checked', () => {
  const { type, timestamp, data } = read(
    sampleChangeSet({ stateHashes: { 'entity-list': 'sha256:abc' } }),
    sampleChanges(),
    12,
  );
  expect(type).toBe('change_set.applied');
  expect(timestamp).toBe('2025-03-28T12:45:00.000Z');
  expect(data).toMatchObject({
    changeSetId: 'cs_2025-05426_1',
    summary: expect.stringContaining('China 3, Pakistan 2, UAE 1'),
    follows: null,
    document: { number: '2025-05426', citation: '90 FR 14032', publishedOn: '2025-03-28' },
    effectiveOn: '2025-03-25',
    knownAt: '2025-03-28T12:45:00.000Z',
    verification: { status: 'verified', passed: 3, failed: 0, text: expect.stringContaining('6 of 6') },
    counts: { added: 6, revised: 1, removed: 1, editorial: 0 },
    changesCount: 8,
    allChangesCount: 12,
    firstSeq: 101,
    lastSeq: 108,
    stateHashes: { 'entity-list': 'sha256:abc' },
    truncated: false,
    nextUrl: null,
    links: {
      page: 'https://watch.example.org/changes/cs_2025-05426_1',
      changes: 'https://watch.example.org/api/v1/changes?changeSet=cs_2025-05426_1',
      document: expect.stringContaining('https://www.federalregister.gov/'),
    },
  });
  expect(data.stated).toContainEqual({
    list: 'entity-list',
    action: 'add',
    entities: 6,
    entries: null,
    byDestination: { CN: 3, PK: 2, AE: 1 },
  });
  expect(data.destinations).toContainEqual(
    expect.objectContaining({ country: 'PK', destination: 'PAKISTAN', added: 2, removed: 0 }),
  );
});

test('an addition and a removal tell the entry, a revision only what it touched', () => {
  const { data } = read(sampleChangeSet(), sampleChanges());
  const of = (kind: string) => data.changes.find((change) => change.kind === kind)!;
  expect(of('added')).toMatchObject({
    seq: 101,
    before: null,
    after: {
      name: 'Beijing Example Institute',
      aliases: ['BEI', '北京示例研究所'],
      addresses: [],
      footnotes: [],
    },
    locator: { instruction: '2.a', row: 1, page: 14036 },
    text: expect.stringContaining('Added to the Entity List under China'),
  });
  expect(of('removed')).toMatchObject({
    before: { name: 'Gone Trading GmbH', aliases: ['Gone KG'] },
    after: null,
  });
  expect(of('revised').fields).toEqual(['aliases', 'addresses', 'licenseReviewPolicy']);
  expect(of('revised').before).toEqual({
    aliases: ['Aero-Tech', 'ATF'],
    addresses: ['8 Rue du Colonel, Toulouse, France'],
    licenseReviewPolicy: 'Presumption of denial',
  });
  expect(of('revised').after).toMatchObject({ licenseReviewPolicy: 'Case-by-case review' });
});

describe('the type', () => {
  test.each<[string, Partial<ChangeSet>]>([
    ['change_set.applied', {}],
    ['change_set.applied', { follows: 'cs_0' }],
    ['change_set.corrected', { follows: 'cs_0', differences: ['The filing stated 7; it has 6.'] }],
    ['change_set.corrected', { cause: 'reparse' }],
    ['change_set.held', { outcome: 'held' }],
    ['change_set.provisional', { outcome: 'provisional', differences: ['It now states 7.'] }],
    ['change_set.withdrawn', { outcome: 'withdrawn' }],
  ])('%s for %j', (type, of) => {
    const result = read(sampleChangeSet(of), []);
    expect(result.type).toBe(type);
    expect(result.type).toMatch(/^[a-zA-Z0-9_.]+$/u);
    expect(result.data.follows).toBe(of.follows ?? null);
    expect(result.data.differences).toEqual(of.differences ?? []);
  });
});

test('a held document says why, and is not called verified', () => {
  const { data } = read(sampleHeldSet(), []);
  expect(data.verification).toMatchObject({ status: 'held', failed: 1 });
  expect(data.reasons).toContain('Unknown verb "transferring".');
  expect(data.changes).toEqual([]);
});

test('a filing says when it was filed and whom it names, and that none of it is on the list', () => {
  const { type, data } = read(
    sampleChangeSet({
      outcome: 'provisional',
      filing: {
        filedAt: '2025-03-25T20:15:00.000Z',
        filingType: 'special',
        scheduledOn: '2025-03-28',
        seenAt: '2025-03-25T20:15:30.000Z',
        reading: {
          lists: ['entity-list'],
          stated: {},
          named: [
            {
              list: 'entity-list',
              action: 'add',
              destination: 'CHINA',
              country: 'CN',
              name: 'Henan Dingxin',
            },
          ],
          allNamed: true,
          effectiveOn: '2025-03-25',
          effectiveOnPublication: false,
          isDecoy: null,
          readable: true,
          issues: [],
        },
        letters: [],
        editorialNote: null,
      },
    }),
    [],
  );
  expect(type).toBe('change_set.provisional');
  expect(data.verification.status).toBe('provisional');
  expect(data.filing).toMatchObject({
    filingType: 'special',
    scheduledOn: '2025-03-28',
    named: [{ action: 'add', name: 'Henan Dingxin', country: 'CN' }],
    namedCount: 1,
  });
});

test('a rule of 900 entries is cut after whole changes, and nextUrl goes on where it was cut', () => {
  const changes = Array.from({ length: 900 }, (_, i) =>
    sampleAddition(
      1_000 + i,
      'CN',
      'CHINA',
      sampleEntry(`Entity ${i}`, { addresses: ['Street 1, Beijing'] }),
    ),
  );
  const { data, text } = read(sampleChangeSet(), changes);
  expect(data.truncated).toBe(true);
  expect(data.counts.added).toBe(900);
  const last = data.changes.at(-1)!;
  expect(data.changes.map(({ seq }) => seq)).toEqual(
    changes.slice(0, data.changes.length).map(({ seq }) => seq),
  );
  expect(data.nextUrl).toBe(
    `https://watch.example.org/api/v1/changes?changeSet=cs_2025-05426_1&after=${last.seq}`,
  );
  // As many as fit: one more would be too many.
  expect(Buffer.byteLength(text)).toBeGreaterThan(18_500);
});

test('one monstrous entry is shortened, which is said, and pushes no other out', () => {
  const monster = sampleEntry('M'.repeat(9_000), {
    aliases: Array.from({ length: 500 }, (_, i) => `Alias ${i} ${'a'.repeat(200)}`),
    addresses: Array.from({ length: 500 }, (_, i) => `Address ${i} ${'b'.repeat(200)}`),
  });
  const changes = [sampleAddition(100, 'CN', 'CHINA', monster), ...sampleChanges()];
  const { data } = read(sampleChangeSet(), changes);
  expect(data.changes).toHaveLength(9);
  expect(data.changes.map(({ clipped }) => clipped)).toEqual([true, ...Array(8).fill(false)]);
  expect(data.truncated).toBe(true);
  expect(data.nextUrl).toBeNull();
});

test('hostile texts hold no control, bidi or broken character, and the link to a script is left out', () => {
  const hostile = sampleChangeSet();
  hostile.document!.htmlUrl = 'javascript:alert(1)';
  hostile.document!.title = 'a\u0000b\u202Ec\uD800d';
  const { data, text } = read(hostile, hostileChanges());
  expect(JSON.stringify(data)).not.toMatch(/\\u0000|\\ud800|[\u202A-\u202E\u2066-\u2069\u200B]/u);
  expect(text).toMatch(/^[^\p{Cc}]*$/u);
  expect(data.links.document).toBeNull();
  expect(data.document?.title).toBe('abc\uFFFDd');
});

test('whatever texts and lists a change set has, its event is valid and below 20 kB', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('"\\"\\'.repeat(2_000), '\u0001'.repeat(3_000), '漢'.repeat(5_000), '𠀀'.repeat(2_000)),
  );
  const texts = fc.oneof(
    fc.array(text, { maxLength: 4 }),
    text.map((one) => Array<string>(300).fill(one)),
  );
  const change = fc
    .record({ name: text, aliases: texts, addresses: texts, policy: text, destination: text })
    .map(({ name, aliases, addresses, policy, destination }) => (seq: number): StoredChange => {
      const entry = sampleEntry(name, { aliases, addresses, licenseReviewPolicy: policy });
      const addition = sampleAddition(seq, 'CN', destination, entry);
      return seq % 2 === 0
        ? addition
        : {
            ...addition,
            kind: 'revised',
            before: entry,
            fields: ['aliases', 'addresses', 'licenseReviewPolicy'],
          };
    });
  const changes = fc.oneof(
    fc.array(change, { maxLength: 5 }).map((made) => made.map((make, i) => make(i))),
    change.map((make) => Array.from({ length: 40 }, (_, i) => make(i))),
  );
  fc.assert(
    fc.property(changes, text, texts, texts, (made, title, differences, reasons) => {
      const changeSet = sampleHeldSet();
      changeSet.document!.title = title;
      changeSet.differences = differences;
      changeSet.corrects = differences;
      changeSet.issues = reasons.map((message) => ({
        code: 'x',
        holds: true,
        message,
        excerpt: null,
        locator: null,
      }));
      const { data } = read(changeSet, made);
      expect(data.changes.length === made.length).toBe(data.nextUrl === null);
    }),
    { numRuns: 25 },
  );
});

test('a digest counts all, tells each change set, and says where the rest is', () => {
  const entries = Array.from({ length: 100 }, (_, i) => ({
    changeSet: sampleChangeSet({ changeSetId: `cs_${i}`, firstSeq: i * 10, lastSeq: i * 10 + 9 }),
    changes: sampleChanges(),
    allChangesCount: 8,
  }));
  const digest = (of: typeof entries) => {
    const text = renderDigestPayload({
      from: '2025-03-27T12:00:00.000Z',
      to: '2025-03-28T12:00:00.000Z',
      entries: of,
      baseUrl,
    });
    expect(Buffer.byteLength(text)).toBeLessThan(20_000);
    const payload = webhookSchema.parse(JSON.parse(text));
    expect(payload).toEqual(JSON.parse(text));
    if (payload.type !== 'digest') throw new Error(payload.type);
    return payload.data;
  };
  const small = digest(entries.slice(0, 2));
  expect(small.counts).toEqual({ added: 12, revised: 2, removed: 2, editorial: 0 });
  expect(small.changeSets.map(({ type, changeSetId }) => [type, changeSetId])).toEqual([
    ['change_set.applied', 'cs_0'],
    ['change_set.applied', 'cs_1'],
  ]);
  expect(small).toMatchObject({ truncated: false, nextUrl: null });
  const large = digest(entries);
  expect(large.changeSetsCount).toBe(100);
  expect(large.truncated).toBe(true);
  expect(large.nextUrl).toBe(
    `https://watch.example.org/api/v1/changes?after=${large.changeSets.length * 10 - 1}`,
  );
});

test('a heartbeat and a test are valid events too', () => {
  const at = '2025-03-28T22:05:00.000Z';
  const beat = renderHeartbeatPayload({
    at,
    summary: 'No rule today.',
    checkedAt: at,
    isFailing: false,
    latestSeq: 108,
    baseUrl,
  });
  const trial = renderTestPayload({ at, subscriptionId: 's1', baseUrl });
  expect(webhookSchema.parse(JSON.parse(beat))).toMatchObject({
    type: 'heartbeat',
    data: { latestSeq: 108 },
  });
  expect(webhookSchema.parse(JSON.parse(trial))).toMatchObject({
    type: 'test',
    data: { subscriptionId: 's1' },
  });
});

test('every event has the link to acknowledge it, and null where it has none', () => {
  const at = '2025-03-28T22:05:00.000Z';
  const set = { changeSet: sampleChangeSet(), changes: sampleChanges(), allChangesCount: 8 };
  const beat = { at, summary: 'No rule today.', checkedAt: at, isFailing: false, latestSeq: 108 };
  for (const acknowledgeUrl of ['https://watch.example.org/acknowledge/a.b.c', null])
    for (const text of [
      renderChangeSetPayload({ ...set, baseUrl, acknowledgeUrl }),
      renderDigestPayload({ from: at, to: at, entries: [set], baseUrl, acknowledgeUrl }),
      renderHeartbeatPayload({ ...beat, baseUrl, acknowledgeUrl }),
      renderTestPayload({ at, subscriptionId: 's1', baseUrl, acknowledgeUrl }),
    ])
      expect(webhookSchema.parse(JSON.parse(text)).data.acknowledgeUrl).toBe(acknowledgeUrl);
});

test('the schema can be published as JSON Schema', () => {
  const schema = z.toJSONSchema(webhookSchema) as { oneOf?: unknown[]; anyOf?: unknown[] };
  expect((schema.oneOf ?? schema.anyOf)?.length).toBe(4);
});
