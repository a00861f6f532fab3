/** Words by which text outside the instructions amends after all (correction documents use `P`). */
const PASSIVE =
  /\b(?:corrected to read|replaced in (?:its|their) entirety|amended by|(?:is|are) (?:hereby )?(?:added|revised|removed|deleted|corrected|redesignated|transferred|moved)|no longer (?:included|listed|on the))\b/iu;

/** "b. By removing the entry for “Bravo LLC” under Iran." */
const ACTIVE =
  /\b(?:add|revis|remov|correct|delet|redesignat|replac|amend|transfer|mov)(?:e|es|ing|s)?\b.{0,200}(?:\bentr(?:y|ies)\b|\bentit(?:y|ies)\b|[“"])/iu;

/** Whether a paragraph that is no instruction reads like one. */
export function seemsToAmend(text: string): boolean {
  return PASSIVE.test(text) || ACTIVE.test(text);
}

/** Whether a paragraph corrects the text of an earlier print: "3. On page 78918, … is corrected to read". */
export function seemsToCorrect(text: string): boolean {
  return /^(?:\w{1,4}\.\s)?(?:Beginning )?on page \d/iu.test(text) && PASSIVE.test(text);
}

/** The number of the supplement that a text orders something for: "Supplement No. 4 to part 744 is amended by …". */
const OF_SUPPLEMENT = /\bsupplement no\.? ?([467]) (?:to|of) part 744\b/iu;
const OF_ENTRY = /\bentr(?:y|ies) (?:for|of)\b|\bentit(?:y|ies)\b.{0,80}[“"]/iu;

/**
 * Whether a text that no instruction governs orders something for a list. Regulations speak of "supplement no. 4 to
 * this part", so that their own text is not taken for an order.
 *
 * @returns the number of the supplement, `'entry'` where an order names entries and no supplement, or null
 */
export function ordersForList(text: string): string | null {
  if (!seemsToAmend(text)) return null;
  return OF_SUPPLEMENT.exec(text)?.[1] ?? (OF_ENTRY.test(text) ? 'entry' : null);
}
