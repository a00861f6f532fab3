import { foldedPrefixLength } from '../fold.ts';
import { findDestination, readLeadingDestination } from './destinations.ts';
import { NUMBER_PATTERN, readNumber } from './numbers.ts';
import { trimEndOf } from './trim-end.ts';

/** Who an entity cell names, and where. */
export interface Identity {
  name: string;
  aliases: string[];
  addresses: string[];
  /** Destinations of "See alternate address under …" notes, as printed. */
  seeAlso: string[];
  /** What could not be read for certain, each in one sentence. Empty for a clean cell. */
  doubts: string[];
}

/** `(See alternate addresses under China and Russia).` with the variants of sources §7.1. */
const SEE_ALSO =
  /\(?\s*\bsee\s+(?:also\s+)?(?:alternat(?:e|ive)\s+)?address(?:es)?\s+(?:under|in)\s+([^()]{0,300}?)\s*\)\.?|\(\s*see\s+(U\.A\.E\.|[A-Z][^()]{2,60})\)/giu;

/** The head of an alias block: "…, a.k.a., the following eleven aliases:". */
const BLOCK_HEAD = new RegExp(
  `[,;]?\\s*\\(?\\b(?:a\\.?\\s?k\\.?\\s?a\\.?|f\\.?\\s?k\\.?\\s?a\\.?|d\\.?\\s?b\\.?\\s?a\\.?|also known as|formerly known as)[,.]?` +
    `\\s+the\\s+following\\s+(?:(${NUMBER_PATTERN})\\s+)?(?:alias|name)(?:es|s)?(?:\\s+and\\s+[^:]{1,60})?\\s*:?\\s*$`,
  'iu',
);

/** Item of a block: a dash at the beginning of a line (an em dash elsewhere is content, sources §7.4). */
const BULLET = /^[—–―]\s*|^-\s+/u;

/** Parts of a firm's name that stand behind a comma of the name itself: "Huawei Technologies Co., Ltd.". */
const LEGAL_FORM =
  /^(?:(?:co|corp|company|corporation|ltd|limited|inc|incorporated|llc|l\.l\.c|llp|lp|plc|pte|pty|pvt|gmbh|ag|bv|b\.v|nv|n\.v|s\.a\.r\.l|sarl|s\.a|sa|s\.l|sl|s\.r\.l|srl|s\.p\.a|spa|s\.r\.o|a\.s|oy|ab|as|ooo|oao|ao|zao|pao|cjsc|ojsc|pjsc|jsc|fze|fzco|fzc|fz-llc|sdn\.?\s*bhd|bhd|kg|k\.k|san|ve tic|tic)(?:\.|\b)|(?:open |public |closed )?joint[ -]stock company\b|npo\b|l\.?t\.?d\.?\b|\(papl\)|\([a-z ]{2,20}\) (?:co|corp|ltd|limited|inc|llc)\b|a joint stock company)/iu;

/** Sub-units that are part of a name behind a comma: "Academy of …, Institute of Basic Medicine". */
const SUB_UNIT =
  /^(?:(?:the\s+)?(?:[A-Z][\w-]+\s+){0,4}(?:institut(?:e|ion)|department|faculty|school|college|academy|laboratory|division|branch|bureau|directorate|plant)\b(?!\s*(?:road|street|st\b|rd\b|ave|building|bldg|plaza|tower)))/iu;

/** Only organisations have sub-units; a person at an institute has an address. */
const ORGANISATION =
  /\b(?:academy|universit|corporation|institut|ministry|department|company|group|enterprise|center|centre)/iu;

const ADDRESS_WORDS =
  /\b(?:road|street|st\.|rd\.|avenue|ave\.?|building|bldg|floor|room|unit|no\.|district|province|city|block|tower|plaza|p\.?o\.? box|suite|flat|office|zone|village|lane|highway|\d{4,6})\b/iu;

