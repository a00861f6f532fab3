import type { Alteration } from '../model.ts';
import { attempt, type Cursor, eat, eatQuote, restOf } from './cursor.ts';
import {
  alterEach,
  eatQuotes,
  ending,
  type Form,
  type FormContext,
  fieldOf,
  holding,
  ordersFor,
  PART,
  QUALIFIED,
  replaceAll,
  result,
  targetsOf,
} from './form.ts';
import { NUMBER_PATTERN, readNumber } from './numbers.ts';
import { eatTargets } from './target-list.ts';

const OWNED = /^,? ?(?:to|from|in|of|for|under|listed (?:in|under|for)|associated with|within)(?= )/iu;
const ITEM = new RegExp(
  `^ ?(${QUALIFIED})(alias(?:es)?(?: names?)?|a\\.?k\\.?a\\.?(?:s|es)?|address(?:es)?)(?= |[,:(])`,
  'iu',
);

/** "the six aliases (“A”, “B”)": the field and the texts; texts are empty where none are quoted. */
function eatItems(
  cursor: Cursor,
): { field: 'aliases' | 'addresses'; items: string[]; count: number | null } | null {
  const match = eat(cursor, ITEM);
  if (!match) return null;
  const field = fieldOf(match[2]!) === 'aliases' ? 'aliases' : 'addresses';
  const number = new RegExp(`\\b(?!an?\\b)${NUMBER_PATTERN}`, 'iu').exec(match[1]!);
  const items = attempt(cursor, () => {
    const bracket = eat(cursor, /^[,:]? ?\(/u);
    if (!bracket) eat(cursor, /^[,:]/u);
    const quotes = eatQuotes(cursor);
    if (quotes.length === 0) return null;
    if (bracket && !eat(cursor, /^\)/u)) return null;
    return quotes;
  });
  return { field, items: items ?? [], count: number ? readNumber(number[0]) : null };
}

const IN_ITS_PLACE =
  /^[^.;]{0,160}?,? and (?:by )?(?:add|insert|substitut)\w*,? (?:[^.;]{0,100} )?in (?:its|their) places?\b/iu;

/**
 * "removing six aliases (“A”, …) from the entry for “X”", "adding one address, “…”, to the entry for “X”". A
 * part that is counted and not quoted is in the row below, or nowhere: then the rule is held.
 */
export const editItems: Form = (cursor, context) => {
  const verb = eat(cursor, /^(?:(add|insert)\w*|(?:remov|delet)\w*)/iu);
  if (!verb) return null;
  eat(cursor, /^,? in alphabetical order,?/iu);
  const lead = attempt(cursor, () => {
    if (!eat(cursor, /^,? ?(?:to|from|in|under)(?= )/iu)) return null;
    const targets = eatTargets(cursor);
    eat(cursor, /^,/u);
    return targets;
  });
  const alter: Alteration = {};
  let named = 0;
  let bare = 0;
  for (let round = 0; round < 20; round += 1) {
    const found = attempt(cursor, () => {
      if (round > 0 && !eat(cursor, /^,? and(?= )/iu)) return null;
      return eatItems(cursor);
    });
    if (!found) break;
    if (found.items.length === 0) bare += 1;
    else {
      named += 1;
      if (found.count !== null && found.count !== found.items.length)
        return holding(
          'named-count-differs',
          `the instruction counts ${found.count} ${found.field} and quotes ${found.items.length}`,
        );
      const edit = alter[found.field] ?? { add: [], remove: [] };
      edit[verb[1] ? 'add' : 'remove'].push(...found.items);
      alter[found.field] = edit;
    }
  }
  if (named + bare === 0) return null;
  // "removing the address “a” and adding “b” in its place" exchanges them.
  if (!verb[1] && IN_ITS_PLACE.test(restOf(cursor).slice(0, 200))) return null;
  eat(cursor, /^,/u);
  const targets = lead ?? targetsOf(cursor, context, OWNED);
  if (!targets) return null;
  if (bare > 0)
    return ending(
      cursor,
      ordersFor(targets, context, () => ({ action: 'revise', partial: true })),
    );
  return ending(cursor, alterEach(targets, context, alter));
};

