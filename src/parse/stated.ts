import type { AmendmentAction, ListName, Stated, StatedCount } from '../model.ts';
import { NUMBER_PATTERN, readNumber } from './numbers.ts';
import { withoutPast } from './past.ts';
import {
  ADJECTIVES,
  type Clause,
  isEntityNoun,
  LISTS,
  NOUN,
  newClause,
  readCounts,
} from './stated-clause.ts';
import { isAboutUflpa, withoutUflpaList } from './target.ts';

export { compareStated } from './stated-compare.ts';

/** What a text states, list by list. */
export type StatedByList = Partial<Record<ListName, Stated>>;

/** Active verbs begin a clause. "are added" does not: it speaks again of entries already counted. */
const VERB =
  /\b(?:(add(?:s|ing)?)|(revis(?:es?|ing)|modif(?:y|ies|ying)|correct(?:s|ing)?|amend(?:s|ing)?(?= (?:\S+ ){0,2}(?:existing|entr)))|(remov(?:es?|ing)|delet(?:es?|ing))|(transfer(?:s|ring)?))\b(?! direct)/giu;

const AUXILIARY = /\b(?:are|is|will be|being|were|was)\b/iu;
const GOES_ON = /\b(?:listed|added|removed|revised|under)\b/iu;
const LISTS_ENTRIES = /^(?:the|these|those) [^:]{0,60}\b(?:are|is)(?: as follows)?:/iu;

