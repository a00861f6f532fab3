import { foldName } from '../fold.ts';
import type { Alteration } from '../model.ts';
import { attempt, type Cursor, eat, eatQuote, restOf } from './cursor.ts';
import type { Destination } from './destinations.ts';
import {
  alterEach,
  eatQuotes,
  ending,
  type Form,
  type FormContext,
  type FormResult,
  fieldOf,
  holding,
  ordersFor,
  PART,
  QUALIFIED,
  replaceAll,
  targetsOf,
} from './form.ts';
import type { PartField, Subject } from './order.ts';
import { eatEntryWords, eatTargets, eatWhere } from './target-list.ts';

const NOUN = new RegExp(
  `^ ?${QUALIFIED}(words?|phrases?|terms?|text|references? to|sentences?|number|${PART})[,:]? (?=the |⟦q)(?:the )?`,
  'iu',
);

const IN_ITS_PLACE = /^,? (?:in (?:its|their) places?|in lieu thereof|instead)/iu;

/** Where words give way to others: what the words behind them, or a lead-in, say of that. */
interface Reach {
  everywhere: boolean;
  field: PartField | null;
  destination: Destination | null;
  targets: Subject[] | null;
}

const COLUMN =
  /^,? ?(?:in|under|within|from) (?:the |each )?(?:⟦q(\d+)⟧|(licen[sc]e requirements?|licen[sc]e review polic(?:y|ies)|licen[sc]e polic(?:y|ies)|entity|entities|name|address(?:es)?)) (?:columns?|fields?)(?: headings?)?(?: (?:of|in) (?:the|this) (?:table|supplement))?/iu;

const EVERYWHERE =
  /^,? ?(?:(?:wherever|everywhere|each (?:place|time)|in (?:each|every) (?:place|instance|entry)|in all (?:places|instances|entries)|for all entries|throughout|in every row|in all rows)(?: (?:in which|that|where))?(?: (?:it|they|the (?:phrase|words?|reference|text)s?))?(?: (?:appears?|occurs?))?(?:,? ?(?:in|of|throughout)? ?(?:the (?:entity list|unverified list|table|supplement|list)|this supplement|⟦s\d+⟧))?)/iu;

function eatReach(cursor: Cursor, context: FormContext): Reach {
  const reach: Reach = { everywhere: false, field: null, destination: null, targets: null };
  for (;;) {
    if (eat(cursor, EVERYWHERE)) {
      reach.everywhere = true;
      continue;
    }
    const column = attempt(cursor, () => {
      const match = eat(cursor, COLUMN);
      if (!match) return null;
      const words = match[2] ?? cursor.masked.quotes[Number(match[1])] ?? '';
      const field = /^entit/iu.test(words) ? 'name' : fieldOf(words);
      return field === null ? null : { words, field };
    });
    if (column) {
      // The entity column holds the name, the aliases and the addresses.
      reach.field = /^entit/iu.test(column.words) ? null : column.field;
      reach.everywhere = true;
      continue;
    }
    const targets = attempt(cursor, () =>
      eat(cursor, /^,? ?(?:in|of|from|for|within)(?= )/iu) ? eatTargets(cursor) : null,
    );
    if (targets) {
      reach.targets = targets;
      continue;
    }
    const where = eatWhere(cursor);
    if (!where) break;
    reach.destination = where.destination;
  }
  reach.targets ??= context.subjects;
  reach.field ??= context.field;
  return reach;
}

/** Words of a requirement or a sentence, which no entry is called by. */
function isText(words: string): boolean {
  return (
    /§|\bEAR\b|\bCCL\b|presumption|case-by-case|licen[sc]e|subject to/iu.test(words) ||
    /^[^\p{L}\d]*\p{Ll}/u.test(words)
  );
}

