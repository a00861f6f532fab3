import { trimEndOf } from './trim-end.ts';

/** Something in an entity cell that could not be read for certain. */
export interface Doubt {
  code:
    | 'alias-count-differs'
    | 'alias-unclear'
    | 'address-in-alias'
    | 'address-unclear'
    | 'name-end'
    | 'sub-entry';
  /** True where a rule must wait for a person. */
  holds: boolean;
  message: string;
}

export function doubt(code: Doubt['code'], message: string, holds = true): Doubt {
  return { code, holds, message };
}

/** The words between two names of one entity. Needs flags `iu`; has no groups. */
export const MARK =
  '(?<![\\p{L}\\d.])(?:[afn](?:\\.\\s?k\\.\\s?|/k/|k)a\\b\\.?|d(?:\\.\\s?b\\.\\s?|/b/|b)a\\b\\.?|(?:also|formerly|now) known as\\b|doing business as\\b)(?![\\p{L}\\d])';

/** Item of a block: a dash at the beginning of a line (an em dash elsewhere is content, sources §7.4). */
export const BULLET = /^(?:and\s)?[—–―•]\s*|^-\s*/iu;

/** Parts of a firm's name that stand behind a comma of the name itself: "Huawei Technologies Co., Ltd.". */
export const LEGAL_FORM =
  /^(?:(?:co|corp|company|corporation|ltd|limited|inc|incorporated|llc|l\.l\.c|llp|lp|plc|pte|pty|pvt|gmbh|ag|bv|b\.v|nv|n\.v|s\.a\.r\.l|sarl|s\.a|sa|s\.l|sl|s\.r\.l|srl|s\.p\.a|spa|s\.r\.o|a\.s|oy|ab|as|ooo|oao|ao|zao|pao|cjsc|ojsc|pjsc|jsc|fze|fzco|fzc|fz-llc|sdn\.?\s*bhd|bhd|kg|k\.k|san|ve tic|tic)(?:\.|\b)|(?:open |public |closed )?joint[ -]stock company\b|npo\b|l\.?t\.?d\.?\b|\(papl\)|\([a-z ]{2,20}\) (?:co|corp|ltd|limited|inc|llc)\b|a joint stock company)/iu;

/** Sub-units that are part of a name behind a comma: "Academy of …, Institute of Basic Medicine". */
export const SUB_UNIT =
  /^(?:(?:the\s+)?(?:[A-Z][\w-]+\s+){0,4}(?:institut(?:e|ion)|department|faculty|school|college|academy|laboratory|division|branch|bureau|directorate|plant)\b(?!\s*(?:road|street|st\b|rd\b|ave|building|bldg|plaza|tower)))/iu;

/** Only organisations have sub-units; a person at an institute has an address. */
export const ORGANISATION =
  /\b(?:academy|universit|corporation|institut|ministry|department|company|group|enterprise|center|centre)/iu;

export const ADDRESS_WORDS =
  /\b(?:road|street|st\.|rd\.|avenue|ave\.?|building|bldg|floor|room|unit|no\.|district|province|city|block|tower|plaza|p\.?o\.? box|suite|flat|office|zone|village|lane|highway|\d{4,6})\b/iu;

