import type { AmendmentAction, ListName, Stated, StatedCount } from '../model.ts';
import { readLeadingDestination } from './destinations.ts';
import { NUMBER_PATTERN, readNumber } from './numbers.ts';

/** What one clause says: "adding 93 entities under 95 entries … China (8), India (1) …". */
interface Clause {
  action: AmendmentAction;
  list: ListName | null;
  entities: number | null;
  entries: number | null;
  byDestination: Record<string, number>;
  /** Destinations named without a count. */
  bare: Set<string>;
}

type StatedByList = Partial<Record<ListName, Stated>>;

/** Active verbs begin a clause. "are added" does not: it speaks again of entries already counted. */
const VERB =
  /\b(?:(add(?:s|ing)?)|(revis(?:es?|ing)|modif(?:y|ies|ying)|correct(?:s|ing)?|amend(?:s|ing)?(?= (?:\S+ ){0,2}(?:existing|entr)))|(remov(?:es?|ing)|delet(?:es?|ing))|(transfer(?:s|ring)?))\b(?! direct)/giu;

const LISTS: [RegExp, ListName][] = [
  [/^(?:the )?unverified list(?: \(UVL\))?|^UVL\b/iu, 'unverified-list'],
  [/^military[- ]end[- ]user(?: \(MEU\))? list|^MEU list/iu, 'military-end-user-list'],
  [/^entity list/iu, 'entity-list'],
];

const NOUN = '(entit(?:y|ies)|entr(?:y|ies)|persons?|address(?:es)?|alias(?:es)?)(?! list\\b)';
const ADJECTIVES =
  '(?:(?:new|additional|existing|inadvertently|omitted|different|non-listed|other|russia|[a-z]{2,}(?:ian|ese|ish|ean|stani|man|li|qi)) ){0,3}';

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
const EACH = /^(?:one|an? (?:entity|entry)) (?:each|is under each of the following destinations:?)\s*/iu;
const COUNT_BEHIND = /^,?\s*\((\d{1,4})\)/u;

