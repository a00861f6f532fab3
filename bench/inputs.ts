import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export const SHARED = new URL('../../shared/data/', import.meta.url);
export const FIXTURES = new URL('../fixtures/', import.meta.url);

/** The 70-entry rule of March 2025, with its record. */
export function readRuleInput(): { xml: Buffer; record: unknown } {
  return {
    xml: readFileSync(new URL('rules/2025-05426/source.xml', FIXTURES)),
    record: JSON.parse(readFileSync(new URL('rules/2025-05426/source.json', FIXTURES), 'utf8')),
  };
}

/** The whole list as eCFR prints it: 3,409 rows where the shared data is at hand, else the packaged fixture. */
export function readSupplementInput(): Buffer {
  const shared = new URL('ecfr-part-744-2026-07-09.xml', SHARED);
  if (existsSync(shared)) return readFileSync(shared);
  return gunzipSync(readFileSync(new URL('list/supplement-4-2025-03-24.xml.gz', FIXTURES)));
}
