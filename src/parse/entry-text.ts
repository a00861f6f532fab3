import type { EntryText, Issue, ListName } from '../model.ts';
import { type Placeholder, readCitations } from './citation.ts';
import { hasUnreadFootnotes, readIdentity, readPlainFootnotes } from './entry.ts';
import type { EntryRow } from './rows.ts';

/** An entry of which nothing but the name is said. */
export function bareText(name: string): EntryText {
  return {
    name,
    aliases: [],
    addresses: [],
    seeAlso: [],
    licenseRequirement: '',
    licenseReviewPolicy: '',
    footnotes: [],
    citations: [],
  };
}

/** Words before a digit of the name's own: "Zavod No. 9", "Factory 5". */
const NUMBERED =
  /(?:^|\s)(?:no\.?|nr\.?|unit|factory|plant|zavod|institute|base|branch|department|building)$/iu;

/**
 * A name without the digit of a footnote that lost its superscript. The digit must stand alone, behind no word
 * that it may number, and the requirement must bear that footnote (sources, §7, trap 3).
 */
function withoutFootnote(name: string, footnotes: ReadonlySet<number>): string {
  const [, bare, digit] = /^(.*[\p{L}.)]) ([1-5])$/u.exec(name) ?? [];
  if (bare === undefined || !footnotes.has(Number(digit)) || NUMBERED.test(bare)) return name;
  return bare;
}

/**
 * The text of an entry from its row.
 *
 * @param knownName the name as the instruction quotes it, or null (eCFR)
 * @param placeholder what "[INSERT FR PAGE NUMBER]" stands for, or null where none may stand
 */
export function readEntryText(
  row: EntryRow,
  list: ListName,
  knownName: string | null,
  placeholder: Placeholder | null,
  instruction: string,
): { entry: EntryText; issues: Issue[] } {
  const issues: Issue[] = [];
  const note = (code: string, holds: boolean, message: string, excerpt: string) =>
    issues.push({
      code,
      holds,
      message,
      excerpt: excerpt.slice(0, 300),
      locator: { instruction, row: row.index, page: row.page },
    });

  const identity = readIdentity(row.lines, knownName);
  const cell = row.lines.join(' ');
  if (identity.name === '') note('name-missing', true, 'an entity cell names nobody', cell);
  for (const { code, holds, message } of identity.doubts)
    note(code, holds, `${identity.name}: ${message}`, cell);

  const licenseRequirement = row.requirement.lines.join(' ');
  const licenseReviewPolicy = row.policy.lines.join(' ');
  if (list === 'entity-list' && licenseRequirement === '')
    note('empty-cell', true, `${identity.name} has no license requirement`, cell);
  if (list === 'entity-list' && licenseReviewPolicy === '')
    note('empty-policy', false, `${identity.name} has no license review policy`, cell);

  const printed = row.citation.lines.join(' ');
  const { citations, rest, unresolved } = readCitations(printed, placeholder);
  if (unresolved) note('placeholder-unresolved', false, 'the page of a citation is not known yet', printed);
  else if (citations.length === 0)
    note('citation-missing', true, `${identity.name} has no citation`, printed || cell);
  if (rest !== '')
    note(
      'citation-unread',
      true,
      `part of the citation of ${identity.name} was not understood: ${rest}`,
      printed,
    );

  const footnotes = new Set([
    ...row.requirement.footnotes,
    ...row.policy.footnotes,
    ...row.footnotes,
    ...readPlainFootnotes(licenseRequirement),
  ]);
  if (hasUnreadFootnotes(licenseRequirement))
    note(
      'footnotes-unclear',
      true,
      `which footnotes ${identity.name} bears was not read`,
      licenseRequirement,
    );
  const ownName = knownName === null ? withoutFootnote(identity.name, footnotes) : identity.name;
  return {
    entry: {
      name: ownName,
      aliases: identity.aliases,
      addresses: identity.addresses,
      seeAlso: identity.seeAlso,
      licenseRequirement,
      licenseReviewPolicy,
      footnotes: [...footnotes].sort((a, b) => a - b),
      citations,
    },
    issues,
  };
}
