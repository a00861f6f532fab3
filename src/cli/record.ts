import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import type { Config } from '../config.ts';
import { isDay } from '../days.ts';
import { ElwatchError, errorLine } from '../errors.ts';
import { createHttp } from '../http.ts';
import { countAmendments, type Recorded, recordDocument, summarise } from '../record.ts';
import { createFederalRegister, type FederalRegister } from '../source/federal-register.ts';
import { readVersion } from '../version.ts';
import { describeIssue } from './issue-lines.ts';
import { type Output, safe, table } from './output.ts';
import { createProgress } from './progress.ts';

export interface RecordOptions {
  into: string;
  force?: boolean;
  all?: boolean;
  report?: string;
}

interface Wanted {
  number: string;
  publishedOn: string | null;
}

/** What came of one document. */
interface Line {
  number: string;
  recorded: Recorded | null;
  /** Folder that was written, or null. */
  folder: string | null;
  /** Why nothing was written although nothing failed. */
  left: string | null;
  failure: ElwatchError | null;
}

/** `elwatch record`: live documents as fixtures, with what the reader did not understand. Needs no store. */
export async function runRecord(
  config: Config,
  what: readonly string[],
  options: RecordOptions,
  out: Output,
): Promise<void> {
  const asked = what.map(readAsked);
  if (options.report !== undefined && !options.force && existsSync(options.report))
    throw alreadyThere(options.report);
  const http = createHttp({
    bases: [config.federalRegisterUrl],
    version: readVersion(),
    contact: config.baseUrl,
  });
  const progress = createProgress();
  try {
    const federalRegister = createFederalRegister({ http, baseUrl: config.federalRegisterUrl });
    const malformed: string[] = [];
    const wanted: (Wanted & { named: boolean })[] = [];
    for (const one of asked) wanted.push(...(await findWanted(federalRegister, one, malformed)));
    const lines: Line[] = [];
    for (const [at, one] of wanted.entries()) {
      progress.at(`${at + 1} of ${wanted.length}: ${one.number}`);
      lines.push(await recordOne(federalRegister, one, options));
    }
    progress.end();
    const failed = lines.filter((line) => line.failure !== null);
    if (failed.length > 0 && failed.length === lines.length && malformed.length === 0)
      throw failed.length === 1 ? failed[0]!.failure! : allFailed(failed);
    if (options.report !== undefined) await writeReport(options.report, lines, options.force === true);
    out.result({ documents: lines.map(present), malformed }, () =>
      [
        printTable(lines),
        ...lines.flatMap(printDetails),
        ...malformed.map((line) => `A search result cannot be read: ${safe(line)}`),
        ...(options.report === undefined ? [] : [`All of it in one file to send: ${options.report}`]),
      ].join('\n'),
    );
  } finally {
    progress.end();
    await http.close();
  }
}

type Asked = { number: string } | { from: string; to: string };

function readAsked(text: string): Asked {
  const range = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/u.exec(text);
  if (range) {
    const [, from, to] = range as unknown as [string, string, string];
    if (isDay(from) && isDay(to) && from <= to) return { from, to };
  } else if (/^[A-Za-z0-9‐-―−-]{4,40}$/u.test(text) && !isDay(text)) return { number: text };
  throw new ElwatchError(
    'bad-argument',
    `“${text.slice(0, 60)}” is neither a document number nor days from..to`,
    { retry: false, hint: 'give 2025-05426, or 2025-03-01..2025-03-31' },
  );
}

async function findWanted(
  federalRegister: FederalRegister,
  asked: Asked,
  malformed: string[],
): Promise<(Wanted & { named: boolean })[]> {
  if ('number' in asked) return [{ number: asked.number, publishedOn: null, named: true }];
  const found = await federalRegister.searchRules(asked, (fault) => malformed.push(errorLine(fault)));
  return found.map(({ number, publishedOn }) => ({ number, publishedOn, named: false }));
}

async function recordOne(
  federalRegister: FederalRegister,
  { number, publishedOn, named }: Wanted & { named: boolean },
  options: RecordOptions,
): Promise<Line> {
  let recorded: Recorded | null = null;
  try {
    recorded = await recordDocument({ federalRegister }, number, publishedOn);
    if (!named && !options.all && !recorded.touchesLists)
      return { number, recorded, folder: null, left: 'amends no list', failure: null };
    if (recorded.xml === null)
      return { number, recorded, folder: null, left: 'no full text yet', failure: null };
    const folder = await writeFolder(recorded, recorded.xml, options);
    return { number: recorded.number, recorded, folder, left: null, failure: null };
  } catch (error) {
    if (!(error instanceof ElwatchError) || error.code === 'closing') throw error;
    return { number, recorded, folder: null, left: null, failure: error };
  }
}