/** Sentences; a full stop behind a single capital ("U.S.", "U.A.E.") ends none. */
function splitSentences(text: string): string[] {
  return text.split(/(?<=[^A-Z]\.|\)\.)\s+(?=[A-Z“"])/u);
}

function isEntityNoun(noun: string): boolean {
  return /^(?:entit|person)/iu.test(noun);
}

/** Reads counts and destinations of a piece of text into the clause that it belongs to. */
function readCounts(text: string, clause: Clause, continued: boolean): void {
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

  while (rest !== '') {
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
    const place = readLeadingDestination(rest);
    if (place && /^\s*\S/u.test(rest) && !/^\s/u.test(rest)) {
      const behind = COUNT_BEHIND.exec(rest.slice(place.length));
      const code = place.destination.country;
      const add = (count: number) => {
        clause.byDestination[code] = (clause.byDestination[code] ?? 0) + count;
      };
      if (behind && (listing || /[,;)]\s*(?:and )?(?:the )?$/iu.test(before))) add(Number(behind[1]));
      else if (listing && each) add(1);
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
      const soon = /^.{0,90}?\bunder\b/isu.test(rest.slice(bareNumber[0].length));
      if (headline && value !== null && soon) pending = (pending ?? 0) + value;
      each = false;
      step(bareNumber[0].length);
      continue;
    }
    if (rest[0] === ';') each = false;
    const word = /^[\p{L}\p{N}'-]+|^[\s\S]/u.exec(rest)![0];
    if (/^(?:under|destinations?)$/iu.test(word)) listing = true;
    else if (!/^(?:the|of|and|following|[\s,;:)]|[A-Z])$/iu.test(word)) listing = false;
    step(word.length);
  }
}

function newClause(action: AmendmentAction, list: ListName | null): Clause {
  return { action, list, entities: null, entries: null, byDestination: {}, bare: new Set() };
}

function readSentence(sentence: string, clauses: Clause[]): void {
  // What an earlier rule did is told in the past ("That final rule amended …").
  if (/^(?:that (?:final |interim )?rule|on [A-Z][a-z]+ \d|between [A-Z][a-z]+ )/iu.test(sentence)) return;
  const verbs = [...sentence.matchAll(VERB)];
  const lead = sentence.slice(0, verbs[0]?.index ?? sentence.length);
  const being = /\bbeing (added|removed)\b/iu.exec(lead)?.[1]?.toLowerCase();
  const last = being
    ? clauses.findLast((clause) => clause.action === (being === 'added' ? 'add' : 'remove'))
    : clauses.at(-1);
  if (
    last &&
    /\b(?:are|is|will be|being|were|was)\b[\s\S]*\b(?:listed|added|removed|revised|under)\b|\blisted under\b/iu.test(
      lead,
    )
  )
    readCounts(lead, last, true);
  else if (/\b(?:entit|entr)\S+ .*entity list/iu.test(lead) && /existing (?:entit|entr)/iu.test(lead)) {
    const existing = new RegExp(
      `(${NUMBER_PATTERN}) existing (entities|entries)(?: for (${NUMBER_PATTERN}) existing entities)?`,
      'iu',
    ).exec(lead);
    if (existing) {
      const clause = newClause('revise', 'entity-list');
      if (isEntityNoun(existing[2]!)) clause.entities = readNumber(existing[1]!);
      else clause.entries = readNumber(existing[1]!);
      if (existing[3]) clause.entities = readNumber(existing[3]);
      clauses.push(clause);
    }
  }
  const first = clauses.length;
  for (const [index, verb] of verbs.entries()) {
    const text = sentence.slice(verb.index + verb[0].length, verbs[index + 1]?.index ?? sentence.length);
    const action: AmendmentAction = verb[1] ? 'add' : verb[2] ? 'revise' : verb[3] ? 'remove' : 'add';
    const clause = newClause(action, null);
    if (/^ (?:them|it)\b/iu.test(text) && clauses.length > first) clause.entities = clauses.at(-1)!.entities;
    if (verb[4]) {
      const moved = new RegExp(
        `(${NUMBER_PATTERN}) [\\s\\S]{0,200}?from the ([\\s\\S]{0,200}?) to the`,
        'iu',
      ).exec(text);
      const from = moved && LISTS.find(([pattern]) => pattern.test(moved[2]!))?.[1];
      if (moved && from) clauses.push({ ...newClause('remove', from), entities: readNumber(moved[1]!) });
      readCounts(text.replace(/from the [\s\S]{0,200}? to the/u, 'to the'), clause, false);
    } else readCounts(text, clause, false);
    const earlier = clauses.at(-1);
    if (
      clause.action === 'revise' &&
      action === 'remove' &&
      clauses.length > first &&
      earlier?.action === 'revise'
    ) {
      // "revises an entry by removing two addresses from one entity under … Russia": one revision, told twice.
      const [code] = [...clause.bare, ...Object.keys(clause.byDestination)];
      if (code) earlier.bare.add(code);
      continue;
    }
    const said = clauses.length === first ? clauses.at(-1) : undefined;
    const again =
      said?.action === clause.action &&
      said.entities === clause.entities &&
      said.entries === clause.entries &&
      said.bare.size === 0 &&
      Object.keys(said.byDestination).length === 0;
    // "… by modifying one entity. This final rule modifies one entity under … Russia": said twice.
    if (again && /^this (?:final )?rule /iu.test(sentence)) clauses.pop();
    if (clause.entities !== null || clause.entries !== null) clauses.push(clause);
    else if (clauses.length > first && earlier?.action === clause.action)
      // "amends 27 existing entries to correct typographical errors under … Belarus (3), China (11)"
      Object.assign(earlier.byDestination, clause.byDestination);
  }
}

function sumClauses(clauses: readonly Clause[]): StatedCount {
  const byDestination: Record<string, number> = {};
  for (const clause of clauses) {
    const total = clause.entries ?? clause.entities;
    if (Object.keys(clause.byDestination).length === 0 && clause.bare.size === 1 && total !== null)
      clause.byDestination[[...clause.bare][0]!] = total;
    for (const [code, count] of Object.entries(clause.byDestination))
      byDestination[code] = (byDestination[code] ?? 0) + count;
  }
  const sum = (kind: 'entities' | 'entries', other: 'entities' | 'entries') =>
    clauses.some((clause) => clause[kind] !== null)
      ? clauses.reduce((total, clause) => total + (clause[kind] ?? clause[other] ?? 0), 0)
      : null;
  return { entities: sum('entities', 'entries'), entries: sum('entries', 'entities'), byDestination };
}

/**
 * What an abstract or a SUMMARY says that its rule does: counts per list, verb and destination (sources,
 * §4.7). Parenthesised counts count entries; "N entities" may count either, which verification allows for.
 * Text about other lists (the UFLPA Entity List) states nothing.
 */
export function readStated(text: string | null, title = ''): StatedByList {
  if (text === null || /\buyghur forced labor|\bUFLPA\b/iu.test(`${title} ${text}`)) return {};
  if (!/entity list|unverified list|\bUVL\b|military[- ]end[- ]user/iu.test(`${title} ${text}`)) return {};
  const plain = text
    .replace(/``|''/gu, '"')
    .replace(/[’‘`]/gu, "'")
    .replace(/\b(and|or)\/ /gu, '$1/')
    .replace(/\s+/gu, ' ')
    .trim();
  const clauses: Clause[] = [];
  for (const sentence of splitSentences(plain)) readSentence(sentence, clauses);

  const named = LISTS.map(
    ([pattern, list]) => [new RegExp(pattern.source.replaceAll('^', ''), 'iu'), list] as const,
  );
  const fallback = named.find(([pattern]) => pattern.test(title))?.[1] ?? 'entity-list';
  const stated: StatedByList = {};
  let previous: ListName | null = null;
  for (const clause of clauses) {
    clause.list ??= previous ?? fallback;
    previous = clause.list;
  }
  for (const list of new Set(clauses.map((clause) => clause.list!))) {
    const of = (action: AmendmentAction) => {
      const own = clauses.filter((clause) => clause.list === list && clause.action === action);
      return own.length > 0 ? sumClauses(own) : null;
    };
    stated[list] = { add: of('add'), revise: of('revise'), remove: of('remove') };
  }
  return stated;
}
