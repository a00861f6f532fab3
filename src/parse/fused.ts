import {
  ADDRESS_LEAD,
  ADDRESS_WORDS,
  isAbbreviation,
  isLegalStop,
  LEGAL_FORM,
  ORGANISATION,
  topLevelCommas,
} from './cell-text.ts';
import { findDestination, namesPlace } from './destinations.ts';
import { trimEndOf } from './trim-end.ts';

/** An alias with the address that print put behind it in the same item. */
export interface FusedAlias {
  alias: string;
  address: string;
}

/** The first of several addresses that a text holds. */
function firstAddress(text: string): string {
  return text.split(/;\s/u, 1)[0]!;
}

/** True where a text ends in the name of a place as addresses do, with or without a postal code behind it. */
export function endsInPlace(text: string): boolean {
  const bare = trimEndOf(text.slice(-400).replace(/\([^()]{0,80}\)\.?$/u, ''), '.,;');
  const last = bare.slice(bare.lastIndexOf(',') + 1).slice(-120);
  if (namesPlace(last.trim())) return true;
  const words = last.replace(/[\d.-]+/gu, ' ').trim();
  // "QC, H8N 2Z6 Canada": a code may hold letters too.
  const plain = last.replace(/\S*\d\S*/gu, ' ').trim();
  if (words !== '') return [words, words.replace(/ /gu, ''), plain].some(namesPlace);
  // "…, China, 100016": the code stands behind a comma of its own.
  const rest = bare.slice(0, Math.max(0, bare.lastIndexOf(',')));
  return rest !== '' && /^\s?[\d-]{4,10}$/u.test(last) && endsInPlace(rest);
}

const FIRM = /\b(?:co|corp|ltd|limited|company|inc|llc|l\.l\.c|gmbh|jsc|oao|ooo|zao|pao|s\.a)\b/iu;

/** True for the beginning of a sentence that can only be an address, though no house number leads it. */
function isPlainAddress(text: string): boolean {
  const first = firstAddress(text);
  const lead = first.split(',', 1)[0]!;
  if (LEGAL_FORM.test(text) || FIRM.test(lead) || ORGANISATION.test(lead)) return false;
  return endsInPlace(first);
}

/**
 * Where an address begins behind the stop that ends an alias: "Zaliv Shipyard LLC. 4 Tankistov Street, …"
 * (sources, §7, trap 14). The stop must end a sentence or a legal form, and what follows must begin like an
 * address or end in the name of a place.
 */
function afterStop(text: string): number {
  for (const match of text.matchAll(
    /[.;]['’”]?\s+(?=[\p{Lu}\d#'‘“]|(?:d|ul|str|pr|prospekt|per|korp)\.?\s)/gu,
  )) {
    const before = text.slice(Math.max(0, match.index - 30), match.index + 1);
    const legal = isLegalStop(before);
    if (text[match.index] === '.' && isAbbreviation(before) && !legal) continue;
    const at = match.index + match[0].length;
    const rest = text.slice(at);
    // "X Ltd. Hong Kong" may be a name as a whole.
    if (legal && !rest.includes(',')) continue;
    if ((ADDRESS_LEAD.test(rest.slice(0, 40)) && rest.includes(',')) || isPlainAddress(rest)) return at;
  }
  return -1;
}

/** "Ordzhonikidze 10": a street and its number, which no other word of an address leads. */
const NUMBERED_STREET = /^\p{Lu}[\p{L}.'’-]*(?:\s[\p{L}.'’-]+){0,3}\s\d{1,4}\p{L}?$/u;

/** "Russia 119071": a place with its code ends an address that began before it. */
function isPlaceWithCode(segment: string): boolean {
  return /\d/u.test(segment) && findDestination(segment.replace(/\S*\d\S*/gu, ' ').trim()) !== null;
}

/** A name that ends in a part of an address ("BiotaGroup Company Al Thuraya Tower 1") did not end where it seems. */
const ENDS_IN_ADDRESS =
  /\b(?:road|street|avenue|building|bldg|floor|room|unit|block|tower|plaza|suite|flat|office|zone|lane)\b\.?\s(?:no\.?\s)?\S{0,6}\d\S{0,6}$/iu;

/**
 * Where an address begins behind a comma of an alias: "Mike Davidovich, P.O. Box 242, St. Petersburg, Russia
 * 196240". A comma is sure only before a house number or what is numbered in a street.
 *
 * @param whole true where the address must end in the name of a place
 */
function afterComma(text: string, whole: boolean): number {
  const commas = topLevelCommas(text);
  for (const [index, comma] of commas.entries()) {
    const segment = text.slice(comma + 1, commas[index + 1] ?? text.length).trim();
    if (LEGAL_FORM.test(segment) || findDestination(segment)) continue;
    if (whole && isPlaceWithCode(firstAddress(segment))) return -1;
    const lead = ADDRESS_LEAD.test(segment.slice(0, 40));
    const numbered =
      whole && (NUMBERED_STREET.test(segment) || (ADDRESS_WORDS.test(segment) && /\d/u.test(segment)));
    if (!lead && !numbered) continue;
    const rest = text.slice(comma + 1).trim();
    // "Pr. Yuria Gagarina 2, St. Petersburg, Russia": one segment alone may be a part of a name.
    if (!rest.includes(',')) return -1;
    return !whole || endsInPlace(firstAddress(rest)) || endsInPlace(rest) ? comma + 1 : -1;
  }
  return -1;
}

/** A remark behind the last of several names: "…; (all of preceding located in or near Mianyang)". */
const REMARK =
  /[;,]?\s*\(((?:all|both|each) of (?:the )?(?:preceding|above)[^()]{0,200})\)[.,;]?(?:\s?and)?$/iu;

/**
 * Cuts an alias item where its address begins; null where it has none, or where print does not say where.
 *
 * @param last true for the last item of a cell that has no address below it
 */
export function splitFused(item: string, last: boolean): FusedAlias | null {
  const remark = REMARK.exec(item.slice(-320));
  if (remark) {
    const length = item.length - remark[0].length;
    return { alias: item.slice(0, length), address: remark[1]! };
  }
  const stop = last ? afterStop(item) : -1;
  const comma = afterComma(item, last);
  // What begins first is the address: "X, Metallurgov 29, Str. 1, …" begins at its comma.
  const at = stop >= 0 && comma >= 0 ? Math.min(stop, comma) : Math.max(stop, comma);
  if (at <= 0) return null;
  const alias = trimEndOf(item.slice(0, at), ',; ');
  return alias === '' || ENDS_IN_ADDRESS.test(alias.slice(-80))
    ? null
    : { alias, address: item.slice(at).trim() };
}
