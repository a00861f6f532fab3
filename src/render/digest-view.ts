import type { ChangeKind, ChangeSet, ListName, StoredChange } from '../model.ts';
import { cleanLine, shorten } from './clean.ts';
import { countryName } from './country-name.ts';
import { dateFacts } from './date-facts.ts';
import { pageOf } from './feed-model.ts';
import { subjectOf } from './subject.ts';
import { countOf, describeFields, LIST_TITLES } from './words.ts';

/** One change set of a digest, with the changes that meet the filter. */
export interface DigestEntry {
  changeSet: ChangeSet;
  changes: readonly StoredChange[];
}

export interface DigestInput {
  /** Instants, ISO 8601: when the first was gathered, and the boundary at which the digest was closed. */
  from: string;
  to: string;
  /** In the order in which they were told. */
  entries: readonly DigestEntry[];
  baseUrl: string;
  /** BCP 47 tag of the language in which days are written. */
  dateLanguage?: string;
  /** Signed link by which a reader of a chat says that it was read; null for none. */
  acknowledgeUrl?: string | null;
}

/** One change in a digest. */
export interface DigestLine {
  /** "Added", "Removed". */
  verb: string;
  name: string;
  /** What a revision touched, or further names; may be empty. */
  detail: string;
  /** Number of the document. */
  document: string;
  url: string;
}

/** What a digest says: its documents, and what they changed by list and destination. Not escaped yet. */
export interface DigestView {
  subject: string;
  documents: { subject: string; effective: string; url: string }[];
  lists: {
    title: string;
    total: number;
    destinations: { name: string; total: number; lines: DigestLine[] }[];
  }[];
  /** Changes that are counted but not shown. */
  hidden: number;
}

const VERBS: Record<ChangeKind, string> = {
  removed: 'Removed',
  revised: 'Revised',
  added: 'Added',
  editorial: 'Editorial fix',
};
/** Removals first: they free somebody to trade. */
const ORDER = Object.keys(VERBS) as ChangeKind[];
const LONGEST_NAME = 200;
const LONGEST_DETAIL = 300;

/** Arranges a digest by list and destination, with at most `limit` changes; all others are counted. */
export function viewDigest(input: DigestInput, limit = Infinity): DigestView {
  const { entries, dateLanguage = 'en' } = input;
  const root = input.baseUrl.replace(/\/+$/u, '');
  const rows = entries.flatMap(({ changeSet, changes }) =>
    changes.map((change) => ({ change, changeSet, place: countryName(change.country, change.destination) })),
  );
  rows.sort(
    (a, b) =>
      a.place.localeCompare(b.place, 'en') ||
      ORDER.indexOf(a.change.kind) - ORDER.indexOf(b.change.kind) ||
      a.change.seq - b.change.seq,
  );
  const shown = new Set(rows.slice(0, limit));
  return {
    subject: digestSubject(entries),
    documents: entries.map(({ changeSet, changes }) => ({
      subject: subjectOf(changeSet, changes),
      effective: dateFacts(changeSet, dateLanguage).effective,
      url: pageOf(root, changeSet.changeSetId),
    })),
    lists: (Object.keys(LIST_TITLES) as ListName[]).flatMap((list) => {
      const ofList = rows.filter(({ change }) => change.list === list);
      if (ofList.length === 0) return [];
      const destinations = [...new Set(ofList.map(({ place }) => place))].map((name) => {
        const there = ofList.filter(({ place }) => place === name);
        const lines = there
          .filter((row) => shown.has(row))
          .map(({ change, changeSet }) => lineOf(change, changeSet, root));
        return { name, total: there.length, lines };
      });
      return [{ title: LIST_TITLES[list], total: ofList.length, destinations }];
    }),
    hidden: rows.length - shown.size,
  };
}

function lineOf(change: StoredChange, changeSet: ChangeSet, root: string): DigestLine {
  const aliases = (change.after ?? change.before)?.aliases ?? [];
  const detail =
    change.kind === 'revised' || change.kind === 'editorial'
      ? describeFields(change)
      : aliases.length === 0
        ? ''
        : `also known as ${aliases.map(cleanLine).join('; ')}`;
  return {
    verb: VERBS[change.kind],
    name: shorten(cleanLine(change.name), LONGEST_NAME),
    detail: shorten(detail, LONGEST_DETAIL),
    document: cleanLine(changeSet.document?.number ?? ''),
    url: pageOf(root, changeSet.changeSetId),
  };
}

/** "Digest: 70 added, 1 removed in 2 documents". */
function digestSubject(entries: readonly DigestEntry[]): string {
  const changes = entries.flatMap((entry) => entry.changes);
  const counts = (['added', 'revised', 'removed', 'editorial'] as const).flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [`${count.toLocaleString('en-US')} ${kind}`];
  });
  const documents = new Set(
    entries.map(({ changeSet }) => changeSet.document?.number ?? changeSet.changeSetId),
  );
  if (counts.length === 0) return `Digest: ${countOf(documents.size, 'notice', 'notices')}, no entry changed`;
  return `Digest: ${counts.join(', ')} in ${countOf(documents.size, 'document', 'documents')}`;
}
