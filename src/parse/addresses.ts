import {
  ADDRESS_LEAD,
  ADDRESS_WORDS,
  BULLET,
  type Doubt,
  doubt,
  endsSentence,
  MARK,
  stripEnd,
} from './cell-text.ts';
import { findDestination, namesPlace, readLeadingDestination } from './destinations.ts';
import { endsInPlace } from './fused.ts';
import { NUMBER_PATTERN, readNumber } from './numbers.ts';
import { trimEndOf } from './trim-end.ts';

const UNDER =
  'see\\s(?:also\\s)?(?:the\\s)?(?:entr(?:y|ies)|(?:(?:alternat(?:e|ive)|additional|other)\\s)?address(?:\\(es\\)|es)?)\\s(?:under|in)\\s(?:the\\sentr(?:y|ies)\\s(?:for|under)\\s)?';

/**
 * `(See alternate addresses under China and Russia).` with the variants of sources §7.1: brackets may nest
 * ("under Crimea (Occupied))"), and one that opens may not close ("in the United Arab (Emirates).").
 */
const SEE_ALSO = new RegExp(
  `\\(?\\s?\\b${UNDER}([^()]{0,300}?(?:\\([^()]{2,40}\\)[^()]{0,100}?)?)\\s?\\)\\.?|\\(\\s?see\\s(?:also\\s)?(U\\.A\\.E\\.|[A-Z][^()]{2,60}(?:\\([^()]{2,30}\\))?)\\)|\\b${UNDER}([^();]{2,200})$|\\(\\s?${UNDER}([^;]{2,200})$`,
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
    // "the United Arab (Emirates)." has a bracket too many.
    const bare = /[()]/u.test(name) ? trimEndOf(name.replace(/[()]/gu, ''), '.') : name;
    if (name !== '') places.push(!findDestination(name) && findDestination(bare) ? bare : name);
    rest = rest.slice(Math.max(1, length)).replace(/^[\s,.;]*(?:and\b)?[\s,]*/iu, '');
  }
  return places;
}

/** The line without its notes that point at other destinations, which are put into `seeAlso`. */
export function takeSeeAlso(line: string, seeAlso: string[]): string {
  if (!/\bsee\b/iu.test(line)) return line;
  const text = line.replace(
    SEE_ALSO,
    (whole: string, ...[under, bare, open, unclosed]: (string | undefined)[]) => {
      if (under === undefined && bare !== undefined && !findDestination(bare)) return whole;
      seeAlso.push(...readPlaces(under ?? bare ?? open ?? unclosed ?? ''));
      return '';
    },
  );
  return text
    .replace(/\s+([,;.])/gu, (match, mark: string, at: number, all: string) =>
      all[at - 1] === mark ? '' : match,
    )
    .trim();
}

const NAME_OF_FIRM = /\b(?:co|corp|ltd|limited|inc|llc|company|corporation|institute|academy)\b/iu;

const ENDS_AS_FIRM = /\b(?:co|corp|ltd|limited|inc|llc|gmbh|fze|jsc)\.?$/iu;

/** The last words of an address, without figures: "518033 China" and "U.A.E. 39948" end in a place. */
function lastWords(text: string): string {
  return text
    .slice(text.lastIndexOf(',') + 1)
    .replace(/[\d.]+/gu, '')
    .trim();
}

/**
 * Splits at "and" behind the name of a place that ends an address; "Fine Mechanics, and …" and "Corner of
 * Ahlone Road and Strand Road" stay. Without a comma before it, a house number must follow, or a street that
 * ends in the name of a place itself: "Beijing, China and Room 1810" (sources, §7, trap 16).
 */
function splitAtAnd(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(/(,?)\s+and\s+/giu)) {
    const before = text.slice(from, match.index);
    const behind = text.slice(match.index + match[0].length, match.index + match[0].length + 400);
    if (match[1] === '' && !(before.includes(',') && (ADDRESS_LEAD.test(behind) || isStreet(behind))))
      continue;
    if (!namesPlace(lastWords(before))) continue;
    parts.push(before);
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)];
}

/** True for the rest of an address that begins with a street and ends in the name of a place. */
function isStreet(text: string): boolean {
  return /^[^,;]{0,60}\b(?:street|road|avenue|ave\.|highway|lane)(?=,)/iu.test(text) && endsInPlace(text);
}

/** Splits `text` behind every separator that stands between two addresses (sources, §7.3). */
function splitAddresses(text: string): string[] {
  return (
    text
      .split(/;\s*(?:(?:and|or)\b\s*)?|[.,;\s]{0,4}\bAlt\.? Address(?:es)?:\s*/iu)
      // "; andHouse #453": the space is lost.
      .map((part) => part.replace(/^and(?=[\p{Lu}\d])/u, ''))
      .flatMap(splitAtAnd)
      .map(stripEnd)
      .filter((part) => part !== '')
  );
}

/**
 * Splits where a sentence ends in a country and another one follows: "…, Shenzhen, China. Zhigu 2nd Street, …".
 * What follows may be a firm with its own address ("Hong Kong. Hangzhou New Longshine Information Technology
 * Co., Ltd., Room 605, …"), so anything but an address is a doubt, and the text stays whole.
 */
