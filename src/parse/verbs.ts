import type { AmendmentAction } from '../model.ts';
import { NUMBER_PATTERN } from './numbers.ts';

/** Verbs, in every form that rules use. Values of null are verbs that need one of the forms of `forms.ts`. */
const VERBS: [RegExp, AmendmentAction | null][] = [
  [/^(?:add(?:s|ed|ing)?|insert(?:s|ed|ing)?)\b/iu, 'add'],
  [
    /^(?:revis(?:e|es|ed|ing)|modif(?:y|ies|ied|ying)|correct(?:s|ed|ing)?|republish(?:es|ed|ing)?|amend(?:s|ed|ing)?(?= (?:the |an |\w+ )?(?:existing )?entr)|replac(?:e|es|ed|ing) in (?:its|their) entirety|replac(?:e|es|ing)(?= (?:the |an )?(?:\w+ )?entr[^.;]{0,300}? (?:in (?:its|their) entirety|with the following)))\b/iu,
    'revise',
  ],
  [/^(?:remov(?:e|es|ed|ing)|delet(?:e|es|ed|ing))(?: and reserv(?:e|es|ed|ing))?\b/iu, 'remove'],
  [
    /^(?:redesignat\w*|transfer\w*|mov(?:e|es|ed|ing)\b|relocat\w*|renam\w*|renumber\w*|replac\w*|suspend\w*|stay(?:s|ed|ing)?\b|delay\w*|reserv(?:e|es|ed|ing)\b|substitut\w*|retitl\w*|consolidat\w*|split\w*|merg\w*|restor\w*|reinstat\w*|withdraw\w*|designat(?:e|es|ed|ing)\b|chang(?:e|es|ed|ing)\b|strik(?:e|es|ing)\b)/iu,
    null,
  ],
];

/** The verb that the text begins with, and what it means for a whole entry. */
export function readVerb(text: string): { word: string; action: AmendmentAction | null } | null {
  for (const [pattern, action] of VERBS) {
    const match = pattern.exec(text);
    if (match) return { word: match[0], action };
  }
  return null;
}

/** Words that carry no meaning of their own in an instruction. Anything else unread is an issue. */
export const FILLER =
  /^(?:by|the|an?|entr(?:y|ies)|entit(?:y|ies)|persons?|address(?:es)?|for|and|in|alphabetical|numerical|order|under|destinations?|of|to|reads?|as|follows|following|is|are|table|list|entity|unverified|military|end[ -]?users?|existing|new|country|column|heading|headings|listed|set|forth|below|amend(?:s|ed|ing)?|further|also|all|each|respectively|from|on|this|its|their|part|supplement|no|number|cfr|with|respect|license|requirements?|these|those|both|appropriate|place|row|rows|both|additions?|revisions?|removals?|that|which|currently|appears?|read|exports?|administration|regulations|ear|after|before|preceding|entirety|iv|i{1,3}|[a-z]|[,.;:()—–-]+)$/iu;

/** Parts of an entry, which a revision may name: the row below shows the whole entry anyway. */
export const PART_NAMES = /^(?:names?|alias(?:es)?|polic(?:y|ies)|review|citations?|text|spelling)$/iu;

/** What introduces a destination: "under", "from the destination of", "for FRANCE". */
export const INTRODUCTION =
  /^(?:(?:under|from|in)(?: the)?(?: destinations?| country| headings?| entr(?:y|ies)){0,2}(?: of| for)?|(?:in |for )?the destinations? of|for(?= ⟦p\d+⟧(?:[:,.;]|$| by\b| and\b)))\s?,?\s?(?:the )?(?=⟦p)/iu;

/** "two Afghan entities", "two Hong Kong entities" (a place that has no adjective), "an entry". */
export const COUNTED = new RegExp(
  `^(${NUMBER_PATTERN}|an?|the)\\s+((?:(?:new|additional|existing|[A-Z][a-z]+|⟦p\\d+⟧)\\s+){0,3})(entit(?:y|ies)|entr(?:y|ies)|persons?)\\b`,
  'u',
);

/**
 * A part of an entry as the object of "add" or "remove": "removing an address from the entry for “X”" leaves
 * the entry on the list. Before a quoted name, "addresses" are entries ("Address 01").
 */
export const PART_OF_ENTRY =
  /^(?:address(?:es)?\s+(?:from|of|to|in|for)\b|alias(?:es)?\b|licen[sc]e\s+(?:requirement|review)|footnotes?\b|citations?\b|names?\s+(?:of|from|for)\b)/iu;
