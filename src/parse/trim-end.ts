/**
 * A text without the given characters at its end. A pattern such as `/[\s,;]+$/u` does the same in quadratic
 * time where long runs of them stand inside the text.
 */
export function trimEndOf(text: string, marks: string): string {
  let end = text.length;
  while (end > 0 && (marks.includes(text[end - 1]!) || /\s/u.test(text[end - 1]!))) end -= 1;
  return text.slice(0, end);
}
