import Table from 'cli-table3';
import pc from 'picocolors';
import { ElwatchError, errorLine } from '../errors.ts';

/** Where a command writes what it was asked for; logs and messages go to stderr. */
export interface Output {
  json: boolean;
  /** One JSON document, or what `print` shows to people. */
  result(data: unknown, print: () => string): void;
}

/** Control characters of upstream texts must not reach a terminal: they can rewrite what stands there. */
export function safe(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (mark) => (mark === '\n' ? mark : ''));
}

/** Writes to stdout; JSON as one document with a final newline. */
export function createOutput(json: boolean): Output {
  return {
    json,
    result(data, print) {
      process.stdout.write(json ? `${JSON.stringify(data, null, 2)}\n` : `${print()}\n`);
    },
  };
}

/** Rows that cli-table3 draws at once: it compares each with each, so a whole list in one piece takes seconds. */
const PIECE = 100;

/** A table for a terminal. Cells are cleaned and cut to `width` characters. */
export function table(heads: string[], rows: (string | number | null)[][], width = 60): string {
  if (rows.length === 0) return pc.dim('(none)');
  const cells = rows.map((row) =>
    row.map((cell) => {
      const text = safe(String(cell ?? ''));
      return text.length > width ? `${text.slice(0, width - 1)}…` : text;
    }),
  );
  const head = heads.map((name) => pc.bold(name));
  const pieces = inPieces(cells);
  if (pieces.length === 1) return draw(head, cells, []).lines.join('\n');
  const widths = inPieces(widest(cells)).map((piece) => draw(head, piece, []).widths);
  const all = head.map((_, column) => Math.max(...widths.map((one) => one[column]!)));
  const last = pieces.length - 1;
  return pieces
    .flatMap((piece, at) => {
      const { lines } = draw(head, piece, [...all]);
      return lines.slice(at === 0 ? 0 : LINES_OF_HEAD, at === last ? lines.length : -1);
    })
    .join('\n');
}

function inPieces(rows: string[][]): string[][][] {
  return Array.from({ length: Math.ceil(rows.length / PIECE) }, (_, at) =>
    rows.slice(at * PIECE, (at + 1) * PIECE),
  );
}

/** Signs that are one column wide each. */
const PLAIN = /^[ -~…]*$/u;

/** Rows that say how wide the columns are: the longest of each column, and all whose width only the table knows. */
function widest(rows: string[][]): string[][] {
  const longest = rows[0]!.map(() => '');
  const others: string[][] = [];
  for (const row of rows) {
    if (!row.every((cell) => PLAIN.test(cell))) others.push(row);
    else
      for (const [column, cell] of row.entries())
        if (cell.length > longest[column]!.length) longest[column] = cell;
  }
  return [longest, ...others];
}

/** The upper border, the names of the columns, and the line below them. */
const LINES_OF_HEAD = 3;

/** @param widths of the columns; those that are not given are as wide as they have to be */
function draw(head: string[], rows: string[][], widths: number[]): { lines: string[]; widths: number[] } {
  const shown = new Table({ head, colWidths: widths, style: { head: [], border: [], compact: true } });
  shown.push(...rows);
  const lines = shown.toString().split('\n');
  // It fills in those that were missing.
  return { lines, widths };
}

/** Says in one line what failed and what to do, on stderr; with `--json` also as a document on stdout. */
export function reportFailure(error: unknown, json: boolean): void {
  const known = error instanceof ElwatchError ? error : null;
  if (json)
    process.stdout.write(
      `${JSON.stringify({ error: { code: known?.code ?? 'internal', message: known?.message ?? errorLine(error), retry: known?.retry ?? false, hint: known?.hint ?? 'this is a fault of the program: please report it' } }, null, 2)}\n`,
    );
  const hint = known ? ` — ${known.hint}` : '';
  process.stderr.write(`${pc.red('elwatch:')} ${safe(errorLine(error))}${hint}\n`);
}
