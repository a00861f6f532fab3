import { ElwatchError, errorLine } from './errors.ts';
import { type FetchedRecord, type FetchedText, fetchRecord, fetchText } from './ingest/fetch.ts';
import { holdUnread, withdraw } from './ingest/hold.ts';
import { ignoreByHand } from './ingest/ignore.ts';
import { readFromIssue, standsFromIssue } from './ingest/issue.ts';
import { type Ingested, PARSER_VERSION, result } from './ingest/outcome.ts';
import { minutesKnown, PATIENCE_MINUTES, settle } from './ingest/settle.ts';
import type { DocumentHead, Rule } from './model.ts';
import { readHead } from './parse/head.ts';
import { readStated } from './parse/stated.ts';
import type { Parts } from './parts.ts';
import { latestVersion, processedText } from './store/document-versions.ts';
import { findDocument, listDocuments, type StoredDocument } from './store/documents.ts';
import { overridesOf, type StoredOverride } from './store/overrides.ts';
import { inTransaction } from './store/transaction.ts';

export type { Ingested };

/**
 * The route of one document: fetch, parse, verify, apply, store. Whatever was done before is not done again.
 *
 * @throws ElwatchError of the client, the parser or the XML gate, for half an hour; from then on the document is held
 */
export async function ingest(parts: Parts, number: string, publishedOn: string): Promise<Ingested> {
  const ingested = await goRoute(parts, number, publishedOn);
  const { outcome, reason } = ingested;
  // What was applied or is held says so where it is decided, with more.
  if (outcome === 'ignored' || outcome === 'waiting' || outcome === 'withdrawn')
    parts.log.info({ document: number, outcome, reason }, 'nothing applied');
  return ingested;
}

async function goRoute(parts: Parts, number: string, publishedOn: string): Promise<Ingested> {
  const fetched = await fetchRecord(parts, number, publishedOn);
  if (fetched === null) return goneOrUnknown(parts, number, publishedOn);
  const { document, head, fault, isNew } = fetched;
  const overrides = await overridesOf(parts.db, document.number, document.publishedOn);
  const ignored = overrides.find(({ kind }) => kind === 'ignore');
  if (ignored) return ignoreByHand(parts, document, ignored);
  try {
    if (fault) throw fault;
    const text = await readText(parts, fetched, overrides);
    if (text === null) return await awaitText(parts, document, head);
    const { rule, xmlSha256 } = text;
    if (rule === null) return result(document, 'unchanged', 'the text is the one that was processed before');
    const quiet = document.xmlSha256 === xmlSha256 && !isNew;
    return await inTransaction(parts.db, (tx) =>
      settle(parts, tx, { document, rule, overrides, xmlSha256, quiet }),
    );
  } catch (error) {
    return await giveUpOrThrow(parts, document, head, error);
  }
}

/**
 * Reads a document anew from the bytes that are stored, with this parser; asks upstream for nothing. What was
 * applied and now reads differently is corrected quietly.
 *
 * @throws ElwatchError `bytes-missing` where its text was never fetched, or of the XML gate
 */
export async function ingestStored(parts: Parts, document: StoredDocument): Promise<Ingested> {
  const { number, publishedOn } = document;
  const xml = await processedText(parts.db, document);
  const meta = await latestVersion(parts.db, number, publishedOn, 'meta');
  if (xml === null || meta === null)
    throw new ElwatchError('bytes-missing', `no text of ${number} is stored`, {
      retry: false,
      hint: `run elwatch ingest ${number}, which fetches it`,
    });
  const overrides = await overridesOf(parts.db, number, publishedOn);
  const ignored = overrides.find(({ kind }) => kind === 'ignore');
  if (ignored) return ignoreByHand(parts, document, ignored);
  const record: object = JSON.parse(meta.bytes.toString('utf8'));
  const rule = await parts.parser.document(
    readHead({ publication_date: publishedOn, ...record }),
    xml.bytes,
    replacementsOf(overrides),
  );
  return inTransaction(parts.db, (tx) =>
    settle(parts, tx, { document, rule, overrides, xmlSha256: xml.sha256, quiet: true }),
  );
}

