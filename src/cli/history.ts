import type { App } from '../app.ts';
import { easternDay } from '../days.ts';
import { ElwatchError, errorLine } from '../errors.ts';
import { foldName } from '../fold.ts';
import { PARSER_VERSION } from '../ingest/outcome.ts';
import { ingestStored } from '../ingest.ts';
import { diffStates } from '../list/diff.ts';
import { LIST_NAMES, type ListName, type StoredChange } from '../model.ts';
import { rebuild } from '../rebuild.ts';
import { describeFields, describeLocator, LIST_TITLES } from '../render/words.ts';
import { listChangeSets } from '../store/change-sets.ts';
import { changesOfEntries, entriesNamed } from '../store/changes.ts';
import { findDocument, listDocuments } from '../store/documents.ts';
import { earliestDay, entriesAsOf } from '../store/entries.ts';
import { type Output, table } from './output.ts';
import { createProgress } from './progress.ts';

/**
 * The first day that the list is known for.
 *
 * @throws ElwatchError `no-baseline`, or `before-baseline` for an earlier day
 */
export async function assertKnownOn(app: App, list: ListName, on: string): Promise<void> {
  const since = await earliestDay(app.parts.db, list);
  if (since === null)
    throw new ElwatchError('no-baseline', `the ${list} was not loaded yet`, {
      retry: false,
      hint: 'run elwatch baseline with a day or a file',
    });
  if (on < since)
    throw new ElwatchError('before-baseline', `the ${list} is known from ${since} on, not on ${on}`, {
      retry: false,
      hint: `ask for ${since} or later`,
    });
}

/** `elwatch diff <day> <day>`: what differs between the list on two days, as the law had it. */
export async function runDiff(
  app: App,
  from: string,
  to: string,
  { list, knownAt }: { list: ListName; knownAt?: string },
  out: Output,
): Promise<void> {
  await assertKnownOn(app, list, from < to ? from : to);
  const known = knownAt === undefined ? {} : { knownAt };
  const before = await entriesAsOf(app.parts.db, list, { on: from, ...known });
  const after = await entriesAsOf(app.parts.db, list, { on: to, ...known });
  const differences = diffStates(before, after);
  out.result({ list, from, to, differences }, () =>
    [
      table(
        ['what', 'destination', 'entry', 'fields'],
        differences.map((one) => [
          one.before === null ? 'added' : one.after === null ? 'removed' : 'revised',
          (one.after ?? one.before)!.destination,
          (one.after ?? one.before)!.name,
          one.fields.join(', '),
        ]),
      ),
      `${differences.length} entries differ between ${from} (${before.length}) and ${to} (${after.length}).`,
    ].join('\n'),
  );
}

/** One rule's part in the history of an entry. */
interface Touch {
  entryId: string;
  list: ListName;
  name: string;
  destination: string;
  kind: StoredChange['kind'];
  because: StoredChange['because'];
  fields: string;
  effectiveOn: string;
  knownAt: string;
  document: string | null;
  citation: string | null;
  where: string;
  url: string | null;
  cause: string;
}

/** `elwatch why <name>`: every rule that touched an entry, with paragraph and link. */
export async function runWhy(app: App, name: string, out: Output): Promise<void> {
  const key = foldName(name);
  if (key === '')
    throw new ElwatchError('bad-argument', `“${name}” holds no letter or digit`, {
      retry: false,
      hint: 'give a name, or a part of one',
    });
  const ids = await entriesNamed(app.parts.db, key);
  const sets = new Map((await listChangeSets(app.parts.db)).map((set) => [set.changeSetId, set]));
  const touches = (await changesOfEntries(app.parts.db, ids)).map((change): Touch => {
    const set = sets.get(change.changeSetId);
    const { entryId, list, destination, kind, because = null, effectiveOn, knownAt } = change;
    return {
      ...{ entryId, list, name: change.name, destination, kind, because, effectiveOn, knownAt },
      fields: change.fields.length > 0 ? describeFields(change) : '',
      document: set?.document?.number ?? null,
      citation: set?.document?.citation ?? null,
      where: describeLocator(change.locator),
      url: set?.document?.htmlUrl ?? null,
      cause: set?.cause ?? '',
    };
  });
  out.result({ name, touches }, () => (touches.length === 0 ? nothing(name) : showTouches(touches)));
}

function nothing(name: string): string {
  return `No entry was ever called so as far as the stored lists go: “${name.slice(0, 200)}”. elwatch list shows them.`;
}

