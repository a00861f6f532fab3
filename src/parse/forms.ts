import { attempt, type Cursor, eat, restOf } from './cursor.ts';
import { type Form, type FormContext, type FormResult, fieldOf, PART } from './form.ts';
import {
  designate,
  editItems,
  footnoteDesignation,
  footnoteText,
  renumberFootnotes,
  reviseBy,
  revisePart,
} from './forms-part.ts';
import {
  changeHeading,
  move,
  moveAll,
  redesignateHeading,
  removeAndAddUnder,
  transfer,
} from './forms-place.ts';
import { removeAndAdd, removeWithin, rename, replaceReferences, replaceWith } from './forms-words.ts';
import type { PartField, Subject } from './order.ts';
import { eatTargets } from './target-list.ts';

/** Forms of clauses beyond "add, revise or remove these entries", in the order in which they are tried. */
const FORMS: readonly Form[] = [
  renumberFootnotes,
  footnoteDesignation,
  footnoteText,
  transfer,
  moveAll,
  move,
  removeAndAddUnder,
  redesignateHeading,
  changeHeading,
  rename,
  editItems,
  reviseBy,
  revisePart,
  replaceReferences,
  removeAndAdd,
  replaceWith,
  designate,
  removeWithin,
];

/** Reads the clause that begins with the verb at the cursor, where one of the forms fits it to its end. */
export function readForm(cursor: Cursor, context: FormContext): FormResult | null {
  for (const form of FORMS) {
    const found = attempt(cursor, () => form(cursor, context));
    if (found) return found;
  }
  return null;
}

/** Forms that can stand in the passive: "the entry for “X” is moved from HONG KONG to CHINA". */
const PASSIVE: readonly Form[] = [move, rename];

const FOOTNOTES_ARE = /^(?:the )?footnotes? [^.;⟦]{1,80}? (?:is|are) (?:redesignated|renumbered) /iu;

/** Reads a clause whose subject stands before its verb. */
export function readPassive(cursor: Cursor, context: FormContext): FormResult | null {
  const turned = FOOTNOTES_ARE.exec(restOf(cursor).slice(0, 200));
  if (turned) {
    const [whole] = turned;
    const numbers = whole.replace(/ (?:is|are) (?:redesignated|renumbered) $/iu, '');
    const inner = {
      ...cursor.masked,
      text: `redesignating ${numbers} ${restOf(cursor).slice(whole.length)}`,
    };
    const own: Cursor = { masked: inner, at: 0 };
    const found = renumberFootnotes(own, context);
    if (found) cursor.at += whole.length + own.at - 'redesignating '.length - numbers.length - 1;
    return found;
  }
  return attempt(cursor, () => {
    const subjects = eatTargets(cursor);
    if (!subjects || !eat(cursor, /^,? (?:is|are|shall be) (?:further )?/iu)) return null;
    for (const form of PASSIVE) {
      const found = attempt(cursor, () => form(cursor, { ...context, subjects }));
      if (found) return found;
    }
    return null;
  });
}

const FIELD_LEAD = new RegExp(
  `^(?:in|under|within) (?:the |each )?(${PART})(?: (?:columns?|fields?))?[,:]? (?:by )?(?=(?:remov|delet|replac|substitut|strik)\\w)`,
  'iu',
);

/** A lead-in that names the field for the clauses behind it: "In the license requirement column, by removing …". */
export function readFieldLead(cursor: Cursor): { field: PartField; column: boolean } | null {
  return attempt(cursor, () => {
    const match = eat(cursor, FIELD_LEAD);
    const field = match ? fieldOf(match[1]!) : null;
    return match && field ? { field, column: /columns?/iu.test(match[0]) } : null;
  });
}

/** A lead-in that names entries for the clauses behind it: "In the entry for “X” under IRAN:". */
export function readLead(cursor: Cursor): Subject[] | null {
  return attempt(cursor, () => {
    if (
      !eat(
        cursor,
        /^(?:in|for|within|to|from|under|with respect to)(?= (?:the |each |both )?(?:\w+ )?entr)/iu,
      )
    )
      return null;
    const subjects = eatTargets(cursor);
    return subjects &&
      eat(
        cursor,
        /^(?:[,:] ?(?:by )?| by |[.;]?$)|^ (?=(?:remov|add|revis|renam|redesignat|replac|chang|mov|transfer)\w)/iu,
      )
      ? subjects
      : null;
  });
}
