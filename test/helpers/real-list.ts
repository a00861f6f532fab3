import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readSupplement } from '../../src/parse/supplement.ts';
import { admitXml } from '../../src/parse/xml.ts';
import { entrySubject } from '../../src/screen/entry-subject.ts';
import type { Subject } from '../../src/screen/subject.ts';

const SUPPLEMENT = new URL('../../fixtures/list/supplement-4-2025-03-24.xml.gz', import.meta.url);

/** The Entity List of 24 March 2025 as subjects of screening, with ids by place. */
export function readRealList(): Subject[] {
  const { entries } = readSupplement(admitXml(gunzipSync(readFileSync(SUPPLEMENT))));
  return entries.map((entry, at) => entrySubject({ ...entry, entryId: String(at) }));
}
