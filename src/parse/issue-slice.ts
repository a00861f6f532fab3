import { ElwatchError } from '../errors.ts';
import { readDocumentNumber } from './head.ts';
import { paddedNumber } from './reference.ts';
import { MAX_XML_BYTES } from './xml.ts';

/** What is looked for: the elements that are documents (sources, §3.1), where they name themselves, and what hides tags. */
const TOKEN =
  /<(?:(!--|!\[CDATA\[|\?|!DOCTYPE)|(\/?)(RULE|PRORULE|NOTICE|PRESDOCU|CORRECT|FRDOC)(?=[\s/>]))/gu;
/** What ends that which hides tags. */
const ENDS: Record<string, string> = { '!--': '-->', '![CDATA[': ']]>', '?': '?>' };
/** Longest tag that is looked into; those of documents have hardly an attribute. */
const TAG_LENGTH = 1000;
/** Documents stand in each other nowhere; looking for what a tag closes must not cost the length of the issue. */
const MOST_OPEN = 64;
/** "[FR Doc. 2025-05426 Filed 3-25-25; 4:15 pm]" */
const NAMED_LENGTH = 300;

/** An element that may be a document, while it is open. */
interface Open {
  name: string;
  start: number;
  /** The numbers that it gives itself. */
  numbers: string[];
  /** Whether a document stands within it. */
  holdsOther: boolean;
}

/**
 * Cuts one document out of the bytes of a whole issue of the Federal Register, as the issue has it: what its own
 * full text is (sources, §1.7). No tree is made of the issue, and nothing of it is checked but that it is whole and
 * has the document once, as one element: what is answered has to pass the gate (`admitXml`) like any text.
 *
 * @param number of the document, with any dashes
 * @throws ElwatchError `body-too-large`, `doctype-refused`, `issue-incomplete`, `not-in-issue`, `twice-in-issue` or
 *   `unclear-in-issue`, where it is not one element that is closed and holds no other document
 */
export function sliceIssue(issue: Uint8Array, number: string): Buffer {
  if (issue.byteLength > MAX_XML_BYTES)
    refuse('body-too-large', `the issue has ${issue.byteLength} bytes; at most ${MAX_XML_BYTES} are read`);
  const bytes = Buffer.from(issue.buffer, issue.byteOffset, issue.byteLength);
  // One sign for each byte: tags are plain ASCII, and positions in it are positions in the bytes.
  const text = bytes.toString('latin1');
  if (!/<\/FEDREG>\s*$/u.test(text.slice(-400)))
    refuse('issue-incomplete', 'the issue does not end as it should');

  const wanted = comparable(number);
  const open: Open[] = [];
  let mentions = 0;
  let found: { start: number; end: number } | null = null;
  let named = -1;
  const tokens = new RegExp(TOKEN);
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    const [, hiding, slash, name = ''] = token;
    if (hiding === '!DOCTYPE') refuse('doctype-refused', 'the issue declares a DOCTYPE');
    const end =
      hiding === undefined ? endOfTag(text, tokens.lastIndex) : endOf(text, hiding, tokens.lastIndex);
    if (end < 0) refuse('issue-incomplete', 'a tag or a comment of the issue does not end');
    tokens.lastIndex = end;
    if (hiding !== undefined) continue;
    const isClosing = slash !== '';
    const isEmpty = text[end - 2] === '/';
    if (name === 'FRDOC') {
      const own = isClosing && named >= 0 ? readNumber(bytes.subarray(named, token.index)) : null;
      named = isClosing || isEmpty ? -1 : end;
      if (own === null) continue;
      open.at(-1)?.numbers.push(own);
      if (own === wanted) mentions += 1;
    } else if (!isClosing) {
      if (open.length > MOST_OPEN)
        refuse('unclear-in-issue', `more than ${MOST_OPEN} documents stand in each other`);
      if (!isEmpty) open.push({ name, start: token.index, numbers: [], holdsOther: false });
    } else if (open.some((one) => one.name === name)) {
      // What was opened within it and never closed is no element, so nothing can be cut out by it.
      let closed = open.pop()!;
      for (; closed.name !== name; closed = open.pop()!) if (open.length > 0) open.at(-1)!.holdsOther = true;
      const { start, numbers, holdsOther } = closed;
      if (numbers.length === 1 && numbers[0] === wanted && !holdsOther) found = { start, end };
      if (open.length > 0 && (numbers.length > 0 || holdsOther)) open.at(-1)!.holdsOther = true;
    }
  }
  if (mentions === 0) refuse('not-in-issue', `the issue has no document ${wanted}`);
  if (mentions > 1) refuse('twice-in-issue', `the issue names the document ${wanted} ${mentions} times`);
  if (found === null)
    refuse(
      'unclear-in-issue',
      `the document ${wanted} is not one element of the issue, closed and by itself`,
    );
  // A copy: a view would keep the whole issue in memory.
  return Buffer.from(bytes.subarray(found.start, found.end));
}

/** The place behind what hides tags; -1 where it does not end. */
function endOf(text: string, hiding: string, from: number): number {
  const end = text.indexOf(ENDS[hiding]!, from);
  return end < 0 ? -1 : end + ENDS[hiding]!.length;
}

/** The place behind the `>` of a tag, which may stand in the value of an attribute too; -1 where there is none. */
function endOfTag(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < Math.min(text.length, from + TAG_LENGTH); at += 1) {
    const sign = text[at]!;
    if (quote !== '') quote = sign === quote ? '' : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '>') return at + 1;
  }
  return -1;
}

function readNumber(inner: Buffer): string | null {
  const said = inner
    .subarray(0, NAMED_LENGTH)
    .toString('utf8')
    .replace(/<[^<>]*>/gu, ' ')
    .replace(/&(?:ndash|#8211|#x2013);/giu, '–');
  const number = readDocumentNumber(said);
  return number === null ? null : comparable(number);
}

/** "e8–19102" and "E8-19102" are one document, as are "2012-7333" and "2012-07333". */
function comparable(number: string): string {
  return paddedNumber(number).toUpperCase();
}

function refuse(code: string, message: string): never {
  throw new ElwatchError(code, message, {
    retry: true,
    hint: 'nothing to do: the text of the document itself is asked for again, and so is the issue',
  });
}
