import type { Change, ChangeSet, DocumentHead, Entry, EntryText } from '../../src/model.ts';

/** Small facts of the field for tests of the store; every field can be given. */

export function makeHead(fields: Partial<DocumentHead> = {}): DocumentHead {
  return {
    number: '2025-05427',
    title: 'Additions to the Entity List',
    type: 'Rule',
    abstract: null,
    dates: null,
    citation: '90 FR 14032',
    volume: 90,
    startPage: 14032,
    endPage: 14041,
    publishedOn: '2025-03-28',
    effectiveOn: '2025-03-28',
    htmlUrl: null,
    xmlUrl: null,
    pdfUrl: null,
    correctionOf: null,
    ...fields,
  };
}

export function makeText(fields: Partial<EntryText> = {}): EntryText {
  return {
    name: 'Inspur Group',
    aliases: ['Inspur'],
    addresses: ['No. 1036 Langchao Road, Jinan, China'],
    seeAlso: [],
    licenseRequirement: 'For all items subject to the EAR.',
    licenseReviewPolicy: 'Presumption of denial.',
    footnotes: [4],
    citations: [{ volume: 88, page: 13675, on: '2023-03-06' }],
    ...fields,
  };
}

export function makeEntry(fields: Partial<Entry> = {}): Entry & { nameKey: string } {
  const entry: Entry = {
    entryId: 'entry-1',
    list: 'entity-list',
    destination: "CHINA, PEOPLE'S REPUBLIC OF",
    country: 'CN',
    ...makeText(),
    ...fields,
  };
  return { ...entry, nameKey: entry.name.toLowerCase() };
}

export function makeChange(fields: Partial<Change> = {}): Change {
  const after = fields.after === undefined ? makeText() : fields.after;
  return {
    kind: 'added',
    entryId: 'entry-1',
    list: 'entity-list',
    destination: "CHINA, PEOPLE'S REPUBLIC OF",
    country: 'CN',
    name: 'Inspur Group',
    before: null,
    fields: [],
    locator: { instruction: '2.a', row: 1, page: 14035 },
    ...fields,
    after,
  };
}

export function makeChangeSet(fields: Partial<ChangeSet> = {}): ChangeSet {
  return {
    changeSetId: 'set-1',
    cause: 'rule',
    outcome: 'applied',
    document: makeHead(),
    lists: ['entity-list'],
    effectiveOn: '2025-03-28',
    knownAt: '2025-03-28T12:45:00.000Z',
    checks: [],
    issues: [],
    stated: {},
    firstSeq: null,
    lastSeq: null,
    follows: null,
    filing: null,
    differences: [],
    corrects: [],
    stateHashes: {},
    ...fields,
  };
}

export function makeBaseline(fields: Partial<ChangeSet> = {}): ChangeSet {
  return makeChangeSet({ changeSetId: 'baseline', cause: 'baseline', document: null, ...fields });
}
