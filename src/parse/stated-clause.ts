import type { AmendmentAction, ListName } from '../model.ts';
import { readLeadingDestination } from './destinations.ts';
import { NUMBER_PATTERN, readNumber } from './numbers.ts';

/** What one clause says: "adding 93 entities under 95 entries … China (8), India (1) …". */
export interface Clause {
  action: AmendmentAction;
  list: ListName | null;
  entities: number | null;
  entries: number | null;
  byDestination: Record<string, number>;
  /** Destinations named without a count. */
  bare: Set<string>;
  /** Counts stand in brackets, "China (1) and Russia (1)": a list that means to be complete. */
  bracketed: boolean;
  /** "including two under Iran": what is named is only a part, unless it adds up to the whole. */
  including: boolean;
}

export const LISTS: [RegExp, ListName][] = [
  [/^(?:the )?unverified list(?: \(UVL\))?|^UVL\b/iu, 'unverified-list'],
  [/^military[- ]end[- ]user(?: \(MEU\))? list|^MEU list/iu, 'military-end-user-list'],
  [/^entity list/iu, 'entity-list'],
];

export const NOUN = '(entit(?:y|ies)|entr(?:y|ies)|persons?|address(?:es)?|alias(?:es)?)(?! list\\b)';
export const ADJECTIVES =
  '(?:(?:new|newly|added|removed|revised|modified|corrected|additional|existing|inadvertently|omitted|different|non-listed|other|russia|[a-z]{2,}(?:ian|ese|ish|ean|stani|man|li|qi)) ){0,3}';

const REFERENCE = new RegExp(
  `^(?:these|those|this|all|both|of the|of these|the)(?! other) (?:${NUMBER_PATTERN} )?${ADJECTIVES}${NOUN}`,
  'iu',
);
const COUNTED = new RegExp(
  `^(${NUMBER_PATTERN}|an?|a total of ${NUMBER_PATTERN}) ${ADJECTIVES}${NOUN}\\b`,
  'iu',
);
const BARE_NUMBER = new RegExp(
  `^(${NUMBER_PATTERN})(?! (?:destinations?|percent|CFR|FR)\\b|,? \\d{4})`,
  'iu',
);
const BREAKDOWN = new RegExp(`^\\((${NUMBER_PATTERN}) entities and (${NUMBER_PATTERN}) addresses\\)`, 'iu');
/** "and 10 are located in …": a number of some destination. */
const UNDER_SOON = /^.{0,90}?\b(?:under|located in)\b/isu;
const EACH = /^(?:one|an? (?:entity|entry)) (?:each|is under each of the following destinations:?)\s*/iu;
const COUNT_BEHIND = /^,?\s*\((\d{1,4})\)/u;

export function isEntityNoun(noun: string): boolean {
  return /^(?:entit|person)/iu.test(noun);
}

/** What introduces a list of destinations besides "under": "The entries are: …", "10 are located in …". */
const INTRODUCTION = /^(?:(?:are|is)(?: as follows)?:|as follows:|located in)\s+/iu;

