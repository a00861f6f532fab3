import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Entry, PlacedEntry, Rule } from '../../src/model.ts';
import { readHead } from '../../src/parse/head.ts';
import { readRule } from '../../src/parse/rule.ts';
import { readSupplement } from '../../src/parse/supplement.ts';
import { admitXml } from '../../src/parse/xml.ts';

export { summarise } from '../../src/record.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));

/** Data of public record that stand beside a checkout of the project; null where they are absent. */
export const SHARED_DATA: string | null = (() => {
  const folder = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
  return existsSync(folder) ? folder : null;
})();

export const RULE_NUMBERS = readdirSync(`${FIXTURES}rules`).filter((name) => /^\d{4}-\d{5}$/u.test(name));

export function fixturePath(path: string): string {
  return FIXTURES + path;
}

export function readFixture(path: string): Buffer {
  return readFileSync(FIXTURES + path);
}

/** A rule of `fixtures/rules` as the reader sees it. */
export function readFixtureRule(number: string): Rule {
  const record: unknown = JSON.parse(readFixture(`rules/${number}/source.json`).toString());
  return readRule(admitXml(readFixture(`rules/${number}/source.xml`)), readHead(record));
}

/** The baseline before the rules of March 2025, with an id for each entry. */
export function readBaseline(): Entry[] {
  const xml = admitXml(gunzipSync(readFixture('list/supplement-4-2025-03-24.xml.gz')));
  return withIds(readSupplement(xml).entries);
}

export function withIds(entries: readonly PlacedEntry[]): Entry[] {
  return entries.map((entry, at) => ({ ...entry, entryId: `entry-${at}` }));
}
