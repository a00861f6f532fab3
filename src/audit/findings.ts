import { foldName } from '../fold.ts';
import { LAG_BUSINESS_DAYS, type WatchedRule } from '../list/ledger.ts';
import type { Discrepancy } from '../list/reconcile.ts';
import { isWithin, tolerant } from '../list/reconcile-tolerance.ts';
import type { AuditSource, Citation, EntryField, LedgerLine, ListName } from '../model.ts';
import { describeLedgerLine, SOURCE_NAMES } from '../render/audit-words.ts';
import { cleanLine } from '../render/clean.ts';
import { FIELD_LABELS, LIST_TITLES } from '../render/words.ts';
import type { DocumentPages } from '../store/audit.ts';
import type { Reading, Row } from './reading.ts';

/** What becomes an open issue. */
export interface Finding {
  code: FindingCode;
  /** Document that it is about, where it is about one. */
  number: string | null;
  publishedOn: string | null;
  /** Tells it from all others of its code, and begins with `aboutOf` its source and list. */
  excerpt: string;
  /** What is so, and what to do next. */
  message: string;
}

export const FINDING_CODES = [
  'drift-missing-there',
  'drift-missing-here',
  'drift-differs',
  'drift-rule-not-applied',
  'drift-too-many',
  'lag-overdue',
  'pending-unknown',
  'source-unread',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

/** Each source and list has issues of its own. */
export const aboutOf = (source: AuditSource, list: ListName) => `${source} ${list}: `;

/** Differences of one source and list that become issues of their own; more are told by their number. */
const MOST_DRIFT = 200;
const MOST_NAMES = 5;

function cut(text: string, length: number): string {
  const line = cleanLine(text);
  return line.length <= length ? line : `${line.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}

const quoted = (text: string) => `“${cut(text, 120)}”`;

function namesIn(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).map(quoted).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

const cite = ({ volume, page }: Pick<Citation, 'volume' | 'page'>) => `${volume} FR ${page}`;

function placeOf(row: object): string {
  const place: { destination?: string; countries?: readonly string[] } = row;
  return place.destination ?? place.countries?.join(', ') ?? '';
}

/** The items of a field, in the words of either side; a row of the CSL has few of them. */
function itemsOf(row: Row, field: EntryField): string[] {
  if (field === 'destination') return [placeOf(row)];
  if (field === 'citations') return row.citations.map(cite);
  const value = (row as Partial<Record<EntryField, unknown>>)[field];
  return (Array.isArray(value) ? value : [value ?? '']).map(String);
}

/** What only we have of a field, and what only they have. */
function contrast(ours: Row, theirs: Row, field: EntryField): string {
  const here = itemsOf(ours, field);
  const there = itemsOf(theirs, field);
  const only = (some: string[], others: string[]) => {
    const known = new Set(others.map(tolerant));
    const left = some.filter((item) => !known.has(tolerant(item)));
    return left.length === 0 ? 'nothing else' : namesIn(left);
  };
  return `${FIELD_LABELS[field]}: ours has ${only(here, there)}, there is ${only(there, here)}`;
}

export interface Judged<Theirs extends Row> {
  source: AuditSource;
  list: ListName;
  reading: Reading<Theirs>;
  drift: readonly Discrepancy<Theirs>[];
  lines: readonly LedgerLine[];
  watched: ReadonlyMap<string, WatchedRule>;
  documents: readonly DocumentPages[];
  /** Of documents that are held: the folded names of the entries that they are about. */
  namedByHeld: ReadonlyMap<string, ReadonlySet<string>>;
}

/** All that is wrong, as issues that say what is so and what to do next. */
export function findingsOf<Theirs extends Row>(judged: Judged<Theirs>): Finding[] {
  const { source, list, reading, drift, lines, watched, documents } = judged;
  const about = aboutOf(source, list);
  const where = `${SOURCE_NAMES[source]} of ${reading.on}`;
  const title = LIST_TITLES[list];
  const finding = (code: FindingCode, key: string, message: string, rule?: Partial<Finding>): Finding => ({
    ...{ code, message, number: null, publishedOn: null },
    excerpt: cut(about + key, 300),
    ...rule,
  });

  function describeDrift({ kind, ours, theirs, fields }: Discrepancy<Theirs>): Finding {
    const row = (ours ?? theirs)!;
    const who = `${quoted(row.name)} under ${placeOf(row)}`;
    const key = `${placeOf(row)}, ${cut(row.name, 160)}`;
    // In single quotes and without any, so that a shell takes whatever stands in a name for a name.
    const why = `next: elwatch why '${cut(row.name, 80).replaceAll("'", '’')}' shows the rules behind our entry`;
    if (kind === 'missing-there')
      return finding(
        'drift-missing-there',
        key,
        `${where} lacks ${who}, which is on our ${title}, and no recent rule explains it; ${why}`,
      );
    if (kind === 'missing-here') {
      const cited = theirs!.citations.map(cite).join('; ');
      return finding(
        'drift-missing-here',
        key,
        `${where} has ${who} (${cited || 'it cites nothing'}), which our ${title} lacks, and no recent rule explains it; next: find the rule by that citation, and run elwatch ingest with its number`,
      );
    }
    const what = fields.map((field) => contrast(ours!, theirs!, field)).join('; ');
    return finding(
      'drift-differs',
      `${key} (${fields.map((field) => FIELD_LABELS[field]).join(', ')})`,
      `${where} and our ${title} differ in ${who}: ${what}; ${why}`,
    );
  }

  const byDocument = groupByHeld(judged);
  const held = new Set([...byDocument.values()].flat());
  const single = drift.filter((one) => !held.has(one));
  return [
    ...[...byDocument].map(([{ number, status }, some]) =>
      finding(
        'drift-rule-not-applied',
        number,
        `${where} shows ${some.length} entries as ${number} leaves them, which is ${status} here: ${namesIn(some.map(({ ours, theirs }) => (theirs ?? ours)!.name))}; next: elwatch held show ${number}`,
        { number },
      ),
    ),
    ...single.slice(0, MOST_DRIFT).map(describeDrift),
    ...(single.length > MOST_DRIFT
      ? [
          finding(
            'drift-too-many',
            'more',
            `${where} and our ${title} differ in more than ${MOST_DRIFT} entries; next: these are the first in order, elwatch audit tells the number of all`,
          ),
        ]
      : []),
    ...lines
      .filter(({ number, there, ours }) => there < ours && watched.get(number)?.isLate)
      .map((line) =>
        finding(
          'lag-overdue',
          line.number,
          `${line.number}: ${describeLedgerLine(source, line)}, where ${LAG_BUSINESS_DAYS[source]} business days are usual: ${namesIn(line.missing)}; it is looked at again every night; next: elwatch ledger --document ${line.number} shows how it came; tell the source, or correct our reading of the rule`,
          { number: line.number, publishedOn: line.publishedOn },
        ),
      ),
    ...reading.pending
      .filter(({ citation }) => citation && !documents.some((document) => isWithin(document, citation)))
      .map(({ text }) =>
        finding(
          'pending-unknown',
          text,
          `${where} gives notice of an amendment to the ${title} that was not read here: ${quoted(text)}; next: find the rule by that citation, and run elwatch ingest with its number`,
        ),
      ),
    ...reading.unread.map(({ code, message, excerpt }) =>
      finding(
        'source-unread',
        `${code}, ${excerpt ?? ''}`,
        `${where} has a row that cannot be read (${code}): ${cut(message, 200)}; next: elwatch snapshot shows what is read of the supplement`,
      ),
    ),
  ];
}

/**
 * Differences that a document explains which is known here and not applied: it is cited there, or it is held and
 * names the entry. One held rule is one issue, and not seventy.
 */
function groupByHeld<Theirs extends Row>({
  drift,
  documents,
  namedByHeld,
}: Judged<Theirs>): Map<DocumentPages, Discrepancy<Theirs>[]> {
  const waiting = documents.filter(({ status }) => status === 'held' || status === 'new');
  const groups = new Map<DocumentPages, Discrepancy<Theirs>[]>();
  for (const one of drift) {
    const document = waiting.find(
      (pages) =>
        (one.theirs?.citations.some((cited) => isWithin(pages, cited)) &&
          !one.ours?.citations.some((cited) => isWithin(pages, cited))) ||
        (one.ours !== null && namedByHeld.get(pages.number)?.has(foldName(one.ours.name))),
    );
    if (document !== undefined) groups.set(document, [...(groups.get(document) ?? []), one]);
  }
  return groups;
}
