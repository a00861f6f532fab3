import type { EntryText, StoredChange } from '../model.ts';
import { citationText, citationUrl } from './citation.ts';
import { countryName } from './country-name.ts';
import { describeFootnote, describeLocator } from './words.ts';

/** What applies alike to several entries, so that it is said once. */
export interface TermsView {
  licenseRequirement: string;
  licenseReviewPolicy: string;
  footnotes: string[];
  citations: { text: string; url: string }[];
}

/** One added entry without its terms. */
export interface EntryView {
  seq: number;
  name: string;
  aliases: string[];
  addresses: string[];
  seeAlso: string[];
  locator: string;
}

/** The additions under one destination; entries with the same terms stand in one block. */
export interface DestinationGroup {
  name: string;
  total: number;
  shown: number;
  blocks: { terms: TermsView; entries: EntryView[] }[];
}

/** Groups additions by destination, largest first, and by equal terms within it. `all` gives the counts. */
export function groupAdditions(kept: StoredChange[], all: StoredChange[]): DestinationGroup[] {
  const totals = new Map<string, number>();
  for (const change of all) totals.set(placeOf(change), (totals.get(placeOf(change)) ?? 0) + 1);
  const groups = [...totals].map(([name, total]) => {
    const members = kept.filter((change) => placeOf(change) === name);
    return { name, total, shown: members.length, blocks: groupByTerms(members) };
  });
  return groups.sort((a, b) => b.total - a.total || a.name.localeCompare(b.name, 'en'));
}

function placeOf(change: StoredChange): string {
  return countryName(change.country, change.destination);
}

function groupByTerms(changes: StoredChange[]): DestinationGroup['blocks'] {
  const blocks = new Map<string, DestinationGroup['blocks'][number]>();
  for (const change of changes) {
    const entry = change.after;
    if (entry === null) continue;
    const terms = termsOf(change, entry);
    const key = JSON.stringify(terms);
    const block = blocks.get(key) ?? { terms, entries: [] };
    block.entries.push(viewEntry(change, entry));
    blocks.set(key, block);
  }
  return [...blocks.values()];
}

function termsOf(change: StoredChange, entry: EntryText): TermsView {
  return {
    licenseRequirement: entry.licenseRequirement,
    licenseReviewPolicy: entry.licenseReviewPolicy,
    footnotes: entry.footnotes.map((footnote) => describeFootnote(change.list, footnote)),
    citations: entry.citations.map((citation) => ({
      text: citationText(citation),
      url: citationUrl(citation),
    })),
  };
}

function viewEntry(change: StoredChange, entry: EntryText): EntryView {
  const { name, aliases, addresses, seeAlso } = entry;
  return { seq: change.seq, name, aliases, addresses, seeAlso, locator: describeLocator(change.locator) };
}