/** Words that end in a full stop of their own, so that the stop is not the end of the sentence. */
const ABBREVIATION =
  /(?:^|[\s(,.])(?:co|corp|ltd|inc|llc|l\.l\.c|st|rd|ave|bldg|bhd|sdn|pte|pvt|pty|no|jr|sr|dr|mr|intl|int'l|est|tic|san|sti|şti|[a-z](?:\.[a-z])+|[A-Z])\.$/iu;

/** A text without the full stop or separator that ends its sentence; the stop of "Ltd." stays. */
function stripEnd(text: string): string {
  const bare = trimEndOf(text, ';,').trim();
  return bare.endsWith('.') && !ABBREVIATION.test(bare) ? bare.slice(0, -1).trimEnd() : bare;
}

function readAlias(item: string): string {
  const text = item.replace(BULLET, '').trim();
  return stripEnd(text.replace(/[;,]\s?(?:and|or)$/iu, ''));
}

function takeSeeAlso(text: string, seeAlso: string[]): string {
  if (!/\bsee\b/iu.test(text)) return text;
  return text
    .replace(SEE_ALSO, (whole: string, under: string | undefined, bare: string | undefined) => {
      let rest = (under ?? bare ?? '').trim();
      if (under === undefined && !findDestination(rest)) return whole;
      while (rest !== '') {
        const found = readLeadingDestination(rest);
        const length =
          found?.length ??
          /^(?:[^,]|,(?=\s*people))+?(?=,|\s+and\s+|$)/iu.exec(rest)?.[0].length ??
          rest.length;
        const name = rest
          .slice(0, length)
          .replace(/^\s*the /iu, '')
          .trim();
        if (name !== '') seeAlso.push(name);
        rest = rest.slice(Math.max(1, length)).replace(/^[\s,.;]*(?:and\b)?[\s,]*/iu, '');
      }
      return '';
    })
    .replace(/\s+([,;.])/gu, (match, mark: string, at: number, all: string) =>
      all[at - 1] === mark ? '' : match,
    )
    .trim();
}

/** Splits `text` behind every separator that stands between two addresses (sources, §7.3). */
function splitAddresses(text: string): string[] {
  const parts: string[] = [];
  for (const part of text.split(/;\s*(?:and\b\s*)?|[.,;\s]{0,4}\bAlt\.? Address(?:es)?:\s*/iu)) {
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

/** Commas outside parentheses and quotes. */
function topLevelCommas(text: string): number[] {
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

/**
 * Where the name ends in "Name, address" where no alias block marks it: at the first comma that is none of
 * the name's own. A comma is the name's own before a legal form or a sub-unit.
 */
function findNameEnd(text: string): number {
  // Old rows print "Gazprom, OAO (a.k.a. …, Address: …" with a parenthesis that never closes.
  const label = /,?\s*\bAddress(?:es)?:/u.exec(text);
  if (label) return label.index;
  const commas = topLevelCommas(text);
  for (const [index, at] of commas.entries()) {
    const next = text.slice(at + 1).trimStart();
    const segment = next.slice(0, (commas[index + 1] ?? text.length) - at - 1);
    if (LEGAL_FORM.test(next)) continue;
    if (/^and\s/iu.test(next)) continue;
    // "Optics, Fine Mechanics, and Physics": the comma before the last but one item of a series.
    const afterNext = commas[index + 1] === undefined ? '' : text.slice(commas[index + 1]! + 1).trimStart();
    if (/^and\s/iu.test(afterNext) && !ADDRESS_WORDS.test(segment) && !findDestination(segment)) continue;
    const head = text.slice(0, at);
    if (
      ORGANISATION.test(head) &&
      SUB_UNIT.test(segment) &&
      !ADDRESS_WORDS.test(segment) &&
      commas.length > index + 1
    )
      continue;
    return at;
  }
  return text.length;
}

/**
 * Reads an entity cell: `Name, a.k.a., the following two aliases:` with its items and the addresses below, or
 * `Name, address; and address.` in one line.
 *
 * @param lines printed lines of the cell
 * @param knownName the name as the instruction quotes it, which settles where the name ends
 */
export function readIdentity(lines: readonly string[], knownName: string | null = null): Identity {
  const seeAlso: string[] = [];
  const doubts: string[] = [];
  const cleaned = lines
    .map((line) => takeSeeAlso(line, seeAlso))
    .filter((line) => line.replace(/[.,;\s]/gu, '') !== '');
  const head = cleaned[0] ?? '';
  const block = BLOCK_HEAD.exec(head);

  if (block) {
    const aliases: string[] = [];
    let at = 1;
    let ended = false;
    for (; at < cleaned.length && !ended; at += 1) {
      const line = cleaned[at]!;
      if (!BULLET.test(line)) break;
      aliases.push(readAlias(line));
      // The last item ends its sentence; what follows is an address even where it begins with a dash.
      ended =
        !/[;,]$|;\s*(?:and|or)$/iu.test(line) && !(at + 1 < cleaned.length && BULLET.test(cleaned[at + 1]!));
    }
    const stated = block[1] ? readNumber(block[1]) : null;
    if (stated !== null && stated !== aliases.length)
      doubts.push(`the alias block says ${stated} and holds ${aliases.length}`);
    const name = stripEnd(head.slice(0, block.index).trim()) || head;
    return {
      name: name.endsWith('.') || !head.slice(0, block.index).trim().endsWith('.') ? name : `${name}.`,
      aliases: aliases.filter((alias) => alias !== ''),
      addresses: joinAddressLines(cleaned.slice(at)).flatMap(splitAddresses),
      seeAlso,
      doubts,
    };
  }

  const known = knownName === null ? null : foldedPrefixLength(head, knownName);
  const end = known ?? findNameEnd(head);
  const name = trimEndOf(head.slice(0, end), ',;');
  const rest = head
    .slice(end)
    .replace(/^[\s,;.]+/u, '')
    .replace(/^Address(?:es)?:\s*/u, '');
  return {
    name: known === null && rest === '' ? stripEnd(name) : name,
    aliases: [],
    addresses: joinAddressLines([rest, ...cleaned.slice(1)].filter((line) => line !== '')).flatMap(
      splitAddresses,
    ),
    seeAlso,
    doubts,
  };
}

/** Lines of the address part: one that ended its sentence stands alone, others run on. */
function joinAddressLines(lines: readonly string[]): string[] {
  const joined: string[] = [];
  let open = false;
  for (const line of lines) {
    const text = line.replace(BULLET, '');
    if (open && joined.length > 0) joined[joined.length - 1] += ` ${text}`;
    else joined.push(text);
    open = !/[.]$/u.test(text) || ABBREVIATION.test(text);
  }
  return joined;
}

/**
 * Footnote numbers that print as plain digits behind the licence requirement because a source lost their
 * superscript: "§§ 734.9(e) 1 and 744.11 of the EAR 2", "734.9(g),3 746.8", "of the EAR) 4" (sources, §4.3).
 */
export function readPlainFootnotes(requirement: string): number[] {
  const found = new Set<number>();
  for (const match of requirement.matchAll(
    /(?:\([a-z]\)(?:\(\d\))?,?|\bEAR\)?\.?\)?)\s?([1-5])(?=\s|$|[.,;]\s|[.,;]$)/gu,
  ))
    found.add(Number(match[1]));
  return [...found].sort((a, b) => a - b);
}
