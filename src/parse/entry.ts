import { foldedPrefixLength } from '../fold.ts';
import { beginsSubEntry, readAddresses, takeSeeAlso } from './addresses.ts';
import { findBlockHead, readBlock, splitItems } from './alias-block.ts';
import { readInlineAliases } from './aliases.ts';
import { ADDRESS_WORDS, BULLET, type Doubt, doubt, ORGANISATION, stripEnd } from './cell-text.ts';
import { findDestination } from './destinations.ts';
import { beginsWithMark, findNameEnd } from './name-end.ts';
import { readBelowNames } from './sub-entries.ts';
import { trimEndOf } from './trim-end.ts';

/** Who an entity cell names, and where. */
export interface Identity {
  name: string;
  aliases: string[];
  addresses: string[];
  /** Destinations of "See alternate address under …" notes, as printed. */
  seeAlso: string[];
  /** What could not be read for certain. Empty for a clean cell. */
  doubts: Doubt[];
}

/** A name that says only whose institution it is: the institution's own name is still to come. */
const ENDS_OPEN = /\bsubordinate (?:institution|institute|entity)\s?:$/iu;

/**
 * The lines of a cell with a head that print broke in one: "Name," and below it "a.k.a., the following two
 * aliases:", or "X subordinate institution:" and below it the institution's name (sources, §7, trap 7).
 */
export function joinHead(lines: readonly string[]): readonly string[] {
  const [first = '', second = '', ...rest] = lines;
  const goesOn = ENDS_OPEN.test(first.slice(-60)) && second !== '' && !BULLET.test(second);
  return goesOn || beginsWithMark(second) ? [`${first} ${second}`, ...rest] : lines;
}

/** The name of a block's or an inline alias's owner: its stop stays, since no sentence ends there. */
function cleanName(text: string): string {
  return trimEndOf(text.trim(), ';,').trim();
}

/**
 * A name without an address lead behind it, as in "48th Institute, Sergiev Posad, 11 Street": whether the
 * place belongs to the name is not printed.
 */
function nameEndsUnsurely(name: string, rest: string): boolean {
  const [first, second] = rest.split(',', 2);
  return (
    /\b\d{1,3}(?:st|nd|rd|th)\b/u.test(name) &&
    ORGANISATION.test(name) &&
    second !== undefined &&
    /^[\p{L}\s-]{2,40}$/u.test(first!) &&
    !ADDRESS_WORDS.test(first!) &&
    !findDestination(first!) &&
    (/\d/u.test(second) || ADDRESS_WORDS.test(second))
  );
}

/**
 * A parenthesis of the head that the alias block interrupts and that the cell's last line closes: "OOO
 * Shipyard 'Zaliv' (f.k.a., AO Shipyard 'Zaliv', a.k.a., the following two aliases: …" with "JSC Zaliv
 * Shipyard; and OJSC ZALIV SHIPYARD)" at the end is one list of former names (sources, §7, trap 13).
 */
function closeParenthesis(
  head: string,
  below: readonly string[],
): { head: string; below: readonly string[] } {
  const depth = (text: string) =>
    [...text].reduce((open, mark) => open + (mark === '(' ? 1 : mark === ')' ? -1 : 0), 0);
  const last = below.at(-1) ?? '';
  const closes = /\)\.?$/u.test(last) && !/\d/u.test(last) && depth(last) === -1;
  if (!closes || depth(head) !== 1) return { head, below };
  return { head: `${trimEndOf(head, ';,')}; ${last}`, below: below.slice(0, -1) };
}

/**
 * Reads an entity cell: `Name, a.k.a., the following two aliases:` with its items and the addresses below, or
 * `Name, address; and address.` in one line, with or without "(a.k.a., …)" behind the name.
 *
 * @param lines printed lines of the cell
 * @param knownName the name as the instruction quotes it, which settles where the name ends
 */
