import type {
  Amendment,
  DocumentReference,
  HeadingChange,
  ListName,
  PlacedEntry,
  Suspension,
} from '../../src/model.ts';
import type { SmallRule } from './small-rule.ts';
import { writeAbstract } from './write-rule/abstract.ts';
import { type Instruction, writeInstruction } from './write-rule/instructions.ts';
import { PLAIN, type Style } from './write-rule/style.ts';
import { writeTable } from './write-rule/table.ts';
import { escapeXml, longDay, PLACES, SUPPLEMENT_OF, TITLE_OF } from './write-rule/words.ts';

export type { Style } from './write-rule/style.ts';
export { PLACES } from './write-rule/words.ts';

/**
 * What an amendment is to say; the reader finds its place in the document. `citations` are the old ones that
 * the row repeats: the document's own is printed behind them as a placeholder.
 */
export type Draft = Pick<Amendment, 'action' | 'list' | 'name' | 'destination' | 'country'> &
  Partial<Omit<PlacedEntry, 'list' | 'name' | 'destination' | 'country'>> &
  Pick<Amendment, 'target' | 'alter' | 'effectiveOn' | 'endsOn'>;

export interface RuleToWrite {
  number: string;
  publishedOn: string;
  effectiveOn?: string;
  startPage: number;
  title?: string;
  amendments?: readonly Draft[];
  headings?: readonly Omit<HeadingChange, 'locator'>[];
  suspensions?: readonly Omit<Suspension, 'locator'>[];
  style?: Partial<Style>;
  /** In place of the abstract that states the counts. */
  abstract?: string;
}

export interface WrittenRule extends SmallRule {
  /** Page that the rows of each list cite: the one on which its first table begins. */
  pages: Partial<Record<ListName, number>>;
}

const LISTS: readonly ListName[] = ['entity-list', 'unverified-list', 'military-end-user-list'];
const VOLUME_OF = (day: string) => Number(day.slice(0, 4)) - 1935;

/** The drafts by numbered instruction: one for each list and each pair of days. Number 1 is the authority. */
function instructionsOf(rule: RuleToWrite): Instruction[] {
  const instructions: Instruction[] = [];
  const find = (list: ListName, effectiveOn: string | null, endsOn: string | null) => {
    const known = instructions.find(
      (one) => one.list === list && one.effectiveOn === effectiveOn && one.endsOn === endsOn,
    );
    if (known) return known;
    const made: Instruction = { number: 0, list, drafts: [], headings: [], effectiveOn, endsOn };
    instructions.push(made);
    return made;
  };
  for (const list of LISTS) {
    for (const draft of rule.amendments ?? [])
      if (draft.list === list) find(list, draft.effectiveOn ?? null, draft.endsOn ?? null).drafts.push(draft);
    for (const heading of rule.headings ?? [])
      if (heading.list === list)
        (
          instructions.find(
            (one) => one.list === list && one.drafts.some(({ country }) => country === heading.country),
          ) ?? find(list, null, null)
        ).headings.push(heading);
  }
  for (const [at, instruction] of instructions.entries()) instruction.number = at + 2;
  return instructions;
}

function referenceOf({ citation, number }: DocumentReference): string {
  return citation === null ? `document ${number}` : `published at ${citation}`;
}

/** "… are stayed until November 9, 2026." (sources, §4.1). */
function writeStay(number: number, { rule, from, until }: Omit<Suspension, 'locator'>): string {
  const when = from === null ? '' : `Effective ${longDay(from)}, `;
  const what = `the amendments to 15 CFR part 744 in the interim final rule ${referenceOf(rule)}, are stayed`;
  const text = when === '' ? `T${what.slice(1)}` : when + what;
  return `${number}. ${text}${until === null ? ' indefinitely' : ` until ${longDay(until)}`}.`;
}

function writeDates(rule: RuleToWrite, instructions: readonly Instruction[], style: Style): string {
  const effectiveOn = rule.effectiveOn ?? rule.publishedOn;
  const own = style.days === 'prefix' ? [] : instructions.filter((one) => one.effectiveOn !== null);
  const exceptions = own.map(
    (one) =>
      `amendatory instruction ${one.number}, which is effective ${
        one.endsOn === null
          ? longDay(one.effectiveOn!)
          : `from ${longDay(one.effectiveOn!)}, through ${longDay(one.endsOn)}`
      }`,
  );
  const delays = (rule.suspensions ?? [])
    .filter(({ kind }) => kind === 'delay')
    .map(
      ({ rule: of, until }) =>
        ` The effective date of the rule ${referenceOf(of)}, is delayed ${until === null ? 'indefinitely' : `until ${longDay(until)}`}.`,
    );
  return `This rule is effective ${longDay(effectiveOn)}${
    exceptions.length === 0 ? '' : `, except for ${exceptions.join(', and ')}`
  }.${delays.join('')}`;
}

/** Every tag on a line of its own, as the documents of 2024 are printed. */
function indent(xml: string): string {
  let depth = 0;
  return xml.replace(/\s*(<[^>]+>)\s*/gu, (_match, tag: string) => {
    if (tag.startsWith('<?')) return `${tag}\n`;
    if (tag.startsWith('</')) depth -= 1;
    const line = `\n${' '.repeat(2 * Math.max(0, depth))}${tag}\n${' '.repeat(2 * Math.max(0, depth))}`;
    if (!tag.startsWith('</') && !tag.endsWith('/>')) depth += 1;
    return line;
  });
}

