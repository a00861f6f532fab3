import type { ChangeKind, ChangeSet, Check, ListName, StoredChange } from '../model.ts';
import { cleanLine, webAddress } from './clean.ts';
import { type DateFacts, dateFacts } from './date-facts.ts';
import { describeLead, type FilingView, PROVISIONAL_NOTE, viewFiling } from './filing-view.ts';
import { type DestinationGroup, groupAdditions } from './group-additions.ts';
import { type RemovalView, type RevisionView, viewRemoval, viewRevision } from './revision-view.ts';
import { subjectOf } from './subject.ts';
import { describeVerification, heldReasons } from './verification.ts';
import { countOf, LIST_TITLES } from './words.ts';

/** One heading with what stands below it; `total` counts also what is not shown. */
export interface Section<Item> {
  total: number;
  shown: number;
  items: Item[];
}

/** What happened to one list. */
export interface ListView {
  list: ListName;
  title: string;
  added: Section<DestinationGroup>;
  revised: Section<RevisionView>;
  removed: Section<RemovalView>;
  editorial: Section<RevisionView>;
}

/** All that a mail or a page says about one change set, in words and in order; text is not escaped yet. */
export interface AlertView {
  subject: string;
  held: boolean;
  heldReasons: string[];
  stated: string[];
  note: string;
  /** What kind of notice it is; null where changes were applied. */
  notice: 'held' | 'provisional' | 'withdrawn' | null;
  /** What differs from what was told before. */
  differences: string[];
  /** How long before publication it was known; empty where there is nothing to say. */
  lead: string;
  filing: FilingView | null;
  dates: DateFacts;
  verification: string;
  checks: Check[];
  moreChecks: number;
  document: { number: string; title: string; citation: string; url: string | null } | null;
  lists: ListView[];
  /** Changes that are counted but not shown, because of `limit`. */
  hidden: number;
}

const MAX_CHECKS = 40;
/** Removals first: they are few and free somebody to trade. Additions last: they are many. */
const PRIORITY: ChangeKind[] = ['removed', 'revised', 'added', 'editorial'];

/**
 * Arranges a change set for readers, showing at most `limit` changes and counting the rest. `earlier` is what
 * was told of the same document before, the nearest first; `dateLanguage` is how its reader has days written.
 */
export function viewAlert(
  changeSet: ChangeSet,
  changes: readonly StoredChange[],
  {
    limit = Infinity,
    earlier = [],
    dateLanguage = 'en',
  }: { limit?: number; earlier?: readonly ChangeSet[]; dateLanguage?: string } = {},
): AlertView {
  const byPriority = [...changes].sort((a, b) => PRIORITY.indexOf(a.kind) - PRIORITY.indexOf(b.kind));
  const shown = new Set(byPriority.slice(0, limit));
  const held = changeSet.outcome === 'held';
  const lists = [...new Set(changes.map((change) => change.list))];
  return {
    subject: subjectOf(changeSet, changes),
    held,
    heldReasons: held ? heldReasons(changeSet) : [],
    stated: held || changeSet.outcome === 'provisional' ? describeStated(changeSet) : [],
    note: noteOf(changeSet),
    notice: changeSet.outcome === 'applied' ? null : changeSet.outcome,
    differences: (changeSet.differences ?? []).map(cleanLine),
    lead: describeLead(changeSet, earlier),
    filing: viewFiling(changeSet, dateLanguage),
    dates: dateFacts(changeSet, dateLanguage),
    verification: describeVerification(changeSet),
    checks: changeSet.checks.slice(0, MAX_CHECKS),
    moreChecks: Math.max(0, changeSet.checks.length - MAX_CHECKS),
    document: viewDocument(changeSet),
    lists: lists.map((list) => viewList(list, changes, shown)),
    hidden: changes.length - shown.size,
  };
}

function viewList(list: ListName, changes: readonly StoredChange[], shown: Set<StoredChange>): ListView {
  const ofList = changes.filter((change) => change.list === list);
  const section = <Item>(kind: ChangeKind, view: (kept: StoredChange[], all: StoredChange[]) => Item[]) => {
    const all = ofList.filter((change) => change.kind === kind);
    const kept = all.filter((change) => shown.has(change));
    return { total: all.length, shown: kept.length, items: view(kept, all) };
  };
  return {
    list,
    title: LIST_TITLES[list],
    added: section('added', groupAdditions),
    revised: section('revised', (kept) => kept.map(viewRevision)),
    removed: section('removed', (kept) => kept.map(viewRemoval)),
    editorial: section('editorial', (kept) => kept.map(viewRevision)),
  };
}

function viewDocument(changeSet: ChangeSet): AlertView['document'] {
  const head = changeSet.document;
  if (head === null) return null;
  return {
    number: cleanLine(head.number),
    title: cleanLine(head.title),
    citation: head.citation === null ? '' : cleanLine(head.citation),
    url: webAddress(head.htmlUrl ?? head.pdfUrl ?? head.xmlUrl),
  };
}

function describeStated(changeSet: ChangeSet): string[] {
  const nouns = { add: 'added', revise: 'revised', remove: 'removed' } as const;
  return Object.entries(changeSet.stated).map(([list, stated]) => {
    const parts = Object.entries(nouns).flatMap(([action, verb]) => {
      const count = stated?.[action as keyof typeof nouns] ?? null;
      if (count === null) return [];
      const entries = count.entries === null ? [] : [countOf(count.entries, 'entry', 'entries')];
      const entities = count.entities === null ? [] : [countOf(count.entities, 'entity', 'entities')];
      const figures = [...entities, ...entries].join(' under ') || 'some entries';
      return [`${figures} ${verb}`];
    });
    return `${LIST_TITLES[list as ListName]}: ${parts.join(', ') || 'no counts stated'}`;
  });
}

function noteOf(changeSet: ChangeSet): string {
  if (changeSet.outcome === 'held') {
    return 'We could not confirm the entries of this document, so none is given here and our copy of the list is unchanged. Read the document itself. A second message will follow when the entries are confirmed.';
  }
  if (changeSet.cause === 'reparse') {
    return 'This corrects what we told before about this document, whose text was changed or is read better now. It is no new rule.';
  }
  if (changeSet.outcome === 'provisional') return PROVISIONAL_NOTE;
  if (changeSet.outcome === 'withdrawn')
    return 'What we told you about this document before will not come, as far as we know. Our copy of the list was not changed by it.';
  if (changeSet.cause === 'baseline') return 'This loads the list as it stood; it is not a change by BIS.';
  const sentences: string[] = [];
  const corrects = (changeSet.corrects ?? []).map(cleanLine);
  if (corrects.length > 0)
    sentences.push(
      `This document corrects ${corrects.slice(0, 5).join(', ')}. What stands below is what the correction changes.`,
    );
  if (changeSet.follows !== null)
    sentences.push(
      (changeSet.differences ?? []).length > 0
        ? 'This corrects our earlier notice about the same document. What is different now stands first.'
        : 'This confirms our earlier notice about the same document.',
    );
  return sentences.join(' ');
}
