import type { Kysely } from 'kysely';
import { readInstructionTexts } from './parse/instruction-texts.ts';
import { admitXml } from './parse/xml.ts';
import { latestVersion, listVersions } from './store/document-versions.ts';
import type { Schema } from './store/schema.ts';

const MOST_KEPT = 50;

/** Finds what the instructions of a document say; empty where its text is not at hand or cannot be read. */
export type SourceTexts = (number: string, publishedOn: string) => Promise<ReadonlyMap<string, string>>;

/** Reads the instructions of stored documents, and keeps those of the last few versions. */
export function createSourceTexts(db: Kysely<Schema>): SourceTexts {
  const kept = new Map<string, ReadonlyMap<string, string>>();
  return async (number, publishedOn) => {
    // The bytes are read only where this version was not met before: they can be megabytes.
    const heads = await listVersions(db, number, publishedOn);
    const newest = heads
      .filter(({ kind }) => kind === 'xml')
      .sort((a, b) => b.lastSeenAt.localeCompare(a.lastSeenAt))[0];
    if (newest === undefined) return new Map();
    const known = kept.get(newest.sha256);
    if (known !== undefined) return known;
    const version = await latestVersion(db, number, publishedOn, 'xml');
    const texts = version === null ? new Map() : readOrNothing(version.bytes);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(version?.sha256 ?? newest.sha256, texts);
    return texts;
  };
}

/** A text that could not be admitted is held, and its page says so: there is nothing to show beside it. */
function readOrNothing(bytes: Uint8Array): ReadonlyMap<string, string> {
  try {
    return readInstructionTexts(admitXml(bytes));
  } catch {
    return new Map();
  }
}
