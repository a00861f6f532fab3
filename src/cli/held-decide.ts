import { userInfo } from 'node:os';
import type { App } from '../app.ts';
import { endDecisions, findStored, type HeldDecision, lookAgain, noteDecision } from '../held.ts';
import type { StoredDocument } from '../store/documents.ts';
import { type Output, safe, table } from './output.ts';
import { withoutWarnings } from './without-warnings.ts';
import { finish } from './work.ts';

/** Which document a command means; a number alone means the newest of that number. */
export interface Which {
  publishedOn?: string;
}

/** A decision as the command line gives it. */
export interface Decision extends Which {
  reason: string;
  who?: string;
}

/** `elwatch held accept`: the document is read rightly although a check fails. */
export async function runHeldAccept(app: App, number: string, decision: Decision, out: Output) {
  await decide(app, number, { kind: 'accept' }, decision, out);
}

/** `elwatch held ignore`: the document is left out for good. */
export async function runHeldIgnore(app: App, number: string, decision: Decision, out: Output) {
  await decide(app, number, { kind: 'ignore' }, decision, out);
}

/** `elwatch held replace`: words of the source are read as others, as a person says. */
export async function runHeldReplace(
  app: App,
  number: string,
  options: Decision & { find: string; by: string },
  out: Output,
): Promise<void> {
  await decide(app, number, { kind: 'replace', find: options.find, by: options.by }, options, out);
}

/** `elwatch held undo`: ends the overrides of a document; the rows stay. */
export async function runHeldUndo(app: App, number: string, options: Which, out: Output): Promise<void> {
  const document = await findStored(app.parts.db, number, options.publishedOn);
  const ended = await endDecisions(app.parts, document);
  if (document.status === 'applied') {
    out.result({ ended, documents: [], sent: 0 }, () =>
      [
        `${ended} overrides of ${document.number} ended.`,
        'It was applied by then: its changes stay, since what was published is never taken back in silence.',
      ].join('\n'),
    );
    return;
  }
  await tellLook(app, document, { ended }, `${ended} overrides of ${document.number} ended.`, out);
}

/** Notes a decision and lets it count at once. */
async function decide(
  app: App,
  number: string,
  what: HeldDecision,
  { publishedOn, reason, who = systemUser() }: Decision,
  out: Output,
): Promise<void> {
  const { document, override } = await noteDecision(app.parts, number, publishedOn, what, { who, reason });
  const said = `Recorded as override ${override.id} by ${safe(override.who)}.`;
  await tellLook(app, document, { override }, said, out);
}

async function tellLook(
  app: App,
  document: StoredDocument,
  data: object,
  said: string,
  out: Output,
): Promise<void> {
  const { documents, failed } = await lookAgain(withoutWarnings(app.parts), document, said);
  const sent = await finish(app, []);
  out.result({ ...data, documents, failed, sent }, () =>
    [
      said,
      table(
        ['document', 'published', 'outcome', 'why'],
        documents.map((one) => [one.number, one.publishedOn, one.outcome, one.reason]),
        90,
      ),
      ...failed,
      ...(documents[0]?.outcome === 'held'
        ? [`Still held; elwatch held show ${document.number} says why.`]
        : []),
    ].join('\n'),
  );
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
