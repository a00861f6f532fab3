import type { ChangeSet, Citation, DocumentHead, EntryText, StoredChange } from '../../src/model.ts';

/** Names that attack whoever shows them: markup, formulas, bidi marks, NUL, templates, header lines, size. */
export const HOSTILE_NAMES = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'safe\u202Etxt.exe\u2066evil\u2069',
  'zero\u200Bwidth\uFEFFname\u0000end',
  'lone\uD800surrogate',
  '{{7*7}} <%= 7*7 %>',
  '=HYPERLINK("https://evil.test")',
  'Name\r\nBcc: evil@evil.test',
  ']]><entry/>&amp;',
  'x'.repeat(5_000),
];

const CITATION: Citation = { volume: 90, page: 14035, on: '2025-03-28' };

/** An entry with the usual terms. */
export function sampleEntry(name: string, overrides: Partial<EntryText> = {}): EntryText {
  return {
    name,
    aliases: [],
    addresses: [],
    seeAlso: [],
    licenseRequirement: 'For all items subject to the EAR. (See § 744.11 of the EAR)',
    licenseReviewPolicy: 'Presumption of denial',
    footnotes: [],
    citations: [CITATION],
    ...overrides,
  };
}

/** The head of a rule as the API would give it. */
export function sampleDocument(overrides: Partial<DocumentHead> = {}): DocumentHead {
  return {
    number: '2025-05426',
    title: 'Additions and Revisions to the Entity List',
    type: 'Rule',
    abstract: null,
    dates: 'This rule is effective March 25, 2025.',
    citation: '90 FR 14032',
    volume: 90,
    startPage: 14032,
    endPage: 14045,
    publishedOn: '2025-03-28',
    effectiveOn: '2025-03-25',
    htmlUrl: 'https://www.federalregister.gov/documents/2025/03/28/2025-05426/additions-and-revisions',
    xmlUrl: null,
    pdfUrl: null,
    correctionOf: null,
    ...overrides,
  };
}

/** A change set that was verified and applied. */
export function sampleChangeSet(overrides: Partial<ChangeSet> = {}): ChangeSet {
  const byDestination = { CN: 3, PK: 2, AE: 1 };
  return {
    changeSetId: 'cs_2025-05426_1',
    cause: 'rule',
    outcome: 'applied',
    document: sampleDocument(),
    lists: ['entity-list'],
    effectiveOn: '2025-03-25',
    knownAt: '2025-03-28T12:45:00.000Z',
    checks: [
      check('stated-additions', 6, 6, 'The rule states 6 additions; 6 were read.'),
      check('stated-revisions', 1, 1, 'The rule states 1 revision; 1 was read.'),
      check('stated-additions-CN', 3, 3, 'China: 3 stated, 3 read.'),
    ],
    issues: [],
    stated: {
      'entity-list': {
        add: { entities: 6, entries: null, byDestination },
        revise: { entities: null, entries: 1, byDestination: { FR: 1 } },
        remove: null,
      },
    },
    firstSeq: 101,
    lastSeq: 108,
    follows: null,
    ...overrides,
  };
}

function check(name: string, expected: number, found: number, message: string): ChangeSet['checks'][number] {
  return {
    name,
    list: 'entity-list',
    status: expected === found ? 'pass' : 'fail',
    expected,
    found,
    message,
  };
}

/** A change set that could not be confirmed. */
export function sampleHeldSet(): ChangeSet {
  return sampleChangeSet({
    changeSetId: 'cs_2025-05426_0',
    outcome: 'held',
    checks: [check('stated-additions', 6, 5, 'The rule states 6 additions; 5 were read.')],
    issues: [
      {
        code: 'unknown-verb',
        holds: true,
        message: 'Unknown verb "transferring"',
        excerpt: null,
        locator: null,
      },
    ],
    firstSeq: null,
    lastSeq: null,
  });
}

/** One added entry as a stored change. */
export function sampleAddition(
  seq: number,
  country: string,
  destination: string,
  after: EntryText,
): StoredChange {
  return {
    ...place(seq, country, destination),
    kind: 'added',
    name: after.name,
    before: null,
    after,
    fields: [],
  };
}

function place(seq: number, country: string, destination: string) {
  return {
    seq,
    changeSetId: 'cs_2025-05426_1',
    entryId: `e${seq}`,
    list: 'entity-list' as const,
    destination,
    country,
    locator: { instruction: '2.a', row: seq - 100, page: 14036 },
    effectiveOn: '2025-03-25',
    knownAt: '2025-03-28T12:45:00.000Z',
  };
}

/** Eight changes: six additions under three destinations, one revision, one removal. */
export function sampleChanges(): StoredChange[] {
  const china = "CHINA, PEOPLE'S REPUBLIC OF";
  const before = sampleEntry('Aerotechnic France', {
    aliases: ['Aero-Tech', 'ATF'],
    addresses: ['8 Rue du Colonel, Toulouse, France'],
  });
  const after = sampleEntry('Aerotechnic France', {
    aliases: ['Aero-Tech', 'Aerotechnic SAS'],
    addresses: ['8 Rue du Colonel, Toulouse, France', '1 Rue Neuve, Paris, France'],
    licenseReviewPolicy: 'Case-by-case review',
  });
  const gone = sampleEntry('Gone Trading GmbH', {
    aliases: ['Gone KG'],
    addresses: ['Hafenstrasse 1, Hamburg'],
  });
  return [
    sampleAddition(
      101,
      'CN',
      china,
      sampleEntry('Beijing Example Institute', { aliases: ['BEI', '北京示例研究所'] }),
    ),
    sampleAddition(102, 'CN', china, sampleEntry('Henan Dingxin', { addresses: ['Zhengzhou, Henan'] })),
    sampleAddition(103, 'CN', china, sampleEntry('Inspur Sample', { footnotes: [4] })),
    sampleAddition(104, 'PK', 'PAKISTAN', sampleEntry('Brave Tech', { seeAlso: ['United Arab Emirates'] })),
    sampleAddition(105, 'PK', 'PAKISTAN', sampleEntry('Rachna Supplies')),
    sampleAddition(
      106,
      'AE',
      'UNITED ARAB EMIRATES',
      sampleEntry('Octagon FZE', { addresses: ['Dubai, UAE'] }),
    ),
    {
      ...place(107, 'FR', 'FRANCE'),
      kind: 'revised',
      name: 'Aerotechnic France',
      before,
      after,
      fields: ['aliases', 'addresses', 'licenseReviewPolicy'],
    },
    {
      ...place(108, 'DE', 'GERMANY'),
      kind: 'removed',
      name: 'Gone Trading GmbH',
      before: gone,
      after: null,
      fields: [],
    },
  ];
}

/** Additions whose every text is hostile. */
export function hostileChanges(): StoredChange[] {
  return HOSTILE_NAMES.map((name, index) =>
    sampleAddition(201 + index, 'CN', name, {
      ...sampleEntry(name),
      aliases: [name],
      addresses: [name],
      seeAlso: [name],
      licenseRequirement: name,
      licenseReviewPolicy: name,
    }),
  );
}
