import type { AmendmentAction, Issue, ListName } from '../model.ts';
import { destinationOfAdjective } from './demonyms.ts';
import { type Destination, findDestination, readLeadingDestination } from './destinations.ts';
import { NUMBER_PATTERN, readNumber } from './numbers.ts';
import { cleanQuotedName, splitQuotes } from './quotes.ts';

/** What one clause of an instruction orders: a verb, under one destination, for named or counted entries. */
export interface Order {
  list: ListName;
  action: AmendmentAction;
  destination: Destination;
  /** Names as quoted; empty where the clause only counts. */
  names: string[];
  /** "two Afghan entities", "an entry": null where nothing is counted. */
  count: number | null;
  /** Paragraph, as "2.c.ii". */
  instruction: string;
}

/** The part of a paragraph's meaning that the paragraphs below it inherit. */
export interface Scope {
  list: ListName | null;
  /** True once a paragraph named what it amends, be it a list or not. */
  targeted: boolean;
  action: AmendmentAction | null;
  destination: Destination | null;
}

/** "supplement no. 4 to part 744", in the forms of sources §4.5. */
export const SUPPLEMENT =
  /\bsupplements?\s+(?:no\.?|number)\s*(\d+)(?:\s+to\s+(?:15\s+CFR\s+)?part\s+(\d+))?/iu;

/** Verbs, in every form that rules use. Values of null are verbs that this reader knows it cannot do yet. */
const VERBS: [RegExp, AmendmentAction | null][] = [
  [/^(?:add(?:s|ed|ing)?|insert(?:s|ed|ing)?)\b/iu, 'add'],
  [
    /^(?:revis(?:e|es|ed|ing)|modif(?:y|ies|ied|ying)|correct(?:s|ed|ing)?|amend(?:s|ed|ing)?(?= (?:the |an |\w+ )?(?:existing )?entr))\b/iu,
    'revise',
  ],
  [/^(?:remov(?:e|es|ed|ing)|delet(?:e|es|ed|ing))\b/iu, 'remove'],
  [
    /^(?:redesignat\w*|transfer\w*|mov(?:e|es|ed|ing)\b|renam\w*|replac\w*|suspend\w*|stay(?:s|ed|ing)?\b|delay\w*|reserv(?:e|es|ed|ing)\b|substitut\w*|consolidat\w*|split\w*|merg\w*|restor\w*|reinstat\w*|republish\w*|withdraw\w*)/iu,
    null,
  ],
];

/** Words that carry no meaning of their own in an instruction. Anything else unread is an issue. */
const FILLER =
  /^(?:by|the|an?|entr(?:y|ies)|entit(?:y|ies)|persons?|address(?:es)?|for|and|in|alphabetical|numerical|order|under|destinations?|of|to|reads?|as|follows|following|is|are|table|list|entity|unverified|military|end[ -]?users?|existing|new|country|column|heading|headings|listed|set|forth|below|amend(?:s|ed|ing)?|further|also|all|each|respectively|from|on|this|its|their|part|supplement|no|number|cfr|with|respect|license|requirements?|these|those|both|appropriate|place|row|rows|both|additions?|revisions?|removals?|that|which|currently|appears?|read|exports?|administration|regulations|ear|after|before|preceding|iv|i{1,3}|[a-z]|[,.;:()—–-]+)$/iu;

/** Parts of an entry, which a revision may name: the row below shows the whole entry anyway. */
const PART_NAMES = /^(?:names?|alias(?:es)?|polic(?:y|ies)|review|citations?|text|spelling)$/iu;

