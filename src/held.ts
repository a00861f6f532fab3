import type { Kysely } from 'kysely';
import { ElwatchError, errorLine } from './errors.ts';
import { findHeld, type Ingested, ingest, ingestStored } from './ingest.ts';
import type { Issue } from './model.ts';
import { odditiesOf } from './parse/oddities.ts';
import { applyReplacements, occurrencesOf } from './parse/overrides.ts';
import { admitXml } from './parse/xml.ts';
import type { Parts } from './parts.ts';
import { quietOldChangeSets } from './store/backfill.ts';
import { changeSetsOf } from './store/change-sets.ts';
import { latestVersion, processedText } from './store/document-versions.ts';
import { findDocument, recordOutcome, type StoredDocument } from './store/documents.ts';
import { listIssues } from './store/issues.ts';
import { addOverride, endOverrides, overridesOf, type StoredOverride } from './store/overrides.ts';
import type { Schema } from './store/schema.ts';
import { inTransaction } from './store/transaction.ts';

/** What a person decided about a held document. Words are given as the source has them, with its tags. */
export type HeldDecision =
  | { kind: 'accept' }
  | { kind: 'ignore' }
  | { kind: 'replace'; find: string; by: string };

/** What came of a decision. The first document is the one that it was about. */
export interface Decided {
  documents: Ingested[];
  /** Documents that may have waited for it and could not be looked at now, in one line each. */
  failed: string[];
}

/**
 * A stored document; without a day the newest of that number.
 *
 * @throws ElwatchError `document-unknown`
 */
export async function findStored(
  db: Kysely<Schema>,
  number: string,
  publishedOn?: string,
): Promise<StoredDocument> {
  const document = await findDocument(db, number, publishedOn ?? null);
  if (document !== null) return document;
  const of = publishedOn === undefined ? '' : ` of ${publishedOn}`;
  throw new ElwatchError('document-unknown', `no document ${number.slice(0, 60)}${of} is stored`, {
    retry: false,
    hint: 'elwatch held and elwatch documents list the numbers',
  });
}

/** Its open issues, oldest first, without what an issue is stored with. */
export async function openIssuesOf(
  db: Kysely<Schema>,
  { number, publishedOn }: StoredDocument,
): Promise<Issue[]> {
  const issues = await listIssues(db, { open: true, number });
  return issues
    .filter((issue) => issue.publishedOn === null || issue.publishedOn === publishedOn)
    .reverse()
    .map(({ code, holds, message, excerpt, locator }) => ({ code, holds, message, excerpt, locator }));
}

/** When it was held last; null where that is not on record. */
export async function heldSince(
  db: Kysely<Schema>,
  { number, publishedOn }: StoredDocument,
): Promise<string | null> {
  const sets = await changeSetsOf(db, number, publishedOn);
  return sets.findLast((set) => set.outcome === 'held')?.knownAt ?? null;
}

/**
 * Notes what a person decided about a held document; from then on it counts. A replacement that would do nothing, or
 * nothing good, is refused before it is noted.
 *
 * @param by who decides and why, for the record
 * @throws ElwatchError `document-unknown`, `not-held`, `no-text`, `override-unmatched`, `override-breaks-source`
 */
export async function noteDecision(
  { db, now }: Parts,
  number: string,
  publishedOn: string | undefined,
  decision: HeldDecision,
  by: { who: string; reason: string },
): Promise<{ document: StoredDocument; override: StoredOverride }> {
  const document = await findStored(db, number, publishedOn);
  if (document.status !== 'held')
    throw new ElwatchError('not-held', `${document.number} is not held, it is ${document.status}`, {
      retry: false,
      hint: 'only what is held waits for a decision; elwatch held lists it',
    });
  if (decision.kind === 'replace') await tryReplacement(db, document, decision);
  const override = await addOverride(db, {
    ...{ number: document.number, publishedOn: document.publishedOn, ...decision },
    ...{ reason: by.reason, who: by.who.slice(0, 100), madeAt: now() },
  });
  return { document, override };
}