/** Writes the fixture of one document. What was filled into an older why.md is kept. */
async function writeFolder(
  recorded: Recorded,
  xml: { bytes: Buffer; url: string },
  { into, force }: RecordOptions,
): Promise<string> {
  const folder = join(into, recorded.number);
  if (existsSync(folder) && !force) throw alreadyThere(folder);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'source.json'), `${JSON.stringify(recorded.record, null, 2)}\n`);
    await writeFile(join(folder, 'source.xml'), xml.bytes);
    if (recorded.rule !== null)
      await writeFile(
        join(folder, 'expected.json'),
        `${JSON.stringify(summarise(recorded.rule), null, 1)}\n`,
      );
    await writeFile(join(folder, 'why.md'), describeWhy(recorded, xml), { flag: 'wx' }).catch((error) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  } catch (error) {
    throw unwritable(folder, error);
  }
  return folder;
}

function describeWhy({ head }: Recorded, { bytes, url }: { bytes: Buffer; url: string }): string {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return [
    'TO FILL IN: which form this rule shows that no other fixture has, in one line. Read expected.json against the printed rule before it is kept: it is what the reader made of it, not what is right.',
    `Source: ${url} (${bytes.length} bytes, sha256 ${sha256}); ${head.htmlUrl ?? 'no page is known'}.`,
    '',
  ].join('\n');
}

function present({ number, recorded, folder, left, failure }: Line) {
  return {
    number,
    title: recorded?.head.title ?? null,
    publishedOn: recorded?.head.publishedOn ?? null,
    folder,
    left,
    failure: failure && { code: failure.code, message: failure.message, hint: failure.hint },
    lists: recorded?.rule?.lists ?? [],
    amendments: countAmendments(recorded?.rule?.amendments ?? []),
    verdict: recorded?.verdict ?? null,
    fault: recorded?.fault ?? null,
    failingChecks: recorded?.failingChecks ?? [],
    issues: recorded?.issues ?? [],
  };
}

function verdictOf({ recorded, left, failure }: Line): string {
  if (failure !== null) return `failed: ${failure.code}`;
  return recorded?.fault?.code ?? recorded?.verdict ?? left ?? '';
}

function printTable(lines: readonly Line[]): string {
  return table(
    ['document', 'title', 'lists', 'read', 'verdict', 'folder'],
    lines.map((line) => [
      line.number,
      line.recorded?.head.title ?? '',
      line.recorded?.rule?.lists.join(', ') ?? '',
      countAmendments(line.recorded?.rule?.amendments ?? [])
        .map(({ action, destination, count }) => `${action} ${count} ${destination}`)
        .join('; '),
      verdictOf(line),
      line.folder ?? (line.left === null ? '' : `none: ${line.left}`),
    ]),
  );
}

/** What was not understood, word for word, with the markup in which it stands. */
function printDetails({ number, recorded, failure }: Line): string[] {
  const said = [
    ...(failure === null
      ? []
      : [`${pc.red('failed')}  ${failure.code}: ${safe(failure.message)} — ${failure.hint}`]),
    ...(recorded?.fault
      ? [`${pc.red('unread')}  ${recorded.fault.code}: ${safe(recorded.fault.message)}`]
      : []),
    ...(recorded?.failingChecks ?? []).map((check) => `${pc.red('fail')}  ${safe(check.message)}`),
    ...(recorded?.issues ?? []).flatMap(describeIssue),
  ];
  return said.length === 0 ? [] : ['', pc.bold(number), ...said];
}

/** One text file with all that a developer needs: what was said, the records, and the sources. */
async function writeReport(path: string, lines: readonly Line[], force: boolean): Promise<void> {
  const parts = [
    `Entity List Watch ${readVersion()}, elwatch record, ${new Date().toISOString()}`,
    printTable(lines),
    ...lines.flatMap(printDetails),
    ...lines.flatMap(({ recorded }) =>
      recorded === null
        ? []
        : [
            section(`${recorded.number} source.json`, Buffer.from(JSON.stringify(recorded.record, null, 2))),
            ...(recorded.xml === null ? [] : [section(`${recorded.number} source.xml`, recorded.xml.bytes)]),
          ],
    ),
  ];
  const plain = stripVTControlCharacters(parts.join('\n'));
  await writeFile(path, `${plain}\n`, { flag: force ? 'w' : 'wx' }).catch((error) => {
    throw unwritable(path, error);
  });
}

function section(name: string, bytes: Buffer): string {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return `\n===== ${name} (${bytes.length} bytes, sha256 ${sha256}) =====\n${bytes.toString('utf8')}`;
}

function alreadyThere(path: string): ElwatchError {
  return new ElwatchError('already-there', `${path} is there already`, {
    retry: false,
    hint: 'choose another place, or overwrite it with --force (a why.md is kept)',
  });
}

function unwritable(path: string, error: unknown): ElwatchError {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error);
  return new ElwatchError('not-writable', `${path} cannot be written: ${reason}`, {
    retry: false,
    hint: 'check the path, its permissions and the space on the disk',
    cause: error,
  });
}

function allFailed(failed: readonly Line[]): ElwatchError {
  const codes = [...new Set(failed.map((line) => line.failure!.code))].join(', ');
  return new ElwatchError(
    'nothing-recorded',
    `none of ${failed.length} documents could be recorded (${codes}); the first: ${errorLine(failed[0]!.failure)}`,
    { retry: failed.some((line) => line.failure!.retry), hint: failed[0]!.failure!.hint },
  );
}
