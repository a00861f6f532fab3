import type { Alteration, Amendment, ListName } from '../model.ts';
import { type Destination, findDestination, readLeadingDestination } from './destinations.ts';
import { bareText } from './entry-text.ts';
import { createOutline } from './label.ts';
import { cleanQuotedName, splitQuotes } from './quotes.ts';
import { readListTarget, readNamedLists } from './target.ts';

type Word = NonNullable<Alteration['words']>[number];

/** What came of one paragraph of a correction. */
export type Outcome =
  /** Read, or only leading over; the list that it is about, if any. */
  | { kind: 'read'; list: ListName | null }
  /** Entries that are printed anew below; the destination is null where only the table says it. */
  | { kind: 'reprint'; list: ListName; destination: Destination | null; names: string[] }
  /** An instruction in ordinary words, for the reader of instructions. */
  | { kind: 'instruction'; text: string; list: ListName | null }
  /** About another part of the text than a list. */
  | { kind: 'elsewhere' }
  /** No part of the correction. */
  | { kind: 'outside' }
  | { kind: 'unread' };

export interface CorrectionReader {
  read(paragraph: string, page: number | null): Outcome;
  label(): string;
  amendments: Amendment[];
}

interface Scope {
  list: ListName | null;
  destination: Destination | null;
  entry: string | null;
  elsewhere: boolean;
}

/** Opens the correction: "In rule document 2025-05426 beginning on page 14032 …, make the following correction:" */
const OPENS =
  /\b(?:makes? the following corrections?|the following corrections? (?:is|are) made|(?:is|are) corrected as follows|corrections? (?:is|are) (?:made )?as follows)\b/iu;
const ON_PAGE = /^(?:beginning )?on pages? \d/iu;
/** A "CFR Correction" names the yearly print of the Code and not a document (sources, §3.1). */
const IN_CODE = /^in title \d+ of the code of federal regulations\b/iu;
const ON_LINE = /^(?:in )?(?:the )?(?:lines?|rows?|\w+ (?:lines?|rows?))\b/iu;