/** Sentences; a full stop behind a single capital ("U.S.", "U.A.E.") ends none. */
function splitSentences(text: string): string[] {
  return text.split(/(?<=[^A-Z]\.|\)\.)\s+(?=[A-Z“"])/u);
}

/** Participles tell the clause that a sentence speaks of: "the 3 added entities are under …". */
const DONE = /\b(?:(added)|(revised|modified|corrected)|(removed|deleted))\b/iu;

/** Where a second passive begins: "…; and one entity is removed from the Entity List". */
const NEXT_PASSIVE = new RegExp(
  `(?:;(?: and)?|,? and) (?=(?:${NUMBER_PATTERN}|an?) ${ADJECTIVES}${NOUN}\\b)`,
  'giu',
);

/** "These entities are listed …", "the entries under …": looked for one behind the other, in linear time. */
function goesOn(text: string): boolean {
  const auxiliary = AUXILIARY.exec(text);
  return (
    LISTS_ENTRIES.test(text) ||
    /\blisted under\b/iu.test(text) ||
    (auxiliary !== null && GOES_ON.test(text.slice(auxiliary.index + auxiliary[0].length)))
  );
}

function readDone(text: string): AmendmentAction | null {
  const done = /\bbeing (?:added|removed)\b/iu.exec(text)?.[0] ?? text;
  const match = DONE.exec(done);
  return match ? (match[1] ? 'add' : match[2] ? 'revise' : 'remove') : null;
}

/**
 * Reads a sentence in the passive. It goes on about an earlier clause ("These entities are listed under …"),
 * or, where none has its verb, states one itself ("Three entities are added under …").
 */
function readPassive(lead: string, clauses: Clause[]): boolean {
  // White space is folded before, so that a line break stands nowhere else.
  const parts = lead.replace(NEXT_PASSIVE, '\n').split('\n');
  const pieces = parts.length > 1 && parts.every((part) => DONE.test(part)) ? parts : [lead];
  let any = false;
  for (const piece of pieces) {
    const action = readDone(piece);
    const last = action ? clauses.findLast((clause) => clause.action === action) : clauses.at(-1);
    if (last && goesOn(piece)) {
      readCounts(piece, last, true);
      any = true;
    } else if (!last && action && /\b(?:are|is|will be)\b/iu.test(piece)) {
      const clause = newClause(action, null);
      readCounts(piece, clause, false);
      if (clause.entities !== null || clause.entries !== null) {
        clauses.push(clause);
        any = true;
      }
    }
  }
  return any;
}

function readSentence(sentence: string, clauses: Clause[]): void {
  // What an earlier rule did is told in the past ("That final rule amended …").
  if (/^(?:that (?:final |interim )?rule|on [A-Z][a-z]+ \d|between [A-Z][a-z]+ )/iu.test(sentence)) return;
  const verbs = [...sentence.matchAll(VERB)];
  const lead = sentence.slice(0, verbs[0]?.index ?? sentence.length);
  if (readPassive(lead, clauses)) {
    // Nothing more to read in what stands before the first verb.
  } else if (
    /existing (?:entit|entr)/iu.test(lead) &&
    /entity list/iu.test(lead.slice(lead.search(/\b(?:entit|entr)\S+ /iu)))
  ) {
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
      mergeDestinations(earlier, clause);
  }
}

function mergeDestinations(into: Clause, from: Clause): void {
  Object.assign(into.byDestination, from.byDestination);
  for (const code of from.bare) into.bare.add(code);
  into.bracketed ||= from.bracketed;
}

/** True where a clause leaves destinations unsaid, so that others than the named ones can occur. */
function leavesOpen(clause: Clause): boolean {
  const counts = Object.values(clause.byDestination);
  if (counts.length === 0 && clause.bare.size === 0) return true;
  const total = clause.entries ?? clause.entities ?? 0;
  const sum = counts.reduce((all, count) => all + count, 0);
  if (clause.including) return sum !== total;
  // A list in brackets means to be complete; a wrong sum there is a contradiction, not an open end.
  return clause.bare.size === 0 && !clause.bracketed && sum < total;
}

function sumClauses(clauses: readonly Clause[]): StatedCount {
  const byDestination: Record<string, number> = {};
  const bare = new Set<string>();
  for (const clause of clauses) {
    const total = clause.entries ?? clause.entities;
    const [only] = clause.bare;
    if (
      Object.keys(clause.byDestination).length === 0 &&
      clause.bare.size === 1 &&
      only &&
      total !== null &&
      !clause.including
    ) {
      clause.byDestination[only] = total;
      clause.bare.clear();
    }
    for (const [code, count] of Object.entries(clause.byDestination))
      byDestination[code] = (byDestination[code] ?? 0) + count;
    for (const code of clause.bare) if (clause.byDestination[code] === undefined) bare.add(code);
  }
  const sum = (kind: 'entities' | 'entries', other: 'entities' | 'entries') =>
    clauses.some((clause) => clause[kind] !== null)
      ? clauses.reduce((total, clause) => total + (clause[kind] ?? clause[other] ?? 0), 0)
      : null;
  const named = bare.size > 0 || Object.keys(byDestination).length > 0;
  return {
    entities: sum('entities', 'entries'),
    entries: sum('entries', 'entities'),
    byDestination,
    ...(bare.size > 0 ? { destinations: [...bare].sort() } : {}),
    ...(named && clauses.some(leavesOpen) ? { partial: true } : {}),
  };
}

/**
 * What an abstract or a SUMMARY says that its rule does: counts per list, verb and destination (sources,
 * §4.7). Parenthesised counts count entries; "N entities" may count either, which verification allows for.
 * Text about other lists (the UFLPA Entity List) states nothing.
 */
export function readStated(text: string | null, title = ''): StatedByList {
  if (text === null || isAboutUflpa(title, text)) return {};
  if (!/entity list|unverified list|\bUVL\b|military[- ]end[- ]user/iu.test(`${title} ${text}`)) return {};
  const plain = withoutUflpaList(text)
    .replace(/``|''/gu, '"')
    .replace(/[’‘`]/gu, "'")
    .replace(/\b(and|or)\/ /gu, '$1/')
    .replace(/\s+/gu, ' ')
    .trim();
  const clauses: Clause[] = [];
  for (const sentence of splitSentences(plain)) readSentence(withoutPast(sentence), clauses);

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
