import { z } from 'zod';
import type { App } from '../app.ts';
import { type Baseline, fetchBaseline, fetchBulkBaseline, loadBaseline } from '../baseline.ts';
import { easternDay, isDay } from '../days.ts';
import { ElwatchError } from '../errors.ts';
import type { Issue, ListName, PlacedEntry, StoredChange } from '../model.ts';
import { destinationOfCode, findDestination } from '../parse/destinations.ts';
import { MAX_TITLE_BYTES, readSupplementBytes } from '../parse/supplement-bytes.ts';
import { renderListCsv } from '../render/csv.ts';
import { describeChange } from '../render/words.ts';
import { latestChangeSets } from '../store/change-sets.ts';
import { changesAfter } from '../store/changes.ts';
import { listDocuments } from '../store/documents.ts';
import { entriesAsOf } from '../store/entries.ts';
import { listIssues } from '../store/issues.ts';
import { assertKnownOn } from './history.ts';
import { type Output, table } from './output.ts';
import { parseJson, readInput } from './read-input.ts';

const Citation = z.object({ volume: z.number().int(), page: z.number().int(), on: z.iso.date().nullable() });
const texts = z.array(z.string().max(20_000)).max(2_000);
const SnapshotFile = z.object({
  entries: z
    .array(
      z.object({
        list: z.enum(['entity-list', 'unverified-list', 'military-end-user-list']),
        destination: z.string().min(1).max(200),
        country: z.string().max(10).nullable(),
        name: z.string().min(1).max(5_000),
        aliases: texts,
        addresses: texts,
        seeAlso: texts.default([]),
        licenseRequirement: z.string().max(20_000),
        licenseReviewPolicy: z.string().max(20_000),
        footnotes: z.array(z.number().int().min(0).max(99)),
        citations: z.array(Citation),
      }),
    )
    .max(50_000),
});

/** `elwatch baseline <file|date>`: a raw or parsed supplement, or eCFR at a day. */
export async function runBaseline(
  app: App,
  source: string,
  options: { list: ListName; on?: string },
  out: Output,
): Promise<void> {
  const baseline = isDay(source)
    ? await fetchBaseline(app.parts, options.list, source)
    : source === 'bulk'
      ? await fetchBulkBaseline(app.parts, options.list)
      : await readBaselineFile(source, options.list, options.on ?? easternDay(app.parts.now()));
  const loaded = await loadBaseline(app.parts, baseline);
  out.result({ list: baseline.list, on: baseline.on, entries: loaded.entries, issues: baseline.issues }, () =>
    [
      `Loaded ${loaded.entries} entries of the ${baseline.list} as of ${baseline.on}.`,
      ...(baseline.issues.length > 0 ? [`${baseline.issues.length} issues; see elwatch issues.`] : []),
    ].join('\n'),
  );
}

async function readBaselineFile(path: string, list: ListName, on: string): Promise<Baseline> {
  const bytes = await readInput(path, MAX_TITLE_BYTES);
  const start = bytes.subarray(0, 200).toString('utf8').trimStart();
  if (!start.startsWith('{')) {
    const { entries, issues } = readSupplementBytes(bytes, list);
    return { list, on, entries, issues };
  }
  const parsed = SnapshotFile.safeParse(parseJson(bytes, path));
  if (!parsed.success)
    throw new ElwatchError(
      'bad-snapshot',
      `${path}: ${parsed.error.issues
        .slice(0, 3)
        .map((fault) => `${fault.path.join('.')} ${fault.message}`)
        .join('; ')}`,
      {
        retry: false,
        hint: 'give what elwatch snapshot --json prints',
      },
    );
  const entries: PlacedEntry[] = parsed.data.entries.filter((entry) => entry.list === list);
  return { list, on, entries, issues: [] as Issue[] };
}

