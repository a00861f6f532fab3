import type { Pairing } from '../list/lag.ts';
import type { DocumentsCited } from '../list/reconcile-tolerance.ts';
import type { AuditSource, Citation, Issue, ListName } from '../model.ts';
import type { Pending } from '../parse/pending.ts';

/** What a row of either source has. */
export interface Row {
  name: string;
  citations: readonly Pick<Citation, 'volume' | 'page'>[];
}

/** One list as a source shows it. */
export interface Reading<Theirs extends Row> {
  /** The day that the source speaks of. */
  on: string;
  rows: Theirs[];
  /** Notices of amendments that the source has not taken up. */
  pending: Pending[];
  /** Rows that could not be read. */
  unread: Issue[];
}

/** A source that our list is compared with. */
export interface Source<Theirs extends Row> {
  name: AuditSource;
  /** @throws ElwatchError where it cannot be had or read */
  read(list: ListName): Promise<Reading<Theirs>>;
  pairing(documentsCited: DocumentsCited): Pairing<Theirs>;
}