/** Says that two quotations are the wrong and the right words. */
const READS =
  /^,?\s*(?:,? (?:located )?under [A-Z][A-Z ,']+,? )?(?:should (?:instead )?(?:be corrected to )?read|should be|(?:is|are) (?:hereby )?(?:corrected|revised|changed|amended)(?: to (?:read|be))?|to read|(?:is|are) replaced (?:by|with)(?: the (?:words?|phrase|name))?)(?: as follows)?\s*:?\s*(?:the (?:words?|phrase|name))?\s*$/iu;

/** "corrected to read:", with the entry printed below. */
const REPRINTED =
  /\b(?:(?:is|are) (?:corrected|revised|amended)(?: to read)?(?: as (?:follows|set forth below))?|should read(?: as follows)?|(?:is|are) replaced (?:in (?:its|their) entirety )?(?:with|by) the following(?: entr(?:y|ies))?|(?:is|are) replaced in (?:its|their) entirety(?: to read)?(?: as follows| with the following| by the following)?)\s*:?\s*$/iu;

const FIELDS: [RegExp, Word['field']][] = [
  [
    /\b(?:license requirement)s?(?: column)?,?(?: the)?(?: (?:words?|phrase|text|term))?$/iu,
    'licenseRequirement',
  ],
  [
    /\b(?:license )?review policy(?: column)?,?(?: the)?(?: (?:words?|phrase|text|term))?$/iu,
    'licenseReviewPolicy',
  ],
  [/\bnames?$/iu, 'name'],
  [/\balias(?:es)?$/iu, 'aliases'],
  [/\baddress(?:es)?$/iu, 'addresses'],
];

/** Words that only say where on the page something stands. */
const PLACE_WORD =
  /^(?:(?:on|in|at|of|from|to|for|under|the|a|an|and|page|pages|column|columns|line|lines|row|rows|table|entry|entries|entity|list|paragraph|heading|destination|country|full|partial|last|top|bottom|beginning|same|left|right|middle|center|hand|text|word|words|phrase|name|names|alias|aliases|address|addresses|term|number|spelling|reference|citation|license|requirement|review|policy|supplement|no|part|cfr|corrected|that|which|reads?|where|appears?|it|located|entitled|titled|continuing|through|export|administration|regulations|ear|unverified|military|end[- ]?user|[a-z]|\d+(?:st|nd|rd|th)?)|(?:twenty|thirty|forty|fifty|sixty|seventy)?-?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth|fortieth|one|two|three))$/iu;

/** Parts of a rule that never change a list; DATES is not among them. */
const FRONT_MATTER =
  /\b(?:further information|supplementary information|addresses section|preamble|rulemaking requirements|signature|footnote \d+ of the preamble|in the (?:heading|title|subject) of)\b/iu;
const OTHER_SECTION = /(?:§§?\s*\d{3}\.\d|\bsections?\s+\d{3}\.\d)/iu;

interface Reading {
  entries: string[];
  words: Word[];
  destination: Destination | null;
  /** Words that say nothing known. */
  strange: string[];
  /** True where an odd quotation was left over. */
  open: boolean;
}

const fieldOf = (before: string): Word['field'] =>
  FIELDS.find(([pattern]) => pattern.test(before.replace(/[\s,]+$/u, '')))?.[1] ?? null;

/** Reads the quotations of a correction: which name an entry, which are wrong words, and which right ones. */
function readQuotations(text: string): Reading {
  const result: Reading = { entries: [], words: [], destination: null, strange: [], open: false };
  const { pieces, closed } = splitQuotes(text);
  result.open = !closed;
  let wrong: { find: string; field: Word['field'] } | null = null;
  let plain = '';
  let afterEntry = false;
  /** "the entry for “X”": one entry, so that a quotation behind it is wrong words where right ones follow. */
  let single = false;
  for (const [at, piece] of pieces.entries()) {
    if (!piece.quoted) {
      plain = piece.text.replace(/[’‘]/gu, "'");
      if (wrong) {
        if (!READS.test(plain)) {
          result.open = true;
          wrong = null;
        }
        continue;
      }
      let rest = plain.replace(/^\s*(?:under|in|for)\s+/u, (lead) => (afterEntry ? lead : lead));
      while (rest !== '') {
        rest = rest.replace(/^[\s,;:.()—–-]+/u, '');
        const found = /^[A-Z]/u.test(rest) ? readLeadingDestination(rest) : null;
        if (found) {
          result.destination = found.destination;
          rest = rest.slice(found.length);
          continue;
        }
        const word = /^[^\s,;:.()—–]+/u.exec(rest)?.[0] ?? rest.slice(0, 1);
        if (word !== '' && !PLACE_WORD.test(word)) result.strange.push(word);
        rest = rest.slice(Math.max(1, word.length));
      }
      continue;
    }
    const name = cleanQuotedName(piece.text);
    if (wrong) {
      result.words.push({ find: wrong.find, by: piece.text.trim(), field: wrong.field });
      wrong = null;
    } else if (
      /\bunder(?: the)?(?: (?:destination|heading|country))?(?: of)?\s*$/iu.test(plain) &&
      findDestination(piece.text)
    )
      result.destination = findDestination(piece.text);
    else if (
      /\bentr(?:y|ies) (?:for|of)(?: the (?:entity|entities))?\s*$/iu.test(plain) ||
      (afterEntry &&
        /^\s*(?:,|;|and|, and|; and)?\s*$/iu.test(plain) &&
        !(single && READS.test(pieces[at + 1]?.text ?? '')))
    ) {
      if (!afterEntry) single = /\bentry (?:for|of)(?: the entity)?\s*$/iu.test(plain);
      result.entries.push(name);
      afterEntry = true;
      plain = '';
      continue;
    } else wrong = { find: piece.text.trim(), field: fieldOf(plain) };
    afterEntry = false;
    plain = '';
  }
  if (wrong) result.open = true;
  return result;
}

/** Takes the words of the sentence around it from a wrong and a right piece alike: “Acme,” should read “Acme Ltd.,” */
function trimPair({ find, by, field }: Word): Word {
  const mark = /[,;:.]$/u.exec(find)?.[0];
  if (mark === undefined || mark === '.') {
    // The stop of the sentence stands inside the closing quotation mark.
    const own =
      by.endsWith('.') &&
      !find.endsWith('.') &&
      !/\b(?:Ltd|Co|Inc|Corp|St|Rd|Ave|No|Bldg|[A-Z])\.$/u.test(by);
    return { find, by: own ? by.slice(0, -1) : by.replace(/[,;:]$/u, ''), field };
  }
  return { find: find.slice(0, -1), by: by.replace(/[,;:.]$/u, ''), field };
}

/**
 * Makes a reader of corrections, whose instructions stand in plain paragraphs (sources, §3.6 and §4.10): “On
 * page 14036, in the entry for “X”, the name “Acme” should read “Acme Ltd.””, “the entries for “X” and “Y” are
 * replaced in their entirety with the following:”. What is no such form and reads like an ordinary instruction
 * is handed on. List, destination and entry stay in force for the paragraphs below.
 *
 * @param fallback the list that the document is about, where only one can be meant
 */
export function createCorrectionReader(fallback: ListName | null): CorrectionReader {
  const enter = createOutline<Scope>(() => ({
    list: null,
    destination: null,
    entry: null,
    elsewhere: false,
  }));
  const amendments: Amendment[] = [];
  let begun = false;
  let label = '';

  return {
    amendments,
    label: () => label,
    read(paragraph, page) {
      const place = enter(paragraph.replace(/\p{Zs}/gu, ' '));
      const text = place.text.trim();
      const opens = OPENS.test(text);
      begun ||= opens || ON_PAGE.test(text) || IN_CODE.test(text);
      if (!begun || text === '') return { kind: 'outside' };
      label = place.label;
      const scope: Scope = { ...place.state };
      const keep = () => {
        if (/:\s*$/u.test(text)) Object.assign(place.state, scope);
      };
      const target = readListTarget(text);
      if (target) scope.list = target;
      else if (
        target === null ||
        (OTHER_SECTION.test(text.replace(/[“"][^”"]*[”"]/gu, '')) && !/\bentr(?:y|ies)\b/iu.test(text))
      )
        scope.elsewhere = true;
      // "In Title 15 of the Code of Federal Regulations, …, in part 774": of the many such, few are about a list.
      if (!target && IN_CODE.test(text) && readNamedLists(text).length !== 1) scope.elsewhere = true;
      if (target) scope.elsewhere = false;
      if (FRONT_MATTER.test(text) && !/\bentr(?:y|ies) for\b/iu.test(text)) scope.elsewhere = true;
      if (opens && !/[“"]/u.test(text)) {
        keep();
        return { kind: 'read', list: null };
      }
      if (scope.elsewhere) {
        keep();
        return { kind: 'elsewhere' };
      }
      // Its own opening can share the paragraph: "…, make the following correction: On page 14036, …"
      const own = opens
        ? text
            .slice(text.search(OPENS))
            .replace(OPENS, '')
            .replace(/^[\s:.,]+/u, '')
        : text;
      const list = scope.list ?? fallback;
      const reading = readQuotations(own.replace(REPRINTED, ' '));
      scope.destination = reading.destination ?? scope.destination;
      if (reading.entries.length > 0) scope.entry = reading.entries.length === 1 ? reading.entries[0]! : null;
      const clean = reading.strange.length === 0 && !reading.open;
      const locator = { instruction: label, row: null, page };

      if (clean && reading.words.length > 0 && reading.entries.length < 2) {
        if (list === null || scope.entry === null || REPRINTED.test(own)) return { kind: 'unread' };
        keep();
        amendments.push({
          ...bareText(scope.entry),
          list,
          destination: scope.destination?.heading ?? '',
          country: scope.destination?.country ?? null,
          action: 'alter',
          alter: { words: reading.words.map(trimPair) },
          locator,
        });
        return { kind: 'read', list };
      }
      if (clean && reading.words.length === 0 && reading.entries.length > 0 && REPRINTED.test(own)) {
        if (list === null) return { kind: 'unread' };
        keep();
        return { kind: 'reprint', list, destination: scope.destination, names: reading.entries };
      }
      if (clean && reading.words.length === 0 && /:\s*$/u.test(own)) {
        // "On page 14036, third column, in the entry for “X”:" leads over to the paragraphs below.
        keep();
        return { kind: 'read', list: null };
      }
      if (
        ON_LINE.test(own) ||
        list === null ||
        !/\b(?:add|remov|revis|delet|correct|insert|redesignat|transfer)/iu.test(own)
      )
        return { kind: 'unread' };
      keep();
      return { kind: 'instruction', list, text: asInstruction(own, list) };
    },
  };
}

/** The supplement of a list, as an instruction names it. */
export const SUPPLEMENT_OF: Record<ListName, string> = {
  'entity-list': 'supplement no. 4 to part 744',
  'unverified-list': 'supplement no. 6 to part 744',
  'military-end-user-list': 'supplement no. 7 to part 744',
};

/** Where on the page it stands is no part of the order: "On page 14036, in the table, third column, …" */
const LOCATION =
  /^(?:(?:beginning )?on pages? \d[\d–-]*(?: and continuing on page \d+)?|in (?:the )?(?:table|[\w-]+ (?:column|row|line)s?)|(?:the )?[\w-]+ (?:column|row|line|(?:full )?paragraph)s?|in the [\w-]+ and [\w-]+ rows?(?: of the table)?)\s*,\s*/iu;

/** The words of an ordinary instruction about that list. */
function asInstruction(text: string, list: ListName): string {
  let rest = text;
  for (let next = rest.replace(LOCATION, ''); next !== rest; next = rest.replace(LOCATION, '')) rest = next;
  const plain = rest.replace(/\b(?:inadvertently|previously|erroneously) (?:omitted|added|removed) /giu, '');
  return readListTarget(plain) ? plain : `In ${SUPPLEMENT_OF[list]}, ${plain}`;
}
