import { editDistance } from './edit-distance.ts';
import { isPinyin } from './join-syllables.ts';
import { LONGEST_NAME } from './latin-readings.ts';
import { KNOWN_WORDS } from './lexicon.ts';
import { normaliseName } from './normalise.ts';
import type { TokenKind } from './token.ts';

/** A name that stands within a printed one with a bracket. */
export interface NamePart {
  text: string;
  /** A short name, such as "FSB": it is meant only where it is spelled so, since a letter off is another's. */
  isShort: boolean;
}

/** What lists put before another name in a bracket. */
const BEFORE_NAME =
  /^(?:(?:(?:formerly|previously|also|now|or)\s+)?(?:known|called|named)(?:\s+as)?|formerly|previously|[afn]\.?\/?k\.?\/?a\.?)[\s:,]+/iu;
/** A bracket that tells something of the firm: "a subsidiary of …", "Parent organization: …", "see also …". */
const TOLD = /:|^see\b|\b(?:subsidiary|subordinate|branch|division|affiliate|member|unit|part)\b.*\bof\b/iu;
const LOWER = /^\p{Ll}/u;
/** All of it in capitals: what a bracket before the end of a name must be to be no place ("(Shanshan) Co., Ltd."). */
const CAPITALS = /^[A-Z]{3,8}\d{0,3}$/u;
const HAN = /\p{Script=Han}{2}/u;
/** Fewer letters are too many firms'. */
const LEAST_LETTERS = 3;
/** Longer words are spelled out, unless they have capitals inside: "TsNIIMash". */
const MOST_SHORT = 4;
/** Letters in which a word may differ from the one before it and be its other spelling: "Yershov (Ershov)". */
const MOST_APART = 3;

const trim = (text: string) => text.replace(/^[\s,;.–—-]+|[\s,;–—-]+$/gu, '');

/**
 * Names that a printed one with a bracket says beside itself: "Rostec (Russian Technologies State Corporation)" has
 * both. None where the bracket is a place or part of the name ("Huawei Device (Shenzhen) Co., Ltd.").
 */
export function partsOfName(name: string): NamePart[] {
  const bracket = firstBracket(name.slice(0, LONGEST_NAME));
  if (bracket === null) return [];
  const before = trim(bracket.before);
  const { after } = bracket;
  const inside = trim(bracket.inside).replace(BEFORE_NAME, '');
  const isLast = !/[\p{L}\p{N}]/u.test(after);
  // "(Pvt) Ltd. (LTE)": the form is in no one's way.
  if (!isLast && isForm(inside) && /[(（]/u.test(after)) return partsOfName(`${before} ${trim(after)}`);
  if (!isLast) {
    if (!CAPITALS.test(inside) || !isName(inside)) return [];
    const form = isForm(after);
    const whole = form && isName(before) ? [longPart(`${before} ${trim(after)}`)] : [];
    return form || /^\s*[,;]/u.test(after) ? [...whole, ...shortParts(inside)] : [];
  }
  const isShortForm = isShort(before) && wordsOf(before).every(isNoForm);
  const first = !isName(before) ? [] : isShortForm ? shortParts(before) : [longPart(before)];
  if (LOWER.test(inside) || TOLD.test(inside)) return first;
  if (isForm(inside)) return first;
  // A word of pinyin is a town that the tables do not have: "(Liyang)".
  if (!isName(inside) || (!CAPITALS.test(inside) && isPinyin(inside.toLowerCase()))) return [];
  const last = /[\p{L}\p{N}]+$/u.exec(before)?.[0] ?? '';
  // Two spellings of one word: alone it may be the surname of many.
  if (!/[^\p{L}]/u.test(inside) && last.length > MOST_SHORT)
    if (editDistance(last.toLowerCase(), inside.toLowerCase(), MOST_APART) <= MOST_APART)
      return [...first, longPart(before.slice(0, -last.length) + inside)];
  // One word alone may be anybody's given name: it is meant where it is spelled so.
  const isExact = isShort(inside) || wordsOf(inside).filter(isNoForm).length === 1;
  return [...first, ...(isExact ? shortParts(inside) : [longPart(inside)])];
}

const longPart = (text: string): NamePart => ({ text, isShort: false });

/** A short name, with its legal form and without: "JSC NICEVT", "NICEVT". */
function shortParts(text: string): NamePart[] {
  const bare = trim(wordsOf(text).filter(isNoForm).join(' '));
  return [...new Set([text, bare])]
    .filter((one) => HAN.test(one) || one.replace(/[^\p{L}]/gu, '').length >= LEAST_LETTERS)
    .map((one) => ({ text: one, isShort: true }));
}

const wordsOf = (text: string) => text.split(/[\s,-]+/u).filter((word) => word !== '');
const isNoForm = (word: string) =>
  KNOWN_WORDS.get(word.toLowerCase().replace(/[^a-z]/gu, ''))?.kind !== 'legal';

/** Whether a name is made of abbreviations and numbers: "BUAA", "CETC 13", "JSC TsNIIMash". */
const isShort = (text: string) =>
  wordsOf(text)
    .filter(isNoForm)
    .every((word) => /^\d/u.test(word) || /\p{Lu}.*\p{Lu}/u.test(word) || /^[A-Za-z]{1,4}$/u.test(word));

const isForm = (text: string) => /^private$/iu.test(text) || kindsOf(text).every((kind) => kind === 'legal');

/** Whether a text is more than a place, a number or a word of trade. */
function isName(text: string): boolean {
  // Letters with a number are read as a number: "CETC55".
  if (/^[A-Z]{3,}\d+$/u.test(text)) return true;
  const kinds = kindsOf(text).filter((kind) => kind !== 'legal' && kind !== 'particle');
  return kinds.includes('word') || kinds.length >= 3;
}

/** Kinds of the words. Behind a word of no meaning, since legal forms alone would be read as a name. */
function kindsOf(text: string): TokenKind[] {
  const [reading] = normaliseName(`Qvx ${text}`);
  return reading!.tokens.slice(1).map(({ kind }) => kind);
}

function firstBracket(name: string): { before: string; inside: string; after: string } | null {
  const from = name.search(/[(（]/u);
  if (from < 0) return null;
  let depth = 0;
  for (let at = from; at < name.length; at += 1) {
    if ('(（'.includes(name[at]!)) depth += 1;
    else if (')）'.includes(name[at]!)) depth -= 1;
    if (depth === 0)
      return { before: name.slice(0, from), inside: name.slice(from + 1, at), after: name.slice(at + 1) };
  }
  return null;
}
