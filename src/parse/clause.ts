import type { HeadingChange, Issue, ListName } from '../model.ts';
import type { Cursor } from './cursor.ts';
import { destinationOfAdjective } from './demonyms.ts';
import { type Destination, findDestination } from './destinations.ts';
import type { FormResult } from './form.ts';
import { readFieldLead, readForm, readLead, readPassive } from './forms.ts';
import { listOfSupplement, type Masked, unmask } from './mask.ts';
import { readNumber } from './numbers.ts';
import type { Order, ReadClauses, Scope, Subject } from './order.ts';
import { cleanQuotedName } from './quotes.ts';
import { readUnquoted } from './unquoted.ts';
import { COUNTED, FILLER, INTRODUCTION, PART_NAMES, PART_OF_ENTRY, readVerb } from './verbs.ts';

/** A clause starts at the beginning and behind a mark or a joining word. */
const STARTS_CLAUSE = /(?:^|[,;:.] ?|\b(?:and|by) )$/iu;

/** "adding the destination of KYRGYZSTAN", not "under the destination of CHINA". */
const SEEMS_HEADING =
  /(?<!\b(?:under|from|in|to|for|of|within)(?: the)?(?: new| following)? )\b(?:destinations?|headings?) (?:of|for) ⟦p\d+⟧/iu;

/** "in the entry for “X”", "of “X”": what stands before it is a part of that entry. */
const WITHIN_ENTRY =
  /(?:^|\s)(?:in|from|within|of|to) (?:(?:the|an?|each|both|its|their|existing) ){0,3}entr(?:y|ies)(?: (?:for|of))?$/iu;
const OWNED_BY = /(?:^|\s)(?:in|from|within|of|to)$/iu;
const ENTRY_NOUN = /(?:^|\s)(?:entr(?:y|ies)|entit(?:y|ies)|persons?)(?:\s|$)/iu;

/**
 * Reads the clauses of one paragraph from left to right. The first verb and the first destination become part
 * of `scope`, for the paragraphs below.
 *
 * @param given the list that the paragraph is about; null where it must say so itself
 */
