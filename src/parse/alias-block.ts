import { FOLLOWING, readInlineAliases } from './aliases.ts';
import {
  ADDRESS_LEAD,
  ADDRESS_WORDS,
  BULLET,
  cleanAlias,
  type Doubt,
  doubt,
  findFusedAddress,
  LEGAL_FORM,
  MARK,
  stripEnd,
  topLevelCommas,
} from './cell-text.ts';
import { findDestination } from './destinations.ts';
import { endsInPlace, splitFused } from './fused.ts';
import { NUMBER_PATTERN, readNumber } from './numbers.ts';

/** "—X, a.k.a., Y." is two aliases. */
function readItem(item: string, doubts: Doubt[]): string[] {
  const text = cleanAlias(item);
  const inner = readInlineAliases(text, doubts);
  if (!inner) return [text];
  if (inner.rest.replace(/[.,;\s]/gu, '') !== '')
    doubts.push(doubt('alias-unclear', `an alias goes on behind its own alias: ${text.slice(0, 120)}`));
  return [inner.name, ...inner.aliases];
}

const NESTED = new RegExp(
  `[,;]?\\s?\\(?${MARK}[,.]?\\s(the following\\s(?:${NUMBER_PATTERN}\\s)?(?:alias|name)(?:es|s)?)\\s?:(?:[;,]\\s?(?:and)?)?$`,
  'iu',
);

/**
 * Reads the items of an alias block.
 *
 * An entry is flat: the names that a nested block holds are aliases of the entry, and so are those of
 * subordinate institutions that have no row of their own, so that a search finds the entry by each of them.
 * The head of a nested block is no name ("National Development Complex (NDC), a.k.a., the following two
 * aliases:" gives "National Development Complex (NDC)"; sources, §7, trap 11), and an address that stands in
 * an item is one of the entry's addresses. No text is dropped.
 *
 * @param lines what stands below the block's head
 * @returns the aliases, and the lines of the address part
 */
export function readBlock(
  lines: readonly string[],
  stated: number | null,
  doubts: Doubt[],
): { aliases: string[]; addresses: string[]; rest: string[] } {
  const items: string[] = [];
  const dashed = BULLET.test(lines[0] ?? '');
  let at = 0;
  for (; at < lines.length; at += 1) {
    const line = lines[at]!;
    const last = items.at(-1);
    const open = last !== undefined && !/[.;,:]$|[;,]\s?(?:and|or)$/iu.test(last);
    const more = last === undefined || /[;,:]$|[;,]\s?(?:and|or)$/iu.test(last);
    const lead = ADDRESS_LEAD.test(line.slice(0, 40));
    const wanting = stated === null ? more : items.length < stated;
    if (dashed && BULLET.test(line)) items.push(line);
    else if (open && !lead) {
      // A wrapped item: "—A2 Trading and" and below it "Export Company."
      items[items.length - 1] = `${last} ${line}`;
      if (topLevelCommas(line).some((comma) => !LEGAL_FORM.test(line.slice(comma + 1).trimStart())))
        doubts.push(doubt('alias-unclear', `an alias that did not end may go on in: ${line.slice(0, 120)}`));
    } else if (more && wanting && !lead) {
      items.push(line);
      if (stated === null)
        doubts.push(doubt('alias-unclear', `this is taken for an alias: ${line.slice(0, 120)}`));
    } else break;
  }
  let rest = lines.slice(at);
  const addresses: string[] = [];
  for (const [index, item] of items.entries()) {
    const last = index === items.length - 1 && rest.length === 0;
    const fused = NESTED.test(item) ? null : splitFused(item, last);
    if (fused === null) continue;
    items[index] = fused.alias;
    if (last) rest = [fused.address];
    else addresses.push(cleanAlias(fused.address));
  }
  let headers = 0;
  const aliases: string[] = [];
  let nested = 0;
  for (const item of items) {
    const header = NESTED.exec(item);
    if (header) {
      // The header is no alias; the name before it and the items below it are.
      headers += 1;
      aliases.push(cleanAlias(item.slice(0, header.index)));
      nested += readNumber(FOLLOWING.exec(header[1]!)?.[1] ?? '') ?? 0;
      continue;
    }
    aliases.push(...readItem(item, doubts));
  }
  for (const alias of aliases) {
    const tail = alias.slice((topLevelCommas(alias).at(-1) ?? alias.length) + 1).trim();
    const end = alias.slice(alias.lastIndexOf(',') + 1).replace(/[\d.]+/gu, '');
    if (ADDRESS_LEAD.test(tail.slice(0, 40)) && ADDRESS_WORDS.test(tail))
      // "Acme Two, No 6 Road"
      doubts.push(doubt('address-in-alias', `an alias ends in an address: ${alias.slice(0, 120)}`));
    else if (
      alias.includes(',') &&
      ADDRESS_WORDS.test(alias) &&
      (ADDRESS_LEAD.test(alias.slice(0, 40)) || findDestination(end.trim()))
    )
      doubts.push(
        doubt(
          'address-in-alias',
          `an alias holds an address: ${alias.slice(0, 120)}`,
          ADDRESS_LEAD.test(alias.slice(0, 40)),
        ),
      );
    else if (
      findFusedAddress(alias) >= 0 ||
      /\baddress(?:es)?:/iu.test(alias) ||
      (alias.includes(',') && endsInPlace(alias)) ||
      (/\p{L}{3}\.\s[\p{Lu}\d]/u.test(alias) && topLevelCommas(alias).length > 1)
    )
      doubts.push(doubt('address-in-alias', `an alias may hold an address: ${alias.slice(0, 120)}`, false));
    else if (dashed && /;\s?\S/u.test(alias))
      // "—Xinjiang Leon Telecom; and Technology": the dash says that it is one (sources, §7, trap 15).
      doubts.push(
        doubt('alias-unclear', `a semicolon stands within an alias: ${alias.slice(0, 120)}`, false),
      );
  }
  // A nested block counts as one item or as all of its names, and so does "X, a.k.a., Y".
  const counts = [items.length, items.length - nested, aliases.length];
  if (stated !== null && !counts.includes(stated))
    doubts.push(doubt('alias-count-differs', `the alias block says ${stated} and holds ${items.length}`));
  else if (headers > 0 && stated === null)
    doubts.push(doubt('alias-unclear', 'an alias block holds another one'));
  if (!dashed && stated === null && items.length > 0 && !doubts.some(({ holds }) => holds))
    doubts.push(doubt('alias-unclear', 'an alias block has neither dashes nor a number'));
  return { aliases: aliases.filter((alias) => alias !== ''), addresses, rest };
}

