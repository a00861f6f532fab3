/** What stands in a raw text under its headings, and the paragraphs of its amendatory instructions. */
export interface FilingSections {
  summary: string | null;
  dates: string | null;
  /** In order, each with the part of title 15 that it stands under; null where none was named. */
  instructions: { text: string; part: string | null }[];
  /** True where the text says that parts "are amended as follows", or prints a heading of one. */
  amends: boolean;
}

const HEADING =
  /(?:^|\s)(AGENCY|ACTION|SUMMARY|DATES|EFFECTIVE DATES?|ADDRESSES|FOR FURTHER INFORMATION CONTACT|SUPPLEMENTARY INFORMATION):/u;
const SECTION_CHARACTERS = 20_000;
const PARAGRAPH_CHARACTERS = 60_000;
const MOST_PARAGRAPHS = 5_000;

/** "Accordingly, part 744 of the Export Administration Regulations (15 CFR parts 730 through 774) is amended …" */
const AMENDED_AS_FOLLOWS =
  /\b(?:is|are)(?: hereby)? (?:further )?(?:amended|corrected)(?: as follows)?[:.]$/iu;
const PART_HEADING = /^PART (\d{3})\s?(?:[—–-]|\[)/u;
const NUMBERED =
  /^\d{1,3}\.\s+(?:(?:in |to )?(?:the )?(?:authority|supplements?|sections?|parts?|appendix|heading|table)\b|§|(?:amend|revis|add|remov|correct|redesignat|transfer|effective)\w*\b)/iu;
const LABELLED = /^(?:\d{1,3}|[a-z]{1,5}|[A-Z]{1,2})\.\s|^\((?:\d{1,3}|[a-z]{1,5}|[A-Z]{1,2})\)\s/u;
const ENDS = /(?:[:;.]|[;,] (?:and|or))[”"]?$/u;
/** From here on the text prints what the instructions amend, as debris of a table or as regulatory text. */
const PRINTED_TEXT =
  /\bread(?:s)? as follows:?$|^supplement no\.? \d+ to part 744\s?[—–-]|^\*(?: ?\*)+|^Country Entity\b/iu;
const SIGNATURE = /^(?:\[FR Doc\.|BILLING CODE|Dated:)/iu;

/** Finds the sections of a raw text in its lines, one line behind the other. */
export function readSections(lines: readonly string[]): FilingSections {
  return { ...readPreambleOf(lines), ...readInstructionsOf(lines) };
}

function readPreambleOf(lines: readonly string[]): Pick<FilingSections, 'summary' | 'dates'> {
  const found = new Map<string, string>();
  let heading: string | null = null;
  for (const line of lines) {
    const match = HEADING.exec(line);
    let rest = line;
    if (match) {
      heading = match[1]!;
      if (heading === 'SUPPLEMENTARY INFORMATION') break;
      rest = line.slice(match.index + match[0].length);
      if (!found.has(heading)) found.set(heading, '');
    }
    if (heading === null) continue;
    const before = found.get(heading)!;
    if (before.length < SECTION_CHARACTERS) found.set(heading, `${before} ${rest}`);
  }
  const section = (name: string) => found.get(name)?.replace(/\s+/gu, ' ').trim() || null;
  return {
    summary: section('SUMMARY'),
    dates: section('DATES') ?? section('EFFECTIVE DATE') ?? section('EFFECTIVE DATES'),
  };
}

/** Collects paragraphs; lines that follow belong to the paragraph before them. */
function readInstructionsOf(lines: readonly string[]): Pick<FilingSections, 'instructions' | 'amends'> {
  const instructions: FilingSections['instructions'] = [];
  let amends = false;
  let part: string | null = null;
  let text: string | null = null;
  let quotes = 0;
  const close = () => {
    if (text !== null && instructions.length < MOST_PARAGRAPHS) instructions.push({ text, part });
    text = null;
    quotes = 0;
  };
  const extend = (line: string) => {
    text = text === null ? line : text.length < PARAGRAPH_CHARACTERS ? `${text} ${line}` : text;
    for (const mark of line) quotes += mark === '“' ? 1 : mark === '”' ? -1 : 0;
  };
  for (const [at, line] of lines.entries()) {
    const heading = PART_HEADING.exec(line);
    if (heading) {
      close();
      part = heading[1]!;
      amends = true;
      continue;
    }
    // The sentence can be broken anywhere, so that its last words may stand alone in a line.
    if (!amends) {
      amends = AMENDED_AS_FOLLOWS.test(`${lines[at - 1] ?? ''} ${line}`);
      continue;
    }
    if (SIGNATURE.test(line)) close();
    else if (
      PRINTED_TEXT.test(line) ||
      /\bread(?:s)? as follows:$/iu.test(`${lines[at - 1] ?? ''} ${line}`)
    ) {
      if (text !== null && !/^\*|^supplement|^country/iu.test(line)) extend(line);
      close();
    } else if (NUMBERED.test(line) && (text === null || (ENDS.test(text) && quotes <= 0))) {
      close();
      extend(line);
    } else if (text !== null) {
      // Inside a name that is quoted, "A. B. Trading" begins no paragraph.
      if (LABELLED.test(line) && ENDS.test(text) && quotes <= 0) {
        close();
        extend(line);
      } else extend(line);
    }
  }
  close();
  return { instructions, amends };
}