/** `elwatch list`: the list on a day, today unless told. */
export async function runList(
  app: App,
  options: { list: ListName; asOf?: string; knownAt?: string; destination?: string; format?: 'json' | 'csv' },
  out: Output,
): Promise<void> {
  const on = options.asOf ?? easternDay(app.parts.now());
  const known = options.knownAt === undefined ? {} : { knownAt: options.knownAt };
  await assertKnownOn(app, options.list, on);
  const country = options.destination === undefined ? null : codeOf(options.destination);
  const entries = (await entriesAsOf(app.parts.db, options.list, { on, ...known })).filter(
    (entry) => country === null || entry.country === country,
  );
  if (options.format === 'csv' && !out.json) {
    process.stdout.write(renderListCsv(entries));
    return;
  }
  if (options.format === 'json')
    process.stdout.write(
      `${JSON.stringify({ list: options.list, asOf: on, ...known, count: entries.length, entries }, null, 2)}\n`,
    );
  else
    out.result({ list: options.list, asOf: on, ...known, count: entries.length, entries }, () =>
      [
        table(
          ['destination', 'entry', 'aliases', 'first address'],
          entries.map((entry) => [
            entry.destination,
            entry.name,
            entry.aliases.length,
            entry.addresses[0] ?? '',
          ]),
        ),
        `${entries.length} entries as of ${on}${options.knownAt === undefined ? '' : `, as known at ${options.knownAt}`}.`,
      ].join('\n'),
    );
}

function codeOf(destination: string): string {
  const found = destinationOfCode(destination) ?? findDestination(destination);
  if (found) return found.country;
  throw new ElwatchError('unknown-destination', `“${destination}” is no known destination`, {
    retry: false,
    hint: 'give a heading as the supplement prints it, or a code as CN',
  });
}

/** Destinations as a filter takes them: codes or names, separated by commas in options. */
export function readCountries(text: string | undefined): string[] {
  return (text ?? '')
    .split(';')
    .flatMap((part) => (findDestination(part) ? [part] : part.split(',')))
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(codeOf);
}

/** `elwatch changes`: what rules changed, in the order of their sequence. */
export async function runChanges(
  app: App,
  options: { since?: string; document?: string },
  out: Output,
): Promise<void> {
  const sets = await latestChangeSets(app.parts.db, {
    limit: 10_000,
    ...(options.document === undefined ? {} : { document: options.document }),
  });
  const wanted = new Set(
    sets
      .filter(
        (set) =>
          options.since === undefined ||
          set.effectiveOn >= options.since ||
          easternDay(set.knownAt) >= options.since,
      )
      .map((set) => set.changeSetId),
  );
  const changes: StoredChange[] = [];
  for (let after = 0; ; ) {
    const page = await changesAfter(app.parts.db, { after, limit: 1_000 });
    changes.push(...page.filter((change) => wanted.has(change.changeSetId)));
    if (page.length < 1_000) break;
    after = page.at(-1)!.seq;
  }
  out.result({ changes }, () =>
    [
      table(
        ['seq', 'effective', 'what', 'document'],
        changes.map((change) => [change.seq, change.effectiveOn, describeChange(change), change.changeSetId]),
        90,
      ),
      `${changes.length} changes.`,
    ].join('\n'),
  );
}

/** `elwatch documents`: every document that was looked at, with what became of it. */
export async function runDocuments(app: App, out: Output): Promise<void> {
  const documents = await listDocuments(app.parts.db, { limit: 1_000 });
  const rows = documents.map(
    ({ number, publishedOn, status, verdict, statusReason, head, firstSeenAt, lastCheckedAt }) => ({
      number,
      publishedOn,
      status,
      verdict,
      statusReason,
      title: head.title,
      url: head.htmlUrl,
      firstSeenAt,
      lastCheckedAt,
    }),
  );
  out.result({ documents: rows }, () =>
    table(
      ['number', 'published', 'status', 'title', 'why'],
      rows.map((row) => [
        row.number,
        row.publishedOn,
        row.status,
        row.title,
        row.statusReason ?? row.verdict,
      ]),
    ),
  );
}

/** `elwatch issues`: what could not be accounted for and is still open. */
export async function runIssues(app: App, out: Output): Promise<void> {
  const issues = await listIssues(app.parts.db, { open: true });
  out.result({ issues }, () =>
    table(
      ['document', 'code', 'holds', 'message'],
      issues.map((issue) => [issue.number, issue.code, issue.holds ? 'yes' : 'no', issue.message]),
      90,
    ),
  );
}