function replaced(
  find: string,
  by: string,
  noun: string | null,
  before: Destination | null,
  cursor: Cursor,
  context: FormContext,
  everywhere = false,
): FormResult | null {
  const reach = eatReach(cursor, context);
  reach.everywhere ||= everywhere;
  const destination = reach.destination ?? before;
  const field = reach.field ?? (noun === null ? null : fieldOf(noun));
  const own: FormContext = { ...context, destination: destination ?? context.destination };
  const words: Alteration = { words: [{ find, by, field }] };
  if (reach.targets) {
    const named = reach.targets.length === 1 && reach.targets[0]!.names.length === 1;
    if (
      named &&
      (field === 'name' || field === null) &&
      foldName(reach.targets[0]!.names[0]!) === foldName(find)
    )
      return ending(cursor, alterEach(reach.targets, own, { name: by }));
    return ending(cursor, alterEach(reach.targets, own, words));
  }
  if (reach.everywhere) return ending(cursor, replaceAll(own, own.destination, words));
  if (field === 'name' || noun === null) {
    if (isText(find) || /\bin the (?:\w+ )?entr/iu.test(restOf(cursor).split(';', 1)[0]!.slice(0, 400)))
      return ending(cursor, holding('words-unplaced', 'words give way to others, and where is not said'));
    return ending(
      cursor,
      alterEach([{ names: [find], quoted: [find], destination: null }], own, { name: by }),
    );
  }
  return ending(cursor, holding('words-unplaced', 'words give way to others, and where is not said'));
}

/** "removing “a” and adding “b” in its place", with what the words are and where they stand. */
export const removeAndAdd: Form = (cursor, context) => {
  if (!eat(cursor, /^(?:remov|delet|strik)\w*/iu)) return null;
  const noun = eat(cursor, NOUN)?.[1] ?? null;
  // "removing the entry for “A” and adding “B” in its place" speaks of the entry's name.
  // "an entry for “B” in its place" may print its row: then it is the same entry, revised.
  const called = noun === null && eatEntryWords(cursor);
  const old = eatQuote(cursor);
  if (!old) return null;
  const before = eatWhere(cursor)?.destination ?? null;
  const targets = attempt(cursor, () =>
    eat(cursor, /^,? ?(?:in|from|of)(?= )/iu) ? eatTargets(cursor) : null,
  );
  const everywhere = eat(cursor, EVERYWHERE) !== null;
  if (!eat(cursor, /^,? and (?:by )?(?:add|insert|substitut)\w*,?/iu)) return null;
  const early = eat(cursor, IN_ITS_PLACE);
  if (early) eat(cursor, /^,/u);
  if (called) eatEntryWords(cursor);
  else eat(cursor, NOUN);
  const next = eatQuote(cursor);
  if (!next) return null;
  if (!early && !eat(cursor, IN_ITS_PLACE)) return null;
  const own = { ...context, subjects: targets ?? context.subjects };
  return replaced(old.name, next.name, noun, before, cursor, own, everywhere);
};

/** "revising all references to “a” to read “b”". */
export const replaceReferences: Form = (cursor, context) => {
  if (!eat(cursor, /^(?:revis|chang|correct|amend|replac)\w* (?:all|each|every) references? to/iu))
    return null;
  const old = eatQuote(cursor);
  if (!old || !eat(cursor, /^,? (?:to(?: read)?(?: as)?|with|by)/iu)) return null;
  const next = eatQuote(cursor);
  return next && replaced(old.name, next.name, 'references', null, cursor, context, true);
};

/** "replacing “a” with “b”", "substituting “b” for “a”". */
export const replaceWith: Form = (cursor, context) => {
  const verb = eat(cursor, /^(?:(replac|chang)\w*|(substitut)\w*)/iu);
  if (!verb) return null;
  const noun = eat(cursor, NOUN)?.[1] ?? null;
  const first = eatQuote(cursor);
  if (!first) return null;
  const before = eatWhere(cursor)?.destination ?? null;
  const targets = attempt(cursor, () =>
    eat(cursor, /^,? ?(?:in|from|of)(?= )/iu) ? eatTargets(cursor) : null,
  );
  if (!eat(cursor, verb[2] ? /^ for/iu : /^,? (?:with|by|to)(?: read)?/iu)) return null;
  eat(cursor, NOUN);
  const second = eatQuote(cursor);
  if (!second) return null;
  const [old, next] = verb[2] ? [second, first] : [first, second];
  return replaced(old.name, next.name, noun, before, cursor, {
    ...context,
    subjects: targets ?? context.subjects,
  });
};