/** The beginning of an address: a house number, or what is numbered in one. "54th Institute" is none. */
export const ADDRESS_LEAD =
  /^(?:\d(?!\d{0,4}(?:st|nd|rd|th)\b(?!\s(?:floor|street|road|avenue|lane|block)))|#\s?\d|no(?:s?\.|:|\s)\s?\d|(?:room|rm|building|bldg|floor|unit|flat|suite|block|blk|office|house|plot|shop|level)s?\.?\s(?:no\.?\s?|number\s)?(?:#?\d|[a-z]\b)|(?:ul|ulitsa|d|str|pr|prospekt|per|korp)\.\s?[\p{L}\d]|p\.?\s?o\.?\s?box\b)/iu;

/** Words that end in a full stop of their own, so that the stop is not the end of the sentence. */
const ABBREVIATION =
  /(?:^|[\s(,.])(?:co|corp|ltd|inc|llc|l\.l\.c|st|str|korp|rd|ave|bldg|bhd|sdn|pte|pvt|pty|no|jr|sr|dr|mr|mrs|ms|prof|intl|int'l|est|tic|dis|san|sti|şti|tech|sci|dev|elec|univ|inst|mfg|im|yu|ul|bld|[a-z](?:\.[a-z])+|[A-Z])\.$/iu;

/** Legal forms among them: behind their stop an address may begin. */
const LEGAL_STOP =
  /(?:^|[\s(,.])(?:co|corp|ltd|inc|llc|l\.l\.c|bhd|pte|pvt|pty|sti|şti|tic|s\.a|s\.r\.l)\.$/iu;

/**
 * Words among them that the list prints without a stop ("LLC" in 111 of 112 names, "Tech" in all), so that a
 * stop behind the last word of a sentence is the sentence's.
 */
const MOSTLY_BARE = /(?:^|[\s(,.])(?:llc|tech|sci|dev|elec|univ|inst|mfg|intl|int'l)\.$/iu;

const MONOGRAM = /(?:^|\s)[A-Z]\.$/u;

/** The last words of a text, for patterns that look at its end only. */
function ending(text: string): string {
  return text.slice(-24);
}

/** True where the text ends in the stop of an abbreviation or an initial. */
export function isAbbreviation(text: string): boolean {
  return ABBREVIATION.test(ending(text));
}

/** True where the text ends in the stop of a legal form, behind which an address may begin. */
export function isLegalStop(text: string): boolean {
  return LEGAL_STOP.test(ending(text));
}

/** True where a full stop ends the text's sentence, and is not the stop of an abbreviation. */
export function endsSentence(text: string): boolean {
  return text.endsWith('.') && !ABBREVIATION.test(ending(text));
}

/** A text without the full stop or separator that ends its sentence; the stop of "Ltd." stays. */
export function stripEnd(text: string): string {
  const bare = trimEndOf(text, ';,').trim();
  return endsSentence(bare) ? bare.slice(0, -1).trimEnd() : bare;
}

/** A closing parenthesis that closes nothing: "JSC AOMZ)" (sources, §7, trap 13). */
function stripStrayBracket(text: string): string {
  const depth = [...text].reduce((open, mark) => open + (mark === '(' ? 1 : mark === ')' ? -1 : 0), 0);
  return depth < 0 && text.endsWith(')') ? text.slice(0, -1).trimEnd() : text;
}

/**
 * An alias without bullet, final "; and" (twice in places) and stop: "HPSTAR; and; and" is HPSTAR. A stop with a
 * separator behind it is the word's own: "Acme Tech.;", but "Acme Tech." at the end of the block.
 */
export function cleanAlias(item: string): string {
  let text = item.replace(BULLET, '').trim();
  const ends = text.endsWith('.');
  for (let round = 0; round < 3; round += 1) {
    const bare = trimEndOf(text, ';,').trim();
    text = bare.replace(/[;,]\s?(?:and|or)$/iu, '');
    if (text === bare) break;
  }
  if (ends && MOSTLY_BARE.test(ending(text))) text = text.slice(0, -1);
  // "JSC Shipyard 'Zaliv;'" prints the separator within the quotes (sources, §7, trap 13).
  const bare = stripStrayBracket(stripEnd(text).replace(/[;,](['’”])$/u, '$1'));
  // "—Acme O." ends its sentence; "J. R." is a pair of initials.
  return MONOGRAM.test(ending(bare)) && !/\.\s?[A-Z]\.$/u.test(ending(bare)) ? bare.slice(0, -1) : bare;
}

/** Where an address begins behind a stop or semicolon within an alias (sources §7.2, no. 14); -1 for nowhere. */
export function findFusedAddress(text: string): number {
  const lastComma = text.lastIndexOf(',');
  for (const match of text.matchAll(/[.;]\s/gu)) {
    const rest = text.slice(match.index + 2, match.index + 42);
    if (!ADDRESS_LEAD.test(rest)) continue;
    const before = ending(text.slice(Math.max(0, match.index - 30), match.index + 1));
    if (match[0].startsWith('.') && ABBREVIATION.test(before) && !LEGAL_STOP.test(before)) continue;
    if (lastComma > match.index) return match.index + 2;
  }
  return -1;
}

/** Commas outside parentheses and quotes. */
export function topLevelCommas(text: string): number[] {
  const commas: number[] = [];
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at];
    if (mark === '(' || mark === '“') depth += 1;
    else if (mark === ')' || mark === '”') depth = Math.max(0, depth - 1);
    else if (mark === ',' && depth === 0) commas.push(at);
  }
  return commas;
}