/** What introduces a destination: "under", "from the destination of", "for FRANCE". */
const INTRODUCTION =
  /^(?:(?:under|from|in)(?: the)?(?: destinations?| country| headings?| entr(?:y|ies))?(?: of| for)?|(?:in |for )?the destinations? of|for(?= [A-Z]{2}[A-Z' ,]+(?:[:,.;]|$)))\s?,?\s?/iu;

/** "two Afghan entities", "an entry". */
const COUNTED = new RegExp(
  `^(${NUMBER_PATTERN}|an?|the)\\s+((?:(?:new|additional|existing|[A-Z][a-z]+)\\s+){0,3})(entit(?:y|ies)|entr(?:y|ies)|persons?)\\b`,
  'u',
);

/**
 * A part of an entry as the object of "add" or "remove": "removing an address from the entry for “X”" leaves
 * the entry on the list. Before a quoted name, "addresses" are entries ("Address 01").
 */
const PART_OF_ENTRY =
  /^(?:address(?:es)?\s+(?:from|of|to|in|for)\b|alias(?:es)?\b|licen[sc]e\s+(?:requirement|review)|footnotes?\b|citations?\b|names?\s+(?:of|from|for)\b)/iu;

/**
 * Reads the clauses of one paragraph from left to right. The first verb and the first destination become part
 * of `scope`, for the paragraphs below.
 */
export function readClauses(
  scope: Scope,
  list: ListName,
  text: string,
  label: string,
): { orders: Order[]; issues: Issue[] } {
  const orders: Order[] = [];
  const issues: Issue[] = [];
  const unread: string[] = [];
  let action = scope.action;
  let destination = scope.destination;
  let names: string[] = [];
  let count: number | null = null;
  let verbSeen = false;
  /** True where a comma, a semicolon or "and" stands between the last name and here. */
  let separated = true;
  /** True where the destination in force belongs to the count before it: "two entities under IRAN". */
  let countPlaced = false;

  const hold = (code: string, message: string, excerpt = text) =>
    issues.push({
      code,
      holds: true,
      message,
      excerpt: excerpt.replace(/\s+/gu, ' ').trim().slice(0, 300),
      locator: { instruction: label, row: null, page: null },
    });

  const flush = () => {
    if (names.length === 0 && count === null) return;
    if (action === null) hold('verb-missing', 'entries are named without a verb', names.join('; '));
    else if (destination === null)
      hold('destination-missing', 'entries are named without a destination', names.join('; '));
    else orders.push({ list, action, destination, names, count, instruction: label });
    names = [];
    count = null;
    countPlaced = false;
  };

  const place = (found: Destination) => {
    if (names.length > 0 && (destination === null || !separated)) {
      // Behind the names: "the entry for “X” under IRAN". It holds for these and for no others.
      destination = found;
      flush();
      destination = scope.destination;
    } else if (count !== null && destination === null) {
      // "two entities under IRAN": their names may follow.
      destination = found;
      countPlaced = true;
    } else {
      flush();
      destination = found;
    }
    if (!verbSeen) scope.destination = found;
  };

  const { pieces, closed } = splitQuotes(text);
  if (!closed) hold('quote-unclosed', 'a quotation mark has no partner, so that a name may run on');
  for (const piece of pieces) {
    if (piece.quoted) {
      const lead = unread.slice(-5).join(' ');
      const asDestination = /\bunder(?: the)?(?: (?:destination|heading|country))?(?: of)?$/iu.test(lead)
        ? findDestination(piece.text)
        : null;
      if (asDestination) {
        place(asDestination);
        continue;
      }
      // "after the entry for “Zulu LLC,” an entry for “X”": the first only says where.
      if (/\b(?:after|before|following|preceding) the entr(?:y|ies)(?: for| of)$/iu.test(lead)) {
        separated = true;
        continue;
      }
      const name = cleanQuotedName(piece.text);
      if (/^§/u.test(name)) hold('quoted-text', 'the instruction changes words within entries', piece.text);
      if (name !== '') names.push(name);
      separated = /[,;]\s*$/u.test(piece.text.slice(-10));
      continue;
    }
    let rest = piece.text
      .replace(SUPPLEMENT, ' ')
      .replace(/\[(?:amended|corrected)\]/giu, ' ')
      .replace(/[’‘]/gu, "'");
    for (;;) {
      const marks = /^[\s,;:.()—–]+/u.exec(rest)?.[0] ?? '';
      if (/[,;]/u.test(marks)) separated = true;
      rest = rest.slice(marks.length);
      if (rest === '') break;
      const introduced = INTRODUCTION.exec(rest);
      if (introduced) {
        const behind = rest.slice(introduced[0].length);
        const found = readLeadingDestination(behind);
        if (found) {
          place(found.destination);
          rest = behind.slice(found.length);
          continue;
        }
        const capitals = /^[A-Z][A-Z'’ ,-]{3,}/u.exec(behind);
        if (capitals && /^under\b/iu.test(rest)) {
          hold('unknown-destination', `“${capitals[0].trim().slice(0, 100)}” is no known destination`);
          destination = null;
          rest = behind.slice(capitals[0].length);
          continue;
        }
      }
      const verb = VERBS.find(([pattern]) => pattern.test(rest));
      if (verb) {
        const word = verb[0].exec(rest)![0];
        if (verb[1] === null) {
          flush();
          hold('unsupported-verb', `the instruction says “${word}”, which is not read yet`);
          return { orders, issues };
        }
        // "an entry for “X” is added": the verb stands behind what it is said of.
        const passive = names.length > 0 && /^(?:is|are)$/iu.test(unread.at(-1) ?? '');
        if (passive) action = verb[1];
        if (names.length > 0 || count !== null) {
          flush();
          destination = scope.destination;
        }
        action = verb[1];
        if (!verbSeen && !passive) scope.action = verb[1];
        verbSeen = true;
        rest = rest.slice(word.length);
        continue;
      }
      if (verbSeen && action !== 'revise' && PART_OF_ENTRY.test(rest))
        hold('part-of-entry', `“${action}” is said of a part of an entry, not of the entry`);
      const counted = verbSeen ? COUNTED.exec(rest) : null;
      if (counted) {
        if (/^the$/iu.test(counted[1]!)) unread.push('the', 'entry');
        const value = /^an?$/iu.test(counted[1]!) ? 1 : readNumber(counted[1]!);
        if (value !== null) {
          const next = countPlaced ? scope.destination : destination;
          if (count !== null) {
            flush();
            destination = next;
          }
          count = value;
          const adjective = counted[2]!
            .split(/\s+/u)
            .map(destinationOfAdjective)
            .find((name) => name !== null);
          const meant = adjective ? findDestination(adjective) : null;
          if (meant && destination === null) {
            destination = meant;
            countPlaced = true;
          }
        }
        rest = rest.slice(counted[0].length);
        continue;
      }
      const word = /^[^\s,;:.()—–]+/u.exec(rest)?.[0] ?? rest[0]!;
      if (/^and$/iu.test(word)) separated = true;
      unread.push(word);
      rest = rest.slice(word.length);
    }
  }
  flush();
  const revises = orders.length > 0 && orders.every((order) => order.action === 'revise');
  const strange = unread.filter(
    (word) => !FILLER.test(word) && !/^\d+$/u.test(word) && !(revises && PART_NAMES.test(word)),
  );
  if (strange.length > 0)
    hold(
      'unknown-wording',
      `words of the instruction were not understood: ${strange.slice(0, 8).join(' ').slice(0, 200)}`,
    );
  return { orders, issues };
}
