import { type Cursor, eat, eatPlace, eatQuote } from './cursor.ts';
import type { Destination } from './destinations.ts';
import { NUMBER_PATTERN } from './numbers.ts';
import type { Subject } from './order.ts';

/** "the existing entries for", "the entity", before a quoted name. */
const ENTRY = new RegExp(
  `^ ?(?:(?:the|an?|each|both|these|those|of|its|their|existing|new|following|current|${NUMBER_PATTERN}) ){0,5}(?:entr(?:y|ies)|entit(?:y|ies)|persons?|listings?)(?: (?:listed )?(?:for|of|named|called|titled|that reads?))?(?: the)?(?: (?:entit(?:y|ies)|persons?))?[,:]?(?= )`,
  'iu',
);

const BETWEEN =
  /^ ?(?:[,;] and|[,;]|and) ?(?:also )?(?=(?:(?:for|to|of) )?(?:⟦q|the |an? |entr)|entit|under |in |from )/iu;

const WHERE =
  /^,? ?\(?(?:currently )?(?:listed )?(?:under|in|from|within) (?:the )?(?:countr(?:y|ies) |destinations? |headings? |country heading ){0,2}(?:of |for )?(?=(?:the )?⟦p)/iu;

/** "under the destination of CHINA". */
export function eatWhere(cursor: Cursor): { destination: Destination; raw: string } | null {
  const { at } = cursor;
  if (eat(cursor, WHERE)) {
    const place = eatPlace(cursor);
    if (place) {
      eat(cursor, /^\)/u);
      return place;
    }
  }
  cursor.at = at;
  return null;
}

/** The words before a quoted name: "the entry for". False where there are none. */
export function eatEntryWords(cursor: Cursor): boolean {
  return eat(cursor, ENTRY) !== null;
}

/**
 * Named entries with their destinations, before or behind the names: "the entries for “A” and “B” under IRAN
 * and for “C” under CHINA". What no destination is said of has `destination: null`. Null where nothing here
 * names an entry.
 *
 * @param plain true where quotations need not be called entries ("to “A” and “B”")
 */
export function eatTargets(cursor: Cursor, plain = false): Subject[] | null {
  const start = cursor.at;
  const groups: Subject[] = [];
  let before: Destination | null = null;
  let open: Subject | null = null;
  const close = (destination: Destination | null) => {
    if (open) groups.push({ ...open, destination });
    open = null;
  };
  let called = plain;
  for (;;) {
    const { at } = cursor;
    if (open !== null) {
      const where = before === null ? eatWhere(cursor) : null;
      if (where) {
        close(where.destination);
        continue;
      }
    }
    const separated: boolean = groups.length === 0 && open === null ? true : eat(cursor, BETWEEN) !== null;
    const lead = separated || open === null ? eatWhere(cursor) : null;
    if (lead) {
      close(before);
      before = lead.destination;
      eat(cursor, /^,/u);
    }
    eat(cursor, /^ ?(?:for|to|of)(?= (?:the|an?|⟦q))/iu);
    if (eatEntryWords(cursor)) called = true;
    const quote = called ? eatQuote(cursor) : null;
    if (!quote || quote.name === '' || (!separated && !/[,;]\s*$/u.test(lastQuote(open)))) {
      cursor.at = at;
      break;
    }
    open ??= { names: [], quoted: [], destination: null };
    open.names.push(quote.name);
    open.quoted.push(quote.raw);
  }
  if (open !== null && before === null) {
    const where = eatWhere(cursor);
    close(where?.destination ?? null);
  } else close(before);
  if (groups.length === 0) {
    cursor.at = start;
    return null;
  }
  return groups;
}

/** The last quotation of a group: a comma inside it separates it from the next one. */
function lastQuote(open: Subject | null): string {
  return open?.quoted.at(-1)?.slice(-10) ?? '';
}
