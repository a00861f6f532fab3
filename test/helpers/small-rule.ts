/** A small rule as the Federal Register has it: its API record and its full text. */
export interface SmallRule {
  record: Record<string, unknown>;
  xml: Buffer;
}

export interface SmallRuleOptions {
  number?: string;
  publishedOn?: string;
  effectiveOn?: string;
  startPage?: number;
  /** Names of entries to add under CHINA. */
  adds?: string[];
  /** Names of entries to remove under CHINA. */
  removes?: string[];
  /** Count that the abstract states in place of the true one. */
  statedAdditions?: number;
  abstract?: string;
}

const quote = (names: readonly string[]) => names.map((name) => `“${name}”`).join(', ');
const STARS = '*         *         *         *         *         *         *';

/** Makes a rule of additions and removals under CHINA whose abstract states its counts. */
export function makeSmallRule(options: SmallRuleOptions = {}): SmallRule {
  const {
    number = '2031-00001',
    publishedOn = '2031-03-04',
    startPage = 4100,
    adds = ['Acme Optics Co., Ltd.'],
    removes = [],
  } = options;
  const effectiveOn = options.effectiveOn ?? publishedOn;
  const abstract =
    options.abstract ??
    [
      'In this rule, the Bureau of Industry and Security (BIS) amends the Export Administration Regulations',
      adds.length > 0
        ? `by adding ${options.statedAdditions ?? adds.length} entities to the Entity List, under the destination of China (${options.statedAdditions ?? adds.length}).`
        : '',
      removes.length > 0
        ? `This rule also removes ${removes.length} entities from the Entity List under the destination of China.`
        : '',
    ].join(' ');
  const rows = adds
    .map(
      (name) =>
        `<ROW><ENT I="22"> </ENT><ENT>${name}, No. 1 Test Road, Beijing, China.</ENT><ENT>For all items subject to the EAR. (See § 744.11 of the EAR)</ENT><ENT>Presumption of denial</ENT><ENT>96 FR [INSERT FR PAGE NUMBER], 3/4/31.</ENT></ROW>`,
    )
    .join('');
  const instructions = [
    adds.length > 0 ? `by adding, in alphabetical order, entries for ${quote(adds)}` : '',
    removes.length > 0 ? `by removing the entries for ${quote(removes)}` : '',
  ]
    .filter((text) => text !== '')
    .join('; and ');
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<RULE><PREAMB><PRTPAGE P="${startPage}"/><SUBJECT>Additions to the Entity List</SUBJECT>
<SUM><HD SOURCE="HED">SUMMARY:</HD><P>${abstract}</P></SUM>
<EFFDATE><HD SOURCE="HED">DATES:</HD><P>This rule is effective ${longDay(effectiveOn)}.</P></EFFDATE></PREAMB>
<SUPLINF><REGTEXT TITLE="15" PART="744"><AMDPAR>2. Supplement No. 4 to part 744 is amended under CHINA, PEOPLE'S REPUBLIC OF, ${instructions}.</AMDPAR>
${adds.length > 0 ? `<PRTPAGE P="${startPage + 2}"/><GPOTABLE COLS="5"><BOXHD><CHED H="1">Country</CHED><CHED H="1">Entity</CHED><CHED H="1">License requirement</CHED><CHED H="1">License review policy</CHED><CHED H="1">Federal Register citation</CHED></BOXHD><ROW><ENT I="01">CHINA, PEOPLE'S REPUBLIC OF</ENT><ENT A="03">${STARS}</ENT></ROW>${rows}</GPOTABLE>` : ''}
</REGTEXT></SUPLINF><FRDOC>[FR Doc. ${number} Filed 3-3-31; 8:45 am]</FRDOC></RULE>`;
  return {
    record: {
      document_number: number,
      title: 'Additions to the Entity List',
      type: 'Rule',
      abstract,
      dates: `This rule is effective ${longDay(effectiveOn)}.`,
      citation: `96 FR ${startPage}`,
      volume: 96,
      start_page: startPage,
      end_page: startPage + 4,
      publication_date: publishedOn,
      effective_on: effectiveOn,
      agencies: [
        {
          raw_name: 'Bureau of Industry and Security',
          name: 'Industry and Security Bureau',
          id: 241,
          slug: 'industry-and-security-bureau',
        },
      ],
      cfr_references: [{ title: 15, part: 744, chapter: null, citation_url: null }],
      correction_of: null,
      corrections: [],
      page_views: { count: 1, last_updated: '2031-03-04' },
    },
    xml: Buffer.from(xml),
  };
}

function longDay(day: string): string {
  return new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}