function splitAtCountry(text: string, doubts: Doubt[]): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(/\.\s+(?=[\p{Lu}\d])/gu)) {
    const before = text.slice(from, match.index);
    const rest = text.slice(match.index + match[0].length);
    // "U.A.E. P.O. Box 16048" and "Russia, 430034. B443" go on.
    if (before.endsWith('.E') || !rest.includes(',') || !namesPlace(lastWords(before))) continue;
    const first = rest.split(',', 1)[0]!;
    if (ADDRESS_LEAD.test(rest.slice(0, 40)) || (ADDRESS_WORDS.test(first) && !NAME_OF_FIRM.test(first))) {
      parts.push(before);
      from = match.index + match[0].length;
    } else {
      doubts.push(doubt('address-unclear', `an address goes on behind its country: ${rest.slice(0, 120)}`));
      break;
    }
  }
  return [...parts, text.slice(from)].map(stripEnd);
}

/** Lines of the address part: one that ended its sentence stands alone, others run on. */
function joinAddressLines(lines: readonly string[], doubts: Doubt[]): string[] {
  const joined: string[] = [];
  let open = false;
  for (const line of lines) {
    const text = line.replace(BULLET, '');
    // "and 5 Road" in a row of its own goes on with the next address.
    const next = /^(?:and|or)\s(.*)$/isu.exec(text)?.[1];
    const before = joined.at(-1) ?? '';
    // A line that ends in its country ended an address, where another one begins.
    const ended = open && before.includes(',') && endsInPlace(before);
    if (next !== undefined && ADDRESS_LEAD.test(next.slice(0, 40))) joined.push(next);
    else if (ended && text.includes(',') && ADDRESS_LEAD.test(text.slice(0, 40))) joined.push(text);
    else if (open && joined.length > 0) {
      if (ended && text.includes(',') && endsInPlace(text))
        doubts.push(doubt('address-unclear', `whether an address ends before this: ${text.slice(0, 120)}`));
      joined[joined.length - 1] += ` ${text}`;
    } else joined.push(text);
    open = !endsSentence(text);
  }
  return joined;
}

const SUB_HEADER =
  /^(?:affiliated (?:entities|companies|institutions)\s?(?:[:—–-]|\.?$)|subordinate (?:institutions?|entit(?:y|ies)|institutes?)\b|address(?:es)? for\b[^:]{1,200}:|the following address(?:es)? appl(?:y|ies)\b)/iu;

/**
 * True for the beginning of a line that tells of sub-entries of the entry above (sources, §5.3). "Affiliated
 * Supply and Consultancy Services" is a firm (sources, §7, trap 24).
 */
export function beginsSubEntry(text: string): boolean {
  return SUB_HEADER.test(text.slice(0, 300));
}

const ALIAS_RESIDUE = new RegExp(
  `^(?:and\\s)?(?:${MARK}[,.]?\\s{0,2})?(?:the following (?:${NUMBER_PATTERN}\\s)?(?:alias|name)(?:es|s)?:\\s?)?`,
  'iu',
);
const FOLLOWING_NUMBER = new RegExp(`the following (${NUMBER_PATTERN})\\s`, 'iu');
const TWO_ADDRESSES = new RegExp(`^the following (?:(${NUMBER_PATTERN})\\s)?address(?:es)?\\s?:\\s?`, 'iu');
const NO_ADDRESS = new RegExp(
  `${MARK}|\\bthe following\\b|\\bsubordinate (?:institution|entit)|\\bsubject to the EAR\\b|^(?:for )?all items\\b|^presumption of (?:denial|approval)\\b|\\bsee (?:also )?(?:the )?entr(?:y|ies)\\b`,
  'iu',
);

/**
 * Reads the address part of a cell; headers of something else in it are a doubt and never an address.
 *
 * @param aliases how many aliases stand above: a head that a misprint repeats in front of the addresses
 *   ("… the following one alias: 17 Garegin Nzhdehi Street") says the same number and tells nothing new
 */
export function readAddresses(lines: readonly string[], doubts: Doubt[], aliases = 0): string[] {
  const kept: string[] = [];
  let stated: number | null = null;
  for (const line of lines) {
    const numbered = TWO_ADDRESSES.exec(line);
    if (numbered) {
      stated = numbered[1] ? readNumber(numbered[1]) : null;
      kept.push(line.slice(numbered[0].length));
      continue;
    }
    const residue = ALIAS_RESIDUE.exec(line)?.[0] ?? '';
    if (residue !== '' && !/^and\s$/iu.test(residue)) {
      const rest = line.slice(residue.length);
      const said = FOLLOWING_NUMBER.exec(residue)?.[1];
      const repeats = said !== undefined && readNumber(said) === aliases && aliases > 0;
      if (
        !repeats ||
        !(ADDRESS_LEAD.test(rest.slice(0, 40)) || (ADDRESS_WORDS.test(rest) && /\d/u.test(rest)))
      )
        doubts.push(
          doubt('address-unclear', `an alias header stands before an address: ${line.slice(0, 120)}`),
        );
      kept.push(rest);
      continue;
    }
    kept.push(line);
  }
  const addresses = joinAddressLines(
    kept.filter((line) => line !== ''),
    doubts,
  )
    .flatMap(splitAddresses)
    .flatMap((address) => splitAtCountry(address, doubts))
    .filter((address) => {
      if (!NO_ADDRESS.test(address)) return true;
      doubts.push(doubt('address-unclear', `this is not read as an address: ${address.slice(0, 120)}`));
      return false;
    });
  // "Beta LLC, 6 Road, Shanghai, China." behind the address of Acme LLC is another entity.
  const firm = addresses.slice(1).find((address) => ENDS_AS_FIRM.test(address.split(',', 1)[0]!));
  if (firm !== undefined && !doubts.some(({ holds }) => holds))
    doubts.push(doubt('address-unclear', `this may be another entity: ${firm.slice(0, 120)}`));
  if (stated !== null && stated !== addresses.length)
    doubts.push(doubt('address-unclear', `the cell says ${stated} addresses and holds ${addresses.length}`));
  return addresses;
}