export function readIdentity(lines: readonly string[], knownName: string | null = null): Identity {
  const seeAlso: string[] = [];
  const doubts: Doubt[] = [];
  const cleaned = lines
    .map((line) => takeSeeAlso(line, seeAlso))
    .filter((line) => line.replace(/[.,;\s]/gu, '') !== '');
  const [head = '', ...below] = joinHead(cleaned);
  const read = (name: string, own: string[], lines: string[], addresses: string[] = []): Identity => {
    const aliases = own.filter((alias) => alias !== '');
    if (ENDS_OPEN.test(name.slice(-60)))
      doubts.push(doubt('name-end', 'print gives no name of the subordinate institution'));
    const rest = readBelowNames(lines, [name, ...aliases], doubts);
    return {
      name,
      aliases: [...aliases, ...rest.names.filter((found) => found !== '')],
      addresses: [...addresses, ...rest.addresses, ...readAddresses(rest.lines, doubts, aliases.length)],
      seeAlso,
      doubts,
    };
  };

  const block = findBlockHead(head);
  if (block) {
    const closed = closeParenthesis(block.before, below);
    const owner = readInlineAliases(closed.head, doubts);
    const name = cleanName(owner?.name ?? block.before) || head;
    if (owner && /\w/u.test(owner.rest))
      doubts.push(
        doubt('alias-unclear', `text stands between “${name}” and its aliases: ${owner.rest.slice(0, 120)}`),
      );
    const items = [...splitItems(block.behind), ...closed.below];
    const { aliases, addresses, rest } = readBlock(items, block.stated, doubts);
    if (block.mixed && block.stated === null)
      doubts.push(doubt('sub-entry', `the cell does not say how many sub-entries: ${head.slice(-120)}`));
    else if (block.mixed)
      doubts.push(
        doubt('sub-entry', `institutions that have no row of their own are read as aliases`, false),
      );
    return read(name, [...(owner?.aliases ?? []), ...aliases], rest, addresses);
  }

  const known = knownName === null ? null : foldedPrefixLength(head, knownName);
  const unsure: Doubt[] = [];
  const inline = readInlineAliases(head, unsure);
  // An a.k.a. that stands behind the name's end is the address's: "Someone, 1 Road (a.k.a. Old Road)".
  if (inline && inline.name.length <= (known === null ? findNameEnd(head) : known + 1)) {
    doubts.push(...unsure);
    const ended = /[.,;)]$/u.test(head);
    if (below.length > 0 && inline.rest.trim() === '' && !ended && !beginsSubEntry(below[0]!))
      doubts.push(
        doubt('alias-unclear', `an alias that did not end may go on in: ${below[0]!.slice(0, 120)}`),
      );
    const rest = inline.rest.replace(/^[\s,;.]+/u, '').replace(/^Address(?:es)?:\s*/u, '');
    const name = cleanName(inline.name);
    return read(
      name,
      inline.aliases,
      [rest, ...below].filter((line) => line !== ''),
    );
  }
  const end = known ?? findNameEnd(head);
  const name = trimEndOf(head.slice(0, end), ',;');
  const rest = head
    .slice(end)
    .replace(/^[\s,;.]+/u, '')
    .replace(/^Address(?:es)?:\s*/u, '');
  if (known === null && nameEndsUnsurely(name, rest))
    doubts.push(
      doubt('name-end', `whether “${rest.split(',', 1)[0]}” belongs to the name is not printed`, false),
    );
  return read(
    known === null && rest === '' ? stripEnd(name) : name,
    [],
    [rest, ...below].filter((line) => line !== ''),
  );
}

/**
 * Footnote numbers that print as plain digits behind the licence requirement because a source lost their
 * superscript: "§§ 734.9(e) 1 and 744.11 of the EAR 2", "734.9(g),3 746.8", "of the EAR) 4" (sources, §4.3).
 */
export function readPlainFootnotes(requirement: string): number[] {
  const found = new Set<number>();
  for (const match of requirement.matchAll(
    /(?:\([a-z]\)(?:\(\d\))?,?|\bEAR\)?\.?\)?)\s?([1-5](?:,?\s[1-5](?=\s|$|[.,;]\s|[.,;]$))*)(?=\s|$|[.,;]\s|[.,;]$)/gu,
  ))
    for (const [digit] of match[1]!.matchAll(/\d/gu)) found.add(Number(digit));
  for (const match of requirement.matchAll(FOOTNOTES_IN_WORDS))
    for (const [digit] of match[1]!.matchAll(/\d/gu)) found.add(Number(digit));
  return [...found].sort((a, b) => a - b);
}

/** "See footnotes 1 and 4", "footnotes 1, 2, and 4", not "footnotes 1 through 4" nor those of another text. */
const FOOTNOTES_IN_WORDS =
  /\bfootnotes?\s([1-5](?:(?:,\s?(?:and\s)?|\sand\s)[1-5]\b)*)(?=\s?(?:$|[.,;)\]]))(?!\s?,\s?(?:and\s)?\d)/giu;

/** True where a requirement speaks of footnotes in words that are not read. */
export function hasUnreadFootnotes(requirement: string): boolean {
  return /\bfootnotes?\b/iu.test(requirement.replace(FOOTNOTES_IN_WORDS, ''));
}
