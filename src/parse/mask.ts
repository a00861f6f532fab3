import type { ListName } from '../model.ts';
import { type Destination, readLeadingDestination } from './destinations.ts';
import { splitQuotes } from './quotes.ts';

/** Which list each supplement to part 744 is. */
const LIST_OF_SUPPLEMENT: Record<string, ListName> = {
  '4': 'entity-list',
  '6': 'unverified-list',
  '7': 'military-end-user-list',
};

/** "supplement no. 4 to part 744", in the forms of sources §4.5. */
export const SUPPLEMENT =
  /\bsupplements?\s+(?:no\.?|number)\s*(\d+)(?:\s+to\s+(?:15\s+CFR\s+)?part\s+(\d+))?/iu;

/** The same, abbreviated, in words, without "no." where a part follows, and several supplements at once. */
const SUPPLEMENTS =
  /\b(?:supplements?|suppl?\.)\s+(?:(?:nos?\.?|numbers?)\s*|(?=\d{1,3}\s+to\s+(?:15\s+CFR\s+)?part\b))(\d{1,3}|four|six|seven)((?:(?:\s*,\s*(?:and\s+)?|\s+and\s+)(?:supplements?\s+)?(?:(?:nos?\.?|numbers?)\s*)?\d{1,3}\b(?!\s+entit)){0,5})(?:\s+to\s+(?:15\s+CFR\s+)?part\s+(\d+))?/iu;

const IN_DIGITS: Record<string, string> = { four: '4', six: '6', seven: '7' };

/** A supplement that an instruction names. */
export interface Supplement {
  /** Numbers, as "4". */
  numbers: string[];
  /** Part, where it is named. */
  part: string | null;
}

function readSupplementMatch(match: RegExpExecArray): Supplement {
  return {
    numbers: [
      IN_DIGITS[match[1]!.toLowerCase()] ?? match[1]!,
      ...[...(match[2] ?? '').matchAll(/\d+/gu)].map(([number]) => number),
    ],
    part: match[3] ?? null,
  };
}

/** The list of a supplement's number, or null where it is none of ours. */
export function listOfSupplement(number: string): ListName | null {
  return LIST_OF_SUPPLEMENT[number] ?? null;
}

/**
 * A paragraph whose quotations, destinations and supplements are put aside, so that what is left is grammar:
 * "removing the entry for ⟦q0⟧ under ⟦p0⟧".
 */
export interface Masked {
  text: string;
  /** Quoted texts; `⟦q0⟧` stands for the first. */
  quotes: string[];
  places: { destination: Destination; raw: string }[];
  supplements: Supplement[];
  /** False where a quotation mark has no partner. */
  closed: boolean;
}

/** A word that begins a name of its own behind a destination's: "China Electronics". */
const NAME_GOES_ON =
  /^ (?!(?:By|Add|Remov|Revis|Transfer|Mov|Redesignat|Under|In|The|An?|And|To|As|From)\w*\b)[A-Z]\p{L}*[a-z]/u;

function maskPlaces(text: string, masked: Masked): string {
  let out = '';
  let rest = text;
  while (rest !== '') {
    const found = /^(?:the )?[A-Z]/u.test(rest) ? readLeadingDestination(rest) : null;
    const the = found ? /^the /iu.exec(rest) : null;
    if (found && !NAME_GOES_ON.test(rest.slice(found.length, found.length + 40))) {
      const raw = rest.slice(the ? 4 : 0, found.length);
      if (the) out += rest.slice(0, 4);
      out += `⟦p${masked.places.push({ destination: found.destination, raw }) - 1}⟧`;
      rest = rest.slice(found.length);
      continue;
    }
    const word = /^(?:[\p{L}\p{N}'.&-]+|.)\s*/su.exec(rest)![0];
    out += word;
    rest = rest.slice(word.length);
  }
  return out;
}

/** Puts quotations, destinations and supplements of a paragraph aside. */
export function maskParagraph(paragraph: string): Masked {
  const { pieces, closed } = splitQuotes(paragraph.replace(/[⟦⟧]/gu, '|'));
  const masked: Masked = { text: '', quotes: [], places: [], supplements: [], closed };
  const parts: string[] = [];
  for (const piece of pieces) {
    if (piece.quoted) {
      parts.push(`⟦q${masked.quotes.push(piece.text) - 1}⟧`);
      continue;
    }
    let rest = piece.text
      .replace(/\[(?:amended|corrected)\]/giu, ' ')
      .replace(/[’‘]/gu, "'")
      .replace(/\s+/gu, ' ');
    for (let match = SUPPLEMENTS.exec(rest); match; match = SUPPLEMENTS.exec(rest)) {
      parts.push(maskPlaces(rest.slice(0, match.index), masked));
      parts.push(`⟦s${masked.supplements.push(readSupplementMatch(match)) - 1}⟧`);
      rest = rest.slice(match.index + match[0].length);
    }
    parts.push(maskPlaces(rest, masked));
  }
  masked.text = parts
    .join('')
    .replace(/(?<=[\p{L}\d,;:.)])(?=⟦q)/gu, ' ')
    .replace(/⟧(?=[\p{L}\d(])/gu, '⟧ ')
    .replace(/ ([,;:.)])/gu, '$1');
  return masked;
}

/** The text as it was before it was masked. */
export function unmask(masked: Masked, text: string): string {
  return text.replace(/⟦([qps])(\d+)⟧/gu, (whole, kind: string, index: string) =>
    kind === 'q'
      ? `“${masked.quotes[Number(index)] ?? ''}”`
      : kind === 'p'
        ? (masked.places[Number(index)]?.raw ?? '')
        : kind === 's'
          ? `supplement no. ${masked.supplements[Number(index)]?.numbers.join(', ') ?? ''}`
          : whole,
  );
}
