import { foldName } from '../fold.ts';
import type { Citation, EntryField, EntryText } from '../model.ts';

/** The pages of one stored document: a citation of any of them cites the document. */
export interface PageRange {
  volume: number;
  start: number;
  end: number;
}

type Cited = Pick<Citation, 'volume' | 'page'>;

/** Whether the citation is of a page of the document. */
export function isWithin({ volume, start, end }: PageRange, cited: Cited): boolean {
  return volume === cited.volume && start <= cited.page && cited.page <= end;
}

/** Which stored documents a citation may be of. Two share a page where one ends and the next begins. */
export type DocumentsCited = (cited: Cited) => readonly PageRange[];

/** Looks citations up in the pages of stored documents. */
export function indexPages(documents: readonly PageRange[]): DocumentsCited {
  const byVolume = new Map<number, PageRange[]>();
  for (const document of documents) {
    const known = byVolume.get(document.volume);
    if (known) known.push(document);
    else byVolume.set(document.volume, [document]);
  }
  return (cited) => (byVolume.get(cited.volume) ?? []).filter((document) => isWithin(document, cited));
}

/** Text without what print varies: dashes, quotes, white space, the final full stop (sources, §7.4 and trap 27). */
export function tolerant(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[‘’‛`´]/gu, "'")
    .replace(/[“”„‟]/gu, '"')
    .replace(/[‐-―−]/gu, '-')
    .replace(/[\s\p{Zs}]+/gu, ' ')
    .trim()
    .replace(/[\s.;,]+$/u, '');
}

/**
 * A requirement or policy as it is compared: no case, punctuation, leading "For" or footnote digit (sources,
 * §4.3). Digits of sections stay: "§ 744.11" and "§ 744.21(b)" are two requirements.
 */
export function requirementKey(text: string): string {
  const bare = text
    .replace(/^\s*for\s+/iu, '')
    // A footnote digit stands behind a bracket, a comma or "EAR", never behind a full stop of a section number.
    .replace(/(\bEAR\b[).,]{0,3}|\)[,.]?) ?\d(?=[\s,.;)]|$)/gu, '$1');
  return foldName(bare);
}

/** Whether two citations are of one document: the same page, or two pages of one stored document. */
export function isSameCitation(a: Cited, b: Cited, documentsCited: DocumentsCited): boolean {
  if (a.volume !== b.volume) return false;
  return a.page === b.page || documentsCited(a).some((document) => isWithin(document, b));
}

/** Fields that are read out of the entity cell. */
const IN_CELL: readonly EntryField[] = ['name', 'aliases', 'addresses'];

/** Whether each list holds what the other holds, whatever the order. */
function areSame<Item>(a: readonly Item[], b: readonly Item[], same: (x: Item, y: Item) => boolean): boolean {
  const covers = (some: readonly Item[], others: readonly Item[]) =>
    some.every((one) => others.some((other) => same(one, other)));
  return covers(a, b) && covers(b, a);
}

function areSameTexts(a: readonly string[], b: readonly string[], form: (text: string) => string): boolean {
  const left = new Set(a.map(form));
  const right = new Set(b.map(form));
  return left.size === right.size && [...left].every((text) => right.has(text));
}

/**
 * The text of the entity cell without what separates its parts. A rule quotes a name, and nothing in eCFR tells
 * where that of "X, Institute of Y, 2 Street" ends (sources, §7, trap 2): equal texts are two readings of one print.
 */
export function cellKey({ name, aliases, addresses }: EntryText): string {
  return [name, ...aliases, ...addresses]
    .map(tolerant)
    .join('')
    .replace(/[\s.,;]+/gu, '');
}

/**
 * Fields in which two readings of one entry differ beyond what is tolerated (sources, §7, trap 27): print
 * variants of names, aliases and addresses, the wording around a requirement, and any page of a document for
 * another. Aliases, addresses and citations are sets, and days of citations do not count.
 */
export function fieldsThatDiffer(
  ours: EntryText,
  theirs: EntryText,
  documentsCited: DocumentsCited,
): EntryField[] {
  const same: Record<keyof EntryText, () => boolean> = {
    name: () => tolerant(ours.name) === tolerant(theirs.name),
    aliases: () => areSameTexts(ours.aliases, theirs.aliases, tolerant),
    addresses: () => areSameTexts(ours.addresses, theirs.addresses, tolerant),
    seeAlso: () => areSameTexts(ours.seeAlso, theirs.seeAlso, foldName),
    licenseRequirement: () =>
      requirementKey(ours.licenseRequirement) === requirementKey(theirs.licenseRequirement),
    licenseReviewPolicy: () =>
      requirementKey(ours.licenseReviewPolicy) === requirementKey(theirs.licenseReviewPolicy),
    footnotes: () => areSame(ours.footnotes, theirs.footnotes, (a, b) => a === b),
    citations: () =>
      areSame(ours.citations, theirs.citations, (a, b) => isSameCitation(a, b, documentsCited)),
  };
  const differ = (Object.keys(same) as (keyof EntryText)[]).filter((field) => !same[field]());
  const isOneCell = cellKey(ours) === cellKey(theirs);
  return isOneCell ? differ.filter((field) => !IN_CELL.includes(field)) : differ;
}
