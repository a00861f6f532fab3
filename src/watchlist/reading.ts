import { LISTED_FAULTS } from './limits.ts';

/** One counterparty of a file. Texts are cleaned of white space and control characters, and else as given. */
export interface WatchlistRow {
  /** Where it stands: line of a CSV or NDJSON file, row of a sheet, place in a JSON array; from 1. */
  row: number;
  /** SHA-256 of the folded name and the country: the same counterparty in a later file. */
  key: string;
  /** The owner's own number or code; '' where there is none. */
  ref: string;
  name: string;
  aliases: string[];
  addresses: string[];
  /** ISO 3166 code; null where none is given or it is unknown. */
  country: string | null;
  note: string;
}

/** Something about one row. */
export interface RowFault {
  row: number;
  /** Kebab-case, as `no-name`. */
  code: string;
  /** One sentence for people. It may quote the row: it is for the owner, and not for a log. */
  message: string;
}

/** Faults of one kind: the first hundred, and how many there are. */
export interface Faults {
  count: number;
  first: RowFault[];
}

export type WatchlistFormat = 'csv' | 'xlsx' | 'json';

/** What was read of a file. */
export interface WatchlistReading {
  format: WatchlistFormat;
  /** As WHATWG names it: "utf-8", "gb18030". */
  encoding: string;
  /** Rows without a fault. */
  rows: number;
  /** Rows that cannot be taken. */
  faults: Faults;
  /** Rows that were taken with something to know, as a country that is not known. */
  notes: Faults;
  /** Columns that are not used. */
  ignoredColumns: string[];
}

export function addFault(faults: Faults, fault: RowFault): void {
  faults.count += 1;
  if (faults.first.length < LISTED_FAULTS) faults.first.push(fault);
}
