/** Sentences that stand between an instruction and its table, and order nothing. */
const FURNITURE =
  /^(?:the )?(?:additions?|revisions?|removals?|corrections?|entries|entry|amendments?|text)(?:(?:,| and|, and) (?:the )?(?:additions?|revisions?|removals?|corrections?)){0,3} (?:to the (?:table|entity list) )?(?:reads?|is|are set forth) (?:as follows|below)[.:]*$|^\*[\s*]*$|^supplement no\.? \d to part 744(?:\s?[—–-].{0,80})?$/iu;

/** Whether a paragraph only leads over to what is printed below it. */
export function isFurniture(text: string): boolean {
  return FURNITURE.test(text.trim());
}
