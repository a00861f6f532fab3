import pc from 'picocolors';
import type { App } from '../app.ts';
import { findStored, heldSince, openIssuesOf } from '../held.ts';
import { readHeldDetail } from '../held-detail.ts';
import { describeLocator } from '../render/words.ts';
import { listDocuments } from '../store/documents.ts';
import type { StoredOverride } from '../store/overrides.ts';
import { longestExcerpt, suggest } from './held-advice.ts';
import type { Which } from './held-decide.ts';
import { describeIssue } from './issue-lines.ts';
import { type Output, safe, table } from './output.ts';

/** A document of the queue. */
interface Queued {
  number: string;
  publishedOn: string;
  /** When it was held last; null where that is not on record. */
  heldSince: string | null;
  title: string;
  reason: string | null;
  codes: string[];
  /** The words that were not understood, where some were. */
  excerpt: string | null;
  /** The command to go on with. */
  next: string;
}

/** `elwatch held`: the queue of what waits for a person, the oldest document first. */
export async function runHeldQueue(app: App, out: Output): Promise<void> {
  const documents = await listDocuments(app.parts.db, { status: 'held', limit: 1_000 });
  const queue: Queued[] = [];
  for (const document of documents.reverse()) {
    const issues = (await openIssuesOf(app.parts.db, document)).filter((issue) => issue.holds);
    queue.push({
      number: document.number,
      publishedOn: document.publishedOn,
      heldSince: await heldSince(app.parts.db, document),
      title: document.head.title,
      reason: document.statusReason,
      codes: [...new Set(issues.map((issue) => issue.code))],
      excerpt: longestExcerpt(issues),
      next: suggest(document, issues),
    });
  }
  out.result({ held: queue }, () =>
    queue.length === 0
      ? 'No document is held.'
      : [...queue.map(describeQueued), `${queue.length} held; the list is as it was before them.`].join(
          '\n\n',
        ),
  );
}

function describeQueued(one: Queued): string {
  return [
    `${pc.bold(one.number)}  ${safe(one.title)}`,
    `  published ${one.publishedOn}${one.heldSince === null ? '' : `, held since ${minute(one.heldSince)} UTC`}`,
    `  ${safe(one.reason ?? 'held')}${one.codes.length > 0 ? pc.dim(`  [${one.codes.join(', ')}]`) : ''}`,
    ...(one.excerpt === null ? [] : [`  “${safe(one.excerpt)}”`]),
    `  ${pc.cyan('next')}  ${one.next}`,
  ].join('\n');
}

function minute(at: string): string {
  return at.slice(0, 16).replace('T', ' ');
}

/** `elwatch held show`: everything that is known about one document and why it is held. */
export async function runHeldShow(app: App, number: string, options: Which, out: Output): Promise<void> {
  const { db } = app.parts;
  const document = await findStored(db, number, options.publishedOn);
  const { publishedOn } = document;
  const { failingChecks, issues, overrides, heldSince: since } = await readHeldDetail(db, document);
  const shown = {
    number: document.number,
    publishedOn,
    title: document.head.title,
    url: document.head.htmlUrl,
    status: document.status,
    reason: document.statusReason,
    heldSince: since,
    stated: document.stated,
    failingChecks,
    issues,
    amendments: document.amendments ?? [],
    overrides,
    next: suggest(document, await openIssuesOf(db, document), true),
  };
  out.result(shown, () =>
    [
      `${pc.bold(shown.number)}  ${safe(shown.title)}`,
      `Published ${publishedOn}, ${shown.status}${shown.reason ? `: ${safe(shown.reason)}` : ''}`,
      '',
      ...shown.failingChecks.map((check) => `${pc.red('fail')}  ${safe(check.message)}`),
      ...shown.issues.flatMap(describeIssue),
      '',
      table(
        ['does', 'destination', 'entry', 'where'],
        shown.amendments.map((amendment) => [
          amendment.action,
          amendment.destination,
          amendment.name,
          describeLocator(amendment.locator),
        ]),
      ),
      ...(overrides.length > 0 ? ['', describeOverrides(overrides)] : []),
      '',
      `Next: ${shown.next}`,
    ].join('\n'),
  );
}

function describeOverrides(overrides: readonly StoredOverride[]): string {
  return table(
    ['override', 'made', 'by', 'what', 'reason', 'ended'],
    overrides.map((one) => [
      one.id,
      minute(one.madeAt),
      one.who,
      one.kind === 'replace' ? `replace “${one.find}” by “${one.by}”` : one.kind,
      one.reason,
      one.endedAt === null ? '' : minute(one.endedAt),
    ]),
  );
}
