import pc from 'picocolors';
import type { App } from '../app.ts';
import { type Audited, audit } from '../audit.ts';
import { easternDay } from '../days.ts';
import type { AuditSource, ListName } from '../model.ts';
import { describeLedgerLine, SOURCE_NAMES } from '../render/audit-words.ts';
import { listLedger } from '../store/audit.ts';
import { type Output, safe, table } from './output.ts';
import { withoutWarnings } from './without-warnings.ts';

/** Whether nothing is wrong; what recent rules explain is not. */
const isWell = ({ outcome }: Audited) => outcome === 'clean' || outcome === 'lag';

/** `elwatch audit`: compares now. Answers whether nothing is wrong. */
export async function runAudit(
  app: App,
  options: { source?: AuditSource; list?: ListName; acceptShrink?: boolean },
  out: Output,
): Promise<boolean> {
  const runs = await audit(withoutWarnings(app.parts), {
    ...(options.source === undefined ? {} : { sources: [options.source] }),
    ...(options.list === undefined ? {} : { lists: [options.list] }),
    acceptShrink: options.acceptShrink === true,
  });
  const ok = runs.every(isWell);
  out.result({ ok, runs: runs.map(inWords) }, () => describe(runs));
  return ok;
}

/** The same line in words, so that a reader of the JSON needs no rules of its own. */
function inWords(run: Audited) {
  return {
    ...run,
    ledger: run.ledger.map((line) => ({ ...line, words: describeLedgerLine(run.source, line) })),
  };
}

function describe(runs: readonly Audited[]): string {
  const lines = runs.flatMap(({ source, list, ledger }) => ledger.map((line) => ({ source, list, ...line })));
  const findings = runs.flatMap((run) => run.findings);
  return [
    table(
      ['source', 'list', 'as of', 'rows', 'outcome', 'why'],
      runs.map((run) => [
        SOURCE_NAMES[run.source],
        run.list,
        run.sourceOn,
        run.rows,
        run.outcome,
        run.reason ?? describeCounts(run),
      ]),
      90,
    ),
    ...(lines.length === 0
      ? []
      : [
          table(
            ['document', 'published', 'list', 'ledger', 'missing'],
            lines.map((line) => [
              line.number,
              line.publishedOn,
              line.list,
              describeLedgerLine(line.source, line),
              line.missing.join('; '),
            ]),
          ),
        ]),
    ...findings.map(({ code, message }) => `${pc.red(code)}  ${safe(message)}`),
    runs.every(isWell)
      ? 'Nothing differs that no recent rule explains.'
      : `${findings.length} findings are open issues; elwatch issues shows all. Each closes by itself when it is gone.`,
  ].join('\n');
}

function describeCounts({ counts: { missingThere, missingHere, differs, explained } }: Audited): string {
  if (missingThere + missingHere + differs === 0) return 'nothing differs';
  return `${missingThere} missing there, ${missingHere} missing here, ${differs} differ; ${explained} explained by recent rules`;
}

/** `elwatch ledger`: the dated ledger, newest audit first. */
export async function runLedger(app: App, options: { document?: string }, out: Output): Promise<void> {
  const found = await listLedger(app.parts.db, {
    ...(options.document === undefined ? {} : { number: options.document }),
  });
  const lines = found.map((line) => ({ ...line, words: describeLedgerLine(line.source, line) }));
  out.result({ lines }, () =>
    lines.length === 0
      ? 'No audit has a line yet: rules have one from their print until all of them is there. elwatch audit compares now.'
      : table(
          ['audited', 'as of', 'document', 'list', 'ledger', 'missing'],
          lines.map((line) => [
            easternDay(line.ranAt),
            line.sourceOn,
            line.number,
            line.list,
            line.words,
            line.missing.join('; '),
          ]),
        ),
  );
}
