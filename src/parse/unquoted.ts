import type { AmendmentAction } from '../model.ts';
import { type Cursor, restOf } from './cursor.ts';
import type { Destination } from './destinations.ts';
import { unmask } from './mask.ts';
import { trimEndOf } from './trim-end.ts';

export interface Unquoted {
  /** Empty where the names cannot be told apart. */
  names: string[];
  destination: Destination | null;
  text: string;
}

const LEAD = /\b(?:(entry|entity|person)|entries|entities|persons)(?: (?:for|of|named))?[,:]? ?$/iu;

/**
 * Names that old rules list without quotation marks, separated by semicolons (sources, §4.5). Only a list in
 * which nothing else can be meant is taken: commas and "and" belong to names too.
 */
export function readUnquoted(cursor: Cursor, action: AmendmentAction): Unquoted | null {
  const { masked, at } = cursor;
  const lead = LEAD.exec(masked.text.slice(Math.max(0, at - 40), at));
  const rest = restOf(cursor);
  if (!lead || !/^(?:[A-Z\d]|⟦p\d+⟧ [A-Z])/u.test(rest.slice(0, 20))) return null;
  cursor.at = masked.text.length;
  let text = trimEndOf(rest, ' ').replace(/;? and$/u, '');
  let destination: Destination | null = null;
  const where =
    /,? (?:under|from) (?:the )?(?:destinations? |headings? |country )?(?:of )?(?:the )?⟦p(\d+)⟧[.;]?$/iu.exec(
      text.slice(-120),
    );
  if (where) {
    text = text.slice(0, text.length - where[0].length);
    destination = masked.places[Number(where[1])]?.destination ?? null;
  }
  const none = { names: [], destination, text: unmask(masked, rest) };
  if (/⟦s|\b(?:under|by|and) (?:⟦p|(?:add|remov|revis|delet)\w*)|\b(?:to read|as follows)\b/iu.test(text))
    return none;
  const parts = unmask(masked, text)
    .split(/;\s*/u)
    .map((part, at, all) => {
      const name = trimEndOf(part.replace(/^and\s+/u, ''), ',;');
      // Only behind the last name can the stop be that of the sentence.
      return at < all.length - 1
        ? name
        : name.replace(/(?<!\b(?:Ltd|Inc|Co|Corp|LLC|JSC|Pte|Bhd|Sdn|(?:\p{L}\.)+\p{L}))\.$/iu, '');
    })
    .filter((part) => part.trim() !== '');
  const several = parts.length > 1;
  if (!several && !lead[1]) return none;
  // "A; B and C" may end in two names; a row settles that, and a removal has none.
  if (action === 'remove' && parts.some((part) => /\band\b/u.test(part))) return none;
  if (parts.length === 0 || parts.length > 500) return none;
  return { names: parts.map((part) => part.trim()), destination, text: none.text };
}
