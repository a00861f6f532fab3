import { foldName } from '../fold.ts';
import type { Citation, EntryField, EntryText } from '../model.ts';

/** The pages of one document: a citation of any of them cites the document. */
export interface PageRange {
  volume: number;
  start: number;
  end: number;
}

/** The stored document that holds a page of a volume; null where none is known. */
export type PageRangeOf = (volume: number, page: number) => PageRange | null;

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
export function isSameCitation(a: Citation, b: Citation, pageRangeOf: PageRangeOf): boolean {
  if (a.volume !== b.volume) return false;
  if (a.page === b.page) return true;
  const range = pageRangeOf(a.volume, a.page) ?? pageRangeOf(b.volume, b.page);
  const isWithin = ({ page }: Citation) => range !== null && range.start <= page && page <= range.end;
  return isWithin(a) && isWithin(b);
}

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
 * Fields in which two readings of one entry differ beyond what is tolerated (sources, §7, trap 27): print
 * variants of names, aliases and addresses, the wording around a requirement, and any page of a document for
 * another. Aliases, addresses and citations are sets, and days of citations do not count.
 */
export function fieldsThatDiffer(ours: EntryText, theirs: EntryText, pageRangeOf: PageRangeOf): EntryField[] {
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
    citations: () => areSame(ours.citations, theirs.citations, (a, b) => isSameCitation(a, b, pageRangeOf)),
  };
  return (Object.keys(same) as (keyof EntryText)[]).filter((field) => !same[field]());
}
