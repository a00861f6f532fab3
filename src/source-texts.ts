import type { Parts } from './parts.ts';
import { latestVersion, listVersions } from './store/document-versions.ts';

const MOST_KEPT = 50;

/** Finds what the instructions of a document say; empty where its text is not at hand or cannot be read. */
export type SourceTexts = (number: string, publishedOn: string) => Promise<ReadonlyMap<string, string>>;

/** Reads the instructions of stored documents, and keeps those of the last few versions. */
export function createSourceTexts({ db, parser }: Pick<Parts, 'db' | 'parser'>): SourceTexts {
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
    // A text that could not be admitted is held, and its page says so: there is nothing to show beside it.
    const texts =
      version === null ? new Map() : await parser.instructions(version.bytes).catch(() => new Map());
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(version?.sha256 ?? newest.sha256, texts);
    return texts;
  };
}
