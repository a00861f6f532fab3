import { readScreeningList } from './parse/csl.ts';
import { readDocument } from './parse/document.ts';
import { readFiling } from './parse/filing.ts';
import { readInstructionTexts } from './parse/instruction-texts.ts';
import { sliceIssue } from './parse/issue-slice.ts';
import { readSupplementBytes } from './parse/supplement-bytes.ts';
import { admitXml } from './parse/xml.ts';

/** What reads the texts of upstream, of whatever length they are. */
const READERS = {
  document: readDocument,
  filing: readFiling,
  instructions: (bytes: Uint8Array) => readInstructionTexts(admitXml(bytes)),
  // A Buffer comes out of a thread as the plain bytes that it is.
  issue: (...asked: Parameters<typeof sliceIssue>): Uint8Array => sliceIssue(...asked),
  screeningList: readScreeningList,
  supplement: readSupplementBytes,
};

type Readers = typeof READERS;
export type ReaderName = keyof Readers;

/** The readers, wherever they run. Each throws what the function of `src/parse` throws. */
export type Parser = {
  [Name in ReaderName]: (...asked: Parameters<Readers[Name]>) => Promise<ReturnType<Readers[Name]>>;
};

/** @param read runs the reader of a name on what it is asked */
export function createParser(read: (name: ReaderName, asked: unknown[]) => Promise<unknown>): Parser {
  const entries = Object.keys(READERS).map((name) => [
    name,
    (...asked: unknown[]) => read(name as ReaderName, asked),
  ]);
  return Object.fromEntries(entries) as Parser;
}

/** Runs a reader here and now. */
export function readHere(name: ReaderName, asked: unknown[]): unknown {
  return (READERS[name] as (...args: unknown[]) => unknown)(...asked);
}

/** For commands, which have nobody else to serve meanwhile. */
export function createParserHere(): Parser {
  return createParser(async (name, asked) => readHere(name, asked));
}
