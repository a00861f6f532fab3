import { isDeepStrictEqual } from 'node:util';
import { ElwatchError } from '../errors.ts';
import type { DocumentHead } from '../model.ts';
import { readHead } from '../parse/head.ts';
import type { Parts } from '../parts.ts';
import { latestVersion, saveVersion } from '../store/document-versions.ts';
import { type StoredDocument, upsertDocument } from '../store/documents.ts';
import { closeIssuesOf } from '../store/issues.ts';

/** Bytes that were saved so recently are not fetched again: a retry starts from them. */
const FRESH_MINUTES = 10;

export interface FetchedRecord {
  document: StoredDocument;
  head: DocumentHead;
  /** Set where the record came and cannot be read. */
  fault: ElwatchError | null;
  /** True where the record was not known, or says something else than before. */
  isNew: boolean;
}

/**
 * Fetches and keeps the record of a document. Null where the Federal Register does not have it.
 */
export async function fetchRecord(
  parts: Parts,
  number: string,
  publishedOn: string,
): Promise<FetchedRecord | null> {
  const at = parts.now();
  let answer: Awaited<ReturnType<Parts['federalRegister']['fetchRecord']>>;
  try {
    answer = await parts.federalRegister.fetchRecord(number, publishedOn);
  } catch (error) {
    if (error instanceof ElwatchError && error.code === 'http-404') return null;
    throw error;
  }
  const { head, fault } = readHeadOrFault(answer.record, number, publishedOn);
  const { document } = await upsertDocument(parts.db, head, at);
  await closeIssuesOf(parts.db, document.number, at, 'document-gone');
  const before = await latestVersion(parts.db, document.number, document.publishedOn, 'meta');
  const isNew = before === null || !sameRecord(before.bytes, answer.bytes);
  if (isNew)
    await saveVersion(parts.db, {
      number: document.number,
      publishedOn: document.publishedOn,
      kind: 'meta',
      url: head.htmlUrl ?? '',
      contentType: answer.contentType,
      bytes: answer.bytes,
      fetchedAt: at,
    });
  return { document, head, fault, isNew };
}

/** The bytes of a text, which are kept. */
export interface FetchedText {
  bytes: Uint8Array;
  sha256: string;
}

/**
 * Fetches and keeps the full text of its own, or takes what was kept minutes ago and not processed yet. What was cut
 * out of the issue stands in for it only where it cannot be had.
 */
export async function fetchText(
  parts: Parts,
  document: StoredDocument,
  xmlUrl: string,
): Promise<FetchedText> {
  const at = parts.now();
  const { number, publishedOn } = document;
  const saved = await latestVersion(parts.db, number, publishedOn, 'xml');
  const age = saved ? Date.parse(at) - Date.parse(saved.fetchedAt) : Number.POSITIVE_INFINITY;
  const isOwn = saved?.url !== parts.wholeIssues.addressOf(document);
  if (saved && isOwn && document.xmlSha256 !== saved.sha256 && age < FRESH_MINUTES * 60_000)
    return { bytes: saved.bytes, sha256: saved.sha256 };
  const text = await parts.federalRegister.fetchFullText(xmlUrl);
  const { sha256 } = await saveVersion(parts.db, {
    number,
    publishedOn,
    kind: 'xml',
    url: text.url,
    contentType: text.contentType,
    bytes: text.bytes,
    fetchedAt: at,
  });
  return { bytes: text.bytes, sha256 };
}

/** A record that cannot be read still is a document: its number and day are known from the search. */
function readHeadOrFault(
  record: unknown,
  number: string,
  publishedOn: string,
): { head: DocumentHead; fault: ElwatchError | null } {
  const dated = { publication_date: publishedOn, ...(record as object) };
  try {
    const head = readHead(dated);
    return { head: { ...head, publishedOn: head.publishedOn ?? publishedOn }, fault: null };
  } catch (error) {
    if (!(error instanceof ElwatchError)) throw error;
    const bare = {
      document_number: number,
      publication_date: publishedOn,
      title: '[the record cannot be read]',
    };
    return { head: readHead(bare), fault: error };
  }
}

/** Page views change with every request and make no new version (sources, §1.6). */
function sameRecord(before: Uint8Array, after: Uint8Array): boolean {
  const plain = (bytes: Uint8Array) => {
    const { page_views: _pageViews, ...rest } = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return rest;
  };
  return isDeepStrictEqual(plain(before), plain(after));
}
