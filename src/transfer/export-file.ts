import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { ElwatchError } from '../errors.ts';
import { LIST_NAMES } from '../model.ts';

/**
 * The file: gzip of lines that end with a line feed. The first is the head; then, table by table, a row in each, as
 * many as the head counts; the last is the foot with the SHA-256 of all before it.
 */
export const FORMAT = 'elwatch-export';
export const FORMAT_VERSION = 1;

const Head = z.object({
  format: z.literal(FORMAT),
  version: z.number(),
  program: z.string(),
  migration: z.string(),
  madeAt: z.string(),
  /** Who keeps the key that secrets are sealed with, and by what another key is told from it. */
  secretKey: z.object({ keptBy: z.enum(['database', 'environment']), check: z.string() }),
  tables: z.array(z.object({ name: z.string(), rows: z.number().int().min(0) })),
  sequences: z.array(
    z.object({ table: z.string(), column: z.string(), value: z.number(), isUsed: z.boolean() }),
  ),
  stateHashes: z.partialRecord(z.enum(LIST_NAMES), z.string()),
});
const Foot = z.object({ end: z.literal(FORMAT), sha256: z.string() });

export type ExportHead = z.infer<typeof Head>;

/** Longer than any row can be that PostgreSQL sends. */
const LONGEST_LINE = 256 * 1024 * 1024;
const LINE_FEED = 0x0a;

function refuse(code: string, message: string, hint: string, cause?: unknown): ElwatchError {
  return new ElwatchError(code, message, { retry: false, hint, ...(cause === undefined ? {} : { cause }) });
}

const cut = (cause?: unknown) =>
  refuse(
    'export-cut',
    'The file ends before its end: it was cut, or is still being written. Nothing was imported.',
    'Copy it again and compare its size, or export again.',
    cause,
  );
const changed = (what: string, cause?: unknown) =>
  refuse(
    'export-changed',
    `The file is not as it was written: ${what}. Nothing was imported.`,
    'Copy it again (in binary mode), or export again.',
    cause,
  );
const notOurs = (cause?: unknown) =>
  refuse(
    'export-unknown',
    'The file is no export of Entity List Watch. Nothing was imported.',
    'Give the file that elwatch export wrote.',
    cause,
  );

/** Lines of a gzip file, one at a time. */
async function* gunzipLines(file: string): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let held = 0;
  let first = true;
  const text = pipeline(createReadStream(file), createGunzip(), () => {
    // Whoever reads it below is told.
  });
  try {
    for await (const chunk of text as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
        yield Buffer.concat([...parts, chunk.subarray(from, at)]);
        first = false;
        parts = [];
        held = 0;
        from = at + 1;
      }
      parts.push(chunk.subarray(from));
      held += chunk.length - from;
      if (held > LONGEST_LINE) throw changed('a line is longer than any row');
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw cut(error);
    if (code?.startsWith('Z_'))
      throw first && held === 0 ? notOurs(error) : changed('its gzip does not hold', error);
    if (code?.startsWith('E') && !(error instanceof ElwatchError))
      throw refuse(
        'file-unreadable',
        `The file cannot be read (${code}).`,
        'Check its path and rights.',
        error,
      );
    throw error;
  }
  if (held > 0) throw cut();
}

function readJson(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString());
  } catch {
    return null;
  }
}

/** What a reader of the file is handed: the head first, then each row under its table. */
export interface ExportVisitor {
  head(head: ExportHead): Promise<void> | void;
  row(table: string, line: string): Promise<void> | void;
  /** After the last row of a table, also of one without rows. */
  tableEnd(table: string): Promise<void> | void;
}

/**
 * Reads a file from its first to its last line and answers its SHA-256. What it hands out is not proven before it
 * returns: read it once to check it, and then to use it.
 *
 * @throws ElwatchError `export-cut`, `export-changed`, `export-unknown`, `export-version`, `file-unreadable`
 */
export async function readExport(file: string, visitor: ExportVisitor): Promise<string> {
  const hash = createHash('sha256');
  const lines = gunzipLines(file);
  const next = async (): Promise<Buffer> => {
    const { value, done } = await lines.next();
    if (done) throw cut();
    return value;
  };
  try {
    const first = await lines.next();
    if (first.done) throw notOurs();
    const head = readHead(first.value);
    hash.update(first.value).update('\n');
    await visitor.head(head);
    for (const { name, rows } of head.tables) {
      for (let row = 0; row < rows; row += 1) {
        const line = await next();
        hash.update(line).update('\n');
        await visitor.row(name, line.toString());
      }
      await visitor.tableEnd(name);
    }
    const foot = Foot.safeParse(readJson(await next()));
    if (!foot.success) throw changed('where its foot should stand there is something else');
    const sha256 = hash.digest('hex');
    if (foot.data.sha256 !== sha256) throw changed('its SHA-256 is not the one at its end');
    if (!(await lines.next()).done) throw changed('something follows its foot');
    return sha256;
  } finally {
    await lines.return(undefined);
  }
}

function readHead(line: Buffer): ExportHead {
  const found = readJson(line) as { format?: unknown; version?: unknown } | null;
  if (found?.format !== FORMAT) throw notOurs();
  if (found.version !== FORMAT_VERSION)
    throw refuse(
      'export-version',
      `The file has version ${String(found.version).slice(0, 20)} of the format; this program reads version ${FORMAT_VERSION}. Nothing was imported.`,
      'Use the version of Entity List Watch that wrote it, on both sides.',
    );
  const head = Head.safeParse(found);
  if (!head.success) throw changed('its head does not hold', head.error);
  return head.data;
}
