import pc from 'picocolors';
import type { App } from '../app.ts';
import type { Issue } from '../model.ts';
import { markupAround } from '../parse/markup-around.ts';
import { describeLocator } from '../render/words.ts';
import { latestVersion } from '../store/document-versions.ts';
import { listDocuments, type StoredDocument } from '../store/documents.ts';
import { overridesOf, type StoredOverride } from '../store/overrides.ts';
import { longestExcerpt, suggest } from './held-advice.ts';
import { find, heldSince, openIssuesOf, type Which } from './held-documents.ts';
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
    const issues = await holdingIssues(app, document);
    queue.push({
      number: document.number,
      publishedOn: document.publishedOn,
      heldSince: await heldSince(app, document),
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
  const document = await find(app, number, options);
  const { publishedOn } = document;
  const source = await sourceOf(app, document);
  const failingChecks = document.checks.filter((check) => check.status === 'fail');
  const open = await openIssuesOf(app, document);
  const issues = open
    // A failed check opens an issue of the same words.
    .filter((issue) => !failingChecks.some((check) => check.message === issue.message))
    .map((issue) => ({
      ...issue,
      markup: source === null || issue.excerpt === null ? null : markupAround(source, issue.excerpt),
    }));
  const overrides = await overridesOf(app.parts.db, document.number, publishedOn, { ended: true });
  const shown = {
    number: document.number,
    publishedOn,
    title: document.head.title,
    url: document.head.htmlUrl,
    status: document.status,
    reason: document.statusReason,
    heldSince: document.status === 'held' ? await heldSince(app, document) : null,
    stated: document.stated,
    failingChecks,
    issues,
    amendments: document.amendments ?? [],
    overrides,
    next: suggest(document, open, true),
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

async function sourceOf(app: App, { number, publishedOn }: StoredDocument): Promise<string | null> {
  const saved = await latestVersion(app.parts.db, number, publishedOn, 'xml');
  return saved === null ? null : saved.bytes.toString('utf8');
}

async function holdingIssues(app: App, document: StoredDocument): Promise<Issue[]> {
  return (await openIssuesOf(app, document)).filter((issue) => issue.holds);
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
