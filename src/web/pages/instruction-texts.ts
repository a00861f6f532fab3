/** What one instruction of a document says. */
export interface Instruction {
  label: string;
  text: string;
  /** What does not stand on the page at once. */
  rest: string;
}

/** An instruction can name a hundred entries. */
const MOST_SHOWN = 600;

/**
 * A part of a template: instructions as a quotation of the document. Texts come from `instructionTexts`.
 */
export const QUOTATION = `<% const quotation = (found) => { if (found.length) { %><div class="source"><p class="soft">The document says</p><% for (const one of found) { %><blockquote><%= one.text %><% if (one.rest) { %><details><summary>… and the rest</summary><%= one.rest %></details><% } %></blockquote><% } %></div><% } } %>`;

/** The texts of some instructions, in the order of the document, each with those above it: "2.a.i" says little alone. */
export function instructionTexts(
  numbers: readonly (string | null | undefined)[],
  source: ReadonlyMap<string, string>,
): Instruction[] {
  const labels = new Set<string>();
  for (const own of numbers) {
    if (!own) continue;
    const steps = own.split('.');
    for (let depth = 1; depth <= steps.length; depth += 1) labels.add(steps.slice(0, depth).join('.'));
  }
  return [...source].flatMap(([label, text]) => {
    if (!labels.has(label)) return [];
    // Not within a word.
    const end = text.length <= MOST_SHOWN ? text.length : text.lastIndexOf(' ', MOST_SHOWN);
    return [{ label, text: text.slice(0, end), rest: text.slice(end).trim() }];
  });
}