/**
 * Ends what was decided about a document; the record of it stays. Answers how many decisions that were.
 *
 * @throws ElwatchError `no-override`
 */
export async function endDecisions({ db, now }: Parts, document: StoredDocument): Promise<number> {
  const { number, publishedOn, status } = document;
  const ended = await inTransaction(db, async (tx) => {
    const count = await endOverrides(tx, number, publishedOn, now());
    // What was ignored by decision is as open as before; a look finds out what it is now.
    if (count > 0 && status === 'ignored')
      await recordOutcome(tx, number, publishedOn, {
        status: 'held',
        statusReason: 'its overrides were ended',
        parserVersion: null,
      });
    return count;
  });
  if (ended === 0)
    throw new ElwatchError('no-override', `${number} has no override that counts`, {
      retry: false,
      hint: `elwatch held show ${number} shows those that ended`,
    });
  return ended;
}

/**
 * Takes a document through its route again, so that a decision counts at once, and then those that may have waited
 * for it. Nobody is told here: `sweep` finds what is to be told.
 *
 * @param said what was done until now, for the error
 * @throws ElwatchError `not-looked-at`; the decision stays
 */
export async function lookAgain(parts: Parts, document: StoredDocument, said: string): Promise<Decided> {
  const { number, publishedOn } = document;
  const looked: Ingested[] = [];
  try {
    // From the stored text where there is one: a decision needs no network.
    const saved = await latestVersion(parts.db, number, publishedOn, 'xml');
    looked.push(
      saved === null ? await ingest(parts, number, publishedOn) : await ingestStored(parts, document),
    );
  } catch (error) {
    throw new ElwatchError(
      'not-looked-at',
      `${said} The document could not be looked at now: ${errorLine(error)}`,
      {
        retry: true,
        hint: `the decision counts from now on: elwatch ingest ${number} tries again`,
        cause: error,
      },
    );
  }
  const failed: string[] = [];
  if (looked[0]?.outcome === 'applied')
    for (const held of await findHeld(parts, publishedOn))
      await ingest(parts, held.number, held.publishedOn).then(
        (one) => looked.push(one),
        (error: unknown) => failed.push(`${held.number}: ${errorLine(error)}`),
      );
  await quietOldChangeSets(parts.db, parts.now());
  return { documents: looked, failed };
}

async function tryReplacement(
  db: Kysely<Schema>,
  document: StoredDocument,
  row: { find: string; by: string },
): Promise<void> {
  const { number, publishedOn } = document;
  const saved = await processedText(db, document);
  if (saved === null)
    throw new ElwatchError('no-text', `${number} has no full text yet in which words could be replaced`, {
      retry: true,
      hint: `elwatch ingest ${number} asks for it again`,
    });
  const made = (await overridesOf(db, number, publishedOn)).filter(({ kind }) => kind === 'replace');
  const before = applyReplacements(saved.bytes, [...odditiesOf(number, publishedOn), ...made]).bytes;
  const { bytes, unmatched } = applyReplacements(before, [row]);
  if (unmatched.length > 0) {
    const count = occurrencesOf(before.toString('utf8'), row.find).length;
    throw new ElwatchError(
      'override-unmatched',
      count === 0
        ? `the words to find do not stand in the source of ${number}`
        : `the words to find stand ${count} times in the source of ${number}`,
      {
        retry: false,
        hint:
          count === 0
            ? `give them as the source has them, with its tags; elwatch held show ${number} prints the markup`
            : 'give more of the words around them, so that they stand there once',
      },
    );
  }
  try {
    admitXml(bytes);
  } catch (error) {
    if (!(error instanceof ElwatchError)) throw error;
    throw new ElwatchError(
      'override-breaks-source',
      `with these words the source of ${number} can no longer be read: ${error.message}`,
      {
        retry: false,
        hint: 'close every tag that --by opens, and write &amp; for & and &lt; for <',
        cause: error,
      },
    );
  }
}