const TO_BE = /^,? (?:as|(?:so as )?to(?: now)?(?: be)?(?: read)?(?: as)?(?: follows)?):? ?/iu;

/** “A” to read “B”, said in an entry that a lead-in named: “A” is something in it, and no entry. */
function changeWithin(cursor: Cursor, context: FormContext, noun: string | null): FormResult | null {
  if (!context.subjects) return null;
  const old = eatQuote(cursor);
  if (!old || !eat(cursor, TO_BE)) return null;
  eat(cursor, /^(?:the )?name ?(?=⟦q)/iu);
  const next = eatQuote(cursor);
  return next && replaced(old.name, next.name, noun, null, cursor, context);
}

const RENAMING = new RegExp(
  `^(?:(?:renam|redesignat|retitl)\\w*|(?:revis|chang|correct|amend)\\w*(?: ${QUALIFIED}(names?|spelling)(?: of the name)?(?: (?:of|for|in|under))?)?)`,
  'iu',
);

/** "renaming the entry for “A” as “B”", "revising the name of the entry for “A” to read “B”". */
export const rename: Form = (cursor, context) => {
  const verb = eat(cursor, RENAMING);
  if (!verb) return null;
  const found: FormResult = { orders: [], headings: [], issues: [] };
  for (let round = 0; round < 100; round += 1) {
    const more = round > 0 && !eat(cursor, /^ ?(?:[,;] and|[,;]|and)(?= (?:the |an |entr|⟦q))/iu);
    if (more) break;
    const step = attempt(cursor, () => {
      eat(cursor, /^(?: (?:the |an? )?(?:entry|entity|person))? from(?= ⟦q)/iu);
      const part = attempt(cursor, () => changeWithin(cursor, context, verb[1] ?? null));
      if (part) return part;
      const targets = eatTargets(cursor, true) ?? (round === 0 ? context.subjects : null);
      if (targets?.length !== 1 || targets[0]!.names.length !== 1) return null;
      if (!eat(cursor, TO_BE)) return null;
      eat(cursor, /^(?:the )?(?:entry for|entity|name)? ?(?=⟦q)/iu);
      const next = eatQuote(cursor);
      if (!next) return null;
      const where = eatWhere(cursor)?.destination ?? null;
      const own = { ...context, destination: where ?? context.destination };
      return ordersFor(targets, own, () => ({ action: 'alter', alter: { name: next.name } }));
    });
    if (!step) {
      if (round === 0) return null;
      // What was taken for a separator belongs to the next clause.
      break;
    }
    found.orders.push(...step.orders);
    found.issues.push(...step.issues);
  }
  return ending(cursor, found);
};

/**
 * "in the entry for “X”, by removing “A”", "removing “A” from the entry for “X”": an alias of it, or nothing on
 * the list fits.
 */
export const removeWithin: Form = (cursor, context) => {
  if (!eat(cursor, /^(?:remov|delet)\w*/iu)) return null;
  const items = eatQuotes(cursor);
  if (items.length === 0 || items.some(isText)) return null;
  const targets = targetsOf(cursor, context, /^,? ?(?:from|in|within|of|under)(?= )/iu);
  if (!targets) return null;
  const field = context.field ?? 'aliases';
  if (field !== 'aliases' && field !== 'addresses')
    return holding('part-of-entry', 'words go from an entry, and none take their place');
  return ending(cursor, alterEach(targets, context, { [field]: { add: [], remove: items } }));
};