/** Parts whose new text only a row can show: "removing the license requirement for “X”". */
const BARE_PARTS = new RegExp(
  `^ ${QUALIFIED}(${PART})(?:(?:,? and|,) ${QUALIFIED}${PART}){0,4}(?= |[.,;:]|$)`,
  'iu',
);

const BY_PARTS = new RegExp(
  `^,? (?:by|to) (?=(?:add|insert|remov|delet|replac|substitut)\\w* (?:${QUALIFIED}(?:${PART}|words?|phrase|footnotes?)\\b|⟦q))`,
  'iu',
);

/** "revising the entry for “X” by removing the alias “Y”": what follows says which part, and how. */
export const reviseBy: Form = (cursor) => {
  if (!eat(cursor, /^(?:revis|modif|amend|correct|chang|updat)\w*/iu)) return null;
  const subjects = eatTargets(cursor);
  return subjects && eat(cursor, BY_PARTS) ? result({ subjects, field: null }) : null;
};

/** "revising the license requirement for “X” to read “…”", "… by removing “a” and adding “b” in its place". */
export const revisePart: Form = (cursor, context) => {
  const verb = eat(cursor, /^(?:(?:revis|chang|correct|modif|amend|updat)\w*|((?:add|remov|delet)\w*))/iu);
  if (!verb) return null;
  const part = eat(cursor, BARE_PARTS);
  if (!part) return null;
  const several = / and |,/u.test(part[0]);
  const targets =
    attempt(cursor, () => (eat(cursor, OWNED) ? eatTargets(cursor, true) : null)) ?? context.subjects;
  if (!targets) return null;
  const field = several ? null : fieldOf(part[1]!);
  if (eat(cursor, /^,? by (?=remov|delet|replac|add|substitut|strik)/iu))
    return result({ subjects: targets, field });
  const text = attempt(cursor, () =>
    eat(cursor, /^,? to read(?: as)?(?: follows)?:? ?(?=⟦q)/iu) ? eatQuote(cursor) : null,
  );
  if (text) {
    if (field === 'licenseRequirement' || field === 'licenseReviewPolicy')
      return ending(cursor, alterEach(targets, context, { [field]: text.raw.trim() }));
    return field === 'name'
      ? null
      : holding('part-of-entry', 'a part of an entry is to read so, and what it read before is not said');
  }
  return ending(
    cursor,
    ordersFor(targets, context, () => ({
      action: 'revise',
      partial: true,
      renames: /\bnames?\b/iu.test(part[0]),
    })),
  );
};

const NUMBERS = String.raw`(\d{1,2}(?:(?:, and|,| and| through|-|–) ?(?:footnote )?\d{1,2}){0,12})`;

