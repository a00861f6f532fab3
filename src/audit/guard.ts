import { gunzipSync, gzipSync } from 'node:zlib';
import { assertLargeEnough, assertNotEmpty, assertNotShrunk, lostRows } from '../list/reconcile-size.ts';
import { entriesOf, namesLeft, otherVersions, type Past } from '../list/versions.ts';
import type { AuditSource, ListName } from '../model.ts';
import { SOURCE_NAMES } from '../render/audit-words.ts';
import type { AuditSnapshot } from '../store/audit.ts';
import type { Reading, Row } from './reading.ts';

export interface Guarded {
  source: AuditSource;
  list: ListName;
  reading: Reading<Row>;
  pasts: Map<string, Past>;
  isOpen(number: string): boolean;
  /** The last one that was accepted. */
  snapshot: AuditSnapshot | null;
  /** True where a person says that the source is right. */
  acceptShrink: boolean;
}

/**
 * Refuses a source that lost rows since the last look, or has too few at the first one.
 *
 * @throws ElwatchError `source-empty`, `source-shrank`, `source-too-small`
 */
export function assertWhole({ source, list, reading, pasts, isOpen, snapshot, acceptShrink }: Guarded): void {
  const what = `the ${list} in ${SOURCE_NAMES[source]} of ${reading.on}`;
  const rows = reading.rows.length;
  assertNotEmpty(what, rows, entriesOf(pasts).length);
  if (acceptShrink) return;
  if (snapshot === null) {
    const settled = [...pasts.values()].filter(
      (past) =>
        past.versions[past.at]!.entry !== null &&
        !otherVersions(past, isOpen).some((index) => past.versions[index]!.entry === null),
    );
    assertLargeEnough(what, rows, settled.length);
    return;
  }
  const namesOf = (some: readonly Row[]) => some.map(({ name }) => name);
  const lost = lostRows(namesOf(unpack(snapshot.content)), namesOf(reading.rows), namesLeft(pasts));
  assertNotShrunk({ what, rows, before: snapshot.rows, lost });
}

/** What was read of a source, for the next look. */
export function pack(rows: readonly Row[]): Buffer {
  return gzipSync(JSON.stringify(rows));
}

function unpack(content: Buffer): Row[] {
  return JSON.parse(gunzipSync(content).toString('utf8')) as Row[];
}
