import { ElwatchError } from '../errors.ts';
import type { Issue, ListName, PlacedEntry } from '../model.ts';
import { readEntryText } from './entry-text.ts';
import { type Pending, readPending, readPendingNotices } from './pending.ts';
import { isSupplementTable, withHeads } from './row-kinds.ts';
import { readRows } from './rows.ts';
import { NUMBER_OF_LIST, sliceSupplement } from './supplement-place.ts';
import { readHtmlTable } from './table.ts';
import { type AdmittedXml, type Element, loadXml } from './xml.ts';

/** A supplement as eCFR prints it. */
export interface Supplement {
  list: ListName;
  entries: PlacedEntry[];
  issues: Issue[];
  /** Headings that are printed with [Reserved] in place of entries. */
  reserved: string[];
  /** Amendments that are published and not yet in this text, as eCFR gives notice of them. */
  pending: Pending[];
}

/**
 * Reads a list from eCFR's text of its supplement (a part, a title, or the supplement alone).
 *
 * @throws ElwatchError `supplement-missing` where the text holds no such supplement or no table in it
 */
export function readSupplement(xml: AdmittedXml, list: ListName = 'entity-list'): Supplement {
  const number = NUMBER_OF_LIST[list];
  const slice = sliceSupplement(xml.text, list);
  const $ = slice === null ? null : loadXml(slice);
  // Other small tables stand in the supplement's text; only those with its columns hold entries.
  const tables = ($ ? ($('TABLE, table').toArray() as Element[]) : [])
    .map((table) => withHeads(readHtmlTable(table)))
    .filter((table) => isSupplementTable(table, list));
  if (tables.length === 0)
    throw new ElwatchError(
      'supplement-missing',
      `the text holds no table of supplement no. ${number} to part 744`,
      { retry: false, hint: 'give the XML of title 15 part 744 from ecfr.gov with its supplements' },
    );
  const supplement: Supplement = {
    list,
    entries: [],
    issues: [],
    reserved: [],
    pending: readPendingNotices($!('XREF, xref, EFFDNOT, effdnot').toArray() as Element[]),
  };
  let destination = null;
  for (const table of tables) {
    const read = readRows(table, list, '', destination);
    destination = read.destination;
    supplement.issues.push(...read.issues);
    supplement.reserved.push(...read.reserved.map((found) => found.heading));
    supplement.pending.push(...read.notices.map(readPending));
    for (const row of read.rows) {
      const { entry, issues } = readEntryText(row, list, null, null, '');
      supplement.issues.push(...issues);
      supplement.entries.push({
        ...entry,
        list,
        destination: row.destination.heading,
        country: row.destination.country,
      });
    }
  }
  return supplement;
}