/** Documents that wait for what other documents do to the list, in the order of print. */
export async function findHeld(
  parts: Parts,
  since: string,
): Promise<{ number: string; publishedOn: string }[]> {
  const held = await listDocuments(parts.db, { status: 'held', since, limit: 100 });
  return held
    .sort(
      (a, b) =>
        a.publishedOn.localeCompare(b.publishedOn) || (a.head.startPage ?? 0) - (b.head.startPage ?? 0),
    )
    .map(({ number, publishedOn }) => ({ number, publishedOn }));
}

async function goneOrUnknown(parts: Parts, number: string, publishedOn: string): Promise<Ingested> {
  const document = await findDocument(parts.db, number, publishedOn);
  if (document !== null) return withdraw(parts, document);
  return result({ number, publishedOn }, 'withdrawn', 'the Federal Register does not have it');
}

interface ReadText {
  xmlSha256: string;
  /** Null where it need not be read: it was processed before. */
  rule: Rule | null;
}

/**
 * Reads the text of a document, and that in the issue of its day where it has none or none that can be read. Null
 * where there is neither.
 *
 * @throws ElwatchError of the client, the parser or the XML gate, about the text of its own
 */
async function readText(
  parts: Parts,
  { document, head, isNew }: FetchedRecord,
  overrides: readonly StoredOverride[],
): Promise<ReadText | null> {
  const read = async ({ bytes, sha256 }: FetchedText): Promise<ReadText> => {
    const isRead = isDone(document, sha256) && !isNew;
    const rule = isRead ? null : await parts.parser.document(head, bytes, replacementsOf(overrides));
    return { xmlSha256: sha256, rule };
  };
  if (head.xmlUrl === null) return readFromIssue(parts, document, read);
  try {
    return await read(await fetchText(parts, document, head.xmlUrl));
  } catch (error) {
    if (!(error instanceof ElwatchError) || error.code === 'closing') throw error;
    const other = await readFromIssue(parts, document, read);
    if (other !== null) return other;
    if (error.code === 'http-404' && (await standsFromIssue(parts, document))) return null;
    throw error;
  }
}

const replacementsOf = (overrides: readonly StoredOverride[]) =>
  overrides.filter(({ kind }) => kind === 'replace').map(({ find, by }) => ({ find, by }));

/** Applied or ignored from these very bytes by this very parser. */
function isDone(document: StoredDocument, sha256: string): boolean {
  const settled = document.status === 'applied' || document.status === 'ignored';
  return settled && document.xmlSha256 === sha256 && document.parserVersion === PARSER_VERSION;
}

/** The record is there and the text is not. Silence would be the worst answer, so patience is short. */
async function awaitText(parts: Parts, document: StoredDocument, head: DocumentHead): Promise<Ingested> {
  const states = Object.keys(readStated(head.abstract, head.title)).length > 0;
  if (document.status !== 'new' || !states || minutesKnown(parts, document) < PATIENCE_MINUTES)
    return result(document, 'waiting', 'its full text is not published yet');
  return holdUnread(parts, document, head, 'xml-missing', 'the full text is not published yet');
}

/** A text that cannot be had or read is tried again; when that goes on, or cannot help, the document is held. */
async function giveUpOrThrow(
  parts: Parts,
  document: StoredDocument,
  head: DocumentHead,
  error: unknown,
): Promise<Ingested> {
  if (!(error instanceof ElwatchError) || error.code === 'closing') throw error;
  if (document.status === 'applied' || document.status === 'ignored') throw error;
  if (error.retry && minutesKnown(parts, document) < PATIENCE_MINUTES) throw error;
  return holdUnread(parts, document, head, error.code, errorLine(error));
}