/** Reads counts and destinations of a piece of text into the clause that it belongs to. */
export function readCounts(text: string, clause: Clause, continued: boolean): void {
  let pending: number | null = null;
  let each = false;
  let headline = continued;
  // True from "under …" on, as long as only names of destinations and what joins them follow.
  let listing = false;
  let rest = text;
  let before = '';
  const step = (length: number) => {
    before = (before + rest.slice(0, length)).slice(-40);
    rest = rest.slice(length);
  };

  const passOver = () => {
    if (rest[0] === ';') each = false;
    const word = /^[\p{L}\p{N}'-]+|^[\s\S]/u.exec(rest)![0];
    if (/^(?:including|among|such)$/iu.test(word)) clause.including = true;
    if (/^(?:under|destinations?)$/iu.test(word)) listing = true;
    else if (!/^(?:the|of|and|following|[\s,;:)]|[A-Z])$/iu.test(word)) listing = false;
    step(word.length);
  };

  while (rest !== '') {
    // Whatever is looked for begins so.
    if (!/^[\p{L}\p{N}(]/u.test(rest)) {
      passOver();
      continue;
    }
    const list = LISTS.find(([pattern]) => pattern.test(rest));
    if (list) {
      if (!continued) clause.list ??= list[1];
      step(list[0].exec(rest)![0].length);
      continue;
    }
    const eachOf = EACH.exec(rest);
    if (eachOf) {
      each = true;
      listing = /following/iu.test(eachOf[0]);
      step(eachOf[0].length);
      continue;
    }
    const introduction = /\w$/u.test(before) ? null : INTRODUCTION.exec(rest);
    if (introduction) {
      listing = true;
      step(introduction[0].length);
      continue;
    }
    const place = readLeadingDestination(rest);
    if (place && /^\s*\S/u.test(rest) && !/^\s/u.test(rest)) {
      const behind = COUNT_BEHIND.exec(rest.slice(place.length));
      const code = place.destination.country;
      const add = (count: number) => {
        clause.byDestination[code] = (clause.byDestination[code] ?? 0) + count;
      };
      if (behind && (listing || /[,;)]\s*(?:and )?(?:the )?$/iu.test(before))) {
        add(Number(behind[1]));
        clause.bracketed = true;
      } else if (listing && each) add(1);
      else if (listing && pending !== null) {
        add(pending);
        pending = null;
      } else if (listing) clause.bare.add(code);
      step(place.length + (behind?.[0].length ?? 0));
      continue;
    }
    const breakdown = BREAKDOWN.exec(rest);
    if (breakdown) {
      clause.entities = readNumber(breakdown[1]!);
      step(breakdown[0].length);
      continue;
    }
    const reference = REFERENCE.exec(rest);
    if (reference && (before === '' || /\W$/u.test(before))) {
      if (clause.action === 'remove' && /^this entit/iu.test(rest) && clause.entities === null && !continued)
        clause.entities = 1;
      step(reference[0].length);
      continue;
    }
    const counted =
      /\w$/u.test(before) || (/\b(?:of|for|in)\s$/iu.test(before) && /^an? /iu.test(rest))
        ? null
        : COUNTED.exec(rest);
    if (counted) {
      const noun = counted[2]!;
      const value = /^an?$/iu.test(counted[1]!)
        ? 1
        : (readNumber(counted[1]!.replace(/^a total of /iu, '')) ?? 0);
      const behind = rest.slice(counted[0].length);
      if (/^alias|^address/iu.test(noun)) {
        if (clause.action === 'remove' && /^\s*(?:from|associated)/iu.test(behind)) clause.action = 'revise';
        else if (/^address/iu.test(noun) && headline && clause.entities !== null && !continued)
          clause.entries = (clause.entries ?? clause.entities) + value; // "two entities and one address"
      } else if (
        /^entr/iu.test(noun) &&
        clause.entries === null &&
        clause.entities !== null &&
        /\b(?:under|in)\s*$/iu.test(before)
      )
        clause.entries = value; // "93 entities under 95 entries"
      else if (headline && (clause.entities !== null || clause.entries !== null))
        pending = (pending ?? 0) + value;
      else {
        if (isEntityNoun(noun)) clause.entities = value;
        else clause.entries = value;
        headline = true;
      }
      each = false;
      step(counted[0].length);
      continue;
    }
    const bareNumber = /\w$/u.test(before) ? null : BARE_NUMBER.exec(rest);
    if (bareNumber) {
      const value = readNumber(bareNumber[1]!);
      if (headline && value !== null && UNDER_SOON.test(rest.slice(bareNumber[0].length)))
        pending = (pending ?? 0) + value;
      each = false;
      step(bareNumber[0].length);
      continue;
    }
    passOver();
  }
}

export function newClause(action: AmendmentAction, list: ListName | null): Clause {
  return {
    action,
    list,
    entities: null,
    entries: null,
    byDestination: {},
    bare: new Set(),
    bracketed: false,
    including: false,
  };
}
