import type { Destination } from './destinations.ts';
import type { Masked } from './mask.ts';
import { cleanQuotedName } from './quotes.ts';

/** A place in a masked paragraph, from which the forms of clauses read on. */
export interface Cursor {
  masked: Masked;
  at: number;
}

/** The text that is left. */
export function restOf(cursor: Cursor): string {
  return cursor.masked.text.slice(cursor.at);
}

/** Takes what the pattern matches here, or nothing. Patterns begin with `^`. */
export function eat(cursor: Cursor, pattern: RegExp): RegExpExecArray | null {
  // Forms look a short way ahead; the bound keeps a long paragraph of verbs from costing its square.
  const match = pattern.exec(cursor.masked.text.slice(cursor.at, cursor.at + 400));
  if (match) cursor.at += match[0].length;
  return match;
}

/** Runs a form; where it does not fit, the cursor stays where it was. */
export function attempt<T>(cursor: Cursor, form: () => T | null): T | null {
  const { at } = cursor;
  const result = form();
  if (result === null) cursor.at = at;
  return result;
}

/** A quotation here: its text, and the name that it comes to. */
export function eatQuote(cursor: Cursor): { raw: string; name: string } | null {
  const match = eat(cursor, /^ ?⟦q(\d+)⟧/u);
  if (!match) return null;
  const raw = cursor.masked.quotes[Number(match[1])] ?? '';
  return { raw, name: cleanQuotedName(raw) };
}

/** A destination here, with what was printed for it. */
export function eatPlace(cursor: Cursor): { destination: Destination; raw: string } | null {
  const match = eat(cursor, /^ ?(?:the )?⟦p(\d+)⟧/iu);
  return match ? (cursor.masked.places[Number(match[1])] ?? null) : null;
}

/** True where a clause can end: before a mark, "and" or a new verb. */
export function clauseEnds(cursor: Cursor): boolean {
  return /^ ?(?:$|[.;:,)]|and\b|by\b|to read(?: as follows)?[.:;]?)/iu.test(restOf(cursor).slice(0, 60));
}
