import { ElwatchError, errorLine } from './errors.ts';
import type { Parts } from './parts.ts';
import { latestVersion, listVersions } from './store/document-versions.ts';

const MOST_KEPT = 50;
/** What says nothing of the text itself. */
const MAY_PASS = new Set(['reading-gave-up', 'parser-failed', 'closing']);

/** Finds what the instructions of a document say; empty where its text is not at hand or cannot be read. */
export type SourceTexts = (number: string, publishedOn: string) => Promise<ReadonlyMap<string, string>>;

/** Reads the instructions of stored documents, and keeps those of the last few versions. */
export function createSourceTexts({ db, log, parser }: Pick<Parts, 'db' | 'log' | 'parser'>): SourceTexts {
  const kept = new Map<string, Promise<ReadonlyMap<string, string>>>();
  const read = async (number: string, publishedOn: string, sha256: string) => {
    const version = await latestVersion(db, number, publishedOn, 'xml', { sha256 });
    return version === null ? new Map() : parser.instructions(version.bytes);
  };
  return async (number, publishedOn) => {
    // The bytes are read only where this version was not met before: they can be megabytes.
    const heads = await listVersions(db, number, publishedOn);
    const newest = heads
      .filter(({ kind }) => kind === 'xml')
      .sort((a, b) => b.lastSeenAt.localeCompare(a.lastSeenAt))[0];
    if (newest === undefined) return new Map();
    const { sha256 } = newest;
    const known = kept.get(sha256);
    if (known !== undefined) return known;
    if (kept.size >= MOST_KEPT) kept.clear();
    // All who ask at once wait for the same.
    const reading = read(number, publishedOn, sha256).catch((error: unknown) => {
      log.info({ document: number, error: errorLine(error) }, 'its instructions cannot be shown');
      // A text that was not admitted never is, and its page says so: there is nothing to show beside it.
      const isLasting = error instanceof ElwatchError && !MAY_PASS.has(error.code);
      if (!isLasting) kept.delete(sha256);
      return new Map();
    });
    kept.set(sha256, reading);
    return reading;
  };
}