function showTouches(touches: readonly Touch[]): string {
  const groups = new Map<string, Touch[]>();
  for (const touch of touches) groups.set(touch.entryId, [...(groups.get(touch.entryId) ?? []), touch]);
  return [...groups.values()]
    .map((group) => {
      const last = group.at(-1)!;
      const state = last.kind === 'removed' ? 'no longer on' : 'on';
      const lines = group.map((touch) =>
        [
          `  ${touch.effectiveOn}  ${touch.kind}${touch.because ? ` (${touch.because})` : ''}${touch.fields ? `: ${touch.fields}` : ''}`,
          `      ${touch.document === null ? 'the starting point' : [touch.document, touch.citation, touch.where].filter(Boolean).join(', ')}`,
          ...(touch.url === null ? [] : [`      ${touch.url}`]),
        ].join('\n'),
      );
      return [`${last.name} (${last.destination}), ${state} the ${LIST_TITLES[last.list]}`, ...lines].join(
        '\n',
      );
    })
    .join('\n\n');
}

/** `elwatch rebuild`: the lists from their changes alone, compared with what is stored. Answers whether all agree. */
export async function runRebuild(app: App, options: { write?: boolean }, out: Output): Promise<boolean> {
  const rebuilt = await rebuild(app.parts, { write: options.write === true });
  const ok = rebuilt.disagreements.length === 0 && (rebuilt.strayed.length === 0 || rebuilt.written);
  out.result({ ok, ...rebuilt }, () =>
    [
      `${rebuilt.changeSets} change sets with ${rebuilt.changes} changes were taken in their order.`,
      ...LIST_NAMES.filter((list) => rebuilt.hashes[list]).map((list) => `${list}  ${rebuilt.hashes[list]}`),
      ...rebuilt.disagreements.map(
        (one) =>
          `DIFFERS  ${one.changeSetId} published ${one.published} for the ${one.list}, its changes give ${one.rebuilt}`,
      ),
      ...rebuilt.strayed.map((list) =>
        rebuilt.written
          ? `The stored ${list} had strayed and was written anew.`
          : `STRAYED  the stored ${list} is not what the changes give; elwatch rebuild --write writes it anew.`,
      ),
      ok
        ? 'Every published state hash is the one that the changes give.'
        : 'The list and its changes disagree.',
    ].join('\n'),
  );
  return ok;
}

/** `elwatch reparse`: stored bytes read anew by this parser; what was applied and reads differently is corrected quietly. */
export async function runReparse(
  app: App,
  options: { document?: string; all?: boolean },
  out: Output,
): Promise<void> {
  const { db } = app.parts;
  const documents =
    options.document === undefined
      ? await listDocuments(db, { limit: 100_000 })
      : [await findDocument(db, options.document)].filter((one) => one !== null);
  if (options.document !== undefined && documents.length === 0)
    throw new ElwatchError('document-unknown', `${options.document} is not stored`, {
      retry: false,
      hint: 'elwatch documents lists those that are',
    });
  const due = documents
    .filter(({ status }) => status === 'applied' || status === 'held' || status === 'ignored')
    .filter((one) => options.all || options.document !== undefined || one.parserVersion !== PARSER_VERSION)
    // In the order of print, which is the order in which they amend.
    .sort(
      (a, b) =>
        a.publishedOn.localeCompare(b.publishedOn) || (a.head.startPage ?? 0) - (b.head.startPage ?? 0),
    );
  const rows = [];
  const progress = createProgress();
  for (const [at, document] of due.entries()) {
    progress.at(`${at + 1} of ${due.length}: ${document.number}`);
    try {
      const { outcome, reason } = await ingestStored(app.parts, document);
      rows.push({ number: document.number, publishedOn: document.publishedOn, outcome, reason });
    } catch (error) {
      const reason = errorLine(error);
      rows.push({ number: document.number, publishedOn: document.publishedOn, outcome: 'failed', reason });
    }
  }
  progress.end();
  const changed = rows.filter((row) => row.outcome !== 'unchanged');
  out.result({ parserVersion: PARSER_VERSION, on: easternDay(app.parts.now()), documents: rows }, () =>
    [
      table(
        ['document', 'published', 'outcome', 'why'],
        changed.map((row) => [row.number, row.publishedOn, row.outcome, row.reason]),
        90,
      ),
      `${rows.length} documents read anew, ${rows.length - changed.length} of them as before.`,
    ].join('\n'),
  );
}
