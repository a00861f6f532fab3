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