function readNumbers(text: string): number[] {
  const range = /^(\d{1,2}) ?(?:through|-|–) ?(\d{1,2})$/iu.exec(text.trim());
  if (!range) return [...text.matchAll(/\d+/gu)].map((match) => Number(match[0]));
  const [from, to] = [Number(range[1]), Number(range[2])];
  return to < from ? [] : Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

const DESIGNATION = new RegExp(
  `^ (?:(?:the|an?|its|their) )?(?:(?:superscript|references? to|designations? (?:of|as)) )?(?:a )?footnotes? ${NUMBERS}(?: (?:designations?|references?|superscripts?))?`,
  'iu',
);

/** "adding a footnote 4 designation to the entries for “A” and “B”", "… from 1 to 4". */
export const footnoteDesignation: Form = (cursor, context) => {
  const verb = eat(cursor, /^(?:(add|insert)\w*|(remov|delet)\w*|(revis|chang)\w*)/iu);
  if (!verb) return null;
  const add: number[] = [];
  const remove: number[] = [];
  let targets = null as ReturnType<typeof eatTargets>;
  const owned = () => {
    targets ??= attempt(cursor, () => (eat(cursor, OWNED) ? eatTargets(cursor, true) : null));
  };
  if (verb[3]) {
    if (!eat(cursor, /^ (?:the |their |its )?footnotes? (?:designations?|references?|numbers?)/iu))
      return null;
    owned();
    const numbers = eat(cursor, /^,? from (?:footnotes? )?(\d{1,2}) to (?:footnotes? )?(\d{1,2})\b/iu);
    if (!numbers) return null;
    remove.push(Number(numbers[1]));
    add.push(Number(numbers[2]));
    owned();
  } else {
    const numbers = eat(cursor, DESIGNATION);
    if (!numbers) return null;
    (verb[1] ? add : remove).push(...readNumbers(numbers[1]!));
    owned();
    const more = attempt(cursor, () => {
      if (!verb[2] || !eat(cursor, /^,? and (?:by )?add\w*(?:,? in (?:its|their) place,?)?/iu)) return null;
      return eat(cursor, DESIGNATION);
    });
    if (more) {
      add.push(...readNumbers(more[1]!));
      eat(cursor, /^,? in (?:its|their) place/iu);
    }
    owned();
  }
  targets ??= context.subjects;
  if (!targets) return null;
  if (add.length + remove.length === 0)
    return holding('footnotes-unclear', 'a footnote is put on entries or taken off, and not which one');
  return ending(cursor, alterEach(targets, context, { footnotes: { add, remove } }));
};

/** "designating the entries for “A” and “B” as footnote 4 entities". */
export const designate: Form = (cursor, context) => {
  if (!eat(cursor, /^designat\w*/iu)) return null;
  const targets = eatTargets(cursor) ?? context.subjects;
  const numbers =
    targets &&
    eat(
      cursor,
      /^,? (?:as|with) (?:an? )?footnotes? (\d{1,2})(?: (?:entit(?:y|ies)|designations?|entr(?:y|ies)))?/iu,
    );
  if (!targets || !numbers) return null;
  return ending(
    cursor,
    alterEach(targets, context, { footnotes: { add: [Number(numbers[1])], remove: [] } }),
  );
};

const RENUMBERING = new RegExp(
  `^ (?:the )?(?:existing )?footnotes? ${NUMBERS}(?: (?:to|of|in) (?:the|this) (?:table|supplement))? (?:as|to) (?:new )?(?:footnotes? )?${NUMBERS}(?:,? respectively)?`,
  'iu',
);

/** "redesignating footnotes 3 and 4 as footnotes 4 and 5". */
export const renumberFootnotes: Form = (cursor, context: FormContext) => {
  if (!eat(cursor, /^(?:redesignat|renumber)\w*/iu)) return null;
  const match = eat(cursor, RENUMBERING);
  if (!match) return null;
  const from = readNumbers(match[1]!);
  const to = readNumbers(match[2]!);
  if (
    from.length === 0 ||
    from.length !== to.length ||
    new Set(to).size !== to.length ||
    new Set(from).size !== from.length
  )
    return holding('footnotes-unclear', 'footnotes are renumbered, and their numbers do not pair');
  return ending(
    cursor,
    replaceAll(context, null, { renumber: from.map((number, at) => ({ from: number, to: to[at]! })) }),
  );
};

const WITH_TEXT = new RegExp(
  `^,? (?:in numerical order,? )?(?:the )?(?:text (?:of|to) )?(?:new )?footnotes? ${NUMBERS}(?: (?:to|of|in|from|at the end of|below|following) (?:the|this) (?:end of the )?(?:table|supplement|entity list))?(?: to (?:⟦s\\d+⟧))?(?: to read(?: as follows)?)?`,
  'iu',
);

/** "adding footnote 6 to the table", "revising footnote 1": the text below the table, which no entry holds. */
export const footnoteText: Form = (cursor) => {
  const verb = eat(cursor, /^(?:(?:add|insert|revis|amend|correct)\w*|((?:remov|delet)\w*))/iu);
  if (!verb) return null;
  const match = eat(cursor, WITH_TEXT);
  if (!match) return null;
  if (verb[1])
    return ending(
      cursor,
      holding('footnote-removed', 'a footnote is removed, and of its entries nothing is said'),
    );
  return ending(
    cursor,
    result({
      issues: [
        {
          code: 'footnote-text',
          holds: false,
          message: `the text of footnote ${match[1]} changes, and no entry`,
        },
      ],
    }),
  );
};
