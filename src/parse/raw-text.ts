/** Words that instructions and summaries hold often, for a line that breaks inside one. */
const COMMON = new Set(
  `addition additions adding alphabetical administration amended amending amendment amends bureau commerce
  country countries department designation destination destinations effective entities entity entries entry
  existing export exports federal following footnote industry instruction items license licensing listed
  military modification modifications modifies modifying publication regulations removal removals removes
  removing requirement requirements reserved revised revises revising revision revisions section security
  supplement supplementary transfer unverified`.split(/\s+/u),
);

/** A word that ends in a hyphen at the end of a line, with the beginning of the next line. */
const BROKEN = /(\p{L}+)[-\u2010]\n(\p{Ll}+)/gu;

/**
 * The lines of a raw text of public inspection: pdftotext output of a double-spaced manuscript (sources, §2.4).
 * Blank lines mean nothing in it, so they go; form feeds, numbers of pages, soft hyphens, odd spaces and words
 * that were broken at the end of a line go too. Takes time in proportion to the text.
 */
export function readRawLines(text: string): string[] {
  const pages = text
    .replace(/^\uFEFF/u, '')
    .replace(/\r\n?|[\u0085\u2028\u2029]/gu, '\n')
    .replace(/\u00AD\n\s*/gu, '')
    .replace(/[\u00AD\u200B-\u200D\u2060\uFEFF]/gu, '')
    .split('\f')
    .map((page) =>
      page
        .split('\n')
        .map((line) => line.replace(/[\p{Zs}\t]+/gu, ' ').trim())
        .filter((line) => line !== ''),
    );
  const paged = pages.length > 1;
  const lines = pages.flatMap((page) => (paged ? withoutPageNumber(page) : page));
  return joinBroken(lines.join('\n')).split('\n');
}

/** The number of a page stands alone in its first or last line. */
function withoutPageNumber(page: string[]): string[] {
  const isNumber = (line: string | undefined) => line !== undefined && /^-?\s?\d{1,4}\s?-?$/u.test(line);
  const first = isNumber(page[0]) ? 1 : 0;
  const end = page.length > first && isNumber(page.at(-1)) ? page.length - 1 : page.length;
  return page.slice(first, end);
}

/**
 * Puts broken words together. The hyphen goes where the whole word occurs elsewhere in the text or is a usual
 * one ("alphabeti-cal"), and stays otherwise ("end-user"). The rest of the line moves up with it.
 */
function joinBroken(text: string): string {
  if (!/[-\u2010]\n/u.test(text)) return text;
  const words = new Set(COMMON);
  for (const [word] of text.matchAll(/\p{L}{3,40}/gu))
    if (words.size < 200_000) words.add(word.toLowerCase());
  return text
    .replace(BROKEN, (_found, head: string, tail: string) => {
      const whole = head + tail;
      const isWord = words.has(whole.toLowerCase()) && !words.has(`${head}-${tail}`.toLowerCase());
      return isWord ? whole : `${head}-${tail}`;
    })
    .replace(/([\p{L}\p{N}])[-\u2010]\n(?=[\p{L}\p{N}])/gu, '$1-');
}
