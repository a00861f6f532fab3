import {
  ADDRESS_LEAD,
  ADDRESS_WORDS,
  cleanAlias,
  type Doubt,
  doubt,
  findFusedAddress,
  LEGAL_FORM,
  MARK,
  ORGANISATION,
  topLevelCommas,
} from './cell-text.ts';
import { findNameEnd } from './name-end.ts';
import { NUMBER_PATTERN, readNumber } from './numbers.ts';
import { trimEndOf } from './trim-end.ts';

const MARKS = new RegExp(MARK, 'giu');
const BETWEEN_NAMES = new RegExp(`[,;(]?\\s?\\(?${MARK}[,:]?\\s?`, 'iu');
/** "the following two aliases:" within a parenthesis or a nested block; its group is the number. */
export const FOLLOWING = new RegExp(
  `^the following\\s(?:(${NUMBER_PATTERN})\\s)?(?:alias|name)(?:es|s)?\\s?:?\\s?`,
  'iu',
);

export interface InlineAliases {
  name: string;
  aliases: string[];
  /** What stands behind them: the address, if any. */
  rest: string;
}

/** Words of a name by which two names are seen to be variants of one. */
function wordsOf(name: string): Set<string> {
  return new Set((name.match(/\p{L}{2,}/gu) ?? []).map((word) => word.toLowerCase()));
}

/**
 * The names of a series without semicolons: "Lin Rongnan, Steven Lim and Yong Nam Lim". They are told apart
 * only where no firm is among them and the entry's own name shows that they are variants of it: one of three
 * or more shares a word with it, or each of two shares two words. Null where that is not so.
 */
function splitSeries(text: string, owner: string): string[] | null {
  const parts = text.split(/,\s(?:and\s)?|\sand\s/u).map((part) => part.trim());
  const own = wordsOf(owner);
  const shared = (part: string) => [...wordsOf(part)].filter((word) => own.has(word)).length;
  const plain = parts.every(
    (part) => /^\p{Lu}[\p{L}'’.-]*(?:\s\p{Lu}[\p{L}'’.-]*){1,4}$/u.test(part) && !LEGAL_FORM.test(part),
  );
  if (!plain || !/\sand\s/u.test(text)) return null;
  const firm = parts.some((part) => ORGANISATION.test(part));
  if (parts.length === 2) return parts.every((part) => shared(part) >= 2) ? parts : null;
  return !firm && parts.some((part) => shared(part) >= 1) ? parts : null;
}

/** Splits what stands behind "a.k.a.,": names between semicolons; commas and "and" tell nothing for certain. */
function splitNames(text: string, owner: string, doubts: Doubt[]): string[] {
  const header = FOLLOWING.exec(text);
  const stated = header?.[1] ? readNumber(header[1]) : null;
  const names = text
    .slice(header?.[0].length ?? 0)
    .replace(/;(['’”])(?=\s|$)/gu, '$1;')
    .split(BETWEEN_NAMES)
    // The separator stays for `cleanAlias`, which tells by it whose the stop before it is.
    .flatMap((part) => part.split(/(?<=;)/u))
    .map((part) => cleanAlias(part.replace(/^\s?(?:and|or)\s/iu, '').trim()))
    .filter((part) => part !== '')
    .flatMap((part) => splitSeries(part, owner) ?? [part]);
  const unclear = names.find(
    (name) =>
      /\sand\s/u.test(name) ||
      /^['’]\s/u.test(name) ||
      ADDRESS_LEAD.test(name.slice(0, 40)) ||
      topLevelCommas(name).some((at) => !LEGAL_FORM.test(name.slice(at + 1).trimStart())),
  );
  if (unclear !== undefined) doubts.push(doubt('alias-unclear', `“${unclear}” may be more than one alias`));
  if (stated !== null && stated !== names.length)
    doubts.push(doubt('alias-count-differs', `the aliases are said to be ${stated} and are ${names.length}`));
  return names;
}

/** Index of the parenthesis that closes the one open at the beginning of `text`; -1 where none does. */
function findClosing(text: string): number {
  let depth = 1;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

/** Where the name before "(a.k.a., …" or ", a.k.a., …" ends, and where the aliases begin; null without any. */
function findInline(text: string): { end: number; from: number; bracket: boolean } | null {
  for (const match of text.matchAll(MARKS)) {
    const before = text.slice(0, match.index).trimEnd();
    const bracket = before.endsWith('(');
    const name = trimEndOf(bracket ? before.slice(0, -1) : before, ';, ');
    if (name === '') continue;
    const behind = match.index + match[0].length;
    return { end: name.length, from: behind + /^[,:.]?\s?/u.exec(text.slice(behind))![0].length, bracket };
  }
  return null;
}

/** The name before its inline a.k.a.; the whole name where it has none. */
export function nameBeforeAliases(name: string): string {
  const found = findInline(name);
  return found ? name.slice(0, found.end) : name;
}

/** Reads `Name (a.k.a., A; and B), address` and `Name, a.k.a., A, address`; null for a text without a.k.a. */
export function readInlineAliases(text: string, doubts: Doubt[]): InlineAliases | null {
  const found = findInline(text);
  if (!found) return null;
  const name = text.slice(0, found.end);
  const tail = text.slice(found.from);
  if (found.bracket) {
    const closing = findClosing(tail);
    const label = /[,;.]?\s?\bAddress(?:es)?:/u.exec(tail)?.index;
    // "Rosneft (a.k.a. Open Joint-Stock Company …, Address: 26/1, …": the label ends the aliases, whether the
    // parenthesis closes behind the address or nowhere (sources, §7, trap 13).
    if (label !== undefined && (closing < 0 || label < closing)) {
      const end = closing < 0 ? tail.length : closing;
      const address = tail.slice(label, end) + tail.slice(end).replace(/^\)/u, '');
      return { name, aliases: splitNames(tail.slice(0, label), name, doubts), rest: address };
    }
    if (closing < 0) {
      doubts.push(doubt('alias-unclear', `a parenthesis of “${name}” never closes`));
      return { name, aliases: splitNames(tail, name, doubts), rest: '' };
    }
    const rest = tail.slice(closing + 1);
    if (!/^\s?(?:[,;.]|$)/u.test(rest))
      doubts.push(doubt('alias-unclear', `“${name}” goes on behind its aliases`));
    return { name, aliases: splitNames(tail.slice(0, closing), name, doubts), rest };
  }
  const depth = [...name].reduce((open, mark) => open + (mark === '(' ? 1 : mark === ')' ? -1 : 0), 0);
  if (depth > 0) doubts.push(doubt('alias-unclear', `the aliases of “${name}” stand within a parenthesis`));
  const fused = findFusedAddress(tail);
  const end = Math.min(findNameEnd(tail), fused < 0 ? tail.length : fused);
  const rest = tail.slice(end).replace(/^[\s,;.]+/u, '');
  const segment = rest.split(',', 1)[0]!;
  if (rest !== '' && !ADDRESS_LEAD.test(rest.slice(0, 40)) && !ADDRESS_WORDS.test(segment))
    doubts.push(
      doubt('alias-unclear', `where the alias of “${name}” ends is not printed: ${tail.slice(0, 120)}`),
    );
  const names = tail.slice(0, end + (tail[end] === ',' ? 1 : 0));
  return { name, aliases: splitNames(names, name, doubts), rest };
}
