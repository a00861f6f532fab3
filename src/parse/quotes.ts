import { readIdentity } from './entry.ts';
import { trimEndOf } from './trim-end.ts';

/** Text in pieces, quoted or not. */
export interface Quotes {
  pieces: { quoted: boolean; text: string }[];
  /** False where a quotation never ends, or ends without a beginning. */
  closed: boolean;
}

/** Where a single mark can begin a quotation: never inside a word ("PEOPLE'S"). */
function opensSingle(text: string, at: number): boolean {
  return (at === 0 || /[\s(—,;]/u.test(text[at - 1]!)) && /\S/u.test(text[at + 1] ?? ' ');
}

/** What may stand behind a closing single mark; a capital there goes on with the name: "Workers’ Mill". */
const BEHIND_SINGLE = /^(?:$|[,.;:)—]|\s+(?:$|[a-z(“"‘']))/u;

/**
 * Where the single-quoted text that begins behind `from` ends, or -1. An apostrophe ends it only where a
 * sentence can go on behind it, so that "‘People's Steel Mills’" is one name.
 */
function endOfSingle(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const mark = text[at];
    if (mark === '“' || mark === '”' || mark === '"') return -1;
    if ((mark === '’' || mark === "'") && at > from && BEHIND_SINGLE.test(text.slice(at + 1, at + 24)))
      return at;
  }
  return -1;
}

/**
 * Splits a text at its quotation marks. Curly quotes nest; a straight quote closes at the next one. Names
 * hold commas, semicolons and "and", so nothing else separates them (sources, §4.5). Single marks quote only
 * outside of double ones.
 */
export function splitQuotes(given: string): Quotes {
  // TeX and typewriter forms of double quotes; each mark keeps its place.
  const text = given.replace(/‘‘|``/gu, '“ ').replace(/’’|''/gu, ' ”');
  const pieces: Quotes['pieces'] = [];
  let depth = 0;
  let straight = false;
  let stray = false;
  let from = 0;
  const push = (quoted: boolean, to: number) => {
    const piece = text.slice(from, to);
    if (piece.trim() !== '') pieces.push({ quoted, text: piece });
    from = to + 1;
  };
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at];
    if (mark === '“' && !straight) {
      if (depth === 0) push(false, at);
      depth += 1;
    } else if (mark === '”' && !straight) {
      if (depth > 0) {
        depth -= 1;
        if (depth === 0) push(true, at);
      } else stray = true;
    } else if (mark === '"' && depth === 0) {
      push(straight, at);
      straight = !straight;
    } else if ((mark === '‘' || mark === "'") && depth === 0 && !straight && opensSingle(text, at)) {
      const end = endOfSingle(text, at + 1);
      if (end < 0) {
        // One mark without its partner is a fault; looking for each of many would cost the square of them.
        stray = true;
        continue;
      }
      push(false, at);
      push(true, end);
      at = end;
    }
  }
  push(straight || depth > 0, text.length);
  return { pieces, closed: !straight && depth === 0 && !stray };
}

/** A quoted name without the punctuation of the sentence around it, and without an alias block. */
export function cleanQuotedName(text: string): string {
  const block = /,?\s?\(?\b(?:a\.?k\.?a\.?|f\.?k\.?a\.?|d\.?b\.?a\.?),?\s+the\s+following\b/iu.exec(text);
  return trimEndOf(block ? text.slice(0, block.index) : text, ',;:').trim();
}

/** What a quotation says behind the name: "X, a.k.a., the following alias: —Y. Street, City, Germany". */
export function readQuotedRest(text: string): { aliases: string[]; addresses: string[] } {
  if (!/\b[afd]\.?k\.?a\b|\bd\.?b\.?a\b/iu.test(text.slice(0, 2000))) return { aliases: [], addresses: [] };
  const { aliases, addresses, doubts } = readIdentity([trimEndOf(text.slice(0, 4000), ',;:').trim()]);
  // What is not printed for certain tells no two entries apart.
  return doubts.length > 0 ? { aliases: [], addresses: [] } : { aliases, addresses };
}