/** Writes a rule as the Federal Register has it: the API's record, and the full text in GPO's markup. */
export function writeRule(rule: RuleToWrite): WrittenRule {
  const style: Style = { ...PLAIN, ...rule.style };
  const { number, publishedOn, startPage } = rule;
  const effectiveOn = rule.effectiveOn ?? publishedOn;
  const volume = VOLUME_OF(publishedOn);
  const drafts = rule.amendments ?? [];
  const instructions = instructionsOf(rule);
  const stays = (rule.suspensions ?? []).filter(({ kind }) => kind === 'stay');
  const delays = (rule.suspensions ?? []).filter(({ kind }) => kind === 'delay');
  const title = rule.title ?? 'Additions and Revisions to the Entity List';
  const abstract =
    rule.abstract ??
    writeAbstract(style, drafts, [
      ...stays.map(({ rule: of }) => `This rule stays the rule ${referenceOf(of)}.`),
      ...delays.map(({ rule: of }) => `This rule delays the effective date of the rule ${referenceOf(of)}.`),
    ]);
  const dates = writeDates(rule, instructions, style);

  const pages: Partial<Record<ListName, number>> = {};
  let page = startPage + 2;
  const regtext = (content: string) =>
    style.wrapper === 'regtext' ? `<REGTEXT TITLE="15" PART="744">${content}</REGTEXT>` : content;
  const amdpar = (text: string) => `<AMDPAR>${escapeXml(text)}</AMDPAR>`;
  const body = [
    regtext(
      `${amdpar('1. The authority citation for 15 CFR part 744 continues to read as follows:')}<AUTH><HD SOURCE="HED">Authority:</HD><P>50 U.S.C. 4801-4852.</P></AUTH>`,
    ),
    `<PRTPAGE P="${page}"/>`,
  ];
  for (const instruction of instructions) {
    const { list } = instruction;
    const rows = instruction.drafts.filter(({ action }) => action === 'add' || action === 'revise');
    let content = writeInstruction(style, instruction).map(amdpar).join('\n');
    if (rows.length > 0) {
      const supplement = SUPPLEMENT_OF[list];
      const table = writeTable(style, list, rows, { page, volume, publishedOn });
      pages[list] ??= table.page;
      page = table.endPage;
      content += `\n<HD SOURCE="HD1">Supplement No. ${supplement} to Part 744—${TITLE_OF[list]}</HD><STARS/>${table.xml}<STARS/>`;
    }
    body.push(regtext(content));
  }
  for (const [at, stay] of stays.entries())
    body.push(regtext(amdpar(writeStay(instructions.length + 2 + at, stay))));

  const flat = `<?xml version="1.0" encoding="UTF-8"?>
<RULE><PREAMB><PRTPAGE P="${startPage}"/><AGENCY TYPE="F">DEPARTMENT OF COMMERCE</AGENCY>
<SUBAGY>Bureau of Industry and Security</SUBAGY>
<CFR>15 CFR Part 744</CFR>
<SUBJECT>${escapeXml(title)}</SUBJECT>
<SUM><HD SOURCE="HED">SUMMARY:</HD><P>${escapeXml(abstract)}</P></SUM>
<EFFDATE><HD SOURCE="HED">DATES:</HD><P>${escapeXml(dates)}</P></EFFDATE></PREAMB>
<SUPLINF><HD SOURCE="HED">SUPPLEMENTARY INFORMATION:</HD>
<P>An invented rule for tests. No firm, person or place in it is meant to exist.</P>
${body.join('\n')}
<SIG><NAME>Name,</NAME><TITLE>Title.</TITLE></SIG></SUPLINF>
<FRDOC>[FR Doc. ${number} Filed ${shortFiled(publishedOn)}; 8:45 am]</FRDOC>
<BILCOD>BILLING CODE 3510-33-P</BILCOD></RULE>`;

  return {
    pages,
    xml: Buffer.from(style.layout === '2024' ? indent(flat) : flat),
    record: {
      document_number: number,
      title,
      type: 'Rule',
      abstract,
      dates,
      citation: `${volume} FR ${startPage}`,
      volume,
      start_page: startPage,
      end_page: page + 1,
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
      page_views: { count: 1, last_updated: publishedOn },
    },
  };
}

function shortFiled(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${month}-${date}-${String(year! % 100).padStart(2, '0')}`;
}

/** A draft with the heading of its destination's code. */
export function draft(
  action: Draft['action'],
  country: string | null,
  name: string,
  fields: Partial<Draft> = {},
): Draft {
  return {
    action,
    list: 'entity-list',
    country,
    destination: country === null ? '' : PLACES[country]!.heading,
    name,
    ...(action === 'add' || action === 'revise'
      ? {
          addresses: ['No. 5 Test Road, Seoul'],
          ...((fields.list ?? 'entity-list') === 'entity-list'
            ? {
                licenseRequirement: 'For all items subject to the EAR. (See § 744.11 of the EAR)',
                licenseReviewPolicy: 'Presumption of denial',
              }
            : {}),
        }
      : {}),
    ...fields,
  };
}