export function readClauses(
  scope: Scope,
  given: ListName | null,
  masked: Masked,
  label: string,
): ReadClauses {
  const orders: Order[] = [];
  const headings: HeadingChange[] = [];
  const issues: Issue[] = [];
  const unread: string[] = [];
  let list = given;
  let action = scope.action;
  let destination = scope.destination;
  let names: string[] = [];
  let quoted: string[] = [];
  let count: number | null = null;
  let verbSeen = false;
  let subjects: Subject[] | null = scope.subjects ?? null;
  let field = scope.field ?? null;
  /** True where a comma, a semicolon or "and" stands between the last name and here. */
  let separated = true;
  /** True where the destination in force belongs to the count before it: "two entities under IRAN". */
  let countPlaced = false;
  /** True where a quotation stands within an entry, or belongs to the name before it. */
  let within = false;
  /** How many words were left over before the verb in force. */
  let beforeVerb = 0;
  /** A verb of which nothing is said yet, where the paragraph ordered something before it. */
  let idle: string | null = null;
  /** Entries of which nothing is said yet, behind a verb that spoke of others. */
  let unsaid: readonly Subject[] | null = null;
  /** Whether a supplement is named that is none of ours. */
  let namesOther = false;
  /** Whether several of ours are named, and not in a form that says what is done to which. */
  let isUnclear = false;
  /** Verbs and destinations of the paragraph, in order. */
  const spoken: ('verb' | 'place')[] = [];
  const cursor: Cursor = { masked, at: 0 };

  const shown = (text: string) => text.replace(/\s+/gu, ' ').trim().slice(0, 300);
  // Once for all: a paragraph may give rise to hundreds of issues.
  let whole: string | null = null;
  const showWhole = () => {
    whole ??= shown(unmask(masked, masked.text));
    return whole;
  };
  const note = (code: string, holds: boolean, message: string, excerpt?: string) =>
    issues.push({
      code,
      holds,
      message,
      excerpt: excerpt === undefined ? showWhole() : shown(excerpt),
      locator: { instruction: label, row: null, page: null },
    });
  const hold = (code: string, message: string, excerpt?: string) => note(code, true, message, excerpt);

  /** What is said of a part would be done to the whole entry. */
  const isPart = () =>
    names.length > 0 &&
    (within || (subjects !== null && count === null && !ENTRY_NOUN.test(unread.slice(beforeVerb).join(' '))));

  const checkIdle = () => {
    if (idle !== null)
      hold('order-missing', `the instruction says “${idle}”, and not which entries are meant`);
    idle = null;
  };

  const flush = () => {
    if (names.length === 0 && count === null) return;
    idle = null;
    if (isPart()) hold('part-of-entry', 'something is said of a name within an entry', names.join('; '));
    else if (action === null) hold('verb-missing', 'entries are named without a verb', names.join('; '));
    else if (list === null)
      hold('several-targets', 'the instruction speaks of several supplements, and not which is meant');
    else if (destination === null)
      hold('destination-missing', 'entries are named without a destination', names.join('; '));
    else orders.push({ list, action, destination, names, quoted, count, instruction: label });
    names = [];
    quoted = [];
    count = null;
    countPlaced = false;
    within = false;
  };

  const place = (found: Destination) => {
    spoken.push('place');
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
    // "…; and under CHINA, …" speaks of other entries than the lead-in before it.
    if (verbSeen) subjects = null;
    if (verbSeen) field = null;
  };

  const take = (found: FormResult) => {
    checkIdle();
    unsaid = null;
    spoken.push('verb');
    orders.push(...found.orders);
    headings.push(...found.headings);
    for (const { code, holds, message } of found.issues) note(code, holds, message);
    if (found.subjects) subjects = found.subjects;
    if (found.field !== undefined) field = found.field;
    if (found.destination !== undefined) destination = found.destination;
    // What stands behind a form is a new clause: nothing of the old verb is left for it.
    action = found.action ?? null;
    if (found.action && !verbSeen) scope.action = found.action;
    verbSeen = true;
    separated = true;
    beforeVerb = unread.length;
  };

  const readQuote = (text: string, before: string) => {
    const lead = unread.slice(-5).join(' ');
    const asDestination = /\bunder(?: the)?(?: (?:destination|heading|country))?(?: of)?$/iu.test(lead)
      ? findDestination(text)
      : null;
    if (asDestination) return place(asDestination);
    // "after the entry for “Zulu LLC,” an entry for “X”": the first only says where.
    if (/\b(?:after|before|following|preceding) the entr(?:y|ies)(?: for| of)$/iu.test(lead)) {
      separated = true;
      return;
    }
    const name = cleanQuotedName(text);
    if (/^§/u.test(name)) hold('quoted-text', 'the instruction changes words within entries', text);
    if (name !== '') {
      within ||= WITHIN_ENTRY.test(before) || (names.length > 0 && (!separated || OWNED_BY.test(before)));
      names.push(name);
      quoted.push(text);
    }
    separated = /[,;]\s*$/u.test(text.slice(-10));
  };

  /** What was ordered when the paragraph last named a supplement; null where it named none. */
  let orderedThen: number | null = null;
  const ordered = () => orders.length + headings.length;

  const readSupplement = (index: number, before: string) => {
    const supplement = masked.supplements[index]!;
    const ours =
      supplement.part === null || supplement.part === '744' ? supplement.numbers.map(listOfSupplement) : [];
    const own = ours.length === 1 ? ours[0]! : null;
    if (own === null) {
      namesOther ||= list !== null;
      return;
    }
    if (own !== list) {
      const isPending = names.length > 0 || count !== null;
      const next = text.slice(cursor.at, cursor.at + 80).replace(/^,? /u, '');
      // "and supplement no. 7 is amended by …", "in supplement no. 7, by …", "in supplement no. 7, remove …"
      const isOrdered =
        /^(?:by|(?:is|are) (?:also |further )?amended)\b/iu.test(next) || readVerb(next) !== null;
      const isAhead = isOrdered && separated && !/\b(?:from|of|to)$/iu.test(before);
      // "by adding to supplement no. 7, under …"
      const isOfVerb = spoken.at(-1) === 'verb' && !isPending && unread.length <= beforeVerb + 1;
      // Of anything else it could be meant for what stands before it or behind.
      if ((verbSeen || isPending || ordered() > 0) && !isAhead && !isOfVerb) isUnclear = true;
      flush();
      // "Supplement no. 4 and supplement no. 7 are amended by …": of the first nothing was said.
      if (orderedThen === ordered()) isUnclear = true;
      list = own;
      destination = null;
    }
    orderedThen = ordered();
  };

  if (!masked.closed) hold('quote-unclosed', 'a quotation mark has no partner, so that a name may run on');
  const text = masked.text;
  while (cursor.at < text.length) {
    const marks = /^[\s,;:.()—–]+/u.exec(text.slice(cursor.at))?.[0] ?? '';
    if (/[,;]/u.test(marks)) separated = true;
    cursor.at += marks.length;
    if (cursor.at >= text.length) break;
    const rest = text.slice(cursor.at);
    const token = /^⟦([qps])(\d+)⟧/u.exec(rest);
    if (token) {
      const index = Number(token[2]);
      const before = text.slice(Math.max(0, cursor.at - 80), cursor.at).trimEnd();
      cursor.at += token[0].length;
      if (token[1] === 'q') readQuote(masked.quotes[index]!, before);
      else if (token[1] === 's') readSupplement(index, before);
      else unread.push(masked.places[index]!.raw);
      continue;
    }
    const introduced = INTRODUCTION.exec(rest.slice(0, 200));
    const introducedPlace = introduced && /^⟦p(\d+)⟧/u.exec(rest.slice(introduced[0].length));
    if (introduced && introducedPlace) {
      cursor.at += introduced[0].length + introducedPlace[0].length;
      place(masked.places[Number(introducedPlace[1])]!.destination);
      continue;
    }
    const unknown =
      /^under(?: the)?(?: destinations?| country| headings?)?(?: of| for)?,? ([A-Z][A-Z'’ ,-]{3,})/u.exec(
        rest.slice(0, 200).replace(/^Under/u, 'under'),
      );
    if (unknown) {
      hold('unknown-destination', `“${unknown[1]!.trim().slice(0, 100)}” is no known destination`);
      destination = null;
      cursor.at += unknown[0].length;
      continue;
    }
    // "the heading HONG KONG and the two entries under it, “A” and “B”".
    const there =
      count !== null && destination ? /^(?:listed )?under (?:it|that heading)\b/iu.exec(rest) : null;
    if (there) {
      cursor.at += there[0].length;
      continue;
    }
    const begins = STARTS_CLAUSE.test(text.slice(Math.max(0, cursor.at - 6), cursor.at));
    const context = { list: list ?? 'entity-list', destination, subjects, field, label };
    if (begins && names.length === 0 && count === null) {
      const lead = verbSeen && action !== null ? null : readLead(cursor);
      if (lead) {
        subjects = lead.map((one) => ({ ...one, destination: one.destination ?? destination }));
        if (verbSeen) unsaid = subjects;
        if (cursor.at >= text.length) scope.subjects = subjects;
        continue;
      }
      const named = readFieldLead(cursor);
      if (named) {
        field = named.field;
        if (cursor.at >= text.length) scope.field = field;
        continue;
      }
      const passive = readPassive(cursor, context);
      if (passive) {
        if (list === null)
          hold('several-targets', 'the instruction speaks of several supplements, and not which is meant');
        take(passive);
        continue;
      }
    }
    const verb = readVerb(rest);
    if (verb) {
      // "an entry for “X” is added": the verb stands behind what it is said of.
      const isPassive = names.length > 0 && /^(?:is|are)$/iu.test(unread.at(-1) ?? '');
      if (!isPassive) {
        const pending = names.length > 0 || count !== null;
        const form = readForm(cursor, { ...context, destination: pending ? scope.destination : destination });
        if (form) {
          flush();
          if (pending && form.destination === undefined) destination = scope.destination;
          if (list === null && form.orders.length + form.headings.length > 0)
            hold('several-targets', 'the instruction speaks of several supplements, and not which is meant');
          take(form);
          continue;
        }
      }
      if (verb.action === null) {
        flush();
        hold('unsupported-verb', `the instruction says “${verb.word}”, and not in a form that is read`);
        return { orders, headings, issues };
      }
      if (isPassive) action = verb.action;
      if (names.length > 0 || count !== null) {
        flush();
        destination = scope.destination;
      }
      checkIdle();
      // "…, and adding those entries under CHINA": without a row, nothing else would tell that they are missing.
      if (!isPassive && verb.action !== 'revise' && orders.length > 0) idle = verb.word;
      spoken.push('verb');
      beforeVerb = unread.length;
      unsaid = null;
      action = verb.action;
      if (!verbSeen && !isPassive) scope.action = verb.action;
      verbSeen = true;
      cursor.at += verb.word.length;
      continue;
    }
    if (verbSeen && action !== 'revise' && PART_OF_ENTRY.test(rest))
      hold(
        'part-of-entry',
        action === null
          ? 'something is said of a part of an entry, and not what'
          : `“${action}” is said of a part of an entry, not of the entry`,
      );
    const counted = verbSeen ? COUNTED.exec(rest.slice(0, 300)) : null;
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
        const noun = /⟦p(\d+)⟧/u.exec(counted[2]!);
        const adjective = counted[2]!
          .split(/\s+/u)
          .map(destinationOfAdjective)
          .find((name) => name !== null);
        const meant = noun
          ? masked.places[Number(noun[1])]!.destination
          : adjective
            ? findDestination(adjective)
            : null;
        if (meant && destination === null) {
          destination = meant;
          countPlaced = true;
        }
      }
      cursor.at += counted[0].length;
      continue;
    }
    const bare =
      verbSeen && action !== null && masked.quotes.length === 0 ? readUnquoted(cursor, action) : null;
    if (bare) {
      if (bare.names.length === 0)
        hold('unquoted-names', 'names without quotation marks cannot be told apart', bare.text);
      names.push(...bare.names);
      quoted.push(...bare.names);
      if (bare.destination) {
        destination = bare.destination;
        flush();
        destination = scope.destination;
      }
      continue;
    }
    const word = /^[^\s,;:.()—–⟦]+/u.exec(rest)?.[0] ?? rest[0]!;
    if (/^and$/iu.test(word)) separated = true;
    unread.push(word);
    cursor.at += word.length;
  }
  flush();
  if (!/:\s*$/u.test(text)) {
    checkIdle();
    // "adding the alias “A” to the entry for “X”; and in the entry for “Y”."
    if (unsaid !== null)
      hold(
        'verb-missing',
        'entries are named without a verb',
        unsaid.flatMap(({ names: own }) => own).join('; '),
      );
  }
  // "removing the entries for the following entities under IRAN:" speaks of the paragraphs below.
  // Of two verbs or two destinations it would not be clear which is meant.
  const [only, ...others] = spoken;
  if (/:\s*$/u.test(text) && orders.length + headings.length === 0 && only === 'verb' && others.length === 1)
    scope.destination ??= destination;
  if (headings.length === 0 && !orders.some(({ alter }) => alter?.place) && SEEMS_HEADING.test(text))
    note('heading-unclear', false, 'a destination seems to be added or taken away in words not understood');
  // "…; and supplement no. 7 is amended:": the paragraphs below would be read for the first.
  if (/:\s*$/u.test(text) && list !== given) isUnclear = true;
  if (isUnclear || (namesOther && ordered() > 0))
    hold('several-targets', 'the instruction names another supplement too, and not what is done to which');
  const revises = orders.length > 0 && orders.every((order) => order.action === 'revise');
  const strange = unread.filter(
    (word) => !FILLER.test(word) && !/^\d+$/u.test(word) && !(revises && PART_NAMES.test(word)),
  );
  if (strange.length > 0)
    hold(
      'unknown-wording',
      `words of the instruction were not understood: ${strange.slice(0, 8).join(' ').slice(0, 200)}`,
    );
  for (const order of orders)
    if (order.action === 'revise' && revises && /\bnames?\b/iu.test(text)) order.renames = true;
  return { orders, headings, issues };
}