const BEFORE_FOLLOWING = new RegExp(`[,;]?\\s?(?:(\\(?${MARK})[,.]?|including|with|and|plus)?\\s?$`, 'iu');
const NAMES = new RegExp(
  `(?:(${NUMBER_PATTERN})\\s)?(?:(?:former|other|subordinate|subsidiary|affiliated)\\s){0,2}(?:alias(?:es)?|names?|institut(?:e|ion)s?|entit(?:y|ies)|subsidiar(?:y|ies)|affiliates?|compan(?:y|ies))\\b`,
  'giu',
);

export interface BlockHead {
  /** What stands before it. */
  before: string;
  /** What stands behind its colon in the same line. */
  behind: string;
  /** How many aliases it says there are, or null. */
  stated: number | null;
  /** True where it announces sub-entries, alone or with aliases. */
  mixed: boolean;
}

/** The head of a block in a line: "…, a.k.a., the following three aliases and one former name:"; null for none. */
export function findBlockHead(line: string): BlockHead | null {
  const at = line.search(/\bthe following\s/iu);
  if (at < 0) return null;
  const lead = BEFORE_FOLLOWING.exec(line.slice(Math.max(0, at - 40), at))!;
  const tail = /^the following\s([^:]{1,100}?)\s?(?::\s?|$)/iu.exec(line.slice(at, at + 140));
  if (!tail) return null;
  const mixed = /\b(?:subordinat|subsidiar|affiliat|institut|entit|compan)/iu.test(tail[1]!);
  const names = [...tail[1]!.matchAll(NAMES)];
  if (names.length === 0 && !mixed) return null;
  // A parenthesis that closes holds its names inline.
  if (lead[1]?.startsWith('(') && line.indexOf(')', at) > 0) return null;
  const numbers = names.map((name) => (name[1] === undefined ? null : readNumber(name[1])));
  return {
    before: line.slice(0, Math.max(0, at - 40) + lead.index),
    behind: line.slice(at + tail[0].length),
    stated:
      numbers.includes(null) || numbers.length === 0 ? null : numbers.reduce<number>((sum, n) => sum + n!, 0),
    mixed,
  };
}

/** The items of a block that is printed in one line: "—A One; and —A Two. 1 Road". */
export function splitItems(text: string): string[] {
  if (text.trim() === '') return [];
  if (!BULLET.test(text))
    return text
      .split(/(?<=;)\s(?:and\s)?/iu)
      .map((item) => (stripEnd(item) === '' ? '' : item))
      .filter((item) => item !== '');
  return text
    .split(/(?<=[;.,]|\band)\s?(?=[—–―•])/iu)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
