import { userInfo } from 'node:os';
import type { App } from '../app.ts';
import { ElwatchError, errorLine } from '../errors.ts';
import { findHeld, type Ingested, ingest, ingestStored } from '../ingest.ts';
import { odditiesOf } from '../parse/oddities.ts';
import { applyReplacements, occurrencesOf } from '../parse/overrides.ts';
import { admitXml } from '../parse/xml.ts';
import { quietOldChangeSets } from '../store/backfill.ts';
import { latestVersion } from '../store/document-versions.ts';
import { recordOutcome, type StoredDocument } from '../store/documents.ts';
import { addOverride, endOverrides, overridesOf, type StoredOverride } from '../store/overrides.ts';
import { inTransaction } from '../store/transaction.ts';
import { find, findHeldDocument, type Which } from './held-documents.ts';
import { type Output, safe, table } from './output.ts';
import { withoutWarnings } from './without-warnings.ts';
import { finish } from './work.ts';

/** A decision as the command line gives it. */
export interface Decision extends Which {
  reason: string;
  who?: string;
}

/** `elwatch held accept`: the document is read rightly although a check fails. */
export async function runHeldAccept(app: App, number: string, decision: Decision, out: Output) {
  const document = await findHeldDocument(app, number, decision);
  await decide(app, document, { kind: 'accept' }, decision, out);
}

/** `elwatch held ignore`: the document is left out for good. */
export async function runHeldIgnore(app: App, number: string, decision: Decision, out: Output) {
  const document = await findHeldDocument(app, number, decision);
  await decide(app, document, { kind: 'ignore' }, decision, out);
}

/** `elwatch held replace`: words of the source are read as others, as a person says. */
export async function runHeldReplace(
  app: App,
  number: string,
  options: Decision & { find: string; by: string },
  out: Output,
): Promise<void> {
  const document = await findHeldDocument(app, number, options);
  const row = { find: options.find, by: options.by };
  await tryReplacement(app, document, row);
  await decide(app, document, { kind: 'replace', ...row }, options, out);
}

/** `elwatch held undo`: ends the overrides of a document; the rows stay. */
export async function runHeldUndo(app: App, number: string, options: Which, out: Output): Promise<void> {
  const document = await find(app, number, options);
  const at = app.parts.now();
  const ended = await inTransaction(app.parts.db, async (tx) => {
    const count = await endOverrides(tx, document.number, document.publishedOn, at);
    // What was ignored by decision is as open as before; a look finds out what it is now.
    if (count > 0 && document.status === 'ignored')
      await recordOutcome(tx, document.number, document.publishedOn, {
        status: 'held',
        statusReason: 'its overrides were ended',
        parserVersion: null,
      });
    return count;
  });
  if (ended === 0)
    throw new ElwatchError('no-override', `${document.number} has no override that counts`, {
      retry: false,
      hint: `elwatch held show ${document.number} shows those that ended`,
    });
  if (document.status === 'applied') {
    out.result({ ended, documents: [], sent: 0 }, () =>
      [
        `${ended} overrides of ${document.number} ended.`,
        'It was applied by then: its changes stay, since what was published is never taken back in silence.',
      ].join('\n'),
    );
    return;
  }
  await lookAgain(app, document, { ended }, `${ended} overrides of ${document.number} ended.`, out);
}

/** Notes a decision and lets it count at once. */
async function decide(
  app: App,
  document: StoredDocument,
  what: { kind: StoredOverride['kind']; find?: string; by?: string },
  decision: Decision,
  out: Output,
): Promise<void> {
  const { number, publishedOn } = document;
  const who = (decision.who ?? systemUser()).slice(0, 100);
  const override = await addOverride(app.parts.db, {
    ...{ number, publishedOn, ...what },
    ...{ reason: decision.reason, who, madeAt: app.parts.now() },
  });
  await lookAgain(app, document, { override }, `Recorded as override ${override.id} by ${safe(who)}.`, out);
}

/** Takes the document through its route again, and then those that may have waited for it. */
async function lookAgain(
  app: App,
  document: StoredDocument,
  data: object,
  said: string,
  out: Output,
): Promise<void> {
  const parts = withoutWarnings(app.parts);
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
  const sent = await finish(app, []);
  out.result({ ...data, documents: looked, failed, sent }, () =>
    [
      said,
      table(
        ['document', 'published', 'outcome', 'why'],
        looked.map((one) => [one.number, one.publishedOn, one.outcome, one.reason]),
        90,
      ),
      ...failed,
      ...(looked[0]?.outcome === 'held' ? [`Still held; elwatch held show ${number} says why.`] : []),
    ].join('\n'),
  );
}

/** Refuses a replacement that would do nothing, or nothing good, before it is recorded. */
async function tryReplacement(
  app: App,
  document: StoredDocument,
  row: { find: string; by: string },
): Promise<void> {
  const { number, publishedOn } = document;
  const saved = await latestVersion(app.parts.db, number, publishedOn, 'xml');
  if (saved === null)
    throw new ElwatchError('no-text', `${number} has no full text yet in which words could be replaced`, {
      retry: true,
      hint: `elwatch ingest ${number} asks for it again`,
    });
  const made = (await overridesOf(app.parts.db, number, publishedOn)).filter(
    ({ kind }) => kind === 'replace',
  );
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

/** Who is at the terminal, for the record. */
export function systemUser(): string {
  try {
    return userInfo().username || 'unknown';
  } catch {
    // A user id without a name, as containers have.
    return 'unknown';
  }
}
