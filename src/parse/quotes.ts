import { trimEndOf } from './trim-end.ts';

/** Text in pieces, quoted or not. */
export interface Quotes {
  pieces: { quoted: boolean; text: string }[];
  /** False where a quotation never ends. */
  closed: boolean;
}

/**
 * Splits a text at its quotation marks. Curly quotes nest; a straight quote closes at the next one. Names
 * hold commas, semicolons and "and", so nothing else separates them (sources, §4.5).
 */
export function splitQuotes(given: string): Quotes {
  // TeX and typewriter forms of double quotes; each mark keeps its place.
  const text = given.replace(/‘‘|``/gu, '“ ').replace(/’’|''/gu, ' ”');
  const pieces: Quotes['pieces'] = [];
  let depth = 0;
  let straight = false;
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
    } else if (mark === '”' && !straight && depth > 0) {
      depth -= 1;
      if (depth === 0) push(true, at);
    } else if (mark === '"' && depth === 0) {
      push(straight, at);
      straight = !straight;
    }
  }
  push(straight || depth > 0, text.length);
  return { pieces, closed: !straight && depth === 0 };
}

/** A quoted name without the punctuation of the sentence around it, and without an alias block. */
export function cleanQuotedName(text: string): string {
  const block = /,?\s?\(?\b(?:a\.?k\.?a\.?|f\.?k\.?a\.?|d\.?b\.?a\.?),?\s+the\s+following\b/iu.exec(text);
  return trimEndOf(block ? text.slice(0, block.index) : text, ',;:').trim();
}
