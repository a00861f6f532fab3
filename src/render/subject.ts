import type { Change, ChangeKind, ChangeSet, ListName, Stated } from '../model.ts';
import { cleanLine } from './clean.ts';
import { countryName } from './country-name.ts';
import { provisionalSubject, withdrawnSubject } from './notice-subject.ts';
import { countOf, LIST_TITLES } from './words.ts';

const MAX_LENGTH = 150;
/** It says two days more. */
const MAX_PROVISIONAL = 190;

/** A destination with its count, largest first. */
export interface DestinationCount {
  name: string;
  count: number;
}

/**
 * The one-line summary of a change set: subject of the mail, title of the feed item and of the page. Figures
 * first; where it is too long, whole destinations are left out and counted ("and 5 more").
 */
export function subjectOf(changeSet: ChangeSet, changes: readonly Change[]): string {
  const write = WRITERS[changeSet.outcome];
  const prefix = prefixOf(changeSet);
  const most = changeSet.outcome === 'provisional' ? MAX_PROVISIONAL : MAX_LENGTH;
  for (let shown = 12; shown > 0; shown -= 1) {
    const subject = prefix + write(changeSet, changes, shown);
    if (subject.length <= most) return subject;
  }
  return (prefix + write(changeSet, changes, 0)).slice(0, most);
}

const WRITERS: Record<
  ChangeSet['outcome'],
  (changeSet: ChangeSet, changes: readonly Change[], shown: number) => string
> = {
  applied: appliedSubject,
  held: heldSubject,
  provisional: (changeSet, _changes, shown) => provisionalSubject(changeSet, shown),
  withdrawn: (changeSet) => withdrawnSubject(changeSet),
};

function prefixOf(changeSet: ChangeSet): string {
  if (changeSet.outcome !== 'applied') return '';
  // Of our reading, or of a document by a later one that the Federal Register printed.
  const correction =
    changeSet.cause === 'reparse' || (changeSet.corrects ?? []).length > 0 ? 'Correction: ' : '';
  if (changeSet.cause === 'reparse' || changeSet.follows === null) return correction;
  return `${(changeSet.differences ?? []).length > 0 ? 'Corrected: ' : 'Confirmed: '}${correction}`;
}

function appliedSubject(changeSet: ChangeSet, changes: readonly Change[], shown: number): string {
  const lists = [...new Set(changes.map((change) => change.list))];
  if (lists.length === 0) return `BIS rule ${numberOf(changeSet)} changes no entry`;
  if (changeSet.cause === 'baseline') {
    return `Starting point: ${lists.map((list) => baselineClause(list, changes)).join('; ')}`;
  }
  return `BIS ${lists.map((list) => listClause(changeSet, list, changes, shown)).join('; ')}`;
}

function baselineClause(list: ListName, changes: readonly Change[]): string {
  const count = changes.filter((change) => change.list === list).length;
  return `${countOf(count, 'entry', 'entries')} on the ${LIST_TITLES[list]}`;
}

/** "adds 70 entities to the Entity List: China 42, Pakistan 19; revises 4". The first clause says most. */
function listClause(changeSet: ChangeSet, list: ListName, changes: readonly Change[], shown: number): string {
  const order: ChangeKind[] = ['added', 'revised', 'removed', 'editorial'];
  const title = `the ${LIST_TITLES[list]}`;
  const clauses: string[] = [];
  for (const kind of order) {
    const ofKind = changes.filter((change) => change.list === list && change.kind === kind);
    if (ofKind.length === 0) continue;
    if (clauses.length > 0) {
      clauses.push(shortClause(kind, ofKind.length));
      continue;
    }
    const places = joinCounts(countByDestination(ofKind), shown);
    const figure = kind === 'added' ? addedFigure(changeSet.stated[list], ofKind.length) : '';
    clauses.push(`${longClause(kind, ofKind.length, figure, title)}${places === '' ? '' : `: ${places}`}`);
  }
  return clauses.join('; ');
}

function longClause(kind: ChangeKind, count: number, figure: string, title: string): string {
  const entries = countOf(count, 'entry', 'entries');
  if (kind === 'added') return `adds ${figure} to ${title}`;
  if (kind === 'removed') return `removes ${entries} from ${title}`;
  if (kind === 'revised') return `revises ${entries} on ${title}`;
  return `makes editorial fixes to ${entries} on ${title}`;
}

function shortClause(kind: ChangeKind, count: number): string {
  if (kind === 'editorial') return `fixes ${countOf(count, 'typo', 'typos')}`;
  return `${kind === 'removed' ? 'removes' : 'revises'} ${count}`;
}

/**
 * Rows are entries. They may be called entities only where the document counts entities and each has one
 * entry; 2024-03969 adds "93 entities under 95 entries".
 */
function addedFigure(stated: Stated | undefined, count: number): string {
  const add = stated?.add ?? null;
  if (add === null || add.entities === null) return countOf(count, 'entry', 'entries');
  const sum = Object.values(add.byDestination).reduce((total, one) => total + one, 0);
  const entries = add.entries ?? (sum > 0 ? sum : Math.max(count, add.entities));
  if (entries === add.entities) return countOf(count, 'entity', 'entities');
  const inEntries = countOf(count, 'entry', 'entries');
  return count === entries ? `${countOf(add.entities, 'entity', 'entities')} under ${inEntries}` : inEntries;
}

function heldSubject(changeSet: ChangeSet, _changes: readonly Change[], shown: number): string {
  const lists = changeSet.lists.map((list) => LIST_TITLES[list]);
  const title = lists.length === 0 ? 'a list' : `the ${lists.join(' and the ')}`;
  const head = `BIS rule ${numberOf(changeSet)} states changes to ${title} that are not confirmed yet`;
  const counts = new Map<string, number>();
  const totals: string[] = [];
  for (const stated of Object.values(changeSet.stated)) {
    for (const [code, count] of Object.entries(stated?.add?.byDestination ?? {})) {
      counts.set(countryName(code), (counts.get(countryName(code)) ?? 0) + count);
    }
    const added = stated?.add?.entries ?? stated?.add?.entities ?? null;
    if (added !== null) totals.push(countOf(added, 'addition', 'additions'));
  }
  const places = joinCounts(sortCounts(counts), shown) || totals.join(', ');
  return places === '' ? head : `${head}: ${places}`;
}

function numberOf(changeSet: ChangeSet): string {
  return changeSet.document === null ? 'without a number' : cleanLine(changeSet.document.number).slice(0, 40);
}

/** How many changes each destination has, largest first. */
export function countByDestination(changes: readonly Change[]): DestinationCount[] {
  const counts = new Map<string, number>();
  for (const change of changes) {
    const name = countryName(change.country, change.destination);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return sortCounts(counts);
}

function sortCounts(counts: Map<string, number>): DestinationCount[] {
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name, 'en'));
}

function joinCounts(counts: DestinationCount[], shown: number): string {
  const head = counts.slice(0, shown).map(({ name, count }) => `${name.slice(0, 60)} ${count}`);
  const rest = counts.length - head.length;
  if (rest > 0 && head.length > 0) return `${head.join(', ')} and ${rest} more`;
  return rest > 0 ? countOf(rest, 'destination', 'destinations') : head.join(', ');
}
