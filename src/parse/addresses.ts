import { ADDRESS_LEAD, BULLET, type Doubt, doubt, endsSentence, MARK, stripEnd } from './cell-text.ts';
import { findDestination, readLeadingDestination } from './destinations.ts';
import { NUMBER_PATTERN, readNumber } from './numbers.ts';

const UNDER =
  'see\\s(?:also\\s)?(?:(?:alternat(?:e|ive)|additional|other)\\s)?address(?:\\(es\\)|es)?\\s(?:under|in)\\s(?:the\\sentr(?:y|ies)\\s(?:for|under)\\s)?';

/** `(See alternate addresses under China and Russia).` with the variants of sources §7.1. */
const SEE_ALSO = new RegExp(
  `\\(?\\s?\\b${UNDER}([^()]{0,300}?)\\s?\\)\\.?|\\(\\s?see\\s(?:also\\s)?(U\\.A\\.E\\.|[A-Z][^()]{2,60}(?:\\([^()]{2,30}\\))?)\\)|\\b${UNDER}([^();]{2,200})$`,
  'giu',
);

function readPlaces(text: string): string[] {
  const places: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const found = readLeadingDestination(rest);
    const length =
      found?.length ?? /^(?:[^,]|,(?=\s?people))+?(?=,|\sand\s|$)/iu.exec(rest)?.[0].length ?? rest.length;
    const name = rest
      .slice(0, length)
      .replace(/^\s*the /iu, '')
      .trim();
    if (name !== '') places.push(name);
    rest = rest.slice(Math.max(1, length)).replace(/^[\s,.;]*(?:and\b)?[\s,]*/iu, '');
  }
  return places;
}

/** The line without its notes that point at other destinations, which are put into `seeAlso`. */
export function takeSeeAlso(line: string, seeAlso: string[]): string {
  if (!/\bsee\b/iu.test(line)) return line;
  const text = line.replace(
    SEE_ALSO,
    (whole: string, under: string | undefined, bare: string | undefined, open: string | undefined) => {
      if (under === undefined && bare !== undefined && !findDestination(bare)) return whole;
      seeAlso.push(...readPlaces(under ?? bare ?? open ?? ''));
      return '';
    },
  );
  return text
    .replace(/\s+([,;.])/gu, (match, mark: string, at: number, all: string) =>
      all[at - 1] === mark ? '' : match,
    )
    .trim();
}

/** Splits `text` behind every separator that stands between two addresses (sources, §7.3). */
function splitAddresses(text: string): string[] {
  const parts: string[] = [];
  for (const part of text.split(/;\s*(?:(?:and|or)\b\s*)?|[.,;\s]{0,4}\bAlt\.? Address(?:es)?:\s*/iu)) {
    // ", and" separates only behind the name of a place that ends an address; "Fine Mechanics, and …" stays.
    let rest = part;
    for (let at = rest.search(/,\s+and\s+/iu); at >= 0; ) {
      const before = rest.slice(0, at);
      const lastWords = before
        .slice(before.lastIndexOf(',') + 1)
        .replace(/[\d.]+/gu, '')
        .trim();
      if (findDestination(lastWords)) {
        parts.push(before);
        rest = rest.slice(at).replace(/^,\s+and\s+/iu, '');
        at = rest.search(/,\s+and\s+/iu);
      } else {
        const next = rest.slice(at + 1).search(/,\s+and\s+/iu);
        at = next < 0 ? -1 : at + 1 + next;
      }
    }
    parts.push(rest);
  }
  return parts.map(stripEnd).filter((part) => part !== '');
}

/** Lines of the address part: one that ended its sentence stands alone, others run on. */
function joinAddressLines(lines: readonly string[]): string[] {
  const joined: string[] = [];
  let open = false;
  for (const line of lines) {
    const text = line.replace(BULLET, '');
    // "and 5 Road" in a row of its own goes on with the next address.
    const next = /^(?:and|or)\s(.*)$/isu.exec(text)?.[1];
    if (next !== undefined && ADDRESS_LEAD.test(next.slice(0, 40))) joined.push(next);
    else if (open && joined.length > 0) joined[joined.length - 1] += ` ${text}`;
    else joined.push(text);
    open = !endsSentence(text);
  }
  return joined;
}

const SUB_HEADER =
  /^(?:affiliated (?:entities|companies)\b|subordinate (?:institution|entit|institute)\w{0,4}\b|address(?:es)? for\b|the following addresses? appl(?:y|ies)\b)/iu;

/** True for the beginning of a line that tells of sub-entries of the entry above (sources §5.3). */
export function beginsSubEntry(text: string): boolean {
  return SUB_HEADER.test(text) && !/^affiliated supply\b/iu.test(text);
}

const ALIAS_RESIDUE = new RegExp(
  `^(?:and\\s)?(?:${MARK}[,.]?\\s{0,2})?(?:the following (?:${NUMBER_PATTERN}\\s)?(?:alias|name)(?:es|s)?:\\s?)?`,
  'iu',
);
const TWO_ADDRESSES = new RegExp(`^the following (?:(${NUMBER_PATTERN})\\s)?address(?:es)?\\s?:\\s?`, 'iu');
const NO_ADDRESS = new RegExp(`${MARK}|\\bthe following\\b|\\bsubordinate (?:institution|entit)`, 'iu');

/** Reads the address part of a cell; headers of something else in it are a doubt and never an address. */
export function readAddresses(lines: readonly string[], doubts: Doubt[]): string[] {
  const kept: string[] = [];
  let stated: number | null = null;
  for (const line of lines) {
    const apply =
      /\bthe following addresses? appl(?:y|ies)\b[^:]{0,120}:|^address(?:es)? for\b[^:]{0,120}:/iu.exec(line);
    if (apply) {
      doubts.push(doubt('sub-entry', `the cell tells of sub-entries: ${line.slice(0, 120)}`));
      // Lines above "The following addresses apply to the entity and …" name the others, and are no address.
      if (/^the following/iu.test(apply[0])) kept.length = 0;
      kept.push(line.slice(apply.index + apply[0].length).trim());
      continue;
    }
    if (beginsSubEntry(line)) {
      doubts.push(doubt('sub-entry', `the cell tells of sub-entries: ${line.slice(0, 120)}`));
      continue;
    }
    const numbered = TWO_ADDRESSES.exec(line);
    if (numbered) {
      stated = numbered[1] ? readNumber(numbered[1]) : null;
      kept.push(line.slice(numbered[0].length));
      continue;
    }
    const residue = ALIAS_RESIDUE.exec(line)?.[0] ?? '';
    if (residue !== '' && !/^and\s$/iu.test(residue)) {
      doubts.push(
        doubt('address-unclear', `an alias header stands before an address: ${line.slice(0, 120)}`),
      );
      kept.push(line.slice(residue.length));
      continue;
    }
    kept.push(line);
  }
  const addresses = joinAddressLines(kept.filter((line) => line !== ''))
    .flatMap(splitAddresses)
    .filter((address) => {
      if (!NO_ADDRESS.test(address)) return true;
      doubts.push(doubt('address-unclear', `this is not read as an address: ${address.slice(0, 120)}`));
      return false;
    });
  if (stated !== null && stated !== addresses.length)
    doubts.push(doubt('address-unclear', `the cell says ${stated} addresses and holds ${addresses.length}`));
  return addresses;
}
